//! The feature `axum`, served on a real socket.

use std::time::Duration;

use aerostack::{
    Client, Error,
    ai::ChatStream,
    auth::User,
    axum::{AuthUser, BearerToken, OptionalAuthUser, TokenVerifier, events, upload_field},
    db::Row,
};
use aerostack_emulator::{Emulator, Fault};
use axum::{
    Json, Router,
    body::Body,
    extract::{FromRef, Multipart, Path, State},
    response::IntoResponse,
    routing::{get, post, put},
};
use serde_json::{Value, json};

use crate::support::start;

#[derive(Clone, FromRef)]
struct App {
    client: Client,
    tokens: TokenVerifier,
}

/// A service and its address. It ends with the test's runtime.
async fn serve(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

async fn signed_in(client: &Client) -> String {
    let registration = client
        .auth()
        .register("ines@example.com", "Correct-Horse-9")
        .name("Ines")
        .await
        .unwrap();
    registration
        .session
        .unwrap()
        .access_token
        .expose()
        .to_owned()
}

async fn me(AuthUser(user): AuthUser) -> Json<User> {
    Json(user)
}

async fn guest(OptionalAuthUser(user): OptionalAuthUser, also: Option<AuthUser>) -> String {
    assert_eq!(user.is_some(), also.is_some());
    user.and_then(|user| user.name).unwrap_or("guest".into())
}

async fn token(BearerToken(token): BearerToken) -> String {
    token.expose().to_owned()
}

fn users_of(emulator: &Emulator) -> usize {
    emulator
        .received()
        .iter()
        .filter(|call| call.operation == Some("publicAuthMe"))
        .count()
}

#[tokio::test]
async fn a_handler_gets_the_user_of_a_valid_token_and_is_not_reached_without() {
    let (_emulator, client) = start().await;
    let bearer = signed_in(&client).await;
    let app = Router::new()
        .route("/me", get(me))
        .route("/guest", get(guest))
        .route("/token", get(token))
        .with_state(client);
    let url = serve(app).await;
    let http = reqwest::Client::new();
    for (path, authorization, status, body) in [
        (
            "/me",
            Some(format!("Bearer {bearer}")),
            200,
            "ines@example.com",
        ),
        (
            "/me",
            Some(format!("bearer  {bearer}")),
            200,
            "ines@example.com",
        ),
        ("/me", None, 401, "a bearer token is required"),
        (
            "/me",
            Some("Basic eA==".into()),
            401,
            "a bearer token is required",
        ),
        (
            "/me",
            Some("Bearer ".into()),
            401,
            "a bearer token is required",
        ),
        (
            "/me",
            Some("Bearer nonsense".into()),
            401,
            "the bearer token is not valid",
        ),
        ("/guest", None, 200, "guest"),
        ("/guest", Some(format!("Bearer {bearer}")), 200, "Ines"),
        ("/guest", Some("Bearer nonsense".into()), 401, "not valid"),
        (
            "/token",
            Some("Bearer unverified".into()),
            200,
            "unverified",
        ),
        ("/token", None, 401, "required"),
    ] {
        let mut request = http.get(format!("{url}{path}"));
        if let Some(value) = &authorization {
            request = request.header("authorization", value);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{path} {authorization:?}");
        let challenged = answer.headers().contains_key("www-authenticate");
        assert_eq!(challenged, status == 401);
        let text = answer.text().await.unwrap();
        assert!(text.contains(body), "{path}: {text}");
    }
}

#[tokio::test]
async fn a_confirmed_token_is_remembered_for_the_stated_time_and_no_other() {
    let (emulator, client) = start().await;
    let bearer = aerostack::Secret::new(signed_in(&client).await);
    let tokens = TokenVerifier::new(client.clone()).cache_for(Duration::from_secs(30));
    for _ in 0..3 {
        assert!(tokens.clone().verify(&bearer).await.unwrap().is_some());
    }
    assert_eq!(users_of(&emulator), 1);
    // Time stands still only while it is moved: a paused clock runs ahead of answers that are on their way.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(30)).await;
    tokio::time::resume();
    assert!(tokens.verify(&bearer).await.unwrap().is_some());
    assert_eq!(users_of(&emulator), 2);
    tokens.forget(Some(&bearer));
    assert!(tokens.verify(&bearer).await.unwrap().is_some());
    assert_eq!(users_of(&emulator), 3);
    let wrong = aerostack::Secret::new("nonsense");
    for _ in 0..2 {
        assert!(tokens.verify(&wrong).await.unwrap().is_none());
    }
    assert_eq!(users_of(&emulator), 5);
    assert!(!format!("{tokens:?}").contains(bearer.expose()));
}

#[tokio::test]
async fn an_error_is_a_fitting_response_that_shows_nothing_of_the_inside() {
    async fn run(State(client): State<Client>, Path(case): Path<String>) -> Result<(), Error> {
        let db = client.db();
        match case.as_str() {
            "taken" => drop(
                db.batch()
                    .extend(["INSERT INTO users (id, email) VALUES (1, 'a')"; 2])
                    .await?,
            ),
            "none" => drop(
                db.query::<Row>("SELECT * FROM users WHERE id = 9")
                    .one()
                    .await?,
            ),
            "null" => drop(
                db.execute("INSERT INTO users (email) VALUES (NULL)")
                    .await?,
            ),
            "sql" => drop(db.execute("SELECT hidden FROM secrets").await?),
            "login" => drop(
                client
                    .auth()
                    .login("a@example.com", "Wrong-Horse-9")
                    .await?,
            ),
            _ => drop(db.execute("DELETE FROM users").no_retry().await?),
        }
        Ok(())
    }
    let (emulator, client) = start().await;
    let url = serve(Router::new().route("/{case}", get(run)).with_state(client)).await;
    let http = reqwest::Client::new();
    for (case, fault, status, code) in [
        ("taken", None, 409, "CONFLICT"),
        ("none", None, 404, "NOT_FOUND"),
        ("null", None, 422, "UNPROCESSABLE"),
        ("sql", None, 500, "INTERNAL"),
        ("login", None, 401, "UNAUTHORIZED"),
        ("busy", Some(Fault::rate_limited("7")), 503, "UNAVAILABLE"),
        ("key", Some(Fault::status(401)), 500, "INTERNAL"),
        ("down", Some(Fault::close()), 503, "UNAVAILABLE"),
    ] {
        if let Some(fault) = fault {
            emulator.fault(fault.on("dbQuery").times(1));
        }
        let answer = http.get(format!("{url}/{case}")).send().await.unwrap();
        assert_eq!(answer.status(), status, "{case}");
        let wait = answer.headers().get("retry-after").cloned();
        assert_eq!(wait.is_some(), case == "busy", "{case}: {wait:?}");
        let text = answer.text().await.unwrap();
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(body["error"], code, "{case}");
        for inside in [
            "users",
            "hidden",
            "secrets",
            "dbQuery",
            "UNIQUE",
            "Aerostack",
        ] {
            assert!(!text.contains(inside), "{case}: {text}");
        }
    }
}

#[tokio::test]
async fn streams_reach_the_browser_as_events() {
    async fn rows(State(client): State<Client>) -> impl IntoResponse {
        events(
            client
                .db()
                .query::<(i64, String)>("SELECT 1 AS id, 'a\r\nb' AS text")
                .rows(),
        )
    }
    async fn broken(State(client): State<Client>) -> impl IntoResponse {
        events(
            client
                .db()
                .query::<i64>("SELECT 1 AS n UNION ALL SELECT 'x' UNION ALL SELECT 2")
                .rows(),
        )
    }
    async fn chat(State(client): State<Client>) -> Result<ChatStream, Error> {
        client.ai().complete("Say hello").stream().await
    }
    let (_emulator, client) = start().await;
    let app = Router::new()
        .route("/rows", get(rows))
        .route("/broken", get(broken))
        .route("/chat", get(chat))
        .with_state(client);
    let url = serve(app).await;
    let read = async |path: &str| {
        let answer = reqwest::get(format!("{url}{path}")).await.unwrap();
        let kind = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        assert_eq!(kind, "text/event-stream", "{path}");
        answer.text().await.unwrap()
    };
    assert_eq!(
        read("/rows").await,
        "data: [1,\"a\\r\\nb\"]\n\nevent: done\ndata: {}\n\n"
    );
    let broken = read("/broken").await;
    assert!(
        broken.starts_with("data: 1\n\nevent: error\ndata: {"),
        "{broken}"
    );
    assert!(
        !broken.contains("done") && !broken.contains("column"),
        "{broken}"
    );
    let chat = read("/chat").await;
    assert!(chat.starts_with("data: {\"text\":\""), "{chat}");
    assert!(
        chat.contains("event: done\ndata: {\"finishReason\":\"stop\""),
        "{chat}"
    );
    assert!(chat.contains("totalTokens"), "{chat}");
}

#[tokio::test]
async fn uploads_pass_through_to_the_storage() {
    async fn raw(State(client): State<Client>, body: Body) -> Result<(), Error> {
        client.storage().upload("raw.txt", body).await.map(drop)
    }
    async fn form(State(client): State<Client>, mut form: Multipart) -> Result<String, Error> {
        let mut keys = Vec::new();
        while let Ok(Some(field)) = form.next_field().await {
            let key = format!("form/{}", field.file_name().unwrap_or("unnamed"));
            upload_field(&client.storage(), key.clone(), field).await?;
            keys.push(key);
        }
        Ok(keys.join(" "))
    }
    let (emulator, client) = start().await;
    let app = Router::new()
        .route("/raw", put(raw))
        .route("/form", post(form))
        .with_state(client.clone());
    let url = serve(app).await;
    let http = reqwest::Client::new();
    let answer = http
        .put(format!("{url}/raw"))
        .body("as it is")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(
        client.storage().download("raw.txt").await.unwrap(),
        "as it is"
    );

    let (first, second) = ("a".repeat(300_000), "b".repeat(10));
    let body = format!(
        "--x\r\ncontent-disposition: form-data; name=\"f\"; filename=\"1.txt\"\r\ncontent-type: text/csv\r\n\r\n{first}\r\n\
         --x\r\ncontent-disposition: form-data; name=\"f\"; filename=\"2.txt\"\r\n\r\n{second}\r\n--x--\r\n"
    );
    let request = http
        .post(format!("{url}/form"))
        .header("content-type", "multipart/form-data; boundary=x");
    let answer = request.body(body.clone()).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "form/1.txt form/2.txt");
    let stored = client.storage().download("form/1.txt").await.unwrap();
    assert_eq!(stored, first);

    // A form that breaks off stores nothing.
    emulator.clear_received();
    let request = http
        .post(format!("{url}/form"))
        .header("content-type", "multipart/form-data; boundary=x");
    let broken = body
        .replace("1.txt", "3.txt")
        .split_at(200_000)
        .0
        .to_owned();
    let answer = request.body(broken).send().await.unwrap();
    assert_eq!(answer.status(), 500);
    assert!(!client.storage().exists("form/3.txt").await.unwrap());
}

#[cfg(feature = "worker")]
#[tokio::test]
async fn a_worker_does_the_jobs_that_the_platform_hands_it() {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use aerostack::{
        queue::JobState,
        worker::{JobDelivery, JobError, Worker},
    };

    let tries = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&tries);
    let worker = Worker::new().job("resize", move |job: JobDelivery<Value>| {
        let count = Arc::clone(&count);
        async move {
            assert_eq!(job.data, json!({"key": "a.png"}));
            if count.fetch_add(1, Ordering::Relaxed) == 0 {
                return Err(JobError::retry("busy"));
            }
            assert_eq!(job.attempt, 2);
            Ok(())
        }
    });
    let url = serve(Router::new().nest("/jobs", worker.into_router())).await;
    let builder = Emulator::builder().worker_url(format!("{url}/jobs"));
    let (emulator, client) = crate::support::start_with(builder).await;
    let id = client
        .queue()
        .send("resize", &json!({"key": "a.png"}))
        .max_retries(2)
        .await
        .unwrap();
    let retried = async {
        while tries.load(Ordering::Relaxed) < 2 {
            emulator.clock().advance(Duration::from_secs(60));
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), retried)
        .await
        .unwrap();
    let job = client.queue().wait(id).await.unwrap();
    assert_eq!(job.state, JobState::Completed);
}
