//! Paging and tokens, from stores with the properties in doubt as switches.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use super::*;
use crate::{Realtime, RealtimeBuilder, TokenRequest};

/// A store as the platform's, with the property in doubt as a switch.
#[derive(Debug, Default)]
pub(crate) struct Store {
    /// Oldest first.
    pub(crate) messages: Mutex<Vec<(String, i64)>>,
    pub(crate) inclusive: bool,
    pub(crate) cap: u32,
}

impl HistorySource for Store {
    fn page(&self, topic: &str, before: Option<i64>, limit: u32, _: Option<Token>) -> PageFuture {
        let all = self.messages.lock().unwrap();
        let page = all
            .iter()
            .rev()
            .filter(|(_, at)| {
                before.is_none_or(|before| *at < before || (self.inclusive && *at == before))
            })
            .take(limit.min(self.cap) as usize)
            .cloned()
            .map(|(id, created_at)| HistoryMessage {
                data: RawJson::encode(&id).unwrap(),
                id,
                topic: topic.to_owned(),
                user_id: None,
                event: Some("e".to_owned()),
                created_at,
            })
            .collect();
        Box::pin(async move { Ok(page) })
    }
}

fn client(source: Arc<dyn HistorySource>) -> RealtimeBuilder {
    Realtime::builder()
        .base_url("http://localhost:1")
        .project_id("p")
        .history(source)
}

/// Refuses all tokens but one.
struct Guarded(Store);

impl HistorySource for Guarded {
    fn page(
        &self,
        topic: &str,
        before: Option<i64>,
        limit: u32,
        token: Option<Token>,
    ) -> PageFuture {
        let known = token.is_some_and(|token| token.secret().expose() == "new.t.t");
        let page = self.0.page(topic, before, limit, None);
        Box::pin(async move {
            if !known {
                return Err(Error::new(ErrorKind::Unauthorized, "refused"));
            }
            page.await
        })
    }
}

#[tokio::test]
async fn the_token_is_that_of_the_moment_and_a_refused_one_is_renewed_once() {
    let store = || Store {
        messages: Mutex::new((0..5).map(|n| (format!("m{n}"), n)).collect()),
        cap: 2,
        ..Store::default()
    };
    let asked = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&asked);
    let provided = client(Arc::new(Guarded(store()))).token_provider(move |request| {
        let token = match request {
            TokenRequest::Forced => "new.t.t",
            _ => "old.t.t",
        };
        record.lock().unwrap().push(token);
        async move { Ok::<_, std::io::Error>(Some(Token::new(token))) }
    });
    let channel = provided.build().unwrap().path("t").unwrap();
    assert_eq!(channel.history().next().await.unwrap().unwrap().id, "m4");
    assert_eq!(*asked.lock().unwrap(), ["old.t.t", "new.t.t"]);

    let fixed = client(Arc::new(Guarded(store())))
        .token("old.t.t")
        .build()
        .unwrap();
    let mut history = fixed.path("t").unwrap().history();
    let refused = history.next().await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unauthorized);
    fixed.set_token("new.t.t").unwrap();
    assert_eq!(history.collect(10).await.unwrap().len(), 5);
}

#[tokio::test]
async fn promise_39_paging_yields_every_id_once_with_many_to_a_millisecond() {
    for inclusive in [false, true] {
        for (per_millisecond, page) in [(100, 50), (1, 50), (3, 7), (100, 100)] {
            let store = Store {
                messages: Mutex::new(
                    (0..10_000)
                        .map(|n| (format!("m{n}"), 1_000 + n / per_millisecond))
                        .collect(),
                ),
                inclusive,
                cap: 500,
            };
            let client = client(Arc::new(store)).build().unwrap();
            let mut history = client.path("t").unwrap().history().page_size(page);
            let mut seen = HashSet::new();
            let mut last = i64::MAX;
            while let Some(message) = history.next().await.unwrap() {
                assert!(message.created_at <= last);
                last = message.created_at;
                assert!(seen.insert(message.id));
            }
            assert_eq!(seen.len(), 10_000, "{inclusive} {per_millisecond} {page}");
        }
    }
}

#[tokio::test]
async fn promise_39_a_millisecond_with_more_than_a_page_holds_is_told_and_passed() {
    for inclusive in [false, true] {
        for of_one in [100, 150, 1_000] {
            for page in [10, 50, 100, 200, 1_000] {
                let messages = (0..of_one).map(|n| (format!("m{n}"), 1_000));
                let older = (0..5).map(|n| (format!("older{n}"), 900 + n));
                let store = Store {
                    messages: Mutex::new(older.chain(messages).collect()),
                    inclusive,
                    cap: 100,
                };
                let client = client(Arc::new(store)).build().unwrap();
                let mut history = client.path("t").unwrap().history().page_size(page);
                let (mut seen, mut told) = (HashSet::new(), 0);
                loop {
                    match history.next().await {
                        Ok(Some(message)) => assert!(seen.insert(message.id)),
                        Ok(None) => break,
                        Err(error) => {
                            assert_eq!(error.kind(), ErrorKind::HistoryIncomplete);
                            told += 1;
                        }
                    }
                }
                assert_eq!((seen.len(), told), (105, 1), "{inclusive} {of_one} {page}");
            }
        }
    }
}

#[test]
fn a_payload_in_a_string_is_unwrapped_and_plain_text_is_not() {
    for (given, expected) in [
        (r#""{\"a\":1}""#, r#"{"a":1}"#),
        (r#"{"a":1}"#, r#"{"a":1}"#),
        (r#""hello there""#, r#""hello there""#),
    ] {
        let raw = RawJson::from_text(given.to_owned()).unwrap();
        assert_eq!(unwrap(raw).text(), expected);
    }
}
