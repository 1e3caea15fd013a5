//! The database service: `dbQuery` and `dbBatch` on the project's SQLite.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::config::BatchMode;
use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::Json;
use crate::http::operation::Routes;
use crate::http::operations::{DB_BATCH, DB_QUERY};
use crate::store::project::ProjectDb;
use crate::store::script;
use crate::store::statement::{Rows, Session};
use crate::tasks::Disconnected;

/// The most statements in one batch.
const BATCH_MAX: usize = 25;

#[derive(Clone)]
pub(crate) struct Db {
    project: ProjectDb,
    batch_mode: BatchMode,
}

impl Db {
    pub(crate) fn new(project: ProjectDb, batch_mode: BatchMode) -> Self {
        Self {
            project,
            batch_mode,
        }
    }

    pub(crate) fn routes(self) -> Routes {
        Routes::new()
            .on(&DB_QUERY, query)
            .on(&DB_BATCH, batch)
            .with_state(self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    sql: String,
    #[serde(default)]
    params: Option<Vec<Value>>,
}

impl Statement {
    fn run(&self, session: &mut Session<'_>) -> ApiResult<Rows> {
        session.run(&self.sql, self.params.as_deref().unwrap_or_default())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchRequest {
    queries: Vec<Statement>,
}

#[derive(Serialize)]
struct Outcome {
    results: Box<RawValue>,
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Serialize)]
struct BatchReply {
    success: bool,
    results: Vec<Outcome>,
}

async fn query(
    State(db): State<Db>,
    caller: Disconnected,
    Json(statement): Json<Statement>,
) -> Reply<Rows> {
    let is_read = script::is_read(&statement.sql);
    let work =
        move |session: &mut Session<'_>| session.transaction(|session| statement.run(session));
    let rows = if is_read {
        db.project.reads(caller, work).await??
    } else {
        db.project.statements(caller, work).await??
    };
    Ok(axum::Json(rows))
}

async fn batch(
    State(db): State<Db>,
    caller: Disconnected,
    Json(request): Json<BatchRequest>,
) -> Reply<BatchReply> {
    let count = request.queries.len();
    if count > BATCH_MAX {
        return Err(ApiError::validation(format!(
            "queries holds {count} statements; a batch takes {BATCH_MAX}"
        )));
    }
    let mode = db.batch_mode;
    let results = db
        .project
        .statements(caller, move |session| match mode {
            BatchMode::Atomic => all_or_nothing(session, &request.queries),
            BatchMode::Partial => request
                .queries
                .iter()
                .map(|statement| session.transaction(|session| statement.run(session)).into())
                .collect(),
        })
        .await?;
    let success = results.iter().all(|outcome: &Outcome| outcome.success);
    Ok(axum::Json(BatchReply { success, results }))
}

impl From<ApiResult<Rows>> for Outcome {
    fn from(result: ApiResult<Rows>) -> Self {
        match result {
            Ok(rows) => Self {
                results: rows.results,
                success: true,
                error: None,
            },
            Err(error) => Self::failed(error.message()),
        }
    }
}

impl Outcome {
    fn failed(message: &str) -> Self {
        Self {
            results: no_rows(),
            success: false,
            error: Some(message.to_owned()),
        }
    }
}

/// Runs the statements of a batch in one transaction. When one fails, the others say so, with its index and its cause.
fn all_or_nothing(session: &mut Session<'_>, statements: &[Statement]) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(statements.len());
    let mut failed = None;
    let committed = session.transaction(|session| {
        for (index, statement) in statements.iter().enumerate() {
            match statement.run(session) {
                Ok(rows) => outcomes.push(Outcome::from(Ok(rows))),
                Err(error) => {
                    failed = Some(index);
                    return Err(error);
                }
            }
        }
        Ok(())
    });
    let Err(error) = committed else {
        return outcomes;
    };
    let cause = error.message();
    (0..statements.len())
        .map(|index| match failed {
            Some(failed) if index < failed => {
                Outcome::failed(&format!("Rolled back: statement {failed} failed: {cause}"))
            }
            Some(failed) if index > failed => {
                Outcome::failed(&format!("Not run: statement {failed} failed: {cause}"))
            }
            Some(_) => Outcome::failed(cause),
            None => Outcome::failed(&format!("The batch could not be committed: {cause}")),
        })
        .collect()
}

fn no_rows() -> Box<RawValue> {
    RawValue::from_string("[]".to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::json;

    use super::*;
    use crate::config::Limits;
    use crate::store::cdc::feed::RowChange;
    use crate::store::project::PlatformTables;
    use crate::store::schema::Schema;
    use crate::store::scripts::{self, Source};

    const NONE: PlatformTables = PlatformTables {
        schema: &Schema {
            name: "none",
            steps: &[],
        },
        names: &[],
    };

    /// A database whose changes are written down, one line each.
    async fn watched(schema: &str) -> (ProjectDb, Arc<Mutex<Vec<String>>>) {
        let scripts = scripts::read(&[Source::Text(schema.to_owned())]).unwrap();
        let project = ProjectDb::open(None, &scripts, &NONE, &Limits::default()).unwrap();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&seen);
        project.feed().on_commit(move |changes: &[RowChange]| {
            let text = |row: &Option<Arc<RawValue>>| {
                row.as_ref()
                    .map_or("-".to_owned(), |row| row.get().to_owned())
            };
            let lines = changes.iter().map(|change| {
                format!(
                    "{} {} {} {}",
                    change.kind.as_str(),
                    change.table,
                    text(&change.old),
                    text(&change.new)
                )
            });
            log.lock().unwrap().extend(lines);
        });
        project.watch().await.unwrap();
        (project, seen)
    }

    async fn run(project: &ProjectDb, statements: &[&str]) -> Vec<Outcome> {
        let statements: Vec<_> = statements
            .iter()
            .map(|sql| Statement {
                sql: (*sql).to_owned(),
                params: None,
            })
            .collect();
        let work = move |session: &mut Session<'_>| all_or_nothing(session, &statements);
        project
            .statements(Disconnected::default(), work)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn committed_changes_are_heard_in_order_with_old_and_new() {
        let (project, seen) = watched("CREATE TABLE t (id INTEGER PRIMARY KEY, v)").await;
        run(
            &project,
            &[
                "INSERT INTO t VALUES (1, 'a'), (2, x'00ff')",
                "UPDATE t SET v = 1.5 WHERE id = 1",
            ],
        )
        .await;
        run(&project, &["DELETE FROM t WHERE id = 2", "SELECT * FROM t"]).await;
        let expected = [
            r#"INSERT t - {"id":1,"v":"a"}"#,
            r#"INSERT t - {"id":2,"v":[0,255]}"#,
            r#"UPDATE t {"id":1,"v":"a"} {"id":1,"v":1.5}"#,
            r#"DELETE t {"id":2,"v":[0,255]} -"#,
        ];
        assert_eq!(*seen.lock().unwrap(), expected);
    }

    #[tokio::test]
    async fn what_is_rolled_back_is_not_heard() {
        let (project, seen) = watched("CREATE TABLE t (id INTEGER PRIMARY KEY)").await;
        let outcomes = run(
            &project,
            &["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1)"],
        )
        .await;
        assert!(outcomes.iter().all(|outcome| !outcome.success));
        assert!(seen.lock().unwrap().is_empty());
        run(&project, &["INSERT INTO t VALUES (2)"]).await;
        assert_eq!(*seen.lock().unwrap(), [r#"INSERT t - {"id":2}"#]);
    }

    #[tokio::test]
    async fn odd_names_wide_tables_and_later_tables_are_watched_too() {
        let columns: Vec<_> = (0..200).map(|n| format!("c{n}")).collect();
        let schema = format!(
            "CREATE TABLE \"it's \"\"odd\"\"\" (\"a b\" TEXT); CREATE TABLE wide ({}); \
             CREATE TABLE keyed (k TEXT PRIMARY KEY) WITHOUT ROWID;",
            columns.join(", ")
        );
        let (project, seen) = watched(&schema).await;
        run(
            &project,
            &[
                "INSERT INTO \"it's \"\"odd\"\"\" VALUES ('x')",
                "INSERT INTO keyed VALUES ('k')",
            ],
        )
        .await;
        run(&project, &["INSERT INTO wide (c199) VALUES (7)"]).await;
        project
            .run_trusted("CREATE TABLE later (n); INSERT INTO later VALUES (1);".to_owned())
            .await
            .unwrap();
        run(&project, &["INSERT INTO later VALUES (2)"]).await;
        let seen = seen.lock().unwrap();
        assert_eq!(seen[0], r#"INSERT it's "odd" - {"a b":"x"}"#);
        assert_eq!(seen[1], r#"INSERT keyed - {"k":"k"}"#);
        assert!(seen[2].contains(r#""c198":null,"c199":7}"#), "{}", seen[2]);
        assert_eq!(
            seen[3..],
            [r#"INSERT later - {"n":1}"#, r#"INSERT later - {"n":2}"#]
        );
    }

    #[tokio::test]
    async fn changes_by_cascades_and_triggers_are_heard() {
        let (project, seen) = watched(
            "CREATE TABLE a (id INTEGER PRIMARY KEY); \
             CREATE TABLE b (a INTEGER REFERENCES a (id) ON DELETE CASCADE); \
             CREATE TABLE log (n); \
             CREATE TRIGGER copy AFTER INSERT ON b BEGIN INSERT INTO log VALUES (NEW.a); END;",
        )
        .await;
        run(
            &project,
            &[
                "INSERT INTO a VALUES (1)",
                "INSERT INTO b VALUES (1)",
                "DELETE FROM a",
            ],
        )
        .await;
        let mut seen = seen.lock().unwrap().clone();
        seen.sort();
        let mut expected = vec![
            json!("DELETE a {\"id\":1} -"),
            json!("DELETE b {\"a\":1} -"),
            json!("INSERT a - {\"id\":1}"),
            json!("INSERT b - {\"a\":1}"),
            json!("INSERT log - {\"n\":1}"),
        ];
        expected.sort_by_key(ToString::to_string);
        assert_eq!(json!(seen), json!(expected));
    }
}
