use aerostack::ai::FinishReason;
use aerostack::search::EmbeddingModel;
use anyhow::{Context as _, ensure};
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};

use super::refused;
use crate::stage::Stage;

pub(super) async fn a_chat_is_answered_whole_and_in_pieces(stage: &Stage) -> anyhow::Result<()> {
    let question = "Why is the sky blue over Lisbon?";
    let whole = stage.client.ai().complete(question).await?;
    ensure!(
        whole.text.contains(question) && whole.finish_reason == Some(FinishReason::Stop),
        "{whole:?}"
    );
    let cut = stage
        .client
        .ai()
        .chat()
        .system("Be brief.")
        .user(question)
        .max_tokens(3)
        .await?;
    ensure!(
        cut.finish_reason == Some(FinishReason::Length) && cut.text.len() < whole.text.len(),
        "{cut:?}"
    );
    let tokens = cut.usage.and_then(|usage| usage.completion_tokens);
    ensure!(tokens == Some(3), "{tokens:?}");

    for ai in [&stage.client, &stage.straight] {
        let pieces: Vec<_> = ai
            .ai()
            .complete(question)
            .stream()
            .await?
            .try_collect()
            .await?;
        let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        ensure!(
            text == whole.text && pieces.len() > 2,
            "{} pieces",
            pieces.len()
        );
        ensure!(
            pieces.iter().any(|piece| piece.usage.is_some()),
            "no usage at the end"
        );
    }
    Ok(())
}

pub(super) async fn texts_become_vectors(stage: &Stage) -> anyhow::Result<()> {
    let texts = [
        "the harbour is closed",
        "the harbour is shut",
        "quarterly tax return",
    ];
    let vectors = stage.client.ai().embed_many(texts).await?;
    let one = stage.client.ai().embed(texts[0]).await?;
    ensure!(
        one.vector == vectors[0].vector,
        "the same text has two vectors"
    );
    let near = |left: usize, right: usize| -> f64 {
        let pairs = vectors[left].vector.iter().zip(&vectors[right].vector);
        pairs
            .map(|(left, right)| f64::from(*left) * f64::from(*right))
            .sum()
    };
    ensure!(near(0, 1) > near(0, 2), "{} {}", near(0, 1), near(0, 2));
    Ok(())
}

pub(super) async fn entries_are_found_by_meaning(stage: &Stage) -> anyhow::Result<()> {
    let search = stage.client.search();
    search.configure(EmbeddingModel::English).await?;
    let parcels = "Parcels posted before noon leave the same day.";
    search
        .ingest("faq", parcels)
        .id("faq-1")
        .metadata(&json!({"lang": "en"}))
        .await?;
    search
        .ingest("faq", "Returns are free within thirty days.")
        .id("faq-2")
        .metadata(&json!({"lang": "en"}))
        .await?;
    search
        .ingest("product", "A parcel scale for the kitchen.")
        .id("scale")
        .await?;

    let query = search
        .query("when do parcels leave")
        .top_k(1)
        .types(["faq"])
        .filter(&json!({"lang": "en"}));
    let hits = query.await?;
    ensure!(
        hits.len() == 1 && hits[0].id == "faq-1" && hits[0].score.is_some(),
        "{hits:?}"
    );
    ensure!(search.count().await? == 3 && search.count().of_type("faq").await? == 2);
    let types: Vec<_> = search
        .list_types()
        .await?
        .into_iter()
        .map(|of| (of.name, of.count))
        .collect();
    ensure!(
        types == [("faq".to_owned(), 2), ("product".to_owned(), 1)],
        "{types:?}"
    );

    search
        .update("faq-1", "Parcels leave at dawn.")
        .metadata(&json!({"lang": "pt"}))
        .await?;
    let entry = search.get("faq-1").await?.context("the entry is gone")?;
    ensure!(
        entry.content == "Parcels leave at dawn."
            && entry.metadata::<Value>()? == json!({"lang": "pt"})
    );
    search.delete("faq-1").await?;
    ensure!(search.get("faq-1").await?.is_none());
    search.delete_by_type("faq").await?;
    ensure!(search.count().await? == 1);
    Ok(())
}

pub(super) async fn consumers_pay_for_what_they_use(stage: &Stage) -> anyhow::Result<()> {
    let of = |client: &aerostack::Client| {
        client
            .gateway("support-bot")
            .consumer_key(stage.planted.consumer_key.as_str())
    };
    let gateway = of(&stage.client);
    let before = gateway.wallet().await?;
    let answer = gateway.chat().user("How do I return a parcel?").await?;
    let streamed: Vec<_> = of(&stage.straight)
        .complete("And when?")
        .stream()
        .await?
        .try_collect()
        .await?;
    let used = [answer.usage, streamed.iter().find_map(|piece| piece.usage)];
    let used: u64 = used
        .into_iter()
        .flatten()
        .filter_map(|usage| usage.total_tokens)
        .sum();
    let after = gateway.wallet().await?;
    #[expect(clippy::cast_precision_loss, reason = "a few dozen tokens")]
    let paid = used as f64;
    ensure!(
        paid > 0.0 && before.balance - after.balance == paid,
        "{before:?} {after:?} {used}"
    );
    let usage = gateway.usage().days(7).await?;
    ensure!(
        (usage.total_requests, usage.total_tokens) == (2, used),
        "{usage:?}"
    );
    ensure!(
        stage
            .client
            .gateway_billing()
            .log("con_81d0", "api_44c2", 12)
            .metric("pages")
            .await?
            == 12
    );

    let user = stage
        .client
        .gateway("support-bot")
        .user_token(stage.planted.user_token.as_str());
    user.wallet().await?;
    refused(
        stage
            .client
            .gateway("support-bot")
            .consumer_key("ask_test_wrong")
            .wallet()
            .await,
        401,
        "AUTH_INVALID_KEY",
    )
}
