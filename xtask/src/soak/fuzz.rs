//! Bytes of any shape, for everything that reads what others send or builds what is sent.

use std::fmt::Write as _;
use std::time::Instant;

use anyhow::Result;

use crate::soak::sheet::LongTest;
use crate::soak::{Options, Outcome};

const WORDS: &str = "\
Each target replays its committed corpus and what ever failed, then damages the seeds over and over; every case is held
against laws, not only against a panic. *Accepted* counts the inputs that were read or sent, the rest were refused.

| Target | What is held |
|---|---|
| `sse` | events do not depend on where a body is cut, nothing follows an error, sent again they are the same |
| `errors` | the body is kept to the byte, no code or message is made up, order and spaces say nothing |
| `hints` | `Retry-After` and `X-RateLimit-Reset` are exact or absent, never negative |
| `origins` | no base URL leads to another host, holds credentials, or lets a path of the document leave it |
| `answers` | every generated type decodes or refuses, encodes as it decoded, and free JSON keeps its text |
| `wire` | over a socket, errors keep status, request id and body, and waits are clamped |
| `handles` | every call of every handle decodes or refuses an answer with parts exchanged |
| `files and keys` | what is stored under a name comes back under it |
| `paths` | a name within a path is one segment, decodes to itself, and never reaches another operation |

";

struct Target {
    name: &'static str,
    package: &'static str,
    file: &'static str,
    test: &'static str,
    cases: u32,
}

const API: (&str, &str) = ("aerostack-api", "fuzz");
const CONTRACT: (&str, &str) = ("aerostack-contract", "faults");

/// In memory by the million; over sockets as many as take about a minute.
const TARGETS: [Target; 9] = [
    target(
        "sse",
        API,
        "sse::fuzz_events_do_not_depend_on_where_a_body_is_cut",
        1_000_000,
    ),
    target(
        "errors",
        API,
        "errors::fuzz_error_bodies_are_kept_and_nothing_is_made_up",
        1_000_000,
    ),
    target(
        "hints",
        API,
        "hints::fuzz_hints_are_exact_or_absent_and_never_negative",
        1_000_000,
    ),
    target(
        "origins",
        API,
        "origins::fuzz_no_base_url_leads_elsewhere",
        1_000_000,
    ),
    target(
        "answers",
        API,
        "answers::fuzz_answers_are_decoded_or_refused_and_encode_as_they_decode",
        2_000_000,
    ),
    // A tenth of them.
    target(
        "wire",
        API,
        "wire::fuzz_errors_keep_status_request_id_and_body_and_waits_are_clamped",
        1_500_000,
    ),
    target(
        "handles",
        CONTRACT,
        "fuzz::fault_answers_of_any_shape_are_decoded_or_refused",
        150_000,
    ),
    target(
        "files and keys",
        CONTRACT,
        "fuzz::fault_prone_names_of_files_and_keys_come_back_as_they_were",
        10_000,
    ),
    target(
        "paths",
        CONTRACT,
        "fuzz::fault_prone_names_in_paths_never_reach_another_operation",
        20_000,
    ),
];

const fn target(
    name: &'static str,
    (package, file): (&'static str, &'static str),
    test: &'static str,
    cases: u32,
) -> Target {
    Target {
        name,
        package,
        file,
        test,
        cases,
    }
}

pub(crate) fn run(options: &Options) -> Result<Outcome> {
    let mut page = format!("{WORDS}- Seed: {}\n\n", options.seed);
    page.push_str("| Target | Seeds | Cases | Accepted | Seconds |\n|---|--:|--:|--:|--:|\n");
    let mut total = 0;
    for target in &TARGETS {
        let test = LongTest {
            package: target.package,
            target: target.file,
            test: target.test,
            variables: &[
                ("FUZZ_CASES", target.cases.to_string()),
                ("FUZZ_SEED", options.seed.to_string()),
            ],
        };
        let start = Instant::now();
        let sheet = test.run()?;
        let cases = sheet.fact("Cases")?;
        total += cases.parse::<u64>()?;
        let _ = writeln!(
            page,
            "| `{}` | {} | {cases} | {} | {} |",
            target.name,
            sheet.fact("Seeds")?,
            sheet.fact("Accepted")?,
            start.elapsed().as_secs(),
        );
    }
    let targets = TARGETS.len();
    Ok(Outcome {
        summary: format!("{targets} targets, {total} made-up cases, no law broken"),
        page,
        problems: Vec::new(),
    })
}
