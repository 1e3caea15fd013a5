//! Starts and stops Prism.

use std::collections::VecDeque;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::Child;
use tokio::sync::mpsc;

use crate::node::Node;

const SCRIPT: &str = "@stoplight/prism-cli/dist/index.js";
const READY: &str = "Prism is listening on ";
const START_LIMIT: Duration = Duration::from_secs(60);
const KEPT_LINES: usize = 30;

/// A running Prism on a free port of the loopback interface. Dropping it ends the process.
#[derive(Debug)]
pub struct Prism {
    url: String,
    log: Log,
    // Held for its drop, which kills the process.
    _child: Child,
}

impl Prism {
    /// Plays the platform from the document.
    ///
    /// # Errors
    /// When Node or Prism is missing ([`crate::node::NodeError`]) or Prism refuses the document.
    pub async fn mock(document: &Path) -> anyhow::Result<Self> {
        Self::start("mock", document, &[]).await
    }

    /// Checks what goes between a client and `upstream`, both ways. A request that breaks the document is answered by
    /// Prism and does not reach the upstream.
    ///
    /// # Errors
    /// As [`Prism::mock`].
    pub async fn proxy(document: &Path, upstream: &str) -> anyhow::Result<Self> {
        Self::start("proxy", document, &[upstream]).await
    }

    /// As [`Prism::proxy`], but lets broken requests through, to see what the upstream itself makes of them.
    ///
    /// # Errors
    /// As [`Prism::mock`].
    pub async fn lenient_proxy(document: &Path, upstream: &str) -> anyhow::Result<Self> {
        Self::start("proxy", document, &[upstream, "--validate-request=false"]).await
    }

    /// Where it listens, such as `http://127.0.0.1:49152`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The last lines it wrote.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.text()
    }

    async fn start(mode: &str, document: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let mut child = Node::find()?
            .script(SCRIPT)?
            // Quieter levels do not print the line that names the port.
            .args([
                mode,
                "--host",
                "127.0.0.1",
                "--port",
                "0",
                "--errors",
                "--multiprocess=false",
                "-v",
                "info",
            ])
            .arg(document)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("Prism could not be started")?;

        let log = Log::default();
        let (ready, mut readiness) = mpsc::unbounded_channel();
        // Both pipes are read to their end: a full one would stop Prism.
        log.drain(child.stdout.take(), ready.clone());
        log.drain(child.stderr.take(), ready);

        match tokio::time::timeout(START_LIMIT, readiness.recv()).await {
            Ok(Some(url)) => Ok(Self {
                url,
                log,
                _child: child,
            }),
            Ok(None) => {
                let status = child.wait().await?;
                Err(anyhow!(
                    "Prism ended at once ({status}). It said:\n{}",
                    log.text()
                ))
            }
            Err(_) => bail!(
                "Prism was not ready after {START_LIMIT:?}. It said:\n{}",
                log.text()
            ),
        }
    }
}

/// The tail of what the process wrote.
#[derive(Debug, Default, Clone)]
struct Log(Arc<Mutex<VecDeque<String>>>);

impl Log {
    fn drain(
        &self,
        pipe: Option<impl AsyncRead + Unpin + Send + 'static>,
        ready: mpsc::UnboundedSender<String>,
    ) {
        let Some(pipe) = pipe else { return };
        let log = self.clone();
        tokio::spawn(async move {
            // Dropped once the address is known, so that the process ending early closes the channel.
            let mut ready = Some(ready);
            let mut lines = BufReader::new(pipe).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some((_, url)) = line.split_once(READY)
                    && let Some(sender) = ready.take()
                {
                    // Nobody listens any more when the start has timed out.
                    let _ = sender.send(url.trim().to_owned());
                }
                log.push(line);
            }
        });
    }

    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == KEPT_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join("\n")
    }
}
