//! What callers give, checked before anything is sent.

use std::time::Duration;

use aerostack_api::RawJson;
use serde::Serialize;

use crate::Error;

/// Bytes of a file. The documentation says 100 MB; the larger reading of it, so that only what is surely refused there
/// is refused here.
pub(crate) const FILE_LIMIT: u64 = 100 * 1024 * 1024;

/// Bytes of a cache value as JSON. An official SDK speaks of 25 MB; read as above.
pub(crate) const CACHE_VALUE_LIMIT: u64 = 25 * 1024 * 1024;

/// A size that the platform would not take.
pub(crate) fn size(what: &str, bytes: u64, limit: u64) -> Result<(), Error> {
    if bytes > limit {
        return Err(Error::invalid_input(format!(
            "the {what} has {bytes} bytes; the platform takes {limit} at most"
        )));
    }
    Ok(())
}

/// A text that must not be empty.
pub(crate) fn text(what: &str, text: &str) -> Result<(), Error> {
    if text.is_empty() {
        return Err(Error::invalid_input(format!("the {what} is empty")));
    }
    Ok(())
}

/// A name: not empty, and without control characters.
pub(crate) fn name(what: &str, name: &str) -> Result<(), Error> {
    text(what, name)?;
    if name.chars().any(char::is_control) {
        return Err(Error::invalid_input(format!(
            "the {what} holds a control character, a line break perhaps"
        )));
    }
    Ok(())
}

/// A name that stands in a path. It is percent-encoded there, but no encoding saves `.` and `..`, which a URL resolves.
pub(crate) fn segment(what: &str, segment: &str) -> Result<(), Error> {
    name(what, segment)?;
    if matches!(segment, "." | "..") {
        return Err(Error::invalid_input(format!(
            "the {what} is `{segment}`, which a URL would resolve away"
        )));
    }
    Ok(())
}

/// A slug: what the platform lets a name in a URL be.
pub(crate) fn slug(what: &str, slug: &str) -> Result<(), Error> {
    segment(what, slug)?;
    match slug
        .chars()
        .find(|c| !(c.is_ascii_alphanumeric() || "-_.".contains(*c)))
    {
        None => Ok(()),
        Some(c) => Err(Error::invalid_input(format!(
            "the {what} holds {c:?}; a slug has letters, digits, `-`, `_` and `.` only"
        ))),
    }
}

/// Any value as JSON.
pub(crate) fn json(what: &str, value: impl Serialize) -> Result<RawJson, Error> {
    RawJson::encode(&value)
        .map_err(|error| Error::invalid_input(format!("the {what} has no JSON form: {error}")))
}

/// A value that is an object as JSON.
pub(crate) fn object(what: &str, value: impl Serialize) -> Result<RawJson, Error> {
    let raw = json(what, value)?;
    if raw.text().starts_with('{') {
        return Ok(raw);
    }
    Err(Error::invalid_input(format!(
        "the {what} must be an object: give a struct or a map"
    )))
}

/// A duration in whole seconds, rounded up.
pub(crate) fn seconds(what: &str, duration: Duration) -> Result<i64, Error> {
    let seconds = duration
        .as_secs()
        .saturating_add(u64::from(duration.subsec_nanos() > 0));
    i64::try_from(seconds).map_err(|_| Error::invalid_input(format!("the {what} is too long")))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn slugs_and_segments_cannot_leave_their_place_in_a_path() {
        for (given, is_segment, is_slug) in [
            ("shipping-quote", true, true),
            ("v1.2_x", true, true),
            ("a..b", true, true),
            ("a b", true, false),
            ("ü", true, false),
            ("a/b", true, false),
            ("a?b", true, false),
            ("", false, false),
            (".", false, false),
            ("..", false, false),
            ("a\nb", false, false),
        ] {
            assert_eq!(segment("id", given).is_ok(), is_segment, "{given:?}");
            assert_eq!(slug("slug", given).is_ok(), is_slug, "{given:?}");
        }
    }

    #[test]
    fn objects_are_told_from_other_values() {
        assert!(object("data", &BTreeMap::from([("a", 1)])).is_ok());
        assert!(object("data", &BTreeMap::<String, i32>::new()).is_ok());
        assert!(object("data", &[1]).is_err());
        assert!(object("data", &()).is_err());
        assert!(object("data", &BTreeMap::from([((1, 2), 3)])).is_err());
    }

    #[test]
    fn parts_of_a_second_count_as_one() {
        for (millis, expected) in [(0, 0), (1, 1), (1000, 1), (1001, 2)] {
            assert_eq!(
                seconds("delay", Duration::from_millis(millis)).unwrap(),
                expected
            );
        }
        assert!(seconds("delay", Duration::MAX).is_err());
    }
}
