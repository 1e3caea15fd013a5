//! What dropped futures leave of a session, a stream, a file.

use std::future::IntoFuture as _;
use std::time::Duration;

use aerostack_emulator::Fault;
use futures_util::TryStreamExt as _;

use crate::dropped;
use aerostack_contract::world::{EMAIL, PASSWORD, World};

fn refreshes(world: &World) -> usize {
    let received = world.emulator.received();
    let refreshes = received
        .iter()
        .filter(|call| call.operation == Some("publicAuthRefresh"));
    refreshes.count()
}

/// Whoever begins the refresh may go at any step: the others wait for the same one, which happens once.
#[test]
fn a_refresh_survives_whoever_began_it() {
    let world = World::new();
    for polls in 0..6 {
        let session = world.ours(async {
            let auth = world.sdk.client.auth();
            auth.login(EMAIL, PASSWORD).await.unwrap()
        });
        let slow = Fault::delay(Duration::from_millis(30)).on("publicAuthRefresh");
        world.theirs(|emulator| {
            emulator.clear_received();
            emulator.fault(slow.times(1));
        });
        world.ours(async {
            let old = session.refresh_token.clone().unwrap();
            let tokens = world.sdk.client.auth().manage(session);
            let ended = dropped::after(polls, tokens.refresh()).await.is_some();
            let new = tokens.refresh().await.unwrap();
            assert_eq!(
                refreshes(&world),
                1 + usize::from(ended),
                "after {polls} steps"
            );
            let kept = tokens.session().refresh_token.unwrap();
            assert_ne!(kept.expose(), old.expose());
            let user = world.sdk.client.auth().verify_token(&new).await.unwrap();
            assert!(user.is_some(), "after {polls} steps");
        });
        world.theirs(|emulator| emulator.clear_faults());
    }
    world.ends_without_leftovers();
}

/// A runtime that ends takes the refresh with it. Nobody waits for ever, and the session is not lost: the next refresh asks
/// the platform what became of the token.
#[test]
fn a_refresh_that_its_runtime_took_along_does_not_end_the_session() {
    let world = World::new();
    world.theirs(|emulator| emulator.fault(Fault::hang().on("publicAuthRefresh").times(1)));
    let short = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let tokens = short.block_on(async {
        let auth = world.sdk.client.auth();
        let session = auth.login(EMAIL, PASSWORD).await.unwrap();
        auth.manage(session)
    });
    short.block_on(async {
        let waiting = tokens.clone();
        let waiting = tokio::spawn(async move { waiting.refresh().await });
        while refreshes(&world) == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        waiting.abort();
    });
    drop(short);
    world.ours(async {
        let error = tokens.refresh().await.unwrap_err();
        assert_eq!(error.kind(), aerostack::ErrorKind::Interrupted, "{error}");
        tokens.token().await.unwrap();
        tokens.refresh().await.unwrap();
    });
    assert_eq!(refreshes(&world), 2);
    drop(tokens);
    world.ends_without_leftovers();
}

/// Waiting for the next piece can be dropped and taken up again.
#[test]
fn no_piece_of_a_stream_is_lost_with_the_future_that_waited_for_it() {
    let world = World::new();
    let slowly = Fault::drip(Duration::from_micros(50)).on("aiChat").times(1);
    let question = "Why is the sky blue?";
    let whole = world.ours(async { world.sdk.client.ai().complete(question).await.unwrap() });
    world.theirs(|emulator| emulator.fault(slowly));
    world.ours(async {
        let mut stream = world.sdk.client.ai().complete(question).stream().await;
        let stream = stream.as_mut().unwrap();
        let (mut text, mut dropped) = (String::new(), 0);
        loop {
            match dropped::after(1, stream.try_next()).await {
                Some(Ok(Some(delta))) => text.push_str(&delta.text),
                Some(ended) => {
                    ended.unwrap();
                    break;
                }
                None => {
                    dropped += 1;
                    tokio::time::sleep(Duration::from_micros(100)).await;
                }
            }
        }
        assert!(dropped > 10, "{dropped}");
        assert_eq!(text, whole.text);

        let cache = world.sdk.client.cache();
        let keys = (0..5).map(|n| format!("piece:{n}"));
        for key in keys.clone() {
            cache.set(key, &1).await.unwrap();
        }
        let mut items = cache.list().prefix("piece:").limit(2).items();
        let mut names = Vec::new();
        loop {
            match dropped::after(1, items.try_next()).await {
                Some(item) => match item.unwrap() {
                    Some(key) => names.push(key.name),
                    None => break,
                },
                None => tokio::time::sleep(Duration::from_micros(100)).await,
            }
        }
        assert_eq!(names, keys.collect::<Vec<_>>());
    });
    world.ends_without_leftovers();
}

/// Under the final name there is the old file or the whole new one, and nothing beside it once all has come to rest.
#[test]
fn a_download_that_is_dropped_leaves_the_file_as_it_was() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("copy.bin");
    let new = vec![7_u8; 300_000];
    world.ours(async {
        let upload = world.sdk.client.storage().upload("big.bin", new.clone());
        upload.await.unwrap();
    });
    let mut ended = false;
    let mut polls = 0;
    while !ended {
        std::fs::write(&path, "old").unwrap();
        world.ours(async {
            let download = world.sdk.client.storage().download("big.bin");
            let download = download.to_file(&path).into_future();
            ended = dropped::after(polls, download).await.is_some();
        });
        // The thread that creates or renames a file goes on for a moment; what it leaves is looked at when it is done.
        let mut patience = 2_000;
        while std::fs::read_dir(folder.path()).unwrap().count() > 1 {
            patience -= 1;
            assert!(patience > 0, "a file is left after {polls} steps");
            std::thread::sleep(Duration::from_millis(1));
        }
        let found = std::fs::read(&path).unwrap();
        assert!(
            found == new || (!ended && found == b"old"),
            "{} bytes after {polls} steps",
            found.len()
        );
        polls += 1;
    }
    assert!(polls > 5, "only {polls} steps");
    world.ends_without_leftovers();
}

/// What is read to its end is read to the end of the answer, so that the connection can be used again.
#[test]
fn a_stream_that_was_read_gives_its_connection_back() {
    let world = World::new();
    world.ours(async {
        for _ in 0..10 {
            let chat = world.sdk.client.ai().complete("Why is the sky blue?");
            let stream = chat.stream().await.unwrap();
            stream.into_completion().await.unwrap();
        }
    });
    assert_eq!(world.proxy.opened(), 1);
    world.ends_without_leftovers();
}
