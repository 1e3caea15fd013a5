//! The flavour for trusted servers: sign up and sign in behind the API key.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::users::{self, User};
use super::{check_password, clean_email, passwords, sessions};
use crate::clock::rfc3339;
use crate::error::{ApiResult, Reply};
use crate::http::extract::{Json, some};
use crate::platform::App;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/v1/auth/signup", post(signup))
        .route("/v1/auth/signin", post(signin))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignupRequest {
    email: String,
    password: String,
    #[serde(default, deserialize_with = "some")]
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
    State(app): State<App>,
    Json(request): Json<SignupRequest>,
) -> ApiResult<(StatusCode, axum::Json<AuthReply>)> {
    let email = clean_email(&request.email)?;
    passwords::check_length(&request.password)?;
    let user = User {
        email: Some(email),
        password: Some(app.auth.hasher.hash(request.password).await?),
        name: request.name,
        metadata: request.metadata.unwrap_or_default(),
        ..User::new(app.clock.now_ms())
    };
    let added = user.clone();
    app.system
        .call(move |connection| users::insert(connection, &added))
        .await?;
    Ok((StatusCode::CREATED, signed_in(&app, user).await?))
}

async fn signin(State(app): State<App>, Json(request): Json<SigninRequest>) -> Reply<AuthReply> {
    let user = check_password(&app, &request.email, request.password).await?;
    signed_in(&app, user).await
}

async fn signed_in(app: &App, user: User) -> Reply<AuthReply> {
    let (state, id) = (Arc::clone(app), user.id.clone());
    let tokens = app
        .system
        .call(move |connection| sessions::open_for_servers(connection, &state, &id))
        .await?;
    Ok(axum::Json(AuthReply {
        token: tokens.access,
        user: user.for_servers(),
        expires_at: rfc3339(tokens.expires_ms),
    }))
}
