//! The AI service: the echo, an endpoint behind it, and embeddings.

use std::sync::{Arc, Mutex};

use aerostack_emulator::Emulator;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};

use crate::common::{Platform, assert_error, assert_refused, nowhere, serve};

const OPENING: &str = "[local echo, no model was asked]";

fn user(text: &str) -> Value {
    json!([{ "role": "system", "content": "Be brief." }, { "role": "user", "content": text }])
}

/// The data of a stream's frames, the closing `[DONE]` left out, and the content type.
async fn frames(platform: &Platform, body: Value) -> Vec<Value> {
    let response = platform
        .keyed("/v1/ai/chat")
        .json(&body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let text = response.text().await.unwrap();
    let mut data: Vec<_> = text
        .split_terminator("\n\n")
        .map(|frame| frame.strip_prefix("data: ").unwrap())
        .collect();
    assert_eq!(data.pop(), Some("[DONE]"));
    data.into_iter()
        .map(|frame| serde_json::from_str(frame).unwrap())
        .collect()
}

fn text_of(frames: &[Value]) -> String {
    frames
        .iter()
        .filter_map(|frame| frame["choices"][0]["delta"]["content"].as_str())
        .collect()
}

#[tokio::test]
async fn the_echo_says_what_it_is_and_repeats_the_last_user_message() {
    let platform = Platform::start().await;
    let messages = json!([
        { "role": "user", "content": "first" },
        { "role": "assistant", "content": "an answer" },
        { "role": "user", "content": "Why is\n the sky  blue? " },
        { "role": "system", "content": "last of all" },
    ]);
    let body = json!({ "messages": messages, "model": "@cf/meta/llama-3-8b-instruct", "temperature": 2, "top_p": 0 });
    let answer = platform.ok("/v1/ai/chat", body).await;
    assert_eq!(answer["object"], "chat.completion");
    assert_eq!(answer["model"], "aerostack-local-echo");
    let choice = json!({
        "index": 0,
        "message": { "role": "assistant", "content": format!("{OPENING} Why is\n the sky  blue? ") },
        "finish_reason": "stop",
    });
    assert_eq!(answer["choices"], json!([choice]));
    assert_eq!(
        answer["usage"],
        json!({ "prompt_tokens": 11, "completion_tokens": 11, "total_tokens": 22 })
    );
}

#[tokio::test]
async fn max_tokens_cuts_the_echo_off_in_both_forms() {
    let platform = Platform::start().await;
    for (most, words, reason) in [
        (1, 1, "length"),
        (7, 7, "length"),
        (8, 8, "stop"),
        (9, 8, "stop"),
    ] {
        let mut body = json!({ "messages": user("one two"), "max_tokens": most });
        let whole = platform.ok("/v1/ai/chat", body.clone()).await;
        let choice = &whole["choices"][0];
        let text = choice["message"]["content"].as_str().unwrap();
        assert_eq!(text.split_whitespace().count(), words, "{most}");
        assert_eq!(choice["finish_reason"], reason, "{most}");
        assert_eq!(whole["usage"]["completion_tokens"], words, "{most}");

        body["stream"] = true.into();
        let frames = frames(&platform, body).await;
        assert_eq!(text_of(&frames), text);
        assert_eq!(
            frames.last().unwrap()["choices"][0]["finish_reason"],
            reason
        );
    }
}

#[tokio::test]
async fn a_stream_is_cut_into_words_and_reports_usage_when_asked() {
    let platform = Platform::start().await;
    for usage in [true, false] {
        let body = json!({
            "messages": user("ein zwei"), "stream": true, "stream_options": { "include_usage": usage },
        });
        let mut frames = frames(&platform, body).await;
        assert!(frames.iter().all(|frame| {
            frame["object"] == "chat.completion.chunk" && frame["id"] == frames[0]["id"]
        }));
        if usage {
            let last = frames.pop().unwrap();
            assert_eq!(last["choices"], json!([]));
            assert_eq!(last["usage"]["total_tokens"], 4 + 8);
        }
        assert!(frames.iter().all(|frame| frame.get("usage").is_none()));
        assert_eq!(frames[0]["choices"][0]["delta"]["role"], "assistant");
        assert_eq!(text_of(&frames), format!("{OPENING} ein zwei"));
        // The role, eight words, and the end.
        assert_eq!(frames.len(), 10);
    }
}

#[tokio::test]
async fn a_chat_that_does_not_fit_is_refused() {
    let platform = Platform::start().await;
    let bodies = [
        json!({}),
        json!({ "messages": [] }),
        json!({ "messages": "text" }),
        json!({ "messages": [{ "role": "user" }] }),
        json!({ "messages": [{ "role": "tool", "content": "x" }] }),
        json!({ "messages": [{ "role": "user", "content": "x", "name": "y" }] }),
        json!({ "messages": user("x"), "max_tokens": 0 }),
        json!({ "messages": user("x"), "temperature": 2.1 }),
        json!({ "messages": user("x"), "top_p": -0.1 }),
        json!({ "messages": user("x"), "stream": "yes" }),
        json!({ "messages": user("x"), "prompt": "y" }),
    ];
    assert_refused(&platform, "/v1/ai/chat", &bodies).await;
    let bodies = [json!({}), json!({ "text": " " }), json!({ "text": ["a"] })];
    assert_refused(&platform, "/v1/ai/embed", &bodies).await;
}

/// An endpoint that answers with what `answer` makes of the request; it notes the `Authorization` it saw.
async fn endpoint(answer: fn(Value) -> Response) -> (String, Arc<Mutex<Vec<String>>>) {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = Arc::clone(&seen);
    let handler = move |headers: HeaderMap, axum::Json(body): axum::Json<Value>| async move {
        let header = |name: &str| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or("none").to_owned()
        };
        let seen = format!("{} {}", header("authorization"), header("x-aerostack-key"));
        noted.lock().unwrap().push(seen);
        answer(body)
    };
    let router = axum::Router::new().route("/v1/chat/completions", post(handler));
    (format!("{}/v1", serve(router).await), seen)
}

#[tokio::test]
async fn an_endpoint_answers_in_place_of_the_echo_in_both_forms() {
    const STREAM: &str = ": hello\r\n\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\r\n\r\ndata: [DONE]\r\n\r\n";
    let (url, seen) = endpoint(|body| {
        if body["stream"] == true {
            let kind = [("content-type", "text/event-stream; charset=utf-8")];
            return (kind, STREAM).into_response();
        }
        axum::Json(json!({ "choices": [{ "message": body["messages"][1] }], "model": body["model"], "extra": 1 }))
            .into_response()
    })
    .await;
    for (model, asked) in [(None, "theirs"), (Some("mine"), "mine")] {
        let mut builder = Emulator::builder().ai_upstream(format!("{url}/"), Some("sk-upstream"));
        if let Some(model) = model {
            builder = builder.ai_model(model);
        }
        let platform = Platform::with(builder).await;
        let body = json!({ "messages": user("hello"), "model": "theirs" });
        let answer = platform.ok("/v1/ai/chat", body).await;
        assert_eq!(answer["model"], asked);
        assert_eq!(answer["choices"][0]["message"]["content"], "hello");
        assert_eq!(answer["extra"], 1);
        let response = platform
            .keyed("/v1/ai/chat")
            .json(&json!({ "messages": user("hello"), "stream": true }))
            .send()
            .await
            .unwrap();
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.text().await.unwrap(), STREAM);
    }
    // Its own key, and never the project's.
    assert_eq!(*seen.lock().unwrap(), ["Bearer sk-upstream none"; 4]);
}

#[tokio::test]
async fn a_failing_endpoint_is_told_by_declared_statuses() {
    type Case = (fn(Value) -> Response, u16, &'static str);
    let cases: [Case; 6] = [
        (
            |_| (StatusCode::BAD_GATEWAY, "<html>").into_response(),
            500,
            "AI_REQUEST_FAILED",
        ),
        (
            |_| {
                (
                    StatusCode::UNAUTHORIZED,
                    axum::Json(json!({ "error": { "message": "no" } })),
                )
                    .into_response()
            },
            500,
            "AI_REQUEST_FAILED",
        ),
        (|_| "not JSON".into_response(), 500, "AI_REQUEST_FAILED"),
        (
            |_| axum::Json(json!({ "text": "?" })).into_response(),
            500,
            "AI_REQUEST_FAILED",
        ),
        (
            |_| {
                (
                    StatusCode::BAD_REQUEST,
                    axum::Json(json!({ "error": { "message": "too long" } })),
                )
                    .into_response()
            },
            400,
            "VALIDATION_ERROR",
        ),
        (
            |_| {
                (
                    StatusCode::TOO_MANY_REQUESTS,
                    [("retry-after", "7")],
                    Body::empty(),
                )
                    .into_response()
            },
            429,
            "RATE_LIMIT_EXCEEDED",
        ),
    ];
    for (answer, status, code) in cases {
        let (url, _) = endpoint(answer).await;
        let platform = Platform::with(Emulator::builder().ai_upstream(url, None)).await;
        let answer = platform
            .post("/v1/ai/chat", json!({ "messages": user("x") }))
            .await;
        assert_error(&answer, status, code);
    }
    let platform = Platform::with(Emulator::builder().ai_upstream(nowhere().await, None)).await;
    let answer = platform
        .post(
            "/v1/ai/chat",
            json!({ "messages": user("x"), "stream": true }),
        )
        .await;
    assert_error(&answer, 500, "AI_REQUEST_FAILED");
}

#[tokio::test]
async fn an_endpoint_whose_url_is_none_is_refused_at_the_start() {
    for url in ["", "localhost:11434", "ftp://host/v1"] {
        let started = Emulator::builder().ai_upstream(url, None).start().await;
        let message = started.unwrap_err().to_string();
        assert!(message.contains("AI endpoint"), "{message}");
    }
}

#[tokio::test]
async fn an_embedding_is_a_steady_vector_under_a_name_that_says_lexical() {
    let platform = Platform::start().await;
    let embed = |body: Value| platform.ok("/v1/ai/embed", body);
    let body = json!({ "text": "The harbour is closed on Sundays.", "model": "@cf/baai/bge-base-en-v1.5" });
    let first = embed(body.clone()).await;
    assert_eq!(first["model"], "aerostack-local-lexical-english");
    assert_eq!(first["embedding"].as_array().unwrap().len(), 512);
    assert_eq!(embed(body).await, first);
    let other = embed(json!({ "text": "Der Hafen", "model": "multilingual-e5" })).await;
    assert_eq!(other["model"], "aerostack-local-lexical-multilingual");
    assert_ne!(other["embedding"], first["embedding"]);
}
