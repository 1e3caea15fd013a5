//! Messages the platform kept, read over HTTP page by page.

#[cfg(test)]
pub(crate) mod tests;

use std::{collections::HashMap, fmt, future::Future, pin::Pin};

use aerostack_api::{CallError, CallOptions, RawJson, Transport, TransportError, requests, types};
use serde::de::DeserializeOwned;

use crate::{
    error::{Error, ErrorKind},
    protocol::message::decode,
    token::Token,
};

/// A message the platform kept: an event published with `persist`, or a chat message.
///
/// `Debug` shows where it belongs, not its content.
#[derive(Clone)]
#[non_exhaustive]
pub struct HistoryMessage {
    /// Its id.
    pub id: String,
    /// The whole topic.
    pub topic: String,
    /// Who published it, if known.
    pub user_id: Option<String>,
    /// The name it was published under.
    pub event: Option<String>,
    /// When it was kept, in Unix milliseconds of the server's clock.
    pub created_at: i64,
    data: RawJson,
}

impl HistoryMessage {
    fn read(message: types::RealtimeMessage) -> Result<Self, Error> {
        let (Some(id), Some(created_at)) = (message.id, message.created_at) else {
            return Err(Error::new(
                ErrorKind::History,
                "the history holds a message without id or time, so it cannot be paged through",
            ));
        };
        Ok(Self {
            id,
            topic: message.room_id.unwrap_or_default(),
            user_id: message.user_id,
            event: message.event,
            created_at,
            data: match message.data {
                Some(data) => unwrap(data),
                None => RawJson::from_text("null".to_owned()).map_err(unreadable)?,
            },
        })
    }

    #[cfg(test)]
    pub(crate) fn kept(id: String, topic: &str, event: &str, at: i64, data: RawJson) -> Self {
        Self {
            id,
            topic: topic.to_owned(),
            user_id: None,
            event: Some(event.to_owned()),
            created_at: at,
            data,
        }
    }

    /// The payload, as JSON text.
    pub fn data(&self) -> &str {
        self.data.text()
    }

    /// Decodes the payload.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] when it does not fit; the error keeps the JSON.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode("the payload", self.data.text())
    }
}

/// Payloads may come as JSON or as text that holds JSON.
fn unwrap(data: RawJson) -> RawJson {
    match data.decode::<String>() {
        Ok(inner) => RawJson::from_text(inner).unwrap_or(data),
        Err(_) => data,
    }
}

fn unreadable(source: serde_json::Error) -> Error {
    Error::new(ErrorKind::History, "the history could not be read")
        .with_source(aerostack_api::DecodeError::from(source))
}

impl fmt::Debug for HistoryMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HistoryMessage")
            .field("id", &self.id)
            .field("topic", &self.topic)
            .field("event", &self.event)
            .field("created_at", &self.created_at)
            .finish_non_exhaustive()
    }
}

pub(crate) type PageFuture =
    Pin<Box<dyn Future<Output = Result<Vec<HistoryMessage>, Error>> + Send>>;

/// Where one page of history comes from.
pub(crate) trait HistorySource: Send + Sync {
    /// Messages older than `before`, newest first.
    fn page(
        &self,
        topic: &str,
        before: Option<i64>,
        limit: u32,
        token: Option<Token>,
    ) -> PageFuture;
}

/// The platform's HTTP interface.
pub(crate) struct Http(pub(crate) Transport);

impl HistorySource for Http {
    fn page(
        &self,
        topic: &str,
        before: Option<i64>,
        limit: u32,
        token: Option<Token>,
    ) -> PageFuture {
        let transport = self.0.clone();
        let topic = topic.to_owned();
        Box::pin(async move {
            let options = CallOptions {
                user_token: token.map(|token| token.secret().clone()),
                ..CallOptions::default()
            };
            let request = requests::RealtimeHistory::new(topic)
                .before(before)
                .limit(i64::from(limit));
            let response = transport.send(&request, &options).await.map_err(failed)?;
            response
                .value
                .messages
                .or(response.value.data)
                .ok_or_else(|| {
                    Error::new(
                        ErrorKind::History,
                        "the history's answer holds no list of messages",
                    )
                    .with_status(response.status.as_u16())
                })?
                .into_iter()
                .map(HistoryMessage::read)
                .collect()
        })
    }
}

fn failed(error: CallError) -> Error {
    let (status, code, raw) = match &error.error {
        TransportError::Status { status, body, .. } => (
            Some(status.as_u16()),
            body.code.clone(),
            Some(excerpt(&body.raw)),
        ),
        TransportError::Decode { status, body, .. } => {
            (Some(status.as_u16()), None, Some(excerpt(body)))
        }
        TransportError::Redirect { status, .. } => (Some(status.as_u16()), None, None),
        _ => (None, None, None),
    };
    let kind = match status {
        Some(401 | 403) => ErrorKind::Unauthorized,
        Some(429) => ErrorKind::RateLimited,
        _ => ErrorKind::History,
    };
    let mut result = Error::new(kind, "the history could not be read").with_code(code);
    if let Some(status) = status {
        result = result.with_status(status);
    }
    if let Some(raw) = raw {
        result = result.with_raw(raw);
    }
    result.with_source(error)
}

fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body.get(..1024).unwrap_or(body)).into_owned()
}

/// Messages per page, unless asked otherwise.
pub(crate) const PAGE: u32 = 50;

/// The longest page asked for where many messages share a millisecond.
const LONGEST_PAGE: u32 = 10_000;
/// The page every client of the platform asks for: a server's limit below it is not expected.
const COMMON_PAGE: usize = 50;

/// Part of a history, newest first.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) messages: Vec<HistoryMessage>,
    /// A millisecond, newer than these messages, that holds or may hold more messages than the server gives in a page.
    /// Those beyond cannot be read.
    pub(crate) saturated: Option<i64>,
}

/// Goes back in time page by page. `before` may or may not include its own millisecond, so each page asks for one
/// millisecond more and skips the ids already seen.
pub(crate) struct Pager {
    pub(crate) topic: String,
    pub(crate) before: Option<i64>,
    /// Messages asked for at once; grows where many share a millisecond.
    pub(crate) limit: u32,
    /// The longest page so far: a shorter one was not cut short by the server's limit.
    longest: usize,
    /// Ids, and times, of the oldest milliseconds seen so far.
    boundary: HashMap<String, i64>,
    /// The millisecond that is being skipped, and whether it is known to hold more than a page.
    skipping: Option<(i64, bool)>,
    done: bool,
}

impl Pager {
    pub(crate) fn new(topic: String, before: Option<i64>, limit: u32) -> Self {
        Self {
            topic,
            before,
            limit: limit.max(1),
            longest: 0,
            boundary: HashMap::new(),
            skipping: None,
            done: false,
        }
    }

    /// The next older messages; none at the end.
    ///
    /// Not cancel safe in the sense of progress: dropped, the page is asked for again.
    pub(crate) async fn next(
        &mut self,
        source: &dyn HistorySource,
        token: Option<Token>,
    ) -> Result<Option<Page>, Error> {
        while !self.done {
            let asked = self.limit;
            let page = source
                .page(&self.topic, self.before, asked, token.clone())
                .await?;
            let received = page.len();
            let oldest = page.iter().map(|message| message.created_at).min();
            let fresh: Vec<HistoryMessage> = page
                .into_iter()
                .filter(|message| !self.boundary.contains_key(&message.id))
                .collect();
            let longest = self.longest;
            self.longest = longest.max(received);
            if let (Some(oldest), false) = (oldest, fresh.is_empty()) {
                let before = oldest.saturating_add(1);
                self.before = Some(before);
                // An inclusive server sends the millisecond of `before` again as well.
                self.boundary.retain(|_, at| *at <= before);
                self.boundary.extend(
                    fresh
                        .iter()
                        .filter(|message| message.created_at <= before)
                        .map(|message| (message.id.clone(), message.created_at)),
                );
                return Ok(Some(Page {
                    messages: fresh,
                    // There was more behind a page that held nothing new: the server's limit had cut it short.
                    saturated: self.skipping.take().map(|(at, _)| at),
                }));
            }
            match (oldest, self.skipping) {
                // Nothing but what is known already: the end, unless the page is as long as pages get. Then its
                // millisecond may hold more than a page, and a longer one is tried before that millisecond is skipped.
                (Some(_), None)
                    if received >= longest && received as u32 >= asked && asked < LONGEST_PAGE =>
                {
                    self.limit = asked.saturating_mul(2);
                }
                (Some(oldest), None) if received >= longest => {
                    self.skipping = Some((oldest, received >= COMMON_PAGE));
                    self.before = Some(oldest);
                }
                // An inclusive server sends that millisecond once more.
                (Some(oldest), Some((at, _))) if oldest == at && self.before == Some(at) => {
                    self.before = Some(at.saturating_sub(1));
                }
                _ => self.done = true,
            }
        }
        let left = self.skipping.take().filter(|(_, full)| *full);
        Ok(left.map(|(at, _)| Page {
            messages: Vec::new(),
            saturated: Some(at),
        }))
    }
}
