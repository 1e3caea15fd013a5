//! The local platform with Prism before it.

use std::sync::Arc;
use std::time::Duration;

use aerostack::Client;
use aerostack_contract::case::PROJECT;
use aerostack_contract::{Document, Exchange, Operation, Planted, Prism, Recorder, example};
use aerostack_emulator::{
    Emulator, EmulatorBuilder, FunctionReply, GatewayApi, GatewayConsumer, Limits,
};
use serde_json::{Value, json};

/// What the project's database starts with.
const SCHEMA: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, active INTEGER NOT NULL DEFAULT 1);
    CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL, weight REAL, cover BLOB);
";

const CONSUMER_KEY: &str = "ask_test_contract";

/// The project that the document's examples are about.
fn project(builder: EmulatorBuilder) -> EmulatorBuilder {
    builder
        .project_id("proj_3f9a")
        .project_slug(PROJECT)
        .schema(SCHEMA)
        .service("invoice-renderer", |data| async move {
            Ok(json!({"order": data["orderId"], "pages": 2}))
        })
        .function("shipping-quote", |call| async move {
            let country = call
                .query("country")
                .map_or_else(|| call.body["country"].clone(), Value::from);
            Ok(FunctionReply::from(
                json!({"method": call.method, "country": country, "user": call.user_id}),
            ))
        })
        .collection("articles")
        .secret("MAIL_API_KEY", "not-a-real-key")
        .gateway_api(GatewayApi::new("support-bot").id("api_44c2"))
        .gateway_consumer(
            GatewayConsumer::new(CONSUMER_KEY, 100_000)
                .id("con_81d0")
                .plan("metered"),
        )
}

/// One local platform and the ways to it.
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
    /// To a second local platform that takes small bodies only, and few of them.
    pub(crate) narrow: Recorder,
    /// The SDK on the checked way.
    pub(crate) client: Client,
    /// The SDK on the direct way.
    pub(crate) straight: Client,
    http: reqwest::Client,
    _narrow: Emulator,
    pub(crate) proxies: [Prism; 2],
}

impl Stage {
    pub(crate) async fn new() -> anyhow::Result<Self> {
        let document = Arc::new(Document::load()?);
        let emulator = project(Emulator::builder()).start().await?;
        let mut limits = Limits::default();
        (limits.json_bytes, limits.upload_bytes) = (1024, 1024);
        let narrow = project(Emulator::builder()).api_key(emulator.api_key());
        let narrow = narrow.limits(limits).rate_limits(true).start().await?;
        let planted = Planted {
            api_key: emulator.api_key().to_owned(),
            user_token: sign_up(&emulator).await?,
            consumer_key: CONSUMER_KEY.to_owned(),
        };
        let (path, upstream) = (Document::path(), emulator.url());
        let (checking, lenient) = tokio::try_join!(
            Prism::proxy(&path, &upstream),
            Prism::lenient_proxy(&path, &upstream)
        )?;
        let recorder = |url: String| Recorder::start(Arc::clone(&document), url, planted.clone());
        let checked = recorder(checking.url().to_owned()).await?;
        let direct = recorder(upstream).await?;
        Ok(Self {
            client: client(&checked.url(), &emulator)?,
            straight: client(&direct.url(), &emulator)?,
            lenient: recorder(lenient.url().to_owned()).await?,
            narrow: recorder(narrow.url()).await?,
            http: reqwest::Client::builder()
                .timeout(Duration::from_secs(20))
                .build()?,
            _narrow: narrow,
            proxies: [checking, lenient],
            checked,
            direct,
            document,
            emulator,
            planted,
        })
    }

    /// The way that leaves an operation's bodies as they are.
    pub(crate) fn way<'a>(&'a self, operation: &Operation, json: &'a Recorder) -> &'a Recorder {
        if operation.is_json() {
            json
        } else {
            &self.direct
        }
    }

    /// Sends the document's own example of an operation, with one change, and gives what was answered.
    pub(crate) async fn send(
        &self,
        way: &Recorder,
        operation: &Operation,
        change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> anyhow::Result<(Exchange, String)> {
        let request = example::request(&self.http, &way.url(), operation, &self.planted)?;
        let answer = change(request).send().await?.text().await?;
        Ok((way.take().remove(0), answer))
    }
}

fn client(origin: &str, emulator: &Emulator) -> Result<Client, aerostack::Error> {
    let builder = Client::builder()
        .base_url(origin)
        .api_key(emulator.api_key());
    builder
        .project_id(emulator.project_id())
        .project_slug(emulator.project_slug())
        .max_attempts(1)
        .build()
}

/// The token of a fresh user.
async fn sign_up(emulator: &Emulator) -> anyhow::Result<String> {
    let client = client(&emulator.url(), emulator)?;
    let registration = client
        .auth()
        .register("stage@example.com", "Correct-Horse-9")
        .await?;
    let session = registration
        .session
        .ok_or_else(|| anyhow::anyhow!("no session"))?;
    Ok(session.access_token.expose().to_owned())
}
