//! Which messages of a topic a subscription wants.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use serde::Serialize;
use serde_json::{Map, Value, value::RawValue};

use crate::{
    error::{Error, ErrorKind},
    protocol::message::{Message, MessageKind, Operation},
};

/// Columns and the values they must have.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Filter(pub(crate) Map<String, Value>);

impl Filter {
    pub(crate) fn add(&mut self, column: &str, value: &impl Serialize) -> Result<(), Error> {
        let value = serde_json::to_value(value).map_err(|source| {
            Error::new(
                ErrorKind::InvalidPayload,
                "the filter's value cannot be written as JSON",
            )
            .with_source(source)
        })?;
        self.0.insert(column.to_owned(), value);
        Ok(())
    }

    /// Whether a changed row has the values; a deleted row may have them in `old` alone.
    fn accepts(&self, message: &Message) -> bool {
        type Row<'r> = HashMap<Cow<'r, str>, &'r RawValue>;
        let data: Row<'_> = serde_json::from_str(message.data()).unwrap_or_default();
        let old: Row<'_> = match message.operation() {
            Some(Operation::Delete) => message
                .old()
                .and_then(|old| serde_json::from_str(old).ok())
                .unwrap_or_default(),
            _ => Row::default(),
        };
        self.0.iter().all(|(column, wanted)| {
            data.get(column.as_str())
                .or_else(|| old.get(column.as_str()))
                .and_then(|found| serde_json::from_str::<Value>(found.get()).ok())
                .is_some_and(|found| same(&found, wanted))
        })
    }
}

/// Equality of values as the decoder of rows sees them: `1` and `1.0` are one number, and since SQLite has no booleans,
/// 0 and 1 are `false` and `true`.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) if left.is_f64() != right.is_f64() => {
            left.as_f64() == right.as_f64()
        }
        (Value::Bool(truth), Value::Number(number))
        | (Value::Number(number), Value::Bool(truth)) => {
            number.as_f64() == Some(f64::from(u8::from(*truth)))
        }
        _ => left == right,
    }
}

/// Which messages of a topic a subscription wants.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selector {
    /// All kinds when none is named.
    pub(crate) kind: Option<MessageKind>,
    /// All operations when none is named.
    pub(crate) operations: Vec<Operation>,
    pub(crate) event: Option<Arc<str>>,
    pub(crate) filter: Option<Filter>,
}

impl Selector {
    pub(crate) fn of(kind: MessageKind) -> Self {
        Self {
            kind: Some(kind),
            ..Self::default()
        }
    }

    pub(crate) fn accepts(&self, message: &Message) -> bool {
        self.kind.is_none_or(|kind| kind == message.kind())
            && (self.operations.is_empty()
                || message
                    .operation()
                    .is_some_and(|operation| self.operations.contains(operation)))
            && self
                .event
                .as_deref()
                .is_none_or(|event| message.event_text() == Some(event))
            && self.filter.as_ref().is_none_or(|filter| {
                message.kind() != MessageKind::Change || filter.accepts(message)
            })
    }

    /// The filter the server may apply on this subscription's behalf: it would also apply to other kinds of messages.
    pub(crate) fn wire_filter(&self) -> Option<&Filter> {
        self.filter
            .as_ref()
            .filter(|_| self.kind == Some(MessageKind::Change))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::protocol::frame::inbound::Envelope;

    fn message(frame: &Value) -> Message {
        let frame = frame.to_string();
        let envelope = Envelope::parse(&frame).unwrap();
        Message::new(&frame, &envelope, envelope.kind().0).unwrap()
    }

    #[test]
    fn a_filter_compares_columns_of_the_new_row_and_falls_back_to_the_old_one_of_a_delete() {
        let mut filter = Filter::default();
        filter.add("status", &"due").unwrap();
        filter.add("total", &41).unwrap();
        let selector = Selector {
            filter: Some(filter),
            ..Selector::of(MessageKind::Change)
        };
        for (frame, wanted) in [
            (
                json!({"operation": "INSERT", "data": {"status": "due", "total": 41}}),
                true,
            ),
            (
                json!({"operation": "INSERT", "data": {"status": "due", "total": 41.0}}),
                true,
            ),
            (
                json!({"operation": "INSERT", "data": {"status": "due", "total": "41"}}),
                false,
            ),
            (
                json!({"operation": "INSERT", "data": {"status": "paid", "total": 41}}),
                false,
            ),
            (
                json!({"operation": "INSERT", "data": {"status": "due"}, "old": {"total": 41}}),
                false,
            ),
            (
                json!({"operation": "DELETE", "data": {"id": 1}, "old": {"status": "due", "total": 41}}),
                true,
            ),
            (
                json!({"operation": "DELETE", "data": null, "old": {"status": "paid", "total": 41}}),
                false,
            ),
        ] {
            let mut frame = frame;
            frame["type"] = json!("db_change");
            assert_eq!(selector.accepts(&message(&frame)), wanted, "{frame}");
        }
    }

    #[test]
    fn promise_61_a_filter_takes_the_booleans_of_sqlite() {
        for (wanted, row, accepted) in [
            (json!(true), json!(1), true),
            (json!(true), json!(1.0), true),
            (json!(true), json!(true), true),
            (json!(true), json!(0), false),
            (json!(true), json!(2), false),
            (json!(false), json!(0), true),
            (json!(false), json!(null), false),
            (json!(1), json!(true), true),
            (json!("1"), json!(1), false),
        ] {
            let mut filter = Filter::default();
            filter.add("active", &wanted).unwrap();
            let frame = json!({
                "type": "db_change", "operation": "INSERT", "data": {"active": row},
            });
            assert_eq!(filter.accepts(&message(&frame)), accepted, "{frame}");
        }
    }

    #[test]
    fn promise_43_an_event_named_like_an_operation_is_no_change() {
        let changes = Selector {
            operations: vec![Operation::Insert],
            ..Selector::of(MessageKind::Change)
        };
        let all_changes = Selector::of(MessageKind::Change);
        for name in ["INSERT", "*", "db_change"] {
            let event = message(&json!({"type": "event", "event": name, "data": {"id": 1}}));
            assert!(
                !changes.accepts(&event) && !all_changes.accepts(&event),
                "{name}"
            );
            assert!(Selector::default().accepts(&event));
        }
    }
}
