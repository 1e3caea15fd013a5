//! A small web service on Aerostack: users behind a token check, tasks stored with `RETURNING *`.
//!
//! ```text
//! cargo run --example axum-tasks                # with a local Aerostack in this process
//! cargo run --example axum-tasks -- --remote    # with the platform the environment names
//! ```
//!
//! It listens on 127.0.0.1:3000, or on the port in `PORT`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows, and a service of this size logs to the terminal"
)]

#[cfg(test)]
mod tests;

use std::env;

use aerostack::{Client, ErrorKind, auth::User};
use aerostack_emulator::Emulator;
use axum::{
    Json, Router,
    extract::{FromRequestParts, State},
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS users (
        id INTEGER PRIMARY KEY,
        email TEXT NOT NULL UNIQUE,
        name TEXT
    );
    CREATE TABLE IF NOT EXISTS tasks (
        id INTEGER PRIMARY KEY,
        owner TEXT NOT NULL,
        title TEXT NOT NULL,
        done INTEGER NOT NULL DEFAULT 0
    );
";

#[derive(Serialize, Deserialize)]
struct Person {
    id: i64,
    email: String,
    name: Option<String>,
}

#[derive(Deserialize)]
struct NewTask {
    title: String,
}

#[derive(Serialize, Deserialize)]
struct Task {
    id: i64,
    owner: String,
    title: String,
    done: bool,
}

/// The service, ready to be served. The client is its whole state: cheap to clone, one pool of connections.
fn app(client: Client) -> Router {
    Router::new()
        .route("/users", get(list_users))
        .route("/tasks", post(create_task))
        .with_state(client)
}

async fn list_users(
    _: AuthUser,
    State(client): State<Client>,
) -> Result<Json<Vec<Person>>, Refusal> {
    let users = client
        .db()
        .query("SELECT id, email, name FROM users ORDER BY id LIMIT ?")
        .bind(100)
        .await?;
    Ok(Json(users))
}

async fn create_task(
    AuthUser(user): AuthUser,
    State(client): State<Client>,
    Json(task): Json<NewTask>,
) -> Result<(StatusCode, Json<Task>), Refusal> {
    let title = task.title.trim();
    if title.is_empty() {
        return Err(Refusal::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "a task needs a title",
        ));
    }
    let stored: Option<Task> = client
        .db()
        .query_one("INSERT INTO tasks (owner, title) VALUES (?, ?) RETURNING *")
        .bind(user.id)
        .bind(title)
        .await?;
    match stored {
        Some(task) => Ok((StatusCode::CREATED, Json(task))),
        None => Err(Refusal::new(
            StatusCode::BAD_GATEWAY,
            "the database returned no row",
        )),
    }
}

/// The user a request's bearer token belongs to. A handler that takes one is never reached without.
struct AuthUser(User);

impl FromRequestParts<Client> for AuthUser {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, client: &Client) -> Result<Self, Refusal> {
        let unauthorized = |what| Refusal::new(StatusCode::UNAUTHORIZED, what);
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| unauthorized("a bearer token is needed"))?;
        match client.auth().verify_token(token).await? {
            Some(user) => Ok(Self(user)),
            None => Err(unauthorized("the token is not valid, or no longer")),
        }
    }
}

/// What a caller is told when something is refused or fails.
struct Refusal {
    status: StatusCode,
    message: &'static str,
}

impl Refusal {
    fn new(status: StatusCode, message: &'static str) -> Self {
        Self { status, message }
    }
}

impl From<aerostack::Error> for Refusal {
    /// The details are for this service's log, not for its callers.
    fn from(error: aerostack::Error) -> Self {
        eprintln!("{error}");
        match error.kind() {
            ErrorKind::RateLimited => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy; try again later")
            }
            ErrorKind::Timeout => {
                Self::new(StatusCode::GATEWAY_TIMEOUT, "the platform took too long")
            }
            _ => Self::new(StatusCode::BAD_GATEWAY, "the platform could not do it"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.message }))).into_response()
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let remote = env::args().any(|argument| argument == "--remote");
    let port: u16 = env::var("PORT").map_or(Ok(3000), |port| port.parse())?;
    let url = format!("http://127.0.0.1:{port}");

    // Kept until the end: a local platform lives as long as its handle.
    let mut local = None;
    let client = if remote {
        println!("The platform needs these tables:\n{SCHEMA}");
        Client::from_env()?
    } else {
        let emulator = Emulator::builder().schema(SCHEMA).start().await?;
        let client = Client::builder()
            .base_url(emulator.url())
            .api_key(emulator.api_key())
            .project_id(emulator.project_id())
            .build()?;
        client
            .db()
            .execute("INSERT INTO users (email, name) VALUES (?, ?)")
            .bind("ines@example.com")
            .bind("Ines")
            .await?;
        let registration = client
            .auth()
            .register("ines@example.com", "Correct-Horse-9")
            .await?;
        let session = registration.session.ok_or("registering gave no session")?;
        let token = session.access_token.expose();
        println!("A local Aerostack listens on {}. Try:\n", emulator.url());
        println!("  curl {url}/users -H 'Authorization: Bearer {token}'");
        println!(
            "  curl {url}/tasks -H 'Authorization: Bearer {token}' --json '{{\"title\": \"water the plants\"}}'"
        );
        println!("  curl -i {url}/users    # 401\n");
        local = Some(emulator);
        client
    };
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("Listening on {url}; stop with Ctrl-C.");
    axum::serve(listener, app(client))
        .with_graceful_shutdown(async {
            let _ = tokio::signal::ctrl_c().await;
        })
        .await?;
    if let Some(emulator) = local {
        emulator.shutdown().await;
    }
    Ok(())
}
