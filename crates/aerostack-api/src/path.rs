//! Names within paths.

use std::fmt::Write as _;

/// Encodes a text as one segment of a path. Everything but letters, digits and `-._~` is percent-encoded, the backslash
/// too, which URLs of http take for a slash. Nothing helps `.` and `..`, which are resolved away in any form: whoever
/// calls refuses them.
pub(crate) fn encode_path(text: &str) -> String {
    let mut segment = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            // Writing to a string has no way to fail.
            let _ = write!(segment, "%{byte:02X}");
        }
    }
    segment
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    #[test]
    fn what_means_something_in_a_url_is_encoded() {
        for (text, segment) in [
            ("art_7d21", "art_7d21"),
            ("v1.2~x-y", "v1.2~x-y"),
            ("a/b", "a%2Fb"),
            (r"a\.", "a%5C."),
            ("a?b#c", "a%3Fb%23c"),
            ("100%", "100%25"),
            ("a;b=c:d@e", "a%3Bb%3Dc%3Ad%40e"),
            ("ü", "%C3%BC"),
            ("", ""),
        ] {
            assert_eq!(encode_path(text), segment);
        }
    }

    proptest! {
        #[test]
        fn a_segment_stays_one_whatever_it_holds(text in ".{1,20}|[./\\\\%2eE]{1,8}") {
            prop_assume!(text != "." && text != "..");
            let path = format!("https://example.com/a/{}/z", encode_path(&text));
            let url = Url::parse(&path).unwrap();
            prop_assert_eq!(url.as_str(), path);
            prop_assert_eq!(url.path_segments().unwrap().count(), 3);
        }
    }
}
