//! Every service once, each step printed with what came back. All of it is real: a local Aerostack in this process,
//! sockets, SQLite, password hashes, signed tokens. Only the language model is a double, and says so.
//!
//! ```text
//! cargo run --example tour
//! ```

#![allow(clippy::print_stdout, reason = "showing is what an example is for")]

use std::{error::Error, fmt::Display, time::Duration};

use aerostack::{
    Client,
    db::Statement,
    queue::JobState,
    realtime::{Item, Operation, PresenceEvent, Subscription},
};
use aerostack_emulator::{Emulator, FunctionReply, GatewayConsumer};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const SCHEMA: &str = "CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    active INTEGER NOT NULL DEFAULT 1
);";

/// How long to wait for a message that should be there at once.
const PATIENCE: Duration = Duration::from_secs(10);

const CONSUMER_KEY: &str = "ask_test_tour";

type Outcome = Result<(), Box<dyn Error>>;

#[derive(Debug, Serialize, Deserialize)]
struct User {
    id: i64,
    name: String,
    email: String,
    active: bool,
}

/// A row as a change carries it.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only shown")]
struct Row {
    id: i64,
    name: String,
}

#[tokio::main]
async fn main() -> Outcome {
    let emulator = platform().start().await?;
    let client = Client::builder()
        .base_url(emulator.url())
        .api_key(emulator.api_key())
        .project_id(emulator.project_id())
        .build()?;
    println!("A local Aerostack listens on {}.", emulator.url());

    auth(&client, &emulator).await?;
    db(&client).await?;
    cache(&client).await?;
    storage(&client).await?;
    queue(&client).await?;
    ai(&client).await?;
    search(&client).await?;
    gateway(&client).await?;
    code(&client).await?;
    collections(&client).await?;
    secrets(&client).await?;
    realtime(&client).await?;

    println!(
        "\n{} calls went over the socket.",
        emulator.received().len()
    );
    emulator.shutdown().await;
    Ok(())
}

/// A project with everything the tour calls.
fn platform() -> aerostack_emulator::EmulatorBuilder {
    Emulator::builder()
        .schema(SCHEMA)
        .on_job("welcome-mail", |job| async move {
            // The first attempt fails, so that a retry is seen.
            match job.attempt {
                1 => Err("the mail server is busy".into()),
                _ => Ok(()),
            }
        })
        .service("word-count", |data| async move {
            let text = data["text"].as_str().ok_or("text is missing")?;
            Ok(json!({ "words": text.split_whitespace().count() }))
        })
        .function("shipping-quote", |call| async move {
            Ok(
                match call.query("country").or(call.body["country"].as_str()) {
                    Some("PT") => json!({ "cents": 890, "days": 2 }).into(),
                    _ => FunctionReply::status(
                        422,
                        json!({ "code": "NO_SUCH_COUNTRY", "message": "we do not go there" }),
                    ),
                },
            )
        })
        .collection("notes")
        .secret("MAIL_API_KEY", "not-a-real-key")
        .gateway_api("support-bot")
        .gateway_consumer(GatewayConsumer::new(CONSUMER_KEY, 1_000))
}

async fn auth(client: &Client, emulator: &Emulator) -> Outcome {
    step("Accounts");
    let (email, password) = ("ines@example.com", "Correct-Horse-9");
    let registration = client.auth().register(email, password).name("Ines").await?;
    show(
        "register",
        format!("a session: {}", registration.session.is_some()),
    );
    let session = client.auth().login(email, password).await?;
    show(
        "login",
        format!(
            "access token {:?}, expires {:?}",
            session.access_token, session.expires_at
        ),
    );
    let user = client.auth().verify_token(&session.access_token).await?;
    show(
        "verify_token",
        format!("{:?}", user.and_then(|user| user.name)),
    );
    let nobody = client.auth().verify_token("not-a-token").await?;
    show(
        "verify_token",
        format!("a made-up token belongs to {nobody:?}"),
    );
    client.auth().send_otp(email).await?;
    // A person would read it in their mail.
    let code = emulator.last_otp(email).ok_or("no code was sent")?;
    show("send_otp", format!("a code of {} digits", code.len()));
    let session = client.auth().verify_otp(email).code(code).await?;
    show(
        "verify_otp",
        format!(
            "signed in as {:?}",
            session.user.and_then(|user| user.email)
        ),
    );
    Ok(())
}

async fn db(client: &Client) -> Outcome {
    step("Database");
    let ines: Option<User> = client
        .db()
        .query_one("INSERT INTO users (name, email) VALUES (?, ?) RETURNING *")
        .bind("Ines")
        .bind("ines@example.com")
        .await?;
    show("insert", format!("{ines:?}"));
    let outcome = client
        .db()
        .batch()
        .add(
            Statement::new("INSERT INTO users (name, email) VALUES (?, ?)")
                .bind("Omar")
                .bind("omar@example.com"),
        )
        .add(
            Statement::new("UPDATE users SET active = ? WHERE name = ?")
                .bind(false)
                .bind("Ines"),
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
    let active: Vec<User> = client
        .db()
        .query("SELECT * FROM users WHERE active = ?")
        .bind(true)
        .await?;
    show("query", format!("{active:?}"));
    let one: Option<User> = client
        .db()
        .query_one("SELECT * FROM users WHERE id = ?")
        .bind(1)
        .await?;
    show("query_one", format!("{one:?}"));
    Ok(())
}

async fn cache(client: &Client) -> Outcome {
    step("Cache");
    let cache = client.cache();
    cache
        .set("user:1", &json!({ "name": "Ines" }))
        .ttl(Duration::from_secs(300))
        .await?;
    show("set", "user:1, for 300 s");
    let user: Option<Value> = cache.get("user:1").await?;
    show("get", format!("{user:?}"));
    show("has", cache.has("user:1").await?);
    cache.delete("user:1").await?;
    show(
        "delete",
        format!("has it now: {}", cache.has("user:1").await?),
    );
    Ok(())
}

async fn storage(client: &Client) -> Outcome {
    step("Storage");
    let upload = client.storage().upload("avatars/1.svg", b"<svg/>");
    let stored = upload.content_type("image/svg+xml").await?;
    show("upload", stored.url);
    let bytes = client.storage().download("avatars/1.svg").await?;
    show("download", String::from_utf8_lossy(&bytes));
    Ok(())
}

async fn queue(client: &Client) -> Outcome {
    step("Queue");
    let queue = client.queue();
    let id = queue
        .send("welcome-mail", &json!({ "user": 1 }))
        .max_retries(2)
        .await?;
    show("send", format!("job {id}"));
    let job = queue.wait(&id).within(Duration::from_secs(30)).await?;
    show(
        "wait",
        format!("{} after {:?} attempts", job.state, job.attempts),
    );
    let later = queue
        .send("welcome-mail", &json!({ "user": 2 }))
        .delay(Duration::from_secs(60))
        .await?;
    let waiting: Vec<_> = queue
        .list()
        .status(JobState::Queued)
        .items()
        .try_collect()
        .await?;
    show("list", format!("{} queued", waiting.len()));
    let cancellation = queue.cancel(later).await?;
    show("cancel", format!("accepted: {}", cancellation.accepted));
    Ok(())
}

async fn ai(client: &Client) -> Outcome {
    step("AI");
    let answer = client
        .ai()
        .complete("Why is the sky blue?")
        .model("@cf/meta/llama-3-8b-instruct")
        .max_tokens(100)
        .temperature(0.7)
        .await?;
    show(
        "complete",
        format!("{:?} by {:?}", answer.text, answer.model),
    );
    let mut stream = client
        .ai()
        .chat()
        .system("Be brief.")
        .user("Say hello.")
        .stream()
        .await?;
    let (mut pieces, mut usage) = (Vec::new(), None);
    while let Some(delta) = stream.try_next().await? {
        usage = delta.usage.or(usage);
        pieces.push(delta.text);
    }
    show("chat, streamed", format!("{:?}", pieces.join("|")));
    let total = usage.and_then(|usage| usage.total_tokens);
    show("", format!("{total:?} tokens in all"));
    let embedding = client
        .ai()
        .embed("The harbour is closed on Sundays.")
        .await?;
    show(
        "embed",
        format!(
            "{} numbers by {:?}",
            embedding.vector.len(),
            embedding.model
        ),
    );
    Ok(())
}

async fn search(client: &Client) -> Outcome {
    step("Search");
    for (id, text) in [
        ("faq-1", "Parcels posted before noon leave the same day."),
        ("faq-2", "The harbour is closed on Sundays."),
    ] {
        client.search().ingest("faq", text).id(id).await?;
    }
    show(
        "ingest",
        format!("{} entries", client.search().count().of_type("faq").await?),
    );
    for hit in client
        .search()
        .query("Which day is the harbour closed?")
        .top_k(2)
        .await?
    {
        show(
            "query",
            format!("{:.3} {}", hit.score.unwrap_or_default(), hit.content),
        );
    }
    Ok(())
}

async fn gateway(client: &Client) -> Outcome {
    step("Gateway");
    let bot = client.gateway("support-bot").consumer_key(CONSUMER_KEY);
    let answer = bot.complete("How do I return a parcel?").await?;
    show("complete", format!("{:?}", answer.text));
    let wallet = bot.wallet().await?;
    show("wallet", format!("{} left of 1000", wallet.balance));
    let usage = bot.usage().days(7).await?;
    show(
        "usage",
        format!(
            "{} calls, {} tokens",
            usage.total_requests, usage.total_tokens
        ),
    );
    Ok(())
}

async fn code(client: &Client) -> Outcome {
    step("Services and functions");
    let text = json!({ "text": "four words are here" });
    let count: Value = client.services().invoke("word-count", &text).await?;
    show("invoke", count);
    let quote = client.functions().call::<Value>("shipping-quote");
    show("call", quote.post(&json!({ "country": "PT" })).await?);
    let quote = client.functions().call::<Value>("shipping-quote");
    match quote.get().query("country", "XX").await {
        Ok(value) => show("call", value),
        Err(error) => show(
            "call",
            format!("{:?}: {:?}", error.kind(), error.platform_message()),
        ),
    }
    Ok(())
}

async fn collections(client: &Client) -> Outcome {
    step("Collections");
    let notes = client.collection("notes");
    let note: Value = notes
        .create(&json!({ "title": "Tides", "status": "draft" }))
        .await?;
    show("create", &note);
    let id = note["id"].as_str().ok_or("the note has no id")?;
    notes
        .update(id, &json!({ "title": "Tides", "status": "published" }))
        .await?;
    let published: Vec<Value> = notes.list().query("status", "published").await?;
    show("list", format!("{} published", published.len()));
    notes.delete(id).await?;
    show("get", format!("{:?}", notes.get::<Value>(id).await?));
    Ok(())
}

async fn secrets(client: &Client) -> Outcome {
    step("Secrets");
    show(
        "get",
        format!("{:?}", client.secrets().get("MAIL_API_KEY").await?),
    );
    show(
        "get",
        format!("{:?}", client.secrets().get("NO_SUCH_KEY").await?),
    );
    Ok(())
}

async fn realtime(client: &Client) -> Outcome {
    step("Realtime");
    let realtime = client.realtime()?;

    let users = realtime.channel("users")?;
    let changes = || users.changes::<Row>();
    let mut inserts = changes().on(Operation::Insert).subscribe().await?;
    let mut updates = changes().on(Operation::Update).subscribe().await?;
    show("subscribe", users.topic());
    client
        .db()
        .batch()
        .add("INSERT INTO users (id, name, email) VALUES (7, 'Lia', 'lia@example.com')")
        .add("UPDATE users SET name = 'Lia M.' WHERE id = 7")
        .await?;
    show("on INSERT", format!("{:?}", next(&mut inserts).await?.new));
    let update = next(&mut updates).await?;
    show(
        "on UPDATE",
        format!("{:?}, before {:?}", update.new, update.old),
    );

    let orders = realtime.path("orders/eu")?;
    let mut shipped = orders.events::<Value>("order-shipped").subscribe().await?;
    let order = json!({ "order": 9182 });
    orders
        .publish("order-packed", &order)
        .persist()
        .acked()
        .await?;
    show("publish", "order-packed, to be kept");
    // The same channel, reached from a server without a connection of its own.
    client
        .socket()
        .emit("order-shipped", &order)
        .room("orders/eu")
        .await?;
    show("socket.emit", "order-shipped");
    show("on event", next(&mut shipped).await?.data);
    for message in orders.history().collect(50).await? {
        show("history", format!("{:?} {}", message.event, message.data()));
    }

    let mut presence = orders.presence().subscribe().await?;
    orders
        .track(&json!({ "name": "Ines", "status": "online" }))
        .await?;
    // The first event is a snapshot of who was there before.
    let joined = loop {
        let event = tokio::time::timeout(PATIENCE, presence.try_next()).await??;
        match event.ok_or("the subscription ended")?.message() {
            Some(PresenceEvent::Joined(member)) => break member,
            Some(PresenceEvent::Snapshot(members)) if !members.is_empty() => {
                break members[0].clone();
            }
            _ => {}
        }
    };
    show("track", joined.state());
    realtime.close().await;
    Ok(())
}

/// The next message of a subscription.
async fn next<T>(messages: &mut Subscription<T>) -> Result<T, Box<dyn Error>> {
    loop {
        match tokio::time::timeout(PATIENCE, messages.try_next()).await?? {
            Some(Item::Message(message)) => return Ok(message),
            // A gap or a lag: nothing to see on a tour.
            Some(_) => {}
            None => return Err("the subscription ended".into()),
        }
    }
}

fn step(name: &str) {
    println!("\n{name}");
}

fn show(call: &str, what: impl Display) {
    println!("  {call:<16}{what}");
}
