//! Everything that went over the wire, for tests to look at.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use serde::Deserialize;
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// Who sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The client.
    In,
    /// The hub.
    Out,
}

/// What happened on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// An upgrade was accepted. Credentials in `target` and `protocols` are replaced by `***`.
    Opened {
        /// The path and query of the request.
        target: String,
        /// The subprotocols offered.
        protocols: Vec<String>,
    },
    /// An upgrade was refused with this status; 0 means that it was never answered.
    Refused(u16),
    /// A text message; see [`Entry::text`].
    Text,
    /// A binary message of this many bytes.
    Binary(usize),
    /// A ping of the WebSocket protocol, which is not the `ping` frame.
    Ping,
    /// A pong of the WebSocket protocol.
    Pong,
    /// A close frame, with its code if it had one.
    Close(Option<u16>),
    /// Bytes a fault sent past the WebSocket library.
    Raw(usize),
    /// The connection is gone.
    Gone,
}

/// One line of the transcript.
///
/// The token of an `auth` frame is replaced by `***` in [`Entry::text`] and never shown by `Debug`; a test that has to
/// know it calls [`Entry::token`].
#[derive(Clone)]
#[non_exhaustive]
pub struct Entry {
    /// Which connection; the first upgrade a hub sees is 1, refused ones count.
    pub connection: u64,
    /// When, since the hub was made. It follows tokio's clock.
    pub at: Duration,
    /// Who sent it.
    pub direction: Direction,
    /// What it was.
    pub event: Event,
    text: Option<Utf8Bytes>,
    token: Option<String>,
}

impl Entry {
    pub(crate) fn new(connection: u64, direction: Direction, event: Event) -> Self {
        Self {
            connection,
            at: Duration::ZERO,
            direction,
            event,
            text: None,
            token: None,
        }
    }

    pub(crate) fn text_in(connection: u64, text: Utf8Bytes) -> Self {
        let mut entry = Self::new(connection, Direction::In, Event::Text);
        if let Some(token) = auth_token(&text) {
            let json = serde_json::json!({ "type": "auth", "token": "***" });
            entry.text = Some(json.to_string().into());
            entry.token = Some(token);
        } else {
            entry.text = Some(text);
        }
        entry
    }

    pub(crate) fn text_out(connection: u64, text: Utf8Bytes) -> Self {
        let mut entry = Self::new(connection, Direction::Out, Event::Text);
        entry.text = Some(text);
        entry
    }

    pub(crate) fn with_token(mut self, token: Option<String>) -> Self {
        self.token = token;
        self
    }

    /// The text of a text message.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// The frame decoded as JSON; `None` when it is no text message or no JSON of that shape.
    #[must_use]
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(self.text()?).ok()
    }

    /// The frame's `type`, when it has one.
    #[must_use]
    pub fn frame_type(&self) -> Option<String> {
        #[derive(Deserialize)]
        struct Typed {
            r#type: String,
        }
        self.json::<Typed>().map(|frame| frame.r#type)
    }

    /// The user token an upgrade offered or an `auth` frame carried.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }
}

fn auth_token(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Auth {
        r#type: String,
        token: String,
    }
    // Most frames are something else; looking for the word spares them the parse.
    let auth: Auth = text
        .contains("auth")
        .then(|| serde_json::from_str(text).ok())??;
    (auth.r#type == "auth").then_some(auth.token)
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arrow = match self.direction {
            Direction::In => "->",
            Direction::Out => "<-",
        };
        write!(f, "{:?} #{} {arrow} ", self.at, self.connection)?;
        match self.text() {
            Some(text) => f.write_str(text),
            None => self.event.fmt(f),
        }
    }
}

/// The latest entries, oldest first, numbered from 0.
#[derive(Default)]
pub(crate) struct Transcript {
    entries: VecDeque<Entry>,
    /// The number of the first entry kept.
    first: u64,
    discarded: u64,
}

impl Transcript {
    pub(crate) fn push(&mut self, entry: Entry, keep: usize) {
        self.entries.push_back(entry);
        while self.entries.len() > keep {
            self.entries.pop_front();
            self.first += 1;
            self.discarded += 1;
        }
    }

    pub(crate) fn all(&self) -> Vec<Entry> {
        self.entries.iter().cloned().collect()
    }

    /// The entries from this number on, with their numbers.
    pub(crate) fn since(&self, seq: u64) -> Vec<(u64, Entry)> {
        let skip = usize::try_from(seq.saturating_sub(self.first)).unwrap_or(usize::MAX);
        let numbers = self.first.saturating_add(skip as u64)..;
        numbers
            .zip(self.entries.iter().skip(skip).cloned())
            .collect()
    }

    /// The number of the next entry.
    pub(crate) fn end(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    pub(crate) fn count(&self, mut wanted: impl FnMut(&Entry) -> bool) -> usize {
        self.entries.iter().filter(|entry| wanted(entry)).count()
    }

    pub(crate) fn discarded(&self) -> u64 {
        self.discarded
    }

    pub(crate) fn clear(&mut self) {
        self.first = self.end();
        self.entries.clear();
        self.discarded = 0;
    }
}
