//! What happens right now, as server-sent events: calls and frames.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::routing::get;
use futures_util::Stream;
use futures_util::stream;
use serde::Serialize;
use tokio::sync::watch;

use crate::console::Console;
use crate::console::inspect::CallSummary;
use crate::realtime::EntryReply;

/// How long events are gathered before they are sent.
const GATHER: Duration = Duration::from_millis(40);
/// How much of what happened before is sent to a page that connects.
const BACKLOG: u64 = 500;

pub(super) fn routes(console: Console) -> Router {
    Router::new()
        .route("/__emulator/live", get(live))
        .with_state(console)
}

async fn live(
    State(console): State<Console>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>> + Send + 'static> {
    let tail = Tail {
        calls: console.kit.log.changes(),
        frames: console.hub.changes(),
        next_call: 0,
        unanswered: BTreeSet::new(),
        next_frame: console.hub.transcript_end().saturating_sub(BACKLOG),
        console,
    };
    let start = Event::default().event("start").data("{}");
    let events = stream::unfold((tail, vec![start]), async |(mut tail, mut ready)| {
        while ready.is_empty() {
            ready = tail.next().await?;
            ready.reverse();
        }
        let event = ready.pop()?;
        Some((Ok(event), (tail, ready)))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// Follows the log of requests and the transcript.
struct Tail {
    console: Console,
    calls: watch::Receiver<()>,
    frames: watch::Receiver<()>,
    next_call: u64,
    /// Calls that were sent before their answer was known.
    unanswered: BTreeSet<u64>,
    next_frame: u64,
}

impl Tail {
    /// What is new; waits until something is. `None` when the emulator stops.
    async fn next(&mut self) -> Option<Vec<Event>> {
        let events = self.fresh();
        if !events.is_empty() {
            return Some(events);
        }
        tokio::select! {
            () = self.console.stop.cancelled() => return None,
            changed = self.calls.changed() => changed.ok()?,
            changed = self.frames.changed() => changed.ok()?,
        }
        tokio::time::sleep(GATHER).await;
        Some(self.fresh())
    }

    fn fresh(&mut self) -> Vec<Event> {
        self.calls.mark_unchanged();
        self.frames.mark_unchanged();
        let mut events = Vec::new();
        let from = self
            .unanswered
            .first()
            .copied()
            .unwrap_or(self.next_call)
            .min(self.next_call);
        for call in self.console.kit.log.since(from, CallSummary::of) {
            let is_new = call.seq >= self.next_call;
            self.next_call = self.next_call.max(call.seq + 1);
            let was_open = self.unanswered.contains(&call.seq);
            if call.done {
                self.unanswered.remove(&call.seq);
            } else {
                self.unanswered.insert(call.seq);
            }
            if is_new || (was_open && call.done) {
                events.extend(event("call", &call));
            }
        }
        for (seq, entry) in self.console.hub.transcript_since(self.next_frame) {
            self.next_frame = seq + 1;
            events.extend(event("frame", &EntryReply::numbered(seq, entry)));
        }
        events
    }
}

fn event(kind: &str, data: &impl Serialize) -> Option<Event> {
    Event::default().event(kind).json_data(data).ok()
}
