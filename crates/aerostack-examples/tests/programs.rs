//! Each program runs, as it is started by hand, against the local Aerostack, and shows what it promises.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::{
    env,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

/// Runs an example and returns what it printed. Cargo builds the examples beside the tests.
fn run(name: &str, arguments: &[&str], input: &str) -> String {
    let mut folder = env::current_exe().unwrap();
    folder.pop();
    folder.pop();
    let program: PathBuf = folder.join("examples").join(name);
    let mut child = Command::new(&program)
        .args(arguments)
        .env_remove("WORKER_TOKEN")
        .env_remove("BOT_PUBLIC_KEY")
        .env_remove("PORT")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{name}: {text}\n{errors}");
    text + &errors
}

#[track_caller]
fn shows(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }
}

#[test]
fn an_import_stores_every_row_once_over_a_connection_that_fails() {
    let text = run("import-csv", &["--rows", "5200", "--trouble"], "");
    shows(
        &text,
        &[
            "5200 rows read, 5200 in the table, 6 attempts failed",
            "it was stored all the same",
            "100%",
        ],
    );
}

#[test]
fn notes_answer_a_question_with_their_sources() {
    let text = run("rag-notes", &[], "");
    shows(
        &text,
        &[
            "When do parcels leave?",
            "[1] Parcels posted before noon",
            "(shipping#0)",
        ],
    );
}

#[test]
fn users_are_created_once_however_often_the_program_runs() {
    let text = run("admin-users", &[], "");
    shows(
        &text,
        &[
            "round 1: {Created: 38, AlreadyThere: 2}",
            "round 2: {AlreadyThere: 40}",
        ],
    );
}

#[test]
fn a_folder_is_uploaded_once() {
    let text = run("upload-dir", &["--prefix", "photos"], "");
    shows(
        &text,
        &[
            "photos/texts/hello.txt",
            "first round: 4 uploaded, 0 there already",
            "second round: 0 uploaded, 4 there already",
        ],
    );
}

#[test]
fn a_worker_does_retries_and_gives_up_jobs() {
    let text = run("worker", &[], "");
    shows(
        &text,
        &[
            "small.png: done in attempt 1",
            "large.png: attempt 1 failed",
            "large.png: done in attempt 2",
            "notes.txt: given up",
            "2 thumbnails",
        ],
    );
}

#[test]
fn a_chat_room_shows_who_is_there_and_what_they_say() {
    let text = run("chat-room", &["lobby", "Omar"], "hello\n\n/who\n/quit\n");
    shows(
        &text,
        &["*** Omar is in lobby", "Omar: hello", "*** 1 here"],
    );
}

#[test]
fn a_bot_answers_commands_and_refuses_what_is_not_signed() {
    let text = run("slash-bot", &[], "");
    shows(
        &text,
        &[
            "Noted.",
            "I know that already.",
            "    buy lamps\n    paint the boat",
            "I do not know /dance.",
            "without a signature: 401 Unauthorized",
        ],
    );
}
