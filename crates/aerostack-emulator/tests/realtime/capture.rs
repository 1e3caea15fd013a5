//! Change capture against an independent account: the rows of a SELECT before and after.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use tokio::net::TcpStream;

use crate::client::Client;
use crate::platform::Platform;

const SCHEMA: &str = "
    CREATE TABLE plain (id INTEGER PRIMARY KEY, k INTEGER UNIQUE, v ANY);
    CREATE TABLE keyed (k TEXT PRIMARY KEY, a INTEGER, b INTEGER, UNIQUE (a, b)) WITHOUT ROWID;
    CREATE TABLE loose (a ANY, b ANY);
    CREATE UNIQUE INDEX loosely ON loose (a) WHERE b IS NOT NULL;
    CREATE TRIGGER mirror AFTER INSERT ON plain WHEN NEW.k % 2 = 0 BEGIN
        INSERT OR REPLACE INTO loose VALUES (NEW.k, NEW.v); END;";

const TABLES: [&str; 3] = ["plain", "keyed", "loose"];

/// A statement over few keys, so that conflicts are common.
fn statement() -> impl Strategy<Value = String> {
    let number = || (0..5_i32).prop_map(|number| number.to_string());
    let value = || {
        prop_oneof![
            number(),
            Just("NULL".to_owned()),
            Just("1.5".to_owned()),
            Just("x'0102'".to_owned()),
            "'[a-c]'",
        ]
    };
    let conflict = prop_oneof![
        3 => Just("OR REPLACE "),
        2 => Just(""),
        1 => Just("OR IGNORE "),
        1 => Just("OR FAIL "),
        1 => Just("OR ABORT "),
    ];
    (
        0..9,
        conflict,
        number(),
        number(),
        number(),
        value(),
        value(),
    )
        .prop_map(|(kind, or, a, b, c, v, w)| match kind {
            0 => format!("INSERT {or}INTO plain VALUES ({a}, {b}, {v}), ({c}, {a}, {w})"),
            1 => format!("UPDATE {or}plain SET k = {a}, v = {v} WHERE id >= {b}"),
            2 => format!("UPDATE {or}plain SET id = id + 1 WHERE id <> {a}"),
            3 => format!("DELETE FROM plain WHERE k = {a} OR v IS {v}"),
            4 => format!("INSERT {or}INTO keyed VALUES ('{a}', {b}, {c}), ('{c}', {a}, NULL)"),
            5 => format!("UPDATE {or}keyed SET a = {a}, b = {b} WHERE k >= '{c}'"),
            6 => format!(
                "INSERT INTO keyed VALUES ('{a}', {b}, {c}) ON CONFLICT (k) DO UPDATE SET a = a + 1"
            ),
            7 => format!("INSERT {or}INTO loose VALUES ({v}, {w}), ({a}, {v})"),
            _ => format!(
                "DELETE FROM {} WHERE rowid % 2 = {a}",
                if b == "0" { "plain" } else { "loose" }
            ),
        })
}

/// One call: a single statement, or a batch with a failing end now and then.
fn call() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        2 => statement().prop_map(|statement| vec![statement]),
        2 => prop::collection::vec(statement(), 2..6),
        1 => prop::collection::vec(statement(), 1..4).prop_map(|mut statements| {
            statements.push("INSERT INTO nowhere VALUES (1)".to_owned());
            statements
        }),
    ]
}

struct Account {
    platform: Platform,
    client: Client<TcpStream>,
    tables: [Vec<Value>; 3],
}

impl Account {
    async fn open() -> Self {
        let platform = Platform::start(SCHEMA).await;
        let mut client = platform.connect().await;
        for table in TABLES {
            client.subscribe(table).await;
        }
        Self {
            platform,
            client,
            tables: Default::default(),
        }
    }

    /// Applies the announced changes, each of which has to fit, and compares with what SELECT says.
    async fn check(&mut self, call: &[String]) -> Result<(), TestCaseError> {
        let statements: Vec<&str> = call.iter().map(String::as_str).collect();
        self.platform.batch(&statements).await;
        for frame in self.client.pending().await {
            let table = TABLES
                .iter()
                .position(|name| frame["topic"] == format!("table/{name}/proj_local"))
                .expect("a known table");
            let rows = &mut self.tables[table];
            if frame["operation"] != "INSERT" {
                let index = rows.iter().position(|row| *row == frame["old"]);
                prop_assert!(
                    index.is_some(),
                    "{call:?}: nothing like {frame} in {rows:?}"
                );
                rows.remove(index.unwrap_or_default());
            }
            if frame["operation"] != "DELETE" {
                rows.push(frame["data"].clone());
            }
        }
        for (name, rows) in TABLES.iter().zip(&mut self.tables) {
            let selected = self.platform.sql(&format!("SELECT * FROM {name}")).await;
            let mut selected = selected.as_array().unwrap().clone();
            rows.sort_by_key(Value::to_string);
            selected.sort_by_key(Value::to_string);
            prop_assert_eq!(&selected, &*rows, "{:?} on {}", call, name);
        }
        Ok(())
    }
}

#[test]
fn changes_add_up_to_what_select_says() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config {
        cases: 60,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&prop::collection::vec(call(), 1..25), |calls| {
            runtime.block_on(async {
                let mut account = Account::open().await;
                for call in &calls {
                    account.check(call).await?;
                }
                account.platform.emulator.shutdown().await;
                Ok(())
            })
        })
        .unwrap();
}
