//! Server-sent events: blocks of `field: value` lines, cut from a body wherever its chunks end.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, Bytes};
use futures_core::Stream;
use thiserror::Error;

use crate::error::TransportError;

/// The longest event taken unless another limit is asked for.
pub const SSE_EVENT_LIMIT: usize = 1024 * 1024;

/// One event with data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SseEvent {
    /// The event's name, if it has one.
    pub name: Option<String>,
    /// Its data; several lines are joined by line feeds.
    pub data: String,
}

/// What ends a stream of events before its end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SseError {
    /// The body underneath failed.
    #[error("{0}")]
    Body(TransportError),
    /// An event is longer than allowed.
    #[error("an event is longer than the limit of {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// An event is not UTF-8.
    #[error("an event is not UTF-8 text")]
    NotText,
}

/// The events of a body. Comments, retry times, ids and blocks without data are passed over; a block that its end cuts
/// off is not an event. Nothing follows an error.
///
/// Lines are read where they stand in the chunks of the body; only a line that is cut in two is put together.
pub struct SseStream {
    body: Pin<Box<dyn Stream<Item = Result<Bytes, TransportError>> + Send>>,
    /// What is not read yet of the last chunk.
    chunk: Bytes,
    lines: Lines,
    block: Block,
    ended: bool,
}

impl SseStream {
    /// Reads events of at most `limit` bytes each, field names and line ends included.
    pub fn new<S>(body: S, limit: usize) -> Self
    where
        S: Stream<Item = Result<Bytes, TransportError>> + Send + 'static,
    {
        Self {
            body: Box::pin(body),
            chunk: Bytes::new(),
            lines: Lines::default(),
            block: Block {
                limit,
                ..Block::default()
            },
            ended: false,
        }
    }

    /// The next event that ends within the chunk at hand.
    fn next_in_chunk(&mut self) -> Result<Option<SseEvent>, SseError> {
        loop {
            let Some(end) = self.lines.next(&mut self.chunk) else {
                self.block.check(&self.lines.start)?;
                return Ok(None);
            };
            let event = match self.lines.start.is_empty() {
                true => self.block.take(&end, &mut self.lines.is_first)?,
                false => {
                    self.lines.start.extend_from_slice(&end);
                    let event = self.block.take(&self.lines.start, &mut self.lines.is_first);
                    self.lines.start.clear();
                    event?
                }
            };
            if event.is_some() {
                return Ok(event);
            }
        }
    }
}

impl Stream for SseStream {
    type Item = Result<SseEvent, SseError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if this.ended {
            return Poll::Ready(None);
        }
        loop {
            let item = match this.next_in_chunk() {
                Ok(None) => match ready!(this.body.as_mut().poll_next(cx)) {
                    Some(Ok(chunk)) => {
                        this.chunk = chunk;
                        continue;
                    }
                    Some(Err(error)) => Some(Err(SseError::Body(error))),
                    None => None,
                },
                Ok(Some(event)) => Some(Ok(event)),
                Err(error) => Some(Err(error)),
            };
            this.ended = !matches!(item, Some(Ok(_)));
            return Poll::Ready(item);
        }
    }
}

impl fmt::Debug for SseStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SseStream")
    }
}

/// Cuts chunks into lines.
struct Lines {
    /// The start of a line that the last chunk did not end.
    start: Vec<u8>,
    after_cr: bool,
    is_first: bool,
}

impl Default for Lines {
    fn default() -> Self {
        Self {
            start: Vec::new(),
            after_cr: false,
            is_first: true,
        }
    }
}

impl Lines {
    /// The line, or the end of the line whose start is kept. Without one, the chunk is used up and its rest kept; of a
    /// comment, only that it is one.
    fn next(&mut self, chunk: &mut Bytes) -> Option<Bytes> {
        if std::mem::take(&mut self.after_cr) {
            match chunk.first() {
                Some(b'\n') => chunk.advance(1),
                Some(_) => {}
                None => self.after_cr = true,
            }
        }
        match memchr::memchr2(b'\n', b'\r', chunk) {
            Some(at) => {
                self.after_cr = chunk[at] == b'\r';
                let line = chunk.split_to(at);
                chunk.advance(1);
                Some(line)
            }
            None => {
                let rest = std::mem::take(chunk);
                if self.start.first() != Some(&b':') {
                    self.start.extend_from_slice(&rest);
                }
                if self.start.first() == Some(&b':') {
                    self.start.truncate(1);
                }
                None
            }
        }
    }
}

/// The fields of an event, up to the empty line that ends it.
#[derive(Default)]
struct Block {
    limit: usize,
    /// Bytes so far, without comments: they are not kept, and a quiet stream may consist of them.
    length: usize,
    name: Option<String>,
    data: Option<String>,
}

impl Block {
    /// Takes a line; an empty one gives the event.
    fn take(&mut self, line: &[u8], is_first: &mut bool) -> Result<Option<SseEvent>, SseError> {
        let is_first = std::mem::take(is_first);
        if line.is_empty() {
            self.length = 0;
            let name = self.name.take();
            let data = self.data.take();
            return Ok(data.map(|data| SseEvent { name, data }));
        }
        if line[0] == b':' {
            return Ok(None);
        }
        self.check(line)?;
        self.length += line.len() + 1;
        if self.length > self.limit {
            return Err(SseError::TooLarge { limit: self.limit });
        }
        let line = match line.strip_prefix(b"\xef\xbb\xbf") {
            Some(line) if is_first => line,
            _ => line,
        };
        let (field, value) = match memchr::memchr(b':', line) {
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &line[line.len()..]),
        };
        let text = || {
            let value = value.strip_prefix(b" ").unwrap_or(value);
            std::str::from_utf8(value).map_err(|_| SseError::NotText)
        };
        match field {
            b"data" => {
                let text = text()?;
                match &mut self.data {
                    Some(data) => {
                        data.push('\n');
                        data.push_str(text);
                    }
                    None => self.data = Some(text.to_owned()),
                }
            }
            b"event" => self.name = Some(text()?.to_owned()),
            _ => {}
        }
        Ok(None)
    }

    /// Refuses a line, or the start of one, that makes the event too long.
    fn check(&self, line: &[u8]) -> Result<(), SseError> {
        let is_comment = line.first() == Some(&b':');
        if !is_comment && self.length + line.len() > self.limit {
            return Err(SseError::TooLarge { limit: self.limit });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt, StreamExt, stream};
    use proptest::prelude::*;

    use super::*;

    type Read = Vec<Result<(Option<String>, String), String>>;

    /// Reads a text whose chunks end at the given places.
    fn read(bytes: &[u8], cuts: &[usize], limit: usize) -> Read {
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let chunks: Vec<_> = cuts
            .windows(2)
            .map(|pair| Ok(Bytes::copy_from_slice(&bytes[pair[0]..pair[1]])))
            .collect();
        collect(SseStream::new(stream::iter(chunks), limit))
            .into_iter()
            .map(|event| match event {
                Ok(event) => Ok((event.name, event.data)),
                Err(failure) => Err(failure.to_string()),
            })
            .collect()
    }

    fn collect(events: SseStream) -> Vec<Result<SseEvent, SseError>> {
        events.collect().now_or_never().unwrap()
    }

    fn data(texts: &[&str]) -> Read {
        texts
            .iter()
            .map(|text| Ok((None, (*text).to_owned())))
            .collect()
    }

    #[test]
    fn blocks_become_events_whatever_ends_their_lines() {
        for (body, expected) in [
            ("data: a\n\ndata: b\n\n", data(&["a", "b"])),
            ("data: a\r\n\r\ndata: b\r\n\r\n", data(&["a", "b"])),
            ("data: a\r\rdata: b\r\r", data(&["a", "b"])),
            ("data: a\n\r\ndata: b\r\n\n", data(&["a", "b"])),
            ("\u{feff}data: a\n\n", data(&["a"])),
            ("data: \u{feff}a\n\n", data(&["\u{feff}a"])),
            ("data:a\n\n", data(&["a"])),
            ("data:  a \n\n", data(&[" a "])),
            (
                "data: one\ndata: two\ndata:\ndata: four\n\n",
                data(&["one\ntwo\n\nfour"]),
            ),
            ("data\n\n", data(&[""])),
            (": a comment\n\n: another\ndata: a\n\n:\n", data(&["a"])),
            ("id: 7\nretry: 100\n\nunknown: x\ndata: a\n\n", data(&["a"])),
            ("data: {\"a\": \"ü😀\"}\n\n", data(&["{\"a\": \"ü😀\"}"])),
            ("data: a\n\ndata: cut off", data(&["a"])),
            ("data: a\n\ndata: cut off\n", data(&["a"])),
            ("", data(&[])),
            ("\n\n\n", data(&[])),
        ] {
            assert_eq!(
                read(body.as_bytes(), &[], SSE_EVENT_LIMIT),
                expected,
                "{body:?}"
            );
        }
        assert_eq!(
            read(b"event: error\ndata: x\n\n", &[], SSE_EVENT_LIMIT),
            [Ok((Some("error".to_owned()), "x".to_owned()))]
        );
    }

    #[test]
    fn text_that_is_none_ends_the_stream() {
        let read = read(
            b"data: a\n\ndata: \xff\n\ndata: b\n\n",
            &[],
            SSE_EVENT_LIMIT,
        );
        assert_eq!(read.len(), 2);
        assert_eq!(read[1], Err("an event is not UTF-8 text".to_owned()));
    }

    #[test]
    fn a_long_event_ends_the_stream_after_those_before_it() {
        let limit = 64;
        let fits = format!("data: {}\n\n", "x".repeat(limit - "data: \n".len()));
        let long = format!("data: {}\n\n", "x".repeat(limit));
        let body = format!("{fits}{fits}{long}{fits}");
        for cuts in [vec![], vec![1, 70, 71, 72, 130, 190], (0..300).collect()] {
            let read = read(body.as_bytes(), &cuts, limit);
            assert_eq!(read.len(), 3, "{cuts:?}");
            assert!(read[0].is_ok() && read[1].is_ok());
            assert_eq!(
                read[2],
                Err("an event is longer than the limit of 64 bytes".to_owned())
            );
        }
    }

    #[test]
    fn comments_and_ids_are_bounded_or_dropped() {
        let quiet = ": still here\n\n".repeat(100);
        let long_comment = format!(":{}\n", "x".repeat(10_000));
        let body = format!("{quiet}{long_comment}data: a\n\n");
        assert_eq!(read(body.as_bytes(), &[], 16), data(&["a"]));
        let endless = format!("unknown{}", "x".repeat(10_000));
        assert!(read(endless.as_bytes(), &[5, 50, 500], 16)[0].is_err());
    }

    #[test]
    fn a_failure_of_the_body_is_passed_on_as_it_is() {
        let limit = crate::error::TimeoutKind::Idle(std::time::Duration::from_secs(1));
        let chunks = stream::iter([
            Ok(Bytes::from_static(b"data: a\n\ndata: b")),
            Err(TransportError::Timeout(limit)),
        ]);
        let events = collect(SseStream::new(chunks, SSE_EVENT_LIMIT));
        assert_eq!(events.len(), 2);
        assert!(matches!(
            &events[1],
            Err(SseError::Body(TransportError::Timeout(budget))) if *budget == limit
        ));
    }

    /// A body of lines such as servers and proxies write, and some that nobody should.
    fn body() -> impl Strategy<Value = Vec<u8>> {
        let line = prop_oneof![
            4 => "data: ?[a-zü😀{}\": ]{0,12}".prop_map(String::into_bytes),
            2 => Just(Vec::new()),
            1 => ":[ a-z]{0,6}".prop_map(String::into_bytes),
            1 => "event: [a-z]{0,4}".prop_map(String::into_bytes),
            1 => "(id|retry|other): ?[0-9]{0,3}".prop_map(String::into_bytes),
            1 => Just(b"\xef\xbb\xbfdata: b".to_vec()),
            1 => proptest::collection::vec(any::<u8>(), 0..4),
        ];
        let end = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
        proptest::collection::vec((line, end), 0..24).prop_map(|lines| {
            lines
                .into_iter()
                .flat_map(|(line, end)| [line, end.as_bytes().to_vec()].concat())
                .collect()
        })
    }

    proptest! {
        #[test]
        fn any_chunking_gives_the_same_events(
            body in body(),
            cuts in proptest::collection::vec(any::<usize>(), 0..40),
            limit in 1usize..80,
        ) {
            prop_assert_eq!(read(&body, &cuts, limit), read(&body, &[], limit));
        }

        #[test]
        fn what_a_server_sends_is_what_arrives(
            texts in proptest::collection::vec("[^\r\n]{0,20}(\n[^\r\n]{0,20}){0,2}", 0..6),
            cuts in proptest::collection::vec(any::<usize>(), 0..20),
            crlf: bool,
        ) {
            let end = if crlf { "\r\n" } else { "\n" };
            let body: String = texts
                .iter()
                .map(|text| {
                    let lines: String = text.split('\n').map(|line| format!("data: {line}{end}")).collect();
                    format!("{lines}{end}")
                })
                .collect();
            let expected: Read = texts.iter().map(|text| Ok((None, text.clone()))).collect();
            prop_assert_eq!(read(body.as_bytes(), &cuts, SSE_EVENT_LIMIT), expected);
        }
    }
}
