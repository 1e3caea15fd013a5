use std::time::Duration;

use anyhow::ensure;
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};

use super::refused;
use crate::stage::Stage;

pub(super) async fn values_live_and_expire(stage: &Stage) -> anyhow::Result<()> {
    let cache = stage.client.cache();
    let value = json!({"name": "Inês", "tags": ["a", null], "visits": 12});
    cache.set("user:1", &value).await?;
    ensure!(cache.get::<Value>("user:1").await? == Some(value));
    cache
        .set("user:1", "a moment")
        .ttl(Duration::from_secs(90))
        .await?;
    ensure!(cache.get::<String>("user:1").await?.as_deref() == Some("a moment"));
    stage.emulator.clock().advance(Duration::from_secs(91));
    ensure!(
        cache.get::<Value>("user:1").await?.is_none(),
        "it outlived its time"
    );
    ensure!(!cache.has("user:1").await?);

    ensure!(
        !cache.expire("user:1", Duration::from_secs(60)).await?,
        "there was nothing to expire"
    );
    cache.set("user:2", "stays").await?;
    ensure!(cache.expire("user:2", Duration::from_secs(60)).await?);
    cache.delete("user:2").await?;
    ensure!(!cache.has("user:2").await?);
    Ok(())
}

pub(super) async fn keys_are_found_and_flushed(stage: &Stage) -> anyhow::Result<()> {
    let cache = stage.client.cache();
    let many = (0..5).fold(cache.set_many(), |many, index| {
        many.entry(format!("list:{index}"), &index)
    });
    many.await?;
    let listed: Vec<_> = cache
        .list()
        .prefix("list:")
        .limit(2)
        .items()
        .try_collect()
        .await?;
    let names: Vec<_> = listed.iter().map(|key| key.name.as_str()).collect();
    ensure!(
        names == ["list:0", "list:1", "list:2", "list:3", "list:4"],
        "{names:?}"
    );
    ensure!(cache.keys("list:").await?.names == names);

    let got = cache
        .get_many::<u8, _>(["list:4", "list:9", "list:0"])
        .await?;
    ensure!(got == [Some(4), None, Some(0)], "{got:?}");
    let gone = cache.delete_many(["list:0", "list:9"]).await?;
    ensure!((gone.requested, gone.deleted) == (2, Some(1)), "{gone:?}");
    ensure!(cache.flush("list:").await? == 4);
    ensure!(cache.keys("list:").await?.names.is_empty());
    Ok(())
}

pub(super) async fn numbers_are_counted(stage: &Stage) -> anyhow::Result<()> {
    let cache = stage.client.cache();
    let day = Duration::from_secs(86_400);
    ensure!(cache.increment("visits").initial(10).ttl(day).await? == 11);
    ensure!(cache.increment("visits").by(-4).await? == 7);
    cache.set("words", "not a number").await?;
    refused(cache.increment("words").await, 400, "VALIDATION_ERROR")
}
