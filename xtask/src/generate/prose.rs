//! Descriptions, made safe for rustdoc.

use anyhow::Result;

use crate::document::{Place, refuse};

/// Rewrites Markdown written for OpenAPI so that rustdoc reads it as meant: what looks like a link or a tag is
/// escaped and bare addresses become links. Code spans stay as they are. Code blocks are refused, because rustdoc
/// would compile them.
pub(crate) fn rustdoc(place: &Place, text: &str) -> Result<String> {
    let text = text.trim();
    if text.lines().any(|line| {
        line.starts_with("    ") || line.starts_with('\t') || line.trim_start().starts_with("```")
    }) {
        refuse!(
            place,
            "holds a code block, which rustdoc would compile as Rust; use a code span or an `example`"
        );
    }
    if text.matches('`').count() % 2 == 1 {
        refuse!(place, "has an unclosed code span");
    }
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        if index % 2 == 1 {
            out.push_str(part);
        } else {
            plain(part, &mut out);
        }
    }
    Ok(out)
}

/// Copies text outside of code spans.
fn plain(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if rest.starts_with("https://") || rest.starts_with("http://") {
            let end = rest
                .find(|c: char| c.is_whitespace() || "<>)]\"'".contains(c))
                .unwrap_or(rest.len());
            let address = rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']);
            out.push('<');
            out.push_str(address);
            out.push('>');
            rest = &rest[address.len()..];
            continue;
        }
        if matches!(first, '[' | ']' | '<' | '>') {
            out.push('\\');
        }
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_reads_in_rustdoc_as_in_the_document() {
        let table = [
            ("plain", "plain"),
            ("a list [of] things", r"a list \[of\] things"),
            ("Vec<T> in `Vec<T>`", r"Vec\<T\> in `Vec<T>`"),
            (
                "see https://example.com/a?b=1.",
                "see <https://example.com/a?b=1>.",
            ),
            ("`https://example.com`", "`https://example.com`"),
            ("(http://example.com)", "(<http://example.com>)"),
            ("  trimmed\n", "trimmed"),
        ];
        for (from, to) in table {
            assert_eq!(rustdoc(&Place::root(), from).unwrap(), to);
        }
    }

    #[test]
    fn code_blocks_and_open_spans_are_refused() {
        for text in [
            "```\nlet a = 1;\n```",
            "text\n\n    indented",
            "half a `span",
        ] {
            assert!(rustdoc(&Place::root(), text).is_err(), "{text}");
        }
    }
}
