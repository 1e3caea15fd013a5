//! Completions as they are written.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use aerostack_api::{
    BodyReporter, BodyStream, ErrorBody, EventStream, RawJson, Response, SSE_EVENT_LIMIT, SseError,
    SseEvent, SseStream, TransportError, requests,
};
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::TryStreamExt;
use tokio::time::{Sleep, sleep};

use super::{
    Chat, Completion, FinishReason, ToolCall, Usage,
    chat::ChatTarget,
    wire::{Unreadable, Wire},
};
use crate::{
    Client, Error, ErrorKind,
    call::{Options, awaitable, call_options},
    decode,
    route::{GatewayPaths, OnShippedPath},
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
        let body = chat.body(true)?;
        let client = &chat.client;
        let response = match chat.target {
            ChatTarget::Project => {
                let request = EventStream(requests::AiChat::new(body));
                client.transport().stream(&request, &options).await?
            }
            ChatTarget::Gateway(slug) => {
                let request = &EventStream(requests::GatewayChatCompletions::new(slug, body));
                let options = &options;
                client
                    .gateway_route()
                    .send(|paths| async move {
                        let transport = client.transport();
                        match paths {
                            GatewayPaths::Published => transport.stream(request, options).await,
                            GatewayPaths::Shipped => {
                                let request = EventStream(OnShippedPath(&request.0));
                                transport.stream(&request, options).await
                            }
                        }
                    })
                    .await?
            }
        };
        let (mut body, head) = response.split();
        let content_type = head
            .headers
            .get(http::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let reporter = body.defer_outcome();
        // Some hosts of models stream events as plain text, or name no type at all.
        let events = ["text/event-stream", "text/plain", ""];
        let is_json = essence.eq_ignore_ascii_case("application/json");
        let source = if events
            .iter()
            .any(|known| essence.eq_ignore_ascii_case(known))
        {
            Source::Events(Box::new(SseStream::new(body, event_limit)))
        } else if is_json {
            // A platform that cannot stream this model answers as if nobody had asked it to.
            let delta = whole(client, &head, body)
                .await
                .and_then(|text| from_json(&head, text))
                .inspect_err(|error| reporter.unusable(error))?;
            reporter.done();
            Source::Ready(VecDeque::from([delta]))
        } else {
            let error = Error::answered(
                ErrorKind::Protocol,
                &head,
                "the answer is neither a stream of events nor JSON; another service answered",
            );
            reporter.unusable(&error);
            return Err(error);
        };
        Ok(ChatStream {
            head,
            source,
            reporter,
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
    /// What the model thinks before it writes, following what came before, where the platform passes that on.
    pub reasoning: Option<String>,
    /// Pieces of the calls the model wants made. [`ChatStream::into_completion`] puts them together.
    pub tool_calls: Vec<ToolCallDelta>,
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
            .field("reasoning", &self.reasoning.as_ref().map(String::len))
            .field("tool_calls", &self.tool_calls)
            .field("finish_reason", &self.finish_reason)
            .field("usage", &self.usage)
            .field("model", &self.model)
            .field("id", &self.id)
            .finish()
    }
}

/// A piece of a [`ToolCall`].
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToolCallDelta {
    /// Which of the calls it is a piece of, counted from 0.
    pub index: usize,
    /// The id of the call, on its first piece.
    pub id: Option<String>,
    /// The name of the tool, on its first piece.
    pub name: Option<String>,
    /// The arguments, following what came before.
    pub arguments: String,
}

impl fmt::Debug for ToolCallDelta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolCallDelta")
            .field("index", &self.index)
            .field("id", &self.id)
            .field("name", &self.name)
            .field("arguments", &format_args!("{} bytes", self.arguments.len()))
            .finish()
    }
}

impl ToolCallDelta {
    /// Adds a piece to the calls put together so far.
    pub(super) fn join(self, calls: &mut BTreeMap<usize, ToolCall>) {
        let call = calls.entry(self.index).or_default();
        call.id = self.id.or(call.id.take());
        call.name.push_str(&self.name.unwrap_or_default());
        call.arguments.push_str(&self.arguments);
    }

    fn len(&self) -> usize {
        self.name.as_ref().map_or(0, String::len) + self.arguments.len()
    }
}

/// The pieces of a completion, each as it arrives. From [`StreamChat`].
///
/// An end without error is the end of the text: the platform said `[DONE]`, or closed the stream after a finish reason.
/// A platform that answers in one piece gives one delta. Keep-alives are passed over: comments, events without data and
/// objects without any field that could hold text; nothing else is. Nothing follows an error:
///
/// | what came | [`ErrorKind`] |
/// |---|---|
/// | an error object of the platform's | what its code means, otherwise [`Server`](ErrorKind::Server) |
/// | an event that is not a piece of a completion | [`Decode`](ErrorKind::Decode) |
/// | an event above the limit | [`TooLarge`](ErrorKind::TooLarge) |
/// | an end in the middle | [`Truncated`](ErrorKind::Truncated) |
/// | nothing for too long | [`Timeout`](ErrorKind::Timeout) |
///
/// # Cancel safety
/// Waiting for the next piece can be dropped and taken up again: none is lost. Dropping the stream abandons the
/// completion, which the platform may finish, and bill, all the same.
pub struct ChatStream {
    head: Response<()>,
    source: Source,
    reporter: BodyReporter,
    finished: bool,
    /// The longest text put together.
    limit: u64,
}

/// What an event comes to.
enum Read {
    Piece(ChatDelta),
    /// A keep-alive.
    Nothing,
    End,
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
            parts: Vec::new(),
            reasoning: None,
            tool_calls: Vec::new(),
            model: None,
            usage: None,
            finish_reason: None,
            id: None,
        };
        let (mut length, mut calls) = (0, BTreeMap::new());
        while let Some(delta) = self.try_next().await? {
            length += delta.text.len()
                + delta.reasoning.as_ref().map_or(0, String::len)
                + delta
                    .tool_calls
                    .iter()
                    .map(ToolCallDelta::len)
                    .sum::<usize>();
            if length as u64 > self.limit {
                let limit = self.limit;
                let error = self.too_long(format!(
                    "the text is longer than the limit of {limit} bytes; ask for less, or raise the limit with \
                     ClientBuilder::answer_limit"
                ));
                self.reporter.unusable(&error);
                return Err(error);
            }
            completion.text.push_str(&delta.text);
            if let Some(reasoning) = delta.reasoning {
                let before = completion.reasoning.get_or_insert_default();
                before.push_str(&reasoning);
            }
            for piece in delta.tool_calls {
                piece.join(&mut calls);
            }
            completion.finish_reason = delta.finish_reason.or(completion.finish_reason);
            completion.usage = delta.usage.or(completion.usage);
            completion.model = delta.model.or(completion.model);
            completion.id = delta.id.or(completion.id);
        }
        completion.tool_calls = calls.into_values().collect();
        Ok(completion)
    }

    /// What an event comes to.
    fn read(&self, event: &SseEvent) -> Result<Read, Error> {
        let data = event.data.trim();
        match data {
            "" => return Ok(Read::Nothing),
            "[DONE]" => return Ok(Read::End),
            _ => {}
        }
        let malformed = |problem: &str| {
            Error::answered(
                ErrorKind::Decode,
                &self.head,
                format!("an event of the stream is not a piece of a completion: {problem}"),
            )
        };
        let refusal = || {
            let body = ErrorBody::parse(Bytes::copy_from_slice(data.as_bytes()));
            let what = "the platform gave up in the middle of the answer";
            Error::in_success(&self.head, what, body)
        };
        let name = event.name.as_deref().unwrap_or("message");
        if name == "error" {
            return Err(refusal());
        }
        let wire = match Wire::read(data) {
            Ok(wire) if wire.refused => return Err(refusal()),
            Ok(wire) => wire,
            Err(Unreadable::Silent) => return Ok(Read::Nothing),
            // An event of a name of its own, such as `ping`, need not hold JSON.
            Err(Unreadable::NotAnObject(_)) if name != "message" => return Ok(Read::Nothing),
            Err(Unreadable::NotAnObject(problem)) => return Err(malformed(&problem)),
            Err(Unreadable::Unknown(problem)) => return Err(malformed(problem)),
        };
        Ok(Read::Piece(ChatDelta {
            text: wire.text.unwrap_or_default(),
            reasoning: wire.reasoning,
            tool_calls: wire.tool_calls,
            finish_reason: wire.finish_reason,
            usage: wire.usage,
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
        Error::answered(ErrorKind::TooLarge, &self.head, message)
    }

    fn broken(&self, error: SseError) -> Error {
        match error {
            SseError::Body(error) => Error::in_body(&self.head, error),
            SseError::TooLarge { limit } => self.too_long(format!(
                "an event of the stream is longer than {limit} bytes; raise the limit with .event_limit(..)"
            )),
            error => Error::answered(
                ErrorKind::Decode,
                &self.head,
                error.to_string(),
            ),
        }
    }
}

impl Stream for ChatStream {
    type Item = Result<ChatDelta, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let item = loop {
            break match &mut this.source {
                Source::Ended => None,
                Source::Ready(deltas) => deltas.pop_front().map(Ok),
                Source::Closing(events, patience) => {
                    ready!(closed(events, patience, cx));
                    None
                }
                Source::Events(events) => match ready!(Pin::new(events).poll_next(cx)) {
                    Some(Ok(event)) => match this.read(&event) {
                        Ok(Read::End) => {
                            this.close();
                            return self.poll_next(cx);
                        }
                        Ok(Read::Nothing) => continue,
                        Ok(Read::Piece(delta)) => Some(Ok(delta)),
                        Err(error) => Some(Err(error)),
                    },
                    Some(Err(error)) => Some(Err(this.broken(error))),
                    None if this.finished => None,
                    None => Some(Err(Error::answered(
                        ErrorKind::Truncated,
                        &this.head,
                        "the stream ended in the middle: there was no finish reason and no `[DONE]`",
                    ))),
                },
            };
        };
        match &item {
            Some(Ok(delta)) => this.finished |= delta.finish_reason.is_some(),
            end => {
                match end {
                    Some(Err(error)) => this.reporter.unusable(error),
                    _ => this.reporter.done(),
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
            .field("operation", &self.head.operation.id)
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
fn from_json(head: &Response<()>, text: Bytes) -> Result<ChatDelta, Error> {
    let raw: RawJson = serde_json::from_slice(&text).map_err(|error| {
        Error::answered(
            ErrorKind::Decode,
            head,
            format!("the answer is not JSON: {}", decode::describe(&error)),
        )
    })?;
    let completion = Completion::read(head, &raw)?;
    let calls = completion.tool_calls.into_iter().enumerate();
    Ok(ChatDelta {
        text: completion.text,
        reasoning: completion.reasoning,
        tool_calls: calls
            .map(|(index, call)| ToolCallDelta {
                index,
                id: call.id,
                name: Some(call.name),
                arguments: call.arguments,
            })
            .collect(),
        finish_reason: completion.finish_reason,
        usage: completion.usage,
        model: completion.model,
        id: completion.id,
    })
}

async fn whole(client: &Client, head: &Response<()>, mut body: BodyStream) -> Result<Bytes, Error> {
    let limit = client.transport().config().answer_limit;
    let mut text = BytesMut::new();
    let failed = |error| Error::in_body(head, error);
    while let Some(chunk) = body.try_next().await.map_err(failed)? {
        text.extend_from_slice(&chunk);
        if text.len() as u64 > limit {
            return Err(failed(TransportError::TooLarge { limit }));
        }
    }
    Ok(text.freeze())
}
