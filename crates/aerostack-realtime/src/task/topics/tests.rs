//! What is on the wire, whatever order commands, releases, answers and losses come in.

use aerostack_test_support::cases::cases;
use proptest::{collection::vec, prelude::*};
use tokio::sync::watch;

use super::*;
use crate::{
    error::Error,
    protocol::{filter::Selector, message::MessageKind},
    queue::inbound::{Backpressure, Buffer},
};

const TIMEOUT: Duration = Duration::from_secs(10);
const PROJECT: &str = "p";

struct World {
    topics: Topics,
    connected: bool,
    start: Instant,
    elapsed: Duration,
    subscribers: Vec<(u64, u8, watch::Receiver<SubscriptionState>)>,
    next: u64,
}

#[derive(Debug, Clone)]
enum Step {
    Subscribe(u8),
    Release(usize),
    Confirm(u8),
    Refuse(u8),
    /// A message of the topic arrives.
    Message(u8),
    Wait(u16),
    Lose,
    Open,
    Renew,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0u8..3).prop_map(Step::Subscribe),
        4 => (0usize..6).prop_map(Step::Release),
        4 => (0u8..3).prop_map(Step::Confirm),
        3 => (0u8..3).prop_map(Step::Refuse),
        2 => (0u8..3).prop_map(Step::Message),
        3 => (0u16..12_000).prop_map(Step::Wait),
        1 => Just(Step::Lose),
        2 => Just(Step::Open),
        1 => Just(Step::Renew),
    ];
    vec(step, 1..60)
}

fn topic(n: u8) -> String {
    format!("t/{n}/{PROJECT}")
}

impl World {
    fn new(project: Option<&str>) -> Self {
        Self {
            topics: Topics::new(project.map(str::to_owned), TIMEOUT, 16, Arc::default()),
            connected: false,
            start: Instant::now(),
            elapsed: Duration::ZERO,
            subscribers: Vec::new(),
            next: 0,
        }
    }

    fn now(&self) -> Moment {
        Moment {
            instant: self.start + self.elapsed,
            wall: SystemTime::UNIX_EPOCH + self.elapsed,
            server: 0,
        }
    }

    fn subscribe(&mut self, name: Name, n: u8) -> Option<String> {
        let state = watch::Sender::new(SubscriptionState::Pending);
        self.subscribers.push((self.next, n, state.subscribe()));
        let subscriber = Subscriber {
            id: self.next,
            buffer: Arc::new(Buffer::new(8, Backpressure::DropOldest, Arc::default())),
            selector: Selector::of(MessageKind::Event),
            recover: false,
            state,
            members: None,
        };
        self.next += 1;
        let now = self.now();
        self.topics.attach(name, subscriber, self.connected, now)
    }

    fn take(&mut self, step: &Step) {
        let now = self.now();
        match step {
            Step::Subscribe(n) => {
                self.subscribe(Name::path(&format!("t/{n}")).unwrap(), *n);
            }
            Step::Release(at) if !self.subscribers.is_empty() => {
                let (id, ..) = self.subscribers.remove(at % self.subscribers.len());
                self.topics.detach(id, now.instant);
            }
            Step::Confirm(n) if self.connected => {
                if let Some(index) = self.topics.confirm(&topic(*n)) {
                    self.topics.live(index, now);
                }
            }
            Step::Refuse(n) if self.connected => {
                self.topics.error(&topic(*n), &Error::closed(), now.wall);
            }
            Step::Message(n) if self.connected => {
                let frame = format!(r#"{{"type":"event","topic":"{}","event":"e"}}"#, topic(*n));
                self.topics.route(&topic(*n), || {
                    let envelope = crate::protocol::frame::inbound::Envelope::parse(&frame).ok()?;
                    Message::new(&frame, &envelope, envelope.kind().0)
                });
            }
            Step::Wait(ms) => {
                self.elapsed += Duration::from_millis((*ms).into());
                let now = self.now().instant;
                while self.connected && self.topics.overdue(now).is_some() {}
            }
            Step::Lose => {
                self.connected = false;
                self.topics.lost(now.wall);
            }
            Step::Open if !self.connected => {
                self.connected = true;
                self.topics.open(now);
            }
            Step::Renew if self.connected => {
                self.topics.ask_refused(now);
            }
            _ => {}
        }
    }

    /// Everything anyone waits for has an end.
    fn check(&mut self) {
        let unanswered = self.topics.unanswered.clone();
        for (index, entry) in &self.topics.entries {
            let pending = entry
                .subscribers
                .iter()
                .any(|it| *it.state.borrow() == SubscriptionState::Pending);
            match entry.wire {
                _ if !self.connected => assert_eq!(entry.wire, Wire::NotAsked),
                Wire::Asked { due, .. } => {
                    assert!(
                        unanswered.contains(&(*index, due)),
                        "no deadline: {entry:?}"
                    );
                }
                Wire::NotAsked => assert!(entry.subscribers.is_empty(), "not asked: {entry:?}"),
                Wire::Live | Wire::Refused => assert!(!pending, "waits for nothing: {entry:?}"),
            }
        }
        let mut due = unanswered.iter().map(|(_, due)| due);
        assert!(due.clone().zip(due.by_ref().skip(1)).all(|(a, b)| a <= b));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(53, "random histories of one connection", 2_048, 1_000_000)) })]
    #[test]
    fn promise_53_whoever_waits_for_a_subscription_has_a_deadline(steps in steps()) {
        let mut world = World::new(Some(PROJECT));
        for step in &steps {
            world.take(step);
            world.check();
        }
        // Silence from here on: within twice the timeout nobody waits any more.
        world.take(&Step::Open);
        for _ in 0..3 {
            world.take(&Step::Wait(10_000));
        }
        for (_, _, state) in &world.subscribers {
            prop_assert_ne!(&*state.borrow(), &SubscriptionState::Pending);
        }
        // And whoever asks now is heard: unless it is live, a frame goes out.
        for n in 0..3 {
            let name = Name::path(&format!("t/{n}")).unwrap();
            let live = world.topics.entries.values().any(|it| it.name == name && it.is_live());
            prop_assert_eq!(world.subscribe(name, n).is_some(), !live);
            world.check();
        }
    }
}

#[test]
fn promise_59_two_spellings_become_one_subscription_once_the_project_is_known() {
    for whole_first in [true, false] {
        let mut world = World::new(None);
        world.take(&Step::Open);
        let names = [
            Name::raw("t/0/p", None).unwrap(),
            Name::path("t/0").unwrap(),
        ];
        let order = if whole_first { [0, 1] } else { [1, 0] };
        for at in order {
            assert!(world.subscribe(names[at].clone(), 0).is_some());
        }
        // The short form is completed, which tells the project.
        let now = world.now();
        let confirm = |world: &mut World| {
            if let Some(index) = world.topics.confirm("t/0/p") {
                world.topics.live(index, now);
            }
            if world.topics.project.is_some() {
                for index in world.topics.merge_spellings(now).0 {
                    world.topics.live(index, now);
                }
            }
        };
        confirm(&mut world);
        confirm(&mut world);
        assert_eq!(world.topics.entries.len(), 1, "{:?}", world.topics);
        for (.., state) in &world.subscribers {
            assert_eq!(*state.borrow(), SubscriptionState::Active);
        }
        assert!(world.topics.detach(0, now.instant).is_empty());
        assert_eq!(world.topics.detach(1, now.instant).len(), 1);
        assert!(world.topics.entries.is_empty());
    }
}

#[test]
fn requests_that_nobody_waits_for_and_nobody_answers_are_forgotten() {
    let mut world = World::new(Some(PROJECT));
    world.take(&Step::Open);
    for _ in 0..100 {
        world.take(&Step::Subscribe(0));
        world.take(&Step::Release(0));
    }
    assert_eq!(world.topics.entries.len(), 1);
    world.take(&Step::Wait(10_000));
    assert!(world.topics.entries.is_empty());
}
