//! What schemathesis reports, judged and put into a table.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::lint::model::Model;

/// Findings that are none: what is found, where, and why it is right.
const EXCUSED: [(&str, &str, &[&str], &str); 2] = [
    (
        "ST108",
        "SSE event violates schema",
        &["aiChat", "gatewayChatCompletions"],
        "OpenAPI 3.0 describes a stream as one text; schemathesis takes it apart and holds each event against that \
         text's schema",
    ),
    (
        "ST105",
        "Undocumented Content-Type",
        &["storageGet"],
        "a file comes back with the type it was stored with; the document can only say that it is bytes",
    ),
];

/// Operations that made-up requests cannot make succeed, and why.
const UNREACHABLE: [(&str, &str); 3] = [
    ("publicAuthOtpVerify", "needs a code that was mailed"),
    ("publicAuthVerifyEmail", "needs a token that was mailed"),
    ("publicAuthResetPassword", "needs a token that was mailed"),
];

/// A whole run.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) version: String,
    seed: u64,
    rows: BTreeMap<String, Row>,
    /// What went wrong outside the operations.
    broken: Vec<String>,
}

/// What happened to one operation.
#[derive(Debug, Default)]
struct Row {
    declared: BTreeSet<u16>,
    /// How often each status came.
    statuses: BTreeMap<u16, usize>,
    /// Cases with a method that the path does not have.
    other_methods: usize,
    excused: usize,
    /// Findings, and how often.
    findings: BTreeMap<String, usize>,
}

impl Report {
    /// Reads the events of a run and its summary.
    pub(crate) fn read(model: &Model<'_>, events: &str, summary: &str) -> Result<Self> {
        let summary: Value = serde_json::from_str(summary).context("the summary is not JSON")?;
        let mut report = Self {
            version: text(&summary["schemathesis_version"]),
            seed: summary["seed"].as_u64().unwrap_or_default(),
            ..Self::default()
        };
        if summary["complete"] != true {
            report
                .broken
                .push(format!("the run did not end: {}", summary["stop_reason"]));
        }
        for error in summary["errors"].as_array().into_iter().flatten() {
            report.broken.push(format!("schemathesis failed: {error}"));
        }
        let mut labels = BTreeMap::new();
        for operation in &model.operations {
            let declared = operation
                .responses
                .iter()
                .map(|response| response.status.parse())
                .collect::<Result<_, _>>()?;
            labels.insert(operation.label(), operation.id.to_owned());
            let row = Row {
                declared,
                ..Row::default()
            };
            report.rows.insert(operation.id.to_owned(), row);
        }
        for line in events.lines() {
            let event: Value = serde_json::from_str(line).context("an event is not JSON")?;
            let recorder = &event["ScenarioFinished"]["recorder"];
            let Some(label) = recorder["label"].as_str() else {
                continue;
            };
            let Some(id) = labels.get(label) else {
                bail!("schemathesis reports {label}, which the document does not have");
            };
            report
                .rows
                .entry(id.clone())
                .or_default()
                .add(id, label, recorder);
        }
        Ok(report)
    }

    /// How many requests were sent.
    pub(crate) fn cases(&self) -> usize {
        self.rows.values().map(Row::cases).sum()
    }

    /// Everything that must not be.
    pub(crate) fn problems(&self) -> Vec<String> {
        let mut problems = self.broken.clone();
        for (id, row) in &self.rows {
            problems.extend(
                row.findings
                    .iter()
                    .map(|(finding, times)| format!("{id}: {finding} ({times} times)")),
            );
            let undeclared = row
                .statuses
                .keys()
                .filter(|status| **status >= 500 || !row.declared.contains(status));
            problems.extend(undeclared.map(|status| format!("{id} answered {status}")));
            let unreachable = UNREACHABLE.iter().any(|(known, _)| known == id);
            if row.successes() == 0 && !unreachable {
                problems.push(format!(
                    "{id} never succeeded; give it what it needs in tests/soak"
                ));
            }
        }
        problems
    }

    /// The run in one line.
    pub(crate) fn summary(&self) -> String {
        let sum = |of: fn(&Row) -> usize| self.rows.values().map(of).sum::<usize>();
        format!(
            "{} operations, {} cases, {} successes, {} server errors, {} undeclared statuses, {} findings",
            self.rows.len(),
            self.cases(),
            sum(Row::successes),
            sum(|row| row.times(|status| status >= 500)),
            sum(|row| row.times(|status| !row.declared.contains(&status))),
            sum(|row| row.findings.values().sum()),
        )
    }

    /// The table as it is committed.
    pub(crate) fn page(&self, versions: &[String]) -> String {
        let mut page = format!(
            "schemathesis makes requests up from `openapi/aerostack.yaml`, right and wrong ones, and judges what\n\
             `aerostack-emulator` answers: no server error, no status, type or header that is not declared, no body \
             against its\nschema.\n\n\
             - Seed: {}\n- Versions: {}\n\n\
             | Operation | Cases | Successes | Statuses | Other methods | Findings |\n|---|--:|--:|---|--:|--:|\n",
            self.seed,
            versions.join(", "),
        );
        for (id, row) in &self.rows {
            let statuses: Vec<_> = row
                .statuses
                .iter()
                .map(|(status, times)| format!("{status} × {times}"))
                .collect();
            page.push_str(&format!(
                "| `{id}` | {} | {} | {} | {} | {} |\n",
                row.cases(),
                row.successes(),
                statuses.join(", "),
                row.other_methods,
                row.findings.values().sum::<usize>(),
            ));
        }
        page.push_str(&format!("\n{}.\n", self.summary()));
        page.push_str(
            "\n*Other methods* are cases with a method that the path does not have; they are answered with 404 or \
             405.\n\nExcused findings:\n\n",
        );
        for (code, title, ids, why) in EXCUSED {
            let times: usize = ids
                .iter()
                .filter_map(|id| self.rows.get(*id))
                .map(|row| row.excused)
                .sum();
            page.push_str(&format!(
                "- {code}, {title}, for `{}`, {times} times: {why}.\n",
                ids.join("` and `")
            ));
        }
        page.push_str("\nNot expected to succeed:\n\n");
        for (id, why) in UNREACHABLE {
            page.push_str(&format!("- `{id}`: {why}.\n"));
        }
        page
    }
}

impl Row {
    /// Adds what one scenario saw.
    fn add(&mut self, id: &str, label: &str, recorder: &Value) {
        let method = label.split(' ').next().unwrap_or_default();
        for exchange in entries(&recorder["interactions"]) {
            let Some(status) = exchange["response"]["status_code"]
                .as_u64()
                .and_then(|status| u16::try_from(status).ok())
            else {
                self.find("no answer came".to_owned());
                continue;
            };
            if exchange["request"]["method"] == method {
                *self.statuses.entry(status).or_default() += 1;
            } else {
                self.other_methods += 1;
                if ![404, 405].contains(&status) {
                    self.find(format!(
                        "{} was answered {status}",
                        exchange["request"]["method"]
                    ));
                }
            }
        }
        let checks = entries(&recorder["checks"]).flat_map(|checks| checks.as_array());
        for check in checks.flatten().filter(|it| it["status"] == "failure") {
            let failure = &check["failure_info"]["failure"];
            let (code, title) = (text(&failure["code"]), text(&failure["title"]));
            let excused = EXCUSED.iter().any(|(known, called, ids, _)| {
                *known == code && *called == title && ids.contains(&id)
            });
            if excused {
                self.excused += 1;
            } else {
                let message = text(&failure["message"]).replace('\n', " ");
                let message: String = message.chars().take(300).collect();
                self.find(format!("{code} {title}: {message}"));
            }
        }
    }

    fn find(&mut self, finding: String) {
        *self.findings.entry(finding).or_default() += 1;
    }

    fn times(&self, of: impl Fn(u16) -> bool) -> usize {
        let matching = self.statuses.iter().filter(|(status, _)| of(**status));
        matching.map(|(_, times)| times).sum()
    }

    fn successes(&self) -> usize {
        self.times(|status| status < 300)
    }

    fn cases(&self) -> usize {
        self.times(|_| true) + self.other_methods
    }
}

fn entries(object: &Value) -> impl Iterator<Item = &Value> {
    object.as_object().into_iter().flat_map(|map| map.values())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document;

    const ID: &str = "storageGet";
    const LABEL: &str = "POST /v1/storage/get";

    /// A run in which everything succeeds once, and then these interactions and checks of `storageGet`.
    fn run(interactions: &Value, checks: &Value) -> Report {
        let document = document::load().unwrap();
        let model = Model::read(&document).unwrap();
        let mut events = String::from("{\"EngineStarted\":{}}\n");
        let mut scenario = |label: &str, interactions: &Value, checks: &Value| {
            let event = json!({"ScenarioFinished": {"recorder": {
                "label": label, "interactions": interactions, "checks": checks,
            }}});
            events.push_str(&format!("{event}\n"));
        };
        for operation in &model.operations {
            let label = operation.label();
            let status: u16 = operation
                .responses
                .iter()
                .find(|response| response.is_success())
                .map(|response| response.status.parse().unwrap())
                .unwrap();
            let method = label.split(' ').next().unwrap();
            scenario(&label, &json!({"a": exchange(method, status)}), &json!({}));
        }
        scenario(LABEL, interactions, checks);
        let summary = json!({
            "schemathesis_version": "4.0.0", "seed": 7, "started_at": "2026-01-05T10:30:00+00:00",
            "running_time": 1.5, "complete": true, "errors": [],
        });
        Report::read(&model, &events, &summary.to_string()).unwrap()
    }

    fn exchange(method: &str, status: u16) -> Value {
        json!({"request": {"method": method}, "response": {"status_code": status}})
    }

    fn failure(code: &str, title: &str) -> Value {
        json!({"a": [
            {"name": "one", "status": "success"},
            {"name": "two", "status": "failure", "failure_info": {"failure": {
                "code": code, "title": title, "message": "is not\nright",
            }}},
        ]})
    }

    #[test]
    fn declared_statuses_are_no_problem() {
        let answers = json!({"a": exchange("POST", 200), "b": exchange("POST", 404), "c": exchange("PUT", 405)});
        let report = run(&answers, &json!({}));
        assert_eq!(report.problems(), [""; 0]);
        let page = report.page(&["schemathesis 4.0.0".to_owned()]);
        assert!(
            page.contains("| `storageGet` | 4 | 2 | 200 × 2, 404 × 1 | 1 | 0 |"),
            "{page}"
        );
        assert!(page.contains("Seed: 7"), "{page}");
    }

    #[test]
    fn everything_that_must_not_be_is_a_problem() {
        let none = json!({});
        for (answers, checks, says) in [
            (
                json!({"b": exchange("POST", 500)}),
                none.clone(),
                "answered 500",
            ),
            (
                json!({"b": exchange("POST", 418)}),
                none.clone(),
                "answered 418",
            ),
            (
                json!({"b": exchange("PUT", 200)}),
                none.clone(),
                "was answered 200",
            ),
            (
                json!({"b": {"request": {"method": "POST"}, "response": null}}),
                none.clone(),
                "no answer came",
            ),
            (
                none.clone(),
                failure("ST108", "Response violates schema"),
                "is not right",
            ),
        ] {
            let problems = run(&answers, &checks).problems();
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(
                problems[0].starts_with(ID) && problems[0].contains(says),
                "{problems:?}"
            );
        }
    }

    #[test]
    fn an_excuse_holds_for_its_operations_alone() {
        let content_type = failure("ST105", "Undocumented Content-Type");
        assert_eq!(run(&json!({}), &content_type).problems(), [""; 0]);
        let event = failure("ST108", "SSE event violates schema");
        assert_eq!(run(&json!({}), &event).problems().len(), 1);
    }

    #[test]
    fn an_operation_that_never_succeeds_is_a_problem_unless_it_cannot() {
        let document = document::load().unwrap();
        let model = Model::read(&document).unwrap();
        let summary = json!({"complete": true, "errors": []}).to_string();
        let problems = Report::read(&model, "", &summary).unwrap().problems();
        assert_eq!(problems.len(), model.operations.len() - UNREACHABLE.len());
    }

    #[test]
    fn a_run_that_broke_off_is_a_problem() {
        let document = document::load().unwrap();
        let model = Model::read(&document).unwrap();
        let summary = json!({"complete": false, "stop_reason": "interrupted", "errors": [{"title": "Network"}]});
        let report = Report::read(&model, "", &summary.to_string()).unwrap();
        assert_eq!(report.broken.len(), 2);
    }
}
