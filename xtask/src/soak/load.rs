//! Many callers and many calls through the SDK, with faults among them.

use anyhow::Result;

use crate::soak::sheet::LongTest;
use crate::soak::{Options, Outcome};

const WORDS: &str = "\
One client of the SDK, shared by many tasks, makes calls of many kinds while the local platform lets about one in
twenty meet a fault, before or after it took effect. Every call ends in success or in a typed error, and what the
callers know agrees with what the platform counted and with the rows it holds.
";

pub(crate) fn run(options: &Options) -> Result<Outcome> {
    let sheet = LongTest {
        package: "aerostack-contract",
        target: "faults",
        test: "load::fault_load_ends_in_success_or_typed_error_and_the_books_agree",
        variables: &[
            ("FAULT_TASKS", "200".to_owned()),
            ("FAULT_CALLS", "200000".to_owned()),
            ("FAULT_SEED", options.seed.to_string()),
        ],
    }
    .run()?;
    Ok(sheet.outcome(WORDS))
}
