//! The protocol's own description, `openapi/realtime.schema.json`, held against what the hub sends.
//!
//! The description lets servers add fields. The hub must not: what it sends beyond the description is a mistake.

use std::sync::OnceLock;

use aerostack_emulator::realtime::{Hub, Operation, PresenceEncoding};
use jsonschema::Validator;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::client::{connect_as, hub};

fn definitions() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../openapi/realtime.schema.json"
        );
        let text = std::fs::read_to_string(path).expect("the description of the frames");
        let mut schema: Value = serde_json::from_str(&text).expect("JSON");
        let mut definitions = schema["definitions"].take();
        for definition in definitions.as_object_mut().unwrap().values_mut() {
            if definition.get("properties").is_some() {
                definition["additionalProperties"] = json!(false);
            }
        }
        definitions
    })
}

fn validator(definition: &str) -> &'static Validator {
    static VALIDATORS: OnceLock<Vec<(String, Validator)>> = OnceLock::new();
    let all = VALIDATORS.get_or_init(|| {
        let names = definitions().as_object().unwrap().keys();
        names
            .map(|name| {
                let schema = json!({
                    "$schema": "http://json-schema.org/draft-07/schema#",
                    "$ref": format!("#/definitions/{name}"), "definitions": definitions(),
                });
                (
                    name.clone(),
                    jsonschema::validator_for(&schema).expect("a schema"),
                )
            })
            .collect()
    });
    let found = all.iter().find(|(name, _)| name == definition);
    &found
        .unwrap_or_else(|| panic!("no definition {definition}"))
        .1
}

/// What is wrong with a frame of the hub.
pub(crate) fn fault_of_sent(frame: &Value) -> Option<String> {
    let name = match frame["type"].as_str().unwrap_or_default() {
        "event" => frame["event"].as_str().unwrap_or_default(),
        other => other,
    };
    let part = match name {
        "presence:sync" => Some("Members"),
        _ if name.starts_with("presence:") => Some("Member"),
        _ => None,
    };
    let whole = match frame["type"].as_str().unwrap_or_default() {
        "subscribed" => "Subscribed",
        "ack" => "Ack",
        "pong" => "Pong",
        "db_change" => "DbChange",
        "event" => "Event",
        "chat_message" => "ChatMessage",
        "presence:sync" => "PresenceSync",
        "presence:join" | "presence:update" | "presence:leave" => "PresenceChange",
        "error" => "Error",
        other => return Some(format!("no frame of type {other:?}")),
    };
    let data = part.and_then(|part| validator(part).validate(&frame["data"]).err());
    let error = data.or_else(|| validator(whole).validate(frame).err())?;
    Some(format!("{whole}: {error}"))
}

/// What is wrong with a frame of a client.
fn fault_of_received(frame: &Value) -> Option<String> {
    let error = validator("ClientFrame").validate(frame).err()?;
    Some(error.to_string())
}

/// The types of frames that are described for one way.
fn types(definition: &str) -> Vec<String> {
    let whole = &definitions()[definition];
    let choices = whole["anyOf"]
        .as_array()
        .or(whole["oneOf"].as_array())
        .unwrap();
    let types = choices.iter().flat_map(|choice| {
        let named = choice["$ref"]
            .as_str()
            .and_then(|name| name.rsplit('/').next());
        let frame = named.map_or(choice, |name| &definitions()[name]);
        frame["properties"]["type"]["enum"].as_array().unwrap()
    });
    let mut types: Vec<String> = types
        .map(|name| name.as_str().unwrap().to_owned())
        .collect();
    types.sort_unstable();
    types
}

/// The distinct kinds of frames that went one way.
fn kinds(hub: &Hub, sent: bool) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    for entry in hub.transcript() {
        let Some(frame) = entry.json::<Value>() else {
            continue;
        };
        if (entry.direction == aerostack_emulator::realtime::Direction::Out) != sent {
            continue;
        }
        let fault = if sent {
            fault_of_sent(&frame)
        } else {
            fault_of_received(&frame)
        };
        assert_eq!(fault, None, "{frame}");
        let name = frame["event"]
            .as_str()
            .filter(|name| name.starts_with("presence:"));
        kinds.push(name.or(frame["type"].as_str()).unwrap().to_owned());
    }
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

#[tokio::test(start_paused = true)]
async fn every_frame_of_a_transcript_is_as_described() {
    let old = RawValue::from_string(r#"{"id":1}"#.to_owned()).unwrap();
    for encoding in [PresenceEncoding::Event, PresenceEncoding::Type] {
        let hub = hub();
        hub.configure(|switches| switches.presence_encoding = encoding);
        let mut client = connect_as(&hub, "ada").await;
        let frames = [
            json!({ "type": "subscribe", "topic": "chat/lobby" }),
            json!({ "type": "subscribe", "topic": "orders", "filter": { "id": 1 } }),
            json!({ "type": "subscribe", "topic": "orders", "filter": null }),
            json!({ "type": "publish", "topic": "chat/lobby", "event": "e", "data": null }),
            json!({ "type": "publish", "topic": "chat/lobby", "event": "e", "data": [1], "persist": true, "id": "7" }),
            json!({ "type": "track", "topic": "chat/lobby", "state": { "n": 1 } }),
            json!({ "type": "track", "topic": "chat/lobby", "state": {} }),
            json!({ "type": "untrack", "topic": "chat/lobby" }),
            json!({ "type": "chat", "roomId": "lobby", "text": "hi" }),
            json!({ "type": "chat", "roomId": "lobby", "text": "hi", "metadata": {} }),
            json!({ "type": "auth", "token": "abc" }),
            json!({ "type": "publish", "topic": "a//b", "event": "e", "data": 1, "id": "8" }),
            json!({ "type": "unsubscribe", "topic": "nowhere" }),
        ];
        for frame in frames {
            client.send(frame).await;
        }
        client.pending().await;
        for operation in [Operation::Insert, Operation::Update, Operation::Delete] {
            hub.change("orders", operation, &json!({ "id": 1 }), Some(&old));
        }
        hub.publish("chat/lobby", "e", &1);
        client.pending().await;
        assert_eq!(kinds(&hub, true), types("ServerFrame"));
        assert_eq!(kinds(&hub, false), types("ClientFrame"));
    }
}

#[test]
fn the_description_refuses_what_is_no_frame() {
    let sent = [
        json!({ "type": "subscribed" }),
        json!({ "type": "subscribed", "topic": "t", "more": 1 }),
        json!({ "type": "db_change", "topic": "t", "operation": "UPSERT", "data": {} }),
        json!({ "type": "event", "topic": "t", "event": "presence:join", "data": { "state": 1 } }),
        json!({ "type": "event", "topic": "t", "event": "presence:sync", "data": [] }),
        json!({ "type": "dance" }),
    ];
    for frame in sent {
        assert!(fault_of_sent(&frame).is_some(), "{frame}");
    }
    let received = [
        json!({ "type": "subscribe" }),
        json!({ "type": "subscribe", "topic": "" }),
        json!({ "type": "ping", "topic": "t" }),
        json!({ "type": "publish", "topic": "t", "event": "e" }),
        json!({ "type": "track", "topic": "t", "state": [] }),
    ];
    for frame in received {
        assert!(fault_of_received(&frame).is_some(), "{frame}");
    }
}
