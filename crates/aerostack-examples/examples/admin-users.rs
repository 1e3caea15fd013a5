//! Creates many users from a list, a few at a time, and says of each what became of it. Can be run again.
//!
//! ```text
//! cargo run --example admin-users                           # 40 made-up users, into a local Aerostack
//! cargo run --example admin-users -- users.csv --remote     # lines of email,name; passwords are random
//! ```

#![allow(clippy::print_stdout, reason = "an example shows")]

use std::{collections::BTreeMap, error::Error};

use aerostack::{Client, ErrorKind};
use aerostack_examples::{arguments, bar, open};
use futures_util::{StreamExt, stream};

/// Users created at the same time.
const PARALLEL: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Created,
    AlreadyThere,
    Failed,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let project = open("").await?;
    let users: Vec<(String, String)> = match arguments().first() {
        Some(path) => csv::Reader::from_path(path)?
            .deserialize()
            .collect::<Result<_, _>>()?,
        None => (0..40)
            .map(|n| (format!("user{}@example.com", n % 38), format!("User {n}")))
            .collect(),
    };
    for round in 1..=2 {
        let outcomes = create_all(&project.client, &users).await;
        println!("round {round}: {outcomes:?}");
    }
    if let Some(emulator) = project.emulator {
        emulator.shutdown().await;
    }
    Ok(())
}

async fn create_all(client: &Client, users: &[(String, String)]) -> BTreeMap<Outcome, usize> {
    let mut outcomes = BTreeMap::new();
    let mut created = stream::iter(users.to_vec())
        .map(|(email, name)| async move { (create(client, &email, &name).await, email) })
        .buffer_unordered(PARALLEL);
    let mut done = 0;
    while let Some((result, email)) = created.next().await {
        let outcome = result.unwrap_or_else(|error| {
            println!("{email}: {error}");
            Outcome::Failed
        });
        *outcomes.entry(outcome).or_insert(0) += 1;
        done += 1;
        if done % 10 == 0 {
            println!("{}", bar(done, users.len() as u64));
        }
    }
    outcomes
}

/// Creates a user with a password nobody knows; they set their own with a password reset.
async fn create(client: &Client, email: &str, name: &str) -> Result<Outcome, aerostack::Error> {
    let password = format!("A1-{}", uuid::Uuid::new_v4());
    match client
        .server_auth()
        .sign_up(email, password)
        .name(name)
        .await
    {
        Ok(_) => Ok(Outcome::Created),
        Err(error) if error.kind() == ErrorKind::Conflict => Ok(Outcome::AlreadyThere),
        Err(error) => Err(error),
    }
}
