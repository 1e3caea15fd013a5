//! The work that is measured: each case by hand on reqwest and serde, and with the SDK.

use std::path::{Path, PathBuf};

use aerostack::{Client, storage::UploadBody};
use anyhow::{Context, Result, ensure};
use futures_util::{StreamExt, TryStreamExt};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio_util::io::ReaderStream;

use crate::server::{DELTAS, FILE};

/// Who does the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Hand-written code on reqwest and serde.
    Bare,
    /// The SDK.
    Sdk,
}

/// A piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// `db().query` of one row.
    Query,
    /// `cache().get` of a small value.
    Get,
    /// `db().batch` of 25 statements.
    Batch,
    /// 1,000 rows of 4 columns into structs.
    Rows1k,
    /// 10,000 rows of 4 columns into structs.
    Rows10k,
    /// 100,000 rows of 6 columns into structs.
    Rows100k,
    /// The first of 10,000 rows.
    One10k,
    /// A chat of 100,000 deltas.
    Chat,
    /// A client, and its first call.
    First,
    /// 100 MiB to a file.
    Download,
    /// 100 MiB from a file.
    Upload,
}

impl Case {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Query,
        Self::Get,
        Self::Batch,
        Self::Rows1k,
        Self::Rows10k,
        Self::Rows100k,
        Self::One10k,
        Self::Chat,
        Self::First,
        Self::Download,
        Self::Upload,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Get => "cache-get",
            Self::Batch => "batch-25",
            Self::Rows1k => "rows-1k",
            Self::Rows10k => "rows-10k",
            Self::Rows100k => "rows-100k",
            Self::One10k => "one-of-10k",
            Self::Chat => "chat-100k",
            Self::First => "first-call",
            Self::Download => "download",
            Self::Upload => "upload",
        }
    }

    /// The case of this name.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(name: &str) -> Result<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|case| case.name() == name)
            .with_context(|| format!("there is no case `{name}`"))
    }
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only decoded")]
struct Small {
    id: i64,
    name: String,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only decoded")]
struct Row4 {
    id: i64,
    name: String,
    price: f64,
    active: i64,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only decoded")]
struct Row6 {
    id: i64,
    name: String,
    price: f64,
    active: i64,
    zone: String,
    note: String,
}

#[derive(Deserialize)]
struct Results<T> {
    results: Vec<T>,
}

#[derive(Deserialize)]
struct Statement<T> {
    success: bool,
    results: Vec<T>,
}

#[derive(Deserialize)]
struct Value<T> {
    value: Option<T>,
}

#[derive(Deserialize)]
struct Delta {
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Content,
}

#[derive(Deserialize)]
struct Content {
    content: Option<String>,
}

/// Both sides, ready to work.
#[derive(Debug)]
pub struct Bench {
    url: String,
    http: reqwest::Client,
    client: Client,
    folder: PathBuf,
}

const KEY: &str = "sk_bench_0123456789";

impl Bench {
    /// Sets both sides up against a server. Files go to `folder`.
    ///
    /// # Errors
    /// When a client cannot be built.
    pub fn new(url: &str, folder: &Path) -> Result<Self> {
        Ok(Self {
            url: url.to_owned(),
            http: reqwest::Client::new(),
            client: client(url)?,
            folder: folder.to_owned(),
        })
    }

    /// Does the work once.
    ///
    /// # Errors
    /// When it fails.
    pub async fn run(&self, case: Case, side: Side) -> Result<()> {
        match side {
            Side::Bare => self.bare(case).await,
            Side::Sdk => self.sdk(case).await,
        }
    }

    async fn sdk(&self, case: Case) -> Result<()> {
        let db = || self.client.db();
        match case {
            Case::Query => {
                let sql = "SELECT id, name FROM items WHERE id = ?";
                let rows: Vec<Small> = db().query(sql).bind(7).await?;
                ensure!(rows.len() == 1);
            }
            Case::Get => {
                let value: Option<Small> = self.client.cache().get("item:7").await?;
                ensure!(value.is_some());
            }
            Case::Batch => {
                let mut batch = db().batch();
                for id in 0..25 {
                    batch = batch.add(aerostack::db::Statement::new("SELECT ?").bind(id));
                }
                let outcome = batch.await?;
                for statement in &outcome.statements {
                    ensure!(statement.success && statement.rows::<Small>()?.len() == 1);
                }
            }
            Case::Rows1k => {
                let rows: Vec<Row4> = db().query("SELECT * FROM items LIMIT 1000").await?;
                ensure!(rows.len() == 1_000);
            }
            Case::Rows10k => {
                let rows: Vec<Row4> = db().query("SELECT * FROM items LIMIT 10000").await?;
                ensure!(rows.len() == 10_000);
            }
            Case::Rows100k => {
                let rows: Vec<Row6> = db().query("SELECT * FROM items LIMIT 100000").await?;
                ensure!(rows.len() == 100_000);
            }
            Case::One10k => {
                let row: Row4 = db().query_one("SELECT * FROM items LIMIT 10000").await?;
                ensure!(row.id == 0);
            }
            Case::Chat => {
                let mut stream = self.client.ai().complete("Go on.").stream().await?;
                let mut deltas = 0;
                while let Some(delta) = stream.try_next().await? {
                    deltas += usize::from(!delta.text.is_empty());
                }
                ensure!(deltas == DELTAS);
            }
            Case::First => {
                let value: Option<Small> = client(&self.url)?.cache().get("item:7").await?;
                ensure!(value.is_some());
            }
            Case::Download => {
                let to = self.folder.join("download");
                let length = self.client.storage().download("f").to_file(to).await?;
                ensure!(length == FILE as u64);
            }
            Case::Upload => {
                let body = UploadBody::file(self.folder.join("upload"));
                self.client.storage().upload("f", body).await?;
            }
        }
        Ok(())
    }

    async fn bare(&self, case: Case) -> Result<()> {
        match case {
            Case::Query => {
                let sql = "SELECT id, name FROM items WHERE id = ?";
                let body = json!({ "sql": sql, "params": [7] });
                let reply: Results<Small> = self.post("/v1/db/query", &body).await?;
                ensure!(reply.results.len() == 1);
            }
            Case::Get => {
                let body = json!({ "key": "item:7" });
                let reply: Value<Small> = self.post("/v1/cache/get", &body).await?;
                ensure!(reply.value.is_some());
            }
            Case::Batch => {
                let queries: Vec<_> = (0..25)
                    .map(|id| json!({ "sql": "SELECT ?", "params": [id] }))
                    .collect();
                let body = json!({ "queries": queries });
                let reply: Results<Statement<Small>> = self.post("/v1/db/batch", &body).await?;
                ensure!(
                    reply
                        .results
                        .iter()
                        .all(|it| it.success && it.results.len() == 1)
                );
            }
            Case::Rows1k => self.rows::<Row4>(1_000).await?,
            Case::Rows10k | Case::One10k => self.rows::<Row4>(10_000).await?,
            Case::Rows100k => self.rows::<Row6>(100_000).await?,
            Case::Chat => {
                let body = json!({ "messages": [{ "role": "user", "content": "Go on." }], "stream": true });
                let response = self.send("/v1/ai/chat", &body).await?;
                ensure!(read_events(response).await? == DELTAS);
            }
            Case::First => {
                let fresh = Self {
                    url: self.url.clone(),
                    http: reqwest::Client::new(),
                    client: self.client.clone(),
                    folder: self.folder.clone(),
                };
                let body = json!({ "key": "item:7" });
                let reply: Value<Small> = fresh.post("/v1/cache/get", &body).await?;
                ensure!(reply.value.is_some());
            }
            Case::Download => {
                let response = self.send("/v1/storage/get", &json!({ "key": "f" })).await?;
                let mut chunks = response.bytes_stream();
                let mut file = tokio::fs::File::create(self.folder.join("download")).await?;
                while let Some(chunk) = chunks.next().await {
                    file.write_all(&chunk?).await?;
                }
                file.sync_all().await?;
            }
            Case::Upload => {
                let file = tokio::fs::File::open(self.folder.join("upload")).await?;
                let length = file.metadata().await?.len();
                let stream = ReaderStream::with_capacity(file, 64 * 1024);
                let url = format!("{}/v1/storage/upload", self.url);
                let request = self.http.post(url).header("content-length", length);
                let request = request.body(reqwest::Body::wrap_stream(stream));
                request.send().await?.error_for_status()?.bytes().await?;
            }
        }
        Ok(())
    }

    async fn rows<T: DeserializeOwned>(&self, count: usize) -> Result<()> {
        let body = json!({ "sql": format!("SELECT * FROM items LIMIT {count}") });
        let reply: Results<T> = self.post("/v1/db/query", &body).await?;
        ensure!(reply.results.len() == count);
        Ok(())
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &serde_json::Value) -> Result<T> {
        Ok(self.send(path, body).await?.json().await?)
    }

    async fn send(&self, path: &str, body: &serde_json::Value) -> Result<reqwest::Response> {
        let request = self.http.post(format!("{}{path}", self.url));
        let request = request.header("x-aerostack-key", KEY).json(body);
        Ok(request.send().await?.error_for_status()?)
    }
}

fn client(url: &str) -> Result<Client> {
    Ok(Client::builder()
        .base_url(url)
        .api_key(KEY)
        .project_id("prj_bench")
        .build()?)
}

/// Reads events line by line, as one would by hand.
async fn read_events(response: reqwest::Response) -> Result<usize> {
    let mut chunks = response.bytes_stream();
    let (mut buffer, mut deltas) = (Vec::new(), 0);
    while let Some(chunk) = chunks.next().await {
        buffer.extend_from_slice(&chunk?);
        let mut start = 0;
        while let Some(length) = buffer[start..].iter().position(|byte| *byte == b'\n') {
            let line = &buffer[start..start + length];
            start += length + 1;
            let Some(data) = line.strip_prefix(b"data: ") else {
                continue;
            };
            if data == b"[DONE]" {
                return Ok(deltas);
            }
            let delta: Delta = serde_json::from_slice(data)?;
            let choice = delta.choices.into_iter().next();
            let text = choice.and_then(|choice| choice.delta.content);
            deltas += usize::from(text.is_some());
        }
        buffer.drain(..start);
    }
    Ok(deltas)
}
