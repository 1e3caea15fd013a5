//! The types of the generated client that hold secrets, printed.

use std::fmt::Debug;

use serde::de::DeserializeOwned;

use crate::types::TYPES;

/// A type, and how it looks when it is made of planted secrets.
pub(crate) struct Type {
    pub(crate) name: &'static str,
    /// How many secrets it holds.
    pub(crate) secrets: usize,
    pub(crate) json: &'static str,
    pub(crate) show: fn(&str) -> String,
}

pub(crate) fn shown<T: DeserializeOwned + Debug>(json: &str) -> String {
    let decoded: T = serde_json::from_str(json).unwrap();
    format!("{decoded:?} {decoded:#?}")
}

#[test]
fn no_type_that_holds_a_secret_shows_it() {
    assert!(TYPES.len() > 10, "only {} types", TYPES.len());
    for of in TYPES {
        let (name, text) = (of.name, (of.show)(of.json));
        assert!(of.json.contains("Planted"), "{name}");
        assert!(!text.contains("Planted"), "{name}: {text}");
        let hidden = text.matches("[redacted]").count();
        assert_eq!(hidden, 2 * of.secrets, "{name}: {text}");
    }
}
