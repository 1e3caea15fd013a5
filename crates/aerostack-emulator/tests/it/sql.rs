//! What SQL can do: the modules, functions, pragmas and limits of the platform's SQLite, and scripts.

use aerostack_emulator::{Emulator, Limits};
use serde_json::json;

use crate::common::{Platform, assert_error};

const SCHEMA: &str = "
    CREATE TABLE users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE, score REAL);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER NOT NULL
        REFERENCES users (id) DEFERRABLE INITIALLY DEFERRED);";

#[tokio::test]
async fn a_seed_may_change_the_schema_in_any_way() {
    let platform = Platform::with(Emulator::builder().schema(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, gone TEXT UNIQUE, kept TEXT); CREATE INDEX i ON t (kept);",
    ))
    .await;
    let seed = platform.emulator.seed();
    seed.sql("INSERT INTO t VALUES (1, 'a', 'b'); DROP INDEX i;")
        .await
        .unwrap();
    // SQLite cannot drop a column that has a UNIQUE constraint.
    let error = seed
        .sql("INSERT INTO t VALUES (2, 'c', 'd');\n\nALTER TABLE t DROP COLUMN gone;")
        .await
        .unwrap_err()
        .to_string();
    assert!(error.contains("line 3: "), "{error}");
    seed.sql(
        "ALTER TABLE t ADD COLUMN extra; INSERT INTO t VALUES (2, 'c', 'd', 'e');
         ALTER TABLE t DROP COLUMN kept; ALTER TABLE t RENAME TO s; ALTER TABLE s RENAME COLUMN gone TO stays;
         CREATE TABLE later (a); INSERT INTO later VALUES (1); DROP TABLE later;",
    )
    .await
    .unwrap();
    assert_eq!(
        platform.rows("SELECT * FROM s ORDER BY id").await,
        json!([{ "id": 1, "stays": "a", "extra": null }, { "id": 2, "stays": "c", "extra": "e" }])
    );
}

#[tokio::test]
async fn a_dump_of_sqlite_loads() {
    let platform = Platform::start().await;
    let dump = "PRAGMA foreign_keys=OFF;
        BEGIN TRANSACTION;
        CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id));
        INSERT INTO child VALUES(1,7);
        CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, note TEXT);
        INSERT INTO parent VALUES(7,'a; b -- c');
        CREATE TRIGGER tr AFTER INSERT ON parent BEGIN INSERT INTO child VALUES (NEW.id, NEW.id); SELECT 1; END;
        DELETE FROM sqlite_sequence;
        INSERT INTO sqlite_sequence VALUES('parent',7);
        COMMIT;";
    platform.emulator.seed().sql(dump).await.unwrap();
    assert_eq!(
        platform
            .rows("INSERT INTO parent (note) VALUES ('next') RETURNING id")
            .await,
        json!([{ "id": 8 }])
    );
    assert_eq!(
        platform.rows("SELECT * FROM child").await,
        json!([{ "id": 1, "parent": 7 }, { "id": 8, "parent": 8 }])
    );
    let ended = platform
        .emulator
        .seed()
        .sql("DELETE FROM child; ROLLBACK; SELECT 1")
        .await
        .unwrap_err()
        .to_string();
    assert!(ended.contains("line 1: the script ends"), "{ended}");
    assert_eq!(
        platform.rows("SELECT count(*) AS n FROM child").await,
        json!([{ "n": 2 }])
    );
}

#[tokio::test]
async fn pragmas_of_d1_are_answered_and_change_nothing_for_others() {
    let platform = Platform::with(Emulator::builder().schema(SCHEMA)).await;
    for sql in [
        "PRAGMA table_info(users)",
        "PRAGMA table_xinfo('users')",
        "PRAGMA table_list",
        "PRAGMA index_list(users)",
        "PRAGMA index_info(sqlite_autoindex_users_1)",
        "PRAGMA foreign_key_list(posts)",
        "PRAGMA foreign_key_check",
        "PRAGMA quick_check",
        "PRAGMA defer_foreign_keys = ON",
        "PRAGMA foreign_keys = OFF",
        "SELECT name FROM pragma_table_info('users')",
    ] {
        let (status, answer) = platform.query(sql, json!([])).await;
        assert_eq!(status, 200, "{sql}: {answer}");
    }
    assert_eq!(
        platform
            .rows("SELECT name FROM pragma_table_info('users') LIMIT 1")
            .await,
        json!([{ "name": "id" }])
    );
    // Each call is a transaction of its own: what it switches is over with it.
    for sql in [
        "PRAGMA foreign_keys = OFF",
        "PRAGMA defer_foreign_keys = ON",
    ] {
        platform.query(sql, json!([])).await;
        let dangling = platform
            .query("INSERT INTO posts (author) VALUES (9)", json!([]))
            .await;
        assert_error(&dangling, 400, "DB_QUERY_FAILED");
    }
    for name in [
        "case_sensitive_like",
        "ignore_check_constraints",
        "recursive_triggers",
        "legacy_alter_table",
        "reverse_unordered_selects",
    ] {
        let (status, answer) = platform
            .query(&format!("PRAGMA {name} = ON"), json!([]))
            .await;
        assert_eq!(status, 200, "{name}: {answer}");
    }
    assert_eq!(
        platform.rows("SELECT 'a' LIKE 'A' AS same").await,
        json!([{ "same": 1 }])
    );
    assert_eq!(
        platform.rows("PRAGMA recursive_triggers").await,
        json!([{ "recursive_triggers": 0 }])
    );
}

#[tokio::test]
async fn full_text_search_works_and_its_tables_are_its_own() {
    let platform = Platform::with(Emulator::builder().schema(
        "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, body TEXT);
         CREATE VIRTUAL TABLE found USING fts5(title, body, content='posts', content_rowid='id');
         CREATE TRIGGER posts_ai AFTER INSERT ON posts BEGIN
             INSERT INTO found (rowid, title, body) VALUES (new.id, new.title, new.body); END;
         CREATE TRIGGER posts_ad AFTER DELETE ON posts BEGIN
             INSERT INTO found (found, rowid, title, body) VALUES ('delete', old.id, old.title, old.body); END;
         CREATE VIRTUAL TABLE notes USING fts5(body, tokenize='porter');
         CREATE VIRTUAL TABLE places USING rtree(id, minx, maxx, miny, maxy);",
    ))
    .await;
    for sql in [
        "INSERT INTO posts (title, body) VALUES ('Rust', 'A systems language'), ('SQL', 'A query language')",
        "INSERT INTO notes VALUES ('running shoes'), ('a walk')",
        "INSERT INTO places VALUES (1, 0, 10, 0, 10), (2, 20, 30, 20, 30)",
        "DELETE FROM posts WHERE title = 'SQL'",
        "INSERT INTO notes (notes) VALUES ('optimize')",
        "INSERT INTO found (found) VALUES ('integrity-check')",
    ] {
        let (status, answer) = platform.query(sql, json!([])).await;
        assert_eq!(status, 200, "{sql}: {answer}");
    }
    assert_eq!(
        platform
            .rows("SELECT posts.title FROM found JOIN posts ON posts.id = found.rowid WHERE found MATCH 'language'")
            .await,
        json!([{ "title": "Rust" }])
    );
    assert_eq!(
        platform.rows("SELECT highlight(notes, 0, '<', '>') AS hit FROM notes WHERE notes MATCH 'run' ORDER BY rank").await,
        json!([{ "hit": "<running> shoes" }])
    );
    assert_eq!(
        platform.rows("SELECT count(*) AS n FROM notes").await,
        json!([{ "n": 2 }])
    );
    assert_eq!(
        platform
            .rows("SELECT id FROM places WHERE minx >= 15 AND maxy <= 40")
            .await,
        json!([{ "id": 2 }])
    );
    for sql in [
        "DELETE FROM notes_data",
        "UPDATE notes_config SET v = 1",
        "INSERT INTO places_node VALUES (9, x'')",
        "DROP TABLE notes_content",
    ] {
        let answer = platform.query(sql, json!([])).await;
        assert_error(&answer, 400, "DB_QUERY_FAILED");
    }
}

#[tokio::test]
async fn mathematical_functions_are_there() {
    let platform = Platform::start().await;
    assert_eq!(
        platform
            .rows("SELECT sqrt(16) AS a, pow(2, 3) AS b, floor(1.5) AS c, ceil(2) AS d, ln(0) AS e")
            .await,
        json!([{ "a": 4.0, "b": 8.0, "c": 1.0, "d": 2, "e": null }])
    );
}

#[tokio::test]
async fn limits_of_d1_hold_when_asked_for_and_only_then() {
    let columns: Vec<_> = (0..101).map(|n| format!("{n} AS c{n}")).collect();
    let parameters = vec!["?"; 101].join(" + ");
    let arguments = vec!["1"; 33].join(", ");
    let cases = [
        (format!("SELECT {parameters} AS n"), vec![1; 101]),
        (format!("SELECT max({arguments}) AS n"), vec![]),
        (format!("SELECT 'a' LIKE '{}' AS n", "x".repeat(51)), vec![]),
        (format!("SELECT {}", columns.join(", ")), vec![]),
        (format!("SELECT 1 AS n -- {}", "x".repeat(100_000)), vec![]),
        (
            "SELECT length(zeroblob(2000001)) AS n, zeroblob(2000001) IS NULL AS m".to_owned(),
            vec![],
        ),
    ];
    let limits = |d1| {
        let mut limits = Limits::default();
        limits.d1 = d1;
        Emulator::builder()
            .limits(limits)
            .schema("CREATE TABLE wide (a, b)")
    };
    let (off, on) = (
        Platform::with(limits(false)).await,
        Platform::with(limits(true)).await,
    );
    for (sql, params) in cases {
        let shown = &sql[..sql.len().min(60)];
        let (status, answer) = off.query(&sql, json!(params)).await;
        assert_eq!(status, 200, "{shown}: {answer}");
        let answer = on.query(&sql, json!(params)).await;
        assert_error(&answer, 400, "DB_QUERY_FAILED");
        let message = answer.1["message"].as_str().unwrap();
        assert!(message.contains("D1 has this limit"), "{shown}: {message}");
    }
    let within = on
        .query(
            "INSERT INTO wide VALUES (?, ?)",
            json!(["x".repeat(900_000), 1]),
        )
        .await;
    assert_eq!(within.0, 200, "{within:?}");
}

#[tokio::test]
async fn nothing_to_run_is_said_plainly() {
    let platform = Platform::start().await;
    for sql in ["", " ", ";", ";;", "-- a comment", "/* a comment */ ;"] {
        let answer = platform.query(sql, json!([])).await;
        assert_error(&answer, 400, "VALIDATION_ERROR");
        assert_eq!(answer.1["message"], "sql must hold a statement", "{sql:?}");
    }
    let answer = platform.query("SELECT 1 AS n", json!(null)).await;
    assert_eq!(answer.0, 200);
}
