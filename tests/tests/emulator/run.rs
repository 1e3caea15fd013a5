//! Plays everything against one local platform and keeps what came of it.

use std::sync::LazyLock;

use aerostack_contract::cases::has_handle;
use aerostack_contract::report::Report;
use aerostack_contract::{Document, Exchange, Operation};

use crate::flows::FLOWS;
use crate::refusals::{REFUSALS, Refusal};
use crate::stage::Stage;

/// A request and what was answered.
pub(crate) struct Asked {
    pub(crate) exchange: Exchange,
    pub(crate) answer: String,
}

/// Everything that was played.
pub(crate) struct Run {
    pub(crate) document: std::sync::Arc<Document>,
    /// The document's own examples.
    pub(crate) examples: Vec<Asked>,
    /// What must be refused.
    pub(crate) refusals: Vec<(&'static Refusal, Operation, Asked)>,
    /// Scenarios, by name, and what stopped them.
    pub(crate) flows: Vec<(&'static str, Option<String>)>,
    /// What the scenarios sent through Prism.
    pub(crate) checked: Vec<Exchange>,
    /// What they sent directly.
    pub(crate) direct: Vec<Exchange>,
    /// Where Prism listened.
    proxies: Vec<String>,
}

/// The run, made by whichever test comes first. Prism lives only as long as it takes.
pub(crate) static RUN: LazyLock<Run> = LazyLock::new(|| {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run()).expect("a run")
});

async fn run() -> anyhow::Result<Run> {
    let stage = Stage::new().await?;
    let operations = || {
        stage
            .document
            .operations()
            .iter()
            .filter(|operation| has_handle(&operation.id))
    };
    let (mut examples, mut refusals, mut flows) = (Vec::new(), Vec::new(), Vec::new());
    // First, while nothing is there yet.
    for operation in operations() {
        for refusal in REFUSALS {
            if operation.responses.contains_key(&refusal.status) && (refusal.applies)(operation) {
                let (exchange, answer) = (refusal.ask)(&stage, operation.clone()).await?;
                refusals.push((refusal, operation.clone(), Asked { exchange, answer }));
            }
        }
    }
    for flow in FLOWS {
        let outcome = (flow.run)(&stage).await;
        flows.push((flow.name, outcome.err().map(|error| format!("{error:?}"))));
    }
    let (checked, direct) = (stage.checked.take(), stage.direct.take());
    for operation in operations() {
        let way = stage.way(operation, &stage.checked);
        let (exchange, answer) = stage.send(way, operation, |request| request).await?;
        examples.push(Asked { exchange, answer });
    }
    let proxies = stage
        .proxies
        .iter()
        .map(|prism| prism.url().to_owned())
        .collect();
    let run = Run {
        proxies,
        document: stage.document.clone(),
        examples,
        refusals,
        flows,
        checked,
        direct,
    };
    run.report().write("emulator")?;
    Ok(run)
}

impl Run {
    /// Everything that went by, and whether it went through Prism.
    pub(crate) fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        let asked = self
            .examples
            .iter()
            .chain(self.refusals.iter().map(|(_, _, asked)| asked));
        asked
            .map(|asked| &asked.exchange)
            .chain(&self.checked)
            .chain(&self.direct)
    }

    /// The operation that an exchange belongs to.
    pub(crate) fn operation(&self, exchange: &Exchange) -> Option<&Operation> {
        self.document.operation(exchange.operation.as_deref()?)
    }

    fn proxied(&self, exchange: &Exchange) -> bool {
        self.proxies.contains(&exchange.upstream)
    }

    fn report(&self) -> Report {
        let mut report = Report::default();
        for exchange in self
            .exchanges()
            .filter(|exchange| exchange.objection().is_none())
        {
            if let Some(operation) = self.operation(exchange) {
                let seen = report.of(&operation.id);
                let statuses = if self.proxied(exchange) {
                    &mut seen.statuses
                } else {
                    &mut seen.direct
                };
                statuses.insert(exchange.status);
            }
        }
        report
    }
}
