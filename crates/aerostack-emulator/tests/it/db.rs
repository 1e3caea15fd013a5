//! The database service.

use std::time::Duration;

use aerostack_emulator::{BatchMode, Emulator, EmulatorBuilder, Limits};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::common::{Platform, assert_error};

const SCHEMA: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE, score REAL);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL
        REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED);";

fn builder() -> EmulatorBuilder {
    Emulator::builder().schema(SCHEMA)
}

async fn start() -> Platform {
    Platform::with(builder()).await
}

async fn batch(platform: &Platform, statements: &[(&str, Value)]) -> Value {
    let queries: Vec<_> = statements
        .iter()
        .map(|(sql, params)| json!({ "sql": sql, "params": params }))
        .collect();
    platform
        .ok("/v1/db/batch", json!({ "queries": queries }))
        .await
}

#[tokio::test]
async fn each_json_value_has_its_sql_type_and_its_way_back() {
    let platform = start().await;
    let cases = [
        (json!(null), "null", json!(null)),
        (json!(true), "integer", json!(1)),
        (json!(false), "integer", json!(0)),
        (json!(0), "integer", json!(0)),
        (json!(i64::MAX), "integer", json!(i64::MAX)),
        (json!(i64::MIN), "integer", json!(i64::MIN)),
        (json!(1.5), "real", json!(1.5)),
        (json!(1.0), "real", json!(1.0)),
        (json!(1e300), "real", json!(1e300)),
        (json!(""), "text", json!("")),
        (
            json!("it's \u{1F980} \"quoted\""),
            "text",
            json!("it's \u{1F980} \"quoted\""),
        ),
        (json!([]), "blob", json!([])),
        (json!([0, 127, 255]), "blob", json!([0, 127, 255])),
    ];
    for (given, kind, back) in cases {
        let (status, answer) = platform
            .query("SELECT typeof(?1) AS kind, ?1 AS back", json!([given]))
            .await;
        assert_eq!(status, 200, "{given}: {answer}");
        assert_eq!(
            answer,
            json!({ "results": [{ "kind": kind, "back": back }], "count": 1 }),
            "{given}"
        );
    }
    for refused in [
        json!(u64::MAX),
        json!([256]),
        json!([-1]),
        json!(["a"]),
        json!([1.5]),
        json!({ "a": 1 }),
    ] {
        let answer = platform.query("SELECT ?", json!([refused])).await;
        assert_error(&answer, 400, "VALIDATION_ERROR");
        assert!(
            answer.1["message"].as_str().unwrap().contains("params[0]"),
            "{}",
            answer.1
        );
    }
    assert_eq!(
        platform.rows("SELECT 9e999 AS inf, -9e999 AS ninf").await,
        json!([{ "inf": null, "ninf": null }])
    );
}

#[test]
fn values_survive_the_round_trip() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let platform = runtime.block_on(start());
    let finite = any::<f64>().prop_filter("JSON has only finite numbers", |real| real.is_finite());
    let values = (
        any::<i64>(),
        finite,
        ".*",
        proptest::collection::vec(any::<u8>(), 0..64),
    );
    TestRunner::default()
        .run(&values, |(integer, real, text, bytes)| {
            let params = json!([integer, real, text, bytes]);
            let (status, answer) =
                runtime.block_on(platform.query("SELECT ? AS i, ? AS r, ? AS t, ? AS b", params));
            prop_assert_eq!(status, 200, "{}", answer);
            let row = &answer["results"][0];
            prop_assert_eq!(row["i"].as_i64(), Some(integer));
            // -0.0 and 0.0 are one value to SQL.
            prop_assert_eq!(row["r"].as_f64(), Some(real));
            prop_assert_eq!(row["t"].as_str(), Some(text.as_str()));
            prop_assert_eq!(&row["b"], &json!(bytes));
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn columns_keep_their_order_and_the_last_of_two_names_counts() {
    let platform = start().await;
    let request = platform
        .keyed("/v1/db/query")
        .json(&json!({ "sql": "SELECT 1 AS z, 2 AS a, 3 AS z, 4 AS \"q\"\"\"" }));
    let text = request.send().await.unwrap().text().await.unwrap();
    assert_eq!(text, r#"{"results":[{"a":2,"z":3,"q\"":4}],"count":1}"#);
}

#[tokio::test]
async fn rows_are_written_read_and_returned() {
    let platform = start().await;
    let (_, inserted) = platform
        .query("INSERT INTO users (email) VALUES (?)", json!(["a@b.c"]))
        .await;
    assert_eq!(inserted, json!({ "results": [], "count": 0 }));
    let returning = "INSERT INTO users (email, score) VALUES (?, ?), (?, ?) RETURNING id, score";
    let (_, returned) = platform.query(returning, json!(["b", 1, "c", 2.5])).await;
    assert_eq!(
        returned["results"],
        json!([{ "id": 2, "score": 1.0 }, { "id": 3, "score": 2.5 }])
    );
    let without_params = platform
        .post(
            "/v1/db/query",
            json!({ "sql": "SELECT count(*) AS n FROM users;" }),
        )
        .await;
    assert_eq!(without_params.1["results"], json!([{ "n": 3 }]));
}

#[tokio::test]
async fn statements_that_fail_say_why_and_leave_nothing() {
    let platform = start().await;
    platform
        .query("INSERT INTO users (email) VALUES ('taken')", json!([]))
        .await;
    let cases = [
        ("SELECT * FROM nowhere", json!([]), "no such table: nowhere"),
        ("SELEC 1", json!([]), "syntax error"),
        ("SELECT 1; SELECT 2", json!([]), "batch"),
        ("SELECT 1; garbage", json!([]), "syntax error"),
        (
            "INSERT INTO users (email) VALUES ('x'), ('taken')",
            json!([]),
            "UNIQUE constraint failed",
        ),
        (
            "INSERT INTO users (email) VALUES (NULL)",
            json!([]),
            "NOT NULL constraint failed",
        ),
        (
            "INSERT INTO posts (author) VALUES (77)",
            json!([]),
            "FOREIGN KEY constraint failed",
        ),
        ("SELECT json('{')", json!([]), "malformed JSON"),
    ];
    for (sql, params, message) in cases {
        let answer = platform.query(sql, params).await;
        assert_error(&answer, 400, "DB_QUERY_FAILED");
        assert!(
            answer.1["message"].as_str().unwrap().contains(message),
            "{sql}: {}",
            answer.1
        );
    }
    for (sql, params) in [
        ("SELECT ?", json!([])),
        ("SELECT 1", json!([1])),
        ("SELECT ?2", json!([1])),
        ("", json!([])),
    ] {
        assert_error(&platform.query(sql, params).await, 400, "VALIDATION_ERROR");
    }
    assert_eq!(
        platform.rows("SELECT email FROM users").await,
        json!([{ "email": "taken" }])
    );
}

#[tokio::test]
async fn sql_over_the_api_reaches_rows_and_nothing_else() {
    let platform = start().await;
    let refused = [
        ("CREATE TABLE x (a)", "migrations"),
        ("CREATE TEMP TABLE x (a)", "migrations"),
        ("CREATE INDEX i ON users (email)", "migrations"),
        ("CREATE VIEW v AS SELECT 1", "migrations"),
        (
            "CREATE TRIGGER t AFTER INSERT ON users BEGIN SELECT 1; END",
            "migrations",
        ),
        ("CREATE VIRTUAL TABLE v USING fts5(a)", "migrations"),
        ("DROP TABLE users", "migrations"),
        ("ALTER TABLE users ADD COLUMN x", "migrations"),
        ("REINDEX", "migrations"),
        ("ANALYZE", "migrations"),
        ("DELETE FROM sqlite_sequence", "migrations"),
        ("UPDATE sqlite_schema SET sql = ''", ""),
        ("ATTACH ':memory:' AS x", "ATTACH"),
        ("DETACH main", "ATTACH"),
        ("VACUUM", "VACUUM"),
        ("VACUUM INTO '/nowhere/copy'", "VACUUM"),
        ("PRAGMA schema_version = 7", "PRAGMA"),
        ("PRAGMA data_version = 7", "PRAGMA"),
        ("PRAGMA recursive_triggers = maybe", "PRAGMA"),
        ("BEGIN", "batch"),
        ("COMMIT", "batch"),
        ("ROLLBACK", "batch"),
        ("SAVEPOINT s", "batch"),
        ("RELEASE s", "batch"),
        ("SELECT * FROM _aerostack_schemas", "not accessible"),
        ("SELECT * FROM _AEROSTACK_schemas", "not accessible"),
        ("SELECT * FROM temp._aerostack_changes", "not accessible"),
        ("DELETE FROM _aerostack_schemas", "not accessible"),
        (
            "WITH x AS (SELECT * FROM _aerostack_schemas) SELECT 1 FROM x",
            "not accessible",
        ),
        (
            "INSERT INTO users (email) SELECT hex(digest) FROM _aerostack_schemas",
            "not accessible",
        ),
        ("SELECT _aerostack_columns('a', 1)", "not accessible"),
        (
            "WITH _aerostack_x AS (SELECT * FROM _aerostack_schemas) SELECT * FROM _aerostack_x",
            "not accessible",
        ),
        (
            "WITH _aerostack_x AS MATERIALIZED (SELECT digest AS d FROM _aerostack_schemas) SELECT d FROM _aerostack_x",
            "not accessible",
        ),
        (
            "WITH _aerostack_x AS (SELECT * FROM sqlite_temp_schema) SELECT * FROM _aerostack_x",
            "not accessible",
        ),
        (
            "WITH _aerostack_x AS (SELECT 1) DELETE FROM _aerostack_schemas WHERE EXISTS (SELECT * FROM _aerostack_x)",
            "not accessible",
        ),
        (
            "WITH _aerostack_x AS (SELECT load_extension('x')) SELECT * FROM _aerostack_x",
            "not a",
        ),
        (
            "WITH _aerostack_x AS (SELECT * FROM pragma_database_list) SELECT * FROM _aerostack_x",
            "PRAGMA",
        ),
        (
            "SELECT * FROM (SELECT * FROM _aerostack_schemas) AS _aerostack_x",
            "not accessible",
        ),
        (
            "SELECT (SELECT count(*) FROM _aerostack_schemas)",
            "not accessible",
        ),
        ("EXPLAIN SELECT * FROM _aerostack_schemas", "not accessible"),
        ("SELECT * FROM pragma_database_list", "PRAGMA"),
        ("PRAGMA writable_schema = ON", "PRAGMA"),
        ("PRAGMA journal_mode = DELETE", "PRAGMA"),
        ("PRAGMA hard_heap_limit = 0", "PRAGMA"),
        ("SELECT * FROM dbstat", "not accessible"),
        ("SELECT fts3_tokenizer('simple')", "not accessible"),
        ("SELECT readfile('/etc/passwd')", "no such function"),
        ("SELECT writefile('/tmp/x', 'x')", "no such function"),
        ("SELECT * FROM sqlite_temp_schema", "not accessible"),
        ("SELECT load_extension('x')", ""),
        ("SELECT * FROM cache", "no such table"),
    ];
    for (sql, message) in refused {
        let answer = platform.query(sql, json!([])).await;
        assert_error(&answer, 400, "DB_QUERY_FAILED");
        assert!(
            answer.1["message"].as_str().unwrap().contains(message),
            "{sql}: {}",
            answer.1
        );
    }
    let allowed = [
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT sum(i) AS s FROM n",
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'users'",
        "EXPLAIN QUERY PLAN SELECT * FROM users",
        "SELECT value FROM json_each('[1,2]')",
        "REPLACE INTO users (id, email) VALUES (1, 'r') RETURNING id",
        "UPDATE users SET score = 1 WHERE id = 1",
        "DELETE FROM users",
    ];
    for sql in allowed {
        let (status, answer) = platform.query(sql, json!([])).await;
        assert_eq!(status, 200, "{sql}: {answer}");
    }
}

#[tokio::test]
async fn a_batch_is_all_or_nothing() {
    let platform = start().await;
    let done = batch(
        &platform,
        &[
            ("INSERT INTO users (email) VALUES (?)", json!(["a"])),
            ("SELECT email FROM users", json!([])),
        ],
    )
    .await;
    let expected = json!([{ "results": [], "success": true }, { "results": [{ "email": "a" }], "success": true }]);
    assert_eq!(done, json!({ "success": true, "results": expected }));

    let failed = batch(
        &platform,
        &[
            ("INSERT INTO users (email) VALUES ('b')", json!([])),
            ("INSERT INTO users (email) VALUES ('a')", json!([])),
            ("INSERT INTO users (email) VALUES ('c')", json!([])),
        ],
    )
    .await;
    assert_eq!(failed["success"], false);
    let outcomes = failed["results"].as_array().unwrap();
    assert!(
        outcomes
            .iter()
            .all(|outcome| outcome["success"] == false && outcome["results"] == json!([]))
    );
    let errors: Vec<_> = outcomes
        .iter()
        .map(|outcome| outcome["error"].as_str().unwrap())
        .collect();
    let cause = "UNIQUE constraint failed: users.email";
    assert_eq!(
        errors,
        [
            &format!("Rolled back: statement 1 failed: {cause}"),
            cause,
            &format!("Not run: statement 1 failed: {cause}"),
        ]
    );
    assert_eq!(
        platform.rows("SELECT email FROM users").await,
        json!([{ "email": "a" }])
    );

    // A deferred constraint fails only when everything has run.
    let deferred = batch(
        &platform,
        &[
            ("INSERT INTO posts (author) VALUES (9)", json!([])),
            ("SELECT 1", json!([])),
        ],
    )
    .await;
    assert_eq!(deferred["success"], false);
    assert!(
        deferred["results"][0]["error"]
            .as_str()
            .unwrap()
            .contains("FOREIGN KEY"),
        "{deferred}"
    );
    assert_eq!(platform.rows("SELECT * FROM posts").await, json!([]));
}

#[tokio::test]
async fn a_partial_batch_keeps_what_succeeded() {
    let platform = Platform::with(builder().batch_mode(BatchMode::Partial)).await;
    let done = batch(
        &platform,
        &[
            ("INSERT INTO users (email) VALUES ('a')", json!([])),
            ("INSERT INTO users (email) VALUES ('a')", json!([])),
            ("INSERT INTO users (email) VALUES ('b')", json!([])),
        ],
    )
    .await;
    let successes: Vec<_> = done["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|outcome| &outcome["success"])
        .collect();
    assert_eq!(
        (&done["success"], successes),
        (
            &json!(false),
            vec![&json!(true), &json!(false), &json!(true)]
        )
    );
    assert_eq!(
        platform.rows("SELECT email FROM users ORDER BY 1").await,
        json!([{ "email": "a" }, { "email": "b" }])
    );
}

#[tokio::test]
async fn a_batch_takes_twenty_five_statements() {
    let platform = start().await;
    for (count, expected) in [(0, 200), (25, 200), (26, 400)] {
        let request = json!({ "queries": vec![json!({ "sql": "SELECT 1" }); count] });
        assert_eq!(
            platform.post("/v1/db/batch", request).await.0,
            expected,
            "{count}"
        );
    }
}

#[tokio::test]
async fn a_statement_that_runs_or_answers_too_long_is_stopped() {
    let mut limits = Limits::default();
    limits.query_time = Duration::from_millis(20);
    limits.result_bytes = 10_000;
    let platform = Platform::with(builder().limits(limits)).await;
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)";
    for (sql, message) in [
        (
            format!("{endless} SELECT count(*) FROM n"),
            "longer than allowed",
        ),
        (
            format!("{endless} INSERT INTO users (email) SELECT i FROM n"),
            "longer than allowed",
        ),
        (
            format!("{endless} SELECT i FROM n"),
            "larger than 10000 bytes",
        ),
    ] {
        let answer = platform.query(&sql, json!([])).await;
        assert_error(&answer, 400, "DB_QUERY_FAILED");
        assert!(
            answer.1["message"].as_str().unwrap().contains(message),
            "{sql}: {}",
            answer.1
        );
    }
    assert_eq!(
        platform.rows("SELECT count(*) AS n FROM users").await,
        json!([{ "n": 0 }])
    );
}

/// What would take all memory, or all of the stack, fails at once and by itself.
#[tokio::test]
async fn a_value_or_statement_that_is_too_much_is_refused() {
    let platform = start().await;
    let long = format!("SELECT '{}'", "x".repeat(1_100_000));
    let deep = format!("SELECT {}1{}", "(".repeat(5_000), ")".repeat(5_000));
    let sum = format!("SELECT {}1", "1+".repeat(5_000));
    let wide = format!("SELECT 1{}", ",1".repeat(5_000));
    let union = format!("SELECT 1{}", " UNION SELECT 1".repeat(1_000));
    let array = format!("SELECT json('{}{}')", "[".repeat(5_000), "]".repeat(5_000));
    for (sql, message) in [
        ("SELECT zeroblob(1e9)", "too big"),
        ("SELECT length(zeroblob(1000000000))", "too big"),
        ("SELECT length(randomblob(900000000))", "too big"),
        ("SELECT length(hex(zeroblob(60000000)))", "too big"),
        ("SELECT length(printf('%.*c', 900000000, 'x'))", "too big"),
        (
            "SELECT length(replace(hex(zeroblob(1000000)), '0', hex(zeroblob(1000))))",
            "too big",
        ),
        (
            "WITH RECURSIVE n (t) AS (SELECT 'x' UNION ALL SELECT t || t FROM n) SELECT max(length(t)) FROM n",
            "too big",
        ),
        (
            "INSERT INTO users (email) VALUES (zeroblob(100000000))",
            "too big",
        ),
        (deep.as_str(), ""),
        (sum.as_str(), "depth"),
        (wide.as_str(), "too many columns"),
        (union.as_str(), "too many terms"),
        (array.as_str(), "malformed JSON"),
    ] {
        let answer = platform.query(sql, json!([])).await;
        assert_error(&answer, 400, "DB_QUERY_FAILED");
        assert!(
            answer.1["message"].as_str().unwrap().contains(message),
            "{}: {}",
            sql.chars().take(60).collect::<String>(),
            answer.1
        );
    }
    let (status, _) = platform.query(&long, json!([])).await;
    assert_eq!(status, 200, "what fits a request is no problem");
    assert_eq!(
        platform.rows("SELECT count(*) AS n FROM users").await,
        json!([{ "n": 0 }])
    );
}

#[tokio::test]
async fn many_writers_at_once_lose_nothing() {
    let platform = std::sync::Arc::new(start().await);
    let writers: Vec<_> = (0..50)
        .map(|n| {
            let platform = platform.clone();
            tokio::spawn(async move {
                platform
                    .query(
                        "INSERT INTO users (email) VALUES (?)",
                        json!([n.to_string()]),
                    )
                    .await
                    .0
            })
        })
        .collect();
    for writer in writers {
        assert_eq!(writer.await.unwrap(), 200);
    }
    assert_eq!(
        platform.rows("SELECT count(*) AS n FROM users").await,
        json!([{ "n": 50 }])
    );
}

#[tokio::test]
async fn a_seed_is_applied_whole_or_not_at_all() {
    let platform = start().await;
    let seed = platform.emulator.seed();
    seed.sql("CREATE TABLE more (a); INSERT INTO more VALUES (1); INSERT INTO users (email) VALUES ('s');").await.unwrap();
    assert_eq!(
        platform.rows("SELECT a FROM more").await,
        json!([{ "a": 1 }])
    );
    let failed = seed
        .sql("INSERT INTO more VALUES (2); INSERT INTO users (email) VALUES ('s')")
        .await
        .err()
        .unwrap();
    assert!(failed.to_string().contains("UNIQUE"), "{failed}");
    assert_eq!(
        platform.rows("SELECT count(*) AS n FROM more").await,
        json!([{ "n": 1 }])
    );
}
