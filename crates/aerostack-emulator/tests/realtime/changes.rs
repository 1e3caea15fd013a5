//! Changes of the real database, as its subscribers see them.

use aerostack_emulator::{BatchMode, Emulator};
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::client::Client;
use crate::platform::Platform;

const SCHEMA: &str = "
    CREATE TABLE orders (id INTEGER PRIMARY KEY, state TEXT, total REAL);
    CREATE TABLE tags (name TEXT PRIMARY KEY, hits INTEGER) WITHOUT ROWID;";

/// Operation, new row and old row of each frame that waits.
async fn changes(client: &mut Client<TcpStream>) -> Vec<(String, Value, Value)> {
    let frames = client.pending().await;
    let change = |frame: &Value| {
        assert_eq!(frame["type"], "db_change", "{frame}");
        let operation = frame["operation"].as_str().unwrap().to_owned();
        (operation, frame["data"].clone(), frame["old"].clone())
    };
    frames.iter().map(change).collect()
}

fn change(operation: &str, data: Value, old: Value) -> (String, Value, Value) {
    (operation.to_owned(), data, old)
}

#[tokio::test]
async fn every_write_reaches_the_tables_subscribers() {
    let platform = Platform::start(SCHEMA).await;
    let mut client = platform.connect().await;
    client.subscribe("orders").await;
    platform
        .sql("INSERT INTO orders VALUES (1, 'due', 41.5)")
        .await;
    platform
        .sql("UPDATE orders SET state = 'paid' WHERE id = 1")
        .await;
    platform.sql("DELETE FROM orders WHERE id = 1").await;
    platform.sql("INSERT INTO tags VALUES ('unseen', 1)").await;
    let (due, paid) = (
        json!({ "id": 1, "state": "due", "total": 41.5 }),
        json!({ "id": 1, "state": "paid", "total": 41.5 }),
    );
    assert_eq!(
        changes(&mut client).await,
        [
            change("INSERT", due.clone(), Value::Null),
            change("UPDATE", paid.clone(), due),
            change("DELETE", paid.clone(), paid),
        ]
    );
}

#[tokio::test]
async fn values_of_every_kind_arrive_exactly() {
    let platform =
        Platform::start("CREATE TABLE odd (\"a \"\"b\" ANY, n ANY, doubled AS (n || n))").await;
    let mut client = platform.connect().await;
    client.subscribe("odd").await;
    let cases = [
        ("NULL", "null"),
        ("9223372036854775807", "9223372036854775807"),
        ("9007199254740993", "9007199254740993"),
        ("0.1", "0.1"),
        ("1e300 * 1e300", "null"),
        ("x'00ff'", "[0,255]"),
        ("'it''s \"quoted\" ☂'", r#""it's \"quoted\" ☂""#),
    ];
    for (value, expected) in cases {
        platform
            .sql(&format!("INSERT INTO odd (\"a \"\"b\") VALUES ({value})"))
            .await;
        let frame = client.text().await;
        let data = format!(r#""data":{{"a \"b":{expected},"n":null,"doubled":null}}"#);
        assert!(frame.contains(&data), "{frame}");
    }
}

#[tokio::test]
async fn a_batch_is_announced_in_order_once_it_is_committed() {
    let platform = Platform::start(SCHEMA).await;
    let mut client = platform.connect().await;
    client.subscribe("orders").await;
    client.subscribe("tags").await;
    let batch = [
        "INSERT INTO orders VALUES (1, 'due', NULL), (2, 'due', NULL)",
        "INSERT INTO tags VALUES ('new', 1)",
        "UPDATE orders SET state = 'paid' WHERE id = 2",
        "SELECT 1",
        "UPDATE tags SET hits = hits + 1",
    ];
    assert!(platform.batch(&batch).await);
    let operations: Vec<_> = changes(&mut client)
        .await
        .into_iter()
        .map(|(operation, data, _)| (operation, data.as_object().unwrap().len()))
        .collect();
    let expected = [
        ("INSERT", 3),
        ("INSERT", 3),
        ("INSERT", 2),
        ("UPDATE", 3),
        ("UPDATE", 2),
    ];
    assert_eq!(
        operations,
        expected.map(|(operation, columns)| (operation.to_owned(), columns))
    );
}

#[tokio::test]
async fn what_is_rolled_back_is_not_announced() {
    let platform = Platform::start(SCHEMA).await;
    let mut client = platform.connect().await;
    client.subscribe("orders").await;
    assert!(
        !platform
            .batch(&[
                "INSERT INTO orders VALUES (1, 'due', 1)",
                "INSERT INTO nowhere VALUES (1)"
            ])
            .await
    );
    let failing =
        json!({ "sql": "INSERT INTO orders VALUES (1, 'a', 1), (1, 'b', 1)", "params": [] });
    assert_eq!(platform.post("/v1/db/query", failing).await.0, 400);
    assert_eq!(changes(&mut client).await, []);
    platform
        .sql("INSERT INTO orders VALUES (7, 'due', NULL)")
        .await;
    assert_eq!(
        changes(&mut client).await,
        [change(
            "INSERT",
            json!({ "id": 7, "state": "due", "total": null }),
            Value::Null
        )]
    );
}

#[tokio::test]
async fn a_partial_batch_announces_what_stayed() {
    let builder = Emulator::builder()
        .schema(SCHEMA)
        .batch_mode(BatchMode::Partial);
    let platform = Platform::with(builder).await;
    let mut client = platform.connect().await;
    client.subscribe("tags").await;
    let batch = [
        "INSERT INTO tags VALUES ('a', 1)",
        "INSERT INTO nowhere VALUES (1)",
        "INSERT INTO tags VALUES ('b', 1)",
    ];
    assert!(!platform.batch(&batch).await);
    let names: Vec<_> = changes(&mut client)
        .await
        .into_iter()
        .map(|(_, data, _)| data["name"].clone())
        .collect();
    assert_eq!(names, ["a", "b"]);
}

#[tokio::test]
async fn rows_that_replace_displaces_are_announced_as_deleted() {
    let platform = Platform::start(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT COLLATE NOCASE UNIQUE, team TEXT);
         CREATE UNIQUE INDEX one_lead ON users (team) WHERE id > 100;
         CREATE TABLE tags (name TEXT PRIMARY KEY, hits INTEGER UNIQUE) WITHOUT ROWID;
         INSERT INTO users VALUES (1, 'a@x.y', 'red'), (2, 'b@x.y', 'red'), (101, 'c@x.y', 'red');
         INSERT INTO tags VALUES ('a', 1), ('b', 2), ('c', 3);",
    )
    .await;
    let mut client = platform.connect().await;
    client.subscribe("users").await;
    client.subscribe("tags").await;
    type Announced<'a> = &'a [(&'a str, Value, Value)];
    let cases: [(&str, Announced<'_>); 7] = [
        (
            "INSERT OR REPLACE INTO users VALUES (1, 'B@X.Y', 'blue')",
            &[
                ("DELETE", json!(1), Value::Null),
                ("DELETE", json!(2), Value::Null),
                ("INSERT", json!(1), Value::Null),
            ],
        ),
        (
            "INSERT OR IGNORE INTO users VALUES (1, 'z@x.y', 'blue')",
            &[],
        ),
        (
            "INSERT INTO users VALUES (3, 'd@x.y', 'red')",
            &[("INSERT", json!(3), Value::Null)],
        ),
        (
            "REPLACE INTO users VALUES (102, 'e@x.y', 'red')",
            &[
                ("DELETE", json!(101), Value::Null),
                ("INSERT", json!(102), Value::Null),
            ],
        ),
        (
            "INSERT INTO users VALUES (9, 'd@x.y', 'red') ON CONFLICT (email) DO UPDATE SET team = 'green'",
            &[("UPDATE", json!(3), json!(3))],
        ),
        (
            "UPDATE OR REPLACE users SET id = 1 WHERE id = 3",
            &[
                ("DELETE", json!(1), Value::Null),
                ("UPDATE", json!(1), json!(3)),
            ],
        ),
        (
            "UPDATE OR REPLACE tags SET hits = 3 WHERE name = 'a'",
            &[
                ("DELETE", json!("c"), Value::Null),
                ("UPDATE", json!("a"), json!("a")),
            ],
        ),
    ];
    for (sql, expected) in cases {
        platform.sql(sql).await;
        let key = |row: &Value| {
            row.get("id")
                .or(row.get("name"))
                .cloned()
                .unwrap_or_default()
        };
        let got: Vec<_> = changes(&mut client)
            .await
            .into_iter()
            .map(|(operation, data, old)| {
                let old = if operation == "UPDATE" {
                    key(&old)
                } else {
                    Value::Null
                };
                (operation, key(&data), old)
            })
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(operation, id, old)| change(operation, id.clone(), old.clone()))
            .collect();
        assert_eq!(got, expected, "{sql}");
    }
}

#[tokio::test]
async fn changes_by_triggers_and_cascades_are_announced_too() {
    let platform = Platform::start(
        "CREATE TABLE lists (id INTEGER PRIMARY KEY, size INTEGER DEFAULT 0);
         CREATE TABLE items (id INTEGER PRIMARY KEY, list REFERENCES lists (id) ON DELETE CASCADE);
         CREATE TRIGGER grow AFTER INSERT ON items BEGIN
             UPDATE lists SET size = size + 1 WHERE id = NEW.list; END;
         CREATE TRIGGER again AFTER INSERT ON lists BEGIN
             UPDATE lists SET size = 10 WHERE id = NEW.id; END;",
    )
    .await;
    let mut client = platform.connect().await;
    client.subscribe("lists").await;
    client.subscribe("items").await;
    platform.sql("INSERT INTO lists (id) VALUES (1)").await;
    platform.sql("INSERT INTO items VALUES (5, 1)").await;
    platform.sql("DELETE FROM lists").await;
    let operations: Vec<_> = changes(&mut client)
        .await
        .into_iter()
        .map(|(operation, data, _)| (operation, data["size"].clone()))
        .collect();
    let of = |operation: &str, size: Value| (operation.to_owned(), size);
    assert_eq!(
        operations[..4],
        [
            of("INSERT", json!(0)),
            of("UPDATE", json!(10)),
            of("INSERT", Value::Null),
            of("UPDATE", json!(11)),
        ]
    );
    let mut last = operations[4..].to_vec();
    last.sort_by_key(|(_, size)| size.is_null());
    assert_eq!(last, [of("DELETE", json!(11)), of("DELETE", Value::Null)]);
}

#[tokio::test]
async fn a_row_of_many_columns_arrives_whole() {
    let columns: Vec<_> = (0..1100).map(|n| format!("c{n} DEFAULT {n}")).collect();
    let platform = Platform::start(&format!("CREATE TABLE wide ({})", columns.join(", "))).await;
    let mut client = platform.connect().await;
    client.subscribe("wide").await;
    platform.sql("INSERT INTO wide DEFAULT VALUES").await;
    let row = &changes(&mut client).await[0].1;
    assert_eq!(row.as_object().unwrap().len(), 1100);
    assert_eq!(
        (&row["c399"], &row["c400"], &row["c1099"]),
        (&json!(399), &json!(400), &json!(1099))
    );
}

#[tokio::test]
async fn tables_made_later_are_watched_and_the_platforms_own_are_not() {
    let platform = Platform::start(SCHEMA).await;
    let mut client = platform.connect().await;
    for table in ["later", "realtime_messages"] {
        client.subscribe(table).await;
    }
    platform
        .emulator
        .seed()
        .sql("CREATE TABLE later (a); INSERT INTO later VALUES (1)")
        .await
        .unwrap();
    platform.sql("INSERT INTO later VALUES (2)").await;
    platform
        .emulator
        .seed()
        .sql("ALTER TABLE later ADD COLUMN b DEFAULT 'x'")
        .await
        .unwrap();
    platform.sql("INSERT INTO later (a) VALUES (3)").await;
    client
        .send(
            json!({ "type": "publish", "topic": "a/b", "event": "e", "data": 1, "persist": true }),
        )
        .await;
    let frames = client.pending().await;
    let rows: Vec<_> = frames
        .iter()
        .filter(|frame| frame["type"] != "ack")
        .map(|frame| frame["data"].clone())
        .collect();
    assert_eq!(
        rows,
        [
            json!({ "a": 1 }),
            json!({ "a": 2 }),
            json!({ "a": 3, "b": "x" })
        ]
    );
}
