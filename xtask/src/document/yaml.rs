//! Writing YAML for people: short values on one line, the rest indented.

use serde_json::{Map, Value};

/// The longest line that holds more than one value.
const WIDTH: usize = 118;

/// Names the keys of the object at a pointer in the order to write them.
pub(crate) type Order<'a> = &'a dyn Fn(&str, &Map<String, Value>) -> Vec<String>;

/// A document as YAML.
pub(crate) fn render(value: &Value, order: Order<'_>) -> String {
    let mut writer = Writer {
        out: String::new(),
        order,
    };
    writer.block(value, "", 0);
    writer.out
}

struct Writer<'a> {
    out: String,
    order: Order<'a>,
}

impl Writer<'_> {
    /// Writes a value on lines of its own.
    fn block(&mut self, value: &Value, pointer: &str, indent: usize) {
        match value {
            Value::Object(map) if !map.is_empty() => {
                for (index, key) in (self.order)(pointer, map).into_iter().enumerate() {
                    self.start(index, indent);
                    self.out.push_str(&plain(&key, false));
                    self.out.push(':');
                    let below = format!("{pointer}/{}", super::escaped(&key));
                    self.entry(&map[&key], &below, indent, false);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    self.start(index, indent);
                    self.out.push('-');
                    self.entry(item, &format!("{pointer}/{index}"), indent, true);
                }
            }
            other => self.out.push_str(
                &self
                    .flow(other, pointer)
                    .unwrap_or_else(|| other.to_string()),
            ),
        }
    }

    /// Indents a line; the first of a list's item stands behind its dash.
    fn start(&mut self, index: usize, indent: usize) {
        if index > 0 || !self.out.ends_with("- ") {
            self.out.push_str(&" ".repeat(indent));
        }
    }

    /// Writes what stands behind a key or a dash.
    fn entry(&mut self, value: &Value, pointer: &str, indent: usize, item: bool) {
        if let Value::String(text) = value
            && (text.contains('\n') || indent + text.len() > WIDTH)
            && let Some(lines) = literal(text, indent + 2)
        {
            self.out.push_str(&lines);
            return;
        }
        let used = self.out.len() - self.out.rfind('\n').map_or(0, |at| at + 1);
        let outer = pointer.matches('/').count() < 4 && !value.is_string() && nested(value);
        match self
            .flow(value, pointer)
            .filter(|flow| !nested(value) || (!outer && used + flow.len() < WIDTH))
        {
            Some(flow) => {
                self.out.push(' ');
                self.out.push_str(&flow);
                self.out.push('\n');
            }
            None if item => {
                self.out.push(' ');
                self.block(value, pointer, indent + 2);
            }
            None => {
                self.out.push('\n');
                self.block(value, pointer, indent + 2);
            }
        }
    }

    /// The value on one line, if it is small enough to be read there.
    fn flow(&self, value: &Value, pointer: &str) -> Option<String> {
        Some(match value {
            Value::String(text) => plain(text, true),
            Value::Array(items) if items.is_empty() => "[]".to_owned(),
            Value::Object(map) if map.is_empty() => "{}".to_owned(),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let items: Option<Vec<_>> = items
                    .map(|(index, item)| self.flow(item, &format!("{pointer}/{index}")))
                    .collect();
                format!("[{}]", items?.join(", "))
            }
            Value::Object(map) => {
                if map.values().any(|value| depth(value) > 2) {
                    return None;
                }
                let entries: Option<Vec<_>> = (self.order)(pointer, map)
                    .into_iter()
                    .map(|key| {
                        let below = format!("{pointer}/{}", super::escaped(&key));
                        Some(format!(
                            "{}: {}",
                            plain(&key, true),
                            self.flow(&map[&key], &below)?
                        ))
                    })
                    .collect();
                format!("{{ {} }}", entries?.join(", "))
            }
            other => other.to_string(),
        })
    }
}

fn nested(value: &Value) -> bool {
    match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        Value::Array(items) => items.iter().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Text of several lines, or too long for one, as a block.
fn literal(text: &str, indent: usize) -> Option<String> {
    let pad = " ".repeat(indent);
    let odd = |line: &str| line.ends_with(' ') || line.contains(|c: char| c.is_control());
    if text.starts_with([' ', '\n']) || text.lines().any(odd) {
        return None;
    }
    let mut out = String::new();
    if text.contains('\n') {
        let end = match text.strip_suffix('\n') {
            None => "-",
            Some(rest) if rest.ends_with('\n') => "+",
            Some(_) => "",
        };
        out.push_str(&format!(" |{end}\n"));
        for line in text.lines() {
            out.push_str(&if line.is_empty() {
                "\n".to_owned()
            } else {
                format!("{pad}{line}\n")
            });
        }
        return Some(out);
    }
    if text.contains("  ") || text.split(' ').any(|word| word.len() + indent > WIDTH) {
        return None;
    }
    out.push_str(" >-");
    let mut used = WIDTH;
    for word in text.split(' ') {
        if used + 1 + word.len() > WIDTH {
            out.push_str(&format!("\n{pad}{word}"));
            used = indent + word.len();
        } else {
            out.push_str(&format!(" {word}"));
            used += 1 + word.len();
        }
    }
    out.push('\n');
    Some(out)
}

/// Text on one line, quoted where YAML would read it as something else.
fn plain(text: &str, flow: bool) -> String {
    const WORDS: &[&str] = &["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if text.chars().any(char::is_control) {
        return Value::from(text).to_string();
    }
    let odd = text.contains(": ")
        || text.contains(" #")
        || text.ends_with([':', ' '])
        || flow && text.contains([',', '[', ']', '{', '}', ':', '?'])
        || WORDS.contains(&text.to_lowercase().as_str());
    // Two dots make text of what starts as a number.
    let version =
        text.split('.').count() == 3 && text.split('.').all(|part| part.parse::<u32>().is_ok());
    let safe =
        !odd && (version || text.starts_with(|c: char| c.is_alphabetic() || "$/_".contains(c)));
    if safe {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::Source;
    use super::*;
    use proptest::prelude::*;

    fn rendered(value: &Value) -> String {
        render(value, &|_, map| map.keys().cloned().collect())
    }

    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ -~é\n\t]{0,12}",
            "[a-z:#,'\"{}\\[\\] .|>&*!%@`-]{0,160}",
            prop::sample::select(vec![
                "true",
                "no",
                "~",
                "200",
                "1.5e3",
                "0x1f",
                "2026-01-05",
                "",
                "a\n",
                "\na",
                ".inf"
            ])
            .prop_map(str::to_owned),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_it_was(value in text().prop_map(Value::from).prop_recursive(5, 40, 5, |inner| prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            Just(Value::Null),
        ])) {
            let value = serde_json::json!({ "it": value });
            let text = rendered(&value);
            let read = Source::parse("it", &text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
            prop_assert_eq!(&read.value, &value, "{}", text);
        }
    }

    #[test]
    fn short_values_stand_on_one_line_and_long_ones_do_not() {
        let value = serde_json::json!({ "paths": { "/v1/a": { "post": {
            "description": "One.\n\nTwo.\n",
            "responses": { "200": { "$ref": "#/components/responses/Ok" } },
        } } } });
        assert_eq!(
            rendered(&value),
            "paths:\n  /v1/a:\n    post:\n      description: |\n        One.\n\n        Two.\n      responses: \
             { '200': { $ref: '#/components/responses/Ok' } }\n"
        );
    }
}
