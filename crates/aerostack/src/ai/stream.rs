//! Completions as they are written.

use std::{
    collections::VecDeque,
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use aerostack_api::{
    Answer, BodyStream, BodyWatch, ErrorBody, Operation, RawJson, SSE_EVENT_LIMIT, SseEvent,
    SseFailure, SseStream,
};
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::TryStreamExt;
use tokio::time::{Sleep, sleep};

use super::{
    Chat, Completion, FinishReason, Usage,
    completion::{Choice, Wire},
};
use crate::{
    Client, Error, ErrorKind,
    call::{Options, awaitable, call_options},
    decode,
};

/// How long the end of a body may take after the last word.
const CLOSING: Duration = Duration::from_millis(50);

/// A completion to be streamed. From [`Chat::stream`]. Await it for a [`ChatStream`].
///
/// Reaching the beginning of the answer has the call's time limits; after that only silence is limited, by
/// [`ClientBuilder::idle_timeout`](crate::ClientBuilder::idle_timeout). The count of tokens is always asked for.
///
/// # Cancel safety
/// Dropping the future abandons the call; the platform may complete, and bill, all the same.
#[must_use = "a call does nothing until it is awaited"]
pub struct StreamChat {
    chat: Chat,
    options: Options,
    event_limit: usize,
}

impl StreamChat {
    pub(super) fn new(mut chat: Chat) -> Self {
        Self {
            options: std::mem::take(&mut chat.options),
            chat,
            event_limit: SSE_EVENT_LIMIT,
        }
    }

    /// The longest event to take, in bytes: 1 MiB by default.
    pub fn event_limit(mut self, bytes: usize) -> Self {
        self.event_limit = bytes;
        self
    }

    call_options!();

    async fn run(self) -> Result<ChatStream, Error> {
        let Self {
            mut chat,
            mut options,
            event_limit,
        } = self;
        options.default_timeout(chat.client.completion_timeout());
        let options = options.into_call()?;
        let body = &chat.body(true)?;
        let target = &chat.target;
        let operation = target.operation();
        let transport = chat.client.transport();
        let answer = transport
            .call_streaming(operation, &options, |api| async move {
                api.chat_stream(target, body).await
            })
            .await?;
        let content_type = answer
            .headers
            .get(http::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let Answer {
            value,
            status,
            headers,
            request_id,
            attempts,
        } = answer;
        let head = Answer {
            value: (),
            status,
            headers,
            request_id,
            attempts,
        };
        let mut body = value;
        let watch = body.judge();
        let source = if essence.eq_ignore_ascii_case("text/event-stream") {
            Source::Events(Box::new(SseStream::new(body, event_limit)))
        } else if essence.eq_ignore_ascii_case("application/json") {
            // A platform that cannot stream this model answers as if nobody had asked it to.
            let delta = whole(&chat.client, operation, &head, body)
                .await
                .and_then(|text| from_json(operation, &head, text))
                .inspect_err(|error| watch.unusable(error))?;
            watch.done();
            Source::Ready(VecDeque::from([delta]))
        } else {
            let error = Error::answered(
                ErrorKind::Protocol,
                operation.id,
                &head,
                "the answer is neither a stream of events nor JSON; another service answered",
            );
            watch.unusable(&error);
            return Err(error);
        };
        Ok(ChatStream {
            operation,
            head,
            source,
            watch,
            finished: false,
            limit: chat.client.transport().config().answer_limit,
        })
    }
}

awaitable!(StreamChat => ChatStream);

/// A piece of a completion.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct ChatDelta {
    /// The text that follows what came before. It may be empty.
    pub text: String,
    /// Why the model stopped, on the piece that ends the text.
    pub finish_reason: Option<FinishReason>,
    /// The tokens of the whole completion, mostly on the last piece.
    pub usage: Option<Usage>,
    /// The model that writes, where the platform says so.
    pub model: Option<String>,
    /// The platform's id of the completion.
    pub id: Option<String>,
}

impl fmt::Debug for ChatDelta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatDelta")
            .field("text", &format_args!("{} bytes", self.text.len()))
            .field("finish_reason", &self.finish_reason)
            .field("usage", &self.usage)
            .field("model", &self.model)
            .field("id", &self.id)
            .finish()
    }
}

/// The pieces of a completion, each as it arrives. From [`StreamChat`].
///
/// An end without error is the end of the text: the platform said `[DONE]`, or closed the stream after a finish reason.
/// A platform that answers in one piece gives one delta. Nothing follows an error:
///
/// | what came | [`ErrorKind`] |
/// |---|---|
/// | an error object of the platform's | what its code means, otherwise [`Server`](ErrorKind::Server) |
/// | an event that is not a piece of a completion | [`Decode`](ErrorKind::Decode), never passed over |
/// | an event above the limit | [`TooLarge`](ErrorKind::TooLarge) |
/// | an end in the middle | [`Truncated`](ErrorKind::Truncated) |
/// | nothing for too long | [`Timeout`](ErrorKind::Timeout) |
///
/// # Cancel safety
/// Waiting for the next piece can be dropped and taken up again: none is lost. Dropping the stream abandons the
/// completion, which the platform may finish, and bill, all the same.
pub struct ChatStream {
    operation: &'static Operation,
    head: Answer<()>,
    source: Source,
    watch: BodyWatch,
    finished: bool,
    /// The longest text put together.
    limit: u64,
}

enum Source {
    Events(Box<SseStream>),
    /// All was said; only the end of the body is still out.
    Closing(Box<SseStream>, Pin<Box<Sleep>>),
    Ready(VecDeque<ChatDelta>),
    Ended,
}

impl ChatStream {
    /// Reads to the end and puts the pieces together.
    ///
    /// # Errors
    /// The stream's own; [`ErrorKind::TooLarge`] when the text grows longer than
    /// [`ClientBuilder::answer_limit`](crate::ClientBuilder::answer_limit).
    ///
    /// # Cancel safety
    /// Dropping the future loses the pieces read.
    pub async fn into_completion(mut self) -> Result<Completion, Error> {
        let mut completion = Completion {
            text: String::new(),
            model: None,
            usage: None,
            finish_reason: None,
            id: None,
        };
        while let Some(delta) = self.try_next().await? {
            if (completion.text.len() + delta.text.len()) as u64 > self.limit {
                let limit = self.limit;
                let error = self.too_long(format!(
                    "the text is longer than the limit of {limit} bytes; ask for less, or raise the limit with \
                     ClientBuilder::answer_limit"
                ));
                self.watch.unusable(&error);
                return Err(error);
            }
            completion.text.push_str(&delta.text);
            completion.finish_reason = delta.finish_reason.or(completion.finish_reason);
            completion.usage = delta.usage.or(completion.usage);
            completion.model = delta.model.or(completion.model);
            completion.id = delta.id.or(completion.id);
        }
        Ok(completion)
    }

    /// What an event comes to; `None` for the end.
    fn read(&self, event: &SseEvent) -> Result<Option<ChatDelta>, Error> {
        let data = event.data.trim();
        if data == "[DONE]" {
            return Ok(None);
        }
        let malformed = |problem: &str| {
            Error::answered(
                ErrorKind::Decode,
                self.operation.id,
                &self.head,
                format!("an event of the stream is not a piece of a completion: {problem}"),
            )
        };
        let refusal = || {
            let body = ErrorBody::parse(Bytes::copy_from_slice(data.as_bytes()));
            Error::in_stream(self.operation.id, &self.head, body)
        };
        if event.name.as_deref() == Some("error") {
            return Err(refusal());
        }
        let wire: Wire =
            serde_json::from_str(data).map_err(|error| malformed(&decode::describe(&error)))?;
        if wire.error.as_ref().is_some_and(|error| !error.is_null()) {
            return Err(refusal());
        }
        if wire.choices.is_none() && wire.response.is_none() && wire.usage.is_none() {
            return Err(malformed(
                "it has neither `choices` nor `response` nor `usage`",
            ));
        }
        let choice = wire.choices.and_then(|choices| choices.into_iter().next());
        let finish_reason = choice.as_ref().and_then(Choice::finish_reason);
        let delta = choice.and_then(|choice| choice.delta);
        let text = delta.and_then(|delta| delta.content);
        Ok(Some(ChatDelta {
            text: text.or(wire.response).unwrap_or_default(),
            finish_reason,
            usage: wire.usage.map(Usage::from),
            model: wire.model,
            id: wire.id,
        }))
    }

    /// After the last word a body ends at once, as a rule. Read to that end, its connection can be used again.
    fn close(&mut self) {
        if let Source::Events(events) = std::mem::replace(&mut self.source, Source::Ended) {
            self.source = Source::Closing(events, Box::pin(sleep(CLOSING)));
        }
    }

    fn too_long(&self, message: String) -> Error {
        Error::answered(ErrorKind::TooLarge, self.operation.id, &self.head, message)
    }

    fn broken(&self, failure: SseFailure) -> Error {
        match failure {
            SseFailure::Body(failure) => Error::in_body(self.operation.id, failure)
                .with_request_id(self.head.request_id.as_deref()),
            SseFailure::TooLarge { limit } => self.too_long(format!(
                "an event of the stream is longer than {limit} bytes; raise the limit with .event_limit(..)"
            )),
            failure => Error::answered(
                ErrorKind::Decode,
                self.operation.id,
                &self.head,
                failure.to_string(),
            ),
        }
    }
}

impl Stream for ChatStream {
    type Item = Result<ChatDelta, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let item = match &mut this.source {
            Source::Ended => None,
            Source::Ready(deltas) => deltas.pop_front().map(Ok),
            Source::Closing(events, patience) => {
                ready!(closed(events, patience, cx));
                None
            }
            Source::Events(events) => match ready!(Pin::new(events).poll_next(cx)) {
                Some(Ok(event)) => match this.read(&event) {
                    Ok(None) => {
                        this.close();
                        return self.poll_next(cx);
                    }
                    read => read.transpose(),
                },
                Some(Err(failure)) => Some(Err(this.broken(failure))),
                None if this.finished => None,
                None => Some(Err(Error::answered(
                    ErrorKind::Truncated,
                    this.operation.id,
                    &this.head,
                    "the stream ended in the middle: there was no finish reason and no `[DONE]`",
                ))),
            },
        };
        match &item {
            Some(Ok(delta)) => this.finished |= delta.finish_reason.is_some(),
            end => {
                match end {
                    Some(Err(error)) => this.watch.unusable(error),
                    _ => this.watch.done(),
                }
                this.source = Source::Ended;
            }
        }
        Poll::Ready(item)
    }
}

impl fmt::Debug for ChatStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChatStream")
            .field("operation", &self.operation.id)
            .field("finished", &self.finished)
            .finish_non_exhaustive()
    }
}

/// Waits for the end of a body that has nothing more to say, for a moment.
fn closed(
    events: &mut SseStream,
    patience: &mut Pin<Box<Sleep>>,
    cx: &mut Context<'_>,
) -> Poll<()> {
    match Pin::new(events).poll_next(cx) {
        Poll::Pending => patience.as_mut().poll(cx),
        Poll::Ready(_) => Poll::Ready(()),
    }
}

/// A whole completion as the one piece of a stream.
fn from_json(
    operation: &'static Operation,
    head: &Answer<()>,
    text: Bytes,
) -> Result<ChatDelta, Error> {
    let raw: RawJson = serde_json::from_slice(&text).map_err(|error| {
        Error::answered(
            ErrorKind::Decode,
            operation.id,
            head,
            format!("the answer is not JSON: {}", decode::describe(&error)),
        )
    })?;
    let completion = Completion::read(operation, head, &raw)?;
    Ok(ChatDelta {
        text: completion.text,
        finish_reason: completion.finish_reason,
        usage: completion.usage,
        model: completion.model,
        id: completion.id,
    })
}

async fn whole(
    client: &Client,
    operation: &'static Operation,
    head: &Answer<()>,
    mut body: BodyStream,
) -> Result<Bytes, Error> {
    let limit = client.transport().config().answer_limit;
    let mut text = BytesMut::new();
    let failed =
        |failure| Error::in_body(operation.id, failure).with_request_id(head.request_id.as_deref());
    while let Some(chunk) = body.try_next().await.map_err(failed)? {
        text.extend_from_slice(&chunk);
        if text.len() as u64 > limit {
            return Err(failed(aerostack_api::Failure::TooLarge { limit }));
        }
    }
    Ok(text.freeze())
}
