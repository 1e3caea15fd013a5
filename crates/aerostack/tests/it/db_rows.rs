//! What a row can become.

use std::collections::BTreeMap;

use aerostack::{
    Client, ErrorKind,
    db::{Blob, Json, Row},
};
use aerostack_emulator::{Emulator, Fault};
use futures_util::{StreamExt, TryStreamExt};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::support::start;

async fn with_users() -> (Emulator, Client) {
    let (emulator, client) = start().await;
    client
        .db()
        .execute("INSERT INTO users (id, email, active, balance) VALUES (1, 'ines', 1, 2.5), (2, 'omar', 0, NULL)")
        .await
        .unwrap();
    (emulator, client)
}

#[tokio::test]
async fn a_row_becomes_a_struct_a_map_a_tuple_or_its_only_column() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct User {
        id: i64,
        active: bool,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Email(String);
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Name {
        Ines,
        Omar,
    }
    let (_emulator, client) = with_users().await;
    let db = client.db();
    let sql = "SELECT id, email, active, balance FROM users ORDER BY id";

    let users: Vec<User> = db.query(sql).await.unwrap();
    assert_eq!(
        users[1],
        User {
            id: 2,
            active: false
        }
    );
    let rows = db.query::<Row>(sql).await.unwrap();
    assert_eq!(rows[0]["email"], "ines");
    let maps: Vec<BTreeMap<String, serde_json::Value>> = db.query(sql).await.unwrap();
    assert_eq!(maps[1]["balance"], json!(null));
    let tuples: Vec<(i64, String, bool, Option<f64>)> = db.query(sql).await.unwrap();
    assert_eq!(
        tuples,
        [
            (1, "ines".into(), true, Some(2.5)),
            (2, "omar".into(), false, None)
        ]
    );
    let flags: Vec<bool> = db
        .query("SELECT active FROM users ORDER BY id")
        .await
        .unwrap();
    assert_eq!(flags, [true, false]);
    let balances: Vec<Option<f64>> = db
        .query("SELECT balance FROM users ORDER BY id")
        .await
        .unwrap();
    assert_eq!(balances, [Some(2.5), None]);
    let emails: Vec<Email> = db
        .query("SELECT email FROM users ORDER BY id")
        .await
        .unwrap();
    assert_eq!(emails[0], Email("ines".into()));
    let names: Vec<Name> = db
        .query("SELECT email FROM users ORDER BY id")
        .await
        .unwrap();
    assert_eq!(names, [Name::Ines, Name::Omar]);
    let blob: Blob = db.query("SELECT x'00ff' AS bytes").one().await.unwrap();
    assert_eq!(blob.0.as_ref(), [0, 255]);
    let tags: Json<Vec<u8>> = db.query("SELECT '[1,2]' AS tags").one().await.unwrap();
    assert_eq!(*tags, [1, 2]);
}

#[tokio::test]
async fn a_row_of_another_shape_is_refused_with_the_columns_it_has() {
    let (_emulator, client) = with_users().await;
    let db = client.db();
    let scalar = db
        .query::<i64>("SELECT id, email FROM users")
        .await
        .unwrap_err();
    let tuple = db
        .query::<(i64, i64, i64)>("SELECT id, email FROM users")
        .await
        .unwrap_err();
    let twice = db
        .query::<(i64, i64)>("SELECT id, id FROM users")
        .await
        .unwrap_err();
    for (error, expected) in [
        (scalar, "2 columns (id, email)"),
        (tuple, "the tuple 3"),
        (twice, "name them apart with AS"),
    ] {
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn the_only_row_is_one_or_optional() {
    let (_emulator, client) = with_users().await;
    let db = client.db();
    let (present, absent) = (
        "SELECT email FROM users WHERE id = 1",
        "SELECT email FROM users WHERE id = 9",
    );
    assert_eq!(db.query::<String>(present).one().await.unwrap(), "ines");
    assert_eq!(
        db.query::<String>(present)
            .optional()
            .await
            .unwrap()
            .as_deref(),
        Some("ines")
    );
    assert_eq!(db.query::<String>(absent).optional().await.unwrap(), None);
    let error = db.query::<String>(absent).one().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains(".optional()"), "{error}");

    let must: String = db.query_one(present).await.unwrap();
    let may: Option<String> = db.query_one(absent).await.unwrap();
    assert_eq!((must.as_str(), may), ("ines", None));
    let error = db.query_one::<String>(absent).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let error = db
        .query_one::<(i64, String)>("SELECT 1, 2 WHERE 0")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn rows_come_as_a_stream_that_ends_with_its_first_error() {
    let (emulator, client) = with_users().await;
    let db = client.db();
    let sql = "SELECT id, email FROM users ORDER BY id";
    let rows: Vec<(i64, String)> = db.query(sql).rows().try_collect().await.unwrap();
    assert_eq!(rows.len(), 2);

    let mixed = "SELECT 1 AS id UNION ALL SELECT 'two' UNION ALL SELECT 3";
    let items: Vec<_> = db.query::<i64>(mixed).rows().collect().await;
    assert_eq!(items.len(), 2);
    assert_eq!(*items[0].as_ref().unwrap(), 1);
    let error = items[1].as_ref().unwrap_err();
    assert!(
        error
            .to_string()
            .contains("row 1 (counted from 0), column `id`"),
        "{error}"
    );

    emulator.fault(Fault::status(403).on("dbQuery").times(1));
    let items: Vec<_> = db.query::<Row>(sql).rows().collect().await;
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].as_ref().unwrap_err().kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn one_struct_is_row_cache_value_and_response() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Note {
        tags: Json<Vec<String>>,
        done: bool,
    }
    let (_emulator, client) = start().await;
    let stored = Json(["red", "new"]);
    let note: Note = client
        .db()
        .query_one("SELECT ? AS tags, 1 AS done")
        .bind(stored)
        .await
        .unwrap();
    client.cache().set("note", &note).await.unwrap();
    let cached: Option<Note> = client.cache().get("note").await.unwrap();
    assert_eq!(cached.as_ref(), Some(&note));
    assert_eq!(
        serde_json::to_value(&note).unwrap(),
        json!({"tags": ["red", "new"], "done": true})
    );
}
