//! Schemas and migrations of a data folder: what runs once, and what is said when one was changed.

use std::path::Path;

use aerostack_emulator::{Emulator, EmulatorBuilder};
use serde_json::json;

use crate::common::Platform;

fn write(folder: &Path, name: &str, sql: &str) {
    std::fs::write(folder.join(name), sql).unwrap();
}

async fn refused(builder: EmulatorBuilder) -> String {
    match builder.start().await {
        Ok(_) => panic!("it started"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn migrations_are_applied_once_each_in_the_order_of_their_names() {
    let (data, sql) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(
        sql.path(),
        "0001_init.sql",
        "CREATE TABLE t (a); INSERT INTO t VALUES (1);",
    );
    write(sql.path(), "notes.txt", "not SQL");
    let builder = || {
        Emulator::builder()
            .data_dir(data.path())
            .migrations(sql.path())
    };
    for _ in 0..2 {
        let platform = Platform::with(builder()).await;
        assert_eq!(platform.rows("SELECT * FROM t").await, json!([{ "a": 1 }]));
        platform.emulator.shutdown().await;
    }
    write(
        sql.path(),
        "0002_more.sql",
        "ALTER TABLE t ADD COLUMN b; UPDATE t SET b = a + 1;",
    );
    write(
        sql.path(),
        "0001_init.sql",
        "-- the first\r\nCREATE TABLE t (a);\r\nINSERT INTO t VALUES (1);\r\n",
    );
    let platform = Platform::with(builder()).await;
    assert_eq!(
        platform.rows("SELECT * FROM t").await,
        json!([{ "a": 1, "b": 2 }])
    );
    platform.emulator.shutdown().await;

    write(
        sql.path(),
        "0002_more.sql",
        "ALTER TABLE t ADD COLUMN b;\nUPDATE t SET b = a + 2;",
    );
    let message = refused(builder()).await;
    for part in [
        "0002_more.sql, line 1: ",
        "changed after it was applied",
        "write a new migration",
        "--fresh",
    ] {
        assert!(message.contains(part), "{message}");
    }
    let platform = Platform::with(builder().fresh(true)).await;
    assert_eq!(
        platform.rows("SELECT * FROM t").await,
        json!([{ "a": 1, "b": 3 }])
    );
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_and_names_its_line() {
    let (data, sql) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(sql.path(), "1.sql", "CREATE TABLE t (a);");
    write(
        sql.path(),
        "2.sql",
        "CREATE TABLE u (a);\n\nINSERT INTO nowhere VALUES (1);",
    );
    let builder = || {
        Emulator::builder()
            .data_dir(data.path())
            .migrations(sql.path())
    };
    let message = refused(builder()).await;
    assert!(
        message.contains("2.sql, line 3: no such table: nowhere"),
        "{message}"
    );
    write(sql.path(), "2.sql", "CREATE TABLE u (a);");
    let platform = Platform::with(builder()).await;
    assert_eq!(platform.rows("SELECT * FROM u").await, json!([]));
}

#[tokio::test]
async fn a_schema_file_may_grow_and_says_what_to_do_when_it_changed() {
    let (data, sql) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = sql.path().join("schema.sql");
    let builder = || Emulator::builder().data_dir(data.path()).schema_file(&file);
    write(
        sql.path(),
        "schema.sql",
        "CREATE TABLE t (a);\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (1);",
    );
    Platform::with(builder()).await.emulator.shutdown().await;

    write(
        sql.path(),
        "schema.sql",
        "CREATE TABLE t(a) ; -- as before\n\nINSERT INTO t VALUES (1); INSERT INTO t VALUES (1);\nCREATE TABLE u (b);",
    );
    let platform = Platform::with(builder()).await;
    assert_eq!(
        platform.rows("SELECT count(*) AS n FROM t").await,
        json!([{ "n": 2 }])
    );
    assert_eq!(platform.rows("SELECT * FROM u").await, json!([]));
    platform.emulator.shutdown().await;

    write(sql.path(), "schema.sql", "\nCREATE TABLE t (a, b);");
    let message = refused(builder()).await;
    for part in [
        "schema.sql, line 2: table t already exists",
        "--migrations",
        "--fresh",
    ] {
        assert!(message.contains(part), "{message}");
    }
    let platform = Platform::with(builder().fresh(true)).await;
    assert_eq!(platform.rows("SELECT * FROM t").await, json!([]));
}

#[tokio::test]
async fn a_mistake_in_a_schema_is_found_by_its_line() {
    let sql = tempfile::tempdir().unwrap();
    write(
        sql.path(),
        "schema.sql",
        "CREATE TABLE a (x);\nCREATE TABL b (y);",
    );
    let message = refused(Emulator::builder().schema_file(sql.path().join("schema.sql"))).await;
    assert!(
        message.contains("schema.sql, line 2: near \"TABL\": syntax error"),
        "{message}"
    );
    let message = refused(
        Emulator::builder()
            .schema("CREATE TABLE a (x);")
            .schema("\n\noops"),
    )
    .await;
    assert!(message.contains("schema 2, line 3: "), "{message}");
    let message = refused(Emulator::builder().schema_file(sql.path().join("missing.sql"))).await;
    assert!(message.contains("missing.sql"), "{message}");
}

#[tokio::test]
async fn a_data_folder_of_a_newer_emulator_is_left_alone() {
    let data = tempfile::tempdir().unwrap();
    let builder = || Emulator::builder().data_dir(data.path());
    Platform::with(builder()).await.emulator.shutdown().await;
    let system = data.path().join("system.sqlite");
    let connection = rusqlite::Connection::open(&system).unwrap();
    let changed = connection
        .execute(
            "UPDATE _aerostack_versions SET version = version + 1 WHERE name = 'cache'",
            [],
        )
        .unwrap();
    assert_eq!(changed, 1);
    drop(connection);
    let message = refused(builder()).await;
    for part in [
        "system",
        "cache data has version 2",
        "newer",
        "another data folder",
    ] {
        assert!(message.contains(part), "{message}");
    }
}
