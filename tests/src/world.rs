//! A platform on one runtime and the SDK on another.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use crate::case::PROJECT;
use crate::{Document, FaultProxy, Planted, Sdk};
use aerostack::Client;
use aerostack_emulator::{Emulator, FunctionReply, GatewayApi, GatewayConsumer};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

/// What the cases of the contract ask for, and a table to count in.
const SCHEMA: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, active INTEGER NOT NULL DEFAULT 1);
    CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL);
    INSERT INTO users (email) VALUES ('ines@example.com');
";
const CONSUMER_KEY: &str = "ask_test_cancel";

pub const EMAIL: &str = "cancel@example.com";
pub const PASSWORD: &str = "Correct-Horse-9";

pub struct World {
    pub sdk: Sdk,
    pub emulator: Emulator,
    pub proxy: FaultProxy,
    ours: Runtime,
    theirs: Runtime,
}

impl World {
    pub fn new() -> Self {
        let ours = Builder::new_current_thread().enable_all().build().unwrap();
        let mut theirs = Builder::new_multi_thread();
        let theirs = theirs.worker_threads(1).enable_all().build().unwrap();
        let (emulator, proxy, token) = theirs.block_on(async {
            let emulator = emulator().await;
            let upstream = SocketAddr::from((Ipv4Addr::LOCALHOST, emulator.port()));
            let proxy = FaultProxy::start(upstream).await.unwrap();
            let token = sign_up(&emulator).await;
            (emulator, proxy, token)
        });
        let planted = Planted {
            api_key: emulator.api_key().to_owned(),
            user_token: token,
            consumer_key: CONSUMER_KEY.to_owned(),
        };
        let document = Arc::new(Document::load().unwrap());
        let sdk = ours.block_on(async { Sdk::new(document, &proxy.url(), planted).unwrap() });
        Self {
            sdk,
            emulator,
            proxy,
            ours,
            theirs,
        }
    }

    /// Runs what the SDK does.
    pub fn ours<T>(&self, work: impl Future<Output = T>) -> T {
        self.ours.block_on(work)
    }

    /// Sets a fault, which may need the platform's runtime.
    pub fn theirs<T>(&self, work: impl FnOnce(&Emulator) -> T) -> T {
        let _inside = self.theirs.enter();
        work(&self.emulator)
    }

    pub fn realtime(&self) -> aerostack_realtime::Realtime {
        let realtime = aerostack_realtime::Realtime::builder()
            .base_url(self.proxy.url())
            .api_key(self.emulator.api_key())
            .project_id(self.emulator.project_id());
        realtime.build().unwrap()
    }

    /// Ends the SDK and waits until none of its tasks runs and none of its connections is open.
    pub fn ends_without_leftovers(self) {
        let Self {
            sdk,
            emulator,
            proxy,
            ours,
            theirs,
        } = self;
        ours.block_on(async {
            drop(sdk);
            patiently("tasks", || ours.metrics().num_alive_tasks()).await;
        });
        theirs.block_on(patiently("connections", || proxy.open()));
        theirs.block_on(emulator.shutdown());
    }
}

async fn patiently(what: &str, left: impl Fn() -> usize) {
    let mut patience = 4_000;
    while left() > 0 {
        patience -= 1;
        assert!(patience > 0, "{} {what} are left", left());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn emulator() -> Emulator {
    Emulator::builder()
        .project_id("proj_3f9a")
        .project_slug(PROJECT)
        .schema(SCHEMA)
        .service("invoice-renderer", |_| async { Ok(json!({ "pages": 2 })) })
        .function("shipping-quote", |_| async {
            Ok(FunctionReply::from(json!({ "cents": 890 })))
        })
        .collection("articles")
        .secret("MAIL_API_KEY", "not-a-real-key")
        .gateway_api(GatewayApi::new("support-bot").id("api_44c2"))
        .gateway_consumer(GatewayConsumer::new(CONSUMER_KEY, 10_000_000).id("con_81d0"))
        .start()
        .await
        .unwrap()
}

/// The token of a fresh user.
async fn sign_up(emulator: &Emulator) -> String {
    let client = Client::builder()
        .base_url(emulator.url())
        .project_slug(PROJECT)
        .build()
        .unwrap();
    client.auth().register(EMAIL, PASSWORD).await.unwrap();
    let session = client.auth().login(EMAIL, PASSWORD).await.unwrap();
    session.access_token.expose().to_owned()
}
