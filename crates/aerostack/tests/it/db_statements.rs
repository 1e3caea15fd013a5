//! How statements take their values, and which are retried.

use aerostack::{
    ErrorKind,
    db::{ConstraintKind, Json, Row, Statement, list},
};
use aerostack_emulator::{BatchMode, Emulator, Fault};
use serde_json::json;

use crate::support::{start, start_with};

#[tokio::test]
async fn values_are_bound_one_by_one_all_at_once_by_name_or_as_a_list() {
    let (_emulator, client) = start().await;
    let db = client.db();
    db.execute("INSERT INTO users (id, email) VALUES (?, ?)")
        .params((1, "ines"))
        .await
        .unwrap();
    db.execute(("INSERT INTO users (id, email) VALUES (?, ?)", (2, "omar")))
        .await
        .unwrap();
    db.execute(
        Statement::new("INSERT INTO users (id, email) VALUES (?, ?)")
            .bind(3)
            .bind("lea"),
    )
    .await
    .unwrap();
    db.execute("INSERT INTO cells (value) VALUES (?)")
        .bind(json!({"a": 1}))
        .await
        .unwrap();
    let ids: Vec<i64> = vec![1, 3];
    let none: Option<String> = None;

    let emails = |query: aerostack::db::Query<String>| async move { query.await.unwrap() };
    let by_all = db
        .query("SELECT email FROM users WHERE id IN (?, ?) ORDER BY id")
        .bind_all(&ids);
    assert_eq!(emails(by_all).await, ["ines", "lea"]);
    let by_list = db
        .query("SELECT email FROM users WHERE id IN (?) AND active = ? ORDER BY id")
        .bind_list(&ids)
        .bind(true);
    assert_eq!(emails(by_list).await, ["ines", "lea"]);
    let words = db
        .query("SELECT email FROM users WHERE email IN (?)")
        .bind_list(["omar", "it's"]);
    assert_eq!(emails(words).await, ["omar"]);
    let no_ids = db
        .query("SELECT email FROM users WHERE id IN (?)")
        .bind_list(Vec::<i64>::new());
    assert_eq!(emails(no_ids).await, [""; 0]);
    let none_excluded = db
        .query("SELECT email FROM users WHERE id NOT IN (?)")
        .bind_list(Vec::<i64>::new());
    assert_eq!(emails(none_excluded).await.len(), 3);
    let named = db
        .query("SELECT email FROM users WHERE (id = :id OR id = :id + 1) AND email NOT IN (:gone) AND ':id' <> ''")
        .bind_named(":id", 1)
        .bind_named("gone", list(["omar"]));
    assert_eq!(emails(named).await, ["ines"]);
    let null: bool = db
        .query_one("SELECT ? IS NULL AS n")
        .bind(&none)
        .await
        .unwrap();
    assert!(null);
    let object: Json<serde_json::Value> = db.query_one("SELECT value FROM cells").await.unwrap();
    assert_eq!(object.0, json!({"a": 1}));
}

#[tokio::test]
async fn a_wrong_number_of_values_is_said_in_plain_numbers() {
    let (_emulator, client) = start().await;
    let error = client
        .db()
        .query::<Row>("SELECT ? AS a")
        .bind_all([1, 2])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);
    assert!(
        error
            .to_string()
            .contains("takes 1 parameter, but 2 were given"),
        "{error}"
    );
}

#[tokio::test]
async fn statements_that_only_read_are_retried_and_others_are_not() {
    let (emulator, client) = start().await;
    let db = client.db();
    let broken = || emulator.fault(Fault::status(503).on("dbQuery").times(1));

    broken();
    assert_eq!(db.query_one::<i64>("SELECT 1").await.unwrap(), 1);
    broken();
    let error = db
        .query_one::<i64>("SELECT 1")
        .no_retry()
        .await
        .unwrap_err();
    assert_eq!(error.attempts(), 1);
    emulator.clear_faults();

    broken();
    let error = db
        .execute("INSERT INTO users (email) VALUES ('a')")
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1));
    broken();
    db.execute("DELETE FROM users WHERE 0")
        .read_only()
        .await
        .unwrap();

    emulator.fault(Fault::status(503).on("dbBatch").times(1));
    db.batch().extend(["SELECT 1", "VALUES (2)"]).await.unwrap();
    emulator.fault(Fault::status(503).on("dbBatch").times(1));
    let mixed = db.batch().extend(["SELECT 1", "DELETE FROM users"]).await;
    assert_eq!(mixed.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn a_violated_constraint_is_named() {
    let emulator = Emulator::builder().schema(
        "CREATE TABLE teams (id INTEGER PRIMARY KEY, size INTEGER CHECK (size > 0));
         CREATE TABLE members (team INTEGER NOT NULL REFERENCES teams (id), name TEXT, UNIQUE (team, name));",
    );
    let (_emulator, client) = start_with(emulator).await;
    let db = client.db();
    db.batch()
        .add("INSERT INTO teams VALUES (1, 5)")
        .add("INSERT INTO members VALUES (1, 'ines')")
        .await
        .unwrap();
    for (sql, kind, table, columns) in [
        (
            "INSERT INTO teams VALUES (1, 5)",
            ConstraintKind::Unique,
            Some("teams"),
            vec!["id"],
        ),
        (
            "INSERT INTO members VALUES (1, 'ines')",
            ConstraintKind::Unique,
            Some("members"),
            vec!["team", "name"],
        ),
        (
            "INSERT INTO members VALUES (9, 'omar')",
            ConstraintKind::ForeignKey,
            None,
            vec![],
        ),
        (
            "INSERT INTO members VALUES (NULL, 'lea')",
            ConstraintKind::NotNull,
            Some("members"),
            vec!["team"],
        ),
        (
            "INSERT INTO teams VALUES (2, 0)",
            ConstraintKind::Check,
            None,
            vec![],
        ),
    ] {
        let single = db.execute(sql).await.unwrap_err();
        let batch = db.batch().add("SELECT 1").add(sql).await.unwrap_err();
        for error in [single, batch] {
            let violation = error.violation().unwrap();
            assert_eq!(violation.kind, kind, "{error}");
            assert_eq!(violation.table.as_deref(), table, "{error}");
            assert_eq!(violation.columns, columns, "{error}");
            assert_eq!(error.is_unique_violation(), kind == ConstraintKind::Unique);
            assert_eq!(
                error.is_foreign_key_violation(),
                kind == ConstraintKind::ForeignKey
            );
        }
    }
    let other = db.execute("SELECT * FROM nowhere").await.unwrap_err();
    assert_eq!(other.violation(), None);
}

#[tokio::test]
async fn the_failed_statement_of_a_batch_is_named_with_its_cause() {
    for mode in [BatchMode::Atomic, BatchMode::Partial] {
        let (_emulator, client) = start_with(Emulator::builder().batch_mode(mode)).await;
        let error = client
            .db()
            .batch()
            .add("UPDATE users SET active = 0")
            .add("INSERT INTO nope VALUES (1)")
            .add("SELECT 1")
            .await
            .unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("statement 1 (counted from 0) of 3 failed"),
            "{text}"
        );
        assert!(text.contains("no such table: nope"), "{text}");
        assert_eq!(error.batch().unwrap().failure().unwrap().0, 1);
    }
}

#[tokio::test]
async fn a_chunked_batch_is_many_and_stops_at_the_first_that_fails() {
    let (emulator, client) = start().await;
    let db = client.db();
    let insert = |id: i64| {
        (
            "INSERT INTO users (id, email) VALUES (?, ?)",
            (id, id.to_string()),
        )
    };
    let outcome = db
        .batch()
        .extend((0..60).map(insert))
        .chunked()
        .await
        .unwrap();
    assert!(outcome.success);
    assert_eq!(outcome.statements.len(), 60);
    assert_eq!(emulator.received().len(), 3);

    // The 31st of these is there already.
    let error = db
        .batch()
        .extend((100..130).chain(0..40).map(insert))
        .chunked()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Batch);
    assert_eq!(error.part(), Some(25..50));
    let outcome = error.batch().unwrap();
    assert_eq!(outcome.statements.len(), 50);
    assert_eq!(outcome.failure().unwrap().0, 30);
    assert!(error.is_unique_violation());
    let left: i64 = db
        .query_one("SELECT count(*) FROM users WHERE id >= 100")
        .await
        .unwrap();
    assert_eq!(left, 25, "the calls before the failed one stay done");

    let error = db
        .batch()
        .extend((200..230).map(insert))
        .add(Statement::new("SELECT ?").bind(f64::NAN))
        .chunked()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.part()),
        (ErrorKind::InvalidInput, Some(30..31))
    );
    assert_eq!(
        db.batch().chunked().await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
}
