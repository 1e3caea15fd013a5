//! SQL.

use aerostack::{
    ErrorCode, ErrorKind,
    db::{Blob, IntoValue, Json, Statement},
};
use aerostack_emulator::{BatchMode, Emulator};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::json;

use crate::support::{start, start_with};

#[derive(Debug, PartialEq, Deserialize)]
struct User {
    id: i64,
    email: String,
    active: bool,
    balance: Option<f64>,
}

#[tokio::test]
async fn rows_come_back_as_the_callers_type() {
    let (_emulator, client) = start().await;
    let db = client.db();
    db.execute("INSERT INTO users (id, email, active, balance) VALUES (?, ?, ?, ?)")
        .bind(7)
        .bind("ines@example.com")
        .bind(false)
        .bind(41.5)
        .await
        .unwrap();
    db.execute("INSERT INTO users (id, email) VALUES (?, ?)")
        .bind(8)
        .bind("omar@example.com")
        .await
        .unwrap();

    let users: Vec<User> = db.query("SELECT * FROM users ORDER BY id").await.unwrap();
    assert_eq!(
        users,
        [
            User {
                id: 7,
                email: "ines@example.com".into(),
                active: false,
                balance: Some(41.5)
            },
            User {
                id: 8,
                email: "omar@example.com".into(),
                active: true,
                balance: None
            },
        ]
    );
    let one: Option<User> = db
        .query_one("SELECT * FROM users WHERE id = ?")
        .bind(8)
        .await
        .unwrap();
    assert_eq!(one.unwrap().email, "omar@example.com");
    let none: Option<User> = db
        .query_one("SELECT * FROM users WHERE id = ?")
        .bind(9)
        .await
        .unwrap();
    assert_eq!(none, None);
}

#[tokio::test]
async fn every_kind_of_value_goes_there_and_back() {
    #[derive(Deserialize)]
    struct Cell<T> {
        value: T,
        kind: String,
    }
    async fn trip<T: serde::de::DeserializeOwned + Send + 'static>(
        client: &aerostack::Client,
        value: impl IntoValue,
    ) -> (T, String) {
        let cell: Option<Cell<T>> = client
            .db()
            .query_one("SELECT ?1 AS value, typeof(?1) AS kind")
            .bind(value)
            .await
            .unwrap();
        let cell = cell.unwrap();
        (cell.value, cell.kind)
    }
    let (_emulator, client) = start().await;
    let client = &client;
    let kind = |kind: &str| kind.to_owned();
    assert_eq!(trip(client, ()).await, (None::<i64>, kind("null")));
    assert_eq!(trip(client, true).await, (true, kind("integer")));
    assert_eq!(trip(client, i64::MAX).await, (i64::MAX, kind("integer")));
    assert_eq!(trip(client, i64::MIN).await, (i64::MIN, kind("integer")));
    assert_eq!(
        trip(client, 9_007_199_254_740_993_i64).await,
        (9_007_199_254_740_993_i64, kind("integer"))
    );
    assert_eq!(trip(client, 0.1).await, (0.1, kind("real")));
    assert_eq!(
        trip(client, "Ünïc√de").await,
        (kind("Ünïc√de"), kind("text"))
    );
    assert_eq!(
        trip(client, Json(json!({"a": [1, null]}))).await,
        (Json(json!({"a": [1, null]})), kind("text"))
    );
    assert_eq!(
        trip(client, vec![0u8, 1, 255]).await,
        (Blob(Bytes::from_static(&[0, 1, 255])), kind("blob"))
    );
}

#[tokio::test]
async fn a_value_that_does_not_fit_is_found_by_row_and_column() {
    let (_emulator, client) = start().await;
    client
        .db()
        .execute("INSERT INTO users (id, email) VALUES (1, 'a'), (2, 'a private text')")
        .await
        .unwrap();
    #[derive(Debug, Deserialize)]
    struct Wrong {
        #[allow(dead_code, reason = "only decoding it matters")]
        email: u8,
    }
    let error = client
        .db()
        .query::<Wrong>("SELECT email FROM users WHERE id = 2")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let text = error.to_string();
    assert!(
        text.contains("row 0 (counted from 0), column `email`"),
        "{text}"
    );
    assert!(!text.contains("private"), "{text}");

    #[derive(Debug, Deserialize)]
    struct Missing {
        #[allow(dead_code, reason = "only decoding it matters")]
        name: String,
    }
    let error = client
        .db()
        .query_one::<Missing>("SELECT id FROM users")
        .await
        .unwrap_err();
    assert!(error.to_string().contains("`name`"), "{error}");
}

#[tokio::test]
async fn execute_says_what_the_wire_says_and_invents_nothing() {
    let (_emulator, client) = start().await;
    let plain = client
        .db()
        .execute("INSERT INTO users (email) VALUES ('a'), ('b')")
        .await
        .unwrap();
    assert_eq!(plain.returned, Some(0));
    assert_eq!(plain.rows.as_json(), "[]");

    #[derive(Debug, PartialEq, Deserialize)]
    struct Id {
        id: i64,
    }
    let returning = client
        .db()
        .execute("UPDATE users SET active = 0 RETURNING id")
        .await
        .unwrap();
    assert_eq!(returning.returned, Some(2));
    assert_eq!(
        returning.rows.decode_as::<Id>().unwrap(),
        [Id { id: 1 }, Id { id: 2 }]
    );
}

#[tokio::test]
async fn bad_sql_is_told_apart_from_everything_else() {
    let (_emulator, client) = start().await;
    for sql in [
        "SELEC 1",
        "SELECT * FROM nowhere",
        "DROP TABLE users",
        "PRAGMA journal_mode",
    ] {
        let error = client.db().execute(sql).bind(1).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadRequest, "{sql}: {error}");
        assert_eq!(error.code(), Some(&ErrorCode::DbQueryFailed), "{sql}");
        assert_eq!(error.status(), Some(400));
        assert_eq!(error.operation(), Some("dbQuery"));
        assert!(error.request_id().is_some());
        assert!(!error.is_retryable());
    }
}

#[tokio::test]
async fn a_batch_is_an_error_when_any_statement_failed_and_has_all_outcomes() {
    let (_emulator, client) = start().await;
    let outcome = client
        .db()
        .batch()
        .add(Statement::new("INSERT INTO users (email) VALUES (?) RETURNING id").bind("a"))
        .add("SELECT count(*) AS n FROM users")
        .await
        .unwrap();
    assert!(outcome.success);
    #[derive(Deserialize)]
    struct Count {
        n: i64,
    }
    assert_eq!(outcome.statements[1].rows::<Count>().unwrap()[0].n, 1);

    let failing = || {
        client.db().batch().extend([
            "INSERT INTO users (email) VALUES ('b')",
            "INSERT INTO users (email) VALUES ('a')",
        ])
    };
    let error = failing().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Batch);
    assert!(error.to_string().contains("statement"), "{error}");
    let inside = error.batch().unwrap();
    assert_eq!(inside.statements.len(), 2);
    assert!(!inside.success && !inside.statements[1].success);
    assert!(
        inside.statements[1]
            .error
            .as_ref()
            .unwrap()
            .contains("UNIQUE")
    );

    let outcomes = failing().outcomes().await.unwrap();
    assert!(!outcomes.success);
    let count: Option<Count> = client
        .db()
        .query_one("SELECT count(*) AS n FROM users")
        .await
        .unwrap();
    assert_eq!(count.unwrap().n, 1, "an atomic batch leaves nothing behind");
}

#[tokio::test]
async fn where_batches_are_partial_the_outcomes_say_which_statements_took() {
    let (_emulator, client) = start_with(Emulator::builder().batch_mode(BatchMode::Partial)).await;
    let outcome = client
        .db()
        .batch()
        .extend([
            "INSERT INTO users (email) VALUES ('a')",
            "INSERT INTO users (email) VALUES ('a')",
            "INSERT INTO users (email) VALUES ('b')",
        ])
        .outcomes()
        .await
        .unwrap();
    let took: Vec<bool> = outcome
        .statements
        .iter()
        .map(|statement| statement.success)
        .collect();
    assert_eq!(took, [true, false, true]);
}

#[tokio::test]
async fn what_cannot_work_is_refused_before_the_wire() {
    let (emulator, client) = start().await;
    let db = client.db();
    for error in [
        db.execute(" ").await.unwrap_err(),
        db.execute("SELECT '\0'").await.unwrap_err(),
        db.execute("SELECT ?").bind(f64::NAN).await.unwrap_err(),
        db.execute("SELECT ?").bind(u64::MAX).await.unwrap_err(),
        db.batch().await.unwrap_err(),
        db.batch().extend(vec!["SELECT 1"; 26]).await.unwrap_err(),
        db.batch()
            .add("SELECT 1")
            .add(Statement::new("SELECT ?").bind(f64::INFINITY))
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(!error.may_have_been_sent());
        assert_eq!(error.attempts(), 0);
    }
    assert!(emulator.received().is_empty());
    assert!(db.batch().extend(vec!["SELECT 1"; 25]).await.is_ok());
}
