//! Many callers, many calls of all services, faults among them: every call has an end, and the books agree.
//!
//! The client is shared by several runtimes, the platform's clock is a day ahead and jumps on the way, so that sessions have
//! to be refreshed, and some successes are worded in ways that no document knows.
//!
//! `FAULT_TASKS`, `FAULT_RUNTIMES`, `FAULT_CALLS` and `FAULT_SEED` set the size; the defaults suit a test run. With `LOAD_EMULATOR` the
//! platform is the program of that name, so that its memory can be told from the client's. The figures are printed.

mod calls;
mod platform;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aerostack::{Client, Effect, Error, ErrorKind};
use aerostack_contract::Process;
use aerostack_contract::report::{Sheet, Table};
use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::{Value, json};

use calls::{Book, Caller, Class, EMAIL, FILE, KINDS, PASSWORD, Turn};
use platform::{Counts, Platform};

/// The most resident memory in KiB: of the client with what the callers remember, and of the platform with the rows,
/// files and requests it keeps in memory.
const CLIENT_MEMORY: u64 = 64 << 10;
const PLATFORM_MEMORY: u64 = 128 << 10;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect(name))
}

/// One call in twenty meets one of these, some of them after it took effect.
async fn set_faults(platform: &Platform, seed: u64) {
    let faults = [
        json!({ "fault": { "status": 503 } }),
        json!({ "fault": { "status": 500 }, "afterEffect": true }),
        json!({ "fault": { "rateLimited": "0" } }),
        json!({ "fault": { "html": 502 }, "afterEffect": true }),
        json!({ "fault": "close" }),
        json!({ "fault": "reset", "afterEffect": true }),
        json!({ "fault": "closeWithinHeaders" }),
        json!({ "fault": { "truncateBody": 4 } }),
        json!({ "fault": { "garbage": "bm9uc2Vuc2UNCg0K" } }),
        json!({ "fault": "hang", "afterEffect": true }),
    ];
    for (seed, mut fault) in (seed..).zip(faults) {
        fault["probability"] = json!(0.005);
        fault["seed"] = json!(seed);
        platform.control("faults", &fault).await;
    }
    for (seed, (operation, body)) in (seed..).zip(ODD_ANSWERS) {
        let answer = json!({ "status": 200, "contentType": "application/json", "body": body });
        let fault = json!({
            "fault": { "answer": answer }, "on": operation, "afterEffect": true,
            "probability": 0.05, "seed": seed,
        });
        platform.control("faults", &fault).await;
    }
}

/// Successes all the same: what is wanted is there, and what stands beside it is odd.
const ODD_ANSWERS: [(&str, &str); 9] = [
    ("cacheSet", r#"{"success":"true"}"#),
    ("cacheDelete", r#"{"success":1,"took":{}}"#),
    (
        "storageUpload",
        r#"{"url":"http://127.0.0.1/odd","size":"2000","key":7}"#,
    ),
    ("storageExists", r#"{"exists":1}"#),
    ("storageDelete", r#"{"success":1}"#),
    ("queueEnqueue", r#"{"success":"true","jobId":17}"#),
    ("searchIngest", r#"{"success":1,"id":{}}"#),
    ("aiChat", r#"{"response":42,"usage":"none","id":7}"#),
    ("aiEmbed", r#"{"embedding":[0.5,0.25],"model":7}"#),
];

/// How far the platform's clock is ahead, and how far it jumps at each tenth of the way.
const AHEAD: Duration = Duration::from_secs(26 * 60 * 60);
const JUMP: Duration = Duration::from_secs(40 * 60);

async fn advance(platform: &Platform, by: Duration) {
    let by = json!({ "advanceMs": u64::try_from(by.as_millis()).unwrap() });
    platform.control("clock", &by).await;
}

/// What is known of each row.
type Marks = BTreeMap<String, Known>;

#[derive(Clone, Copy, Debug)]
enum Known {
    Acknowledged,
    Unknown,
    WithoutEffect,
}

impl From<&Result<(), Error>> for Known {
    fn from(result: &Result<(), Error>) -> Self {
        match result {
            Ok(()) => Self::Acknowledged,
            Err(error) if error.effect() == Effect::None => Self::WithoutEffect,
            Err(_) => Self::Unknown,
        }
    }
}

/// What one caller knows at the end: of each kind of calls, and of each row.
struct Memory {
    books: Vec<Book>,
    marks: Marks,
}

async fn call(caller: Caller, task: u64, calls: u64, seed: u64, done: Arc<AtomicU64>) -> Memory {
    let mut random = fastrand::Rng::with_seed(seed ^ task);
    let total: usize = KINDS.iter().map(|kind| kind.weight).sum();
    let mut memory = Memory {
        books: vec![Book::default(); KINDS.len()],
        marks: BTreeMap::new(),
    };
    for number in 0..calls {
        let mut pick = random.usize(..total);
        let chosen = KINDS.iter().position(|kind| {
            let here = pick < kind.weight;
            pick = pick.saturating_sub(kind.weight);
            here
        });
        let index = chosen.unwrap();
        let (kind, turn) = (&KINDS[index], Turn { task, number });
        let result = (kind.call)(&caller, turn).await;
        done.fetch_add(1, Ordering::Relaxed);
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
                "{}: {error:?}",
                kind.name
            );
        }
        memory.books[index].enter(&result);
        match kind.name {
            "db: insert" => drop(memory.marks.insert(turn.own(), Known::from(&result))),
            "db: batch" => {
                let known = |mark| (mark, Known::from(&result));
                memory.marks.extend(turn.pair().map(known));
            }
            _ => {}
        }
    }
    memory
}

#[derive(Deserialize)]
struct Mark {
    mark: String,
    times: u64,
}

/// Row by row: what was acknowledged is there once, what failed is there once at most.
async fn compare_rows(client: &Client, marks: &Marks) {
    let mut there: BTreeMap<String, u64> = BTreeMap::new();
    let mut last = String::new();
    loop {
        let page: Vec<Mark> = client
            .db()
            .query(
                "SELECT mark, COUNT(*) AS times FROM marks WHERE mark > ? GROUP BY mark LIMIT 5000",
            )
            .bind(last.as_str())
            .await
            .unwrap();
        let Some(end) = page.last() else { break };
        last.clone_from(&end.mark);
        there.extend(page.into_iter().map(|row| (row.mark, row.times)));
    }
    assert!(there.keys().all(|mark| marks.contains_key(mark)));
    for (mark, known) in marks {
        let times = there.get(mark).copied().unwrap_or(0);
        match known {
            Known::Acknowledged => assert_eq!(times, 1, "{mark}"),
            Known::Unknown => assert!(times <= 1, "{mark} is there {times} times"),
            Known::WithoutEffect => assert_eq!(times, 0, "{mark}"),
        }
    }
}

/// Counter by counter.
async fn compare_counters(client: &Client, increments: &[Book]) {
    for (task, book) in (0..).zip(increments) {
        let count = client
            .cache()
            .get::<u64>(Turn::counter(task))
            .await
            .unwrap();
        let count = count.unwrap_or(0);
        assert!(
            (book.succeeded..=book.succeeded + book.unknown).contains(&count),
            "{count}: {book:?}"
        );
    }
}

/// Resident memory in KiB when so many calls were done.
struct Sample {
    done: u64,
    client: Option<u64>,
    platform: Option<u64>,
}

/// Looks at the memory at each tenth of the way.
async fn watch(done: Arc<AtomicU64>, calls: u64, platform: Arc<Platform>) -> Vec<Sample> {
    let process = platform.process();
    let mut samples = Vec::new();
    for tenth in 0..=10 {
        while done.load(Ordering::Relaxed) < calls * tenth / 10 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        samples.push(Sample {
            done: done.load(Ordering::Relaxed),
            client: Process::this().memory(),
            platform: process.and_then(Process::memory),
        });
        advance(&platform, JUMP).await;
    }
    samples
}

fn check_memory(samples: &[Sample], platform: Option<Process>) {
    let client = if platform.is_some() {
        CLIENT_MEMORY
    } else {
        CLIENT_MEMORY + PLATFORM_MEMORY
    };
    for (who, peak, limit) in [
        ("client", Process::this().peak_memory(), client),
        (
            "platform",
            platform.and_then(Process::peak_memory),
            PLATFORM_MEMORY,
        ),
    ] {
        assert!(
            peak.is_none_or(|peak| peak < limit),
            "{who}: {peak:?} of {limit} KiB"
        );
    }
    // What calls need is given back: the second half takes no more than the callers' own notes.
    let at = |index: usize| samples.get(index).and_then(|sample| sample.client);
    if let (Some(half), Some(end), Some(_)) = (at(5), at(10), platform) {
        assert!(
            end < half + (32 << 10),
            "{half} KiB at half, {end} KiB at the end"
        );
    }
}

struct Ledger {
    rows: Vec<Vec<String>>,
    disagreements: Vec<String>,
}

/// What the callers know of each operation, beside what the platform counted.
fn compare(books: &[Book], effects: &Counts) -> Ledger {
    let mut operations: BTreeMap<&str, (Book, Vec<Class>)> = BTreeMap::new();
    for (kind, book) in KINDS.iter().zip(books) {
        let entry = operations
            .entry(kind.operation)
            .or_insert_with(|| (Book::default(), Vec::new()));
        entry.0.add(book);
        entry.1.push(kind.class);
    }
    let mut ledger = Ledger {
        rows: Vec::new(),
        disagreements: Vec::new(),
    };
    for (operation, (book, classes)) in operations {
        let has = |class| classes.contains(&class);
        let class = match (has(Class::Read), has(Class::Write)) {
            (true, true) => "both",
            (true, false) => "read",
            _ => "write",
        };
        let acted = effects.get(operation).copied().unwrap_or(0);
        // A read is repeated, so the platform may answer more often than callers asked.
        let most = if class == "write" {
            book.succeeded + book.unknown
        } else {
            u64::MAX
        };
        if !(book.succeeded..=most).contains(&acted) {
            ledger
                .disagreements
                .push(format!("{operation} acted {acted} times: {book:?}"));
        }
        ledger.rows.push(vec![
            format!("`{operation}`"),
            class.to_owned(),
            book.calls().to_string(),
            book.succeeded.to_string(),
            book.unknown.to_string(),
            book.without_effect.to_string(),
            acted.to_string(),
        ]);
    }
    ledger
}

async fn prepare(platform: &Platform) -> Caller {
    let client = platform
        .client()
        .timeout(Duration::from_secs(3))
        .build()
        .unwrap();
    client
        .storage()
        .upload(FILE, "High at noon. ".repeat(500).into_bytes())
        .await
        .unwrap();
    let account = client.auth().register(EMAIL, PASSWORD).await.unwrap();
    let session = account.session.unwrap();
    let made: Value = client
        .collection("articles")
        .create(&json!({ "title": "Tides" }))
        .await
        .unwrap();
    let item = made["id"].as_str().unwrap().to_owned();
    let tokens = client.auth().manage(session);
    Caller {
        client,
        tokens: Arc::new(Mutex::new(tokens)),
        item,
    }
}

fn table(title: &str, head: &[&str], rows: Vec<Vec<String>>) -> Table {
    Table {
        title: title.to_owned(),
        head: head.iter().map(|name| (*name).to_owned()).collect(),
        rows,
    }
}

fn tally(title: &str, head: [&str; 2], counts: &BTreeMap<String, u64>) -> Table {
    let rows = counts
        .iter()
        .map(|(name, count)| vec![name.clone(), count.to_string()]);
    table(title, &head, rows.collect())
}

fn mebibytes(kib: Option<u64>) -> String {
    kib.map_or_else(
        || "-".to_owned(),
        |kib| format!("{:.1} MiB", kib as f64 / 1024.0),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_load_ends_in_success_or_typed_error_and_the_books_agree() {
    let (tasks, runtimes, calls, seed) = (
        setting("FAULT_TASKS", 50),
        setting("FAULT_RUNTIMES", 4),
        setting("FAULT_CALLS", 2_000),
        setting("FAULT_SEED", 7),
    );
    let platform = Arc::new(Platform::start().await);
    advance(&platform, AHEAD).await;
    let caller = prepare(&platform).await;
    let (arrived, acted) = (
        platform.counts("arrivals").await,
        platform.counts("effects").await,
    );
    set_faults(&platform, seed).await;

    let (started, done) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let watching = tokio::spawn(watch(Arc::clone(&done), calls, Arc::clone(&platform)));
    let callers: Vec<_> = (0..runtimes)
        .map(|runtime| {
            let (caller, done) = (caller.clone(), Arc::clone(&done));
            tokio::task::spawn_blocking(move || {
                let own = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                let mine = (0..tasks).filter(|task| task % runtimes == runtime);
                own.block_on(join_all(mine.map(async |task| {
                    let share = calls / tasks + u64::from(task < calls % tasks);
                    let memory = call(caller.clone(), task, share, seed, Arc::clone(&done));
                    (task, memory.await)
                })))
            })
        })
        .collect();
    let (mut books, mut marks) = (vec![Book::default(); KINDS.len()], BTreeMap::new());
    let increment = KINDS
        .iter()
        .position(|kind| kind.operation == "cacheIncrement")
        .unwrap();
    let mut increments = Vec::new();
    let memories: BTreeMap<u64, Memory> = join_all(callers)
        .await
        .into_iter()
        .flat_map(Result::unwrap)
        .collect();
    for memory in memories.into_values() {
        for (book, his) in books.iter_mut().zip(&memory.books) {
            book.add(his);
        }
        increments.push(memory.books[increment].clone());
        marks.extend(memory.marks);
    }
    let (took, samples) = (started.elapsed(), watching.await.unwrap());
    let struck = platform.counts("faults").await;
    platform.clear_faults().await;
    let since = |mut now: Counts, before: &Counts| {
        for (name, count) in &mut now {
            *count -= before.get(name).unwrap_or(&0);
        }
        now
    };
    let arrivals = since(platform.counts("arrivals").await, &arrived);
    let ledger = compare(&books, &since(platform.counts("effects").await, &acted));

    let mut all = Book::default();
    books.iter().for_each(|book| all.add(book));
    let attempts: u64 = arrivals.values().sum();
    let by_kind = KINDS.iter().zip(&books).map(|(kind, book)| {
        let counts = [book.calls(), book.succeeded, book.failed()];
        let counts = counts.map(|count| count.to_string());
        [vec![kind.name.to_owned()], counts.to_vec()].concat()
    });
    let mut outcomes = all.kinds.clone();
    outcomes.insert("success".to_owned(), all.succeeded);
    let memory = samples.iter().map(|sample| {
        vec![
            sample.done.to_string(),
            mebibytes(sample.client),
            mebibytes(sample.platform),
        ]
    });
    let sheet = Sheet {
        summary: format!(
            "{} calls, {} struck by faults, {} typed errors, {} disagreements of the books",
            all.calls(),
            struck.values().sum::<u64>(),
            all.failed(),
            ledger.disagreements.len(),
        ),
        facts: [
            ("Tasks", tasks.to_string()),
            ("Runtimes that share the client", runtimes.to_string()),
            ("Calls", all.calls().to_string()),
            ("Seed", seed.to_string()),
            ("Requests that arrived", attempts.to_string()),
            ("Rows compared one by one", marks.len().to_string()),
            ("Counters compared one by one", increments.len().to_string()),
            ("Took", format!("{took:.1?}")),
            (
                "Calls a second",
                format!("{:.0}", all.calls() as f64 / took.as_secs_f64()),
            ),
            (
                "Peak memory of the client",
                format!(
                    "{}, at most {} allowed",
                    mebibytes(Process::this().peak_memory()),
                    mebibytes(Some(CLIENT_MEMORY))
                ),
            ),
            (
                "Peak memory of the platform",
                format!(
                    "{}, at most {} allowed",
                    mebibytes(platform.process().and_then(Process::peak_memory)),
                    mebibytes(Some(PLATFORM_MEMORY))
                ),
            ),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec(),
        tables: vec![
            tally("Faults", ["Fault", "Requests struck"], &struck),
            tally("Outcomes", ["Outcome", "Calls"], &outcomes),
            table(
                "Calls",
                &["Kind", "Calls", "Succeeded", "Failed"],
                by_kind.collect(),
            ),
            table(
                "The callers' books beside the platform's",
                &[
                    "Operation",
                    "Reads or writes",
                    "Calls",
                    "Succeeded",
                    "Failed, may have acted",
                    "Failed without effect",
                    "Platform acted",
                ],
                ledger.rows,
            ),
            table(
                "Resident memory",
                &["Calls done", "Client", "Platform"],
                memory.collect(),
            ),
        ],
    };
    println!("{}", sheet.summary);
    for (name, value) in &sheet.facts {
        println!("{name}: {value}");
    }

    assert!(
        ledger.disagreements.is_empty(),
        "{:?}",
        ledger.disagreements
    );
    assert_eq!(all.calls(), calls);
    // A session that jumps out of date is refreshed once for all, and again after the pause that follows a failure.
    let refreshes = arrivals.get("publicAuthRefresh").copied().unwrap_or(0);
    assert!(refreshes <= 4 * 11, "{refreshes} refreshes");
    assert!(all.failed() > 0 && all.failed() < calls / 10, "{all:?}");
    assert!(books.iter().all(|book| book.succeeded > 0));
    check_memory(&samples, platform.process());
    compare_counters(&caller.client, &increments).await;
    compare_rows(&caller.client, &marks).await;
    sheet.hand_over().unwrap();
}
