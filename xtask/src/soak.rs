//! `soak`: long runs that prove what short tests cannot, one part after the other, each with a page that is kept.

mod fuzz;
mod kills;
mod load;
mod machine;
mod platform;
mod python;
mod realtime;
mod report;
mod requests;
mod sheet;

use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Result, bail};

use crate::document::workspace;
use crate::output::File;
use crate::sh;

const LAST: &str = "tests/soak/LAST.md";

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Run this part alone; can be given several times
    #[arg(long, value_name = "PART", value_enum)]
    only: Vec<Part>,
    /// Made-up requests for each operation, besides those that the document's examples and limits give
    #[arg(long, default_value_t = 60)]
    cases: u32,
    /// What everything random is made from
    #[arg(long, default_value_t = 20_261_122)]
    seed: u64,
    /// Give up on the made-up requests after so many minutes
    #[arg(long, default_value_t = 20)]
    minutes: u64,
}

/// What can be run, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Requests made up from the document, against the local platform
    Requests,
    /// Many callers and many calls through the SDK, with faults among them
    Load,
    /// The local platform is killed while it writes
    Kills,
    /// Bytes of any shape, for everything that reads or builds them
    Fuzz,
    /// Realtime's promises with as many cases as they speak of
    Realtime,
}

impl Part {
    fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Load => "load",
            Self::Kills => "kills",
            Self::Fuzz => "fuzz",
            Self::Realtime => "realtime",
        }
    }

    fn run(self, options: &Options) -> Result<Outcome> {
        match self {
            Self::Requests => requests::run(options),
            Self::Load => load::run(options),
            Self::Kills => kills::run(options),
            Self::Fuzz => fuzz::run(options),
            Self::Realtime => realtime::run(),
        }
    }
}

/// What a part found.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The part in one line, for the overview.
    pub(crate) summary: String,
    /// The part in full, as Markdown without a heading of the first level.
    pub(crate) page: String,
    /// What must not be. With any, nothing is kept and the soak fails.
    pub(crate) problems: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    std::fs::create_dir_all(folder())?;
    let parts = match options.only.as_slice() {
        [] => <Part as clap::ValueEnum>::value_variants(),
        some => some,
    };
    let mut failed = Vec::new();
    let mut done = Vec::new();
    for part in parts {
        println!("\n=== {}", part.name());
        let start = Instant::now();
        match part.run(options) {
            Ok(outcome) => {
                let took = start.elapsed();
                let page = page(*part, &outcome, took);
                println!("{page}");
                if outcome.problems.is_empty() {
                    keep(&path(*part), page)?;
                } else {
                    let problems = outcome.problems.join("\n  ");
                    failed.push(format!("{}:\n  {problems}", part.name()));
                }
                done.push((*part, outcome.summary, took));
            }
            Err(error) => failed.push(format!("{}: {error:#}", part.name())),
        }
    }
    if !failed.is_empty() {
        bail!("the soak failed\n{}", failed.join("\n"));
    }
    if options.only.is_empty() {
        let last = overview(&done);
        println!("{last}");
        keep(LAST, last)?;
    }
    Ok(())
}

/// Where the parts leave what is not kept.
pub(crate) fn folder() -> PathBuf {
    sh::target().join("soak")
}

fn path(part: Part) -> String {
    format!("tests/soak/{}.md", part.name())
}

fn page(part: Part, outcome: &Outcome, took: Duration) -> String {
    let name = part.name();
    let command = format!("cargo xtask soak --only {name}");
    format!(
        "# Soak: {name}\n\n{}\n{}",
        preamble(&command, took),
        outcome.page
    )
}

fn overview(done: &[(Part, String, Duration)]) -> String {
    let total = done.iter().map(|(.., took)| *took).sum();
    let mut text = format!(
        "# The last whole soak\n\n{}\n| Part | Took | Found |\n|---|--:|---|\n",
        preamble("cargo xtask soak", total)
    );
    for (part, summary, took) in done {
        let name = part.name();
        text.push_str(&format!(
            "| [{name}]({name}.md) | {} | {summary} |\n",
            minutes(*took)
        ));
    }
    text
}

/// What every kept page says of its run.
fn preamble(command: &str, took: Duration) -> String {
    format!(
        "- Command: `{command}`\n- Date: {}\n- Took: {}, builds included\n- Machine: {}\n",
        httpdate::fmt_http_date(SystemTime::now()),
        minutes(took),
        machine::describe(),
    )
}

fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

fn keep(path: &str, text: String) -> Result<()> {
    let file = File {
        path: path.to_owned(),
        text,
    };
    file.write()?;
    println!("wrote {}", workspace().join(path).display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn a_part_is_called_on_the_command_line_what_its_page_is_called() {
        for part in Part::value_variants() {
            let value = part.to_possible_value().unwrap();
            assert_eq!(value.get_name(), part.name());
        }
    }

    #[test]
    fn a_page_says_how_it_came_about() {
        let outcome = Outcome {
            summary: "all well".to_owned(),
            page: "| a |\n".to_owned(),
            problems: vec![],
        };
        let text = page(Part::Requests, &outcome, Duration::from_secs(61));
        assert!(text.starts_with(
            "# Soak: requests\n\n- Command: `cargo xtask soak --only requests`\n- Date: "
        ));
        assert!(
            text.contains("\n- Took: 1 min 01 s") && text.ends_with("\n| a |\n"),
            "{text}"
        );
        let done = [(Part::Requests, outcome.summary, Duration::from_secs(61))];
        let text = overview(&done);
        assert!(
            text.contains("| [requests](requests.md) | 1 min 01 s | all well |"),
            "{text}"
        );
    }
}
