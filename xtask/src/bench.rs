//! `cargo xtask bench`: figures, each beside its baseline.

use anyhow::Result;

use crate::sh;

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Suite {
    /// The figures among realtime's promises
    Promises,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// What to measure
    suite: Suite,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    match options.suite {
        Suite::Promises => sh::run(sh::cargo(&[
            "bench",
            "--quiet",
            "--package",
            "aerostack-realtime",
            "--bench",
            "promises",
        ])),
    }
}
