//! Aerostack in an [axum](https://docs.rs/axum) service. With the feature `axum`.
//!
//! | for | there is |
//! |---|---|
//! | signed-in users | the extractors [`AuthUser`], [`OptionalAuthUser`] and [`BearerToken`] |
//! | errors | [`Error`](crate::Error) is a response: a fitting status, and nothing of the inside |
//! | streaming to the browser | [`ChatStream`](crate::ai::ChatStream) is a response of server-sent events; [`events`] makes one of any stream, such as a subscription |
//! | uploads from the browser | [`UploadBody`](crate::storage::UploadBody) is made of a request body; [`upload_field`] stores a field of a form |
//!
//! ```
//! use std::time::Duration;
//!
//! use aerostack::{Client, Error, auth::User, axum::{AuthUser, TokenVerifier}};
//! use axum::{Json, Router, extract::{FromRef, State}, routing::get};
//!
//! #[derive(Clone, FromRef)]
//! struct App {
//!     client: Client,
//!     tokens: TokenVerifier,
//! }
//!
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Note {
//!     id: i64,
//!     text: String,
//! }
//!
//! async fn notes(AuthUser(user): AuthUser, State(client): State<Client>) -> Result<Json<Vec<Note>>, Error> {
//!     Ok(Json(client.db().query("SELECT id, text FROM notes WHERE owner = ?").bind(user.id).await?))
//! }
//!
//! fn app(client: Client) -> Router {
//!     let tokens = TokenVerifier::new(client.clone()).cache_for(Duration::from_secs(30));
//!     Router::new().route("/notes", get(notes)).with_state(App { client, tokens })
//! }
//! ```
//!
//! A [`Client`](crate::Client) alone serves as the state too; every request then asks the platform about its token.

mod auth;
mod error;
mod events;
mod upload;

pub use auth::{AuthRejection, AuthUser, BearerToken, OptionalAuthUser, TokenVerifier};
pub use error::status_of;
pub use events::events;
pub use upload::upload_field;
