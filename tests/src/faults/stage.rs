//! A local platform behind a way that can break.

use std::error::Error as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::{FaultProxy, Treatment};
use aerostack::{Client, ClientBuilder, Error};
use aerostack_emulator::Emulator;
use serde::Serialize;
use tokio::net::TcpSocket;
use tokio::runtime::{Builder, Runtime};

use crate::faults::catalogue::{Cause, Certificate, Entry};
use crate::faults::edge::{Edge, Refusal};
use crate::faults::tls::Front;
use aerostack_test_support::authority::Authority;

/// What is sent as the key and must never be seen.
pub const KEY: &str = "sk_planted_4f1d9ab7";

/// Ends attempts that nothing else would end.
const SHORT: Duration = Duration::from_secs(1);
/// Less than the wait a server may ask for at most (30 s), and much more than a healthy call takes.
const DEADLINE: Duration = Duration::from_secs(25);

/// A runtime whose tasks can be counted.
pub fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

/// Waits until nothing but the caller runs.
pub async fn nothing_runs(runtime: &Runtime, label: &str) {
    let metrics = runtime.metrics();
    let mut patience = 4_000;
    while metrics.num_alive_tasks() > 0 {
        patience -= 1;
        assert!(patience > 0, "{label}: {} tasks", metrics.num_alive_tasks());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Kinds of calls by what repeating them does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Read,
    Replace,
    /// The client repeats calls that replace.
    ReplaceAllowed,
    No,
    /// The call is repeated whatever it does.
    NoAllowed,
}

impl Class {
    pub const ALL: [Self; 5] = [
        Self::Read,
        Self::Replace,
        Self::ReplaceAllowed,
        Self::No,
        Self::NoAllowed,
    ];

    pub fn operation(self) -> &'static str {
        match self {
            Self::Read => "cacheGet",
            Self::Replace | Self::ReplaceAllowed => "cacheSet",
            Self::No | Self::NoAllowed => "cacheIncrement",
        }
    }

    /// Whether a call of this class is repeated after it may have taken effect.
    pub fn is_harmless(self) -> bool {
        matches!(self, Self::Read | Self::ReplaceAllowed | Self::NoAllowed)
    }
}

pub struct Stage {
    pub emulator: Emulator,
    pub proxy: FaultProxy,
    /// A port that is taken and on which nobody listens.
    closed: TcpSocket,
    authority: Authority,
    secure: Front,
    expired: Front,
    edge: Edge,
}

impl Stage {
    pub async fn new() -> Self {
        let emulator = Emulator::builder()
            .api_key(KEY)
            .schema("CREATE TABLE notes (body TEXT); CREATE TABLE marks (mark TEXT)")
            .start()
            .await
            .unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, emulator.port()));
        let proxy = FaultProxy::start(address).await.unwrap();
        let authority = Authority::new();
        let secure = Front::start(&authority, false, address).await;
        let expired = Front::start(&authority, true, address).await;
        let edge = Edge::start(&authority, emulator.url()).await;
        let closed = TcpSocket::new_v4().unwrap();
        closed
            .bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
            .unwrap();
        Self {
            emulator,
            proxy,
            closed,
            authority,
            secure,
            expired,
            edge,
        }
    }

    pub fn builder(&self) -> ClientBuilder {
        Client::builder()
            .base_url(self.proxy.url())
            .api_key(KEY)
            .project_id(self.emulator.project_id())
            .project_slug(self.emulator.project_slug())
    }

    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// A client that meets the fault, for calls of one class.
    pub fn client_for(&self, entry: &Entry, class: Class) -> Client {
        let mut builder = self.builder().deadline(DEADLINE);
        builder = match entry.cause {
            // A label longer than 63 characters is refused by the resolver itself, without a network.
            Cause::NoSuchHost => builder
                .base_url(format!("http://{}.invalid", "a".repeat(64)))
                .allow_insecure_http(),
            Cause::Refused => {
                let address = self.closed.local_addr().unwrap();
                builder.base_url(format!("http://{address}"))
            }
            Cause::Certificate(Certificate::UnknownAuthority) => {
                builder.base_url(self.secure.url("localhost"))
            }
            Cause::Certificate(Certificate::OtherHost) => builder
                .root_certificates(self.authority.pem.clone())
                .base_url(self.secure.url("127.0.0.1")),
            Cause::Certificate(Certificate::Expired) => builder
                .root_certificates(self.authority.pem.clone())
                .base_url(self.expired.url("localhost")),
            Cause::Handshake(_) => builder
                .root_certificates(self.authority.pem.clone())
                .base_url(self.secure.url("localhost")),
            Cause::NoTls => {
                let port = self.emulator.port();
                builder.base_url(format!("https://127.0.0.1:{port}"))
            }
            Cause::Edge(_) => builder
                .root_certificates(self.authority.pem.clone())
                .base_url(self.edge.url()),
            Cause::Proxy => {
                let address = self.closed.local_addr().unwrap();
                builder.proxy(format!("http://{address}"))
            }
            Cause::Way(_) | Cause::Platform(_) => builder,
        };
        builder = builder.timeout(if entry.is_silent() { SHORT } else { DEADLINE });
        if class == Class::ReplaceAllowed {
            builder = builder.retry_replacing_calls();
        }
        builder.build().unwrap()
    }

    /// Sets the fault for the next `times` calls of the class's operation.
    pub fn strike(&self, entry: &Entry, class: Class, times: usize) {
        match entry.cause {
            Cause::NoSuchHost
            | Cause::Refused
            | Cause::Certificate(_)
            | Cause::NoTls
            | Cause::Proxy => {}
            Cause::Edge(refusal) => self.edge.refuse_next(refusal, times),
            Cause::Way(treatment) => self.proxy.treat_next(treatment, times),
            Cause::Handshake(treatment) => self.secure.proxy.treat_next(treatment, times),
            Cause::Platform(fault) => {
                let times = u64::try_from(times).unwrap();
                self.emulator
                    .fault(fault().on(class.operation()).times(times));
            }
        }
    }

    pub fn heal(&self) {
        for proxy in [&self.proxy, &self.secure.proxy] {
            proxy.treat_next(Treatment::Forward, 0);
        }
        for refusal in [Refusal::Stream, Refusal::Connection] {
            self.edge.refuse_next(refusal, 0);
        }
        self.emulator.clear_faults();
    }

    /// Waits until no connection is open: the other side notices that a client has gone in its own time.
    pub async fn all_closed(&self, label: &str) {
        let mut patience = 4_000;
        let ways = [&self.proxy, &self.secure.proxy, &self.expired.proxy];
        let open = || ways.map(FaultProxy::open).iter().sum::<usize>();
        while open() > 0 {
            patience -= 1;
            assert!(patience > 0, "{label}: {} open", open());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// How often the operation took effect.
    pub fn effects(&self, operation: &str) -> u64 {
        self.emulator.effects().get(operation).copied().unwrap_or(0)
    }
}

/// All that an error and its causes can be made to say.
pub fn chain(error: &Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(" {cause} {cause:?}"));
        source = cause.source();
    }
    text
}

/// Makes a call of a class.
pub async fn call(client: &Client, class: Class) -> Result<(), Error> {
    let cache = client.cache();
    match class {
        Class::Read => cache.get::<u64>("read").await.map(drop),
        Class::Replace | Class::ReplaceAllowed => cache.set("replaced", &1).await,
        Class::No => cache.increment("counted").await.map(drop),
        Class::NoAllowed => cache.increment("counted").idempotent().await.map(drop),
    }
}
