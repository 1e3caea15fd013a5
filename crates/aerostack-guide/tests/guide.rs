//! The Rust blocks of the guide and of the README, each against an emulator of its own.

#![allow(
    unused,
    missing_docs,
    unreachable_pub,
    clippy::all,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "pages show code, not tests"
)]

use aerostack::Client;
use aerostack_emulator::Emulator;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// The tables and rows the pages speak of.
const SCHEMA: &str = "
    CREATE TABLE users (
        id INTEGER PRIMARY KEY,
        email TEXT NOT NULL UNIQUE,
        name TEXT,
        active INTEGER NOT NULL DEFAULT 1
    );
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL CHECK (balance >= 0));
    CREATE TABLE orders (
        id INTEGER PRIMARY KEY,
        user_id INTEGER NOT NULL REFERENCES users (id),
        item TEXT NOT NULL,
        cents INTEGER NOT NULL DEFAULT 0
    );
    INSERT INTO users (email, name) VALUES ('ines@example.com', 'Ines'), ('omar@example.com', 'Omar');
    INSERT INTO accounts (balance) VALUES (100), (20);
    INSERT INTO orders (user_id, item, cents) VALUES (1, 'tea', 250), (1, 'honey', 900);
";

/// Runs a block with what the pages take for granted: tables, and an account for Ines.
async fn run(block: impl AsyncFnOnce(Client, &Emulator) -> Outcome) {
    let emulator = Emulator::builder()
        .schema(SCHEMA)
        .collection("notes")
        .start()
        .await
        .unwrap();
    let client = Client::builder()
        .base_url(emulator.url())
        .api_key(emulator.api_key())
        .project_id(emulator.project_id())
        .build()
        .unwrap();
    let account = client
        .auth()
        .register("ines@example.com", "Correct-Horse-9")
        .await;
    account.unwrap();
    if let Err(error) = block(client, &emulator).await {
        panic!("{error}");
    }
}

include!(concat!(env!("OUT_DIR"), "/guide.rs"));

/// The characters of a section's blocks in one language, without indentation, comments and empty lines.
fn characters(section: &str, language: &str) -> usize {
    let mut inside = false;
    let mut count = 0;
    for line in section.lines() {
        match line.strip_prefix("```") {
            Some(info) => inside = info.split(',').next() == Some(language),
            None if inside => {
                let code = line.trim();
                let comment = code.starts_with("//") || code.starts_with("# ");
                count += if comment { 0 } else { code.chars().count() };
            }
            None => {}
        }
    }
    count
}

/// The page compares like with like, and Rust is to stay about as short.
#[test]
fn rust_takes_not_much_more_text_than_python() {
    let page = include_str!("../../../docs/src/from-python.md");
    let (_, web) = page.split_once("## A web service").unwrap();
    let ratio = |text| characters(text, "rust") as f64 / characters(text, "python") as f64;
    assert!(ratio(page) <= 1.15, "the page: {:.3}", ratio(page));
    assert!(ratio(web) <= 1.2, "a web service: {:.2}", ratio(web));
}
