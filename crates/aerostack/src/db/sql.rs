//! Just enough of SQL's grammar to find placeholders and to tell a statement that only reads.
//!
//! Strings, quoted identifiers and comments are skipped, so that a `?` or a keyword inside them counts for nothing.
//! Where a text is beyond this, the answer is the careful one: the statement may write.

use std::ops::Range;

/// A part of a statement that matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A bare word: a keyword, a name, a number.
    Word(&'a str),
    /// `?`, or `?7` with its number.
    Positional { at: Range<usize>, number: &'a str },
    /// `:name`, `@name` or `$name`, without its prefix.
    Named { at: Range<usize>, name: &'a str },
    /// `;`
    Semicolon,
    /// `(`
    Open,
    /// A string, a quoted identifier, an operator.
    Other,
}

/// Splits a statement into tokens, leaving out white space and comments.
pub(super) fn tokens(sql: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = &sql[at..];
            let first = rest.chars().next()?;
            let start = at;
            let (length, token) = match first {
                c if c.is_whitespace() => (c.len_utf8(), None),
                '-' if rest.starts_with("--") => (rest.find('\n').unwrap_or(rest.len()), None),
                '/' if rest.starts_with("/*") => {
                    (rest[2..].find("*/").map_or(rest.len(), |end| end + 4), None)
                }
                '\'' | '"' | '`' => (quoted(rest, first), Some(Token::Other)),
                '[' => (
                    rest.find(']').map_or(rest.len(), |end| end + 1),
                    Some(Token::Other),
                ),
                ';' => (1, Some(Token::Semicolon)),
                '(' => (1, Some(Token::Open)),
                '?' => {
                    let digits = run(&rest[1..], |c| c.is_ascii_digit());
                    let token = Token::Positional {
                        at: start..start + 1 + digits,
                        number: &rest[1..1 + digits],
                    };
                    (1 + digits, Some(token))
                }
                // A cast of PostgreSQL, not a parameter.
                ':' if rest.starts_with("::") => (2, Some(Token::Other)),
                ':' | '@' | '$' => {
                    let name = run(&rest[1..], is_name);
                    let token = match name {
                        0 => Token::Other,
                        _ => Token::Named {
                            at: start..start + 1 + name,
                            name: &rest[1..1 + name],
                        },
                    };
                    (1 + name, Some(token))
                }
                c if is_name(c) => {
                    let length = run(rest, |c| is_name(c) || c == '$');
                    (length, Some(Token::Word(&rest[..length])))
                }
                c => (c.len_utf8(), Some(Token::Other)),
            };
            at += length;
            if token.is_some() {
                return token;
            }
        }
    })
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || !c.is_ascii()
}

/// Bytes of the characters at the start that satisfy a condition.
fn run(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|c| !holds(c)).unwrap_or(text.len())
}

/// Bytes of a quoted text with its quotes; a doubled quote stands for itself. An open one runs to the end.
fn quoted(text: &str, quote: char) -> usize {
    let mut inside = text[1..].char_indices().peekable();
    while let Some((at, c)) = inside.next() {
        if c == quote && inside.next_if(|(_, next)| *next == quote).is_none() {
            return 1 + at + 1;
        }
    }
    text.len()
}

/// Words that change something wherever they stand. `REPLACE` is missing, because it is a function as well; the
/// statement has `INTO` behind it.
const WRITING: [&str; 16] = [
    "INSERT", "UPDATE", "DELETE", "MERGE", "INTO", "CREATE", "ALTER", "DROP", "TRUNCATE", "PRAGMA",
    "ATTACH", "DETACH", "VACUUM", "REINDEX", "CALL", "LOCK",
];

/// Whether a statement surely reads only: one `SELECT`, `VALUES`, `WITH` or `EXPLAIN` without a word that writes.
/// Functions of the database's own are taken to have no effect, as SQLite's have none.
pub(super) fn only_reads(sql: &str) -> bool {
    let mut tokens = tokens(sql).skip_while(|token| *token == Token::Open);
    let Some(Token::Word(first)) = tokens.next() else {
        return false;
    };
    if !is_any(first, &["SELECT", "VALUES", "WITH", "EXPLAIN"]) {
        return false;
    }
    let mut ended = false;
    for token in tokens {
        match token {
            Token::Semicolon => ended = true,
            // A second statement could do anything.
            _ if ended => return false,
            Token::Word(word) if is_any(word, &WRITING) => return false,
            _ => {}
        }
    }
    true
}

fn is_any(word: &str, words: &[&str]) -> bool {
    words.iter().any(|other| word.eq_ignore_ascii_case(other))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn statements_that_only_read_are_recognized() {
        for sql in [
            "SELECT * FROM users",
            "  select 1;",
            "-- newest first\nSELECT id FROM notes",
            "/* a ; b */ SELECT 1 ; -- done",
            "(SELECT 1) UNION (SELECT 2)",
            "VALUES (1), (2)",
            "WITH recent AS (SELECT * FROM notes) SELECT * FROM recent",
            "EXPLAIN QUERY PLAN SELECT 1",
            "SELECT replace(name, 'a', 'b') FROM users",
            "SELECT 'DELETE FROM users; DROP TABLE users'",
            "SELECT \"update\", [delete], `insert` FROM users",
            "SELECT 'it''s; INSERT INTO' AS text",
            "SELECT updated_at, deleted FROM users",
        ] {
            assert!(only_reads(sql), "{sql}");
        }
    }

    #[test]
    fn statements_that_write_or_might_are_not() {
        for sql in [
            "",
            ";",
            "INSERT INTO users DEFAULT VALUES",
            "insert into users default values returning *",
            "UPDATE users SET name = 'SELECT'",
            "DELETE FROM users",
            "REPLACE INTO users VALUES (1)",
            "WITH old AS (SELECT 1) DELETE FROM users",
            "WITH gone AS (DELETE FROM users RETURNING *) SELECT * FROM gone",
            "SELECT 1; DELETE FROM users",
            "SELECT * INTO copy FROM users",
            "SELECT * FROM users FOR UPDATE",
            "EXPLAIN ANALYZE DELETE FROM users",
            "PRAGMA user_version",
            "CREATE TABLE a (b)",
            "/* SELECT */ DELETE FROM users",
            "-- SELECT\nDELETE FROM users",
            "'SELECT'",
        ] {
            assert!(!only_reads(sql), "{sql}");
        }
    }

    #[test]
    fn placeholders_are_found_outside_of_strings_and_comments() {
        let sql =
            "SELECT ? , '?', \"?\", :a, @b, $c, ?7, x::text -- ?\n/* ? */ FROM t WHERE é = :é";
        let found: Vec<&str> = tokens(sql)
            .filter_map(|token| match token {
                Token::Positional { at, .. } | Token::Named { at, .. } => Some(&sql[at]),
                _ => None,
            })
            .collect();
        assert_eq!(found, ["?", ":a", "@b", "$c", "?7", ":é"]);
    }

    proptest! {
        #[test]
        fn any_text_is_split_without_a_panic_and_in_order(sql in "[-a-zA-Z0-9?:@$'\"`\\[\\]();/*\\n é]{0,60}") {
            let mut end = 0;
            for token in tokens(&sql) {
                if let Token::Positional { at, .. } | Token::Named { at, .. } = token {
                    prop_assert!(at.start >= end && at.end <= sql.len());
                    end = at.end;
                }
            }
            only_reads(&sql);
        }

        #[test]
        fn what_a_string_holds_makes_no_difference(inside in "\\PC{0,30}") {
            let quoted = inside.replace('\'', "''");
            let read = format!("SELECT '{quoted}' FROM t");
            let write = format!("DELETE FROM t WHERE a = '{quoted}'");
            prop_assert!(only_reads(&read));
            prop_assert!(!only_reads(&write));
        }
    }
}
