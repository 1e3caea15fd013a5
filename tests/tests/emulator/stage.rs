//! The local platform with Prism before it.

use std::sync::Arc;
use std::time::Duration;

use aerostack_contract::case::PROJECT;
use aerostack_contract::{Document, Exchange, Operation, Planted, Prism, Recorder, example};
use aerostack_emulator::Emulator;
use serde_json::json;

/// What the project's database starts with.
const SCHEMA: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, active INTEGER NOT NULL DEFAULT 1);
    CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL, weight REAL, cover BLOB);
";

/// One local platform and the three ways to it.
pub(crate) struct Stage {
    pub(crate) document: Arc<Document>,
    pub(crate) emulator: Emulator,
    pub(crate) planted: Planted,
    /// Through Prism, which checks both directions.
    pub(crate) checked: Recorder,
    /// Through Prism, which checks the answers alone.
    pub(crate) lenient: Recorder,
    /// With nothing between, for bodies that Prism would spoil.
    pub(crate) direct: Recorder,
    pub(crate) http: reqwest::Client,
    _proxies: [Prism; 2],
}

impl Stage {
    pub(crate) async fn new() -> anyhow::Result<Self> {
        let document = Arc::new(Document::load()?);
        let emulator = Emulator::builder()
            .project_slug(PROJECT)
            .schema(SCHEMA)
            .start()
            .await?;
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(20))
            .build()?;
        let planted = Planted {
            api_key: emulator.api_key().to_owned(),
            user_token: sign_up(&http, &emulator)
                .await
                .unwrap_or_else(|_| "none".into()),
            consumer_key: "ask_test_contract".to_owned(),
        };
        let (path, upstream) = (Document::path(), emulator.url());
        let (checking, lenient) = tokio::try_join!(
            Prism::proxy(&path, &upstream),
            Prism::lenient_proxy(&path, &upstream)
        )?;
        let recorder = |url: String| Recorder::start(Arc::clone(&document), url, planted.clone());
        Ok(Self {
            checked: recorder(checking.url().to_owned()).await?,
            lenient: recorder(lenient.url().to_owned()).await?,
            direct: recorder(upstream).await?,
            _proxies: [checking, lenient],
            document,
            emulator,
            planted,
            http,
        })
    }

    /// The operations outside the given tags.
    pub(crate) fn built(&self, unbuilt: &[&str]) -> impl Iterator<Item = &Operation> {
        self.document
            .operations()
            .iter()
            .filter(move |operation| !unbuilt.contains(&operation.tag.as_str()))
    }

    /// Sends the document's own example of an operation, with one change, and gives what was answered.
    pub(crate) async fn send(
        &self,
        way: &Recorder,
        operation: &Operation,
        change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> (Exchange, String) {
        let request = example::request(&self.http, &way.url(), operation, &self.planted).unwrap();
        let answer = change(request).send().await.unwrap().text().await.unwrap();
        (way.take().remove(0), answer)
    }
}

/// The token of a fresh user.
async fn sign_up(http: &reqwest::Client, emulator: &Emulator) -> anyhow::Result<String> {
    let url = format!(
        "{}/api/v1/public/projects/{}/auth/register",
        emulator.url(),
        emulator.project_slug()
    );
    let user = json!({"email": "stage@example.com", "password": "Correct-Horse-9"});
    let answer: serde_json::Value = http
        .post(url)
        .json(&user)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    let token = answer["accessToken"].as_str().or(answer["token"].as_str());
    token
        .map(str::to_owned)
        .ok_or_else(|| anyhow::anyhow!("no token in {answer}"))
}
