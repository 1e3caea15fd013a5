//! The SDK's main job, end to end, over a real socket.
//!
//! ```text
//! cargo run --example quickstart                    # against a local Aerostack in this process
//! cargo run --example quickstart -- --remote        # against the platform the environment names
//! ```

#![allow(clippy::print_stdout, reason = "showing is what an example is for")]

use std::{env, error::Error, time::Duration};

use aerostack::{Client, ErrorKind, db::Statement, storage::UploadBody};
use aerostack_emulator::Emulator;
use serde::{Deserialize, Serialize};

const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS quickstart_tasks (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,
    title TEXT NOT NULL UNIQUE,
    done INTEGER NOT NULL DEFAULT 0
);";

#[derive(Debug, Serialize, Deserialize)]
struct Task {
    id: i64,
    title: String,
    done: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|argument| argument == name);
    if let Some(unknown) = arguments
        .iter()
        .find(|a| !["--remote", "--yes"].contains(&a.as_str()))
    {
        return Err(format!("unknown argument {unknown}; there are --remote and --yes").into());
    }
    if !has("--remote") {
        let emulator = Emulator::builder().schema(SCHEMA).start().await?;
        let client = Client::builder()
            .base_url(emulator.url())
            .api_key(emulator.api_key())
            .project_id(emulator.project_id())
            .build()?;
        println!(
            "A local Aerostack listens on {} (real SQLite, real sockets).\n",
            emulator.url()
        );
        tour(&client).await?;
        println!(
            "\n{} calls went over the socket. Next: cargo doc -p aerostack --open",
            emulator.received().len()
        );
        emulator.shutdown().await;
        return Ok(());
    }

    let client = Client::from_env()?;
    println!(
        "Target: {client:?}\n\nApply this first, with the platform's migration tool:\n\n{SCHEMA}\n"
    );
    if !has("--yes") {
        println!(
            "This registers a user, writes rows and stores a file there. Run again with --yes to go ahead."
        );
        return Ok(());
    }
    tour(&client).await
}

async fn tour(client: &Client) -> Result<(), Box<dyn Error>> {
    // Names are new on every run, so that a second one against a platform that remembers works too.
    let run = &uuid::Uuid::new_v4().simple().to_string()[..8];
    let email = format!("ines+{run}@example.com");
    let password = "Correct-Horse-9";

    step("Accounts");
    let registration = client
        .auth()
        .register(&email, password)
        .name("Ines")
        .await?;
    show("register", &email);
    if registration.requires_verification {
        show(
            "",
            "this project wants the address confirmed first, so the login is skipped",
        );
    } else {
        let session = client.auth().login(&email, password).await?;
        show("login", format!("access token {:?}", session.access_token));
        match client.auth().verify_token(&session.access_token).await? {
            Some(user) => show(
                "verify_token",
                format!("user {} is {}", user.id, user.name.unwrap_or_default()),
            ),
            None => return Err("a fresh token was refused".into()),
        }
        let nobody = client.auth().verify_token("not-a-token").await?;
        show(
            "verify_token",
            format!("a made-up token belongs to {nobody:?}"),
        );
    }

    step("Database");
    let task: Option<Task> = client
        .db()
        .query_one(
            "INSERT INTO quickstart_tasks (owner, title) VALUES (?, ?) RETURNING id, title, done",
        )
        .bind(&email)
        .bind(format!("write the docs ({run})"))
        .await?;
    let task = task.ok_or("RETURNING gave no row")?;
    show("insert", format!("{task:?}"));
    let outcome = client
        .db()
        .batch()
        .add(
            Statement::new("UPDATE quickstart_tasks SET done = ? WHERE id = ?")
                .bind(true)
                .bind(task.id),
        )
        .add(
            Statement::new("INSERT INTO quickstart_tasks (owner, title) VALUES (?, ?)")
                .bind(&email)
                .bind(format!("read them aloud ({run})")),
        )
        .await?;
    show(
        "batch",
        format!(
            "{} statements, success: {}",
            outcome.statements.len(),
            outcome.success
        ),
    );
    let tasks: Vec<Task> = client
        .db()
        .query("SELECT id, title, done FROM quickstart_tasks WHERE owner = ? ORDER BY id")
        .bind(&email)
        .await?;
    for task in &tasks {
        show(
            "query",
            format!("[{}] {}", if task.done { 'x' } else { ' ' }, task.title),
        );
    }

    step("Cache");
    let key = format!("tasks:{run}");
    client
        .cache()
        .set(&key, &tasks)
        .ttl(Duration::from_secs(300))
        .await?;
    show("set", format!("{key}, for 300 s"));
    let cached: Option<Vec<Task>> = client.cache().get(&key).await?;
    show(
        "get",
        format!("{} tasks", cached.map_or(0, |tasks| tasks.len())),
    );
    let hits = client
        .cache()
        .increment(format!("hits:{run}"))
        .by(3)
        .await?;
    show("increment", hits);

    step("Storage");
    let file = format!("quickstart/{run}.txt");
    let stored = client
        .storage()
        .upload(&file, UploadBody::text("Grüße from Rust\n"))
        .content_type("text/plain")
        .await?;
    show("upload", &stored.url);
    let bytes = client.storage().download(&file).await?;
    show("download", format!("{:?}", String::from_utf8_lossy(&bytes)));
    client.storage().delete(&file).await?;
    show(
        "delete",
        format!("exists now: {}", client.storage().exists(&file).await?),
    );

    step("Errors");
    let Err(error) = client.db().execute("SELECT * FROM no_such_table").await else {
        return Err("a table that does not exist was found".into());
    };
    show(
        "kind",
        format!(
            "{:?}, code {:?}, status {:?}",
            error.kind(),
            error.code(),
            error.status()
        ),
    );
    show("display", &error);
    let Err(error) = client.storage().download("no/such/file").await else {
        return Err("a file that does not exist was found".into());
    };
    if error.kind() != ErrorKind::NotFound {
        return Err(error.into());
    }
    show("kind", format!("{:?}", error.kind()));
    Ok(())
}

fn step(name: &str) {
    println!("{name}");
}

fn show(call: &str, what: impl std::fmt::Display) {
    println!("  {call:<14}{what}");
}
