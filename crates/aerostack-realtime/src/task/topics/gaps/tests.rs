//! Gaps filled from a history whose answers the test lets through one by one, under paused time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aerostack_emulator::realtime::{Hub, RawFrame};
use proptest::{collection::vec, prelude::*};
use tokio::{sync::Semaphore, time::timeout};

use crate::{
    Backpressure, Error, Event, Gap, Io, Item, Realtime, RealtimeBuilder, Recovery, Subscription,
    token::Token,
    transport::history::{HistorySource, PageFuture, tests::Store},
};

/// A history that answers when it is let, and knows what it was asked.
struct Slow {
    store: Arc<Store>,
    turns: Arc<Semaphore>,
    seen: Arc<Mutex<Requests>>,
}

#[derive(Default)]
struct Requests {
    /// Topic and size of page, in the order in which they were asked for.
    asked: Vec<(String, u32)>,
    open: HashMap<String, usize>,
    most: usize,
    most_of_a_topic: usize,
}

impl HistorySource for Slow {
    fn page(
        &self,
        topic: &str,
        before: Option<i64>,
        limit: u32,
        token: Option<Token>,
    ) -> PageFuture {
        let (store, turns, seen) = (
            Arc::clone(&self.store),
            Arc::clone(&self.turns),
            Arc::clone(&self.seen),
        );
        let topic = topic.to_owned();
        Box::pin(async move {
            {
                let mut seen = seen.lock().unwrap();
                seen.asked.push((topic.clone(), limit));
                let open = seen.open.entry(topic.clone()).or_default();
                *open += 1;
                let of_topic = *open;
                seen.most_of_a_topic = seen.most_of_a_topic.max(of_topic);
                seen.most = seen.most.max(seen.open.values().sum());
            }
            turns.acquire().await.unwrap().forget();
            let page = store.page(&topic, before, limit, token).await;
            *seen.lock().unwrap().open.get_mut(&topic).unwrap() -= 1;
            page
        })
    }
}

/// The server's time in these tests: later than any subscription.
const T0: i64 = 4_000_000_000_000;

struct World {
    hub: Hub,
    store: Arc<Store>,
    turns: Arc<Semaphore>,
    seen: Arc<Mutex<Requests>>,
}

impl World {
    fn new() -> Self {
        Self {
            hub: Hub::builder().project_id("p").api_key("k").build(),
            store: Arc::new(Store {
                cap: 500,
                ..Store::default()
            }),
            turns: Arc::new(Semaphore::new(0)),
            seen: Arc::default(),
        }
    }

    fn builder(&self) -> RealtimeBuilder {
        let hub = self.hub.clone();
        Realtime::builder()
            .base_url("http://localhost:1")
            .api_key("k")
            .project_id("p")
            .jitter_seed(7)
            .connector(move |_, _| {
                let hub = hub.clone();
                async move {
                    let (ours, theirs) = tokio::io::duplex(1 << 20);
                    tokio::spawn(async move { hub.serve(theirs).await });
                    Ok(Box::new(ours) as Box<dyn Io>)
                }
            })
            .history(Arc::new(Slow {
                store: Arc::clone(&self.store),
                turns: Arc::clone(&self.turns),
                seen: Arc::clone(&self.seen),
            }))
    }

    /// Sends an event live.
    fn live(&self, n: i64) {
        self.hub.send_raw(&RawFrame::text(format!(
            r#"{{"type":"event","topic":"a/p","event":"e","data":"m{n}","timestamp":{}}}"#,
            T0 + n
        )));
    }

    /// Keeps an event in the history.
    fn keep(&self, n: i64) {
        self.store
            .messages
            .lock()
            .unwrap()
            .push((format!("m{n}"), T0 + n));
    }

    /// Loses the connection and waits for the next one.
    async fn lose(&self, client: &Realtime) {
        self.hub.drop_all();
        let mut status = client.status();
        status
            .wait_for(|status| !status.is_connected())
            .await
            .unwrap();
        status
            .wait_for(|status| status.is_connected())
            .await
            .unwrap();
        settle().await;
    }

    fn let_through(&self, pages: usize) {
        self.turns.add_permits(pages);
    }
}

async fn settle() {
    tokio::time::sleep(Duration::from_millis(1)).await;
}

type Stream = Subscription<Event<String>>;

async fn stream(client: &Realtime, recover: bool) -> Stream {
    let events = client.path("a").unwrap().events::<String>("e");
    let events = if recover { events.recover() } else { events };
    events.subscribe().await.unwrap()
}

/// What a stream holds: `m3` live, `m3*` recovered, gaps by what they say.
async fn held(stream: &mut Stream) -> Vec<String> {
    let mut told = Vec::new();
    while let Ok(Some(item)) = timeout(Duration::from_millis(1), stream.next()).await {
        told.push(show(item));
    }
    told
}

fn show(item: Result<Item<Event<String>>, Error>) -> String {
    match item.unwrap() {
        Item::Message(event) if event.message.is_recovered() => format!("{}*", event.data),
        Item::Message(event) => event.data,
        Item::Gap(Gap {
            recovery,
            recovered,
            interruptions,
            ..
        }) => {
            let how = match recovery {
                Recovery::Complete => "complete",
                Recovery::Partial => "partial",
                Recovery::Unavailable => "unavailable",
            };
            format!("gap of {interruptions}, {how}, {recovered}")
        }
        Item::Lagged(count) => format!("lagged {count}"),
    }
}

#[tokio::test(start_paused = true)]
async fn promise_21_a_stream_without_recovery_does_not_wait_for_the_history_of_another() {
    let world = World::new();
    let client = world.builder().build().unwrap();
    let mut plain = stream(&client, false).await;
    let mut filled = stream(&client, true).await;
    world.live(1);
    world.keep(2);
    settle().await;
    world.lose(&client).await;
    world.live(3);
    settle().await;

    let none: [&str; 0] = [];
    assert_eq!(
        held(&mut plain).await,
        ["m1", "gap of 1, unavailable, 0", "m3"]
    );
    assert_eq!(
        held(&mut filled).await,
        ["m1"],
        "the history has not answered"
    );
    filled.active().await.unwrap();

    world.let_through(8);
    assert_eq!(
        held(&mut filled).await,
        ["gap of 1, complete, 1", "m2*", "m3"]
    );
    assert_eq!(held(&mut plain).await, none);
}

#[tokio::test(start_paused = true)]
async fn promise_16_what_was_recovered_is_not_recovered_again() {
    let world = World::new();
    world.let_through(100);
    let client = world.builder().build().unwrap();
    let mut events = stream(&client, true).await;
    for round in 0..4 {
        world.keep(round);
        world.lose(&client).await;
        let expected = ["gap of 1, complete, 1".to_owned(), format!("m{round}*")];
        assert_eq!(held(&mut events).await, expected, "round {round}");
    }
}

#[tokio::test(start_paused = true)]
async fn promise_16_a_clock_that_is_wrong_here_hides_nothing_the_server_kept() {
    const HOUR: Duration = Duration::from_secs(3_600);
    let now = SystemTime::now();
    let ms = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap().as_millis() as i64;
    for clock in [now - HOUR, now, now + HOUR] {
        let world = World::new();
        world.let_through(100);
        let client = world.builder().clock(move || clock).build().unwrap();
        let mut events = stream(&client, true).await;
        let minute = Duration::from_secs(60);
        *world.store.messages.lock().unwrap() = vec![
            ("before".to_owned(), ms(now - minute)),
            ("missed".to_owned(), ms(now + minute)),
        ];
        world.lose(&client).await;
        assert_eq!(
            held(&mut events).await,
            ["gap of 1, complete, 1", "missed*"]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn promise_16_a_frame_that_arrives_after_the_history_gave_it_is_delivered_once() {
    let world = World::new();
    let client = world.builder().build().unwrap();
    let mut plain = stream(&client, false).await;
    let mut events = stream(&client, true).await;
    world.lose(&client).await;
    world.keep(1);
    world.let_through(8);
    assert_eq!(held(&mut events).await, ["gap of 1, complete, 1", "m1*"]);
    for n in [1, 2] {
        world.live(n);
    }
    assert_eq!(held(&mut events).await, ["m2"]);
    assert_eq!(
        held(&mut plain).await,
        ["gap of 1, unavailable, 0", "m1", "m2"]
    );

    // The same content at another time is another message.
    world.hub.send_raw(&RawFrame::text(format!(
        r#"{{"type":"event","topic":"a/p","event":"e","data":"m1","timestamp":{}}}"#,
        T0 + 9
    )));
    assert_eq!(held(&mut events).await, ["m1"]);
}

#[tokio::test(start_paused = true)]
async fn promise_15_and_16_losing_the_connection_while_the_history_is_read_keeps_the_order() {
    let world = World::new();
    let client = world.builder().build().unwrap();
    let mut events = stream(&client, true).await;
    world.live(0);
    world.keep(0);
    settle().await;
    assert_eq!(held(&mut events).await, ["m0"]);
    world.keep(1);
    world.lose(&client).await;
    // Over this connection came one that is kept and one that is not, while the history stays silent.
    for n in [2, 3] {
        world.live(n);
    }
    world.keep(2);
    settle().await;
    world.hub.drop_all();
    world.keep(4);
    world.let_through(8);
    world.lose(&client).await;
    world.live(5);
    settle().await;
    assert_eq!(
        held(&mut events).await,
        ["gap of 2, complete, 2", "m1*", "m2", "m3", "m4*", "m5"]
    );
}

#[tokio::test(start_paused = true)]
async fn promise_16_live_messages_beyond_what_may_be_held_end_the_wait_and_none_is_lost() {
    for policy in [Backpressure::DropOldest, Backpressure::Block] {
        let world = World::new();
        let client = world.builder().recovery_limits(500, 10).build().unwrap();
        let events = client.path("a").unwrap().events::<String>("e").recover();
        let mut events = events.backpressure(policy).subscribe().await.unwrap();
        world.keep(0);
        world.lose(&client).await;
        for n in 1..=25 {
            world.live(n);
        }
        settle().await;
        world.let_through(1);
        let mut expected = vec!["gap of 1, unavailable, 0".to_owned()];
        expected.extend((1..=25).map(|n| format!("m{n}")));
        assert_eq!(held(&mut events).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn promise_16_a_stream_that_stops_waiting_leaves_the_others_as_they_were() {
    let world = World::new();
    let client = world.builder().build().unwrap();
    let mut plain = stream(&client, false).await;
    let impatient = stream(&client, true).await;
    world.lose(&client).await;
    drop(impatient);
    settle().await;
    world.live(1);
    world.let_through(1);
    world.live(2);
    assert_eq!(
        held(&mut plain).await,
        ["gap of 1, unavailable, 0", "m1", "m2"]
    );
}

#[tokio::test(start_paused = true)]
async fn promise_17_at_most_8_requests_are_open_and_one_of_each_topic_by_pages_of_50() {
    const TOPICS: usize = 30;
    /// Three pages of 50 hold 120 messages; a fourth tells that there are no more.
    const REQUESTS: usize = TOPICS * 4;
    let world = World::new();
    for n in 0..120 {
        world.keep(n);
    }
    let client = world.builder().build().unwrap();
    let mut streams = Vec::new();
    for n in 0..TOPICS {
        let channel = client.path(&format!("board/{n}")).unwrap();
        // Two streams of a topic share its requests.
        for _ in 0..2 {
            let events = channel.events::<String>("e").recover();
            streams.push(events.subscribe().await.unwrap());
        }
    }
    let table = client.channel("orders").unwrap().all().recover();
    let mut table = table.subscribe().await.unwrap();
    world.lose(&client).await;
    assert!(matches!(
        table.next().await,
        Some(Ok(Item::Gap(Gap {
            recovery: Recovery::Unavailable,
            ..
        })))
    ));
    assert_eq!(world.seen.lock().unwrap().asked.len(), 8, "the others wait");
    while world.seen.lock().unwrap().asked.len() < REQUESTS {
        world.let_through(1);
        settle().await;
    }
    world.let_through(8);
    for stream in &mut streams {
        let told = held(stream).await;
        assert_eq!(
            (told.len(), told[0].as_str()),
            (121, "gap of 1, complete, 120")
        );
    }
    let seen = world.seen.lock().unwrap();
    assert_eq!((seen.most, seen.most_of_a_topic), (8, 1));
    assert_eq!(seen.asked.len(), REQUESTS);
    assert!(
        seen.asked
            .iter()
            .all(|(topic, limit)| *limit == 50 && !topic.starts_with("table/"))
    );
}

#[derive(Clone, Debug)]
enum Step {
    /// An event over the live connection, kept or not.
    Say(bool),
    /// The connection is lost, so many events are kept meanwhile, and it comes back. All outages of a story together stay
    /// below what is fetched at most.
    Outage(u8),
    /// The history answers so many requests.
    Answer(u8),
    /// The reader reads what there is.
    Read,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => any::<bool>().prop_map(Step::Say),
        3 => (0..12_u8).prop_map(Step::Outage),
        2 => (1..4_u8).prop_map(Step::Answer),
        1 => Just(Step::Read),
    ];
    vec(step, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]
    /// Whenever the connection is lost and however slowly the history answers: everything that came live and everything
    /// that was kept is delivered once, in order.
    #[test]
    fn promise_15_and_16_outages_and_slow_answers_lose_double_and_reorder_nothing(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let world = World::new();
            let client = world.builder().build().unwrap();
            let mut events = stream(&client, true).await;
            let (mut told, mut next, mut outages) = (Vec::new(), 0, 0);
            for step in steps {
                match step {
                    Step::Say(kept) => {
                        world.live(next);
                        if kept {
                            world.keep(next);
                        }
                        next += 1;
                        settle().await;
                    }
                    Step::Outage(kept) => {
                        world.hub.drop_all();
                        for _ in 0..kept {
                            world.keep(next);
                            next += 1;
                        }
                        let mut status = client.status();
                        status.wait_for(|status| !status.is_connected()).await.unwrap();
                        status.wait_for(|status| status.is_connected()).await.unwrap();
                        settle().await;
                        outages += 1;
                    }
                    Step::Answer(requests) => world.let_through(requests.into()),
                    Step::Read => told.extend(held(&mut events).await),
                }
            }
            world.let_through(100_000);
            told.extend(held(&mut events).await);

            let (gaps, messages): (Vec<_>, Vec<_>) = told.iter().partition(|told| told.starts_with("gap"));
            let messages: Vec<&str> = messages.into_iter().map(|message| message.trim_end_matches('*')).collect();
            let expected: Vec<String> = (0..next).map(|n| format!("m{n}")).collect();
            prop_assert_eq!(messages, expected);
            prop_assert!(gaps.iter().all(|gap| gap.contains("complete")), "{:?}", gaps);
            let of = |gap: &String| -> u32 {
                gap["gap of ".len()..].split(',').next().unwrap().parse().unwrap()
            };
            prop_assert_eq!(gaps.into_iter().map(of).sum::<u32>(), outages);
            Ok(())
        })?;
    }
}
