//! Rust source as words and punctuation with line numbers: enough to find paths, with comments and literals left out.

use std::iter::Peekable;
use std::str::CharIndices;

/// A piece of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// An identifier or keyword, without `r#`.
    Word(String),
    /// `::`
    PathSep,
    /// Any other character.
    Punct(char),
    /// A string, character or number.
    Literal,
}

/// A piece of source and its line, counted from 1.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) line: usize,
}

impl Token {
    pub(super) fn is(&self, punct: char) -> bool {
        self.kind == Kind::Punct(punct)
    }

    pub(super) fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }
}

/// Splits `source`.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    Lexer {
        source,
        chars: source.char_indices().peekable(),
        line: 1,
        found: Vec::new(),
    }
    .run()
}

struct Lexer<'a> {
    source: &'a str,
    chars: Peekable<CharIndices<'a>>,
    line: usize,
    found: Vec<Token>,
}

impl Lexer<'_> {
    fn run(mut self) -> Vec<Token> {
        while let Some(&(at, first)) = self.chars.peek() {
            let rest = &self.source[at..];
            let line = self.line;
            let kind = if first.is_whitespace() {
                self.skip(first.len_utf8());
                None
            } else if rest.starts_with("//") {
                self.skip(rest.find('\n').unwrap_or(rest.len()));
                None
            } else if rest.starts_with("/*") {
                self.skip(block_comment(rest));
                None
            } else if let Some(length) = literal(rest) {
                self.skip(length);
                Some(Kind::Literal)
            } else if rest.starts_with("::") {
                self.skip(2);
                Some(Kind::PathSep)
            } else if is_word(first) {
                let rest = rest.strip_prefix("r#").map_or(rest, |raw| {
                    self.skip(2);
                    raw
                });
                let word: String = rest.chars().take_while(|c| is_word(*c)).collect();
                self.skip(word.len());
                Some(Kind::Word(word))
            } else {
                self.skip(first.len_utf8());
                Some(Kind::Punct(first))
            };
            self.found.extend(kind.map(|kind| Token { kind, line }));
        }
        self.found
    }

    /// Goes on by so many bytes.
    fn skip(&mut self, bytes: usize) {
        let Some(&(start, _)) = self.chars.peek() else {
            return;
        };
        while let Some(&(at, c)) = self.chars.peek() {
            if at >= start + bytes {
                break;
            }
            self.line += usize::from(c == '\n');
            self.chars.next();
        }
    }
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The length of the block comment at the start; they nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// The length of the string or character literal at the start, if there is one. Lifetimes are none.
fn literal(text: &str) -> Option<usize> {
    let prefix = text
        .bytes()
        .take_while(|b| b"bcr".contains(b))
        .count()
        .min(2);
    let (letters, rest) = text.split_at(prefix);
    if letters.contains('r') || rest.starts_with('#') {
        let hashes = rest.bytes().take_while(|b| *b == b'#').count();
        if letters.contains('r') && rest[hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let body = prefix + hashes + 1;
            let length = text[body..].find(&end).map(|at| at + end.len());
            return Some(length.map_or(text.len(), |length| body + length));
        }
    }
    if letters.is_empty() || matches!(letters, "b" | "c") {
        if rest.starts_with('"') {
            return Some(prefix + quoted(rest, '"'));
        }
        if let Some(inner) = rest.strip_prefix('\'') {
            let mut inner = inner.chars();
            let character = match (inner.next(), inner.next()) {
                (Some('\\'), _) => true,
                (Some(_), second) => second == Some('\''),
                (None, _) => false,
            };
            return character.then(|| prefix + quoted(rest, '\''));
        }
    }
    None
}

/// The length of a quoted text with backslash escapes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + c.len_utf8(),
            _ => {}
        }
    }
    text.len()
}
