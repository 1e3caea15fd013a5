//! The example web service, over HTTP.

use aerostack::Client;
use aerostack_emulator::{Emulator, Fault};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{SCHEMA, app};

struct Service {
    emulator: Emulator,
    client: Client,
    url: String,
    http: reqwest::Client,
}

impl Service {
    async fn start() -> Self {
        let emulator = Emulator::builder().schema(SCHEMA).start().await.unwrap();
        let client = Client::builder()
            .base_url(emulator.url())
            .api_key(emulator.api_key())
            .project_id(emulator.project_id())
            .max_attempts(1)
            .build()
            .unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = app(client.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self {
            emulator,
            client,
            url,
            http: reqwest::Client::new(),
        }
    }

    async fn token(&self) -> String {
        let register = self
            .client
            .auth()
            .register("ines@example.com", "Correct-Horse-9");
        let session = register.await.unwrap().session.unwrap();
        session.access_token.expose().to_owned()
    }

    async fn users(&self, authorization: Option<&str>) -> (StatusCode, Value) {
        let mut request = self.http.get(format!("{}/users", self.url));
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        let response = request.send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    async fn create(&self, token: &str, task: &Value) -> (StatusCode, Value) {
        let request = self
            .http
            .post(format!("{}/tasks", self.url))
            .bearer_auth(token);
        let response = request.json(task).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }
}

#[tokio::test]
async fn users_are_listed_for_whoever_has_a_valid_token() {
    let service = Service::start().await;
    for email in ["a@example.com", "b@example.com"] {
        let insert = service
            .client
            .db()
            .execute("INSERT INTO users (email) VALUES (?)");
        insert.bind(email).await.unwrap();
    }
    let token = service.token().await;
    let (status, users) = service.users(Some(&format!("Bearer {token}"))).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        users,
        json!([
            {"id": 1, "email": "a@example.com", "name": null},
            {"id": 2, "email": "b@example.com", "name": null},
        ])
    );
    for authorization in [
        None,
        Some("Bearer not-a-token"),
        Some("Bearer "),
        Some("Basic aW5lczpwdw=="),
        Some(token.as_str()),
    ] {
        service.emulator.clear_received();
        let (status, body) = service.users(authorization).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{authorization:?}");
        assert!(body["error"].is_string());
        let received = service.emulator.received();
        assert!(
            received
                .iter()
                .all(|request| request.operation != Some("dbQuery")),
            "the handler was reached without a user"
        );
    }
}

#[tokio::test]
async fn a_task_is_stored_for_its_owner_and_given_back() {
    let service = Service::start().await;
    let token = service.token().await;
    let user = service.client.auth().current_user(&*token).await.unwrap();
    let (status, task) = service
        .create(&token, &json!({"title": " water the plants "}))
        .await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(
        task,
        json!({"id": 1, "owner": user.id, "title": "water the plants", "done": false})
    );
    let stored: Vec<Value> = service
        .client
        .db()
        .query("SELECT title FROM tasks")
        .await
        .unwrap();
    assert_eq!(stored, [json!({"title": "water the plants"})]);

    let (status, _) = service.create(&token, &json!({"title": "  "})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_platform_in_trouble_is_not_the_callers_fault_nor_their_business() {
    let service = Service::start().await;
    let token = service.token().await;
    for (fault, expected) in [
        (Fault::status(500), StatusCode::BAD_GATEWAY),
        (Fault::status(429), StatusCode::SERVICE_UNAVAILABLE),
        (Fault::html(502), StatusCode::BAD_GATEWAY),
    ] {
        for operation in ["publicAuthMe", "dbQuery"] {
            service.emulator.clear_faults();
            service.emulator.fault(fault.clone().on(operation));
            let (status, body) = service.users(Some(&format!("Bearer {token}"))).await;
            assert_eq!(status, expected, "{operation}");
            assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
        }
    }
}
