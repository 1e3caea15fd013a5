//! What changed between two documents, and whom it breaks.
//!
//! The *wire* breaks when a call that worked may fail, or an answer may lack what was read from it. The *SDK* breaks
//! when code that uses the generated crate may no longer compile. Requests and answers are told apart: what is one more
//! value for the one is one less promise for the other. Generated code reads leniently (every field of an answer is
//! optional, enums are open), so much that breaks other clients' code does not break ours.

mod report;
mod schema;
#[cfg(test)]
mod tests;
mod view;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::downlevel::downlevel;
pub(crate) use report::{Format, render};
use view::{Operation, body, keys, operations, resolved};

/// What became of a thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    New,
    Changed,
    Deprecated,
    Gone,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) rule: &'static str,
    pub(crate) kind: Kind,
    /// The operation, schema or field.
    pub(crate) place: String,
    pub(crate) message: String,
    pub(crate) wire: bool,
    pub(crate) sdk: bool,
    /// The operations it reaches.
    pub(crate) operations: BTreeSet<String>,
}

impl Change {
    /// Whether anything breaks.
    pub(crate) fn breaks(&self) -> bool {
        self.wire || self.sdk
    }

    fn sentence(&self) -> String {
        let others: Vec<&str> = self
            .operations
            .iter()
            .map(String::as_str)
            .filter(|id| !self.place.starts_with(*id))
            .collect();
        match others.as_slice() {
            [] => format!("`{}` {}", self.place, self.message),
            ids => format!("`{}` {} (in {})", self.place, self.message, ids.join(", ")),
        }
    }
}

/// Compares two documents of OpenAPI 3.0 or 3.1. Breaking changes come first.
pub(crate) fn diff(old: &Value, new: &Value) -> Vec<Change> {
    let (old, new) = (downlevel(old).value, downlevel(new).value);
    let mut diff = Diff {
        old: &old,
        new: &new,
        found: BTreeMap::new(),
        seen: BTreeSet::new(),
    };
    diff.document();
    let mut changes: Vec<Change> = diff.found.into_values().collect();
    changes.sort_by_key(|change| (!change.breaks(), change.kind, change.place.clone()));
    changes
}

/// Whether values go to the platform or come from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Request,
    Answer,
}

impl Way {
    fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Answer => "answer",
        }
    }
}

/// What a change breaks: the wire, the SDK.
type Breaks = (bool, bool);

const NOTHING: Breaks = (false, false);
const WIRE: Breaks = (true, false);
const SDK: Breaks = (false, true);
const BOTH: Breaks = (true, true);

struct Diff<'a> {
    old: &'a Value,
    new: &'a Value,
    /// By rule and place, so that a schema used twice is reported once.
    found: BTreeMap<(&'static str, String), Change>,
    /// Pairs of schemas that were compared, by name and way.
    seen: BTreeSet<(String, String, Way, String)>,
}

impl<'a> Diff<'a> {
    fn say(
        &mut self,
        rule: &'static str,
        breaks: Breaks,
        operation: &str,
        place: &str,
        message: impl Into<String>,
    ) {
        let kind = match rule.rsplit('-').next() {
            Some("added") => Kind::New,
            Some("removed") => Kind::Gone,
            Some("deprecated") => Kind::Deprecated,
            _ => Kind::Changed,
        };
        let change = self
            .found
            .entry((rule, place.to_owned()))
            .or_insert_with(|| Change {
                rule,
                kind,
                place: place.to_owned(),
                message: message.into(),
                wire: false,
                sdk: false,
                operations: BTreeSet::new(),
            });
        change.wire |= breaks.0;
        change.sdk |= breaks.1;
        if !operation.is_empty() {
            change.operations.insert(operation.to_owned());
        }
    }

    fn document(&mut self) {
        let server = |document: &Value| document["servers"][0]["url"].as_str().map(str::to_owned);
        if let (Some(old), Some(new)) = (server(self.old), server(self.new))
            && old != new
        {
            self.say(
                "server-changed",
                WIRE,
                "",
                "servers",
                format!("lead with {new}, not {old}"),
            );
        }
        for name in keys(&self.old["components"]["securitySchemes"]) {
            let (old, new) = (self.old, self.new);
            let of = |document: &'a Value| &document["components"]["securitySchemes"][name];
            let (old, new) = (of(old), of(new));
            let place = format!("security scheme {name}");
            if new.is_null() {
                self.say("security-scheme-removed", WIRE, "", &place, "is gone");
            } else if ["type", "in", "name", "scheme"]
                .iter()
                .any(|key| old[key] != new[key])
            {
                self.say(
                    "security-scheme-changed",
                    WIRE,
                    "",
                    &place,
                    "sends credentials in another way",
                );
            }
        }
        let (old, new) = (operations(self.old), operations(self.new));
        let by_route: BTreeMap<_, _> = new
            .values()
            .map(|operation| (operation.route(), operation))
            .collect();
        let mut met = BTreeSet::new();
        for (id, before) in &old {
            let renamed = by_route
                .get(&before.route())
                .filter(|other| !old.contains_key(&other.id));
            match new.get(id).or(renamed.copied()) {
                Some(after) => {
                    met.insert(after.id.clone());
                    self.operation(before, after);
                }
                None => {
                    let message = format!("is gone: {} {}", before.method, before.path);
                    self.say("operation-removed", BOTH, id, id, message);
                }
            }
        }
        for (id, operation) in new.iter().filter(|(id, _)| !met.contains(*id)) {
            let message = format!("is new: {} {}", operation.method, operation.path);
            self.say("operation-added", NOTHING, id, id, message);
        }
    }

    fn operation(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let id = new.id.as_str();
        if old.id != new.id {
            self.say(
                "operation-id-changed",
                SDK,
                id,
                id,
                format!("was called `{}`", old.id),
            );
        }
        if old.route() != new.route() {
            let message = format!(
                "moved from {} {} to {} {}",
                old.method, old.path, new.method, new.path
            );
            self.say("operation-route-changed", WIRE, id, id, message);
        }
        self.deprecated(id, id, old.node, new.node);
        let security = |operation: &Operation<'_>, document: &Value| {
            let own = operation
                .node
                .get("security")
                .unwrap_or(&document["security"]);
            own.as_array()
                .map(|list| list.iter().map(Value::to_string).collect::<BTreeSet<_>>())
        };
        let credentials = (
            security(old, self.old).unwrap_or_default(),
            security(new, self.new).unwrap_or_default(),
        );
        if credentials.0 != credentials.1 {
            let fewer = !credentials.0.is_subset(&credentials.1) || credentials.0.is_empty();
            let breaks = if fewer { WIRE } else { NOTHING };
            self.say(
                "operation-security-changed",
                breaks,
                id,
                id,
                "takes other credentials",
            );
        }
        for key in ["x-idempotent", "x-pagination"] {
            if old.node[key] != new.node[key] {
                let message = format!("says {} in `{key}`, not {}", new.node[key], old.node[key]);
                self.say(
                    "operation-annotation-changed",
                    NOTHING,
                    id,
                    &format!("{id} {key}"),
                    message,
                );
            }
        }
        self.parameters(old, new);
        self.bodies(old, new);
        self.answers(old, new);
    }

    fn deprecated(&mut self, operation: &str, place: &str, old: &Value, new: &Value) {
        if new["deprecated"] == true && old["deprecated"] != true {
            self.say("now-deprecated", NOTHING, operation, place, "is deprecated");
        }
    }

    fn parameters(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let id = new.id.as_str();
        for (key, before) in &old.parameters {
            let place = format!("{id} {} {}", key.0, key.1);
            let Some(after) = new.parameters.get(key) else {
                self.say("request-parameter-removed", BOTH, id, &place, "is gone");
                continue;
            };
            match (before["required"] == true, after["required"] == true) {
                (false, true) => self.say(
                    "request-parameter-became-required",
                    BOTH,
                    id,
                    &place,
                    "became required",
                ),
                (true, false) => self.say(
                    "request-parameter-became-optional",
                    SDK,
                    id,
                    &place,
                    "became optional",
                ),
                _ => {}
            }
            if ["style", "explode"]
                .iter()
                .any(|key| before[key] != after[key])
            {
                self.say(
                    "request-parameter-style-changed",
                    WIRE,
                    id,
                    &place,
                    "is written in another style",
                );
            }
            self.deprecated(id, &place, before, after);
            self.schema(
                Way::Request,
                id,
                &place,
                &before["schema"],
                &after["schema"],
            );
        }
        for (key, parameter) in new
            .parameters
            .iter()
            .filter(|(key, _)| !old.parameters.contains_key(*key))
        {
            let place = format!("{id} {} {}", key.0, key.1);
            match parameter["required"] == true {
                true => self.say(
                    "required-request-parameter-added",
                    BOTH,
                    id,
                    &place,
                    "is new and required",
                ),
                false => self.say(
                    "optional-request-parameter-added",
                    NOTHING,
                    id,
                    &place,
                    "is new and optional",
                ),
            }
        }
    }

    fn bodies(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let id = new.id.as_str();
        let place = format!("{id} request");
        let (before, after) = (body(self.old, old.node), body(self.new, new.node));
        let required = |body: Option<&Value>| body.is_some_and(|body| body["required"] == true);
        match (before, after) {
            (None, Some(_)) => {
                let breaks = if required(after) { BOTH } else { NOTHING };
                self.say("request-body-added", breaks, id, &place, "has a body now");
            }
            (Some(_), None) => self.say(
                "request-body-removed",
                BOTH,
                id,
                &place,
                "has no body any more",
            ),
            (Some(_), Some(_)) if !required(before) && required(after) => {
                self.say(
                    "request-body-became-required",
                    WIRE,
                    id,
                    &place,
                    "must have its body now",
                );
            }
            _ => {}
        }
        self.content(Way::Request, id, &place, before, after);
    }

    fn answers(&mut self, old: &Operation<'a>, new: &Operation<'a>) {
        let id = new.id.as_str();
        let (before, after) = (&old.node["responses"], &new.node["responses"]);
        for status in keys(before) {
            let place = format!("{id} {status}");
            let success = status.starts_with('2');
            if after[status].is_null() {
                let breaks = if success { BOTH } else { NOTHING };
                self.say(
                    "answer-status-removed",
                    breaks,
                    id,
                    &place,
                    "is no answer any more",
                );
            } else if success {
                let before = resolved(self.old, &before[status]);
                let after = resolved(self.new, &after[status]);
                self.content(
                    Way::Answer,
                    id,
                    &format!("{id} answer"),
                    Some(before),
                    Some(after),
                );
            }
        }
        for status in keys(after).filter(|status| before[*status].is_null()) {
            let breaks = if status.starts_with('2') {
                WIRE
            } else {
                NOTHING
            };
            self.say(
                "answer-status-added",
                breaks,
                id,
                &format!("{id} {status}"),
                "is a new answer",
            );
        }
    }

    fn content(
        &mut self,
        way: Way,
        id: &str,
        place: &str,
        old: Option<&'a Value>,
        new: Option<&'a Value>,
    ) {
        let (Some(old), Some(new)) = (old, new) else {
            return;
        };
        let (old, new) = (&old["content"], &new["content"]);
        for media in keys(old) {
            match new.get(media) {
                Some(after) => self.schema(way, id, place, &old[media]["schema"], &after["schema"]),
                None => {
                    let rule = if way == Way::Request {
                        "request-media-type-removed"
                    } else {
                        "answer-media-type-removed"
                    };
                    self.say(rule, BOTH, id, &format!("{place} {media}"), "is gone");
                }
            }
        }
        for media in keys(new).filter(|media| old.get(*media).is_none()) {
            let rule = if way == Way::Request {
                "request-media-type-added"
            } else {
                "answer-media-type-added"
            };
            self.say(rule, NOTHING, id, &format!("{place} {media}"), "is new");
        }
    }
}
