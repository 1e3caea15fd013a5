//! What the platform's models are known to answer, and what is made of it.
//!
//! The platform passes on what the model's host wrote: the shape of OpenAI (`choices`), that of Workers AI (`response`), and
//! mixtures. Only the text has to be found. Everything else is read by itself and is absent where it does not fit, so that
//! no text is lost for the sake of a count.

use std::collections::BTreeMap;

use aerostack_api::{RawJson, decode};
use serde::{Deserialize, de::IgnoredAny};

use super::{ContentPart, FinishReason, ToolCallDelta, Usage};

/// The fields of an object, each as its text. Of fields with the same name the last counts.
type Fields = BTreeMap<String, RawJson>;

/// What an answer, or an event of a stream, holds.
#[derive(Default)]
pub(super) struct Wire {
    /// The platform refuses, whatever the status was.
    pub(super) refused: bool,
    /// Whether there is a place for text, were it empty.
    pub(super) speaks: bool,
    pub(super) text: Option<String>,
    pub(super) parts: Vec<ContentPart>,
    pub(super) reasoning: Option<String>,
    pub(super) tool_calls: Vec<ToolCallDelta>,
    pub(super) finish_reason: Option<FinishReason>,
    pub(super) usage: Option<Usage>,
    pub(super) model: Option<String>,
    pub(super) id: Option<String>,
}

/// Why a body is no completion, and no piece of one.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Not an object.
    NotAnObject(String),
    /// An object in which text may stand where nobody would look for it.
    Unknown(&'static str),
    /// An object that holds no text, such as a keep-alive.
    Silent,
}

/// Fields that some model's host keeps text in. An event with one of them, and nothing known, is not passed over.
const TEXT_FIELDS: [&str; 9] = [
    "choices",
    "completion",
    "content",
    "data",
    "delta",
    "message",
    "output",
    "result",
    "text",
];

/// The plain form that most events of a stream have, as OpenAI words it. Whatever is not exactly this, in names or in
/// types, is read with care instead; fields without a meaning here are named so that they are passed over.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plain {
    id: Option<String>,
    model: Option<String>,
    choices: [PlainChoice; 1],
    #[serde(rename = "usage")]
    _usage: Option<()>,
    #[serde(rename = "object")]
    _object: Option<IgnoredAny>,
    #[serde(rename = "created")]
    _created: Option<IgnoredAny>,
    #[serde(rename = "system_fingerprint")]
    _system_fingerprint: Option<IgnoredAny>,
    #[serde(rename = "service_tier")]
    _service_tier: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainChoice {
    delta: PlainDelta,
    finish_reason: Option<String>,
    #[serde(rename = "index")]
    _index: Option<IgnoredAny>,
    #[serde(rename = "logprobs")]
    _logprobs: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlainDelta {
    content: Option<String>,
    #[serde(rename = "role")]
    _role: Option<IgnoredAny>,
}

impl From<Plain> for Wire {
    fn from(plain: Plain) -> Self {
        let [choice] = plain.choices;
        Self {
            speaks: true,
            text: choice.delta.content,
            finish_reason: choice
                .finish_reason
                .filter(|reason| !reason.is_empty())
                .map(FinishReason::from),
            model: plain.model,
            id: plain.id,
            ..Self::default()
        }
    }
}

impl Wire {
    pub(super) fn read(json: &str) -> Result<Self, Unreadable> {
        match serde_json::from_str::<Plain>(json) {
            Ok(plain) => Ok(plain.into()),
            Err(_) => Self::read_with_care(json),
        }
    }

    fn read_with_care(json: &str) -> Result<Self, Unreadable> {
        let fields: Fields = decode::decode(json)
            .map_err(|mismatch| Unreadable::NotAnObject(mismatch.to_string()))?;
        if some(&fields, "error").is_some_and(|error| error.text() != "false") {
            return Ok(Self {
                refused: true,
                ..Self::default()
            });
        }
        let mut wire = Self {
            usage: some(&fields, "usage").and_then(usage),
            model: some(&fields, "model").and_then(plain),
            id: some(&fields, "id").and_then(plain),
            ..Self::default()
        };
        let choices = some(&fields, "choices").map(RawJson::decode::<Vec<RawJson>>);
        let choices = match choices {
            Some(Ok(choices)) => Some(choices),
            Some(Err(_)) => return Err(Unreadable::Unknown("`choices` is not an array")),
            None => None,
        };
        let mut known = choices.is_some() || wire.usage.is_some();
        if let Some(choice) = choices.as_ref().and_then(|choices| choices.first()) {
            let choice: Fields = choice
                .decode()
                .map_err(|_| Unreadable::Unknown("`choices[0]` is not an object"))?;
            wire.take_choice(&choice);
        }
        if let Some(response) = some(&fields, "response") {
            known = true;
            wire.speaks = true;
            if wire.text.is_none() {
                wire.text = Some(text(response));
            }
        }
        if let Some(calls) = some(&fields, "tool_calls") {
            known = true;
            wire.take_tool_calls(calls);
        }
        match TEXT_FIELDS
            .iter()
            .find(|name| some(&fields, name).is_some())
        {
            _ if known => Ok(wire),
            Some(_) => Err(Unreadable::Unknown(
                "it has neither `choices` nor `response` nor `usage`",
            )),
            None => Err(Unreadable::Silent),
        }
    }

    fn take_choice(&mut self, choice: &Fields) {
        // An empty reason is none.
        self.finish_reason = some(choice, "finish_reason")
            .and_then(plain)
            .filter(|reason| !reason.is_empty())
            .map(FinishReason::from);
        if let Some(said) = some(choice, "text") {
            self.speaks = true;
            self.text = Some(text(said));
        }
        for name in ["message", "delta"] {
            let Some(message) = some(choice, name).and_then(|raw| raw.decode::<Fields>().ok())
            else {
                continue;
            };
            self.speaks = true;
            if let Some(content) = some(&message, "content") {
                let (text, parts) = content_of(content);
                self.text = Some(text);
                self.parts = parts;
            }
            self.reasoning = ["reasoning_content", "reasoning"]
                .iter()
                .find_map(|name| some(&message, name))
                .map(text);
            if let Some(calls) = some(&message, "tool_calls") {
                self.take_tool_calls(calls);
            }
        }
    }

    /// Calls as OpenAI words them, `{index, id, function: {name, arguments}}`, and as Workers AI does, `{name, arguments}`.
    fn take_tool_calls(&mut self, calls: &RawJson) {
        let calls: Vec<Fields> = calls.decode().unwrap_or_default();
        for (place, call) in calls.into_iter().enumerate() {
            let function: Fields = some(&call, "function")
                .and_then(|function| function.decode().ok())
                .unwrap_or_default();
            let part = |name| some(&function, name).or_else(|| some(&call, name));
            let index = some(&call, "index").and_then(whole);
            self.tool_calls.push(ToolCallDelta {
                index: index
                    .and_then(|index| index.try_into().ok())
                    .unwrap_or(place),
                id: some(&call, "id").and_then(plain),
                name: part("name").and_then(plain),
                arguments: part("arguments").map(text).unwrap_or_default(),
            });
        }
    }
}

/// A field that is there and not null.
fn some<'a>(fields: &'a Fields, name: &str) -> Option<&'a RawJson> {
    fields.get(name).filter(|raw| !raw.is_null())
}

/// What a model said: text, or the JSON text of anything else. A token may be a number, and an answer in JSON mode an
/// object.
fn text(raw: &RawJson) -> String {
    plain(raw).unwrap_or_else(|| raw.text().to_owned())
}

/// A string, or the text of a number or boolean.
fn plain(raw: &RawJson) -> Option<String> {
    match raw.text().as_bytes().first()? {
        b'"' => raw.decode().ok(),
        b'{' | b'[' | b'n' => None,
        _ => Some(raw.text().to_owned()),
    }
}

/// Content that comes in parts, as that of models which do more than write.
fn content_of(raw: &RawJson) -> (String, Vec<ContentPart>) {
    let parts: Option<Vec<Fields>> = raw.decode().ok();
    let Some(parts) = parts.filter(|parts| parts.iter().all(|part| part.contains_key("type")))
    else {
        return (text(raw), Vec::new());
    };
    let raws: Vec<RawJson> = raw.decode().unwrap_or_default();
    let parts: Vec<ContentPart> = parts
        .iter()
        .zip(raws)
        .map(|(fields, raw)| ContentPart {
            kind: some(fields, "type").and_then(plain).unwrap_or_default(),
            text: some(fields, "text").and_then(plain),
            raw,
        })
        .collect();
    let said = parts.iter().filter_map(|part| part.text.as_deref());
    (said.collect(), parts)
}

fn whole(raw: &RawJson) -> Option<u64> {
    decode::decode(raw.text()).ok()
}

/// Counts in either notation; those that are none are left out.
fn usage(raw: &RawJson) -> Option<Usage> {
    let fields: Fields = raw.decode().ok()?;
    let count = |names: [&str; 3]| {
        names
            .iter()
            .find_map(|name| some(&fields, name).and_then(whole))
    };
    let usage = Usage {
        prompt_tokens: count(["prompt_tokens", "promptTokens", "input_tokens"]),
        completion_tokens: count(["completion_tokens", "completionTokens", "output_tokens"]),
        total_tokens: count(["total_tokens", "totalTokens", "total"]),
    };
    (usage != Usage::default()).then_some(usage)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn read(value: &Value) -> Wire {
        Wire::read(&value.to_string()).map_err(|_| ()).unwrap()
    }

    proptest! {
        #[test]
        fn the_quick_way_agrees_with_the_careful_one(
            content in prop_oneof![
                Just(None), Just(Some(json!(null))), Just(Some(json!(7))),
                ".{0,6}".prop_map(|text| Some(json!(text))),
            ],
            reason in prop_oneof![
                Just(None), Just(Some(json!(null))), Just(Some(json!(""))), Just(Some(json!("stop"))),
            ],
            id in prop_oneof![Just(None), Just(Some(json!("c1"))), Just(Some(json!(1)))],
            extra in prop_oneof![
                Just(None), Just(Some(("usage", json!(null)))), Just(Some(("usage", json!({"total_tokens": 3})))),
                Just(Some(("error", json!("x")))), Just(Some(("object", json!("chunk")))),
                Just(Some(("response", json!("more")))),
            ],
            role: bool,
        ) {
            let mut choice = json!({ "index": 0, "delta": {} });
            if let Some(content) = content {
                choice["delta"]["content"] = content;
            }
            if role {
                choice["delta"]["role"] = json!("assistant");
            }
            if let Some(reason) = reason {
                choice["finish_reason"] = reason;
            }
            let mut event = json!({ "choices": [choice], "model": "m" });
            if let Some(id) = id {
                event["id"] = id;
            }
            if let Some((name, value)) = extra {
                event[name] = value;
            }
            let text = event.to_string();
            let shown = |wire: Result<Wire, Unreadable>| wire.map(|wire| {
                (wire.refused, wire.speaks, wire.text, wire.finish_reason, wire.usage, wire.model, wire.id)
            });
            prop_assert_eq!(shown(Wire::read(&text)), shown(Wire::read_with_care(&text)));
        }
    }

    #[test]
    fn text_is_read_from_whatever_stands_in_its_place() {
        for (said, expected) in [
            (json!("six"), "six"),
            (json!(6), "6"),
            (json!(-1.5), "-1.5"),
            (json!(true), "true"),
            (json!({"answer": 42}), r#"{"answer":42}"#),
            (json!([1, 2]), "[1,2]"),
            (json!(""), ""),
        ] {
            for wire in [
                json!({ "response": said }),
                json!({"choices": [{"message": {"content": said}}]}),
                json!({"choices": [{"delta": {"content": said}}], "response": null}),
                json!({"choices": [{"text": said}]}),
            ] {
                assert_eq!(read(&wire).text.as_deref(), Some(expected), "{wire}");
            }
        }
        let precise = Wire::read(r#"{"response":1.10}"#).map_err(|_| ()).unwrap();
        assert_eq!(precise.text.as_deref(), Some("1.10"));
    }

    #[test]
    fn what_stands_beside_the_text_never_costs_it() {
        for odd in [
            json!(7),
            json!("x"),
            json!([]),
            json!({}),
            json!(0.5),
            json!(null),
            json!(true),
        ] {
            let wire = read(&json!({
                "response": "text", "usage": odd, "id": odd, "model": odd, "tool_calls": odd,
                "choices": [{"finish_reason": odd, "delta": {"reasoning": odd, "tool_calls": odd}}],
            }));
            assert_eq!(wire.text.as_deref(), Some("text"), "{odd}");
        }
        let twice =
            r#"{"response":"text","usage":{"total_tokens":1},"usage":{"total_tokens":2.0}}"#;
        let wire = Wire::read(twice).map_err(|_| ()).unwrap();
        assert_eq!(wire.usage.unwrap().total_tokens, Some(2));
    }

    #[test]
    fn keep_alives_are_told_from_text_in_an_unknown_place() {
        for silent in [
            json!({}),
            json!({"type": "ping"}),
            json!({"choices": null, "response": null}),
            json!({"p": "abdefgh", "error": null}),
        ] {
            assert_eq!(
                Wire::read(&silent.to_string()).err(),
                Some(Unreadable::Silent)
            );
        }
        for unknown in [
            json!({"text": "lost?"}),
            json!({"choices": 7}),
            json!({"choices": [7]}),
        ] {
            let read = Wire::read(&unknown.to_string()).err();
            assert!(matches!(read, Some(Unreadable::Unknown(_))), "{unknown}");
        }
        for no_object in ["[]", "null", "7", "{not json}"] {
            let read = Wire::read(no_object).err();
            assert!(
                matches!(read, Some(Unreadable::NotAnObject(_))),
                "{no_object}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_place_for_text_is_lost_whatever_else_is_there(said in "\\PC{0,20}", odd in "\\PC{0,8}", number: i64) {
            for beside in [json!(odd), json!(number), json!([odd]), json!({"x": number})] {
                let wire = read(&json!({
                    "id": beside, "model": beside, "usage": beside,
                    "choices": [{"index": beside, "delta": {"content": said, "role": beside}, "finish_reason": beside}],
                }));
                prop_assert_eq!(wire.text.as_deref(), Some(said.as_str()));
            }
        }
    }
}
