//! Sign-in by one-time code.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, or_default};
use crate::http::rate_limit;
use crate::services::auth::mailbox::MailKind;
use crate::services::auth::one_time_tokens::{self, Checked, CodeKind};
use crate::services::auth::replies::{AuthReply, signed_in};
use crate::services::auth::users::{self, Contact, User};
use crate::services::auth::{Auth, InProject, clean_email, locked};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SendCodeRequest {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) email: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) phone: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyCodeRequest {
    #[serde(default, deserialize_with = "or_default")]
    pub(super) email: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) phone: Option<String>,
    pub(super) code: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodeReply {
    success: bool,
    pub(super) message: &'static str,
    pub(super) account_exists: bool,
}

pub(super) async fn send_code(
    _: InProject,
    State(auth): State<Auth>,
    Json(request): Json<SendCodeRequest>,
) -> Reply<CodeReply> {
    let contact = contact(request.email, request.phone)?;
    let (code, now) = (one_time_tokens::new_code(), auth.clock.now_ms());
    auth.rates
        .count(&rate_limit::CODE_SENT, contact.as_str(), now)?;
    let (to, secret) = (contact.as_str().to_owned(), code.clone());
    let account_exists = auth
        .db
        .call(move |connection| {
            one_time_tokens::store(connection, CodeKind::SignIn, contact.as_str(), &secret, now)?;
            Ok(users::by_contact(connection, &contact)?.is_some())
        })
        .await?;
    auth.mailbox.send(MailKind::Code, &to, &code);
    Ok(axum::Json(CodeReply {
        success: true,
        message: "The code is on its way.",
        account_exists,
    }))
}

/// Signs in by code; an address or number without an account gets one.
pub(super) async fn verify_code(
    _: InProject,
    State(auth): State<Auth>,
    Json(request): Json<VerifyCodeRequest>,
) -> Reply<AuthReply> {
    let contact = contact(request.email, request.phone)?;
    let code = request.code;
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ApiError::validation("code must have 6 digits").field("field", json!("code")));
    }
    let now = auth.clock.now_ms();
    auth.rates
        .count(&rate_limit::CODE_TRIED, contact.as_str(), now)?;
    let (checked, user) = auth
        .db
        .call(move |connection| {
            let transaction = connection.transaction()?;
            let known = users::by_contact(&transaction, &contact)?;
            if known
                .as_ref()
                .is_some_and(|user| user.locked_until_ms > now)
            {
                return Err(locked());
            }
            let checked = one_time_tokens::redeem(
                &transaction,
                CodeKind::SignIn,
                contact.as_str(),
                &code,
                now,
            )?;
            let user = match (&checked, known) {
                (Checked::Good, known) => Some(confirmed(&transaction, known, contact, now)?),
                _ => None,
            };
            // Kept even when the code was wrong: the guess counts.
            transaction.commit()?;
            Ok((checked, user))
        })
        .await?;
    let refused = |code, message| ApiError::new(StatusCode::UNAUTHORIZED, code, message);
    match (checked, user) {
        (Checked::Good, Some(user)) => signed_in(&auth, &user).await.map(axum::Json),
        (Checked::Expired, _) => Err(refused(
            "AUTH_OTP_EXPIRED",
            "The code has expired; ask for a new one.",
        )),
        _ => Err(refused("AUTH_OTP_INVALID", "The code is wrong.")),
    }
}

/// The account of a contact that has just proved to be the user's.
pub(super) fn confirmed(
    connection: &rusqlite::Connection,
    known: Option<User>,
    contact: Contact,
    now: i64,
) -> ApiResult<User> {
    let by_mail = matches!(contact, Contact::Email(_));
    match known {
        Some(mut user) => {
            if by_mail && user.verified_ms.is_none() {
                user.verified_ms = Some(now);
                users::update(connection, &user)?;
            }
            Ok(user)
        }
        None => {
            let mut user = User::new(now);
            match contact {
                Contact::Email(email) => {
                    user.email = Some(email);
                    user.verified_ms = Some(now);
                }
                Contact::Phone(phone) => user.phone = Some(phone),
            }
            users::insert(connection, &user)?;
            Ok(user)
        }
    }
}

/// Exactly one of the two.
pub(super) fn contact(email: Option<String>, phone: Option<String>) -> ApiResult<Contact> {
    match (email, phone) {
        (Some(email), None) => clean_email(&email).map(Contact::Email),
        (None, Some(phone)) => {
            let digits = phone.strip_prefix('+').unwrap_or_default();
            let valid = (7..=15).contains(&digits.len())
                && !digits.starts_with('0')
                && digits.bytes().all(|byte| byte.is_ascii_digit());
            if valid {
                Ok(Contact::Phone(phone))
            } else {
                Err(ApiError::validation(
                    "phone is not a number in E.164 form, such as +351910000000",
                )
                .field("field", json!("phone")))
            }
        }
        _ => Err(ApiError::validation("give exactly one of email and phone")),
    }
}
