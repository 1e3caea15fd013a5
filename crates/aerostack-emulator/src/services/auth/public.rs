//! The flavour for end users: accounts, sessions and profiles. Codes and mails are next door.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::email::{request_reset, resend_verification, reset_password, send_token, verify_email};
use super::one_time_tokens::CodeKind;
use super::otp::{send_code, verify_code};
use super::sessions::{self, Caller, Tokens};
use super::users::{self, User};
use super::{Project, check_password, clean_email, passwords};
use crate::clock::rfc3339;
use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, some};
use crate::platform::App;

pub(super) fn routes() -> Router<App> {
    let auth = Router::new()
        .route("/register", post(register))
        .route("/login", post(login))
        .route("/otp/send", post(send_code))
        .route("/otp/verify", post(verify_code))
        .route("/verify-email", get(verify_email))
        .route("/resend-verification", post(resend_verification))
        .route("/reset-password-request", post(request_reset))
        .route("/reset-password", post(reset_password))
        .route("/refresh", post(refresh))
        .route("/logout", post(logout))
        .route("/me", get(me).patch(update_me))
        .route("/me/avatar", delete(delete_avatar));
    Router::new().nest("/api/v1/public/projects/{projectSlug}/auth", auth)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RegisterRequest {
    email: String,
    password: String,
    #[serde(default, deserialize_with = "some")]
    name: Option<String>,
    #[serde(default)]
    custom_fields: Option<Map<String, Value>>,
    #[serde(default, rename = "turnstileToken", deserialize_with = "some")]
    _turnstile_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoginRequest {
    email: String,
    password: String,
    #[serde(default, rename = "turnstileToken", deserialize_with = "some")]
    _turnstile_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RefreshRequest {
    refresh_token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LogoutRequest {
    access_token: String,
    #[serde(default, rename = "refreshToken", deserialize_with = "some")]
    _refresh_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UpdateRequest {
    #[serde(default, deserialize_with = "some")]
    name: Option<String>,
    #[serde(default, deserialize_with = "some")]
    avatar_url: Option<String>,
    #[serde(default, deserialize_with = "some")]
    avatar_image_id: Option<String>,
    #[serde(default, rename = "customFields")]
    custom_fields: Option<Map<String, Value>>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthReply {
    /// Also there, as null, when the address has to be verified first.
    token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requires_verification: Option<bool>,
}

impl AuthReply {
    fn new(tokens: Tokens, user: Option<Value>) -> Self {
        Self {
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
    message: &'static str,
}

#[derive(Serialize)]
struct SuccessReply {
    success: bool,
}

#[derive(Serialize)]
struct UserReply {
    user: Value,
}

pub(super) fn message(message: &'static str) -> axum::Json<MessageReply> {
    axum::Json(MessageReply { message })
}

async fn register(
    _: Project,
    State(app): State<App>,
    Json(request): Json<RegisterRequest>,
) -> ApiResult<(StatusCode, axum::Json<AuthReply>)> {
    let email = clean_email(&request.email)?;
    passwords::check_strength(&request.password, "password")?;
    let mut extras = Map::new();
    merge(&app, &mut extras, request.custom_fields.unwrap_or_default());
    let user = User {
        email: Some(email.clone()),
        password: Some(app.auth.hasher.hash(request.password).await?),
        name: request.name,
        extras,
        ..User::new(app.clock.now_ms())
    };
    let added = user.clone();
    app.system
        .call(move |connection| users::insert(connection, &added))
        .await?;
    send_token(&app, CodeKind::Verification, &user.id, &email).await?;
    let reply = if app.config.require_verification {
        AuthReply {
            user: Some(user.for_public()),
            requires_verification: Some(true),
            ..AuthReply::default()
        }
    } else {
        signed_in(&app, &user).await?
    };
    Ok((StatusCode::CREATED, axum::Json(reply)))
}

async fn login(
    _: Project,
    State(app): State<App>,
    Json(request): Json<LoginRequest>,
) -> Reply<AuthReply> {
    let user = check_password(&app, &request.email, request.password).await?;
    if app.config.require_verification && user.verified_ms.is_none() {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "AUTH_EMAIL_NOT_VERIFIED",
            "Verify your email address first.",
        )
        .field("emailNotVerified", json!(true)));
    }
    signed_in(&app, &user).await.map(axum::Json)
}

async fn refresh(
    _: Project,
    State(app): State<App>,
    Json(request): Json<RefreshRequest>,
) -> Reply<AuthReply> {
    let state = Arc::clone(&app);
    let tokens = app
        .system
        .call(move |connection| sessions::refresh(connection, &state, &request.refresh_token))
        .await?;
    Ok(axum::Json(AuthReply::new(tokens, None)))
}

async fn logout(
    _: Project,
    State(app): State<App>,
    headers: axum::http::HeaderMap,
    caller: Caller,
    Json(request): Json<LogoutRequest>,
) -> Reply<SuccessReply> {
    if crate::http::keys::bearer(&headers) != Some(request.access_token.as_str()) {
        return Err(ApiError::validation(
            "accessToken is not the token of the Authorization header",
        )
        .field("field", json!("accessToken")));
    }
    app.system
        .call(move |connection| sessions::close(connection, &caller.session_id))
        .await?;
    Ok(axum::Json(SuccessReply { success: true }))
}

/// Answers the user flat; `PATCH` answers it inside `user`. Clients have to read both.
async fn me(_: Project, State(app): State<App>, caller: Caller) -> Reply<Value> {
    let user = app
        .system
        .call(move |connection| current(connection, &caller))
        .await?;
    Ok(axum::Json(user.for_public()))
}

async fn update_me(
    _: Project,
    State(app): State<App>,
    caller: Caller,
    Json(request): Json<UpdateRequest>,
) -> Reply<UserReply> {
    let picture = match (request.avatar_url, request.avatar_image_id) {
        (Some(url), _) if url.starts_with("https://") || url.starts_with("http://") => Some(url),
        (Some(_), _) => {
            return Err(ApiError::validation("avatar_url must be a URL")
                .field("field", json!("avatar_url")));
        }
        (None, Some(id)) => Some(format!("https://images.invalid/{id}")),
        (None, None) => None,
    };
    let state = Arc::clone(&app);
    let user = app
        .system
        .call(move |connection| {
            let mut user = current(connection, &caller)?;
            user.name = request.name.or(user.name);
            user.avatar_url = picture.or(user.avatar_url);
            merge(
                &state,
                &mut user.extras,
                request.custom_fields.unwrap_or_default(),
            );
            users::update(connection, &user)?;
            Ok(user)
        })
        .await?;
    Ok(axum::Json(UserReply {
        user: user.for_public(),
    }))
}

async fn delete_avatar(_: Project, State(app): State<App>, caller: Caller) -> Reply<MessageReply> {
    app.system
        .call(move |connection| {
            let user = User {
                avatar_url: None,
                ..current(connection, &caller)?
            };
            users::update(connection, &user)
        })
        .await?;
    Ok(message("The picture is removed."))
}

fn current(connection: &rusqlite::Connection, caller: &Caller) -> ApiResult<User> {
    users::by_id(connection, &caller.user_id)?
        .ok_or_else(|| ApiError::invalid_token("The user of this token does not exist."))
}

pub(super) async fn signed_in(app: &App, user: &User) -> ApiResult<AuthReply> {
    let (state, id) = (Arc::clone(app), user.id.clone());
    let tokens = app
        .system
        .call(move |connection| sessions::open(connection, &state, &id))
        .await?;
    Ok(AuthReply::new(tokens, Some(user.for_public())))
}

/// Takes over the custom fields the project knows.
fn merge(app: &App, extras: &mut Map<String, Value>, given: Map<String, Value>) {
    for (name, value) in given {
        if app
            .config
            .custom_fields
            .as_ref()
            .is_none_or(|known| known.contains(&name))
        {
            extras.insert(name, value);
        }
    }
}
