//! Server-sent events.

use aerostack_api::{SseError, SseStream};
use bytes::Bytes;
use futures_util::{FutureExt as _, StreamExt as _, stream};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::corpus::corpus;

const PIECES: &[&[u8]] = &[
    b"\n",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"\r\n\r\n",
    b"data: ",
    b"data:",
    b"data",
    b"event: ",
    b"id: ",
    b"retry: 9",
    b":",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\xc3",
    b"\xf0\x9f\x98",
    b"\0",
    b"[DONE]",
    b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
];

type Events = Vec<Result<(Option<String>, String), String>>;

/// Reads bytes in pieces that end at the cuts.
fn read(bytes: &[u8], mut cuts: Vec<usize>, limit: usize) -> Events {
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    let chunks: Vec<_> = cuts
        .windows(2)
        .map(|pair| Ok(Bytes::copy_from_slice(&bytes[pair[0]..pair[1]])))
        .collect();
    let events = SseStream::new(stream::iter(chunks), limit).collect::<Vec<_>>();
    let events = events.now_or_never().expect("nothing to wait for");
    events
        .into_iter()
        .map(|event| match event {
            Ok(event) => Ok((event.name, event.data)),
            Err(failure @ (SseError::TooLarge { .. } | SseError::NotText)) => {
                Err(failure.to_string())
            }
            Err(failure) => panic!("the body did not fail: {failure}"),
        })
        .collect()
}

/// The events as a careful server would send them.
fn send(events: &Events) -> Vec<u8> {
    let mut body = String::new();
    for (name, data) in events.iter().flatten() {
        if let Some(name) = name {
            body.push_str(&format!("event: {name}\n"));
        }
        for line in data.split('\n') {
            body.push_str(&format!("data: {line}\n"));
        }
        body.push('\n');
    }
    body.into_bytes()
}

#[test]
fn fuzz_events_do_not_depend_on_where_a_body_is_cut() {
    let corpus = corpus!("sse");
    let cases = (
        corpus.damaged(PIECES),
        vec(any::<Index>(), 0..24),
        1_usize..400,
    );
    corpus.hold(
        &cases,
        1.0,
        |seed| (seed.to_vec(), Vec::new(), 400),
        |(bytes, cuts, limit)| {
            let cuts = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            let whole = read(&bytes, Vec::new(), limit);
            prop_assert_eq!(&read(&bytes, cuts, limit), &whole);
            prop_assert_eq!(&read(&bytes, (0..bytes.len()).collect(), limit), &whole);
            let errors = whole.iter().filter(|event| event.is_err()).count();
            prop_assert!(errors <= 1);
            prop_assert!(errors == 0 || whole.last().is_some_and(Result::is_err));
            for (name, data) in whole.iter().flatten() {
                prop_assert!(data.len() + name.as_ref().map_or(0, String::len) <= limit);
            }
            // Sent again in the plainest form, they are the same events.
            let sent = read(&send(&whole), Vec::new(), usize::MAX);
            let events: Events = whole.into_iter().filter(Result::is_ok).collect();
            prop_assert_eq!(&sent, &events);
            Ok(errors == 0 && !events.is_empty())
        },
    );
}
