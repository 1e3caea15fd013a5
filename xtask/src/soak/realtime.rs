//! Realtime's promises with as many cases as they speak of.

use std::fmt::Write as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::sh;
use crate::soak::Outcome;
use crate::soak::sheet::PROFILE;

const WORDS: &str = "\
The tests that `cargo test` runs in short, with `REALTIME_CASES=long`. Each prints how many cases it went through and
what it found, and fails where the promise does not hold.
";

struct Long {
    promise: u8,
    package: &'static str,
    target: &'static str,
    test: &'static str,
    /// A run that counts fewer proves too little.
    least: u64,
}

const CLIENT: &str = "aerostack-realtime";
const SERVER: &str = "aerostack-emulator";
/// The tests beside the code.
const LIB: &str = "lib";

const TESTS: [Long; 9] = [
    Long {
        promise: 3,
        package: CLIENT,
        target: "it",
        test: "subscriptions::promise_03_the_wire_converges_to_what_is_wanted",
        least: 10_000,
    },
    Long {
        promise: 13,
        package: CLIENT,
        target: "leaks",
        test: "promise_13_losing_the_connection_over_and_over_leaves_nothing_behind",
        least: 10_000,
    },
    Long {
        promise: 20,
        package: CLIENT,
        target: "it",
        test: "backpressure::promise_20_a_slow_reader_sees_at_most_one_lag_item_for_each_time_it_reads",
        least: 1_000_000,
    },
    Long {
        promise: 25,
        package: CLIENT,
        target: "it",
        test: "outbound::promise_25_publishing_from_the_loop_that_reads_never_deadlocks",
        least: 100_000,
    },
    Long {
        promise: 28,
        package: CLIENT,
        target: "processes",
        test: "promise_28_ids_never_repeat_across_processes",
        least: 1_000_000,
    },
    Long {
        promise: 40,
        package: CLIENT,
        target: "it",
        test: "fuzz::promise_40_random_frames_upset_nothing",
        least: 1_000_000,
    },
    Long {
        promise: 53,
        package: CLIENT,
        target: LIB,
        test: "task::topics::tests::promise_53_whoever_waits_for_a_subscription_has_a_deadline",
        least: 1_000_000,
    },
    Long {
        promise: 55,
        package: CLIENT,
        target: LIB,
        test: "task::topics::backfill::tests::promise_55_a_gap_says_complete_only_where_exactly_what_is_missing_follows",
        least: 1_000_000,
    },
    Long {
        promise: 40,
        package: SERVER,
        target: "realtime",
        test: "fuzz::damaged_frames_upset_nothing",
        least: 1_000_000,
    },
];

pub(crate) fn run() -> Result<Outcome> {
    for package in [CLIENT, SERVER] {
        let mut build = sh::cargo(&["test", "--quiet", "--profile", PROFILE, "--tests"]);
        build.args(["--package", package, "--no-run"]);
        sh::run(build)?;
    }
    let mut page = format!(
        "{WORDS}\n| Promise | What was done, and what came of it | Took |\n|--:|---|--:|\n"
    );
    let mut problems = Vec::new();
    for long in &TESTS {
        let start = Instant::now();
        let told = long.run()?;
        let _ = writeln!(page, "{}", long.row(&told, start.elapsed()));
        problems.extend(long.too_few(&told));
    }
    Ok(Outcome {
        summary: format!("{} tests at full length hold", TESTS.len()),
        page,
        problems,
    })
}

impl Long {
    /// What the test printed of its promise. A test that fails is an error.
    fn run(&self) -> Result<Vec<String>> {
        println!("--- {}", self.test);
        let output = sh::cargo(&["test", "--quiet", "--profile", PROFILE])
            .args(["--package", self.package])
            .args(self.of_target())
            .args(["--", "--exact", self.test, "--nocapture"])
            .env("REALTIME_CASES", "long")
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("cannot start {}", self.test))?;
        let text = String::from_utf8_lossy(&output.stdout);
        print!("{text}");
        if !output.status.success() {
            bail!("{} failed ({})", self.test, output.status);
        }
        Ok(self.told(&text))
    }

    fn of_target(&self) -> Vec<&'static str> {
        match self.target {
            LIB => vec!["--lib"],
            target => vec!["--test", target],
        }
    }

    fn told(&self, printed: &str) -> Vec<String> {
        let start = format!("promise {}: ", self.promise);
        // libtest puts its own progress before the first line.
        let line = |line: &str| Some(line.split_once(&start)?.1.to_owned());
        printed.lines().filter_map(line).collect()
    }

    fn row(&self, told: &[String], took: Duration) -> String {
        let (promise, told) = (self.promise, told.join("; "));
        format!("| {promise} | {told} | {} s |", took.as_secs())
    }

    fn too_few(&self, told: &[String]) -> Option<String> {
        let number = |line: &String| line.split(' ').next()?.parse::<u64>().ok();
        let most = told.iter().filter_map(number).max().unwrap_or_default();
        (most < self.least).then(|| format!("{}: {most} of {} cases", self.test, self.least))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_test_tells_is_found_and_counted() {
        let long = &TESTS[0];
        let printed =
            "running 1 test\npromise 3: 10000 histories\n.promise 3: 0 differ\npromise 31: 7\n";
        let told = long.told(printed);
        assert_eq!(told, ["10000 histories", "0 differ"]);
        assert_eq!(
            long.row(&told, Duration::from_millis(61_500)),
            "| 3 | 10000 histories; 0 differ | 61 s |"
        );
        assert_eq!(long.too_few(&told), None);
        assert!(
            long.too_few(&long.told("promise 3: 512 histories"))
                .is_some()
        );
        assert!(long.too_few(&[]).is_some());
    }

    #[test]
    fn every_long_test_is_there() {
        for long in &TESTS {
            let name = long.test.rsplit("::").next().unwrap();
            let package = crate::document::workspace()
                .join("crates")
                .join(long.package);
            if long.target == LIB {
                let (module, _) = long.test.rsplit_once("::").unwrap();
                let file = package.join("src").join(module.replace("::", "/") + ".rs");
                assert!(
                    std::fs::read_to_string(file)
                        .unwrap()
                        .contains(&format!("fn {name}("))
                );
                continue;
            }
            let folder = package.join("tests");
            let single = folder.join(format!("{}.rs", long.target));
            let files = if single.exists() {
                vec![single]
            } else {
                let files = std::fs::read_dir(folder.join(long.target)).unwrap();
                files.map(|file| file.unwrap().path()).collect()
            };
            let needle = format!("fn {name}(");
            let found = files
                .iter()
                .any(|file| std::fs::read_to_string(file).unwrap().contains(&needle));
            assert!(found, "{name}");
        }
    }
}
