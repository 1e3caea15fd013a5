//! The API for end users: accounts, sessions and profiles. One-time codes are in `otp`, mails in `email`.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, or_default};
use crate::http::keys::bearer;
use crate::http::operation::Routes;
use crate::http::operations::{
    PUBLIC_AUTH_DELETE_AVATAR, PUBLIC_AUTH_LOGIN, PUBLIC_AUTH_LOGOUT, PUBLIC_AUTH_ME,
    PUBLIC_AUTH_OTP_SEND, PUBLIC_AUTH_OTP_VERIFY, PUBLIC_AUTH_REFRESH, PUBLIC_AUTH_REGISTER,
    PUBLIC_AUTH_RESEND_VERIFICATION, PUBLIC_AUTH_RESET_PASSWORD,
    PUBLIC_AUTH_RESET_PASSWORD_REQUEST, PUBLIC_AUTH_UPDATE_ME, PUBLIC_AUTH_VERIFY_EMAIL,
};
use crate::services::auth::email::{
    request_reset, resend_verification, reset_password, send_token, verify_email,
};
use crate::services::auth::one_time_tokens::CodeKind;
use crate::services::auth::otp::{send_code, verify_code};
use crate::services::auth::replies::{AuthReply, MessageReply, message, signed_in};
use crate::services::auth::sessions::{self, Caller};
use crate::services::auth::users::{self, User};
use crate::services::auth::{Auth, InProject, check_password, clean_email, passwords};

pub(super) fn routes() -> Routes<Auth> {
    Routes::new()
        .on(&PUBLIC_AUTH_REGISTER, register)
        .on(&PUBLIC_AUTH_LOGIN, login)
        .on(&PUBLIC_AUTH_OTP_SEND, send_code)
        .on(&PUBLIC_AUTH_OTP_VERIFY, verify_code)
        .on(&PUBLIC_AUTH_VERIFY_EMAIL, verify_email)
        .on(&PUBLIC_AUTH_RESEND_VERIFICATION, resend_verification)
        .on(&PUBLIC_AUTH_RESET_PASSWORD_REQUEST, request_reset)
        .on(&PUBLIC_AUTH_RESET_PASSWORD, reset_password)
        .on(&PUBLIC_AUTH_REFRESH, refresh)
        .on(&PUBLIC_AUTH_LOGOUT, logout)
        .on(&PUBLIC_AUTH_ME, me)
        .on(&PUBLIC_AUTH_UPDATE_ME, update_me)
        .on(&PUBLIC_AUTH_DELETE_AVATAR, delete_avatar)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RegisterRequest {
    email: String,
    password: String,
    #[serde(default, deserialize_with = "or_default")]
    name: Option<String>,
    #[serde(default)]
    custom_fields: Option<Map<String, Value>>,
    #[serde(default, rename = "turnstileToken", deserialize_with = "or_default")]
    _turnstile_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoginRequest {
    email: String,
    password: String,
    #[serde(default, rename = "turnstileToken", deserialize_with = "or_default")]
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
    #[serde(default, rename = "refreshToken", deserialize_with = "or_default")]
    _refresh_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UpdateRequest {
    #[serde(default, deserialize_with = "or_default")]
    name: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    avatar_url: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    avatar_image_id: Option<String>,
    #[serde(default, rename = "customFields")]
    custom_fields: Option<Map<String, Value>>,
}

#[derive(Serialize)]
struct SuccessReply {
    success: bool,
}

#[derive(Serialize)]
struct UserReply {
    user: Value,
}

async fn register(
    _: InProject,
    State(auth): State<Auth>,
    Json(request): Json<RegisterRequest>,
) -> ApiResult<(StatusCode, axum::Json<AuthReply>)> {
    let email = clean_email(&request.email)?;
    passwords::check_strength(&request.password, "password")?;
    let mut extras = Map::new();
    merge(
        &auth,
        &mut extras,
        request.custom_fields.unwrap_or_default(),
    );
    let user = User {
        email: Some(email.clone()),
        password: Some(auth.hasher.hash(request.password).await?),
        name: request.name,
        extras,
        ..User::new(auth.clock.now_ms())
    };
    let added = user.clone();
    auth.db
        .call(move |connection| users::insert(connection, &added))
        .await?;
    send_token(&auth, CodeKind::Verification, &user.id, &email).await?;
    let reply = if auth.require_verification {
        AuthReply {
            success: true,
            user: Some(user.for_public()),
            requires_verification: Some(true),
            ..AuthReply::default()
        }
    } else {
        signed_in(&auth, &user).await?
    };
    Ok((StatusCode::CREATED, axum::Json(reply)))
}

async fn login(
    _: InProject,
    State(auth): State<Auth>,
    Json(request): Json<LoginRequest>,
) -> Reply<AuthReply> {
    let user = check_password(&auth, &request.email, request.password).await?;
    if auth.require_verification && user.verified_ms.is_none() {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "AUTH_EMAIL_NOT_VERIFIED",
            "Verify your email address first.",
        )
        .field("emailNotVerified", json!(true)));
    }
    signed_in(&auth, &user).await.map(axum::Json)
}

async fn refresh(
    _: InProject,
    State(auth): State<Auth>,
    Json(request): Json<RefreshRequest>,
) -> Reply<AuthReply> {
    let state = auth.clone();
    let tokens = auth
        .db
        .call(move |connection| sessions::refresh(connection, &state, &request.refresh_token))
        .await?;
    Ok(axum::Json(AuthReply::new(tokens, None)))
}

async fn logout(
    _: InProject,
    State(auth): State<Auth>,
    headers: axum::http::HeaderMap,
    caller: Caller,
    Json(request): Json<LogoutRequest>,
) -> Reply<SuccessReply> {
    if bearer(&headers) != Some(request.access_token.as_str()) {
        return Err(ApiError::validation(
            "accessToken is not the token of the Authorization header",
        )
        .field("field", json!("accessToken")));
    }
    auth.db
        .call(move |connection| sessions::close(connection, &caller.session_id))
        .await?;
    Ok(axum::Json(SuccessReply { success: true }))
}

/// Answers the user flat; `PATCH` answers it inside `user`. Clients have to read both.
async fn me(_: InProject, State(auth): State<Auth>, caller: Caller) -> Reply<Value> {
    let user = auth
        .db
        .call(move |connection| current(connection, &caller))
        .await?;
    Ok(axum::Json(user.for_public()))
}

async fn update_me(
    _: InProject,
    State(auth): State<Auth>,
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
    let state = auth.clone();
    let user = auth
        .db
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

async fn delete_avatar(
    _: InProject,
    State(auth): State<Auth>,
    caller: Caller,
) -> Reply<MessageReply> {
    auth.db
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

/// Takes over the custom fields the project knows.
fn merge(auth: &Auth, extras: &mut Map<String, Value>, given: Map<String, Value>) {
    for (name, value) in given {
        if auth
            .custom_fields
            .as_ref()
            .is_none_or(|known| known.contains(&name))
        {
            extras.insert(name, value);
        }
    }
}
