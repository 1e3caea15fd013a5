//! Sends jobs and does them: a worker as an HTTP service, which the platform hands jobs to.
//!
//! ```text
//! cargo run --example worker                                   # sends three jobs and does them
//! WORKER_TOKEN=.. PORT=8080 cargo run --example worker -- --remote   # the worker alone, until Ctrl-C
//! ```

#![allow(clippy::print_stdout, reason = "an example shows")]

use std::{env, error::Error, time::Duration};

use aerostack::{
    Client,
    worker::{JobDelivery, JobError, Worker},
};
use aerostack_examples::open_with;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

const SCHEMA: &str =
    "CREATE TABLE IF NOT EXISTS thumbnails (job TEXT PRIMARY KEY, image TEXT NOT NULL);";

#[derive(Serialize, Deserialize)]
struct Resize {
    image: String,
}

/// The work. A job's id as the key makes doing it twice harmless, in whatever process.
async fn resize(client: Client, job: JobDelivery<Resize>) -> Result<(), JobError> {
    let image = job.data.image;
    if !image.ends_with(".png") {
        println!("{image}: given up");
        return Err(JobError::discard("only PNG images can be resized"));
    }
    if image.starts_with("large") && job.attempt == 1 {
        println!("{image}: attempt 1 failed");
        return Err(JobError::retry("out of memory"));
    }
    client
        .db()
        .execute("INSERT INTO thumbnails (job, image) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .params((job.id, &image))
        .await?;
    println!("{image}: done in attempt {}", job.attempt);
    Ok(())
}

fn worker(client: Client) -> Worker {
    let worker = Worker::new().job("resize", move |job| resize(client.clone(), job));
    match env::var("WORKER_TOKEN") {
        Ok(token) => worker.token(token),
        Err(_) => worker,
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port: u16 = env::var("PORT").map_or(Ok(0), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let project = open_with(
        SCHEMA,
        |emulator| emulator.worker_url(&url),
        |client| client,
    )
    .await?;
    let client = project.client;
    let service = axum::serve(listener, worker(client.clone()).into_router());
    println!("a worker listens on {url}");
    let Some(emulator) = project.emulator else {
        let stop = async { drop(tokio::signal::ctrl_c().await) };
        service.with_graceful_shutdown(stop).await?;
        return Ok(());
    };

    tokio::spawn(async { service.await });
    let mut ids = Vec::new();
    for image in ["small.png", "large.png", "notes.txt"] {
        let job = Resize {
            image: image.into(),
        };
        ids.push(client.queue().send("resize", &job).max_retries(3).await?);
    }
    for id in ids {
        let wait = async { client.queue().wait(id).await };
        // The local platform waits between attempts by its own clock, which we turn forward.
        let hurry = async {
            loop {
                tokio::time::sleep(Duration::from_millis(50)).await;
                emulator.clock().advance(Duration::from_secs(10));
            }
        };
        let job = tokio::select! {
            job = wait => job?,
            () = hurry => unreachable!("it never ends"),
        };
        println!(
            "{}: {} after {} attempts",
            job.id,
            job.state,
            job.attempts.unwrap_or(0)
        );
    }
    let thumbnails: i64 = client
        .db()
        .query_one("SELECT count(*) FROM thumbnails")
        .await?;
    println!("{thumbnails} thumbnails");
    emulator.shutdown().await;
    Ok(())
}
