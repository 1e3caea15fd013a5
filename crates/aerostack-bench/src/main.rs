//! Measures time, and does the work that callgrind measures.
//!
//! `serve` runs the server; `time CASE` prints medians in nanoseconds; `repeat CASE SIDE N URL` does the work N times;
//! `concurrent N` prints calls per second and the 99th percentile of both sides.

#![allow(clippy::print_stdout, reason = "it is how a program gives its figures")]

use std::{
    env,
    path::PathBuf,
    time::{Duration, Instant},
};

use aerostack_bench::{
    case::{Bench, Case, Side},
    server::{self, FILE, Server},
};
use anyhow::{Context, Result, bail};
use futures_util::{StreamExt, stream};
use serde_json::json;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match arguments.as_slice() {
        ["serve"] => server::serve(),
        ["time", case] => runtime.block_on(time(Case::named(case)?)),
        ["concurrent", width] => runtime.block_on(concurrent(width.parse()?)),
        ["repeat", case, side, times, url] => {
            let side = match *side {
                "bare" => Side::Bare,
                "sdk" => Side::Sdk,
                other => bail!("there is no side `{other}`"),
            };
            let (case, times) = (Case::named(case)?, times.parse::<u64>()?);
            runtime.block_on(async {
                let bench = Bench::new(url, &env::temp_dir())?;
                for _ in 0..times {
                    bench.run(case, side).await?;
                }
                Ok(())
            })
        }
        _ => bail!("usage: serve | time CASE | concurrent N | repeat CASE SIDE N URL"),
    }
}

/// A folder with the file that is uploaded.
fn folder() -> Result<PathBuf> {
    let folder = env::temp_dir().join(format!("aerostack-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("upload"), vec![7; FILE])?;
    Ok(folder)
}

/// Alternates between the sides, so that whatever else the machine does hits both.
async fn time(case: Case) -> Result<()> {
    let server = Server::start(&env::current_exe()?)?;
    let folder = match case {
        Case::Download | Case::Upload => folder()?,
        _ => env::temp_dir(),
    };
    let bench = Bench::new(&server.url, &folder)?;
    let (rounds, calls) = match case {
        Case::Query | Case::Get | Case::Batch => (60, 100),
        Case::Rows1k | Case::First => (40, 20),
        Case::Rows10k | Case::One10k => (40, 3),
        Case::Rows100k | Case::Chat => (12, 1),
        Case::Download | Case::Upload => (5, 1),
    };
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..=rounds {
        for (side, times) in [Side::Bare, Side::Sdk].into_iter().zip(&mut times) {
            let started = Instant::now();
            for _ in 0..calls {
                bench.run(case, side).await?;
            }
            // The first round warms up.
            if round > 0 {
                times.push(started.elapsed() / calls);
            }
        }
    }
    if matches!(case, Case::Download | Case::Upload) {
        std::fs::remove_dir_all(&folder)?;
    }
    let [bare, sdk] = times.map(median);
    let line = json!({ "bare": bare.as_nanos() as u64, "sdk": sdk.as_nanos() as u64 });
    println!("{line}");
    Ok(())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Keeps `width` calls under way.
async fn concurrent(width: usize) -> Result<()> {
    const CALLS: usize = 20_000;
    let server = Server::start(&env::current_exe()?)?;
    let bench = Bench::new(&server.url, &env::temp_dir())?;
    let mut best = [(0.0, Duration::MAX), (0.0, Duration::MAX)];
    for _ in 0..5 {
        for (side, best) in [Side::Bare, Side::Sdk].into_iter().zip(&mut best) {
            let started = Instant::now();
            let bench = &bench;
            let mut latencies: Vec<Duration> = stream::iter(0..CALLS)
                .map(|_| async move {
                    let started = Instant::now();
                    bench.run(Case::Get, side).await.map(|()| started.elapsed())
                })
                .buffer_unordered(width)
                .collect::<Vec<_>>()
                .await
                .into_iter()
                .collect::<Result<_>>()?;
            let rate = CALLS as f64 / started.elapsed().as_secs_f64();
            latencies.sort_unstable();
            let late = latencies.get(CALLS * 99 / 100).context("no calls")?;
            if rate > best.0 {
                *best = (rate, *late);
            }
        }
    }
    let [bare, sdk] = best;
    let line = json!({
        "bare": bare.0, "sdk": sdk.0,
        "bare_p99": bare.1.as_nanos() as u64, "sdk_p99": sdk.1.as_nanos() as u64,
    });
    println!("{line}");
    Ok(())
}
