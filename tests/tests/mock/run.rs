//! Makes every call of the table and keeps what was sent, what came back and what the SDK made of it.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use aerostack_contract::cases::CASES;
use aerostack_contract::report::Report;
use aerostack_contract::wire::{GENERATED, WRITTEN};
use aerostack_contract::{
    Case, Document, Exchange, Operation, Outcome, Planted, Prism, Recorder, Sdk,
};
use serde_json::Value;

/// Rounds of made-up answers for each case. Prism makes up the same answer for the same seed.
const ROUNDS: usize = 25;

/// A call that was made.
pub(crate) struct Made {
    pub(crate) case: &'static Case,
    pub(crate) operation: Operation,
    /// The status that was asked for.
    pub(crate) status: u16,
    /// What the SDK returned.
    pub(crate) outcome: Outcome,
    /// What went over the wire.
    pub(crate) exchanges: Vec<Exchange>,
}

impl Made {
    /// What to call it in a message.
    pub(crate) fn name(&self) -> String {
        format!(
            "{} ({}) asked for {}",
            self.operation.id,
            self.case.handle(),
            self.status
        )
    }

    /// What the document shows as the answer.
    pub(crate) fn example(&self) -> Value {
        let content = &self.operation.responses[&self.status].content;
        let (_, example) = content.iter().next().expect("a success without a body");
        example.clone().expect("a success without an example")
    }
}

/// All calls of one run.
pub(crate) struct Run {
    pub(crate) document: Arc<Document>,
    /// One for each declared status of each case.
    pub(crate) declared: Vec<Made>,
    /// Made-up answers of success.
    pub(crate) dynamic: Vec<Made>,
}

/// The run, made by whichever test comes first. Prism lives only as long as it takes.
pub(crate) static RUN: LazyLock<Run> = LazyLock::new(|| {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(run()).unwrap()
});

async fn run() -> anyhow::Result<Run> {
    let document = Arc::new(Document::load()?);
    let prism = Prism::mock(&Document::path()).await?;
    let planted = Planted {
        api_key: "ac_secret_example".into(),
        user_token: "user.token.example".into(),
        consumer_key: "ask_test_example".into(),
    };
    let recorder = Recorder::start(Arc::clone(&document), prism.url(), planted.clone()).await?;
    let sdk = Sdk::new(Arc::clone(&document), &recorder.url(), planted)?;
    let (mut declared, mut dynamic) = (Vec::new(), Vec::new());
    for case in GENERATED.iter().chain(WRITTEN).chain(CASES) {
        let Some(operation) = document.operation(case.operation) else {
            anyhow::bail!(
                "the table names {}, which the document does not have",
                case.operation
            );
        };
        let made = |status, outcome| Made {
            case,
            operation: operation.clone(),
            status,
            outcome,
            exchanges: recorder.take(),
        };
        for status in operation.responses.keys() {
            recorder.prefer(&format!("code={status}"))?;
            let outcome = (case.call)(&sdk).await;
            declared.push(made(*status, outcome));
        }
        // What a made-up answer says need not make sense to a handle; the tests of tolerance hold those.
        let rounds = if of_handle(case) { 0 } else { ROUNDS };
        for round in 0..rounds {
            let status = operation.success().unwrap_or(200);
            recorder.prefer(&format!("code={status}, dynamic=true, seed={round}"))?;
            let outcome = (case.call)(&sdk).await;
            dynamic.push(made(status, outcome));
        }
    }
    let run = Run {
        document,
        declared,
        dynamic,
    };
    run.report().write("mock")?;
    Ok(run)
}

/// Whether a row is one of the handles'.
fn of_handle(case: &Case) -> bool {
    CASES.iter().any(|row| std::ptr::eq(row, case))
}

impl Run {
    /// The statuses of an operation that came back through Prism without an objection.
    pub(crate) fn exercised(&self, operation: &str) -> BTreeSet<u16> {
        self.declared
            .iter()
            .flat_map(|made| &made.exchanges)
            .filter(|exchange| {
                exchange.operation.as_deref() == Some(operation) && exchange.fault().is_none()
            })
            .map(|exchange| exchange.status)
            .collect()
    }

    fn report(&self) -> Report {
        let mut report = Report::default();
        for made in &self.declared {
            let seen = report.of(&made.operation.id);
            seen.statuses = self.exercised(&made.operation.id);
            // The generated client reaches everything by its nature; what counts is how people do.
            if of_handle(made.case) {
                seen.handles.insert(made.case.handle());
            }
        }
        for made in self.dynamic.iter().filter(|made| made.outcome.is_ok()) {
            report.of(&made.operation.id).dynamic += 1;
        }
        report
    }
}
