//! A local Aerostack and a client for it.

use aerostack::{Client, ClientBuilder};
use aerostack_emulator::{Emulator, EmulatorBuilder};

pub const SCHEMA: &str = "
    CREATE TABLE users (
        id INTEGER PRIMARY KEY,
        email TEXT NOT NULL UNIQUE,
        active INTEGER NOT NULL DEFAULT 1,
        balance REAL
    );
    CREATE TABLE cells (id INTEGER PRIMARY KEY, value);
";

pub fn builder(emulator: &Emulator) -> ClientBuilder {
    Client::builder()
        .base_url(emulator.url())
        .api_key(emulator.api_key())
        .project_id(emulator.project_id())
        .project_slug(emulator.project_slug())
}

pub async fn start() -> (Emulator, Client) {
    start_with(Emulator::builder()).await
}

pub async fn start_with(emulator: EmulatorBuilder) -> (Emulator, Client) {
    let emulator = emulator.schema(SCHEMA).start().await.unwrap();
    let client = builder(&emulator).build().unwrap();
    (emulator, client)
}
