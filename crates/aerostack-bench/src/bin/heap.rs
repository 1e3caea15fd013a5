//! Counts allocations and the peak of the heap: `heap CASE PROGRAM`, where PROGRAM can `serve`.

#![allow(clippy::print_stdout, reason = "it is how a program gives its figures")]

use std::{env, path::Path};

use aerostack_bench::{
    case::{Bench, Case, Side},
    server::{FILE, Server},
};
use allocation_counter::AllocationInfo;
use anyhow::{Result, bail};
use serde_json::json;

fn main() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [case, program] = arguments.as_slice() else {
        bail!("usage: heap CASE PROGRAM");
    };
    let case = Case::named(case)?;
    let server = Server::start(Path::new(program))?;
    let folder = env::temp_dir().join(format!("aerostack-bench-heap-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    if case == Case::Upload {
        std::fs::write(folder.join("upload"), vec![7; FILE])?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let bench = Bench::new(&server.url, &folder)?;
    let [bare, sdk] = [Side::Bare, Side::Sdk].map(|side| count(&runtime, &bench, case, side));
    let (bare, sdk) = (bare?, sdk?);
    std::fs::remove_dir_all(&folder)?;
    println!(
        "{}",
        json!({ "bare": bare.count_total, "sdk": sdk.count_total, "bare_peak": bare.bytes_max, "sdk_peak": sdk.bytes_max })
    );
    Ok(())
}

/// The least of several runs: now and then a run also grows a buffer that is kept.
fn count(
    runtime: &tokio::runtime::Runtime,
    bench: &Bench,
    case: Case,
    side: Side,
) -> Result<AllocationInfo> {
    let runs = match case {
        Case::Rows100k | Case::Chat | Case::Download | Case::Upload => 2,
        _ => 30,
    };
    runtime.block_on(bench.run(case, side))?;
    let mut least: Option<AllocationInfo> = None;
    for _ in 0..runs {
        let mut result = Ok(());
        let info = allocation_counter::measure(|| {
            result = runtime.block_on(bench.run(case, side));
        });
        result?;
        if least.is_none_or(|least| info.count_total < least.count_total) {
            least = Some(info);
        }
    }
    Ok(least.unwrap_or_default())
}
