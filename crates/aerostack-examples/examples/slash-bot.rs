//! A bot with slash commands over HTTP, in the manner of Discord's: signed interactions come in, answers go out.
//!
//! ```text
//! cargo run --example slash-bot                     # shows a few commands, with a local Aerostack
//! BOT_PUBLIC_KEY=.. PORT=3000 cargo run --example slash-bot -- --remote
//! ```
//!
//! | command | what it does |
//! |---|---|
//! | `/note text:..` | keeps a note, one of each text |
//! | `/notes` | lists the notes of whoever asks |
//! | `/ask text:..` | asks a language model |

#![allow(clippy::print_stdout, reason = "an example shows")]

use std::{env, error::Error, fmt::Write, sync::Arc};

use aerostack::Client;
use aerostack_examples::open;
use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey},
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;

const SCHEMA: &str = "CREATE TABLE IF NOT EXISTS notes (
    author TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (author, text)
);";

#[derive(Clone)]
struct Bot {
    client: Client,
    public_key: Arc<[u8]>,
}

#[derive(Deserialize)]
struct Interaction {
    #[serde(rename = "type")]
    kind: u8,
    data: Option<Command>,
    member: Option<Member>,
}

#[derive(Deserialize)]
struct Command {
    name: String,
    #[serde(default)]
    options: Vec<Parameter>,
}

#[derive(Deserialize)]
struct Parameter {
    name: String,
    value: String,
}

#[derive(Deserialize)]
struct Member {
    user: Author,
}

#[derive(Deserialize)]
struct Author {
    id: String,
}

/// Takes an interaction. One whose signature is missing or wrong is refused before anything of it is read.
async fn interaction(
    State(bot): State<Bot>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, StatusCode> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let signature = header("x-signature-ed25519").and_then(from_hex);
    let (Some(signature), Some(timestamp)) = (signature, header("x-signature-timestamp")) else {
        return Err(StatusCode::UNAUTHORIZED);
    };
    let signed = [timestamp.as_bytes(), &body].concat();
    UnparsedPublicKey::new(&ED25519, &bot.public_key)
        .verify(&signed, &signature)
        .map_err(|_| StatusCode::UNAUTHORIZED)?;

    let interaction: Interaction =
        serde_json::from_slice(&body).map_err(|_| StatusCode::BAD_REQUEST)?;
    let (Some(command), Some(member)) = (interaction.data, interaction.member) else {
        // A ping.
        return Ok(Json(json!({ "type": interaction.kind })));
    };
    let content = run(&bot.client, &member.user.id, command)
        .await
        .unwrap_or_else(|error| {
            println!("a command failed: {error}");
            "That did not work; try again later.".to_owned()
        });
    Ok(Json(json!({ "type": 4, "data": { "content": content } })))
}

async fn run(client: &Client, author: &str, command: Command) -> Result<String, aerostack::Error> {
    let text = command.options.iter().find(|option| option.name == "text");
    let text = text.map_or("", |option| option.value.as_str());
    let db = client.db();
    match command.name.as_str() {
        "note" => {
            let insert = db
                .execute("INSERT INTO notes VALUES (?, ?)")
                .params((author, text));
            match insert.await {
                Ok(_) => Ok("Noted.".into()),
                Err(error) if error.is_unique_violation() => Ok("I know that already.".into()),
                Err(error) => Err(error),
            }
        }
        "notes" => {
            let notes: Vec<String> = db
                .query("SELECT text FROM notes WHERE author = ? ORDER BY rowid")
                .bind(author)
                .await?;
            Ok(notes.join("\n"))
        }
        "ask" => Ok(client.ai().complete(text).max_tokens(100).await?.text),
        other => Ok(format!("I do not know /{other}.")),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let project = open(SCHEMA).await?;
    let port: u16 = env::var("PORT").map_or(Ok(0), |port| port.parse())?;
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let url = format!("http://{}/interactions", listener.local_addr()?);
    let seed = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())?;
    let pair = Ed25519KeyPair::from_pkcs8(seed.as_ref())?;
    let public_key = match env::var("BOT_PUBLIC_KEY") {
        Ok(key) => from_hex(&key).ok_or("BOT_PUBLIC_KEY is not hexadecimal")?,
        Err(_) if project.emulator.is_none() => return Err("BOT_PUBLIC_KEY is not set".into()),
        Err(_) => pair.public_key().as_ref().to_vec(),
    };
    let bot = Bot {
        client: project.client,
        public_key: public_key.into(),
    };
    let app = Router::new()
        .route("/interactions", post(interaction))
        .with_state(bot);
    println!("listening on {url}");
    let Some(emulator) = project.emulator else {
        return Ok(axum::serve(listener, app).await?);
    };

    tokio::spawn(async { axum::serve(listener, app).await });
    for (name, text) in [
        ("note", "buy lamps"),
        ("note", "buy lamps"),
        ("note", "paint the boat"),
        ("notes", ""),
        ("ask", "What is a lamp?"),
        ("dance", ""),
    ] {
        let body = json!({
            "type": 2,
            "data": { "name": name, "options": [{ "name": "text", "value": text }] },
            "member": { "user": { "id": "81" } },
        })
        .to_string();
        let timestamp = "1782000000";
        let signature = pair.sign(format!("{timestamp}{body}").as_bytes());
        let request = reqwest::Client::new()
            .post(&url)
            .header("x-signature-ed25519", to_hex(signature.as_ref()))
            .header("x-signature-timestamp", timestamp)
            .body(body);
        let answer: Value = request.send().await?.error_for_status()?.json().await?;
        println!(
            "/{name} {text}\n    {}",
            answer["data"]["content"]
                .as_str()
                .unwrap_or_default()
                .replace('\n', "\n    ")
        );
    }
    let forged = reqwest::Client::new().post(&url).body("{}").send().await?;
    println!("without a signature: {}", forged.status());
    emulator.shutdown().await;
    Ok(())
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || text.len() % 2 == 1 {
        return None;
    }
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok())
        .collect()
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
