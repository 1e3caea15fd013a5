use proptest::prelude::*;
use serde_json::json;

use super::*;

const EPOCH: u64 = 1_782_000_000;

/// A token issued at this moment of the platform's clock.
fn token(claims: serde_json::Value) -> Secret {
    Secret::new(format!(
        "e30.{}.sig",
        URL_SAFE_NO_PAD.encode(claims.to_string())
    ))
}

fn wall(seconds: f64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs_f64(EPOCH as f64 + seconds)
}

fn session(access_token: Secret, at: Instant, date: Option<SystemTime>) -> Session {
    Session {
        access_token,
        refresh_token: Some(Secret::new("refresh")),
        expires_at: None,
        user: None,
        received: Received { at, date },
    }
}

fn error(kind: ErrorKind) -> Arc<Error> {
    Arc::new(Error::new(kind, "the refresh failed"))
}

fn answered(status: u16, body: &str) -> Error {
    let body = aerostack_api::ErrorBody::parse(bytes::Bytes::copy_from_slice(body.as_bytes()));
    Error::from_status(status, Box::new(body), None)
}

#[test]
fn the_length_of_a_life_needs_no_clock_where_the_token_says_when_it_was_issued() {
    let now = Instant::now();
    let life = |claims, skew: f64| {
        let life = Lifetime::of(&token(claims), now, wall(skew))?;
        Some((life.end - now, life.end - life.renewal))
    };
    let seconds = Duration::from_secs;
    let issued = |length: f64| json!({"iat": EPOCH, "exp": EPOCH as f64 + length});
    for skew in [0.0, 86_400.0, -86_400.0] {
        assert_eq!(life(issued(3600.0), skew), Some((seconds(3600), LEEWAY)));
        assert_eq!(life(issued(20.0), skew), Some((seconds(20), seconds(2))));
    }
    let half = Duration::from_millis(12_500);
    assert_eq!(life(issued(12.5), 0.0), Some((half, half / 10)));
    assert_eq!(
        life(json!({"exp": 1.782_003_6e9}), 0.0),
        Some((seconds(3600), LEEWAY))
    );
    assert_eq!(
        life(json!({"exp": EPOCH + 60}), 30.0),
        Some((seconds(30), seconds(3)))
    );
    assert_eq!(
        life(json!({"exp": EPOCH + 60}), 90.0),
        None,
        "a clock that is ahead"
    );
    for claims in [
        json!({}),
        json!({"exp": "soon"}),
        json!({"exp": 1e300}),
        json!([]),
    ] {
        assert_eq!(life(claims, 0.0), None);
    }
    for opaque in ["nonsense", "opaque", "a.%%%.c", ""] {
        assert_eq!(Lifetime::of(&Secret::new(opaque), now, wall(0.0)), None);
    }
}

#[test]
fn only_an_answer_about_the_token_is_its_end() {
    for (status, body, dead) in [
        (401, r#"{"code":"AUTH_INVALID_TOKEN","message":"no"}"#, true),
        (401, r#"{"error":"Invalid refresh token"}"#, true),
        (
            400,
            r#"{"code":"VALIDATION_ERROR","message":"refreshToken"}"#,
            true,
        ),
        (403, r#"{"code":"SESSION_REVOKED"}"#, true),
        (404, r#"{"code":"USER_NOT_FOUND"}"#, true),
        (401, r#"{"code":"AUTH_INVALID_KEY"}"#, false),
        (403, r#"{"code":"FORBIDDEN"}"#, false),
        (403, "<html>blocked</html>", false),
        (401, "<html>proxy</html>", false),
        (400, "", false),
        (404, r#"{"code":"NOT_FOUND"}"#, false),
        (429, r#"{"code":"RATE_LIMIT_EXCEEDED"}"#, false),
        (500, r#"{"code":"INTERNAL_ERROR"}"#, false),
        (503, "", false),
    ] {
        assert_eq!(says_dead(&answered(status, body)), dead, "{status} {body}");
    }
    for kind in [
        ErrorKind::Timeout,
        ErrorKind::Interrupted,
        ErrorKind::Connect,
    ] {
        assert!(!says_dead(&error(kind)));
    }
}

/// What the platform does at a refresh.
#[derive(Debug, Clone, Copy)]
enum Answer {
    /// A token of so many seconds, which says when it was issued or does not; and whether a `Date` comes with it.
    Token {
        length: f64,
        issued: bool,
        dated: bool,
    },
    Fails(ErrorKind),
    Limited(u64),
    Dead,
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Wait(f64),
    /// Somebody sets the machine's clock.
    Clock(f64),
    /// From now on the platform answers so.
    Answers(Answer),
    Ask,
}

fn answer() -> impl Strategy<Value = Answer> {
    let length = prop_oneof![0.5..5.0_f64, 5.0..90.0_f64, 90.0..7200.0_f64];
    let kind = prop_oneof![
        Just(ErrorKind::Server),
        Just(ErrorKind::Timeout),
        Just(ErrorKind::Interrupted),
        Just(ErrorKind::Connect),
    ];
    prop_oneof![
        6 => (length, any::<bool>(), any::<bool>())
            .prop_map(|(length, issued, dated)| Answer::Token { length, issued, dated }),
        2 => kind.prop_map(Answer::Fails),
        1 => (0u64..120).prop_map(Answer::Limited),
        1 => Just(Answer::Dead),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let wait = prop_oneof![0.0..0.2_f64, 0.2..20.0_f64, 20.0..4000.0_f64];
    prop_oneof![
        4 => wait.prop_map(Event::Wait),
        1 => (-90_000.0..90_000.0_f64).prop_map(Event::Clock),
        2 => answer().prop_map(Event::Answers),
        6 => Just(Event::Ask),
    ]
}

/// A platform and a machine with a clock of its own, in virtual time.
struct World {
    start: Instant,
    time: f64,
    skew: f64,
    answers: Answer,
    state: State,
    random: Random,
    /// Whether the platform still takes the refresh token.
    alive: bool,
    /// When the access token truly ends.
    end: f64,
    /// The earliest time of the next refresh that would be no storm.
    next_allowed: f64,
    /// Whether the manager can know when the token ends.
    known: bool,
}

impl World {
    fn now(&self) -> Instant {
        self.start + Duration::from_secs_f64(self.time)
    }

    fn wall(&self) -> SystemTime {
        wall(self.time + self.skew)
    }

    fn issue(&mut self, length: f64, issued: bool, dated: bool) -> Session {
        let mut claims = json!({"exp": EPOCH as f64 + self.time + length});
        if issued {
            claims["iat"] = json!(EPOCH as f64 + self.time);
        }
        self.end = self.time + length;
        self.known = issued || dated;
        session(token(claims), self.now(), dated.then(|| wall(self.time)))
    }

    /// As [`TokenManager::token`](super::super::TokenManager::token) does.
    fn ask(&mut self) -> Result<(), TestCaseError> {
        let now = self.now();
        let good = self.time < self.end - 1e-3;
        let plan = self.state.plan(now);
        if plan == Plan::Use {
            return Ok(());
        }
        if let Err(refused) = self.state.refresh_token(now, false) {
            prop_assert!(!good || !self.known, "a token that is good is handed out");
            prop_assert!(!self.alive || refused.retry_after().is_some());
            return Ok(());
        }
        prop_assert!(
            self.time >= self.next_allowed - 1e-3,
            "a refresh at {}, too early: {}",
            self.time,
            self.next_allowed
        );
        match self.answers {
            Answer::Token {
                length,
                issued,
                dated,
            } => {
                let new = self.issue(length, issued, dated);
                let (now, wall) = (self.now(), self.wall());
                self.state.succeed(new, now, wall);
                if self.known {
                    self.next_allowed = self.time + length * 0.9 - 1e-3;
                    self.next_allowed = self.next_allowed.min(self.time + length - 0.01);
                }
                prop_assert_eq!(self.state.plan(now), Plan::Use, "a new token is used");
            }
            Answer::Fails(kind) => {
                self.state.fail(&error(kind), now, &self.random);
                self.next_allowed = self.time + 1.0;
            }
            Answer::Limited(seconds) => {
                let limited = Error::new(ErrorKind::RateLimited, "slow down")
                    .with_retry_after(Duration::from_secs(seconds));
                self.state.fail(&Arc::new(limited), now, &self.random);
                self.next_allowed = self.time + (seconds as f64).max(1.0);
            }
            Answer::Dead => {
                let dead = answered(401, r#"{"code":"AUTH_INVALID_TOKEN"}"#);
                self.state.fail(&Arc::new(dead), now, &self.random);
                self.alive = false;
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn refreshes_are_bounded_and_no_live_session_is_lost(
        first in (1.0..4000.0_f64, any::<bool>()),
        skew in -90_000.0..90_000.0_f64,
        seed: u64,
        events in proptest::collection::vec(event(), 1..200),
    ) {
        let start = Instant::now();
        let opaque = session(Secret::new("opaque"), start, None);
        let mut world = World {
            start,
            time: 0.0,
            skew,
            answers: Answer::Token { length: first.0, issued: true, dated: true },
            state: State::new(opaque, start, wall(skew)),
            random: Random::seeded(seed),
            alive: true,
            end: 0.0,
            next_allowed: 0.0,
            known: true,
        };
        let login = world.issue(first.0, first.1, true);
        world.state = State::new(login, start, wall(skew));
        for event in events {
            match event {
                Event::Wait(seconds) => world.time += seconds,
                Event::Clock(skew) => world.skew = skew,
                Event::Answers(answer) => world.answers = answer,
                Event::Ask => world.ask()?,
            }
            prop_assert_eq!(world.state.session.refresh_token.is_some(), world.alive);
        }
        // However bad it was: a platform that answers again gets the session going within a minute of pauses.
        if world.alive && world.known {
            world.answers = Answer::Token { length: 600.0, issued: true, dated: true };
            world.time = world.time.max(world.end) + 121.0;
            world.ask()?;
            prop_assert_eq!(world.state.plan(world.now()), Plan::Use);
            prop_assert!(world.time < world.end, "the token is new");
        }
    }
}

#[test]
fn a_new_token_that_is_refused_is_not_refreshed_again_at_once() {
    let now = Instant::now();
    let random = Random::seeded(1);
    let issued = json!({"iat": EPOCH, "exp": EPOCH + 3600});
    let mut state = State::new(session(token(issued), now, None), now, wall(0.0));
    assert!(state.is_worth_refreshing(0, now));
    state.refused(1, now, &random);
    state.refused(1, now, &random);
    assert!(!state.is_worth_refreshing(1, now));
    assert!(state.is_worth_refreshing(2, now), "another token");
    assert!(state.is_worth_refreshing(1, now + Duration::from_secs(3)));
    state.accepted();
    assert!(state.is_worth_refreshing(1, now));
}
