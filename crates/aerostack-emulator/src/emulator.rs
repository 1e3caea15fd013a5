//! The running emulator, as its owner sees it.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::builder::EmulatorBuilder;
use crate::clock::Clock;
use crate::platform::Platform;
use crate::realtime::Hub;
use crate::services::auth::{Mail, MailKind};
use crate::services::callbacks::{HandlerError, Job, handler};
use crate::test_kit::fault::Fault;
use crate::test_kit::request_log::Received;
use crate::test_kit::seed::{Seed, SeedError};
use crate::test_kit::snapshot::Snapshot;

/// How long calls that are being answered may take when the emulator stops. Closing the databases takes some more.
const LAST_CALLS: Duration = Duration::from_millis(3500);

/// A running local platform. Dropping it stops it.
pub struct Emulator {
    // Boxed, so that an emulator is small to move.
    platform: Box<Platform>,
    address: SocketAddr,
    server: Option<JoinHandle<()>>,
}

impl Emulator {
    /// The settings to start one from.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::new()
    }

    pub(crate) fn new(platform: Platform, address: SocketAddr, server: JoinHandle<()>) -> Self {
        Self {
            platform: Box::new(platform),
            address,
            server: Some(server),
        }
    }

    /// Where it can be called: `http://127.0.0.1:PORT`, without a trailing slash. An emulator that listens on all
    /// addresses names the loopback one.
    #[must_use]
    pub fn url(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(match address.ip() {
                IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        format!("http://{address}")
    }

    /// The URL of the web console, with the token that opens it. Served after
    /// [`EmulatorBuilder::control`](crate::EmulatorBuilder::control); the token is new at every start.
    #[must_use]
    pub fn console_url(&self) -> String {
        self.url() + &self.platform.console.target()
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The secret API key.
    #[must_use]
    pub fn api_key(&self) -> &str {
        &self.platform.keys.secret
    }

    /// The public API key.
    #[must_use]
    pub fn public_key(&self) -> &str {
        &self.platform.keys.public
    }

    /// The project's id.
    #[must_use]
    pub fn project_id(&self) -> &str {
        &self.platform.project.id
    }

    /// The project's slug.
    #[must_use]
    pub fn project_slug(&self) -> &str {
        &self.platform.project.slug
    }

    /// The clock the services follow.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.platform.clock
    }

    /// Realtime: its faults, its transcript, who is connected.
    #[must_use]
    pub fn realtime(&self) -> &Hub {
        &self.platform.realtime
    }

    /// Lets every call take at least this long, in real time, from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.platform.latency.set(latency);
    }

    /// The latest messages that the platform would have sent, codes and tokens included, oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.platform.auth.mailbox.all()
    }

    /// Puts data in place past the API.
    #[must_use]
    pub fn seed(&self) -> Seed<'_> {
        Seed::new(&self.platform.data)
    }

    /// Lets `work` do the jobs of one type from now on, queued ones included; see
    /// [`EmulatorBuilder::on_job`].
    pub fn on_job<F, R>(&self, kind: impl Into<String>, work: F)
    where
        F: Fn(Job) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), HandlerError>> + Send + 'static,
    {
        let workers = self.platform.queue.workers();
        workers.set(kind.into(), handler(work));
    }

    /// Brings the platform back to its start: the project's tables hold what the schema and the migrations insert, with
    /// counters of `AUTOINCREMENT` included; users, files, jobs and the rest are deleted; faults, requests and counts
    /// are forgotten. Tables, clock, keys and handlers stay.
    ///
    /// # Errors
    /// When a table cannot be emptied or filled again; then no row of the project has changed.
    pub async fn reset(&self) -> Result<(), SeedError> {
        self.platform
            .data
            .reset()
            .await
            .map_err(|error| SeedError::new(&error))?;
        self.platform.auth.mailbox.clear();
        Ok(())
    }

    /// Copies all data: rows, users, files, jobs, cached values and the rest. A test suite sets its data up once and
    /// goes back to it before each test with [`Emulator::restore`], which takes a few milliseconds.
    ///
    /// ```
    /// # use aerostack_emulator::Emulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = Emulator::builder().schema("CREATE TABLE t (a)").start().await?;
    /// emulator.seed().sql("INSERT INTO t VALUES (1)").await?;
    /// let base = emulator.snapshot().await?;
    ///
    /// emulator.seed().sql("DELETE FROM t").await?;
    /// emulator.restore(&base).await?;
    /// # emulator.shutdown().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the data cannot be read.
    pub async fn snapshot(&self) -> Result<Snapshot, SeedError> {
        self.platform
            .data
            .snapshot()
            .await
            .map_err(|error| SeedError::new(&error))
    }

    /// Puts the data of a snapshot in the place of what is there, tables included. The snapshot can be of another
    /// emulator. Realtime subscribers hear nothing of it; faults, the log of requests and the clock stay.
    ///
    /// # Errors
    /// When the data cannot be written.
    pub async fn restore(&self, snapshot: &Snapshot) -> Result<(), SeedError> {
        self.platform
            .data
            .restore(snapshot)
            .await
            .map_err(|error| SeedError::new(&error))
    }

    /// Sets a fault. It stays until it is used up or [`Emulator::clear_faults`] is called.
    ///
    /// # Panics
    /// When [`Fault::on`] named an operation that does not exist: the fault would never strike and the test would
    /// pass for the wrong reason.
    #[track_caller]
    pub fn fault(&self, fault: Fault) {
        assert!(fault.is_aimed(), "{}", fault.misses());
        self.platform.kit.faults.add(fault);
    }

    /// Takes all faults away.
    pub fn clear_faults(&self) {
        self.platform.kit.faults.clear();
    }

    /// The latest requests, oldest first, as many as [`Limits::recorded_requests`](crate::Limits) allows.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.platform.kit.log.all()
    }

    /// Forgets the requests recorded so far.
    pub fn clear_received(&self) {
        self.platform.kit.log.clear();
    }

    /// How many requests of each operation arrived, whatever came of them.
    #[must_use]
    pub fn arrivals(&self) -> BTreeMap<&'static str, u64> {
        self.platform.kit.arrivals.all()
    }

    /// How many requests each kind of fault struck, by the name that [`Received::fault`] gives it.
    #[must_use]
    pub fn struck(&self) -> BTreeMap<&'static str, u64> {
        self.platform.kit.struck.all()
    }

    /// How often each operation took effect: its handler succeeded, whether or not the answer arrived.
    ///
    /// Compared with what a client believes to have done, this shows calls that were repeated or lost.
    #[must_use]
    pub fn effects(&self) -> BTreeMap<&'static str, u64> {
        self.platform.kit.effects.all()
    }

    /// The latest one-time code sent to an address or phone number.
    #[must_use]
    pub fn last_otp(&self, to: &str) -> Option<String> {
        self.platform.auth.mailbox.last(to, &[MailKind::Code])
    }

    /// The token of the latest verification or password reset mail to an address.
    #[must_use]
    pub fn last_email_token(&self, to: &str) -> Option<String> {
        self.platform
            .auth
            .mailbox
            .last(to, &[MailKind::Verification, MailKind::Reset])
    }

    /// Cuts all connections, lets what was begun finish for a while, stops the rest and closes the databases: five
    /// seconds in all, whatever runs. The port and the data folder can be used again when this returns.
    pub async fn shutdown(mut self) {
        self.platform.tasks.stop.cancel();
        if let Some(server) = self.server.take() {
            let _ = server.await;
        }
        self.platform.tasks.tracker.close();
        // A handler that never returns must not keep its owner waiting for ever.
        let _ = tokio::time::timeout(LAST_CALLS, self.platform.tasks.tracker.wait()).await;
        let close = self.platform.closer();
        let _ = tokio::task::spawn_blocking(close).await;
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.platform.tasks.stop.cancel();
    }
}

impl std::fmt::Debug for Emulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Emulator")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sockets, databases and their threads end with their last owner.
    #[tokio::test]
    async fn a_dropped_emulator_holds_on_to_nothing() {
        let emulator = Emulator::builder().control(true).start().await.unwrap();
        let response = reqwest::get(emulator.url()).await.unwrap();
        assert_eq!(response.status(), 200);
        let system = emulator.platform.data.system.watch();
        drop(emulator);
        let mut patience = 400;
        while system.strong_count() > 0 {
            patience -= 1;
            assert!(patience > 0, "{} owners are left", system.strong_count());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
