//! Names that only a secret has.

use heck::ToSnakeCase;

/// Names of one word, or the last words of longer names.
const SECRET_NAMES: &[&str] = &[
    "password",
    "secret",
    "token",
    "api_key",
    "otp",
    "credential",
];

/// Whether a text of this name is a secret. A `code` is a one-time code where a user sends it and the name of a failure
/// where the platform does.
pub(crate) fn is_secret(name: &str, sent: bool) -> bool {
    let name = name.to_snake_case();
    let is = |word: &str| {
        name == word
            || name
                .strip_suffix(word)
                .is_some_and(|rest| rest.ends_with('_'))
    };
    SECRET_NAMES.iter().any(|word| is(word)) || (sent && name == "code")
}
