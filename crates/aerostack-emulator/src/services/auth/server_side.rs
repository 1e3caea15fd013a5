//! The API for trusted servers: sign-up and sign-in behind the secret key.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::rfc3339;
use crate::error::{ApiResult, Reply};
use crate::http::extract::{Json, or_default};
use crate::http::operation::Routes;
use crate::http::operations::{AUTH_SIGNIN, AUTH_SIGNUP};
use crate::services::auth::users::{self, User};
use crate::services::auth::{Auth, check_password, clean_email, passwords, sessions};

pub(super) fn routes() -> Routes<Auth> {
    Routes::new()
        .on(&AUTH_SIGNUP, signup)
        .on(&AUTH_SIGNIN, signin)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignupRequest {
    email: String,
    password: String,
    #[serde(default, deserialize_with = "or_default")]
    name: Option<String>,
    #[serde(default)]
    metadata: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SigninRequest {
    email: String,
    password: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthReply {
    token: String,
    user: Value,
    expires_at: String,
}

async fn signup(
    State(auth): State<Auth>,
    Json(request): Json<SignupRequest>,
) -> ApiResult<(StatusCode, axum::Json<AuthReply>)> {
    let email = clean_email(&request.email)?;
    passwords::check_length(&request.password)?;
    let user = User {
        email: Some(email),
        password: Some(auth.hasher.hash(request.password).await?),
        name: request.name,
        metadata: request.metadata.unwrap_or_default(),
        ..User::new(auth.clock.now_ms())
    };
    let added = user.clone();
    auth.db
        .call(move |connection| users::insert(connection, &added))
        .await?;
    Ok((StatusCode::CREATED, signed_in(&auth, user).await?))
}

async fn signin(State(auth): State<Auth>, Json(request): Json<SigninRequest>) -> Reply<AuthReply> {
    let user = check_password(&auth, &request.email, request.password).await?;
    signed_in(&auth, user).await
}

async fn signed_in(auth: &Auth, user: User) -> Reply<AuthReply> {
    let (state, id) = (auth.clone(), user.id.clone());
    let tokens = auth
        .db
        .call(move |connection| sessions::open_for_servers(connection, &state, &id))
        .await?;
    Ok(axum::Json(AuthReply {
        token: tokens.access,
        user: user.for_servers(),
        expires_at: rfc3339(tokens.expires_ms),
    }))
}
