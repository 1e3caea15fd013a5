//! What is recovered, from random messages with repetitions, times that collide, servers that page and stamp as they
//! like, and connections cut anywhere.

use aerostack_api::RawJson;
use aerostack_test_support::cases::cases;
use futures_util::FutureExt;
use proptest::{collection::vec, prelude::*};

use super::*;
use crate::transport::history::PageFuture;

const T0: i64 = 1_770_000_000_000;
const TOPIC: &str = "a/p";

/// A message, with how the world meets it.
#[derive(Debug, Clone, Copy)]
struct Sent {
    payload: u8,
    /// Milliseconds since the one before: often none.
    after: u16,
    kept: bool,
    how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// It arrives.
    Live,
    /// It is sent while there is no connection.
    Lost,
    /// It arrives over the next connection, while the history is read.
    Held,
}

/// How a server writes the times of its frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Number,
    Digits,
    Rfc3339,
    Sqlite,
    Unreadable,
}

#[derive(Debug, Clone, Copy)]
struct Server {
    form: Form,
    /// By how many milliseconds a record is stamped later than its frame.
    skew: i64,
    /// The most messages of a page, whatever is asked for.
    cap: usize,
    /// Whether `before` includes its millisecond.
    inclusive: bool,
}

fn sent() -> impl Strategy<Value = Sent> {
    let how = prop_oneof![5 => Just(How::Live), 4 => Just(How::Lost), 1 => Just(How::Held)];
    let after = prop_oneof![3 => Just(0u16), 3 => 1u16..20, 1 => 0u16..3_000];
    (0u8..4, after, prop::bool::weighted(0.8), how).prop_map(|(payload, after, kept, how)| Sent {
        payload,
        after,
        kept,
        how,
    })
}

fn server() -> impl Strategy<Value = Server> {
    let form = prop_oneof![
        6 => Just(Form::Number),
        1 => Just(Form::Digits),
        1 => Just(Form::Rfc3339),
        1 => Just(Form::Sqlite),
        1 => Just(Form::Unreadable),
    ];
    let skew = prop_oneof![4 => Just(0i64), 1 => 1i64..40];
    let cap = prop_oneof![2 => Just(100usize), 1 => 1usize..8];
    (form, skew, cap, any::<bool>()).prop_map(|(form, skew, cap, inclusive)| Server {
        form,
        skew,
        cap,
        inclusive,
    })
}

/// A record: id, payload, time.
type Record = (usize, u8, i64);

struct Store {
    /// Oldest first.
    records: Vec<Record>,
    server: Server,
}

impl HistorySource for Store {
    fn page(&self, _: &str, before: Option<i64>, limit: u32, _: Option<Token>) -> PageFuture {
        let older = |at: i64| {
            before.is_none_or(|before| at < before || (self.server.inclusive && at == before))
        };
        let page = self
            .records
            .iter()
            .rev()
            .filter(|(.., at)| older(*at))
            .take(self.server.cap.min(limit as usize))
            .map(|(id, payload, at)| {
                HistoryMessage::kept(
                    id.to_string(),
                    TOPIC,
                    "e",
                    *at,
                    RawJson::encode(payload).unwrap(),
                )
            })
            .collect();
        std::future::ready(Ok(page)).boxed()
    }
}

fn live(payload: u8, at: i64, form: Form) -> Message {
    let time = std::time::UNIX_EPOCH + std::time::Duration::from_millis(at.unsigned_abs());
    let seconds = humantime(time);
    let millis = at % 1_000;
    let timestamp = match form {
        Form::Number => at.to_string(),
        Form::Digits => format!("\"{at}\""),
        Form::Rfc3339 => format!("\"{}.{millis:03}Z\"", seconds.replace(' ', "T")),
        Form::Sqlite => format!("\"{seconds}.{millis:03}\""),
        Form::Unreadable => "\"just now\"".to_owned(),
    };
    let frame = format!(
        r#"{{"type":"event","topic":"{TOPIC}","event":"e","data":{payload},"timestamp":{timestamp}}}"#
    );
    let envelope = Envelope::parse(&frame).unwrap();
    Message::new(&frame, &envelope, envelope.kind().0).unwrap()
}

/// `2026-02-02 02:40:00`.
fn humantime(time: std::time::SystemTime) -> String {
    let date = httpdate::fmt_http_date(time);
    let parts: Vec<&str> = date.split(' ').collect();
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let month = months.iter().position(|it| *it == parts[2]).unwrap() + 1;
    format!("{}-{month:02}-{} {}", parts[3], parts[1], parts[4])
}

/// What the story tells of one gap: what was recovered, what should have been, and what the gap says.
struct Told {
    recovered: Vec<(u8, i64)>,
    missing: Vec<(u8, i64)>,
    recovery: Recovery,
}

/// Lives through the messages. Each run of lost ones is an outage, and what is held after it arrives meanwhile.
fn story(messages: &[Sent], server: Server) -> Vec<Told> {
    let mut backfill = Backfill::new(1_024);
    backfill.since(T0);
    let mut store = Store {
        records: Vec::new(),
        server,
    };
    let (mut now, mut told) = (T0 + 10_000, Vec::new());
    let mut missing: Vec<(u8, i64)> = Vec::new();
    // What came live and is not kept. A message of the same content and the same millisecond cannot be told from it: the
    // reader has that one.
    let mut unkept: Vec<(u8, i64)> = Vec::new();
    let mut frames: Vec<(u8, i64)> = Vec::new();
    let mut at = 0;
    while at < messages.len() {
        let mut sent = messages[at];
        if sent.how == How::Held && server.skew != 0 {
            sent.how = How::Live;
        }
        now += i64::from(sent.after);
        let record = (at, sent.payload, now + server.skew);
        // Where records are not stamped like frames, a record may chance upon the millisecond of another message's frame.
        // With the same content, the two cannot be told apart, and nothing is promised from there on.
        let chance = |(id, payload, time): &(usize, u8, i64)| {
            server.skew != 0 && *id != at && *payload == sent.payload && *time == now
        };
        if store.records.iter().any(chance)
            || (server.skew != 0 && frames.contains(&(record.1, record.2)))
        {
            return told;
        }
        frames.push((sent.payload, now));
        if sent.kept {
            store.records.push(record);
            store.records.sort_by_key(|(id, _, at)| (*at, *id));
        }
        at += 1;
        if sent.how != How::Lost {
            if !sent.kept {
                unkept.push((sent.payload, now));
            }
            backfill.note(Fingerprint::of(&live(sent.payload, now, server.form)));
            continue;
        }
        if sent.kept {
            missing.push((sent.payload, record.2));
        }
        if messages.get(at).is_some_and(|next| next.how == How::Lost) {
            continue;
        }
        // The connection is back.
        backfill.run(true);
        while let Some(held) = messages.get(at).filter(|next| next.how == How::Held)
            && server.skew == 0
        {
            now += i64::from(held.after);
            if !held.kept {
                unkept.push((held.payload, now));
            }
            if held.kept {
                store.records.push((at, held.payload, now + server.skew));
                store.records.sort_by_key(|(id, _, at)| (*at, *id));
            }
            assert!(backfill.hold(&live(held.payload, now, server.form)));
            at += 1;
        }
        let job = backfill.job(0, 0, TOPIC.into(), 500);
        let source = Arc::new(Store {
            records: store.records.clone(),
            server,
        });
        let filled = job.run(source, None).now_or_never().unwrap();
        let (first, after, recovery) = backfill.finish(filled.messages, filled.recovery);
        for message in &after {
            backfill.note(Fingerprint::of(message));
        }
        backfill.run(false);
        missing.retain(|(payload, at)| {
            let same = |it: &(u8, i64)| *it == (*payload, at - server.skew);
            match unkept.iter().position(same) {
                Some(at) => {
                    unkept.swap_remove(at);
                    false
                }
                None => true,
            }
        });
        let recovered = first
            .iter()
            .filter(|(_, origin)| *origin == MessageOrigin::History)
            .map(|(message, _)| (message.decode().unwrap(), message.timestamp().unwrap()))
            .collect();
        told.push(Told {
            recovered,
            missing: std::mem::take(&mut missing),
            recovery,
        });
    }
    told
}

fn sorted(mut messages: Vec<(u8, i64)>) -> Vec<(u8, i64)> {
    messages.sort_unstable();
    messages
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(55, "stories of outages", 4_096, 1_000_000)) })]
    /// What was delivered and what was recovered is together what was kept, or the gap does not say so.
    #[test]
    fn promise_55_a_gap_says_complete_only_where_exactly_what_is_missing_follows(
        messages in vec(sent(), 0..40),
        server in server(),
    ) {
        for told in story(&messages, server) {
            if told.recovery != Recovery::Complete {
                // From here on it is in doubt what was delivered.
                break;
            }
            if server.cap < 50 {
                // Smaller than what any client of the platform asks for: where all of a history is in one millisecond,
                // a page that such a limit cuts short cannot be told from the whole.
                let mut missing = told.missing.clone();
                for recovered in told.recovered {
                    let at = missing.iter().position(|it| *it == recovered);
                    prop_assert!(at.is_some(), "{:?} was not missing", recovered);
                    missing.swap_remove(at.unwrap_or_default());
                }
                continue;
            }
            prop_assert_eq!(sorted(told.recovered), sorted(told.missing));
        }
    }
}

#[test]
fn promise_55_a_repetition_of_what_was_delivered_before_is_recovered() {
    let server = Server {
        form: Form::Number,
        skew: 0,
        cap: 100,
        inclusive: false,
    };
    let sent = |payload, how| Sent {
        payload,
        after: 200,
        kept: true,
        how,
    };
    let story = story(
        &[
            sent(1, How::Live),
            sent(2, How::Live),
            sent(1, How::Lost),
            sent(3, How::Lost),
        ],
        server,
    );
    let [told] = &story[..] else {
        panic!("one gap")
    };
    assert_eq!(told.recovery, Recovery::Complete);
    assert_eq!(told.recovered.len(), 2);
    assert_eq!(told.recovered, told.missing);
}
