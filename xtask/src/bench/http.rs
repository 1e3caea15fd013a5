//! The HTTP client beside hand-written code: time, instructions and the heap, in one table.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::document::workspace;
use crate::sh;

/// What the committed limits say: per row, the most that the SDK may cost beside its baseline.
const LIMITS: &str = "crates/aerostack-bench/limits.json";

/// What is measured of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// Median of a call, in microseconds.
    Time,
    /// Instructions of a call, counted by callgrind.
    Instructions,
    /// Allocations of a call.
    Allocations,
    /// The most heap that a call holds, in KiB.
    Peak,
    /// Calls per second.
    Rate,
    /// The 99th percentile of a call, in microseconds.
    Tail,
}

impl Measure {
    fn name(self) -> &'static str {
        match self {
            Self::Time => "time, us",
            Self::Instructions => "instructions",
            Self::Allocations => "allocations",
            Self::Peak => "peak heap, KiB",
            Self::Rate => "calls/s",
            Self::Tail => "p99, us",
        }
    }

    /// Whether the same code gives the same figure.
    fn is_exact(self) -> bool {
        matches!(self, Self::Instructions | Self::Allocations | Self::Peak)
    }
}

/// A row: a case, a measure, and the ratio to stay below; above, for a rate.
type Planned = (&'static str, &'static str, Measure, f64);

const ROWS: &[Planned] = &[
    ("query", "one small `db().query`", Measure::Time, 1.05),
    (
        "query",
        "one small `db().query`",
        Measure::Instructions,
        1.08,
    ),
    (
        "query",
        "one small `db().query`",
        Measure::Allocations,
        1.10,
    ),
    (
        "cache-get",
        "`cache().get` of a small value",
        Measure::Time,
        1.05,
    ),
    (
        "cache-get",
        "`cache().get` of a small value",
        Measure::Instructions,
        1.08,
    ),
    (
        "cache-get",
        "`cache().get` of a small value",
        Measure::Allocations,
        1.10,
    ),
    (
        "batch-25",
        "`db().batch` of 25 statements",
        Measure::Time,
        1.05,
    ),
    (
        "batch-25",
        "`db().batch` of 25 statements",
        Measure::Allocations,
        1.00,
    ),
    (
        "rows-1k",
        "1,000 rows x 4 into structs",
        Measure::Instructions,
        1.00,
    ),
    (
        "rows-10k",
        "10,000 rows x 4 into structs",
        Measure::Time,
        1.00,
    ),
    (
        "rows-100k",
        "100,000 rows x 6 into structs",
        Measure::Time,
        1.00,
    ),
    (
        "rows-100k",
        "100,000 rows x 6 into structs",
        Measure::Peak,
        1.05,
    ),
    (
        "one-of-10k",
        "`query_one` over 10,000 rows",
        Measure::Time,
        0.89,
    ),
    ("chat-100k", "chat of 100,000 deltas", Measure::Time, 1.15),
    (
        "chat-100k",
        "chat of 100,000 deltas",
        Measure::Allocations,
        1.00,
    ),
    (
        "first-call",
        "a client and its first call",
        Measure::Time,
        1.05,
    ),
    ("concurrent 1", "1 call under way", Measure::Rate, 0.97),
    ("concurrent 16", "16 calls under way", Measure::Rate, 0.97),
    ("concurrent 16", "16 calls under way", Measure::Tail, 1.10),
    ("concurrent 256", "256 calls under way", Measure::Rate, 0.97),
    ("concurrent 256", "256 calls under way", Measure::Tail, 1.10),
    ("download", "100 MiB to a file", Measure::Time, 1.03),
    ("download", "100 MiB to a file", Measure::Peak, 4.0),
    ("upload", "100 MiB from a file", Measure::Time, 1.03),
    ("upload", "100 MiB from a file", Measure::Peak, 4.0),
];

struct Row {
    planned: Planned,
    bare: f64,
    sdk: f64,
}

impl Row {
    fn ratio(&self) -> f64 {
        self.sdk / self.bare
    }

    fn key(&self) -> String {
        format!("{}: {}", self.planned.0, self.planned.2.name())
    }

    fn is_met(&self) -> bool {
        let (.., measure, target) = self.planned;
        match measure {
            Measure::Rate => self.ratio() >= target,
            _ => self.ratio() <= target,
        }
    }
}

/// What becomes of the committed limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limits {
    Ignore,
    Check,
    Raise,
}

/// Measures and prints.
pub(super) fn run(as_json: bool, limits: Limits) -> Result<()> {
    let programs = build()?;
    let mut rows = Vec::new();
    let mut skipped = Vec::new();
    for planned in ROWS {
        let exact = planned.2.is_exact();
        if limits != Limits::Ignore && !exact {
            continue;
        }
        match measure(&programs, *planned)? {
            Some((bare, sdk)) => rows.push(Row {
                planned: *planned,
                bare,
                sdk,
            }),
            None => skipped.push(*planned),
        }
    }
    match as_json {
        true => println!("{:#}", as_value(&rows)),
        false => print!("{}", table(&rows)),
    }
    if !skipped.is_empty() {
        eprintln!(
            "{} rows of instructions were skipped: valgrind is not installed",
            skipped.len()
        );
    }
    match limits {
        Limits::Ignore => Ok(()),
        Limits::Check => check(&rows),
        Limits::Raise => raise(&rows),
    }
}

struct Programs {
    work: PathBuf,
    heap: PathBuf,
}

fn build() -> Result<Programs> {
    let built = sh::cargo(&[
        "build",
        "--release",
        "--quiet",
        "--package",
        "aerostack-bench",
    ]);
    ensure!(
        { built }.status().context("cannot start cargo")?.success(),
        "the benchmarks do not build"
    );
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| workspace().join("target"), PathBuf::from);
    let program = |name: &str| target.join("release").join(name);
    Ok(Programs {
        work: program("aerostack-bench"),
        heap: program("heap"),
    })
}

/// The figures of both sides; none where the tool for it is missing.
fn measure(programs: &Programs, (case, _, measure, _): Planned) -> Result<Option<(f64, f64)>> {
    let work = &programs.work;
    let pair = |line: &Value, suffix: &str, unit: f64| -> Result<Option<(f64, f64)>> {
        let figure = |side: &str| {
            let key = format!("{side}{suffix}");
            line[&key]
                .as_f64()
                .with_context(|| format!("no figure `{key}`"))
        };
        Ok(Some((figure("bare")? / unit, figure("sdk")? / unit)))
    };
    match measure {
        Measure::Time => pair(&printed(Command::new(work).args(["time", case]))?, "", 1e3),
        Measure::Rate => pair(&printed(Command::new(work).args(case.split(' ')))?, "", 1.0),
        Measure::Tail => pair(
            &printed(Command::new(work).args(case.split(' ')))?,
            "_p99",
            1e3,
        ),
        Measure::Allocations => pair(
            &printed(Command::new(&programs.heap).arg(case).arg(work))?,
            "",
            1.0,
        ),
        Measure::Peak => pair(
            &printed(Command::new(&programs.heap).arg(case).arg(work))?,
            "_peak",
            1024.0,
        ),
        Measure::Instructions => instructions(work, case),
    }
}

fn printed(command: &mut Command) -> Result<Value> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start a benchmark")?;
    ensure!(
        output.status.success(),
        "the benchmark failed ({})",
        output.status
    );
    serde_json::from_slice(&output.stdout).context("the benchmark printed no figures")
}

/// Instructions of one call: the difference between many calls and few, so that what happens once is left out.
fn instructions(program: &Path, case: &str) -> Result<Option<(f64, f64)>> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return Ok(None);
    }
    let mut server = Command::new(program)
        .arg("serve")
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the server")?;
    let result = (|| {
        let mut address = String::new();
        let stdout = server.stdout.take().context("the server has no output")?;
        std::io::BufRead::read_line(&mut std::io::BufReader::new(stdout), &mut address)?;
        let url = format!("http://{}", address.trim());
        let (few, many) = match case {
            "rows-1k" => (5, 25),
            _ => (100, 600),
        };
        let per_call = |side: &str| -> Result<f64> {
            let few_calls = counted(program, case, side, few, &url)?;
            let many_calls = counted(program, case, side, many, &url)?;
            Ok((many_calls - few_calls) / f64::from(many - few))
        };
        Ok(Some((per_call("bare")?, per_call("sdk")?)))
    })();
    let _ = server.kill();
    let _ = server.wait();
    result
}

fn counted(program: &Path, case: &str, side: &str, calls: u32, url: &str) -> Result<f64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["repeat", case, side, &calls.to_string(), url])
        .output()
        .context("cannot start valgrind")?;
    let text = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "callgrind failed: {text}");
    text.lines()
        .find_map(|line| line.split_once("Collected : "))
        .and_then(|(_, count)| count.trim().parse().ok())
        .context("callgrind printed no count")
}

fn table(rows: &[Row]) -> String {
    let mut text = String::from(
        "| work | measure | by hand | SDK | ratio | target | met |\n|---|---|--:|--:|--:|--:|---|\n",
    );
    for row in rows {
        let (_, work, measure, target) = row.planned;
        let sign = if measure == Measure::Rate { ">=" } else { "<=" };
        let met = if row.is_met() { "yes" } else { "no" };
        let _ = writeln!(
            text,
            "| {work} | {} | {} | {} | {:.3} | {sign} {target:.2} | {met} |",
            measure.name(),
            figure(row.bare),
            figure(row.sdk),
            row.ratio(),
        );
    }
    text
}

fn figure(value: f64) -> String {
    match value {
        _ if value >= 1000.0 => format!("{value:.0}"),
        _ => format!("{value:.1}"),
    }
}

fn as_value(rows: &[Row]) -> Value {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            let (case, work, measure, target) = row.planned;
            json!({
                "case": case, "work": work, "measure": measure.name(), "by_hand": row.bare,
                "sdk": row.sdk, "ratio": row.ratio(), "target": target, "met": row.is_met(),
            })
        })
        .collect();
    Value::from(rows)
}

/// Fails where a row costs more than its limit.
fn check(rows: &[Row]) -> Result<()> {
    let limits = limits()?;
    let over: Vec<String> = rows
        .iter()
        .filter_map(|row| {
            let limit = limits[row.key()].as_f64();
            let ratio = row.ratio();
            match limit {
                Some(limit) if ratio <= limit => None,
                Some(limit) => Some(format!(
                    "{}: {ratio:.3} of the baseline, limit {limit:.3}",
                    row.key()
                )),
                None => Some(format!("{}: no limit is committed", row.key())),
            }
        })
        .collect();
    if over.is_empty() {
        return Ok(());
    }
    bail!(
        "{}\nfind out why; `cargo xtask bench http --raise` takes today's figures for limits",
        over.join("\n")
    );
}

/// Takes today's figures, and 2 % for other compilers, for limits. The heap of what is streamed depends a little on how
/// the bytes arrive, so there the target is the limit.
fn raise(rows: &[Row]) -> Result<()> {
    let mut limits = limits().unwrap_or_else(|_| json!({}));
    for row in rows {
        let limit = match row.planned {
            (.., Measure::Peak, target) if row.is_met() => target,
            _ => (row.ratio() * 1.02 * 1000.0).ceil() / 1000.0,
        };
        limits[row.key()] = json!(limit);
    }
    let path = workspace().join(LIMITS);
    std::fs::write(&path, format!("{limits:#}\n")).context("cannot write the limits")?;
    println!("wrote {LIMITS}");
    Ok(())
}

fn limits() -> Result<Value> {
    let path = workspace().join(LIMITS);
    let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {LIMITS}"))?;
    serde_json::from_str(&text).with_context(|| format!("{LIMITS} is not JSON"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exact_row_has_a_limit() {
        let limits = limits().unwrap();
        for planned in ROWS.iter().filter(|row| row.2.is_exact()) {
            let row = Row {
                planned: *planned,
                bare: 1.0,
                sdk: 1.0,
            };
            assert!(limits[row.key()].is_f64(), "{} has no limit", row.key());
        }
    }

    #[test]
    fn a_row_over_its_limit_is_named() {
        let planned = ROWS.iter().find(|row| row.2.is_exact()).unwrap();
        let row = Row {
            planned: *planned,
            bare: 1.0,
            sdk: 100.0,
        };
        let error = check(&[row]).unwrap_err().to_string();
        assert!(error.contains("100.000 of the baseline"), "{error}");
    }
}
