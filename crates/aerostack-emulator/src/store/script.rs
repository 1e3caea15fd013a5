//! SQL scripts: their statements one by one, and where each of them stands.

/// One statement of a script, without its semicolon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'a> {
    pub(crate) sql: &'a str,
    /// Where it begins in the script, in bytes.
    pub(crate) offset: usize,
}

impl<'a> Piece<'a> {
    /// Its first word, in upper case.
    pub(crate) fn verb(&self) -> String {
        words(self.sql)
            .next()
            .map_or_else(String::new, |(_, word)| word.to_ascii_uppercase())
    }
}

/// The statements of a script. Semicolons in strings, comments, and bodies of triggers end none.
pub(crate) fn pieces(script: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    // The first words of the statement, as far as they tell what it is.
    let mut head: Vec<String> = Vec::new();
    let mut start = None;
    // In a trigger: the token before was a semicolon; it was the END behind one.
    let (mut after_semicolon, mut after_end) = (false, false);
    for token in tokens(script) {
        match token.kind {
            Kind::Space => {}
            Kind::Semicolon => {
                if in_trigger(&head) && !after_end {
                    after_semicolon = true;
                    continue;
                }
                if let Some(start) = start.take() {
                    pieces.push(Piece {
                        sql: script[start..token.start].trim_end(),
                        offset: start,
                    });
                }
                head.clear();
                (after_semicolon, after_end) = (false, false);
            }
            Kind::Word | Kind::Other => {
                start.get_or_insert(token.start);
                let text = &script[token.start..token.end];
                after_end = after_semicolon && text.eq_ignore_ascii_case("END");
                after_semicolon = false;
                if head.len() < 3 && token.kind == Kind::Word {
                    head.push(text.to_ascii_uppercase());
                }
            }
        }
    }
    if let Some(start) = start {
        pieces.push(Piece {
            sql: script[start..].trim_end(),
            offset: start,
        });
    }
    pieces
}

/// Whether a statement can only read, as far as its words tell.
pub(crate) fn is_read(sql: &str) -> bool {
    let mut words = words(sql).map(|(_, word)| word.to_ascii_uppercase());
    match words.next().as_deref() {
        Some("SELECT" | "VALUES" | "EXPLAIN") => true,
        Some("WITH") => {
            !words.any(|word| matches!(word.as_str(), "INSERT" | "UPDATE" | "DELETE" | "REPLACE"))
        }
        _ => false,
    }
}

/// Whether a statement that begins so has statements in it.
fn in_trigger(head: &[String]) -> bool {
    let mut head = head.iter().map(String::as_str);
    head.next() == Some("CREATE")
        && match head.next() {
            Some("TEMP" | "TEMPORARY") => head.next() == Some("TRIGGER"),
            second => second == Some("TRIGGER"),
        }
}

/// A statement or script without comments and layout, to compare it by.
pub(crate) fn normalized(sql: &str) -> String {
    let tokens: Vec<_> = tokens(sql)
        .filter(|token| token.kind != Kind::Space)
        .map(|token| &sql[token.start..token.end])
        .collect();
    tokens.join(" ")
}

/// The line of a place in a script, from 1.
pub(crate) fn line(script: &str, offset: usize) -> usize {
    let before = script.as_bytes().get(..offset).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}

/// Where a word stands outside strings, comments and parentheses.
pub(crate) fn find_word(sql: &str, wanted: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for token in tokens(sql) {
        match (token.kind, &sql[token.start..token.end]) {
            (Kind::Other, "(") => depth += 1,
            (Kind::Other, ")") => depth = depth.saturating_sub(1),
            (Kind::Word, word) if depth == 0 && word.eq_ignore_ascii_case(wanted) => {
                return Some(token.start);
            }
            _ => {}
        }
    }
    None
}

/// The words of a statement outside strings and comments, with their places.
fn words(sql: &str) -> impl Iterator<Item = (usize, &str)> {
    tokens(sql)
        .filter(|token| token.kind == Kind::Word)
        .map(|token| (token.start, &sql[token.start..token.end]))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// White space and comments.
    Space,
    Semicolon,
    /// A keyword or a bare name.
    Word,
    /// A quoted text or name, a number, an operator.
    Other,
}

struct Token {
    kind: Kind,
    start: usize,
    end: usize,
}

/// Cuts SQL into tokens the way SQLite's `sqlite3_complete` does.
fn tokens(sql: &str) -> impl Iterator<Item = Token> {
    let bytes = sql.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let first = *bytes.get(at)?;
        let until = |from: usize, end: &str| {
            sql.get(from..)
                .and_then(|rest| rest.find(end))
                .map_or(bytes.len(), |found| from + found + end.len())
        };
        let is_name =
            |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80;
        let kind;
        (kind, at) = match first {
            b';' => (Kind::Semicolon, at + 1),
            b' ' | b'\t' | b'\r' | b'\n' | 0x0c => (Kind::Space, at + 1),
            b'-' if bytes.get(at + 1) == Some(&b'-') => (Kind::Space, until(at, "\n")),
            b'/' if bytes.get(at + 1) == Some(&b'*') => (Kind::Space, until(at + 2, "*/")),
            b'\'' | b'"' | b'`' => {
                let quote = sql.get(at..=at).unwrap_or_default();
                (Kind::Other, until(at + 1, quote))
            }
            b'[' => (Kind::Other, until(at + 1, "]")),
            byte if is_name(byte) => {
                let length = bytes[at..]
                    .iter()
                    .take_while(|byte| is_name(**byte))
                    .count();
                (Kind::Word, at + length)
            }
            _ => (Kind::Other, at + 1),
        };
        Some(Token {
            kind,
            start,
            end: at,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(script: &str) -> Vec<&str> {
        pieces(script).iter().map(|piece| piece.sql).collect()
    }

    #[test]
    fn statements_end_where_sqlite_ends_them() {
        let trigger =
            "CREATE TRIGGER tr AFTER INSERT ON t BEGIN UPDATE t SET a = ';'; DELETE FROM t; END";
        for (script, expected) in [
            ("SELECT 1", vec!["SELECT 1"]),
            ("SELECT 1;\n;; SELECT 2 ; ", vec!["SELECT 1", "SELECT 2"]),
            (
                "-- a; b\nSELECT ';--' /* ; */, \"a;b\", [c;d], `e;f`; SELECT 'it''s;'",
                vec![
                    "SELECT ';--' /* ; */, \"a;b\", [c;d], `e;f`",
                    "SELECT 'it''s;'",
                ],
            ),
            (&format!("{trigger};\nSELECT 3;"), vec![trigger, "SELECT 3"]),
            (
                "CREATE TEMP TRIGGER x AFTER DELETE ON t BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; END; SELECT 4",
                vec![
                    "CREATE TEMP TRIGGER x AFTER DELETE ON t BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; END",
                    "SELECT 4",
                ],
            ),
            (
                "CREATE TABLE trigger_log (a); SELECT 5",
                vec!["CREATE TABLE trigger_log (a)", "SELECT 5"],
            ),
            ("", vec![]),
            (" -- nothing\n/* at all", vec![]),
        ] {
            assert_eq!(cut(script), expected, "{script}");
        }
    }

    #[test]
    fn a_statement_knows_its_place_and_its_verb() {
        let script = "-- one\nCREATE TABLE a (b);\n\n  /* x */ insert INTO a VALUES (1);";
        let found: Vec<_> = pieces(script)
            .iter()
            .map(|piece| (line(script, piece.offset), piece.verb()))
            .collect();
        assert_eq!(found, [(2, "CREATE".to_owned()), (4, "INSERT".to_owned())]);
    }

    #[test]
    fn words_are_found_outside_of_quotes_and_parentheses() {
        let sql = "CREATE UNIQUE INDEX \"where\" ON t (a, (b WHERE)) /* where */ Where a > 'WHERE'";
        let found = find_word(sql, "WHERE").unwrap();
        assert_eq!(&sql[found..], "Where a > 'WHERE'");
        assert_eq!(find_word("CREATE INDEX i ON t (a)", "WHERE"), None);
    }
}
