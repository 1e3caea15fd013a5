//! How well lexical embeddings find things, beside chance. The queries share words with their texts, as those of people
//! who know the subject do; a query of synonyms alone finds nothing.

use std::collections::BTreeMap;

use serde_json::json;

use crate::common::Platform;

const DATA: &str = include_str!("../data/retrieval.txt");

/// The share of queries whose text has to come first. Chance gives one in sixty.
const FLOOR: f64 = 0.9;

struct Set {
    texts: Vec<&'static str>,
    /// A query and the place of its text.
    queries: Vec<(&'static str, usize)>,
}

fn read() -> Set {
    let mut set = Set {
        texts: Vec::new(),
        queries: Vec::new(),
    };
    for line in DATA
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        match line.strip_prefix("? ") {
            Some(query) => set.queries.push((query, set.texts.len() - 1)),
            None => set.texts.push(line),
        }
    }
    set
}

#[allow(clippy::cast_precision_loss)]
fn share(hits: usize, of: usize) -> f64 {
    hits as f64 / of as f64
}

#[tokio::test]
async fn the_right_text_comes_first_for_nearly_all_queries() {
    let set = read();
    assert!(set.queries.len() >= 100, "{} queries", set.queries.len());
    let mut recall = BTreeMap::new();
    for model in ["english", "multilingual"] {
        let platform = Platform::start().await;
        platform
            .ok(
                "/v1/ai/search/configure",
                json!({ "embeddingModel": model }),
            )
            .await;
        for (place, text) in set.texts.iter().enumerate() {
            let entry = json!({ "id": place.to_string(), "type": "t", "content": text });
            platform.ok("/v1/ai/search/ingest", entry).await;
        }
        let mut hits = 0;
        for (query, right) in &set.queries {
            let query = json!({ "text": query, "topK": 1 });
            let answer = platform.ok("/v1/ai/search/query", query).await;
            hits += usize::from(answer["results"][0]["id"] == *right.to_string());
        }
        recall.insert(model, share(hits, set.queries.len()));
    }
    let mut random = fastrand::Rng::with_seed(1);
    let rounds = 100;
    let by_chance = std::iter::repeat_n(&set.queries, rounds)
        .flatten()
        .filter(|(_, right)| random.usize(..set.texts.len()) == *right)
        .count();
    let by_chance = share(by_chance, rounds * set.queries.len());
    println!(
        "recall@1 over {} queries and {} texts: english {:.3}, multilingual {:.3}, random {by_chance:.3}",
        set.queries.len(),
        set.texts.len(),
        recall["english"],
        recall["multilingual"],
    );
    assert!(recall["english"] >= FLOOR, "{recall:?}");
    assert!(recall["multilingual"] >= FLOOR - 0.1, "{recall:?}");
    assert!(by_chance < 0.1);
}
