//! Many callers, many calls, faults among them: every call has an end, and the books agree.
//!
//! `FAULT_TASKS`, `FAULT_CALLS` and `FAULT_SEED` set the size; the defaults suit a test run. The figures are printed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aerostack::{Client, Error, ErrorKind};
use aerostack_contract::report::Sheet;
use aerostack_emulator::{Emulator, Fault};
use futures_util::future::join_all;
use serde::Deserialize;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect(name))
}

/// About one call in twenty meets one of these, half of them after it took effect.
fn faults(seed: u64) -> Vec<Fault> {
    let kinds = [
        Fault::status(503),
        Fault::status(500).after_effect(),
        Fault::rate_limited("0"),
        Fault::html(502).after_effect(),
        Fault::close(),
        Fault::reset().after_effect(),
        Fault::close_within_headers(),
        Fault::truncate_body(4),
        Fault::garbage(*b"nonsense\r\n\r\n"),
        Fault::hang().after_effect(),
    ];
    (seed..)
        .zip(kinds)
        .map(|(seed, fault)| fault.probability(0.005, seed))
        .collect()
}

const KINDS: [Kind; 5] = [
    Kind::Get,
    Kind::Set,
    Kind::Delete,
    Kind::Increment,
    Kind::Insert,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Get,
    Set,
    Delete,
    Increment,
    Insert,
}

impl Kind {
    fn operation(self) -> &'static str {
        match self {
            Self::Get => "cacheGet",
            Self::Set => "cacheSet",
            Self::Delete => "cacheDelete",
            Self::Increment => "cacheIncrement",
            Self::Insert => "dbQuery",
        }
    }

    async fn call(self, client: &Client, task: u64, number: u64) -> Result<(), Error> {
        let cache = client.cache();
        let key = format!("{task}-{}", number % 7);
        match self {
            Self::Get => cache.get::<u64>(key).await.map(drop),
            Self::Set => cache.set(key, &number).await,
            Self::Delete => cache.delete(key).await,
            Self::Increment => cache.increment(format!("count-{task}")).await.map(drop),
            Self::Insert => client
                .db()
                .execute("INSERT INTO marks (mark) VALUES (?)")
                .bind(format!("{task}-{number}"))
                .await
                .map(drop),
        }
    }
}

/// What the callers know of one kind of call.
#[derive(Debug, Default)]
struct Book {
    succeeded: u64,
    /// Failed, and may have taken effect in as many attempts as were made.
    unknown: u64,
    not_sent: u64,
    kinds: BTreeMap<String, u64>,
}

impl Book {
    fn enter(&mut self, result: &Result<(), Error>) {
        match result {
            Ok(()) => self.succeeded += 1,
            Err(error) => {
                if error.may_have_been_sent() {
                    self.unknown += 1;
                } else {
                    self.not_sent += 1;
                }
                *self.kinds.entry(format!("{:?}", error.kind())).or_default() += 1;
            }
        }
    }

    fn add(&mut self, other: Self) {
        self.succeeded += other.succeeded;
        self.unknown += other.unknown;
        self.not_sent += other.not_sent;
        for (kind, count) in other.kinds {
            *self.kinds.entry(kind).or_default() += count;
        }
    }

    fn calls(&self) -> u64 {
        self.succeeded + self.unknown + self.not_sent
    }
}

type Books = BTreeMap<Kind, Book>;
type Marks = BTreeMap<String, Result<(), Error>>;

async fn caller(client: Client, task: u64, calls: u64, seed: u64) -> (Books, Marks) {
    let mut random = fastrand::Rng::with_seed(seed ^ task);
    let (mut books, mut marks) = (Books::new(), Marks::new());
    for number in 0..calls {
        let kind = KINDS[random.usize(..KINDS.len())];
        let result = kind.call(&client, task, number).await;
        if let Err(error) = &result {
            assert!(
                matches!(
                    error.kind(),
                    ErrorKind::Server
                        | ErrorKind::RateLimited
                        | ErrorKind::Interrupted
                        | ErrorKind::Truncated
                        | ErrorKind::Timeout
                        | ErrorKind::Connect
                ),
                "{kind:?}: {error:?}"
            );
        }
        books.entry(kind).or_default().enter(&result);
        if kind == Kind::Insert {
            marks.insert(format!("{task}-{number}"), result);
        }
    }
    (books, marks)
}

#[derive(Deserialize)]
struct Mark {
    mark: String,
    times: u64,
}

/// Resident memory in KiB, where the system says so.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_load_ends_in_success_or_typed_error_and_the_books_agree() {
    let (tasks, calls, seed) = (
        setting("FAULT_TASKS", 50),
        setting("FAULT_CALLS", 2_000),
        setting("FAULT_SEED", 7),
    );
    let emulator = Emulator::builder()
        .schema("CREATE TABLE marks (mark TEXT)")
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .base_url(emulator.url())
        .api_key(emulator.api_key())
        .timeout(Duration::from_secs(3))
        .build()
        .unwrap();
    for fault in faults(seed) {
        emulator.fault(fault);
    }
    let emulator = Arc::new(emulator);
    let (started, memory) = (Instant::now(), resident());
    let callers = (0..tasks).map(|task| {
        let share = calls / tasks + u64::from(task < calls % tasks);
        tokio::spawn(caller(client.clone(), task, share, seed))
    });
    let callers: Vec<_> = callers.collect();
    let (mut books, mut marks) = (Books::new(), Marks::new());
    for done in join_all(callers).await {
        let (of_task, its_marks) = done.unwrap();
        for (kind, book) in of_task {
            books.entry(kind).or_default().add(book);
        }
        marks.extend(its_marks);
    }
    let (took, grown) = (started.elapsed(), resident().zip(memory));
    emulator.clear_faults();
    let effects = emulator.effects();

    println!("{tasks} tasks, {calls} calls, seed {seed}: {took:.1?}");
    for (kind, book) in &books {
        let acted = effects.get(kind.operation()).copied().unwrap_or(0);
        println!("{kind:?}: platform acted {acted} times, {book:?}");
        if *kind != Kind::Get {
            assert!(book.succeeded <= acted, "{kind:?}");
            assert!(acted <= book.succeeded + book.unknown, "{kind:?}");
        }
    }
    if let Some((after, before)) = grown {
        println!("memory: {before} KiB before, {after} KiB after");
        // Rows, keys and the record of requests stay; what calls need does not.
        assert!(after < before + 200 * 1024, "{before} to {after} KiB");
    }
    assert_eq!(books.values().map(Book::calls).sum::<u64>(), calls);
    let failed: u64 = books
        .values()
        .map(|book| book.unknown + book.not_sent)
        .sum();
    assert!(failed > 0 && failed < calls / 10, "{failed} of {calls}");

    // And row by row.
    let rows: Vec<Mark> = client
        .db()
        .query("SELECT mark, COUNT(*) AS times FROM marks GROUP BY mark")
        .await
        .unwrap();
    let there: BTreeMap<_, _> = rows.into_iter().map(|row| (row.mark, row.times)).collect();
    assert!(there.keys().all(|mark| marks.contains_key(mark)));
    for (mark, result) in &marks {
        let times = there.get(mark).copied().unwrap_or(0);
        match result {
            Ok(()) => assert_eq!(times, 1, "{mark}"),
            Err(error) => assert!(
                times <= u64::from(error.may_have_been_sent()),
                "{mark}: {error}"
            ),
        }
    }

    let sheet = Sheet {
        summary: format!("{calls} calls, {failed} typed errors, the books agree"),
        facts: vec![
            ("Tasks".to_owned(), tasks.to_string()),
            ("Calls".to_owned(), calls.to_string()),
            ("Seed".to_owned(), seed.to_string()),
        ],
        tables: vec![],
    };
    sheet.hand_over().unwrap();
}
