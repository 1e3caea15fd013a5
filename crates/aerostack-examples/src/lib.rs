//! What the programs share: a project to work on.

use std::{env, error::Error};

use aerostack::{Client, ClientBuilder};
use aerostack_emulator::{Emulator, EmulatorBuilder};

/// A project: a local one in this process or, with `--remote`, the platform's that the environment names.
#[derive(Debug)]
pub struct Project {
    /// A client of the project.
    pub client: Client,
    /// The local Aerostack, where it is one.
    pub emulator: Option<Emulator>,
}

/// Opens the project. A local one has the schema already; the platform's tables are made with its migration tool.
///
/// # Errors
/// Where the local Aerostack cannot start, or the environment does not name a project.
pub async fn open(schema: &str) -> Result<Project, Box<dyn Error>> {
    open_with(schema, |emulator| emulator, |client| client).await
}

/// As [`open`], with further settings for the local Aerostack and for the client.
///
/// # Errors
/// As [`open`].
pub async fn open_with(
    schema: &str,
    emulator: impl FnOnce(EmulatorBuilder) -> EmulatorBuilder,
    client: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<Project, Box<dyn Error>> {
    if env::args().any(|argument| argument == "--remote") {
        return Ok(Project {
            client: client(Client::builder().env()).build()?,
            emulator: None,
        });
    }
    let emulator = emulator(Emulator::builder().schema(schema)).start().await?;
    let builder = Client::builder()
        .base_url(emulator.url())
        .api_key(emulator.api_key())
        .project_id(emulator.project_id())
        .project_slug(emulator.project_slug());
    Ok(Project {
        client: client(builder).build()?,
        emulator: Some(emulator),
    })
}

/// The arguments that are no options, and the value of `--name value`.
#[must_use]
pub fn arguments() -> Vec<String> {
    let mut arguments = env::args().skip(1);
    let mut plain = Vec::new();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--remote" | "--trouble" => {}
            option if option.starts_with("--") => drop(arguments.next()),
            _ => plain.push(argument),
        }
    }
    plain
}

/// The value of `--name value`.
#[must_use]
pub fn option(name: &str) -> Option<String> {
    let mut arguments = env::args().skip_while(|argument| argument != name);
    arguments.next()?;
    arguments.next()
}

/// A bar for the terminal, such as `[#####     ]  50%`.
#[must_use]
pub fn bar(done: u64, whole: u64) -> String {
    const WIDTH: u64 = 30;
    let whole = whole.max(1);
    let filled = (done.min(whole) * WIDTH / whole) as usize;
    let percent = done.min(whole) * 100 / whole;
    format!("[{:<30}] {percent:>3}%", "#".repeat(filled))
}
