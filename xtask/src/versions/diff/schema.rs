//! Schemas against each other, field by field.

use serde_json::Value;

use super::view::{View, article, followed};
use super::{BOTH, Diff, NOTHING, SDK, WIRE, Way};

/// Limits, and whether more of it allows more.
const BOUNDS: &[(&str, bool)] = &[
    ("maximum", true),
    ("maxLength", true),
    ("maxItems", true),
    ("maxProperties", true),
    ("minimum", false),
    ("minLength", false),
    ("minItems", false),
    ("minProperties", false),
];

impl<'a> Diff<'a> {
    /// Compares two schemas and everything inside of them.
    pub(super) fn schema(
        &mut self,
        way: Way,
        id: &str,
        place: &str,
        old: &'a Value,
        new: &'a Value,
    ) {
        let (names, (old, new)) = {
            let (before, after) = (followed(self.old, old), followed(self.new, new));
            ((before.0, after.0), (before.1, after.1))
        };
        // A named schema is one place, wherever it is used.
        let place = match names {
            (_, Some(name)) | (Some(name), None) => name,
            (None, None) => place,
        };
        let pair = (
            names.0.unwrap_or(place).to_owned(),
            place.to_owned(),
            way,
            id.to_owned(),
        );
        if !self.seen.insert(pair) {
            return;
        }
        if let (Some(before), Some(after)) = names
            && before != after
            && self.new["components"]["schemas"].get(before).is_none()
        {
            self.say(
                "schema-renamed",
                SDK,
                id,
                place,
                format!("was called `{before}`"),
            );
        }
        let (old, new) = (View::of(self.old, old), View::of(self.new, new));
        let (a, b) = (old.kind(), new.kind());
        if a != b {
            let wider = (a, b) == ("integer", "number") || b == "any";
            let widened = way == Way::Request && wider;
            let breaks = if widened { SDK } else { BOTH };
            let rule = if way == Way::Request {
                "request-type-changed"
            } else {
                "answer-type-changed"
            };
            return self.say(
                rule,
                breaks,
                id,
                place,
                format!(
                    "is {} {b} in the {}, not {} {a}",
                    article(b),
                    way.name(),
                    article(a)
                ),
            );
        }
        self.values(way, id, place, &old, &new);
        self.properties(way, id, place, &old, &new);
        if let (Some(old), Some(new)) = (old.items, new.items) {
            self.schema(way, id, &format!("{place}[]"), old, new);
        }
        if let (Some(old), Some(new)) = (old.values, new.values) {
            self.schema(way, id, &format!("{place}{{}}"), old, new);
        }
    }

    /// Null, enums, limits, formats, defaults and choices.
    fn values(&mut self, way: Way, id: &str, place: &str, old: &View<'a>, new: &View<'a>) {
        let request = way == Way::Request;
        match (old.nullable, new.nullable) {
            (true, false) if request => self.say(
                "request-null-removed",
                WIRE,
                id,
                place,
                "may no longer be null",
            ),
            (false, true) if !request => self.say(
                "answer-null-added",
                WIRE,
                id,
                place,
                "may be null in an answer",
            ),
            _ => {}
        }
        for value in old.choices.difference(&new.choices) {
            let breaks = if request { BOTH } else { SDK };
            self.say(
                "enum-value-removed",
                breaks,
                id,
                &format!("{place} {value}"),
                "is no value any more",
            );
        }
        if old.members() != new.members() {
            self.say(
                "choice-changed",
                BOTH,
                id,
                place,
                format!("allows other schemas in the {}", way.name()),
            );
        }
        for value in new.choices.difference(&old.choices) {
            self.say(
                "enum-value-added",
                NOTHING,
                id,
                &format!("{place} {value}"),
                "is a new value",
            );
        }
        for (bound, more) in BOUNDS {
            let (before, after) = (
                old.keyword(bound).and_then(Value::as_f64),
                new.keyword(bound).and_then(Value::as_f64),
            );
            if before == after {
                continue;
            }
            let narrower = match (before, after) {
                (Some(before), Some(after)) => (after < before) == *more,
                (None, Some(_)) => true,
                _ => false,
            };
            let shown = after.map_or("no longer limited".to_owned(), |after| after.to_string());
            let message = format!("has `{bound}` {shown} in the {}", way.name());
            let breaks = if request && narrower { WIRE } else { NOTHING };
            self.say(
                "limit-changed",
                breaks,
                id,
                &format!("{place} {bound}"),
                message,
            );
        }
        for (keyword, breaks) in [
            ("pattern", if request { WIRE } else { NOTHING }),
            ("format", BOTH),
            ("default", NOTHING),
        ] {
            let (before, after) = (old.keyword(keyword), new.keyword(keyword));
            if before == after {
                continue;
            }
            // Of formats only these change the type.
            let typed = |value: Option<&Value>| {
                value.is_some_and(|value| value == "password" || value == "binary")
            };
            let breaks = if keyword == "format" && !typed(before) && !typed(after) {
                NOTHING
            } else {
                breaks
            };
            let shown = after.map_or("nothing".to_owned(), Value::to_string);
            let message = format!("says {shown} as `{keyword}`");
            self.say(
                "keyword-changed",
                breaks,
                id,
                &format!("{place} {keyword}"),
                message,
            );
        }
    }

    fn properties(&mut self, way: Way, id: &str, place: &str, old: &View<'a>, new: &View<'a>) {
        let request = way == Way::Request;
        for (name, before) in &old.properties {
            let field = format!("{place}.{name}");
            let Some(after) = new.properties.get(name) else {
                let rule = if request {
                    "request-property-removed"
                } else {
                    "answer-property-removed"
                };
                self.say(
                    rule,
                    BOTH,
                    id,
                    &field,
                    format!("is gone from the {}", way.name()),
                );
                continue;
            };
            self.deprecated(id, &field, before, after);
            match (old.required.contains(name), new.required.contains(name)) {
                (false, true) if request => {
                    self.say(
                        "request-property-became-required",
                        BOTH,
                        id,
                        &field,
                        "became required",
                    );
                }
                (true, false) if request => {
                    self.say(
                        "request-property-became-optional",
                        SDK,
                        id,
                        &field,
                        "became optional",
                    );
                }
                (true, false) => {
                    self.say(
                        "answer-property-became-optional",
                        WIRE,
                        id,
                        &field,
                        "may be missing from an answer",
                    );
                }
                _ => {}
            }
            self.schema(way, id, &field, before, after);
        }
        for name in new
            .properties
            .keys()
            .filter(|name| !old.properties.contains_key(*name))
        {
            let field = format!("{place}.{name}");
            match (request, new.required.contains(name)) {
                (true, true) => {
                    self.say(
                        "required-request-property-added",
                        BOTH,
                        id,
                        &field,
                        "is new and required in the request",
                    );
                }
                (true, false) => {
                    self.say(
                        "optional-request-property-added",
                        NOTHING,
                        id,
                        &field,
                        "is new and optional in the request",
                    );
                }
                (false, _) => self.say(
                    "answer-property-added",
                    NOTHING,
                    id,
                    &field,
                    "is new in the answer",
                ),
            }
        }
    }
}
