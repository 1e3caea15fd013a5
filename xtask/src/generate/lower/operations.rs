//! Operations with everything written out: parameters, credentials, tag, one media type per body.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Lower, keys};
use crate::document::{Place, escaped};
use crate::generate::names::snake;
use crate::generate::normalise::{METHODS, OPERATION};

impl Lower {
    pub(super) fn operations(&mut self) {
        let mut ids = BTreeMap::new();
        for path in keys(&self.document["paths"]).collect::<Vec<_>>() {
            if path.starts_with("x-") {
                drop(
                    self.document["paths"]
                        .as_object_mut()
                        .and_then(|paths| paths.remove(&path)),
                );
                continue;
            }
            let pointer = format!("/paths/{}", escaped(&path));
            let place = Place::of(pointer.clone());
            let known: Vec<&str> = METHODS
                .iter()
                .copied()
                .chain(["parameters", "summary", "description"])
                .collect();
            self.keep_only(&place, &pointer, &known);
            let shared = self.document["paths"][&path]
                .as_object_mut()
                .and_then(|item| item.remove("parameters"));
            for method in METHODS {
                let Some(operation) = self.document["paths"][&path].get(*method).cloned() else {
                    continue;
                };
                let place = place.at(method);
                let shared = shared.clone().unwrap_or_else(|| json!([]));
                let lowered = self.operation(&place, &path, method, shared, operation, &mut ids);
                self.document["paths"][&path][*method] = lowered;
            }
        }
    }

    fn operation(
        &mut self,
        place: &Place,
        path: &str,
        method: &str,
        shared: Value,
        operation: Value,
        ids: &mut BTreeMap<String, String>,
    ) -> Value {
        let Value::Object(map) = operation else {
            return operation;
        };
        let (mut map, dropped): (Map<String, Value>, Map<String, Value>) = map
            .into_iter()
            .partition(|(key, _)| OPERATION.contains(&key.as_str()));
        self.dropped(place, dropped.keys());
        let id = self.id(place, path, method, &map, ids);
        map.insert("operationId".to_owned(), json!(id));
        self.tag(place, &mut map);
        self.security(place, &mut map);
        let parameters = self.parameters(
            place,
            &id,
            shared,
            map.remove("parameters").unwrap_or_else(|| json!([])),
        );
        map.insert("parameters".to_owned(), parameters.into());
        if let Some(body) = map.remove("requestBody") {
            let body = self.body(&place.at("requestBody"), &id, body);
            map.extend(body.map(|body| ("requestBody".to_owned(), body)));
        }
        let confidence = map.get("x-confidence").cloned();
        if let Some(responses) = map.remove("responses") {
            let responses = self.responses(&place.at("responses"), &id, responses, confidence);
            map.insert("responses".to_owned(), responses);
        }
        map.into()
    }

    fn id(
        &mut self,
        place: &Place,
        path: &str,
        method: &str,
        map: &Map<String, Value>,
        ids: &mut BTreeMap<String, String>,
    ) -> String {
        let given = map.get("operationId").and_then(Value::as_str);
        let wish = match given {
            Some(id) => super::names::spelled(id),
            None => {
                let words = format!("{method} {}", path.replace(['{', '}', '/'], " "));
                heck::ToLowerCamelCase::to_lower_camel_case(words.as_str())
            }
        };
        let mut id = wish.clone();
        for number in 2.. {
            if !ids.contains_key(&snake(&id)) {
                break;
            }
            id = format!("{wish}{number}");
        }
        if given != Some(&*id) {
            let why = match ids.get(&snake(&wish)) {
                Some(other) => format!("`{other}` has the same name in Rust"),
                None if given.is_none() => "it has no `operationId`".to_owned(),
                None => "Rust cannot spell it".to_owned(),
            };
            self.note(
                place,
                format!(
                    "is called `{id}`, since {why}; an overlay can give it another `operationId`"
                ),
            );
        }
        ids.insert(snake(&id), id.clone());
        id
    }

    fn tag(&mut self, place: &Place, map: &mut Map<String, Value>) {
        let tags = map
            .get("tags")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let tag = match tags.as_slice() {
            [Value::String(_)] => return,
            [first, ..] => {
                self.note(
                    &place.at("tags"),
                    format!("has several tags; it is listed under {first}"),
                );
                first.clone()
            }
            [] => {
                self.note(place, "has no tag; it is listed under \"Other\"");
                json!("Other")
            }
        };
        map.insert("tags".to_owned(), json!([tag]));
    }

    /// The credentials, inherited where they are not written, of schemes the client has.
    fn security(&mut self, place: &Place, map: &mut Map<String, Value>) {
        let inherited = self.document.get("security").cloned();
        let Some(Value::Array(given)) = map.get("security").cloned().or(inherited) else {
            map.insert("security".to_owned(), json!([]));
            return;
        };
        let place = place.at("security");
        let mut kept: Vec<Value> = Vec::new();
        let mut optional = given.is_empty();
        for (index, alternative) in given.iter().enumerate() {
            let schemes: Vec<String> = keys(alternative).collect();
            if schemes.is_empty() {
                optional = true;
                self.note(
                    &place.at(index),
                    "credentials are optional here; a client that has them sends them",
                );
                continue;
            }
            let known: Vec<Option<String>> = schemes
                .iter()
                .map(|scheme| self.scheme(&place.at(index).at(scheme), scheme))
                .collect();
            if let Some(known) = known.into_iter().collect::<Option<Vec<_>>>() {
                let alternative: Map<String, Value> = known
                    .into_iter()
                    .map(|scheme| (scheme, json!([])))
                    .collect();
                if !kept.contains(&Value::Object(alternative.clone())) {
                    kept.push(alternative.into());
                }
            }
        }
        if kept.is_empty() && !optional {
            self.refuse(
                &place,
                "takes no credential that the client has; correct `security` in the overlay",
            );
        }
        map.insert("security".to_owned(), kept.into());
    }

    /// The client's own credential for a security scheme.
    fn scheme(&mut self, place: &Place, name: &str) -> Option<String> {
        if [
            "ApiKeyAuth",
            "BearerAuth",
            "GatewayConsumerKey",
            "SecretKeyBearer",
        ]
        .contains(&name)
        {
            return Some(name.to_owned());
        }
        let scheme = &self.document["components"]["securitySchemes"][name];
        let (kind, at, how) = (
            scheme["type"].as_str(),
            scheme["in"].as_str(),
            scheme["scheme"].as_str(),
        );
        let ours = match (kind, at, how) {
            (Some("http"), _, Some("bearer")) | (Some("oauth2" | "openIdConnect"), _, _) => {
                "BearerAuth"
            }
            (Some("apiKey"), Some("header"), _) => "ApiKeyAuth",
            _ => {
                self.note(
                    place,
                    format!(
                        "the client has no credential for `{name}`; this alternative is left out"
                    ),
                );
                return None;
            }
        };
        self.note(
            place,
            format!("`{name}` is the client's credential for `{ours}`"),
        );
        Some(ours.to_owned())
    }
}
