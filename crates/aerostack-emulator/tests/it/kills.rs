//! The program is killed while it writes, again and again: everything it acknowledged is there afterwards.
//!
//! `KILLS` and `KILLS_SEED` set how often and at which moments; with `SOAK_SHEET` the figures go to the file of that
//! name.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::program::{Program, command};

const WRITERS: u64 = 8;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect(name))
}

/// Each write is of one of these, and leaves one thing that its mark names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Write {
    Row,
    /// Two rows by one batch.
    Pair,
    Entry,
    Counter,
    Job,
    File,
    Item,
    SearchEntry,
}

/// How much of a write is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum There {
    Whole,
    Nothing,
    /// A part of it, or more than once.
    Broken,
}

struct Platform {
    url: String,
    http: Client,
}

/// Long enough to be written in several pieces, and different for each mark.
fn content(mark: &str) -> Vec<u8> {
    let length = 1_000 + mark.bytes().map(usize::from).sum::<usize>() * 37;
    mark.bytes().cycle().take(length).collect()
}

impl Platform {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        request.header("x-aerostack-key", "ac_secret_local")
    }

    fn post(&self, path: &str, body: &Value) -> RequestBuilder {
        self.request(Method::POST, path).json(body)
    }

    async fn answer(&self, path: &str, body: &Value) -> Value {
        let answer = self.post(path, body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {answer:?}");
        answer.json().await.unwrap()
    }

    fn write(&self, write: Write, mark: &str) -> RequestBuilder {
        let insert = |part: &str| json!({ "sql": "INSERT INTO marks VALUES (?)", "params": [format!("{mark}{part}")] });
        match write {
            Write::Row => self.post("/v1/db/query", &insert("")),
            Write::Pair => {
                let queries = json!({ "queries": [insert("-1"), insert("-2")] });
                self.post("/v1/db/batch", &queries)
            }
            Write::Entry => self.post("/v1/cache/set", &json!({ "key": mark, "value": mark })),
            Write::Counter => self.post("/v1/cache/increment", &json!({ "key": mark })),
            Write::Job => {
                let job = json!({ "type": mark, "data": { "mark": mark } });
                self.post("/v1/queue/enqueue", &job)
            }
            Write::File => {
                let part = reqwest::multipart::Part::bytes(content(mark)).file_name("f");
                let form = reqwest::multipart::Form::new()
                    .text("key", mark.to_owned())
                    .part("file", part);
                self.request(Method::POST, "/v1/storage/upload")
                    .multipart(form)
            }
            Write::Item => self.post("/v1/collections/articles/items", &json!({ "title": mark })),
            Write::SearchEntry => {
                let entry = json!({ "id": mark, "type": "note", "content": mark });
                self.post("/v1/ai/search/ingest", &entry)
            }
        }
    }

    async fn look(&self, write: Write, mark: &str) -> There {
        let of = |found: bool, whole: bool| match (found, whole) {
            (false, _) => There::Nothing,
            (true, true) => There::Whole,
            (true, false) => There::Broken,
        };
        match write {
            Write::Row | Write::Pair => {
                let sql = "SELECT count(*) AS n FROM marks WHERE mark IN (?, ?, ?)";
                let marks = [mark.to_owned(), format!("{mark}-1"), format!("{mark}-2")];
                let query = json!({ "sql": sql, "params": marks });
                let rows = &self.answer("/v1/db/query", &query).await["results"][0]["n"];
                of(*rows != 0, *rows == if write == Write::Row { 1 } else { 2 })
            }
            Write::Entry | Write::Counter => {
                let got = self.answer("/v1/cache/get", &json!({ "key": mark })).await;
                let right = match write {
                    Write::Entry => json!(mark),
                    _ => json!(1),
                };
                of(got["exists"] == true, got["value"] == right)
            }
            Write::Job => {
                let jobs = self
                    .answer("/v1/queue/jobs", &json!({ "type": mark }))
                    .await;
                let jobs = jobs["jobs"].as_array().unwrap();
                let right = |job: &Value| job["data"]["mark"] == mark;
                of(!jobs.is_empty(), jobs.len() == 1 && jobs.iter().all(right))
            }
            Write::File => {
                let get = self.post("/v1/storage/get", &json!({ "key": mark }));
                let answer = get.send().await.unwrap();
                let found = answer.status() != StatusCode::NOT_FOUND;
                of(found, answer.bytes().await.unwrap() == content(mark))
            }
            Write::Item => {
                let path = format!("/v1/collections/articles/items?title={mark}");
                let items: Value = self
                    .request(Method::GET, &path)
                    .send()
                    .await
                    .unwrap()
                    .json()
                    .await
                    .unwrap();
                let items = items.as_array().unwrap();
                of(!items.is_empty(), items.len() == 1)
            }
            Write::SearchEntry => {
                let got = self
                    .answer("/v1/ai/search/get", &json!({ "id": mark }))
                    .await;
                of(!got["result"].is_null(), got["result"]["content"] == mark)
            }
        }
    }
}

const WRITES: [Write; 8] = [
    Write::Row,
    Write::Pair,
    Write::Entry,
    Write::Counter,
    Write::Job,
    Write::File,
    Write::Item,
    Write::SearchEntry,
];

#[derive(Clone, Debug)]
struct Attempt {
    write: Write,
    mark: String,
    acknowledged: bool,
}

/// Writes one thing after the other until the program is gone.
async fn write_until_it_dies(
    url: String,
    name: String,
    seed: u64,
    acknowledged: Arc<AtomicU64>,
) -> Vec<Attempt> {
    let platform = Platform {
        url,
        http: Client::new(),
    };
    let mut random = fastrand::Rng::with_seed(seed);
    let mut attempts = Vec::new();
    for number in 0.. {
        let write = WRITES[random.usize(..WRITES.len())];
        let mark = format!("{name}-{number}");
        let answer = match platform.write(write, &mark).send().await {
            Ok(answer) => {
                let status = answer.status();
                assert!(status.is_success(), "{write:?} {mark}: {status}");
                answer.bytes().await.is_ok()
            }
            Err(_) => false,
        };
        attempts.push(Attempt {
            write,
            mark,
            acknowledged: answer,
        });
        if !answer {
            break;
        }
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
    attempts
}

/// What became of the writes of one kind.
#[derive(Debug, Default)]
struct Fate {
    acknowledged: u64,
    lost: u64,
    /// Not acknowledged, and there.
    late: u64,
    /// Not acknowledged, and not there.
    never: u64,
    broken: u64,
}

async fn fates(url: &str, attempts: &[Attempt]) -> BTreeMap<Write, Fate> {
    let platform = &Platform {
        url: url.to_owned(),
        http: Client::new(),
    };
    let looks = attempts.iter().map(async |attempt| {
        let there = platform.look(attempt.write, &attempt.mark).await;
        (attempt, there)
    });
    let mut looks = stream::iter(looks).buffer_unordered(16);
    let mut fates: BTreeMap<Write, Fate> = BTreeMap::new();
    while let Some((attempt, there)) = looks.next().await {
        let fate = fates.entry(attempt.write).or_default();
        fate.acknowledged += u64::from(attempt.acknowledged);
        match (attempt.acknowledged, there) {
            (true, There::Whole) => {}
            (true, There::Nothing) => fate.lost += 1,
            (false, There::Whole) => fate.late += 1,
            (false, There::Nothing) => fate.never += 1,
            (_, There::Broken) => fate.broken += 1,
        }
    }
    fates
}

fn check(fates: &BTreeMap<Write, Fate>) {
    for (write, fate) in fates {
        assert_eq!((fate.lost, fate.broken), (0, 0), "{write:?}: {fate:?}");
    }
}

/// The kept bytes of files, which must be those of the files that are there.
fn blobs(data: &Path) -> u64 {
    std::fs::read_dir(data.join("storage")).unwrap().count() as u64
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_being_killed() {
    let (kills, seed) = (setting("KILLS", 3), setting("KILLS_SEED", 7));
    let mut random = fastrand::Rng::with_seed(seed);
    let folder = tempfile::tempdir().unwrap();
    let schema = folder.path().join("schema.sql");
    std::fs::write(&schema, "CREATE TABLE marks (mark TEXT)").unwrap();
    let data = folder.path().join("data");
    let args = [
        "--port",
        "0",
        "--data-dir",
        data.to_str().unwrap(),
        "--schema",
        schema.to_str().unwrap(),
        "--collection",
        "articles",
    ];
    let mut all = Vec::new();
    let mut killed_starts = 0;
    let mut program = Program::start(&args);
    for kill in 0..kills {
        let acknowledged = Arc::new(AtomicU64::new(0));
        let writers = (0..WRITERS).map(|writer| {
            let name = format!("m{kill}-{writer}");
            tokio::spawn(write_until_it_dies(
                program.url.clone(),
                name,
                random.u64(..),
                Arc::clone(&acknowledged),
            ))
        });
        let writers: Vec<_> = writers.collect();
        tokio::time::sleep(Duration::from_millis(random.u64(30..600))).await;
        let writing = || writers.iter().any(|writer| !writer.is_finished());
        while acknowledged.load(Ordering::Relaxed) <= WRITERS && writing() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        program.kill();
        let mut attempts = Vec::new();
        for writer in writers {
            attempts.extend(writer.await.unwrap());
        }
        // Now and then it is killed again while it finds out what the last kill left.
        while random.u8(..4) == 0 {
            killed_starts += 1;
            let mut starting = command(&args).spawn().unwrap();
            tokio::time::sleep(Duration::from_millis(random.u64(..40))).await;
            starting.kill().unwrap();
            starting.wait().unwrap();
        }
        program = Program::start(&args);
        check(&fates(&program.url, &attempts).await);
        all.extend(attempts);
    }
    // All kills later, what was acknowledged before the first one is still there.
    let fates = fates(&program.url, &all).await;
    check(&fates);
    let files = fates
        .get(&Write::File)
        .map_or(0, |fate| fate.acknowledged + fate.late);
    assert_eq!(blobs(&data), files, "bytes of no file are left behind");

    let total = |of: fn(&Fate) -> u64| fates.values().map(of).sum::<u64>();
    let (acknowledged, cut) = (
        total(|fate| fate.acknowledged),
        total(|fate| fate.late + fate.never),
    );
    assert!(acknowledged > kills * WRITERS && cut > 0, "{fates:?}");
    let summary = format!(
        "{kills} kills under load, {acknowledged} writes acknowledged, 0 lost, 0 half there"
    );
    println!("{summary}; {cut} cut off, {killed_starts} killed starts");
    if let Some(path) = std::env::var_os("SOAK_SHEET") {
        let rows: Vec<_> = fates
            .iter()
            .map(|(write, fate)| {
                let counts = [
                    fate.acknowledged,
                    fate.lost,
                    fate.late,
                    fate.never,
                    fate.broken,
                ];
                let cells = counts.map(|count| count.to_string());
                [vec![format!("{write:?}")], cells.to_vec()].concat()
            })
            .collect();
        let sheet = json!({
            "summary": summary,
            "facts": [
                ["Kills under load", kills.to_string()],
                ["Kills while starting", killed_starts.to_string()],
                ["Writers at once", WRITERS.to_string()],
                ["Seed", seed.to_string()],
            ],
            "tables": [{
                "title": "Writes",
                "head": ["Write", "Acknowledged", "Lost", "Cut off, there", "Cut off, not there", "Half there"],
                "rows": rows,
            }],
        });
        std::fs::write(path, sheet.to_string()).unwrap();
    }
}
