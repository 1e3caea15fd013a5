use std::time::Duration;

use aerostack_realtime::Realtime;
use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use crate::stage::Stage;

/// The socket goes to the local platform itself, or nowhere, when only the history is asked for.
fn realtime(stage: &Stage, url: String) -> Result<Realtime, aerostack_realtime::Error> {
    let builder = Realtime::builder()
        .base_url(url)
        .api_key(stage.emulator.api_key());
    builder.project_id(stage.emulator.project_id()).build()
}

pub(super) async fn kept_messages_are_the_history(stage: &Stage) -> anyhow::Result<()> {
    let live = realtime(stage, stage.emulator.url())?.channel("lobby")?;
    for text in ["Any news of the ferry?", "It is on time."] {
        live.publish("message", &json!({"text": text}))
            .persist()
            .acked()
            .await?;
    }
    live.publish("message", &json!({"text": "Not kept."}))
        .acked()
        .await?;

    let checked = realtime(stage, stage.checked.url())?.channel("lobby")?;
    let kept = checked.history().collect(10).await?;
    let texts = kept
        .iter()
        .map(|message| Ok(message.decode::<Value>()?["text"].clone()));
    let texts = texts.collect::<anyhow::Result<Vec<_>>>()?;
    ensure!(
        texts == ["It is on time.", "Any news of the ferry?"],
        "{texts:?}"
    );
    Ok(())
}

pub(super) async fn servers_emit_to_subscribers(stage: &Stage) -> anyhow::Result<()> {
    let channel = realtime(stage, stage.emulator.url())?.channel("orders")?;
    let mut events = channel.events::<Value>("order-shipped").subscribe().await?;
    let emit = stage
        .client
        .socket()
        .emit("order-shipped", &json!({"orderId": 9182}));
    emit.room(channel.topic()).await?;
    let item = tokio::time::timeout(Duration::from_secs(10), events.next()).await?;
    let event = item
        .context("the stream ended")??
        .message()
        .context("no message")?;
    ensure!(event.data == json!({"orderId": 9182}), "{event:?}");
    Ok(())
}
