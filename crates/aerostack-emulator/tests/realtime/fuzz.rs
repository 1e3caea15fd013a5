//! Frames of clients, damaged: the hub answers what it can, in frames as described, and keeps the connection.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, TestRunner};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::cases::cases;
use crate::client::{Client, connect, hub};
use crate::described::Described;
use crate::mutate::{damaged, frames};
use crate::schema::fault_of_sent;

const CORPUS: &str = include_str!("../../../aerostack-realtime/tests/corpus/client-frames.txt");
/// Frames that one client sends.
const FRAMES: u32 = 50;

/// Codes of errors that a frame can be answered with.
const CODES: [&str; 4] = [
    "INVALID_JSON",
    "INVALID_FRAME",
    "INVALID_TOPIC",
    "UNKNOWN_TYPE",
];

/// Whether the hub may close the connection over it, which it does over tokens that are not valid.
fn may_end(frame: &str) -> bool {
    #[derive(Deserialize)]
    struct Typed {
        r#type: String,
    }
    serde_json::from_str::<Typed>(frame).is_ok_and(|frame| frame.r#type == "auth")
}

/// Sends a frame; gives the answers to it, each of them as described.
async fn answers(client: &mut Client, frame: &str) -> Result<Vec<Value>, TestCaseError> {
    client.send_text(frame).await;
    // A ping would do, were it not among the frames.
    let end =
        json!({ "type": "publish", "topic": "the/end", "event": "e", "data": 1, "id": "the end" });
    client.send(end).await;
    let mut answers = Vec::new();
    loop {
        let text = client.text().await;
        let Ok(answer) = serde_json::from_str::<Value>(&text) else {
            // Nested too deeply for a tree: somebody's payload, passed on as it was.
            prop_assert!(serde_json::from_str::<&RawValue>(&text).is_ok(), "{text}");
            answers.push(Value::Null);
            continue;
        };
        // An event that calls itself presence is passed on like any other.
        if answer["type"] != "event" {
            prop_assert_eq!(fault_of_sent(&answer), None, "{}", answer);
        }
        if answer["type"] == "ack" && answer["id"] == "the end" {
            return Ok(answers);
        }
        answers.push(answer);
    }
}

/// Sends frames: none is passed over, and the connection goes on.
async fn survives(client: &mut Client, frames: &[impl AsRef<str>]) -> Result<(), TestCaseError> {
    for frame in frames {
        let frame = frame.as_ref();
        if may_end(frame) {
            continue;
        }
        let answers = answers(client, frame).await?;
        let is_object = serde_json::from_str::<&RawValue>(frame)
            .is_ok_and(|frame| frame.get().starts_with('{'));
        prop_assert!(is_object || !answers.is_empty(), "{frame} was passed over");
        for answer in answers {
            if answer["type"] == "error" {
                let code = answer["code"].as_str().unwrap();
                prop_assert!(CODES.contains(&code), "{frame}: {answer}");
            }
        }
    }
    Ok(())
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
}

#[test]
fn every_frame_of_the_corpus_is_answered_or_obeyed() {
    runtime().block_on(async {
        let hub = hub();
        let mut client = connect(&hub).await;
        for frame in frames(CORPUS) {
            survives(&mut client, &[frame])
                .await
                .unwrap_or_else(|error| panic!("{error}"));
        }
    });
}

#[test]
fn damaged_frames_upset_nothing() {
    let cases = cases(40, "random frames to the server", 2_500, 1_000_000) / FRAMES;
    let config = Config {
        cases,
        // What once failed is tried first; the frame itself belongs into the corpus.
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../aerostack-realtime/tests/corpus/client-frames.failures"
        )))),
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&vec(damaged(CORPUS), FRAMES as usize), |frames| {
            runtime().block_on(async { survives(&mut connect(&hub()).await, &frames).await })
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_frame_of_a_client_that_the_description_allows_is_obeyed() {
    let described = Described::new().choose("Topic", &["chat/lobby", "orders", "a/b/proj_local"]);
    let config = Config {
        cases: 1_000,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&described.of("ClientFrame"), |frame| {
            if serde_json::from_str::<Value>(&frame).unwrap()["token"] == "" {
                // No token is valid and empty; the connection ends over it.
                return Ok(());
            }
            runtime().block_on(async {
                let mut client = connect(&hub()).await;
                for answer in answers(&mut client, &frame).await? {
                    // Which rooms there can be is said in words, not in the description.
                    let is_room = answer["code"] == "INVALID_TOPIC";
                    prop_assert!(answer["type"] != "error" || is_room, "{frame}: {answer}");
                }
                Ok(())
            })
        })
        .unwrap_or_else(|error| panic!("{error}"));
}
