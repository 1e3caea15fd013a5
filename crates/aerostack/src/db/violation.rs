//! What a database says when a constraint is violated.

/// A constraint that a statement violated, as far as the database's message tells. From
/// [`Error::violation`](crate::Error::violation).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConstraintViolation {
    /// The kind of constraint.
    pub kind: ConstraintKind,
    /// The table, where the message names it.
    pub table: Option<String>,
    /// The columns, where the message names them.
    pub columns: Vec<String>,
    /// The constraint's own name, where it has one and the message names it.
    pub constraint: Option<String>,
}

/// The kinds of constraints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConstraintKind {
    /// `UNIQUE` or `PRIMARY KEY`.
    Unique,
    /// `REFERENCES`.
    ForeignKey,
    /// `NOT NULL`.
    NotNull,
    /// `CHECK`.
    Check,
}

impl ConstraintViolation {
    /// Reads the messages of SQLite, bare or as Cloudflare D1 wraps them, and those of PostgreSQL.
    pub(crate) fn parse(message: &str) -> Option<Self> {
        sqlite(message).or_else(|| postgres(message))
    }
}

fn sqlite(message: &str) -> Option<ConstraintViolation> {
    use ConstraintKind::{Check, ForeignKey, NotNull, Unique};
    let (kind, detail) = [
        ("UNIQUE constraint failed", Unique),
        ("PRIMARY KEY constraint failed", Unique),
        ("FOREIGN KEY constraint failed", ForeignKey),
        ("NOT NULL constraint failed", NotNull),
        ("CHECK constraint failed", Check),
    ]
    .into_iter()
    .find_map(|(start, kind)| Some((kind, message.split_once(start)?.1)))?;
    // D1 appends the name of SQLite's code; SQLite's own message ends with the detail.
    let detail = detail.strip_prefix(": ").unwrap_or_default();
    let detail = detail.split(": SQLITE").next().unwrap_or_default();
    let detail = detail.trim().trim_end_matches('.');
    let mut violation = ConstraintViolation {
        kind,
        table: None,
        columns: Vec::new(),
        constraint: None,
    };
    if detail.is_empty() {
        return Some(violation);
    }
    if let Some(index) = detail.strip_prefix("index '") {
        violation.constraint = Some(index.trim_end_matches('\'').to_owned());
    } else if kind == Check {
        violation.constraint = Some(detail.to_owned());
    } else {
        for column in detail.split(", ") {
            match column.rsplit_once('.') {
                Some((table, column)) => {
                    violation.table.get_or_insert_with(|| table.to_owned());
                    violation.columns.push(column.to_owned());
                }
                None => violation.columns.push(column.to_owned()),
            }
        }
    }
    Some(violation)
}

fn postgres(message: &str) -> Option<ConstraintViolation> {
    use ConstraintKind::{Check, ForeignKey, NotNull, Unique};
    let (kind, _) = [
        (Unique, "violates unique constraint"),
        (ForeignKey, "violates foreign key constraint"),
        (NotNull, "violates not-null constraint"),
        (Check, "violates check constraint"),
    ]
    .into_iter()
    .find(|(_, words)| message.contains(words))?;
    let after = |words: &str| {
        let (_, rest) = message.split_once(words)?;
        Some(rest.strip_prefix('"')?.split_once('"')?.0.to_owned())
    };
    Some(ConstraintViolation {
        kind,
        table: after("on table ").or_else(|| after("relation ")),
        columns: after("in column ")
            .or_else(|| after("column "))
            .into_iter()
            .collect(),
        constraint: after("constraint "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_kind_table_columns_and_constraint() {
        use ConstraintKind::{Check, ForeignKey, NotNull, Unique};
        for (message, kind, table, columns, constraint) in [
            (
                "UNIQUE constraint failed: users.email",
                Unique,
                Some("users"),
                &["email"][..],
                None,
            ),
            (
                "UNIQUE constraint failed: members.team, members.person",
                Unique,
                Some("members"),
                &["team", "person"],
                None,
            ),
            (
                "D1_ERROR: UNIQUE constraint failed: users.email: SQLITE_CONSTRAINT",
                Unique,
                Some("users"),
                &["email"],
                None,
            ),
            (
                "UNIQUE constraint failed: index 'lower_email'",
                Unique,
                None,
                &[],
                Some("lower_email"),
            ),
            ("FOREIGN KEY constraint failed", ForeignKey, None, &[], None),
            (
                "NOT NULL constraint failed: users.email",
                NotNull,
                Some("users"),
                &["email"],
                None,
            ),
            (
                "CHECK constraint failed: qty > 0",
                Check,
                None,
                &[],
                Some("qty > 0"),
            ),
            (
                "duplicate key value violates unique constraint \"users_email_key\"",
                Unique,
                None,
                &[],
                Some("users_email_key"),
            ),
            (
                "insert or update on table \"orders\" violates foreign key constraint \"orders_user_fkey\"",
                ForeignKey,
                Some("orders"),
                &[],
                Some("orders_user_fkey"),
            ),
            (
                "null value in column \"email\" of relation \"users\" violates not-null constraint",
                NotNull,
                Some("users"),
                &["email"],
                None,
            ),
        ] {
            let violation = ConstraintViolation::parse(message).unwrap();
            assert_eq!(violation.kind, kind, "{message}");
            assert_eq!(violation.table.as_deref(), table, "{message}");
            assert_eq!(violation.columns, columns, "{message}");
            assert_eq!(violation.constraint.as_deref(), constraint, "{message}");
        }
        for message in [
            "no such table: users",
            "near \"constraint\": syntax error",
            "",
        ] {
            assert_eq!(ConstraintViolation::parse(message), None, "{message}");
        }
    }
}
