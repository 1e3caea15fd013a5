//! The kinds of calls, and what the callers learn from them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aerostack::{
    Client, Effect, Error, ErrorKind,
    auth::{TokenManager, User},
};
use futures_util::TryStreamExt as _;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::platform::{API, CONSUMER_KEY};

/// One call: who makes it, and which of the caller's calls it is.
#[derive(Clone, Copy)]
pub(crate) struct Turn {
    pub(crate) task: u64,
    pub(crate) number: u64,
}

/// What all callers share.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) client: Client,
    /// Of a user who is logged in.
    pub(crate) tokens: Arc<Mutex<TokenManager>>,
    /// An item of the collection.
    pub(crate) item: String,
}

pub(crate) const EMAIL: &str = "load@example.com";
pub(crate) const PASSWORD: &str = "Porto-Lisboa-2026";

impl Caller {
    /// A session ends where the platform used its refresh token up and the answer was lost; then there is a new login.
    async fn current_user(&self) -> Result<User, Error> {
        let auth = self.client.auth();
        let tokens = self.tokens.lock().unwrap().clone();
        let result = tokens.with(|token| auth.current_user(token)).await;
        match result {
            Err(error) if error.kind() == ErrorKind::Unauthorized => {}
            result => return result,
        }
        let session = auth.login(EMAIL, PASSWORD).await?;
        let token = session.access_token.clone();
        *self.tokens.lock().unwrap() = auth.manage(session);
        auth.current_user(token).await
    }
}

/// What repeating a call does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// Nothing: the client may repeat it on its own.
    Read,
    /// Each success is exactly one effect.
    Write,
}

pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) operation: &'static str,
    /// How many of all calls are of this kind, in relation to the others.
    pub(crate) weight: usize,
    pub(crate) class: Class,
    pub(crate) call: for<'a> fn(&'a Caller, Turn) -> BoxFuture<'a, Result<(), Error>>,
}

macro_rules! kinds {
    ($caller:ident, $c:ident, $turn:ident; $($name:literal $operation:literal $class:ident $weight:literal: $call:expr;)*) => {
        &[$(Kind {
            name: $name,
            operation: $operation,
            weight: $weight,
            class: Class::$class,
            call: |$caller, $turn| Box::pin(async move {
                let $c = &$caller.client;
                let _ = ($c, $turn);
                $call.await.map(drop)
            }),
        }),*]
    };
}

impl Turn {
    /// A name that some other calls of the same caller use too.
    fn shared(self) -> String {
        format!("{}-{}", self.task, self.number % 7)
    }

    /// A name of this call alone.
    pub(crate) fn own(self) -> String {
        format!("{}-{}", self.task, self.number)
    }

    /// What a batch inserts.
    pub(crate) fn pair(self) -> [String; 2] {
        ["a", "b"].map(|part| format!("{}-{part}", self.own()))
    }

    /// The counter of the caller.
    pub(crate) fn counter(task: u64) -> String {
        format!("count-{task}")
    }
}

const INSERT: &str = "INSERT INTO marks (mark) VALUES (?)";
const QUESTION: &str = "When does the harbour open on Sundays?";

/// The file that every caller reads.
pub(crate) const FILE: &str = "kept/tides.txt";

#[rustfmt::skip]
pub(crate) static KINDS: &[Kind] = kinds! { caller, c, turn;
    "cache: get" "cacheGet" Read 12: c.cache().get::<u64>(turn.shared());
    "cache: set" "cacheSet" Write 10: c.cache().set(turn.shared(), &turn.number);
    "cache: delete" "cacheDelete" Write 6: c.cache().delete(turn.shared());
    "cache: increment" "cacheIncrement" Write 8: c.cache().increment(Turn::counter(turn.task));
    "db: select" "dbQuery" Read 8: c.db().query::<Value>("SELECT mark FROM marks LIMIT 20");
    "db: insert" "dbQuery" Write 10: c.db().execute(INSERT).bind(turn.own());
    "db: batch" "dbBatch" Write 5: {
        let [a, b] = turn.pair();
        c.db().batch().add(aerostack::db::Statement::new(INSERT).bind(a)).add(aerostack::db::Statement::new(INSERT).bind(b))
    };
    "storage: upload" "storageUpload" Write 4: c.storage().upload(turn.shared(), vec![7; 2_000]);
    "storage: download" "storageGet" Read 4: c.storage().download(FILE);
    "storage: stream" "storageGet" Read 2: async { c.storage().download(FILE).stream().await?.try_for_each(async |_| Ok(())).await };
    "storage: exists" "storageExists" Read 2: c.storage().exists(turn.shared());
    "storage: delete" "storageDelete" Write 2: c.storage().delete(turn.shared());
    "queue: send" "queueEnqueue" Write 4: c.queue().send("count", &json!({ "n": turn.number }));
    "queue: list" "queueListJobs" Read 1: c.queue().list().limit(5);
    "search: ingest" "searchIngest" Write 2: c.search().ingest("faq", QUESTION).id(format!("faq-{}", turn.number % 20));
    "search: query" "searchQuery" Read 2: c.search().query(QUESTION).top_k(3);
    "ai: chat" "aiChat" Write 2: c.ai().complete(QUESTION);
    "ai: chat stream" "aiChat" Write 4: async { c.ai().complete(QUESTION).stream().await?.try_for_each(async |_| Ok(())).await };
    "ai: embed" "aiEmbed" Read 2: c.ai().embed(QUESTION);
    "gateway: chat stream" "gatewayChatCompletions" Write 2: async {
        let chat = c.gateway(API).consumer_key(CONSUMER_KEY).complete(QUESTION).stream();
        chat.await?.try_for_each(async |_| Ok(())).await
    };
    "collections: create" "collectionsCreateItem" Write 1: c.collection("articles").create::<Value>(&json!({ "title": turn.own() }));
    "collections: update" "collectionsUpdateItem" Write 1: c.collection("articles").update(&caller.item, &json!({ "title": turn.own() }));
    "collections: get" "collectionsGetItem" Read 1: c.collection("articles").get::<Value>(&caller.item);
    "auth: current user" "publicAuthMe" Read 2: caller.current_user();
    "secrets: get" "secretsGet" Read 1: c.secrets().get("MAIL_API_KEY");
    "services: invoke" "servicesInvoke" Write 1: c.services().invoke::<Value>("renderer", &json!({ "order": turn.number }));
    "functions: post" "customCallPost" Write 1: c.functions().call::<Value>("quote").post(&json!({ "country": "PT" }));
    "socket: emit" "socketEmit" Write 1: c.socket().emit("order-shipped", &json!({ "n": turn.number })).room("orders/eu");
};

/// What the callers know of the calls of one kind or operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Book {
    pub(crate) succeeded: u64,
    /// Failed, and may have taken effect.
    pub(crate) unknown: u64,
    /// Failed, and had no effect.
    pub(crate) without_effect: u64,
    /// The failures by kind.
    pub(crate) kinds: BTreeMap<String, u64>,
}

impl Book {
    pub(crate) fn enter(&mut self, result: &Result<(), Error>) {
        match result {
            Ok(()) => self.succeeded += 1,
            Err(error) => {
                if error.effect() == Effect::None {
                    self.without_effect += 1;
                } else {
                    self.unknown += 1;
                }
                *self.kinds.entry(format!("{:?}", error.kind())).or_default() += 1;
            }
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.succeeded += other.succeeded;
        self.unknown += other.unknown;
        self.without_effect += other.without_effect;
        for (kind, count) in &other.kinds {
            *self.kinds.entry(kind.clone()).or_default() += count;
        }
    }

    pub(crate) fn failed(&self) -> u64 {
        self.unknown + self.without_effect
    }

    pub(crate) fn calls(&self) -> u64 {
        self.succeeded + self.failed()
    }
}
