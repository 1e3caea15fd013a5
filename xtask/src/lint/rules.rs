//! The conventions of this project, one function each.

use heck::ToLowerCamelCase;
use serde_json::Value;

use super::Finding;
use super::model::Model;
use crate::document::secret_names::is_secret;
use crate::document::{Node, Place};

/// The schema of every failure.
const FAILURE: &str = "ErrorResponse";

type Rule = (&'static str, fn(&Model<'_>, &mut Report<'_>));

const RULES: &[Rule] = &[
    ("readable-ids", readable_ids),
    ("described", described),
    ("exampled", exampled),
    ("requests-are-closed", requests_are_closed),
    ("replies-are-open", replies_are_open),
    ("secrets-are-marked", secrets_are_marked),
    ("pages-exist", pages_exist),
    ("one-failure-shape", one_failure_shape),
];

/// Whether a rule is about how this project writes documents. The others guard the SDK's users, whoever wrote it.
pub(crate) fn is_style(rule: &str) -> bool {
    !["secrets-are-marked", "pages-exist"].contains(&rule)
}

/// The names of the rules.
#[cfg(test)]
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|(name, _)| *name)
}

/// Where a rule says what it found.
struct Report<'a> {
    rule: &'static str,
    found: &'a mut Vec<Finding>,
}

impl Report<'_> {
    fn say(&mut self, place: Place, message: impl Into<String>) {
        self.found.push(Finding {
            rule: self.rule,
            place,
            message: message.into(),
        });
    }
}

/// Applies every rule.
pub(crate) fn check(model: &Model<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (rule, check) in RULES {
        check(
            model,
            &mut Report {
                rule,
                found: &mut found,
            },
        );
    }
    found.sort_by(|one, other| {
        (one.rule, one.place.to_string()).cmp(&(other.rule, other.place.to_string()))
    });
    found.dedup();
    found
}

fn readable_ids(model: &Model<'_>, report: &mut Report<'_>) {
    for operation in &model.operations {
        let camel = operation.id.to_lower_camel_case();
        if camel != operation.id || !operation.id.chars().skip(1).any(char::is_uppercase) {
            report.say(
                operation.node.place.at("operationId"),
                format!("`{}` is not two or more words in camelCase", operation.id),
            );
        }
    }
}

fn described(model: &Model<'_>, report: &mut Report<'_>) {
    let blank = |node: &Node<'_>, key: &str| {
        node.get(key)
            .and_then(Value::as_str)
            .is_none_or(|text| text.trim().is_empty())
    };
    for operation in &model.operations {
        let parts = std::iter::once((&operation.node, "summary"))
            .chain(std::iter::once((&operation.node, "description")))
            .chain(
                operation
                    .parameters
                    .iter()
                    .map(|parameter| (parameter, "description")),
            )
            .chain(
                operation
                    .responses
                    .iter()
                    .map(|response| (&response.node, "description")),
            );
        for (node, key) in parts {
            if blank(node, key) {
                report.say(node.place.clone(), format!("has no {key}"));
            }
        }
    }
}

fn exampled(model: &Model<'_>, report: &mut Report<'_>) {
    for operation in &model.operations {
        let media = operation.request.iter().chain(
            operation
                .responses
                .iter()
                .flat_map(|response| &response.content),
        );
        // Bytes have no example worth reading.
        let media = media
            .filter(|media| media.name != "application/octet-stream")
            .map(|media| &media.node);
        for node in media.chain(&operation.parameters) {
            if !node.has("example") && !node.has("examples") {
                report.say(node.place.clone(), "has no example");
            }
        }
    }
}

fn requests_are_closed(model: &Model<'_>, report: &mut Report<'_>) {
    for (name, node) in model.objects(&model.sent) {
        if node.get("additionalProperties") != Some(&Value::Bool(false)) {
            report.say(
                node.place,
                format!("{name} is part of a request and must say `additionalProperties: false`, or a misspelt field passes"),
            );
        }
    }
}

fn replies_are_open(model: &Model<'_>, report: &mut Report<'_>) {
    for (name, node) in model.objects(&model.received) {
        for key in ["additionalProperties", "required"] {
            if node.has(key) {
                report.say(
                    node.place.at(key),
                    format!("{name} is part of a reply, which may lack fields and have new ones; leave `{key}` out"),
                );
            }
        }
    }
}

fn secrets_are_marked(model: &Model<'_>, report: &mut Report<'_>) {
    let mut check = |place: Place, name: &str, schema: &Value, sent: bool| {
        let text = schema.get("type").and_then(Value::as_str) == Some("string");
        let marked = schema.get("format").and_then(Value::as_str) == Some("password");
        if text && !marked && is_secret(name, sent) {
            report.say(
                place,
                format!("`{name}` is a secret by its name and must say `format: password`"),
            );
        }
    };
    for (names, sent) in [(&model.sent, true), (&model.received, false)] {
        for (_, node) in model.objects(names) {
            let Ok(properties) = node.node("properties") else {
                continue;
            };
            for (name, schema) in properties.map {
                check(properties.place.at(name), name, schema, sent);
            }
        }
    }
    for operation in &model.operations {
        for parameter in &operation.parameters {
            if let (Ok(name), Some(schema)) = (parameter.text("name"), parameter.get("schema")) {
                check(parameter.place.at("schema"), name, schema, true);
            }
        }
    }
}

fn pages_exist(model: &Model<'_>, report: &mut Report<'_>) {
    for operation in &model.operations {
        let Ok(Some(page)) = operation.node.optional_node("x-pagination") else {
            continue;
        };
        let mut replies = operation
            .responses
            .iter()
            .filter(|response| response.is_success());
        let reply = replies.find_map(|response| {
            response
                .content
                .iter()
                .find_map(|media| model.properties(media.component()?))
        });
        let Some(reply) = reply else {
            report.say(page.place, "the reply is no object");
            continue;
        };
        for (key, field) in page.map {
            let field = field.as_str().unwrap_or_default();
            // What a request calls them is looked at below.
            if ["send", "page", "offset"].contains(&key.as_str()) {
                continue;
            }
            if key == "before" {
                let items = page.optional_text("items").ok().flatten();
                let item =
                    items.and_then(|items| model.properties(item(model, reply.get(items)?)?));
                if item.is_none_or(|item| !item.has(field)) {
                    report.say(page.place.at(key), format!("an item has no `{field}`"));
                }
            } else if !reply.has(field) {
                report.say(page.place.at(key), format!("the reply has no `{field}`"));
            }
        }
        let sent = ["send", "page", "offset", "cursor"]
            .into_iter()
            .find(|key| page.has(key));
        let Some((key, cursor)) = sent.and_then(|key| Some((key, page.get(key)?.as_str()?))) else {
            continue;
        };
        let mut bodies = operation
            .request
            .iter()
            .filter_map(|media| model.properties(media.component()?));
        let mut names = operation
            .parameters
            .iter()
            .filter_map(|parameter| parameter.text("name").ok());
        if !bodies.any(|body| body.has(cursor)) && !names.any(|name| name == cursor) {
            report.say(
                page.place.at(key),
                format!("the request has no `{cursor}`; name the field that takes it"),
            );
        }
    }
}

/// The component that the items of a list are, the list itself inline or named.
fn item<'a>(model: &Model<'a>, list: &'a Value) -> Option<&'a str> {
    let list = match component(list) {
        Some(name) => model.schemas.get(name)?,
        None => list,
    };
    component(list.get("items")?)
}

fn component(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.rsplit('/').next()
}

fn one_failure_shape(model: &Model<'_>, report: &mut Report<'_>) {
    for operation in &model.operations {
        for response in operation
            .responses
            .iter()
            .filter(|response| !response.is_success())
        {
            let shape = match response.content.as_slice() {
                [media] if media.name == "application/json" => media.component(),
                _ => None,
            };
            if shape != Some(FAILURE) {
                report.say(
                    response.node.place.clone(),
                    format!("a failure is JSON of the schema {FAILURE}"),
                );
            }
        }
    }
}
