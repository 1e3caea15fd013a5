//! A server that answers whatever it was told to, for what no real part would send.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use bytes::Bytes;
use tokio::task::JoinHandle;

/// One answer to everything, until it is told another.
#[derive(Debug)]
pub struct Canned {
    url: String,
    answer: Arc<Mutex<Answer>>,
    task: JoinHandle<()>,
}

#[derive(Debug, Clone, Default)]
struct Answer {
    status: u16,
    media_type: String,
    body: Bytes,
}

impl Canned {
    /// Starts on a free port of the loopback interface.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start() -> anyhow::Result<Self> {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .context("a port")?;
        let url = format!("http://{}", listener.local_addr()?);
        let answer = Arc::new(Mutex::new(Answer::default()));
        let router = Router::new().fallback(give).with_state(Arc::clone(&answer));
        let task = tokio::spawn(async move {
            // Ends with the task; an accept loop has nobody to report to.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { url, answer, task })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What it answers from now on.
    pub fn answer(&self, status: u16, media_type: &str, body: impl Into<Bytes>) {
        let answer = Answer {
            status,
            media_type: media_type.to_owned(),
            body: body.into(),
        };
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer;
    }
}

impl Drop for Canned {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn give(
    State(answer): State<Arc<Mutex<Answer>>>,
    request: Request,
) -> axum::response::Response {
    // Read to its end, so that the connection can be used again.
    let _ = axum::body::to_bytes(request.into_body(), usize::MAX).await;
    let Answer {
        status,
        media_type,
        body,
    } = answer
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(header::CONTENT_TYPE, media_type)], body).into_response()
}
