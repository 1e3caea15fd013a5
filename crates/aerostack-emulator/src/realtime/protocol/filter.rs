//! Column filters of subscriptions.

use std::collections::HashMap;

use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// Columns and the values they have to equal.
#[derive(Clone, Debug)]
pub(crate) struct Filter(Map<String, Value>);

impl Filter {
    pub(crate) fn read(filter: &RawValue) -> serde_json::Result<Self> {
        serde_json::from_str(filter.get()).map(Self)
    }

    /// Whether every column of the filter is in the row with that value.
    pub(crate) fn admits(&self, row: &RawValue) -> bool {
        let Ok(columns) = serde_json::from_str::<HashMap<&str, &RawValue>>(row.get()) else {
            return self.admits_parsed(row);
        };
        self.0.iter().all(|(column, wanted)| {
            columns
                .get(column.as_str())
                .and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok())
                .is_some_and(|value| equal(wanted, &value))
        })
    }

    /// For column names that JSON writes with escapes, which cannot be borrowed.
    fn admits_parsed(&self, row: &RawValue) -> bool {
        let Ok(columns) = serde_json::from_str::<Map<String, Value>>(row.get()) else {
            return false;
        };
        self.0.iter().all(|(column, wanted)| {
            columns
                .get(column)
                .is_some_and(|value| equal(wanted, value))
        })
    }
}

/// Equality as SQL sees it: `1` and `1.0` are the same number.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || ((a.is_f64() || b.is_f64()) && a.as_f64() == b.as_f64())
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_columns_have_to_equal() {
        let row = r#"{"id":9007199254740993,"state":"due","total":41.0,"note":null,"a\"b":1}"#;
        let cases = [
            ("{}", true),
            (r#"{"state":"due"}"#, true),
            (r#"{"state":"paid"}"#, false),
            (r#"{"state":"due","total":41}"#, true),
            (r#"{"state":"due","total":42}"#, false),
            (r#"{"id":9007199254740993}"#, true),
            (r#"{"id":9007199254740992}"#, false),
            (r#"{"id":"9007199254740993"}"#, false),
            (r#"{"note":null}"#, true),
            (r#"{"absent":null}"#, false),
            (r#"{"a\"b":1}"#, true),
        ];
        let row = RawValue::from_string(row.to_owned()).unwrap();
        for (filter, admitted) in cases {
            let raw = RawValue::from_string(filter.to_owned()).unwrap();
            assert_eq!(
                Filter::read(&raw).unwrap().admits(&row),
                admitted,
                "{filter}"
            );
        }
    }
}
