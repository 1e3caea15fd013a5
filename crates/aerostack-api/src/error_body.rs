//! Reading what a server says went wrong, whatever shape it says it in.

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

use crate::raw_json::RawJson;

/// How much of an error's body is kept.
pub const ERROR_BODY_LIMIT: usize = 64 * 1024;

/// What could be read from an error's body.
///
/// The platform answers in five shapes: `{code, message}`, `{error: {code, message}}`, `{error: "CODE", message}`,
/// `{error: "text"}`, and any of these with `field`. A proxy in between may answer in HTML. Nothing here fails: what
/// cannot be read stays in `raw`.
#[derive(Clone, Default)]
pub struct ErrorBody {
    /// The platform's name for the failure.
    pub code: Option<String>,
    /// The platform's sentence about it.
    pub message: Option<String>,
    /// The field a validation failure names.
    pub field: Option<String>,
    /// Further details, of no fixed shape.
    pub details: Option<RawJson>,
    /// The account exists but its e-mail address was never confirmed.
    pub email_not_verified: bool,
    /// The body as it came, cut at [`ERROR_BODY_LIMIT`].
    pub raw: Bytes,
}

/// Without the body as it came, which may be a user's.
impl fmt::Debug for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorBody")
            .field("code", &self.code)
            .field("message", &self.message)
            .field("field", &self.field)
            .field("raw", &format_args!("{} bytes", self.raw.len()))
            .finish_non_exhaustive()
    }
}

impl ErrorBody {
    /// Reads a body.
    pub fn parse(raw: Bytes) -> Self {
        let mut body = match serde_json::from_slice::<Value>(&raw) {
            Ok(Value::Object(object)) => Self::from_object(&object),
            _ => Self::default(),
        };
        body.raw = raw;
        body
    }

    fn from_object(object: &serde_json::Map<String, Value>) -> Self {
        let text = |from: &serde_json::Map<String, Value>, key: &str| {
            from.get(key)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let inner = match object.get("error") {
            Some(Value::Object(inner)) => Some(inner),
            _ => None,
        };
        let error = text(object, "error");
        let mut code = text(object, "code").or_else(|| inner.and_then(|inner| text(inner, "code")));
        let mut message =
            text(object, "message").or_else(|| inner.and_then(|inner| text(inner, "message")));
        if let Some(error) = error {
            if code.is_none() && looks_like_code(&error) {
                code = Some(error);
            } else if message.is_none() {
                message = Some(error);
            }
        }
        let details = object
            .get("details")
            .or_else(|| inner.and_then(|inner| inner.get("details")))
            .filter(|details| !details.is_null());
        Self {
            code,
            message,
            field: text(object, "field"),
            details: details.and_then(|details| RawJson::encode(details).ok()),
            email_not_verified: object.get("emailNotVerified") == Some(&Value::Bool(true)),
            raw: Bytes::new(),
        }
    }
}

/// `AUTH_USER_EXISTS` is a code, `Not enough tokens` is a sentence.
fn looks_like_code(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> ErrorBody {
        ErrorBody::parse(Bytes::copy_from_slice(text.as_bytes()))
    }

    #[test]
    fn every_shape_the_platform_uses_gives_code_and_message() {
        for (body, code, message) in [
            (
                r#"{"code":"AUTH_INVALID_KEY","message":"no"}"#,
                Some("AUTH_INVALID_KEY"),
                Some("no"),
            ),
            (
                r#"{"error":{"code":"RATE_LIMIT_EXCEEDED","message":"slow"}}"#,
                Some("RATE_LIMIT_EXCEEDED"),
                Some("slow"),
            ),
            (
                r#"{"error":"EMAIL_ALREADY_IN_USE","message":"taken"}"#,
                Some("EMAIL_ALREADY_IN_USE"),
                Some("taken"),
            ),
            (r#"{"error":"UNAUTHORIZED"}"#, Some("UNAUTHORIZED"), None),
            (
                r#"{"error":"Not enough tokens"}"#,
                None,
                Some("Not enough tokens"),
            ),
            (
                r#"{"error":"Not enough tokens","code":"QUOTA"}"#,
                Some("QUOTA"),
                Some("Not enough tokens"),
            ),
            ("<html>502 Bad Gateway</html>", None, None),
            ("", None, None),
            ("null", None, None),
            ("[]", None, None),
            (r#"{"code":7,"message":null}"#, None, None),
        ] {
            let read = parse(body);
            assert_eq!(read.code.as_deref(), code, "{body}");
            assert_eq!(read.message.as_deref(), message, "{body}");
            assert_eq!(read.raw, body.as_bytes(), "{body}");
        }
    }

    #[test]
    fn validation_details_and_flags_are_kept() {
        let read = parse(
            r#"{"code":"VALIDATION_ERROR","message":"m","field":"email","details":{"fieldErrors":{"email":["bad"]}}}"#,
        );
        assert_eq!(read.field.as_deref(), Some("email"));
        assert_eq!(
            read.details.unwrap().text(),
            r#"{"fieldErrors":{"email":["bad"]}}"#
        );
        assert!(parse(r#"{"error":"x y","emailNotVerified":true}"#).email_not_verified);
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived_and_kept(bytes: Vec<u8>) {
            let read = ErrorBody::parse(Bytes::from(bytes.clone()));
            prop_assert_eq!(read.raw, bytes);
        }
    }
}
