//! The merge of the standard, with the rule of who may overwrite what.

use serde_json::Value;

use super::Action;
use crate::document::source::Spots;
use crate::document::{Place, escaped};

/// One action at work.
pub(super) struct Merge<'a> {
    pub(super) action: &'a Action<'a>,
    /// Where the update was written.
    pub(super) from: &'a Spots,
    pub(super) into: &'a mut Spots,
    pub(super) changed: bool,
    /// What the action contradicts.
    pub(super) said: Vec<(Place, String)>,
}

impl Merge<'_> {
    /// Merges into one of the values that the target names.
    pub(super) fn at_target(&mut self, at: &str, target: &mut Value, update: &Value, from: &Place) {
        match (target, update) {
            (Value::Array(items), update) if !update.is_array() => {
                self.append(at, items, update, from)
            }
            (target, update) => self.merge(at, target, update, from, self.action.was),
        }
    }

    fn merge(
        &mut self,
        at: &str,
        target: &mut Value,
        update: &Value,
        from: &Place,
        was: Option<&Value>,
    ) {
        match (target, update) {
            (Value::Object(map), Value::Object(update)) => {
                if map.contains_key("$ref") != update.contains_key("$ref") && !map.is_empty() {
                    return self.contradicted(at, from, &Value::Object(map.clone()));
                }
                for (key, value) in update {
                    let (at, from) = (format!("{at}/{}", escaped(key)), from.at(key));
                    match map.get_mut(key) {
                        Some(target) => {
                            self.merge(&at, target, value, &from, was.and_then(|was| was.get(key)))
                        }
                        None => {
                            map.insert(key.clone(), value.clone());
                            self.written(&at, &from);
                        }
                    }
                }
            }
            (Value::Array(items), Value::Array(more)) => {
                for (index, item) in more.iter().enumerate() {
                    self.append(at, items, item, &from.at(index));
                }
            }
            (target, update) if target == update => {}
            (target, update) => {
                let ours = from
                    .pointer()
                    .rsplit('/')
                    .next()
                    .is_some_and(|key| key.starts_with("x-"));
                if !(ours || self.action.replaces || was.is_some()) {
                    return self.contradicted(at, from, target);
                }
                *target = update.clone();
                self.into.remove(at);
                self.written(at, from);
            }
        }
    }

    fn append(&mut self, at: &str, items: &mut Vec<Value>, item: &Value, from: &Place) {
        if items.contains(item) {
            return self.contradicted(at, from, item);
        }
        self.written(&format!("{at}/{}", items.len()), from);
        items.push(item.clone());
    }

    fn written(&mut self, at: &str, from: &Place) {
        self.into.adopt(at, self.from, from.pointer());
        self.changed = true;
    }

    fn contradicted(&mut self, at: &str, from: &Place, says: &Value) {
        self.said.push((
            from.clone(),
            format!(
                "the published document now says {} at #{at} itself; take it out of the action, or correct it by naming it \
                 in `x-was`",
                short(says)
            ),
        ));
    }
}

/// A value, cut to fit into a message.
pub(super) fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
