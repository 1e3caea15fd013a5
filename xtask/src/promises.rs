//! `cargo xtask promises`: what realtime promises, and what holds it to that.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context, Result, bail};

use crate::document::workspace;

/// Where the tests are, from the workspace root.
const FOLDERS: [&str; 3] = [
    "crates/aerostack/tests",
    "crates/aerostack-realtime/src",
    "crates/aerostack-realtime/tests",
];

/// How a promise is held.
#[derive(PartialEq)]
enum Held {
    /// By tests named after it.
    Tested,
    /// By such tests for its logic, and by a measurement for its figures.
    Measured,
    /// By a measurement alone: it is a figure and nothing else.
    Figure,
}
use Held::{Figure, Measured, Tested};

/// Each promise in a few words.
const PROMISES: [(&str, Held); 66] = [
    (
        "every subscription is on the wire again after a loss",
        Tested,
    ),
    ("1,000 topics are subscribed within 250 ms", Measured),
    ("the wire converges to what is wanted", Tested),
    ("active only once confirmed; silence is an error", Tested),
    ("streams of one channel share one subscription", Tested),
    ("messages go to exactly their topic", Tested),
    ("waits have full jitter", Tested),
    (
        "the count of attempts resets only after a stable connection",
        Tested,
    ),
    (
        "attempts are unlimited, or exactly as many as allowed",
        Tested,
    ),
    ("a silent server is noticed", Tested),
    ("a connect has a limit", Tested),
    ("close is final", Measured),
    ("thousands of reconnects leave nothing behind", Measured),
    ("every interruption is one gap item", Tested),
    ("topics keep their order", Tested),
    ("persisted events of an outage are recovered once", Tested),
    ("recovery is bounded", Tested),
    ("a resync runs at the start and for each gap", Tested),
    ("buffers are bounded, by policy", Measured),
    ("drops are counted and told in their place", Tested),
    ("a stuck stream delays nobody", Measured),
    ("a consumer that panics harms nobody", Tested),
    ("the outgoing queue is bounded", Tested),
    ("offline messages expire", Tested),
    ("publishing from a reading loop never deadlocks", Tested),
    ("acked means acknowledged", Measured),
    ("a retry keeps the id", Tested),
    ("message ids never repeat", Tested),
    ("a flood coming in does not hold up what goes out", Measured),
    ("no credential is ever shown", Tested),
    ("illegal credentials are refused before the wire", Tested),
    ("a refused token is renewed once", Tested),
    ("a live change of token is one frame", Tested),
    ("Retry-After is honoured", Measured),
    ("tracked state is shown again", Tested),
    ("members equal the server's", Tested),
    ("users count once, and may flicker unseen", Tested),
    ("an unchanged list is no news", Tested),
    ("history pages completely, and fails loudly", Tested),
    ("no frame upsets anything", Tested),
    ("a row that does not fit is one error", Tested),
    ("64-bit integers survive", Tested),
    ("kinds are kept apart, filters agree", Tested),
    ("server errors reach whom they name", Tested),
    ("the status is a value, in a fixed order", Tested),
    ("everything is counted", Tested),
    ("every failure has a kind", Tested),
    ("event throughput", Figure),
    ("change throughput", Figure),
    ("publish throughput", Figure),
    ("memory of idle clients and subscriptions", Figure),
    ("1,000 clients come back spread out", Measured),
    ("every wait ends", Tested),
    (
        "when the task goes, all who wait are told, and the next use starts anew",
        Tested,
    ),
    (
        "what is recovered is exactly what is missing, or the gap says otherwise",
        Tested,
    ),
    ("a gap begins no later than the first message lost", Tested),
    ("program order is wire order", Tested),
    ("an address that does not answer hides no other", Tested),
    ("two spellings of a topic are one subscription", Tested),
    ("bytes are life, in both directions", Tested),
    ("rows and filters read as in queries", Tested),
    ("every frame is settled by its own answer", Tested),
    ("names of the protocol are refused", Tested),
    ("the proxies that HTTP honors are honored", Tested),
    ("live queries miss nothing and fetch little", Tested),
    ("every legal upgrade is accepted", Tested),
];

/// Prints every promise with what holds it, and fails where tests are promised and there are none.
pub(crate) fn run() -> Result<()> {
    let mut tests: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for folder in FOLDERS {
        collect(&workspace().join(folder), &mut tests)?;
    }
    let mut bare = Vec::new();
    for (index, (what, held)) in PROMISES.iter().enumerate() {
        let number = index + 1;
        let found = tests.get(&number).map(Vec::as_slice).unwrap_or_default();
        println!("{number:>2}  {what}");
        for test in found {
            println!("      test     {test}");
        }
        if *held != Tested {
            println!("      measure  cargo xtask bench promises");
        }
        if *held != Figure && found.is_empty() {
            bare.push(number);
        }
    }
    if !bare.is_empty() {
        bail!("nothing holds the client to the promises {bare:?}");
    }
    Ok(())
}

/// The promises with figures, which `cargo xtask bench promises` measures.
pub(crate) fn measured() -> BTreeSet<usize> {
    PROMISES
        .iter()
        .enumerate()
        .filter(|(_, (_, held))| *held != Tested)
        .map(|(index, _)| index + 1)
        .collect()
}

/// The promises a printed table has rows for.
pub(crate) fn in_table(table: &str) -> BTreeSet<usize> {
    table
        .lines()
        .filter_map(|line| {
            line.strip_prefix('|')?
                .split('|')
                .next()?
                .trim()
                .parse()
                .ok()
        })
        .collect()
}

/// The functions named after promises in every Rust file below a folder.
fn collect(folder: &Path, tests: &mut BTreeMap<usize, Vec<String>>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut paths: Vec<_> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, tests)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            for name in names(&fs::read_to_string(&path)?) {
                for number in numbers(name) {
                    tests.entry(number).or_default().push(name.to_owned());
                }
            }
        }
    }
    Ok(())
}

/// The test functions of a file that are named after promises.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let (_, rest) = line.split_once("fn ")?;
        let name = rest.split(['(', '<']).next()?;
        name.starts_with("promise_").then_some(name)
    })
}

/// The promises a name speaks of: `promise_19_and_20_…` of two.
fn numbers(name: &str) -> Vec<usize> {
    let mut numbers = Vec::new();
    for word in name.split('_').skip(1) {
        match word.parse() {
            Ok(number) => numbers.push(number),
            Err(_) if word == "and" => {}
            Err(_) => break,
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the benchmarks are.
    const BENCHES: &str = "crates/aerostack-realtime/benches";

    #[test]
    fn names_speak_of_one_promise_or_several() {
        assert_eq!(numbers("promise_07_first_wait_of_9"), [7]);
        assert_eq!(numbers("promise_19_and_20_drops"), [19, 20]);
        assert_eq!(numbers("promise_of_spring"), [0; 0]);
        let text = "#[test]\n    async fn promise_12_close() {\nfn other() {";
        assert_eq!(names(text).collect::<Vec<_>>(), ["promise_12_close"]);
    }

    /// The numbers of the rows that the benchmarks have in their source.
    fn rows(folder: &Path, found: &mut BTreeSet<usize>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                rows(&path, found);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                let after = text.split("Promise(").skip(1);
                found
                    .extend(after.filter_map(|rest| rest.split(')').next()?.parse::<usize>().ok()));
            }
        }
        // The row of figures beside the promises.
        found.remove(&0);
    }

    #[test]
    fn every_promise_that_claims_a_measurement_has_a_row_and_no_other() {
        let mut found = BTreeSet::new();
        rows(&workspace().join(BENCHES), &mut found);
        assert_eq!(found, measured());
    }

    #[test]
    fn a_table_tells_which_promises_it_speaks_of() {
        let table =
            "| promise | what |\n| --- | --- |\n| 48 | events |\n|  | p99 |\n| 2 | topics |";
        assert_eq!(in_table(table), BTreeSet::from([2, 48]));
    }

    #[test]
    fn every_promise_that_claims_tests_has_them() {
        run().unwrap();
    }
}
