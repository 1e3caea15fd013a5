//! Compositions and choices as the one thing they describe.

use serde_json::{Map, Value, json};

use super::schemas::kind;
use super::{Lower, referred};
use crate::document::Place;

impl Lower {
    /// The parts of a composition put together, and of a choice what its members share.
    pub(super) fn composed(&mut self, place: &Place, schema: Value) -> Value {
        let Value::Object(mut map) = schema else {
            return json!({});
        };
        if map.remove("not").is_some() {
            self.note(
                &place.at("not"),
                "`not` says what a value is not; it is left out",
            );
        }
        if let Some(Value::Array(all)) = map.get("allOf").cloned() {
            let wraps = matches!(all.as_slice(), [one] if one.get("$ref").is_some());
            if wraps && map.get("properties").is_none() {
                return map.into();
            }
            map.remove("allOf");
            for (index, part) in all.into_iter().enumerate() {
                self.merge_part(&place.at("allOf").at(index), &mut map, part, 0);
            }
        }
        for key in ["oneOf", "anyOf"] {
            let Some(Value::Array(members)) = map.get(key).cloned() else {
                continue;
            };
            if key == "oneOf" && members.len() == 2 && members[1]["enum"] == json!([null]) {
                return map.into();
            }
            map.remove(key);
            map.remove("discriminator");
            self.choice(&place.at(key), &mut map, &members);
        }
        map.into()
    }

    /// Adds one member of an `allOf`.
    fn merge_part(
        &mut self,
        place: &Place,
        map: &mut Map<String, Value>,
        part: Value,
        depth: usize,
    ) {
        let part = match referred(&part) {
            Some(name) if depth < 16 => self.document["components"]["schemas"]
                .get(name)
                .cloned()
                .unwrap_or(part),
            _ => part,
        };
        let Value::Object(mut part) = part else {
            return;
        };
        if let Some(Value::Array(all)) = part.remove("allOf") {
            for (index, inner) in all.into_iter().enumerate() {
                self.merge_part(&place.at("allOf").at(index), &mut part, inner, depth + 1);
            }
        }
        for (key, value) in part {
            // What a part is called or described as is not what the whole is.
            if depth > 0 && ["title", "example", "x-rust-name"].contains(&key.as_str()) {
                continue;
            }
            match (key.as_str(), map.get_mut(&key), value) {
                ("properties", Some(Value::Object(into)), Value::Object(from)) => {
                    for (name, property) in from {
                        into.entry(name).or_insert(property);
                    }
                }
                ("required", Some(Value::Array(into)), Value::Array(from)) => {
                    let new: Vec<Value> = from
                        .into_iter()
                        .filter(|name| !into.contains(name))
                        .collect();
                    into.extend(new);
                }
                (_, None, value) => drop(map.insert(key, value)),
                (_, Some(_), _) => {}
            }
        }
    }

    /// What the members of a choice have in common: one type, or one set of values. Else it is free JSON.
    fn choice(&mut self, place: &Place, map: &mut Map<String, Value>, members: &[Value]) {
        let members: Vec<Value> = members
            .iter()
            .map(|member| match referred(member) {
                Some(name) => self.document["components"]["schemas"]
                    .get(name)
                    .cloned()
                    .unwrap_or_else(|| member.clone()),
                None => member.clone(),
            })
            .collect();
        let kinds: Vec<Option<&str>> = members.iter().map(kind).collect();
        let texts = !members.is_empty() && kinds.iter().all(|kind| *kind == Some("string"));
        let numbers = !members.is_empty()
            && kinds
                .iter()
                .all(|kind| matches!(kind, Some("integer" | "number")));
        if members.iter().any(|member| member["nullable"] == true) {
            map.insert("nullable".to_owned(), json!(true));
        }
        if texts {
            map.insert("type".to_owned(), json!("string"));
            // Enums are open, so a choice of known values and any text is the enum.
            let mut values: Vec<Value> = Vec::new();
            for value in members
                .iter()
                .filter_map(|member| member["enum"].as_array())
                .flatten()
            {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
            if !values.is_empty() {
                map.insert("enum".to_owned(), values.into());
            }
        } else if numbers {
            let kind = if kinds.contains(&Some("number")) {
                "number"
            } else {
                "integer"
            };
            map.insert("type".to_owned(), json!(kind));
        } else if map.get("properties").is_none() {
            self.note(place, "is a choice of different types; it is handed over as JSON, to be deserialized into a type of your own");
            map.remove("type");
            map.insert("x-raw-json".to_owned(), json!(true));
        } else {
            self.note(
                place,
                "adds a choice to the fields listed; only those are kept",
            );
        }
    }
}
