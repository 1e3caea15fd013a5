use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::refused;
use crate::stage::Stage;

pub(super) async fn services_and_functions_are_called(stage: &Stage) -> anyhow::Result<()> {
    let rendered: Value = stage
        .client
        .services()
        .invoke("invoice-renderer", &json!({"orderId": 9182}))
        .await?;
    ensure!(rendered == json!({"order": 9182, "pages": 2}), "{rendered}");
    refused(
        stage
            .client
            .services()
            .invoke::<Value>("nowhere", &json!({}))
            .await,
        404,
        "SERVICE_NOT_FOUND",
    )?;

    let quote = || stage.client.functions().call::<Value>("shipping-quote");
    let body = json!({"country": "PT"});
    for (call, method) in [
        (quote().get().query("country", "PT"), "GET"),
        (quote().post(&body), "POST"),
        (quote().put(&body), "PUT"),
        (quote().patch(&body), "PATCH"),
        (quote().delete().query("country", "PT"), "DELETE"),
    ] {
        let answer = call.await?;
        ensure!(
            answer == json!({"method": method, "country": "PT", "user": null}),
            "{answer}"
        );
    }
    let answer = quote()
        .post(&body)
        .user_token(stage.planted.user_token.as_str())
        .await?;
    ensure!(
        answer["user"].is_string(),
        "the user is unknown to the function: {answer}"
    );
    Ok(())
}

pub(super) async fn items_are_collected(stage: &Stage) -> anyhow::Result<()> {
    let articles = stage.client.collection("articles");
    let made: Value = articles
        .create(&json!({"title": "Tides", "status": "draft"}))
        .await?;
    let id = made["id"].as_str().context("an item without an id")?;
    articles
        .create::<Value>(&json!({"title": "Charts", "status": "published"}))
        .await?;
    articles
        .update(
            id,
            &json!({"title": "Tides explained", "status": "published"}),
        )
        .await?;
    let read: Option<Value> = articles.get(id).await?;
    ensure!(
        read.as_ref()
            .is_some_and(|item| item["title"] == "Tides explained"),
        "{read:?}"
    );
    let listed: Vec<Value> = articles.list().query("status", "published").await?;
    ensure!(listed.len() == 2, "{listed:?}");
    articles.delete(id).await?;
    ensure!(articles.get::<Value>(id).await?.is_none());
    refused(
        stage.client.collection("nowhere").list::<Value>().await,
        404,
        "NOT_FOUND",
    )
}

pub(super) async fn secrets_are_read(stage: &Stage) -> anyhow::Result<()> {
    let secret = stage
        .client
        .secrets()
        .get("MAIL_API_KEY")
        .await?
        .context("no secret")?;
    ensure!(secret.expose() == "not-a-real-key");
    ensure!(stage.client.secrets().get("NO_SUCH_KEY").await?.is_none());
    Ok(())
}
