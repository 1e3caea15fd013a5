//! What answers chats when no AI endpoint is set: a double that repeats the last user message and says that it does.
//!
//! A token is a word together with the white space before it.

use crate::services::ai::chat::{ChatRequest, Role, TokenCount};

/// The model every answer of the double names.
pub(super) const MODEL: &str = "aerostack-local-echo";

/// What every answer of the double begins with.
const OPENING: &str = "[local echo, no model was asked]";

pub(super) struct Echo {
    /// The answer, one token after the other.
    pub(super) words: Vec<String>,
    pub(super) finish_reason: &'static str,
    pub(super) tokens: TokenCount,
}

impl Echo {
    pub(super) fn of(request: &ChatRequest) -> Self {
        let last = request
            .messages
            .iter()
            .rfind(|message| message.role == Role::User)
            .map_or("", |message| message.content.as_str());
        let mut words = split(&format!("{OPENING} {last}"));
        let most = request
            .max_tokens
            .and_then(|most| usize::try_from(most).ok())
            .unwrap_or(usize::MAX);
        let finish_reason = if words.len() > most { "length" } else { "stop" };
        words.truncate(most);
        let tokens = TokenCount {
            prompt: request.words(),
            completion: i64::try_from(words.len()).unwrap_or(i64::MAX),
        };
        Self {
            words,
            finish_reason,
            tokens,
        }
    }
}

/// Cuts a text before each run of white space that a word follows; the pieces together are the text.
fn split(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut in_word = false;
    for c in text.chars() {
        let begins = c.is_whitespace() && in_word;
        if begins || pieces.is_empty() {
            pieces.push(String::new());
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push(c);
        }
        in_word = !c.is_whitespace();
    }
    // White space at the end belongs to the last word.
    if let [.., last, tail] = pieces.as_mut_slice()
        && tail.trim().is_empty()
    {
        last.push_str(tail);
        pieces.pop();
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_pieces_are_the_text_and_hold_one_word_each(text in "[a-c \n\u{2003}ü]{0,40}") {
            let pieces = split(&text);
            prop_assert_eq!(pieces.concat(), text.clone());
            let words = text.split_whitespace().count();
            prop_assert_eq!(pieces.len(), words.max(usize::from(!text.is_empty())));
        }
    }
}
