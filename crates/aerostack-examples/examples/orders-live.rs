//! A table watched over realtime while the platform dies and comes back.
//!
//! Three processes: this one watches `orders`, a second writes them over HTTP, a third is `aerostack-emulator`, which is
//! killed in between and started again on the same port and over the same data.
//!
//! ```text
//! cargo run --example orders-live
//! ```
//!
//! The emulator is built by the way; with `AEROSTACK_EMULATOR=<path>` that program is taken.
//!
//! Changes of tables are not kept by the platform, so nobody can deliver what happened during the outage. What a client
//! can do is what is shown here: say so at the right place in the stream, and go on.

#![allow(clippy::print_stdout, reason = "showing is what an example is for")]

use std::{
    collections::BTreeSet,
    env,
    error::Error,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use aerostack::{
    Client,
    realtime::{Notice, Notices, Rows, Status},
};
use serde::Deserialize;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
};

const SCHEMA: &str =
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT NOT NULL, cents INTEGER NOT NULL);";
const API_KEY: &str = "as_sec_orders_live";
/// Only keeps a fault from hanging the program.
const PATIENCE: Duration = Duration::from_secs(300);
const PROJECT_ID: &str = "proj_local";
const ITEMS: [&str; 4] = ["tea", "two pots of honey", "a ladder", "stamps"];

type Outcome<T> = Result<T, Box<dyn Error>>;

#[derive(Debug, Clone, Deserialize)]
struct Order {
    id: i64,
    item: String,
    cents: i64,
}

/// What the watcher saw: ids of orders, in the order in which it learnt of them.
#[derive(Debug, Default)]
struct Seen {
    /// Live, before the platform was killed.
    before: Vec<i64>,
    /// Gaps the stream reported.
    gaps: usize,
    /// In the table when it was read again because of the gap.
    read_again: Vec<i64>,
    /// Live, after the gap.
    after: Vec<i64>,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "writer") {
        return play(&arguments).await;
    }
    // `cargo test` runs this program as well, with the runner's flags and filters as arguments.
    let other = |filter: &String| !filter.starts_with('-') && !"orders-live".contains(filter);
    if cfg!(test) && arguments.iter().any(other) {
        return Ok(());
    }

    let story = story(|line| println!("{line}"));
    let seen = tokio::time::timeout(PATIENCE, story).await??;
    verify(&seen)?;
    println!(
        "\n{LAST} orders written, {LAST} known: {} seen live, the rest read from the table at the gap.",
        seen.before.len() + seen.after.len(),
    );
    Ok(())
}

/// What is promised of the watcher, whatever happens to the platform.
fn verify(seen: &Seen) -> Outcome<()> {
    let ids = |from: i64, to: i64| (from..to).collect::<Vec<i64>>();
    let in_order = |found: &[i64]| found.windows(2).all(|pair| pair[0] < pair[1]);
    let all: BTreeSet<i64> = [&seen.before, &seen.read_again, &seen.after]
        .into_iter()
        .flatten()
        .copied()
        .collect();
    let promises = [
        ("live, in order, once", seen.before == ids(1, FIRST_MISSED)),
        ("one interruption is one gap", seen.gaps == 1),
        ("in order and once after the gap", in_order(&seen.after)),
        (
            "everything after the gap arrives",
            seen.after.ends_with(&ids(FIRST_AFTER, LAST + 1)),
        ),
        (
            "what was acknowledged survives the kill",
            seen.read_again.starts_with(&ids(1, FIRST_AFTER)),
        ),
        (
            "every order is known in the end",
            all.into_iter().eq(1..=LAST),
        ),
    ];
    for (promise, kept) in promises {
        if !kept {
            return Err(format!("broken: {promise}: {seen:?}").into());
        }
    }
    Ok(())
}

/// Plays the part of the other process that writes: `writer <url> <first> <last>`.
async fn play(arguments: &[String]) -> Outcome<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["writer", url, first, last] => write(url, first.parse()?, last.parse()?).await,
        _ => Err(
            "there are no arguments; the process that writes gets its own from the story".into(),
        ),
    }
}

/// Writes orders over HTTP.
async fn write(url: &str, first: i64, last: i64) -> Outcome<()> {
    let client = client(url)?;
    for (id, item) in (first..=last).zip(ITEMS.into_iter().cycle()) {
        client
            .db()
            .execute("INSERT INTO orders (id, item, cents) VALUES (?, ?, ?)")
            .bind(id)
            .bind(item)
            .bind(id * 250)
            .await?;
    }
    Ok(())
}

fn client(url: &str) -> Outcome<Client> {
    Ok(Client::builder()
        .base_url(url)
        .api_key(API_KEY)
        .project_id(PROJECT_ID)
        .build()?)
}

/// The first order written while nobody may be watching.
const FIRST_MISSED: i64 = 6;
/// The first order written after the watcher is back.
const FIRST_AFTER: i64 = 9;
/// The last order.
const LAST: i64 = 12;

/// The watcher's side of it.
async fn story(mut say: impl FnMut(&str)) -> Outcome<Seen> {
    let folder = tempfile::tempdir()?;
    // Asked first: building the emulator may put a new file in the place of this program's.
    let this = env::current_exe()?;
    let program = program().await?;
    let mut running = Platform::start(&program, 0, folder.path()).await?;
    let url = running.url.clone();
    say(&format!(
        "A local Aerostack runs at {url}, in a process of its own.\n"
    ));

    let client = client(&url)?;
    let realtime = client.realtime()?;
    let mut notices = realtime.notices();
    let mut orders = realtime
        .channel("orders")?
        .inserts::<Order>()
        .subscribe()
        .await?;
    let mut seen = Seen::default();

    say("Watching `orders` while another process writes:");
    writer(&this, &url, 1, FIRST_MISSED - 1).await?;
    while seen.before.last() != Some(&(FIRST_MISSED - 1)) {
        let order = next(&mut orders).await?;
        if let Some(missed) = orders.take_missed() {
            return Err(format!("{missed:?} came although nothing had happened").into());
        }
        show("live", &order, &mut say);
        seen.before.push(order.id);
    }

    say("\nThe platform is killed, without a goodbye, and started again over the same data.");
    running.kill().await?;
    until_lost(&mut notices, &mut say).await?;
    running = Platform::start(&program, running.port()?, folder.path()).await?;
    writer(&this, &url, FIRST_MISSED, FIRST_AFTER - 1).await?;
    say(&format!(
        "  orders {FIRST_MISSED} to {} are written meanwhile",
        FIRST_AFTER - 1
    ));

    orders.active().await?;

    say("\nWatching goes on:");
    writer(&this, &url, FIRST_AFTER, LAST).await?;
    while seen.after.last() != Some(&LAST) {
        let order = next(&mut orders).await?;
        if let Some(gap) = orders.take_missed().and_then(|missed| missed.gap) {
            seen.gaps += 1;
            let length = gap.to.duration_since(gap.from).unwrap_or_default();
            say(&format!(
                "  gap: changes of {:.1} s may be missing, so the table is read again",
                length.as_secs_f64()
            ));
            let table: Vec<Order> = client
                .db()
                .query("SELECT id, item, cents FROM orders ORDER BY id")
                .await?;
            for order in &table {
                if !seen.before.contains(&order.id) {
                    show("read again", order, &mut say);
                }
            }
            seen.read_again = table.iter().map(|order| order.id).collect();
        }
        show("live", &order, &mut say);
        seen.after.push(order.id);
    }
    let counters = realtime.counters();
    say(&format!(
        "\n{} connections, {} attempts, {} subscription made again, {} messages dropped.",
        counters.connections, counters.dials, counters.resubscribes, counters.dropped
    ));
    realtime.close().await;
    running.kill().await?;
    Ok(seen)
}

async fn next(orders: &mut Rows<Order>) -> Outcome<Order> {
    Ok(orders.next().await.ok_or("the stream ended")??)
}

/// Waits until the client has noticed, and tells what it says.
async fn until_lost(notices: &mut Notices, say: &mut impl FnMut(&str)) -> Outcome<()> {
    while let Some(notice) = notices.next().await {
        if let Notice::Status(Status::Waiting { cause, delay, .. }) = notice {
            say(&format!("  status: waiting {delay:.1?} ({cause})"));
            return Ok(());
        }
    }
    Err("the notices ended".into())
}

fn show(how: &str, order: &Order, say: &mut impl FnMut(&str)) {
    say(&format!(
        "  {how:<11} order {:>2}: {}, {}.{:02}",
        order.id,
        order.item,
        order.cents / 100,
        order.cents % 100
    ));
}

/// The emulator's program: the one that is named, else the one cargo builds.
async fn program() -> Outcome<PathBuf> {
    if let Some(program) = env::var_os("AEROSTACK_EMULATOR") {
        return Ok(program.into());
    }
    let mut build = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Asked for together with this example, it needs nothing that is not built already but itself.
    build
        .args([
            "build",
            "--quiet",
            "--message-format",
            "json-render-diagnostics",
        ])
        .args(["--bin", "aerostack-emulator", "--example", "orders-live"])
        .args((!cfg!(debug_assertions)).then_some("--release"))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .stderr(Stdio::inherit());
    let built = build.output().await?;
    #[derive(Deserialize)]
    struct Built {
        executable: PathBuf,
        target: Target,
    }
    #[derive(Deserialize)]
    struct Target {
        name: String,
    }
    String::from_utf8_lossy(&built.stdout)
        .lines()
        .filter_map(|line| serde_json::from_str::<Built>(line).ok())
        .find(|built| built.target.name == "aerostack-emulator")
        .map(|built| built.executable)
        .ok_or_else(|| "cargo did not build the emulator".into())
}

/// The platform's process. It dies with this value.
struct Platform {
    child: Child,
    url: String,
    /// Kept open: the emulator goes on printing there.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Platform {
    async fn start(program: &Path, port: u16, folder: &Path) -> Outcome<Self> {
        let schema = folder.join("schema.sql");
        std::fs::write(&schema, SCHEMA)?;
        let mut child = Command::new(program)
            .args(["--port", &port.to_string(), "--api-key", API_KEY])
            .args(["--project-id", PROJECT_ID, "--schema"])
            .arg(schema)
            .arg("--data-dir")
            .arg(folder.join("data"))
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let out = child.stdout.take().ok_or("the platform has no output")?;
        let mut output = BufReader::new(out).lines();
        let line = output.next_line().await?.unwrap_or_default();
        let url = line
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .ok_or("the platform did not start")?
            .to_owned();
        Ok(Self {
            child,
            url,
            _output: output,
        })
    }

    fn port(&self) -> Outcome<u16> {
        let (_, port) = self.url.rsplit_once(':').ok_or("the URL has no port")?;
        Ok(port.parse()?)
    }

    /// Without a goodbye: on Unix by SIGKILL.
    async fn kill(&mut self) -> Outcome<()> {
        Ok(self.child.kill().await?)
    }
}

/// Runs another process that writes these orders, to its end.
async fn writer(this: &Path, url: &str, first: i64, last: i64) -> Outcome<()> {
    let status = Command::new(this)
        .args(["writer", url, &first.to_string(), &last.to_string()])
        .status()
        .await?;
    if !status.success() {
        return Err(format!("the writer failed: {status}").into());
    }
    Ok(())
}
