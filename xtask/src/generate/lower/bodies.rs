//! Bodies of one media type, and successes of one shape.

use serde_json::{Map, Value, json};

use super::{Lower, reference, referred};
use crate::document::Place;

const JSON: &str = "application/json";
const BYTES: &str = "application/octet-stream";
const EVENTS: &str = "text/event-stream";
const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data";

impl Lower {
    /// One body of one media type.
    pub(super) fn body(&mut self, place: &Place, id: &str, body: Value) -> Option<Value> {
        let Some(Value::Object(body)) = self.resolved(&body, "requestBodies") else {
            return Some(body);
        };
        let content = body
            .get("content")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let below = place.at("content");
        let Some(chosen) = best(&content) else {
            self.note(place, "has no content; it is left out");
            return None;
        };
        for other in content.keys().filter(|media| **media != chosen) {
            self.note(
                &below.at(other),
                format!("the body is sent as {chosen}; this media type is left out"),
            );
        }
        let media = family(&chosen);
        let place = below.at(&chosen);
        let schema = content[&chosen]["schema"].clone();
        let lowered = match media {
            JSON => self.content(&place, &format!("{id}_request"), schema),
            FORM | PARTS => {
                let lowered = self.content(&place, &format!("{id}_form"), schema);
                match self.is_object(&lowered) {
                    true => lowered,
                    false => {
                        self.refuse(&place, "is a form without fields; give it a schema with properties in the overlay");
                        lowered
                    }
                }
            }
            _ => {
                self.bytes(&place, &schema);
                json!({ "type": "string", "format": "binary" })
            }
        };
        let mut out = json!({ "content": { media: { "schema": lowered } } });
        for key in ["description", "required"] {
            if let Some(value) = body.get(key) {
                out[key] = value.clone();
            }
        }
        if essence(&chosen) != media && !chosen.contains('*') {
            out["x-media-type"] = json!(essence(&chosen));
        }
        Some(out)
    }

    /// Says that what describes the inside of bytes is not looked at.
    fn bytes(&mut self, place: &Place, schema: &Value) {
        if !schema.is_null() && schema["type"] != "string" {
            self.note(place, "is handed over as bytes, whatever its schema says");
        }
    }

    /// The schema of JSON, as a reference to a component.
    fn content(&mut self, place: &Place, hint: &str, schema: Value) -> Value {
        let schema = if schema.is_null() { json!({}) } else { schema };
        let lowered = self.inline(&place.at("schema"), hint, schema);
        if lowered.get("$ref").is_some() {
            return lowered;
        }
        if let Some(name) = [&lowered["allOf"][0], &lowered["oneOf"][0]]
            .into_iter()
            .find_map(referred)
        {
            return reference(name);
        }
        let name = self.free_name(hint);
        let component = Place::component("schemas", &name);
        self.moved.insert(
            component.pointer().to_owned(),
            place.at("schema").pointer().to_owned(),
        );
        let lowered = match lowered["type"].as_str() {
            Some("array" | "object") => lowered,
            // A bare text or number.
            _ => {
                json!({ "description": lowered["description"].as_str().unwrap_or("Any JSON value."), "x-raw-json": true })
            }
        };
        self.schemas.insert(name.clone(), lowered);
        reference(&name)
    }

    /// The statuses of one success shape, and the failures that are written out.
    pub(super) fn responses(
        &mut self,
        place: &Place,
        id: &str,
        responses: Value,
        confidence: Option<Value>,
    ) -> Value {
        let Value::Object(map) = responses else {
            return responses;
        };
        let mut out = Map::new();
        let mut seen: Vec<(String, Value)> = Vec::new();
        for (status, response) in map {
            let below = place.at(&status);
            let Some(Value::Object(mut response)) = self.resolved(&response, "responses") else {
                out.insert(status, response);
                continue;
            };
            if let (None, Some(confidence)) = (response.get("x-confidence"), &confidence) {
                response.insert("x-confidence".to_owned(), confidence.clone());
            }
            response.retain(|key, _| {
                ["description", "content", "x-confidence", "headers"].contains(&key.as_str())
            });
            match status.as_str() {
                "2XX" => {
                    self.note(&below, "is read as 200");
                    seen.push(("200".to_owned(), response.into()));
                }
                "default" | "1XX" | "3XX" | "4XX" | "5XX" => {
                    self.note(
                        &below,
                        "every status that is no success is an error with the status and the body",
                    );
                }
                status if status.starts_with('2') => {
                    seen.push((status.to_owned(), response.into()))
                }
                _ => {
                    response.remove("content");
                    out.insert(status, response.into());
                }
            }
        }
        if seen.is_empty() {
            self.note(
                place,
                "declares no success; any is taken, and its body left unread",
            );
            let confidence = confidence.unwrap_or_else(|| json!("inferred"));
            seen.push((
                "200".to_owned(),
                json!({ "description": "", "x-confidence": confidence }),
            ));
        }
        let shapes: Vec<(Value, bool)> = seen
            .iter()
            .map(|(status, response)| self.success(&place.at(status), id, &response["content"]))
            .collect();
        let mut different: Vec<&Value> = Vec::new();
        for (shape, _) in shapes.iter().filter(|(shape, _)| *shape != json!({})) {
            if !different.contains(&shape) {
                different.push(shape);
            }
        }
        let shape = match different.as_slice() {
            [] => json!({}),
            [one] => (*one).clone(),
            several if several.iter().all(|shape| shape.get(JSON).is_some()) => {
                self.note(
                    place,
                    "has successes of different types; they are handed over as JSON",
                );
                let free = self.inline(place, id, json!({}));
                json!({ JSON: { "schema": free } })
            }
            _ => {
                self.note(
                    place,
                    "has successes of different media types; they are handed over as bytes",
                );
                json!({ BYTES: { "schema": { "type": "string", "format": "binary" } } })
            }
        };
        if different.len() == 1 && shapes.iter().any(|(shape, _)| *shape == json!({})) {
            self.note(
                place,
                "has successes without a body, which are read as one without fields",
            );
        }
        for (status, mut response) in seen {
            if let Some(map) = response.as_object_mut() {
                map.remove("content");
            }
            if shape != json!({}) {
                response["content"] = shape.clone();
            }
            out.insert(status, response);
        }
        out.into()
    }

    /// The content of a success in one form, and whether it can be streamed as events.
    fn success(&mut self, place: &Place, id: &str, content: &Value) -> (Value, bool) {
        let content = content.as_object().cloned().unwrap_or_default();
        let Some(chosen) = best(&content) else {
            return (json!({}), false);
        };
        let below = place.at("content");
        let events = content.contains_key(EVENTS);
        for other in content
            .keys()
            .filter(|media| **media != chosen && *media != EVENTS)
        {
            self.note(
                &below.at(other),
                format!("the answer is read as {chosen}; this media type is left out"),
            );
        }
        let mut out = match family(&chosen) {
            JSON => {
                let schema = content[&chosen]["schema"].clone();
                let schema = self.content(&below.at(&chosen), &format!("{id}_response"), schema);
                json!({ JSON: { "schema": schema } })
            }
            EVENTS => {
                self.note(
                    &below.at(&chosen),
                    "is read as bytes, or as a stream of events",
                );
                json!({ BYTES: { "schema": { "type": "string", "format": "binary" } } })
            }
            _ => {
                self.bytes(&below.at(&chosen), &content[&chosen]["schema"]);
                json!({ BYTES: { "schema": { "type": "string", "format": "binary" } } })
            }
        };
        if events && out.get(JSON).is_some() {
            out[EVENTS] = json!({ "schema": { "type": "string" } });
        }
        (out, events)
    }
}

/// A media type without its parameters.
fn essence(media: &str) -> &str {
    media.split(';').next().unwrap_or(media).trim()
}

/// The media type that stands for a family of them.
fn family(media: &str) -> &'static str {
    let media = essence(media);
    match media {
        EVENTS => EVENTS,
        FORM => FORM,
        PARTS => PARTS,
        _ if media == JSON || media.ends_with("+json") => JSON,
        _ => BYTES,
    }
}

/// The media type to use where there are several.
fn best(content: &Map<String, Value>) -> Option<String> {
    let order = [JSON, PARTS, FORM, BYTES, EVENTS];
    let rank = |media: &&String| {
        let family = order
            .iter()
            .position(|family| *family == self::family(media));
        // Plain JSON before its relatives.
        (family, essence(media) != JSON)
    };
    content.keys().min_by_key(rank).cloned()
}
