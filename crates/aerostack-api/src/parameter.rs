//! Values of path and query parameters.

use std::collections::BTreeMap;

use url::form_urlencoded::byte_serialize;

use crate::secret::Secret;

/// A value that can be sent as a path or query parameter.
///
/// A scalar is one pair of name and value, a list repeats the name, a map gives each entry a pair of its own, and an
/// absent value is no pair at all: the `form` style of OpenAPI.
pub trait Parameter {
    /// Calls `pair` once for each pair of name and value.
    fn pairs(&self, name: &str, pair: &mut dyn FnMut(&str, &str));
}

macro_rules! texts {
    ($($type:ty => $text:expr;)*) => {$(
        impl Parameter for $type {
            fn pairs(&self, name: &str, pair: &mut dyn FnMut(&str, &str)) {
                let text: fn(&$type) -> &str = $text;
                pair(name, text(self));
            }
        }
    )*};
}

texts! {
    str => |text| text;
    String => |text| text;
    Secret => |secret| secret.expose();
    bool => |value| if *value { "true" } else { "false" };
}

macro_rules! displayed {
    ($($type:ty)*) => {$(
        impl Parameter for $type {
            fn pairs(&self, name: &str, pair: &mut dyn FnMut(&str, &str)) {
                pair(name, &self.to_string());
            }
        }
    )*};
}

displayed!(i32 i64 u32 u64 f32 f64 uuid::Uuid);

impl<T: Parameter + ?Sized> Parameter for &T {
    fn pairs(&self, name: &str, pair: &mut dyn FnMut(&str, &str)) {
        (**self).pairs(name, pair);
    }
}

impl<T: Parameter> Parameter for Option<T> {
    fn pairs(&self, name: &str, pair: &mut dyn FnMut(&str, &str)) {
        if let Some(value) = self {
            value.pairs(name, pair);
        }
    }
}

impl<T: Parameter> Parameter for Vec<T> {
    fn pairs(&self, name: &str, pair: &mut dyn FnMut(&str, &str)) {
        for value in self {
            value.pairs(name, pair);
        }
    }
}

impl<T: Parameter> Parameter for BTreeMap<String, T> {
    fn pairs(&self, _: &str, pair: &mut dyn FnMut(&str, &str)) {
        for (name, value) in self {
            value.pairs(name, pair);
        }
    }
}

/// Appends a text as one path segment. Everything but ASCII letters, digits and `-._~` is percent-encoded, including
/// the backslash, which http URLs treat as a slash. Encoding cannot protect `.` and `..`; callers reject them.
pub(crate) fn push_segment(url: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push('%');
            url.push(char::from(HEX[usize::from(byte >> 4)]));
            url.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// Appends one query pair, without its separator.
pub(crate) fn push_pair(url: &mut String, name: &str, value: &str) {
    url.extend(byte_serialize(name.as_bytes()));
    url.push('=');
    url.extend(byte_serialize(value.as_bytes()));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use url::Url;

    use super::*;

    fn segment(text: &str) -> String {
        let mut url = String::new();
        push_segment(&mut url, text);
        url
    }

    #[test]
    fn characters_with_a_meaning_in_urls_are_encoded() {
        for (text, encoded) in [
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
            assert_eq!(segment(text), encoded);
        }
    }

    proptest! {
        #[test]
        fn any_text_stays_one_segment(text in ".{1,20}|[./\\\\%2eE]{1,8}") {
            prop_assume!(text != "." && text != "..");
            let path = format!("https://example.com/a/{}/z", segment(&text));
            let url = Url::parse(&path).unwrap();
            prop_assert_eq!(url.as_str(), path);
            prop_assert_eq!(url.path_segments().unwrap().count(), 3);
        }

        #[test]
        fn any_pair_is_read_back(name in ".{0,10}", value in ".{0,20}") {
            let mut query = String::from("https://example.com/?");
            push_pair(&mut query, &name, &value);
            let url = Url::parse(&query).unwrap();
            let pairs: Vec<_> = url.query_pairs().into_owned().collect();
            prop_assert_eq!(pairs, vec![(name, value)]);
        }
    }
}
