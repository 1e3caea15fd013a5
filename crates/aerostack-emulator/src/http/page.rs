//! Paging through sorted keys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::error::{ApiError, ApiResult};

/// The page size a request asks for.
pub(crate) fn limit(asked: Option<i64>, usual: usize, most: usize) -> ApiResult<usize> {
    match asked.map(usize::try_from) {
        None => Ok(usual),
        Some(Ok(limit)) if (1..=most).contains(&limit) => Ok(limit),
        Some(_) => Err(ApiError::validation(format!(
            "limit must be between 1 and {most}"
        ))),
    }
}

/// Names the last key of a page, in a form nobody is tempted to read.
pub(crate) fn encode_cursor(last: &str) -> String {
    URL_SAFE_NO_PAD.encode(last)
}

/// The key a page begins behind; empty for the first page.
pub(crate) fn decode_cursor(cursor: Option<&str>) -> ApiResult<String> {
    let Some(cursor) = cursor else {
        return Ok(String::new());
    };
    URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or_else(|| ApiError::validation("cursor is not one that a page before came with"))
}

/// The keys that begin with `prefix` are those from the first bound up to, not including, the second.
pub(crate) fn prefix_range(prefix: &str) -> (String, Option<String>) {
    let mut head: Vec<char> = prefix.chars().collect();
    while let Some(last) = head.pop() {
        // The next character value; the range skips the surrogates, and the very last one has no successor.
        let next = (last as u32 + 1..=char::MAX as u32).find_map(char::from_u32);
        if let Some(next) = next {
            head.push(next);
            return (prefix.to_owned(), Some(head.into_iter().collect()));
        }
    }
    (prefix.to_owned(), None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_cursor_comes_back_as_it_was(key in ".*") {
            prop_assert_eq!(decode_cursor(Some(&encode_cursor(&key))).unwrap(), key);
        }

        #[test]
        fn the_range_of_a_prefix_holds_exactly_the_keys_that_begin_with_it(
            prefix in "[a-c\u{d7ff}\u{10ffff}]{0,3}", key in "[a-c\u{d7ff}\u{e000}\u{10ffff}]{0,5}",
        ) {
            let (from, until) = prefix_range(&prefix);
            let within = key >= from && until.is_none_or(|until| key < until);
            prop_assert_eq!(within, key.starts_with(&prefix));
        }
    }

    #[test]
    fn page_sizes_outside_the_bounds_are_refused() {
        for (asked, expected) in [
            (None, Some(100)),
            (Some(1), Some(1)),
            (Some(1000), Some(1000)),
        ] {
            assert_eq!(limit(asked, 100, 1000).ok(), expected);
        }
        for asked in [0, -1, 1001, i64::MAX] {
            assert!(limit(Some(asked), 100, 1000).is_err(), "{asked}");
        }
    }
}
