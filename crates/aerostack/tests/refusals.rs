//! Guesses that the compiler refuses, and what it must say about them: the message names the right call.
//!
//! All lines are compiled by one run of rustc against the library that this test was built with.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use serde_json::Value;

/// A guess, and texts that must be in the compiler's message about its line.
const REFUSED: &[(&str, &[&str])] = &[
    (
        "let rows = client.db().query(\"SELECT * FROM users\").await?; for r in rows { println!(\"{r:?}\"); }",
        &["Vec<Row>"],
    ),
    (
        "client.db().query(\"INSERT INTO users(id) VALUES (?)\").bind(1).await?;",
        &["type parameter `Row` declared on the method `query`"],
    ),
    (
        "let v: Vec<U> = client.db().query(\"SELECT * FROM users WHERE id = ?\", &[1]).await?;",
        &[".bind(a) or query((sql, (a, b)))"],
    ),
    (
        "client.cache().set(\"k\", \"v\").ttl(300).await?;",
        &["expected `Duration`, found integer"],
    ),
    (
        "let user = client.cache().get(\"user:1\").await?; println!(\"{:?}\", user);",
        &["Option<Value>"],
    ),
    (
        "let k = client.secrets().get(\"STRIPE\").await?; println!(\"{}\", k.unwrap());",
        &["a `Secret` is not printed", ".expose()"],
    ),
    (
        "let s = client.auth().login(\"a\",\"b\").await?; let body = to_value(&s);",
        &["holds tokens", "session.access_token.expose()"],
    ),
    (
        "client.db().transaction(|tx| async move { tx.execute(\"x\").await }).await?;",
        &["no interactive transactions", ".batch().add((sql, (a, b)))"],
    ),
    (
        "client.db().begin().await?;",
        &["no interactive transactions", ".batch()"],
    ),
    (
        "let f = client.db().query::<U>(\"SELECT * FROM users\"); spawn(f);",
        &[
            "a call is not a future until it is awaited",
            ".into_future()",
        ],
    ),
    (
        "let f = client.cache().has(\"a\"); spawn(f);",
        &[
            "a call is not a future until it is awaited",
            ".into_future()",
        ],
    ),
    (
        "match client.db().execute(\"x\").await { Err(e) => match e { Error::RateLimited => 1, _ => 2 }, _ => 3 };",
        &["expected `Error`, found `ErrorKind`"],
    ),
    (
        "client.storage().upload(\"the content\", \"key.txt\").await?;",
        &["takes the key first", "UploadBody::text(..)"],
    ),
    (
        "client.storage().upload(\"key.txt\", String::from(\"the content\")).await?;",
        &["a text is not a file", "UploadBody::text(..)"],
    ),
    (
        "client.auth().verify_otp(\"482916\", \"ines@example.com\").await?;",
        &["takes 1 argument", "the code goes to .code(..)"],
    ),
    (
        "client.db().execute(\"x\").bind(vec![\"a\"]).await?;",
        &[
            "cannot be bound to a placeholder",
            ".params((a, b))",
            "db::Json(value)",
            ".bind_list(values)",
        ],
    ),
    (
        "client.db().execute(\"x\").bind(U::new()).await?;",
        &["cannot be bound to a placeholder", "db::Json(value)"],
    ),
    (
        "client.db().execute(\"x\").params(1).await?;",
        &[
            "cannot be the parameters of a statement",
            ".params((id, name))",
        ],
    ),
];

const PRELUDE: &str = "
use aerostack::{Client, Error};
type U = std::collections::BTreeMap<String, String>;
type Done = Result<(), Box<dyn std::error::Error>>;
fn spawn<F: Future + Send + 'static>(_: F) {}
fn to_value<T: serde::Serialize>(_: T) {}
";

#[test]
fn the_compiler_names_the_right_call() {
    let mut program = PRELUDE.to_owned();
    for (number, (guess, _)) in REFUSED.iter().enumerate() {
        program.push_str(&format!(
            "async fn guess_{number}(client: Client) -> Done {{ {guess} Ok(()) }}\n"
        ));
    }
    let messages = compile(&program);
    let first = PRELUDE.lines().count() as u64 + 1;
    for (number, (guess, wanted)) in REFUSED.iter().enumerate() {
        let line = first + number as u64;
        let about: String = messages
            .iter()
            .filter(|message| {
                let spans = message["spans"].as_array();
                spans.is_some_and(|spans| spans.iter().any(|span| span["line_start"] == line))
            })
            .filter_map(|message| message["rendered"].as_str())
            .collect();
        assert!(!about.is_empty(), "this compiles: {guess}");
        for text in *wanted {
            assert!(about.contains(text), "{text:?} is not in:\n{about}");
        }
    }
}

/// The prelude alone compiles, so that the messages are about the guesses.
#[test]
fn what_surrounds_the_guesses_compiles() {
    let messages = compile(PRELUDE);
    assert!(messages.is_empty(), "{messages:#?}");
}

/// Compiles with the library of this test and the serde that it uses. Cargo builds serde for build scripts as well, and
/// either may be the newer one.
fn compile(program: &str) -> Vec<Value> {
    let mut libraries = env::current_exe().unwrap();
    libraries.pop();
    let aerostack = builds(&libraries, "aerostack").remove(0);
    let serde = builds(&libraries, "serde").into_iter();
    let serde = serde
        .map(|serde| {
            (
                compile_with(&libraries, &aerostack, &serde, SAME_SERDE),
                serde,
            )
        })
        .find_map(|(messages, serde)| messages.is_empty().then_some(serde))
        .expect("one of the builds of serde is the one that aerostack uses");
    compile_with(&libraries, &aerostack, &serde, program)
}

/// Compiles only where both mean the same trait.
const SAME_SERDE: &str = "
pub fn same<T: serde::Serialize>(cache: aerostack::cache::Cache, value: T) {
    let _ = cache.set(\"k\", value);
}
";

fn compile_with(libraries: &Path, aerostack: &Path, serde: &Path, program: &str) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("guesses.rs");
    fs::write(&file, program).unwrap();
    let output = Command::new(env::var_os("RUSTC").unwrap_or("rustc".into()))
        // The sources' names are relative to the workspace, and rustc shows lines of theirs.
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata"])
        .args(["--error-format", "json", "--cap-lints", "allow"])
        .arg("--out-dir")
        .arg(folder.path())
        .arg("-L")
        .arg(format!("dependency={}", libraries.display()))
        .arg("--extern")
        .arg(format!("aerostack={}", aerostack.display()))
        .arg("--extern")
        .arg(format!("serde={}", serde.display()))
        .arg(&file)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("{text}")))
        .filter(|message| message["level"] == "error" && message["spans"][0].is_object())
        .collect()
}

/// All builds of a library, the newest first.
fn builds(folder: &Path, name: &str) -> Vec<PathBuf> {
    let prefix = format!("lib{name}-");
    let mut builds: Vec<(SystemTime, PathBuf)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            file.starts_with(&prefix) && file.ends_with(".rlib")
        })
        .map(|path| {
            let time = fs::metadata(&path).and_then(|file| file.modified());
            (time.unwrap_or(SystemTime::UNIX_EPOCH), path)
        })
        .collect();
    builds.sort_by(|one, other| other.cmp(one));
    builds.into_iter().map(|(_, path)| path).collect()
}
