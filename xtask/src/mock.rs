//! `mock`: Prism plays the platform from the document.

use anyhow::Result;

use crate::document;
use crate::{node, sh};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The port on the loopback interface; 0 takes a free one
    #[arg(long, default_value_t = 4010)]
    port: u16,
    /// Answer with random values that fit the schemas instead of the examples
    #[arg(long)]
    dynamic: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let mut prism = node::tool("@stoplight/prism-cli/dist/index.js")?;
    prism
        .args([
            "mock",
            "--host",
            "127.0.0.1",
            "--errors",
            "--multiprocess=false",
        ])
        .args(["--port", &options.port.to_string()])
        .args(options.dynamic.then_some("--dynamic"))
        .arg(document::PATH);
    println!("Prism answers from {}; stop it with Ctrl-C", document::PATH);
    sh::run(prism)
}
