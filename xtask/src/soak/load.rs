//! Many callers and many calls through the SDK, with faults among them.

use anyhow::Result;

use crate::soak::sheet::LongTest;
use crate::soak::{Options, Outcome, platform};

const WORDS: &str = "\
One client of the SDK, shared by many tasks on several runtimes, calls all services while the local platform, a program of
its own whose clock is a day ahead and jumps on the way, lets about one request in twenty meet a fault, before or after it
took effect, and words some of its successes oddly. Every call ends in success or in a typed error,
and what the callers know agrees with what the platform counted, with its counters and with its rows. The most memory
that either program may take is a limit of the test.
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
            ("LOAD_EMULATOR", platform::build()?),
        ],
    }
    .run()?;
    Ok(sheet.outcome(WORDS))
}
