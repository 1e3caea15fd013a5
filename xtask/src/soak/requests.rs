//! schemathesis makes up requests from the document and judges what the local platform answers.

use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::document::{self, workspace};
use crate::lint::model::Model;
use crate::soak::platform::Platform;
use crate::soak::report::Report;
use crate::soak::{Options, Outcome, folder, python};

/// A run with fewer cases proves too little.
const FEWEST_CASES: usize = 2_000;

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";

pub(crate) fn run(options: &Options) -> Result<Outcome> {
    let document = document::load()?;
    let model = Model::read(&document)?;
    let folder = folder();
    let python = python::install(&folder)?;
    let platform = Platform::start(&folder)?;
    println!("the local platform listens at {}", platform.url);
    let config = folder.join("schemathesis.toml");
    std::fs::write(&config, platform.config()?)?;
    let (events, summary) = (folder.join("events.ndjson"), folder.join("summary.json"));
    for old in [&events, &summary] {
        let _ = std::fs::remove_file(old);
    }
    let mut schemathesis = Command::new(python::tool(&folder, "schemathesis"));
    schemathesis
        .current_dir(&folder)
        .arg("--config-file")
        .arg(&config)
        .arg("run")
        .arg(workspace().join(document::PATH))
        .args(["--url", &platform.url, "--checks", CHECKS])
        .args(["--phases", "examples,coverage,fuzzing", "--workers", "1"])
        .args(["--max-examples", &options.cases.to_string()])
        .args(["--seed", &options.seed.to_string()])
        .args(["--generation-database", "none", "--no-shrink"])
        .args(["--continue-on-failure", "--request-timeout", "30"])
        .args(["--no-color", "--warnings", "off", "--report", "ndjson,json"])
        .arg("--report-ndjson-path")
        .arg(&events)
        .arg("--report-json-path")
        .arg(&summary);
    let log = folder.join("schemathesis.log");
    let out = std::fs::File::create(&log)?;
    schemathesis.stderr(out.try_clone()?).stdout(out);
    println!("schemathesis runs; it tells more in {}", log.display());
    let child = schemathesis.spawn().context("cannot start schemathesis")?;
    // Its verdict is in what it reports; 1 stands for any finding, excused or not.
    let ended = wait(child, Duration::from_secs(options.minutes * 60))?;
    if !matches!(ended, Some(0 | 1)) {
        bail!("schemathesis ended with {ended:?}; see {}", log.display());
    }
    let text = |path: &Path| {
        std::fs::read_to_string(path).with_context(|| {
            format!(
                "schemathesis left no {}; see {}",
                path.display(),
                log.display()
            )
        })
    };
    let report = Report::read(&model, &text(&events)?, &text(&summary)?)?;
    let page = report.page(&[
        format!("schemathesis {}", report.version),
        python,
        platform.version.clone(),
        format!(
            "document {}",
            document["info"]["version"].as_str().unwrap_or("?")
        ),
    ]);
    let mut problems = report.problems();
    if report.cases() < FEWEST_CASES {
        problems.push(format!(
            "{} cases are fewer than {FEWEST_CASES}; raise --cases",
            report.cases()
        ));
    }
    Ok(Outcome {
        summary: report.summary(),
        page,
        problems,
    })
}

/// Waits for a program, but not for ever. Its exit code, if it has one.
fn wait(mut child: Child, longest: Duration) -> Result<Option<i32>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code());
        }
        if start.elapsed() > longest {
            let _ = child.kill();
            let _ = child.wait();
            bail!(
                "schemathesis was stopped after {} minutes",
                longest.as_secs() / 60
            );
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}
