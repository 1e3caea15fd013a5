//! What goes by mail: confirming an address and setting a new password.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;

use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, Query, or_default};
use crate::http::rate_limit;
use crate::services::auth::mailbox::MailKind;
use crate::services::auth::one_time_tokens::{self, CodeKind};
use crate::services::auth::replies::{MessageReply, message};
use crate::services::auth::users::{self, Contact};
use crate::services::auth::{Auth, InProject, clean_email, passwords, sessions};

#[derive(Deserialize)]
pub(super) struct TokenQuery {
    #[serde(default)]
    pub(super) token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EmailRequest {
    pub(super) email: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ResetRequest {
    pub(super) email: String,
    #[serde(default, rename = "turnstileToken", deserialize_with = "or_default")]
    pub(super) _turnstile_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct NewPasswordRequest {
    pub(super) token: String,
    pub(super) new_password: String,
}

pub(super) async fn verify_email(
    _: InProject,
    State(auth): State<Auth>,
    Query(query): Query<TokenQuery>,
) -> Reply<MessageReply> {
    if query.token.is_empty() {
        return Err(ApiError::validation("token is required").field("field", json!("token")));
    }
    let now = auth.clock.now_ms();
    auth.db
        .call(move |connection| {
            let transaction = connection.transaction()?;
            let id =
                one_time_tokens::take(&transaction, CodeKind::Verification, &query.token, now)?;
            let user = id
                .map(|id| users::by_id(&transaction, &id))
                .transpose()?
                .flatten();
            let mut user = user.ok_or_else(|| {
                ApiError::new(
                    StatusCode::BAD_REQUEST,
                    "AUTH_INVALID_TOKEN",
                    "The token is wrong, used or expired.",
                )
            })?;
            user.verified_ms.get_or_insert(now);
            users::update(&transaction, &user)?;
            Ok(transaction.commit()?)
        })
        .await?;
    Ok(message("The email address is verified."))
}

pub(super) async fn resend_verification(
    _: InProject,
    State(auth): State<Auth>,
    Json(request): Json<EmailRequest>,
) -> Reply<MessageReply> {
    let email = clean_email(&request.email)?;
    auth.rates
        .count(&rate_limit::RESEND, &email, auth.clock.now_ms())?;
    let contact = Contact::Email(email.clone());
    let user = auth
        .db
        .call(move |connection| users::by_contact(connection, &contact))
        .await?;
    if let Some(user) = user.filter(|user| user.verified_ms.is_none()) {
        send_token(&auth, CodeKind::Verification, &user.id, &email).await?;
    }
    Ok(message(
        "If the address waits for verification, the mail is on its way.",
    ))
}

pub(super) async fn request_reset(
    _: InProject,
    State(auth): State<Auth>,
    Json(request): Json<ResetRequest>,
) -> Reply<MessageReply> {
    let email = clean_email(&request.email)?;
    auth.rates
        .count(&rate_limit::RESET, &email, auth.clock.now_ms())?;
    let contact = Contact::Email(email.clone());
    if let Some(user) = auth
        .db
        .call(move |connection| users::by_contact(connection, &contact))
        .await?
    {
        send_token(&auth, CodeKind::Reset, &user.id, &email).await?;
    }
    Ok(message("If the account exists, a mail is on its way."))
}

pub(super) async fn reset_password(
    _: InProject,
    State(auth): State<Auth>,
    Json(request): Json<NewPasswordRequest>,
) -> Reply<MessageReply> {
    passwords::check_strength(&request.new_password, "newPassword")?;
    let hash = auth.hasher.hash(request.new_password).await?;
    let now = auth.clock.now_ms();
    auth.db
        .call(move |connection| {
            let transaction = connection.transaction()?;
            let id = one_time_tokens::take(&transaction, CodeKind::Reset, &request.token, now)?
                .ok_or_else(|| {
                    ApiError::new(
                        StatusCode::UNAUTHORIZED,
                        "AUTH_RESET_TOKEN_INVALID",
                        "The token is wrong, used or expired.",
                    )
                })?;
            users::set_password(&transaction, &id, &hash)?;
            Ok(transaction.commit()?)
        })
        .await?;
    Ok(message("The password is changed."))
}

/// Mails a token that only its reader can know.
pub(super) async fn send_token(
    auth: &Auth,
    kind: CodeKind,
    user_id: &str,
    to: &str,
) -> ApiResult<()> {
    let (prefix, mail) = match kind {
        CodeKind::Reset => ("pr", MailKind::Reset),
        _ => ("ev", MailKind::Verification),
    };
    let (token, now) = (sessions::new_secret(prefix), auth.clock.now_ms());
    let (secret, target) = (token.clone(), user_id.to_owned());
    auth.db
        .call(move |connection| one_time_tokens::store(connection, kind, &target, &secret, now))
        .await?;
    auth.mailbox.send(mail, to, &token);
    Ok(())
}
