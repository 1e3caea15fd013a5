//! What several operations of end users answer.

use serde::Serialize;
use serde_json::Value;

use crate::clock::rfc3339;
use crate::error::ApiResult;
use crate::services::auth::Auth;
use crate::services::auth::sessions::{self, Tokens};
use crate::services::auth::users::User;

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthReply {
    pub(super) success: bool,
    /// Also there, as null, when the address has to be verified first.
    pub(super) token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) requires_verification: Option<bool>,
}

impl AuthReply {
    pub(super) fn new(tokens: Tokens, user: Option<Value>) -> Self {
        Self {
            success: true,
            token: Some(tokens.access.clone()),
            access_token: Some(tokens.access),
            refresh_token: tokens.refresh,
            expires_at: Some(rfc3339(tokens.expires_ms)),
            user,
            requires_verification: None,
        }
    }
}

#[derive(Serialize)]
pub(super) struct MessageReply {
    success: bool,
    message: &'static str,
}

pub(super) fn message(message: &'static str) -> axum::Json<MessageReply> {
    axum::Json(MessageReply {
        success: true,
        message,
    })
}

pub(super) async fn signed_in(auth: &Auth, user: &User) -> ApiResult<AuthReply> {
    let (state, id) = (auth.clone(), user.id.clone());
    let tokens = auth
        .db
        .call(move |connection| sessions::open(connection, &state, &id))
        .await?;
    Ok(AuthReply::new(tokens, Some(user.for_public())))
}
