//! Messages the platform kept.

#[cfg(test)]
pub(crate) mod tests;

use std::{
    collections::{HashMap, VecDeque},
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
};

use aerostack_api::{
    CallError, CallOptions, Failure, RawJson, Transport, generated::types, operations,
};
use serde::de::DeserializeOwned;

use crate::{
    error::{Error, ErrorKind},
    protocol::message::decode,
    shared::Common,
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
        .with_source(aerostack_api::Misread::from(source))
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
            let topic = &topic;
            let answer = transport
                .call(
                    &operations::REALTIME_HISTORY,
                    &options,
                    |client| async move {
                        client
                            .realtime_history(before, Some(i64::from(limit)), topic)
                            .await
                    },
                )
                .await
                .map_err(failed)?;
            answer
                .value
                .messages
                .or(answer.value.data)
                .ok_or_else(|| {
                    Error::new(
                        ErrorKind::History,
                        "the history's answer holds no list of messages",
                    )
                    .with_status(answer.status.as_u16())
                })?
                .into_iter()
                .map(HistoryMessage::read)
                .collect()
        })
    }
}

fn failed(error: CallError) -> Error {
    let (status, code, raw) = match &error.failure {
        Failure::Status { status, body, .. } => (
            Some(status.as_u16()),
            body.code.clone(),
            Some(excerpt(&body.raw)),
        ),
        Failure::Decode { status, body, .. } => (Some(status.as_u16()), None, Some(excerpt(body))),
        Failure::Redirect { status, .. } => (Some(status.as_u16()), None, None),
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

/// Goes back in time page by page. `before` may or may not include its own millisecond, so each page asks for one
/// millisecond more and skips the ids already seen.
pub(crate) struct Pager {
    topic: String,
    before: Option<i64>,
    limit: u32,
    /// Ids, and times, of the oldest milliseconds seen so far.
    boundary: HashMap<String, i64>,
    done: bool,
}

impl Pager {
    pub(crate) fn new(topic: String, before: Option<i64>, limit: u32) -> Self {
        Self {
            topic,
            before,
            limit: limit.max(1),
            boundary: HashMap::new(),
            done: false,
        }
    }

    /// The next older messages, newest first; none at the end.
    ///
    /// Not cancel safe in the sense of progress: dropped, the page is asked for again.
    pub(crate) async fn next(
        &mut self,
        source: &dyn HistorySource,
        token: Option<Token>,
    ) -> Result<Option<Vec<HistoryMessage>>, Error> {
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
            let Some(oldest) = oldest.filter(|_| !fresh.is_empty()) else {
                // Nothing new: the end, or a millisecond with more messages than a page holds. Skipping that millisecond
                // is the only way on, so a longer page is tried first.
                if received > 0 && received as u32 >= asked && self.limit < 10_000 {
                    self.limit = self.limit.saturating_mul(2);
                    continue;
                }
                self.done = true;
                return Ok(None);
            };
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
            return Ok(Some(fresh));
        }
        Ok(None)
    }
}

/// A channel's kept messages, newest first, page by page.
///
/// ```no_run
/// # async fn run(channel: aerostack_realtime::Channel) -> Result<(), aerostack_realtime::Error> {
/// let mut history = channel.history();
/// while let Some(message) = history.next().await? {
///     println!("{} {:?}", message.created_at, message.event);
/// }
/// # Ok(()) }
/// ```
pub struct History {
    pager: Pager,
    common: Arc<Common>,
    ready: VecDeque<HistoryMessage>,
}

impl History {
    pub(crate) fn new(common: Arc<Common>, topic: String) -> Self {
        Self {
            pager: Pager::new(topic, None, PAGE),
            common,
            ready: VecDeque::new(),
        }
    }

    /// Only messages older than this, in Unix milliseconds of the server's clock.
    #[must_use]
    pub fn before(mut self, created_at: i64) -> Self {
        self.pager.before = Some(created_at);
        self
    }

    /// Messages asked for at once, 50 unless set. The server has an upper limit it does not state.
    #[must_use]
    pub fn page_size(mut self, messages: u32) -> Self {
        self.pager.limit = messages.max(1);
        self
    }

    /// The next older message; `None` at the end.
    ///
    /// # Errors
    /// [`ErrorKind::History`], [`ErrorKind::Unauthorized`] or [`ErrorKind::RateLimited`], with the status and the
    /// beginning of the body where there was an answer; [`ErrorKind::TokenProvider`] when that fails, which is asked
    /// before every page, and once more after a refusal. Calling again asks for the same page again.
    ///
    /// # Cancel safety
    /// No message is lost when the future is dropped; a page under way is asked for again.
    pub async fn next(&mut self) -> Result<Option<HistoryMessage>, Error> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Ok(Some(message));
            }
            match self.next_page().await? {
                Some(page) => self.ready.extend(page),
                None => return Ok(None),
            }
        }
    }

    /// The next older page, newest first; `None` at the end.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    ///
    /// # Cancel safety
    /// As [`next`](Self::next).
    pub async fn next_page(&mut self) -> Result<Option<Vec<HistoryMessage>>, Error> {
        if !self.ready.is_empty() {
            return Ok(Some(self.ready.drain(..).collect()));
        }
        match self.read(false).await {
            Err(error)
                if error.kind() == ErrorKind::Unauthorized
                    && self.common.settings.provider.is_some() =>
            {
                self.read(true).await
            }
            read => read,
        }
    }

    async fn read(&mut self, forced: bool) -> Result<Option<Vec<HistoryMessage>>, Error> {
        let token = self.common.ask_token(forced).await?;
        self.pager.next(self.common.history.as_ref(), token).await
    }

    /// Reads everything from here, up to a number of messages.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    ///
    /// # Cancel safety
    /// Dropped, what was read is lost; reading changes nothing.
    pub async fn collect(mut self, at_most: usize) -> Result<Vec<HistoryMessage>, Error> {
        let mut all = Vec::new();
        while all.len() < at_most {
            match self.next().await? {
                Some(message) => all.push(message),
                None => break,
            }
        }
        Ok(all)
    }
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History")
            .field("topic", &self.pager.topic)
            .field("before", &self.pager.before)
            .finish_non_exhaustive()
    }
}
