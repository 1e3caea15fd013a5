//! A channel's history, as its readers hold it.

use std::{collections::VecDeque, fmt, sync::Arc};

use crate::{
    error::{Error, ErrorKind},
    token::{TokenRequest, Tokens},
    transport::history::{HistoryMessage, HistorySource, PAGE, Page, Pager},
};

/// What the history is read with.
#[derive(Clone)]
pub(crate) struct HistoryReader {
    pub(crate) source: Arc<dyn HistorySource>,
    pub(crate) tokens: Arc<Tokens>,
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
    reader: HistoryReader,
    ready: VecDeque<HistoryMessage>,
    /// What is to be said before anything of `ready`.
    incomplete: Option<Error>,
}

impl History {
    pub(crate) fn new(reader: HistoryReader, topic: String) -> Self {
        Self {
            pager: Pager::new(topic, None, PAGE),
            reader,
            ready: VecDeque::new(),
            incomplete: None,
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
    /// [`ErrorKind::HistoryIncomplete`], once, where a millisecond holds more messages than the server gives in a page:
    /// those beyond cannot be read. Calling again goes on with older messages.
    ///
    /// # Cancel safety
    /// No message is lost when the future is dropped; a page under way is asked for again.
    pub async fn next(&mut self) -> Result<Option<HistoryMessage>, Error> {
        loop {
            if let Some(incomplete) = self.incomplete.take() {
                return Err(incomplete);
            }
            if let Some(message) = self.ready.pop_front() {
                return Ok(Some(message));
            }
            if !self.fetch().await? {
                return Ok(None);
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
        loop {
            if let Some(incomplete) = self.incomplete.take() {
                return Err(incomplete);
            }
            if !self.ready.is_empty() {
                return Ok(Some(self.ready.drain(..).collect()));
            }
            if !self.fetch().await? {
                return Ok(None);
            }
        }
    }

    /// Reads one page more; says whether there was one.
    async fn fetch(&mut self) -> Result<bool, Error> {
        let page = match self.read(TokenRequest::Current).await {
            Err(error)
                if error.kind() == ErrorKind::Unauthorized && self.reader.tokens.has_provider() =>
            {
                self.read(TokenRequest::Forced).await?
            }
            read => read?,
        };
        let Some(page) = page else { return Ok(false) };
        self.incomplete = page.saturated.map(incomplete);
        self.ready.extend(page.messages);
        Ok(true)
    }

    async fn read(&mut self, request: TokenRequest) -> Result<Option<Page>, Error> {
        let token = self.reader.tokens.ask(request).await?;
        self.pager.next(self.reader.source.as_ref(), token).await
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

fn incomplete(at: i64) -> Error {
    Error::new(
        ErrorKind::HistoryIncomplete,
        format!(
            "more messages were kept in the millisecond {at} than the server gives in a page; some cannot be read, and \
             reading on continues with older ones"
        ),
    )
}

impl fmt::Debug for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("History")
            .field("topic", &self.pager.topic)
            .field("before", &self.pager.before)
            .finish_non_exhaustive()
    }
}
