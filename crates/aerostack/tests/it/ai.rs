//! Language models.

use std::time::Duration;

use aerostack::{
    Client, ErrorCode, ErrorKind,
    ai::{ChatDelta, FinishReason, Role},
};
use aerostack_emulator::{Emulator, Fault};
use futures_util::{StreamExt, TryStreamExt};
use serde_json::{Value, json};

use crate::support::{builder, start};

const STREAM: &str = "text/event-stream; charset=utf-8";

/// Lets the next chat be answered so.
fn answer(emulator: &Emulator, content_type: &str, body: impl Into<Vec<u8>>) {
    emulator.fault(Fault::answer(200, content_type, body).on("aiChat").times(1));
}

/// The body of the only request so far.
fn sent(emulator: &Emulator) -> Value {
    emulator.received()[0].json().unwrap()
}

/// A piece of a completion as the platform sends it.
fn piece(delta: Value, finish_reason: Value) -> String {
    let piece = json!({"id": "c1", "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]});
    format!("data: {piece}\n\n")
}

async fn stream(
    emulator: &Emulator,
    client: &Client,
    body: &str,
) -> Vec<Result<ChatDelta, aerostack::Error>> {
    answer(emulator, STREAM, body);
    client
        .ai()
        .complete("hi")
        .stream()
        .await
        .unwrap()
        .collect()
        .await
}

#[tokio::test]
async fn a_chat_sends_what_was_set_and_nothing_else() {
    let (emulator, client) = start().await;
    let reply = json!({"choices": [{"message": {"role": "assistant", "content": "ok"}}]});
    answer(&emulator, "application/json", reply.to_string());
    client
        .ai()
        .chat()
        .system("Be brief.")
        .user("hello")
        .assistant("hi")
        .message("tool", "42")
        .message(Role::User, "and?")
        .model("m")
        .temperature(0.5)
        .max_tokens(7)
        .top_p(1.0)
        .await
        .unwrap();
    assert_eq!(
        sent(&emulator),
        json!({
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "hello"},
                {"role": "assistant", "content": "hi"},
                {"role": "tool", "content": "42"},
                {"role": "user", "content": "and?"},
            ],
            "model": "m",
            "temperature": 0.5,
            "max_tokens": 7,
            "top_p": 1.0,
        })
    );
    emulator.clear_received();
    answer(&emulator, "application/json", reply.to_string());
    client.ai().complete("hi").await.unwrap();
    assert_eq!(
        sent(&emulator),
        json!({"messages": [{"role": "user", "content": "hi"}]})
    );
}

#[tokio::test]
async fn both_shapes_of_an_answer_are_read() {
    let (emulator, client) = start().await;
    for (body, text, usage, finish) in [
        (
            json!({
                "id": "c1", "model": "m",
                "choices": [{"message": {"content": "hello"}, "finish_reason": "length"}],
                "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
            }),
            "hello",
            Some((1, 2, 3)),
            Some(FinishReason::Length),
        ),
        (
            json!({
                "response": "hello",
                "usage": {"promptTokens": 1, "completionTokens": 2, "totalTokens": 3},
            }),
            "hello",
            Some((1, 2, 3)),
            None,
        ),
        (
            json!({"choices": [{"message": {"content": "new"}}], "response": "old"}),
            "new",
            None,
            None,
        ),
        (
            json!({"choices": [{"message": {"content": null}, "finish_reason": "content_filter"}]}),
            "",
            None,
            Some(FinishReason::ContentFilter),
        ),
        (
            json!({"choices": [{"message": {"content": "x"}, "finish_reason": "tired"}], "extra": [1]}),
            "x",
            None,
            Some(FinishReason::Other("tired".into())),
        ),
        (json!({"choices": [], "response": ""}), "", None, None),
    ] {
        for streamed in [false, true] {
            answer(&emulator, "application/json", body.to_string());
            let chat = client.ai().complete("hi");
            let completion = if streamed {
                // A platform that cannot stream answers in one piece.
                chat.stream().await.unwrap().into_completion().await
            } else {
                chat.await
            }
            .unwrap();
            assert_eq!(completion.text, text, "{body}");
            assert_eq!(completion.finish_reason, finish, "{body}");
            let counts = completion.usage.map(|usage| {
                (
                    usage.prompt_tokens.unwrap(),
                    usage.completion_tokens.unwrap(),
                    usage.total_tokens.unwrap(),
                )
            });
            assert_eq!(counts, usage, "{body}");
        }
    }
}

#[tokio::test]
async fn what_the_platform_would_refuse_is_not_sent() {
    let (emulator, client) = start().await;
    let chat = || client.ai().complete("hi");
    for (call, word) in [
        (client.ai().chat(), "message"),
        (chat().temperature(2.1), "temperature"),
        (chat().temperature(-0.1), "temperature"),
        (chat().temperature(f64::NAN), "temperature"),
        (chat().top_p(1.1), "top_p"),
        (chat().top_p(f64::INFINITY), "top_p"),
        (chat().max_tokens(0), "max_tokens"),
    ] {
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(word), "{error}");
    }
    for (error, index) in [
        (client.ai().embed("").await.unwrap_err(), None),
        (
            client.ai().embed_many(["a", ""]).await.unwrap_err(),
            Some(1..2),
        ),
        (
            client
                .ai()
                .embed_many(["a"])
                .concurrency(0)
                .await
                .unwrap_err(),
            None,
        ),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(error.part(), index);
    }
    assert!(emulator.received().is_empty());
}

#[tokio::test]
async fn a_stream_is_text_then_a_reason_then_usage() {
    let (emulator, client) = start().await;
    let body = [
        piece(json!({"role": "assistant"}), Value::Null),
        ": a comment\r\n\r\n".to_owned(),
        piece(json!({"content": "Hel"}), Value::Null),
        piece(json!({"content": "lo"}), Value::Null).replace('\n', "\r\n"),
        piece(json!({}), json!("stop")),
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"total_tokens\":3}}\n\n".to_owned(),
        "data: [DONE]\n\n".to_owned(),
        "data: what follows the end is not read\n\n".to_owned(),
    ]
    .concat();
    let deltas = stream(&emulator, &client, &body).await;
    let deltas: Vec<ChatDelta> = deltas.into_iter().map(Result::unwrap).collect();
    let texts: Vec<&str> = deltas.iter().map(|delta| delta.text.as_str()).collect();
    assert_eq!(texts, ["", "Hel", "lo", "", ""]);
    assert_eq!(deltas[3].finish_reason, Some(FinishReason::Stop));
    assert_eq!(deltas[4].usage.unwrap().total_tokens, Some(3));
    assert_eq!(deltas[1].model.as_deref(), Some("m"));

    let request = &emulator.received()[0];
    assert_eq!(
        request.json::<Value>().unwrap(),
        json!({
            "messages": [{"role": "user", "content": "hi"}],
            "stream": true,
            "stream_options": {"include_usage": true},
        })
    );
    assert!(
        request
            .header("accept")
            .unwrap()
            .starts_with("text/event-stream")
    );

    answer(&emulator, STREAM, body);
    let stream = client.ai().complete("hi").stream().await.unwrap();
    let completion = stream.into_completion().await.unwrap();
    assert_eq!(completion.text, "Hello");
    assert_eq!(completion.finish_reason, Some(FinishReason::Stop));
    assert_eq!(completion.usage.unwrap().prompt_tokens, Some(1));
    assert_eq!(completion.id.as_deref(), Some("c1"));
}

#[tokio::test]
async fn the_old_shape_streams_too() {
    let (emulator, client) = start().await;
    let body = "data: {\"response\":\"Hel\"}\n\ndata: {\"response\":\"lo\",\"usage\":{\"totalTokens\":2}}\n\ndata: [DONE]\n\n";
    let deltas = stream(&emulator, &client, body).await;
    let text: String = deltas
        .iter()
        .map(|delta| delta.as_ref().unwrap().text.as_str())
        .collect();
    assert_eq!(text, "Hello");
    assert_eq!(
        deltas[1].as_ref().unwrap().usage.unwrap().total_tokens,
        Some(2)
    );
}

#[tokio::test]
async fn a_stream_that_goes_wrong_gives_what_came_and_then_one_error() {
    let (emulator, client) = start().await;
    // An empty reason is no reason, so that an end after it is one in the middle.
    let hello = piece(json!({"content": "Hello"}), json!(""));
    for (then, kind, code) in [
        ("", ErrorKind::Truncated, None),
        (
            "data: {\"choices\":[{\"delta\":{\"cont",
            ErrorKind::Truncated,
            None,
        ),
        ("data: {not json}\n\n", ErrorKind::Decode, None),
        ("data: []\n\n", ErrorKind::Decode, None),
        ("data: null\n\n", ErrorKind::Decode, None),
        ("data: {\"choices\":7}\n\n", ErrorKind::Decode, None),
        (
            "data: {\"error\":{\"code\":\"RATE_LIMIT\",\"message\":\"slow down\"}}\n\n",
            ErrorKind::RateLimited,
            Some(ErrorCode::RateLimitExceeded),
        ),
        (
            "data: {\"error\":\"the model went away\"}\n\n",
            ErrorKind::Server,
            None,
        ),
        (
            "event: error\ndata: {\"code\":\"CONTEXT_TOO_LONG\",\"message\":\"m\"}\n\n",
            ErrorKind::BadRequest,
            Some(ErrorCode::ContextTooLong),
        ),
    ] {
        let rest = piece(json!({"content": "never seen"}), json!("stop"));
        let body = match then {
            "" => hello.clone(),
            then if then.ends_with('\n') => format!("{hello}{then}{rest}data: [DONE]\n\n"),
            then => format!("{hello}{then}"),
        };
        let mut items = stream(&emulator, &client, &body).await;
        assert_eq!(items.len(), 2, "{then:?}");
        let error = items.pop().unwrap().unwrap_err();
        assert_eq!(items.pop().unwrap().unwrap().text, "Hello");
        assert_eq!(error.kind(), kind, "{then:?}: {error}");
        assert_eq!(error.code(), code.as_ref(), "{then:?}");
        assert_eq!(error.operation(), Some("aiChat"));
        assert!(error.request_id().is_some());
        assert!(error.may_have_been_sent());
    }
}

/// What models and gateways are known to send between, beside and instead of pieces of text.
#[tokio::test]
async fn neither_keep_alives_nor_odd_side_fields_cost_a_word() {
    let (emulator, client) = start().await;
    let keep_alives = [
        "",
        ": OPENROUTER PROCESSING\n\n",
        "data:\n\n",
        "data: \n\n",
        "data: {\"type\":\"ping\"}\n\n",
        "event: ping\ndata: {\"type\":\"ping\"}\n\n",
        "event: ping\ndata: still here\n\n",
        "event: keepalive\n\n",
        "data: {}\n\n",
        "data: {\"choices\":null,\"response\":null}\n\n",
    ];
    for keep_alive in keep_alives {
        let body = [
            "data: {\"choices\":[{\"delta\":{\"content\":6}}],\"id\":7,\"usage\":\"none\"}\n\n",
            keep_alive,
            "data: {\"response\":true,\"usage\":{\"total_tokens\":3.0},\"usage\":{\"total_tokens\":4}}\n\n",
            keep_alive,
            "data: {\"response\":\"!\"}\n\ndata: [DONE]\n\n",
        ]
        .concat();
        for content_type in [STREAM, "text/plain", ""] {
            answer(&emulator, content_type, body.as_str());
            let stream = client.ai().complete("hi").stream().await.unwrap();
            let completion = stream.into_completion().await.unwrap();
            assert_eq!(completion.text, "6true!", "{keep_alive:?}");
            assert_eq!(completion.id.as_deref(), Some("7"));
            assert_eq!(completion.usage.unwrap().total_tokens, Some(4));
        }
    }
}

#[tokio::test]
async fn an_error_in_a_success_is_the_platforms_and_not_ours() {
    let (emulator, client) = start().await;
    for (body, kind) in [
        (
            json!({"error": {"message": "model overloaded"}}),
            ErrorKind::Server,
        ),
        (
            json!({"error": {"code": "RATE_LIMIT", "message": "model overloaded"}}),
            ErrorKind::RateLimited,
        ),
        (
            json!({"error": "model overloaded", "choices": []}),
            ErrorKind::Server,
        ),
    ] {
        for streamed in [false, true] {
            answer(&emulator, "application/json", body.to_string());
            let chat = client.ai().complete("hi");
            let error = if streamed {
                chat.stream().await.unwrap_err()
            } else {
                chat.await.unwrap_err()
            };
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.to_string().contains("model overloaded"), "{error}");
            assert_eq!(error.status(), Some(200));
        }
    }
}

#[tokio::test]
async fn tool_calls_reasoning_and_parts_are_passed_on() {
    let (emulator, client) = start().await;
    let whole = json!({"choices": [{"finish_reason": "tool_calls", "message": {
        "content": null,
        "reasoning_content": "I should ask.",
        "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "weather", "arguments": "{\"city\":\"Kiel\"}"}}],
    }}]});
    let native = json!({"response": null, "tool_calls": [{"name": "weather", "arguments": {"city": "Kiel"}}]});
    let streamed = [
        piece(json!({"reasoning": "I should"}), Value::Null),
        piece(json!({"reasoning": " ask."}), Value::Null),
        piece(json!({"tool_calls": [{"index": 0, "id": "call_1", "function": {"name": "weather", "arguments": ""}}]}), Value::Null),
        piece(json!({"tool_calls": [{"index": 0, "function": {"arguments": "{\"city\":"}}]}), Value::Null),
        piece(json!({"tool_calls": [{"index": 0, "function": {"arguments": "\"Kiel\"}"}}]}), json!("tool_calls")),
        "data: [DONE]\n\n".to_owned(),
    ]
    .concat();
    for (content_type, body, thinks) in [
        ("application/json", whole.to_string(), true),
        ("application/json", native.to_string(), false),
        (STREAM, streamed, true),
    ] {
        answer(&emulator, content_type, body.clone());
        let completion = client.ai().complete("hi").stream().await.unwrap();
        let completion = completion.into_completion().await.unwrap();
        let call = &completion.tool_calls[0];
        assert_eq!(
            (completion.text.as_str(), call.name.as_str()),
            ("", "weather")
        );
        let city: Value = call.arguments_as().unwrap();
        assert_eq!(city, json!({"city": "Kiel"}));
        assert_eq!(completion.reasoning.is_some(), thinks);
        if thinks {
            assert_eq!(completion.reasoning.as_deref(), Some("I should ask."));
            assert_eq!(call.id.as_deref(), Some("call_1"));
            assert_eq!(completion.finish_reason, Some(FinishReason::ToolCalls));
        }
        assert!(!format!("{completion:?}").contains("Kiel"));
    }
    let parts = json!([{"type": "text", "text": "a "}, {"type": "image", "url": "u"}, {"type": "text", "text": "b"}]);
    answer(
        &emulator,
        "application/json",
        json!({"choices": [{"message": {"content": parts}}]}).to_string(),
    );
    let completion = client.ai().complete("hi").await.unwrap();
    assert_eq!(completion.text, "a b");
    assert_eq!(completion.parts[1].kind(), "image");
    assert_eq!(completion.parts[1].decode::<Value>().unwrap()["url"], "u");
}

#[tokio::test]
async fn an_end_after_a_finish_reason_needs_no_done() {
    let (emulator, client) = start().await;
    let body = piece(json!({"content": "Hello"}), json!("stop"));
    let deltas = stream(&emulator, &client, &body).await;
    assert_eq!(deltas.len(), 1);
    assert_eq!(deltas[0].as_ref().unwrap().text, "Hello");
}

#[tokio::test]
async fn an_event_above_the_limit_is_too_large() {
    let (emulator, client) = start().await;
    answer(
        &emulator,
        STREAM,
        piece(json!({"content": "x".repeat(500)}), Value::Null),
    );
    let stream = client.ai().complete("hi").stream().event_limit(200);
    let error = stream.await.unwrap().try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().contains("event_limit"), "{error}");
}

#[tokio::test]
async fn an_answer_that_is_neither_events_nor_json_is_refused() {
    let (emulator, client) = start().await;
    answer(&emulator, "text/html", "<html>");
    let error = client.ai().complete("hi").stream().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    answer(&emulator, "application/json", "{\"choices\":");
    let error = client.ai().complete("hi").stream().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
}

#[tokio::test]
async fn an_error_before_the_stream_is_the_platforms_own() {
    let (emulator, client) = start().await;
    emulator.fault(Fault::status(401).on("aiChat").times(1));
    let error = client.ai().complete("hi").stream().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.code(), Some(&ErrorCode::AuthInvalidKey));
}

#[tokio::test]
async fn silence_in_a_stream_is_a_timeout() {
    let (emulator, _) = start().await;
    let idle = Duration::from_millis(100);
    let client = builder(&emulator).idle_timeout(idle).build().unwrap();
    emulator.fault(Fault::truncate_body(900).by_silence().on("aiChat"));
    let stream = client.ai().complete("one two three four five").stream();
    let mut stream = stream.await.unwrap();
    let mut text = String::new();
    let error = loop {
        match stream.try_next().await {
            Ok(delta) => text.push_str(&delta.unwrap().text),
            Err(error) => break error,
        }
    };
    assert!(!text.is_empty(), "what came before it arrived");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("100ms"), "{error}");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_stream_that_comes_byte_by_byte_is_the_same_stream() {
    let (emulator, client) = start().await;
    let whole = client.ai().complete("one zwei trois").await.unwrap();
    emulator.fault(Fault::drip(Duration::from_micros(50)).on("aiChat"));
    let stream = client
        .ai()
        .complete("one zwei trois")
        .stream()
        .await
        .unwrap();
    let dripped = stream.into_completion().await.unwrap();
    assert_eq!(dripped.text, whole.text);
    assert_eq!(dripped.usage, whole.usage);
}

#[tokio::test]
async fn texts_stay_out_of_debug() {
    let (emulator, client) = start().await;
    let reply = json!({"choices": [{"message": {"content": "a private answer"}}]});
    answer(&emulator, "application/json", reply.to_string());
    let completion = client.ai().complete("a private question").await.unwrap();
    assert!(!format!("{completion:?}").contains("private"));
    let chat = client.ai().complete("a private question");
    assert!(!format!("{chat:?}").contains("private"));
}

#[tokio::test]
async fn vectors_come_in_the_order_of_their_texts() {
    let upstream = wiremock::MockServer::start().await;
    wiremock::Mock::given(wiremock::matchers::path("/v1/ai/embed"))
        .respond_with(|request: &wiremock::Request| {
            let body: Value = request.body_json().unwrap();
            let number: f32 = body["text"].as_str().unwrap().parse().unwrap();
            let reply = json!({"embedding": [number, 0.5], "model": body["model"]});
            // Later texts are answered sooner.
            let delay = Duration::from_millis(40 - 4 * number as u64);
            wiremock::ResponseTemplate::new(200)
                .set_body_json(reply)
                .set_delay(delay)
        })
        .mount(&upstream)
        .await;
    let client = Client::builder()
        .base_url(upstream.uri())
        .api_key("sk_test")
        .build()
        .unwrap();
    let texts: Vec<String> = (0..10).map(|number| number.to_string()).collect();
    let embeddings = client
        .ai()
        .embed_many(texts)
        .model("m")
        .concurrency(3)
        .await
        .unwrap();
    for (index, embedding) in embeddings.iter().enumerate() {
        assert_eq!(embedding.vector, [index as f32, 0.5]);
        assert_eq!(embedding.model.as_deref(), Some("m"));
    }
    assert_eq!(
        client.ai().embed_many(Vec::<String>::new()).await.unwrap(),
        []
    );
}

#[tokio::test]
async fn the_text_that_cannot_be_embedded_is_named() {
    let (emulator, _) = start().await;
    let client = builder(&emulator).max_attempts(1).build().unwrap();
    let vector = json!({"embedding": [1.0]}).to_string();
    emulator.fault(Fault::status(500).on("aiEmbed").after(2).times(1));
    emulator.fault(Fault::answer(200, "application/json", vector).on("aiEmbed"));
    let texts = ["a", "b", "c", "d"];
    let error = client
        .ai()
        .embed_many(texts)
        .concurrency(1)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    assert_eq!(error.part(), Some(2..3));
    assert_eq!(emulator.received().len(), 3, "none is tried after it");
}

#[tokio::test]
async fn a_stream_and_a_whole_answer_say_the_same() {
    let (_emulator, client) = start().await;
    for (limit, reason) in [(100, FinishReason::Stop), (9, FinishReason::Length)] {
        let chat = || {
            let chat = client
                .ai()
                .chat()
                .system("Be brief.")
                .user("one two three four five six");
            chat.max_tokens(limit)
        };
        let whole = chat().await.unwrap();
        assert!(whole.text.contains("one two"), "{}", whole.text);
        let stream = chat().stream().await.unwrap();
        let streamed = stream.into_completion().await.unwrap();
        assert_eq!(streamed.text, whole.text);
        assert_eq!(streamed.usage, whole.usage);
        assert_eq!(streamed.model, whole.model);
        assert_eq!(whole.finish_reason, Some(reason.clone()));
        assert_eq!(streamed.finish_reason, Some(reason));
    }
}

#[tokio::test]
async fn a_stream_cut_off_by_the_network_is_truncated() {
    let (emulator, client) = start().await;
    emulator.fault(Fault::truncate_body(150).on("aiChat"));
    let stream = client.ai().complete("one two three four five").stream();
    let error = stream.await.unwrap().into_completion().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Truncated, "{error}");
    assert!(error.may_have_been_sent());
}

#[tokio::test]
async fn the_same_text_has_the_same_vector_and_another_text_another() {
    let (_emulator, client) = start().await;
    let one = client.ai().embed("a ferry").await.unwrap();
    let many = client
        .ai()
        .embed_many(["a train", "a ferry"])
        .await
        .unwrap();
    assert_eq!(many[1], one);
    assert_ne!(many[0], one);
}

#[tokio::test]
async fn the_limits_of_client_and_call_hold_for_completions_too() {
    let (emulator, _) = start().await;
    let client = builder(&emulator)
        .timeout(Duration::from_millis(150))
        .build()
        .unwrap();
    emulator.fault(Fault::hang().on("aiChat"));
    let chat = || client.ai().complete("hi");
    for (error, limit) in [
        (chat().await.unwrap_err(), "150ms"),
        (chat().stream().await.unwrap_err(), "150ms"),
        (
            chat().timeout(Duration::from_millis(90)).await.unwrap_err(),
            "90ms",
        ),
        (
            chat()
                .stream()
                .timeout(Duration::from_millis(90))
                .await
                .unwrap_err(),
            "90ms",
        ),
    ] {
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.to_string().contains(limit), "{error}");
        assert_eq!(
            error.attempts(),
            1,
            "a completion is billed, and not asked for twice"
        );
    }
}
