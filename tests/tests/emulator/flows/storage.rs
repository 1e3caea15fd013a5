use anyhow::ensure;
use futures_util::TryStreamExt as _;

use super::refused;
use crate::stage::Stage;

/// Every byte there is, so that nothing between can mistake it for text.
fn bytes() -> Vec<u8> {
    (0..=255).cycle().take(10_000).collect()
}

pub(super) async fn a_file_is_kept(stage: &Stage) -> anyhow::Result<()> {
    let (files, straight) = (stage.client.storage(), stage.straight.storage());
    let stored = straight
        .upload("kept/all.bin", bytes())
        .content_type("image/png")
        .await?;
    ensure!(straight.download("kept/all.bin").await? == bytes());
    ensure!(files.url("kept/all.bin").await? == stored.url);
    let served = reqwest::get(&stored.url).await?.error_for_status()?;
    ensure!(
        served.bytes().await? == bytes(),
        "the URL gives something else"
    );

    let known = files
        .metadata("kept/all.bin")
        .await?
        .ok_or_else(|| anyhow::anyhow!("no metadata"))?;
    ensure!(
        (known.size, known.content_type.as_deref()) == (Some(10_000), Some("image/png")),
        "{known:?}"
    );
    ensure!(files.exists("kept/all.bin").await?);
    files.delete("kept/all.bin").await?;
    ensure!(!files.exists("kept/all.bin").await?);
    ensure!(files.metadata("kept/all.bin").await?.is_none());
    refused(straight.download("kept/all.bin").await, 404, "NOT_FOUND")
}

pub(super) async fn files_are_listed_copied_and_moved(stage: &Stage) -> anyhow::Result<()> {
    let (files, straight) = (stage.client.storage(), stage.straight.storage());
    for index in 0..5 {
        straight
            .upload(
                format!("many/{index}.txt"),
                format!("file {index}").into_bytes(),
            )
            .content_type("text/plain")
            .await?;
    }
    let listed: Vec<_> = files
        .list()
        .prefix("many/")
        .limit(2)
        .items()
        .try_collect()
        .await?;
    let keys: Vec<_> = listed.iter().map(|object| object.key.as_str()).collect();
    ensure!(
        keys == [
            "many/0.txt",
            "many/1.txt",
            "many/2.txt",
            "many/3.txt",
            "many/4.txt"
        ],
        "{keys:?}"
    );

    files.copy("many/0.txt", "other/copy.txt").await?;
    files.move_to("many/1.txt", "other/moved.txt").await?;
    ensure!(straight.download("other/copy.txt").await? == "file 0");
    ensure!(straight.download("other/moved.txt").await? == "file 1");
    ensure!(files.exists("many/0.txt").await? && !files.exists("many/1.txt").await?);
    refused(
        files.copy("many/9.txt", "other/9.txt").await,
        404,
        "NOT_FOUND",
    )
}
