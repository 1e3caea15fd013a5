//! The workspace's own commands: `cargo xtask <command>`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for the terminal"
)]

mod bench;
mod coverage;
mod deny;
mod dependencies;
mod document;
mod faults;
#[cfg(test)]
mod fixture;
mod generate;
mod lint;
mod mock;
mod node;
mod output;
mod package;
mod promises;
mod sh;
mod soak;
mod test;
mod tidy;
mod versions;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The workspace's own commands.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure
    Bench(bench::Options),
    /// Tell for every operation what reaches it, answers it and shows it, from the last run of the contract tests
    Coverage(coverage::Options),
    /// Check licences, banned crates and sources of all dependencies by deny.toml
    Deny,
    /// Count the crates each choice of features brings, in the README
    Dependencies(dependencies::Options),
    /// Compare versions of the document, and take a new one over
    #[command(subcommand)]
    Document(versions::Command),
    /// Write tests/FAULTS.md: what each fault means for each class of calls
    Faults(faults::Options),
    /// Compose openapi/aerostack.yaml from its layers and write the code that comes from it
    Generate(generate::Options),
    /// Check that openapi/aerostack.yaml keeps its own rules
    Lint,
    /// Let Prism play the platform from openapi/aerostack.yaml
    Mock(mock::Options),
    /// Build the crates as they would be published and use them from outside, with every choice of features
    Package(package::Options),
    /// Show what realtime promises and which test holds it to that
    Promises,
    /// Run for long what tests run shortly, and keep the figures
    Soak(soak::Options),
    /// Run everything the README promises
    Test,
    /// Check the repository's own rules: directions of imports, circles, sizes and forms of files
    Tidy(tidy::Options),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Coverage(options) => coverage::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Deny => deny::run(),
        Command::Dependencies(options) => dependencies::run(&options),
        Command::Document(command) => versions::run(&command),
        Command::Faults(options) => faults::run(&options),
        Command::Generate(options) => generate::run(&options),
        Command::Lint => lint::run(),
        Command::Mock(options) => mock::run(&options),
        Command::Package(options) => package::run(&options),
        Command::Promises => promises::run(),
        Command::Soak(options) => soak::run(&options),
        Command::Test => test::run(),
        Command::Tidy(options) => tidy::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
