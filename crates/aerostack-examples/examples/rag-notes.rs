//! Questions about one's own notes: found by meaning, answered by a model, written as it is thought of.
//!
//! ```text
//! cargo run --example rag-notes                                  # three notes and a question
//! cargo run --example rag-notes -- notes/ "When do parcels leave?" --remote
//! ```

#![allow(clippy::print_stdout, reason = "an example shows")]

use std::{error::Error, fs, io::Write};

use aerostack::Client;
use aerostack_examples::{arguments, open};
use futures_util::TryStreamExt;

const NOTES: [(&str, &str); 3] = [
    (
        "shipping",
        "Parcels posted before noon leave the same day. Later ones leave on the next working day.",
    ),
    (
        "returns",
        "Customers may return an article within thirty days. Refunds take a week.",
    ),
    (
        "stock",
        "The warehouse counts its stock on the first Monday of every month.",
    ),
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let project = open("").await?;
    let arguments = arguments();
    let (notes, question) = match arguments.as_slice() {
        [folder, question] => (read(folder)?, question.as_str()),
        [] => {
            let notes = NOTES.map(|(name, text)| (name.to_owned(), text.to_owned()));
            (notes.to_vec(), "When do parcels leave?")
        }
        _ => return Err("give a folder of notes and a question, or nothing".into()),
    };
    learn(&project.client, notes).await?;
    println!("{question}\n");
    answer(&project.client, question).await?;
    if let Some(emulator) = project.emulator {
        emulator.shutdown().await;
    }
    Ok(())
}

fn read(folder: &str) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let mut notes = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|end| end == "md" || end == "txt")
        {
            notes.push((path.display().to_string(), fs::read_to_string(&path)?));
        }
    }
    Ok(notes)
}

/// Puts each paragraph into the index. The same id replaces an entry, so this can be repeated.
async fn learn(client: &Client, notes: Vec<(String, String)>) -> Result<(), aerostack::Error> {
    for (name, text) in notes {
        for (number, paragraph) in text.split("\n\n").enumerate() {
            client
                .search()
                .ingest("note", paragraph.trim())
                .id(format!("{name}#{number}"))
                .await?;
        }
    }
    Ok(())
}

/// Finds the paragraphs nearest to the question and lets the model answer from them.
async fn answer(client: &Client, question: &str) -> Result<(), Box<dyn Error>> {
    let hits = client
        .search()
        .query(question)
        .types(["note"])
        .top_k(3)
        .await?;
    let sources: Vec<String> = hits
        .iter()
        .enumerate()
        .map(|(index, hit)| format!("[{}] {}", index + 1, hit.content))
        .collect();
    let mut deltas = client
        .ai()
        .chat()
        .system("Answer from the sources alone, in two sentences, and name the sources by their numbers.")
        .user(format!("{}\n\nQuestion: {question}", sources.join("\n")))
        .max_tokens(200)
        .stream()
        .await?;
    while let Some(delta) = deltas.try_next().await? {
        print!("{}", delta.text);
        std::io::stdout().flush()?;
    }
    println!("\n");
    for (hit, source) in hits.iter().zip(&sources) {
        println!(
            "{:.2}  {source}  ({})",
            hit.score.unwrap_or_default(),
            hit.id
        );
    }
    Ok(())
}
