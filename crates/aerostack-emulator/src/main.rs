//! The local platform as a program.

mod cli;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use cli::args::{Cli, Command};

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(code) => code,
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "aerostack-emulator: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<ExitCode, String> {
    let arguments = cli::config_file::expand(std::env::args_os().collect())?;
    let Cli { command, start } = Cli::parse_from(arguments);
    match command {
        None => serve(start).await,
        Some(Command::Start(start)) => serve(start).await,
        Some(Command::Exec { start, command }) => {
            // The output belongs to the command: the emulator speaks up only when something fails.
            cli::logging::start(&start.log, 1)?;
            cli::exec::run(start, &command).await
        }
        Some(Command::Export { file, start }) => {
            cli::logging::start(&start.log, 1)?;
            cli::start::export(start, &file).await?;
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Import { file, start }) => {
            cli::logging::start(&start.log, 1)?;
            cli::start::import(start, &file).await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn serve(start: cli::args::StartArgs) -> Result<ExitCode, String> {
    cli::logging::start(&start.log, 2)?;
    cli::start::run(start).await?;
    Ok(ExitCode::SUCCESS)
}
