//! Descriptions, made safe for rustdoc.

/// Rewrites Markdown written for OpenAPI so that rustdoc reads it as meant: what looks like a link or a tag is escaped,
/// bare addresses become links, and code is marked as text, because rustdoc would compile it. Code spans stay as they
/// are.
pub(crate) fn rustdoc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut prose = String::new();
    let (mut fenced, mut indented, mut list, mut blank) = (false, false, false, true);
    for line in text.trim().lines() {
        let is_code = line.starts_with("    ") || line.starts_with('\t');
        if indented && !is_code && !line.trim().is_empty() {
            out.truncate(out.trim_end().len());
            out.push_str("\n```\n");
            indented = false;
        }
        if let Some(language) = line.trim_start().strip_prefix("```") {
            spans(&mut prose, &mut out);
            out.push_str("```");
            if !fenced {
                let language = language.trim();
                out.push_str(if ["", "rust"].contains(&language) {
                    "text"
                } else {
                    language
                });
            }
            out.push('\n');
            fenced = !fenced;
        } else if fenced || indented {
            out.push_str(if indented {
                line.get(4..).unwrap_or_default()
            } else {
                line
            });
            out.push('\n');
        } else if is_code && blank && !list {
            spans(&mut prose, &mut out);
            out.push_str("```text\n");
            out.push_str(line.trim());
            out.push('\n');
            indented = true;
        } else {
            // Deeper, a line of a list would be code.
            let deep = line.len() - line.trim_start().len();
            if deep > 3 {
                prose.push_str("   ");
                prose.push_str(line.trim_start());
            } else {
                prose.push_str(line);
            }
            prose.push('\n');
            if deep == 0 && !line.is_empty() {
                list = line.starts_with(['-', '*', '+'])
                    || line.starts_with(|c: char| c.is_ascii_digit());
            }
        }
        blank = line.trim().is_empty();
    }
    spans(&mut prose, &mut out);
    if fenced || indented {
        out.truncate(out.trim_end().len());
        out.push_str("\n```\n");
    }
    out.truncate(out.trim_end().len());
    out
}

/// Moves text with code spans over. A span that does not end is a backtick.
fn spans(prose: &mut String, out: &mut String) {
    let closed = prose.matches('`').count() / 2 * 2;
    for (index, part) in prose.split('`').enumerate() {
        match index {
            0 => {}
            index if index > closed => out.push_str("\\`"),
            _ => out.push('`'),
        }
        if index % 2 == 1 && index <= closed {
            out.push_str(part);
        } else {
            plain(part, out);
        }
    }
    prose.clear();
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
    use proptest::prelude::*;

    use super::rustdoc;

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
            ("half a `span", r"half a \`span"),
            ("`one` and `half", r"`one` and \`half"),
            ("```\nlet [a] = 1;\n```", "```text\nlet [a] = 1;\n```"),
            (
                "```json\n{}\n```\n\nand [so] on",
                "```json\n{}\n```\n\nand \\[so\\] on",
            ),
            ("```\nunclosed", "```text\nunclosed\n```"),
            (
                "text\n\n    let a;\n    let b;\n\nmore",
                "text\n\n```text\nlet a;\nlet b;\n```\nmore",
            ),
            (
                "- one\n\n    more of one\n- two",
                "- one\n\n   more of one\n- two",
            ),
            (
                "| a | b |\n|---|---|\n| 1 | <b> |",
                "| a | b |\n|---|---|\n| 1 | \\<b\\> |",
            ),
        ];
        for (from, to) in table {
            assert_eq!(rustdoc(from), to);
        }
    }

    proptest! {
        #[test]
        fn no_description_becomes_a_code_block_of_rust(text in "[ a`\n\t<>\\[\\]-]{0,60}") {
            let doc = rustdoc(&text);
            let mut fenced = false;
            for line in doc.lines() {
                if let Some(language) = line.trim_start().strip_prefix("```") {
                    prop_assert!(fenced || !["", "rust"].contains(&language), "{doc}");
                    fenced = !fenced;
                } else {
                    prop_assert!(fenced || !line.starts_with("    "), "{doc}");
                }
            }
            prop_assert!(!fenced, "{doc}");
        }
    }
}
