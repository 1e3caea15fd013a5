//! Bringing the platform back to its start between tests.

use aerostack_emulator::Emulator;
use serde_json::json;

use crate::common::Platform;

/// Tables that are hard to empty: triggers, full-text indexes of every kind, references in any order, counters.
const SCHEMA: &str = "
    CREATE TABLE audit (what TEXT);
    CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT);
    CREATE TABLE comments (id INTEGER PRIMARY KEY, post INTEGER NOT NULL REFERENCES posts (id) ON DELETE RESTRICT);
    CREATE TRIGGER noted AFTER DELETE ON posts BEGIN INSERT INTO audit VALUES ('deleted ' || old.id); END;
    CREATE TRIGGER kept BEFORE DELETE ON comments BEGIN SELECT RAISE(ABORT, 'comments stay'); END;
    CREATE VIRTUAL TABLE found USING fts5(title, content='posts', content_rowid='id');
    CREATE TRIGGER posts_ai AFTER INSERT ON posts BEGIN
        INSERT INTO found (rowid, title) VALUES (new.id, new.title); END;
    CREATE TRIGGER posts_ad AFTER DELETE ON posts BEGIN
        INSERT INTO found (found, rowid, title) VALUES ('delete', old.id, old.title); END;
    CREATE VIRTUAL TABLE bare USING fts5(words, content='');
    CREATE VIRTUAL TABLE notes USING fts5(body);
    CREATE VIRTUAL TABLE places USING rtree(id, minx, maxx);
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT, shout TEXT AS (upper(value)) STORED) WITHOUT ROWID;";

const SEED: &str = "
    INSERT INTO posts (title) VALUES ('welcome'), ('gone');
    DELETE FROM posts WHERE title = 'gone';
    INSERT INTO comments (post) VALUES (1);
    INSERT INTO notes VALUES ('a seeded note');
    INSERT INTO settings (name, value) VALUES ('theme', 'dark');";

const WRITES: [&str; 7] = [
    "INSERT INTO posts (title) VALUES ('one'), ('two')",
    "INSERT INTO comments (post) SELECT id FROM posts",
    "INSERT INTO bare VALUES ('some words')",
    "INSERT INTO notes VALUES ('another note')",
    "INSERT INTO places VALUES (1, 0, 1)",
    "INSERT OR REPLACE INTO settings (name, value) VALUES ('theme', 'light'), ('x', 'y')",
    "UPDATE posts SET title = 'changed' WHERE id = 1",
];

async fn state(platform: &Platform) -> serde_json::Value {
    let mut state = serde_json::Map::new();
    for sql in [
        "SELECT * FROM audit",
        "SELECT * FROM posts",
        "SELECT * FROM comments",
        "SELECT * FROM settings",
        "SELECT * FROM notes",
        "SELECT * FROM places",
        "SELECT rowid FROM found WHERE found MATCH 'welcome'",
        "SELECT rowid FROM found WHERE found MATCH 'one'",
        "SELECT rowid FROM bare WHERE bare MATCH 'words'",
    ] {
        state.insert(sql.to_owned(), platform.rows(sql).await);
    }
    state.into()
}

#[tokio::test]
async fn everything_is_as_it_was_at_the_start_whatever_is_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    for (schema, next) in [(SCHEMA.to_owned(), 1), (format!("{SCHEMA}{SEED}"), 3)] {
        for builder in [
            Emulator::builder(),
            Emulator::builder().data_dir(folder.path()).fresh(true),
        ] {
            let platform = Platform::with(builder.schema(schema.as_str())).await;
            let before = state(&platform).await;
            for _ in 0..2 {
                for sql in WRITES {
                    platform.rows(sql).await;
                }
                assert_ne!(state(&platform).await, before);
                platform.emulator.reset().await.unwrap();
                assert_eq!(state(&platform).await, before);
                // The index is sound, and counters begin where the schema left them.
                platform
                    .rows("INSERT INTO found (found) VALUES ('integrity-check')")
                    .await;
                assert_eq!(
                    platform
                        .rows("INSERT INTO posts (title) VALUES ('next') RETURNING id")
                        .await,
                    json!([{ "id": next }])
                );
                platform.emulator.reset().await.unwrap();
            }
            platform.emulator.shutdown().await;
        }
    }
}

#[tokio::test]
async fn rows_of_a_migration_that_works_on_older_tables_come_back() {
    let folder = tempfile::tempdir().unwrap();
    for (name, sql) in [
        (
            "1.sql",
            "CREATE TABLE old (a); INSERT INTO old VALUES (1), (2);",
        ),
        (
            "2.sql",
            "CREATE TABLE new (a, b DEFAULT 'x'); INSERT INTO new (a) SELECT a FROM old; DROP TABLE old;",
        ),
    ] {
        std::fs::write(folder.path().join(name), sql).unwrap();
    }
    let platform = Platform::with(Emulator::builder().migrations(folder.path())).await;
    platform.rows("DELETE FROM new").await;
    platform.emulator.reset().await.unwrap();
    assert_eq!(
        platform.rows("SELECT * FROM new").await,
        json!([{ "a": 1, "b": "x" }, { "a": 2, "b": "x" }])
    );
}

#[tokio::test]
async fn a_reset_that_cannot_be_done_says_why_and_changes_nothing() {
    let platform = Platform::with(
        Emulator::builder()
            .schema("CREATE TABLE t (a); CREATE TABLE s (a); INSERT INTO s VALUES (1);"),
    )
    .await;
    platform.rows("INSERT INTO t VALUES (7)").await;
    // The seed of `s` does not fit any more.
    platform
        .emulator
        .seed()
        .sql("ALTER TABLE s RENAME COLUMN a TO b")
        .await
        .unwrap();
    let error = platform.emulator.reset().await.unwrap_err().to_string();
    assert!(
        error.contains("s cannot be filled again: ") && error.contains("nothing was changed"),
        "{error}"
    );
    assert_eq!(platform.rows("SELECT * FROM t").await, json!([{ "a": 7 }]));
    assert_eq!(platform.rows("SELECT * FROM s").await, json!([{ "b": 1 }]));
    // Rules that were lifted meanwhile hold again.
    assert_eq!(
        platform.rows("PRAGMA foreign_keys").await,
        json!([{ "foreign_keys": 1 }])
    );
}
