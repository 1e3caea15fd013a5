//! A client and a hub in one thread, over a pipe in memory, under paused time.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use aerostack_emulator::realtime::{Direction, Entry, Event, Hub};
use aerostack_realtime::{Error, Io, Item, Realtime, RealtimeBuilder};
use futures_util::{Stream, StreamExt};
use serde_json::Value;
use tokio::time::{Instant, timeout};

pub(crate) const PROJECT: &str = "proj_local";
pub(crate) const KEY: &str = "ac_public_local";

/// A test that waits longer than this waits for ever; under paused time it costs nothing.
pub(crate) const PATIENCE: Duration = Duration::from_secs(3_600);

/// A hub and a record of every dial to it.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) hub: Hub,
    dials: Arc<Mutex<Vec<Instant>>>,
}

pub(crate) fn world() -> World {
    World::over(Hub::builder().build())
}

impl World {
    pub(crate) fn over(hub: Hub) -> Self {
        Self {
            hub,
            dials: Arc::default(),
        }
    }

    /// A client's settings that lead to the hub, without credentials or project.
    pub(crate) fn bare(&self) -> RealtimeBuilder {
        let world = self.clone();
        Realtime::builder()
            .base_url("http://localhost:1")
            .jitter_seed(7)
            .wait_for_network(true)
            .connector(move |_, _| {
                let world = world.clone();
                async move {
                    world.dials.lock().unwrap().push(Instant::now());
                    let (ours, theirs) = tokio::io::duplex(256 << 10);
                    tokio::spawn(async move { world.hub.serve(theirs).await });
                    Ok(Box::new(ours) as Box<dyn Io>)
                }
            })
    }

    pub(crate) fn builder(&self) -> RealtimeBuilder {
        self.bare().api_key(KEY).project_id(PROJECT)
    }

    pub(crate) fn client(&self) -> Realtime {
        self.builder().build().unwrap()
    }

    /// When each dial was made.
    pub(crate) fn dials(&self) -> Vec<Instant> {
        self.dials.lock().unwrap().clone()
    }

    /// The frames of one type that clients sent, in order, each with its connection.
    pub(crate) fn sent(&self, kind: &str) -> Vec<(u64, Value)> {
        self.hub
            .transcript()
            .iter()
            .filter(|entry| entry.direction == Direction::In)
            .filter(|entry| entry.frame_type().as_deref() == Some(kind))
            .map(|entry| (entry.connection, entry.json().unwrap()))
            .collect()
    }

    /// The topics of such frames.
    pub(crate) fn topics(&self, kind: &str) -> Vec<String> {
        self.sent(kind)
            .into_iter()
            .map(|(_, frame)| frame["topic"].as_str().unwrap().to_owned())
            .collect()
    }

    /// How many upgrades the hub accepted and refused.
    pub(crate) fn upgrades(&self) -> (usize, usize) {
        let accepted = |entry: &Entry| matches!(entry.event, Event::Opened { .. });
        let refused = |entry: &Entry| matches!(entry.event, Event::Refused(_));
        (self.hub.count(accepted), self.hub.count(refused))
    }

    /// The tokens of upgrades and `auth` frames, in order.
    pub(crate) fn tokens(&self) -> Vec<(&'static str, String)> {
        self.hub
            .transcript()
            .iter()
            .filter_map(|entry| {
                let how = match entry.event {
                    Event::Text => "auth",
                    _ => "upgrade",
                };
                Some((how, entry.token()?.to_owned()))
            })
            .collect()
    }

    /// Lets everything happen that takes no time.
    pub(crate) async fn settle(&self) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// The next item of a stream, whatever it is.
pub(crate) async fn next<S: Stream + Unpin>(stream: &mut S) -> S::Item {
    timeout(PATIENCE, stream.next())
        .await
        .expect("an item in time")
        .expect("a stream that goes on")
}

/// The next message of a stream, which must be one.
#[track_caller]
pub(crate) fn message<T: std::fmt::Debug>(item: Result<Item<T>, Error>) -> T {
    match item {
        Ok(Item::Message(message)) => message,
        other => panic!("no message but {other:?}"),
    }
}

/// What a stream has at once.
pub(crate) async fn ready<S: Stream + Unpin>(stream: &mut S) -> Vec<S::Item> {
    let mut items = Vec::new();
    while let Ok(Some(item)) = timeout(Duration::from_millis(1), stream.next()).await {
        items.push(item);
    }
    items
}
