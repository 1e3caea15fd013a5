//! Promise 40 at length: the frames of a corpus, and damaged copies of them.

use aerostack_emulator::realtime::{Direction, Entry, RawFrame};
use aerostack_realtime::{Message, PresenceStream, Realtime, Subscription};
use futures_util::FutureExt;
use proptest::{
    collection::vec,
    prop_assert, prop_assert_eq,
    test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner},
};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::{
    cases::cases,
    common::{PROJECT, World, next, ready, world},
    mutate::{damaged, frames},
};

const CORPUS: &str = include_str!("../corpus/server-frames.txt");
/// Frames that one client is sent.
const FRAMES: u32 = 50;

/// A client whose streams, one of every kind, live on.
struct Survivor {
    world: World,
    client: Realtime,
    all: [Subscription<Message>; 3],
    presence: PresenceStream,
}

impl Survivor {
    async fn new() -> Self {
        let world = world();
        let client = world.client();
        let orders = client.channel("orders").unwrap();
        let a = client.path("a").unwrap();
        let all = [
            a.all().subscribe().await.unwrap(),
            // Looks into every message, to recognize it in the history.
            a.all().recover().subscribe().await.unwrap(),
            orders.all().subscribe().await.unwrap(),
        ];
        let presence = a.presence().subscribe().await.unwrap();
        Self {
            world,
            client,
            all,
            presence,
        }
    }

    fn send(&self, frame: &str) {
        self.world.hub.send_raw(&RawFrame::text(frame));
    }

    /// Every stream goes on, over the same connection, and every frame was counted.
    async fn lives(&mut self, sent: u64) -> Result<(), TestCaseError> {
        self.world.settle().await;
        let counters = self.client.counters();
        // Four confirmations, the first members, and what was sent.
        let before = self.world.hub.count(is_frame_out);
        prop_assert_eq!(counters.frames_in, before as u64 + sent);
        let marker = "the end, which no frame of the corpus is called";
        for topic in [format!("a/{PROJECT}"), format!("table/orders/{PROJECT}")] {
            self.world.hub.publish(&topic, marker, &Value::Null);
        }
        for stream in &mut self.all {
            while !matches!(next(stream).await, Ok(item)
                if item.clone().message().is_some_and(|message| message.event().as_deref() == Some(marker)))
            {
            }
        }
        // It has no end either; errors that name its topic are its own as well.
        let _ = ready(&mut self.presence).await;
        let ended = self.presence.next().now_or_never();
        prop_assert!(ended.is_none());
        prop_assert_eq!(self.world.dials().len(), 1);
        Ok(())
    }
}

fn is_frame_out(entry: &Entry) -> bool {
    entry.direction == Direction::Out && entry.text().is_some()
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
}

#[test]
fn promise_40_every_frame_of_the_corpus_is_outlived() {
    for frame in frames(CORPUS) {
        runtime().block_on(async {
            let mut survivor = Survivor::new().await;
            survivor.send(frame);
            survivor
                .lives(1)
                .await
                .unwrap_or_else(|error| panic!("{frame}: {error}"));
        });
    }
}

#[test]
fn promise_40_random_frames_upset_nothing() {
    let cases = cases(40, "random frames", 5_000, 1_000_000) / FRAMES;
    let config = Config {
        cases,
        // What once failed is tried first; the frame itself belongs into the corpus.
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/corpus/server-frames.failures"
        )))),
        ..Config::default()
    };
    let frames = vec(damaged(CORPUS), FRAMES as usize);
    TestRunner::new(config)
        .run(&frames, |frames| {
            runtime().block_on(async {
                let mut survivor = Survivor::new().await;
                for frame in &frames {
                    survivor.send(frame);
                }
                survivor.lives(u64::from(FRAMES)).await
            })
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

/// Not in the corpus for their length.
#[test]
fn promise_40_nesting_without_end_ends_nothing() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        runtime().block_on(async {
            let mut survivor = Survivor::new().await;
            let (open, close) = (open.repeat(100_000), close.repeat(100_000));
            for nested in [format!("{open}1{close}"), open] {
                survivor.send(&format!(
                    r#"{{"type":"event","topic":"a/{PROJECT}","event":"e","data":{nested}}}"#
                ));
                survivor.send(&nested);
            }
            survivor.lives(4).await.unwrap();
        });
    }
}
