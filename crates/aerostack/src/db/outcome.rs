//! What became of a batch. Errors hold it too, so it needs nothing of them.

use aerostack_api::RawJson;

use super::violation::ConstraintViolation;

/// What became of a batch.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BatchOutcome {
    /// Whether every statement succeeded.
    pub success: bool,
    /// The statements' outcomes, in the order they were given.
    pub statements: Vec<StatementOutcome>,
}

impl BatchOutcome {
    /// The statement that made the batch fail, and its index. Statements that failed only because they were rolled back
    /// or never run, as far as their errors say so, are passed over.
    pub fn failure(&self) -> Option<(usize, &StatementOutcome)> {
        let failed = || {
            self.statements
                .iter()
                .enumerate()
                .filter(|(_, statement)| !statement.success)
        };
        failed()
            .find(|(_, statement)| !statement.is_consequence())
            .or_else(|| failed().next())
    }
}

/// What became of one statement of a batch.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StatementOutcome {
    /// Whether it succeeded.
    pub success: bool,
    /// What the platform says went wrong.
    pub error: Option<String>,
    pub(super) rows: Option<RawJson>,
}

impl StatementOutcome {
    /// Whether the error only says that another statement failed.
    fn is_consequence(&self) -> bool {
        let Some(error) = &self.error else {
            return false;
        };
        let error = error.trim_start().to_ascii_lowercase();
        error.is_empty()
            || [
                "rolled back",
                "rollback",
                "not executed",
                "not run",
                "skipped",
                "aborted",
            ]
            .iter()
            .any(|start| error.starts_with(start))
            || error.contains("current transaction is aborted")
    }

    /// The constraint that the statement violated, where its error says so.
    pub fn violation(&self) -> Option<ConstraintViolation> {
        ConstraintViolation::parse(self.error.as_deref()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(errors: &[Option<&str>]) -> BatchOutcome {
        let statements = errors
            .iter()
            .map(|error| StatementOutcome {
                success: error.is_none(),
                error: error.map(str::to_owned),
                rows: None,
            })
            .collect();
        BatchOutcome {
            success: false,
            statements,
        }
    }

    #[test]
    fn the_failure_is_the_statement_that_caused_the_others_to_fail() {
        for (errors, expected) in [
            (&[None, Some("no such table: nope"), None][..], Some(1)),
            (
                &[
                    Some("Rolled back: statement 1 failed."),
                    Some("no such table: nope"),
                ],
                Some(1),
            ),
            (
                &[
                    Some("ROLLED BACK"),
                    Some("UNIQUE constraint failed: a.b"),
                    Some("not executed"),
                ],
                Some(1),
            ),
            (&[Some(""), Some("syntax error")], Some(1)),
            (&[Some("rolled back"), Some("rolled back")], Some(0)),
            (&[None, None], None),
        ] {
            let found = outcome(errors).failure().map(|(index, _)| index);
            assert_eq!(found, expected, "{errors:?}");
        }
    }
}
