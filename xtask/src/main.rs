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
mod new_operation;
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
    /// Run the realtime benchmarks
    Bench(bench::Options),
    /// Write tests/COVERAGE.md: contract, emulator and sample coverage of each operation
    Coverage(coverage::Options),
    /// Check licenses, banned crates and sources of all dependencies by deny.toml
    Deny,
    /// Count the crates for each choice of features, in CONTRIBUTING.md
    Dependencies(dependencies::Options),
    /// Compare versions of the document, and take a new one over
    #[command(subcommand)]
    Document(versions::Command),
    /// Write tests/FAULTS.md: what each fault means for each class of calls
    Faults(faults::Options),
    /// Compose openapi/aerostack.yaml from its layers and write the code that comes from it
    Generate(generate::Options),
    /// Check the rules of the API document
    Lint,
    /// Write the skeletons for an operation that has no method yet
    NewOperation(new_operation::Options),
    /// Serve the API document with Prism
    Mock(mock::Options),
    /// Build the published crates from outside the workspace, with every choice of features
    Package(package::Options),
    /// List the realtime guarantees and the tests that hold each
    Promises,
    /// Run the long tests and keep their figures
    Soak(soak::Options),
    /// Run the tests, the contract tests, the coverage check and the examples
    Test,
    /// Check the rules of the repository: directions of imports, circles, files, links
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
        Command::NewOperation(options) => new_operation::run(&options),
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
