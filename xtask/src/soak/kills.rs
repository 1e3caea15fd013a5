//! The local platform is killed while it writes.

use anyhow::Result;

use crate::soak::sheet::LongTest;
use crate::soak::{Options, Outcome};

const KILLS: u32 = 60;

const WORDS: &str = "\
Several writers fill a data folder through `aerostack-emulator` until it is ended by SIGKILL at a random moment; it starts
again on the same folder, sometimes to be killed while starting. What it acknowledged must be there, also after all later
kills, and what it was cut off from must be there whole or not at all.
";

pub(crate) fn run(options: &Options) -> Result<Outcome> {
    let sheet = LongTest {
        package: "aerostack-emulator",
        target: "it",
        test: "kills::what_was_acknowledged_survives_being_killed",
        variables: &[
            ("KILLS", KILLS.to_string()),
            ("KILLS_SEED", options.seed.to_string()),
        ],
    }
    .run()?;
    Ok(sheet.outcome(WORDS))
}
