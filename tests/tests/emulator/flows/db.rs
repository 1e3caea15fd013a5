use aerostack::db::{Blob, Statement};
use anyhow::ensure;
use serde_json::{Value, json};

use super::refused;
use crate::stage::Stage;

pub(super) async fn rows_are_written_and_read(stage: &Stage) -> anyhow::Result<()> {
    let db = stage.client.db();
    let insert = "INSERT INTO tasks (title, weight, cover) VALUES (?, ?, ?) RETURNING id, title, weight, cover";
    let statement = db
        .query_one::<Option<Value>>(insert)
        .bind("Mend the net")
        .bind(2.5)
        .bind(Blob(vec![0, 128, 255].into()));
    let written = statement.await?;
    let expected = json!({"id": 1, "title": "Mend the net", "weight": 2.5, "cover": [0, 128, 255]});
    ensure!(written == Some(expected), "{written:?}");

    let quiet = db
        .execute("INSERT INTO tasks (title) VALUES (?)")
        .bind("Paint the boat")
        .await?;
    ensure!(quiet.rows.as_json() == "[]", "{}", quiet.rows.as_json());

    let read: Vec<Value> = db
        .query("SELECT title, weight FROM tasks ORDER BY id")
        .await?;
    ensure!(
        read[1] == json!({"title": "Paint the boat", "weight": null}),
        "{read:?}"
    );
    let none = db
        .query_one::<Option<Value>>("SELECT 1 FROM tasks WHERE title = ?")
        .bind("Sleep")
        .await?;
    ensure!(none.is_none());
    Ok(())
}

pub(super) async fn a_batch_holds_together(stage: &Stage) -> anyhow::Result<()> {
    let db = stage.client.db();
    let insert = |email: &str| {
        Statement::new("INSERT INTO users (email) VALUES (?) RETURNING email").bind(email)
    };
    let done = db
        .batch()
        .add(insert("ines@example.com"))
        .add(insert("omar@example.com"))
        .await?;
    ensure!(done.success && done.statements.len() == 2);
    let rows: Vec<Value> = done.statements[1].rows()?;
    ensure!(rows == [json!({"email": "omar@example.com"})], "{rows:?}");

    let failed = db
        .batch()
        .add(insert("lena@example.com"))
        .add(insert("ines@example.com"))
        .outcomes()
        .await?;
    ensure!(
        !failed.success
            && failed
                .statements
                .iter()
                .all(|statement| statement.error.is_some()),
        "{failed:?}"
    );
    let users: Vec<Value> = db.query("SELECT email FROM users ORDER BY email").await?;
    ensure!(
        users.len() == 2,
        "the first statement of a failed batch stayed: {users:?}"
    );
    Ok(())
}

pub(super) async fn bad_sql_is_a_typed_error(stage: &Stage) -> anyhow::Result<()> {
    let db = stage.client.db();
    for sql in [
        "SELEC 1",
        "SELECT * FROM nowhere",
        "DROP TABLE users",
        "SELECT 1; SELECT 2",
    ] {
        refused(db.query::<Value>(sql).await, 400, "DB_QUERY_FAILED")?;
    }
    refused(db.query::<Value>("SELECT ?").await, 400, "VALIDATION_ERROR")
}
