//! The platform's names for failures.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// The platform's name for a failure: an open set, because new codes may appear at any time.
        ///
        /// Several codes have two spellings in the platform's own sources; both read as one variant, and
        /// [`as_str`](Self::as_str) gives the preferred one. Unknown codes keep their text.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)*
            /// A code this version does not know.
            Other(String),
        }

        impl ErrorCode {
            /// The code's text.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }

            fn known(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

codes! {
    /// The API key is missing or unknown.
    AuthInvalidKey = "AUTH_INVALID_KEY",
    /// E-mail address and password do not belong together.
    AuthInvalidCredentials = "AUTH_INVALID_CREDENTIALS",
    /// An account with this e-mail address exists.
    AuthUserExists = "AUTH_USER_EXISTS",
    /// The account's e-mail address was never confirmed.
    AuthEmailNotVerified = "AUTH_EMAIL_NOT_VERIFIED",
    /// Too many failed logins; the account is locked for a while.
    AuthAccountLocked = "AUTH_ACCOUNT_LOCKED",
    /// The user token is not valid.
    AuthInvalidToken = "AUTH_INVALID_TOKEN",
    /// The user token has expired.
    AuthTokenExpired = "AUTH_TOKEN_EXPIRED",
    /// The one-time code is wrong.
    AuthOtpInvalid = "AUTH_OTP_INVALID",
    /// The one-time code has expired.
    AuthOtpExpired = "AUTH_OTP_EXPIRED",
    /// The password does not meet the rules.
    AuthPasswordWeak = "AUTH_PASSWORD_WEAK",
    /// The token of a password reset is wrong or used up.
    AuthResetTokenInvalid = "AUTH_RESET_TOKEN_INVALID",
    /// No such account.
    AuthUserNotFound = "AUTH_USER_NOT_FOUND",
    /// The key may not do this.
    Forbidden = "FORBIDDEN",
    /// The request does not fit the operation.
    ValidationError = "VALIDATION_ERROR",
    /// The statement was refused or failed.
    DbQueryFailed = "DB_QUERY_FAILED",
    /// Too many calls.
    RateLimitExceeded = "RATE_LIMIT_EXCEEDED",
    /// The prompt is longer than the model can take.
    ContextTooLong = "CONTEXT_TOO_LONG",
    /// What the call names does not exist.
    NotFound = "NOT_FOUND",
    /// The platform failed.
    InternalError = "INTERNAL_ERROR",
}

impl From<&str> for ErrorCode {
    fn from(text: &str) -> Self {
        let preferred = match text {
            "AUTH_TOKEN_INVALID" | "INVALID_TOKEN" => "AUTH_INVALID_TOKEN",
            "EMAIL_ALREADY_IN_USE" => "AUTH_USER_EXISTS",
            "USER_NOT_FOUND" => "AUTH_USER_NOT_FOUND",
            "INVALID_OTP" => "AUTH_OTP_INVALID",
            "INVALID_REQUEST" => "VALIDATION_ERROR",
            "RATE_LIMIT" => "RATE_LIMIT_EXCEEDED",
            "INTERNAL_SERVER_ERROR" => "INTERNAL_ERROR",
            other => other,
        };
        Self::known(preferred).unwrap_or_else(|| Self::Other(text.to_owned()))
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_other_spellings_and_new_ones() {
        for (text, code) in [
            ("AUTH_INVALID_KEY", ErrorCode::AuthInvalidKey),
            ("AUTH_TOKEN_INVALID", ErrorCode::AuthInvalidToken),
            ("INVALID_TOKEN", ErrorCode::AuthInvalidToken),
            ("EMAIL_ALREADY_IN_USE", ErrorCode::AuthUserExists),
            ("BRAND_NEW", ErrorCode::Other("BRAND_NEW".into())),
        ] {
            assert_eq!(ErrorCode::from(text), code);
        }
        assert_eq!(
            ErrorCode::Other("BRAND_NEW".into()).to_string(),
            "BRAND_NEW"
        );
    }
}
