//! Key and value.

use std::{collections::BTreeMap, time::Duration};

use aerostack::ErrorKind;
use aerostack_emulator::Fault;
use futures_util::TryStreamExt;
use serde_json::{Value, json};

use crate::support::start;

#[tokio::test]
async fn a_value_lives_as_long_as_its_ttl() {
    let (emulator, client) = start().await;
    let cache = client.cache();
    cache
        .set("user:1", &json!({"name": "Ines"}))
        .ttl(Duration::from_secs(300))
        .await
        .unwrap();
    let stored: Option<Value> = cache.get("user:1").await.unwrap();
    assert_eq!(stored, Some(json!({"name": "Ines"})));
    assert!(cache.has("user:1").await.unwrap());

    emulator.clock().advance(Duration::from_secs(299));
    assert!(cache.has("user:1").await.unwrap());
    emulator.clock().advance(Duration::from_secs(2));
    assert!(!cache.has("user:1").await.unwrap());
    assert_eq!(cache.get::<Value>("user:1").await.unwrap(), None);
}

#[tokio::test]
async fn null_is_a_value_and_absence_is_none() {
    let (_emulator, client) = start().await;
    let cache = client.cache();
    cache.set("nothing", &()).await.unwrap();
    assert!(cache.has("nothing").await.unwrap());
    assert_eq!(
        cache.get::<Option<u8>>("nothing").await.unwrap(),
        Some(None)
    );
    assert_eq!(cache.get::<Option<u8>>("absent").await.unwrap(), None);
}

#[tokio::test]
async fn a_value_of_another_type_is_a_decode_error_that_shows_no_value() {
    let (_emulator, client) = start().await;
    client.cache().set("k", "a private text").await.unwrap();
    let error = client.cache().get::<u8>("k").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(!format!("{error} {error:?}").contains("private"));
}

#[tokio::test]
async fn delete_expire_increment_and_flush_do_what_they_say() {
    let (emulator, client) = start().await;
    let cache = client.cache();
    assert_eq!(cache.increment("hits").await.unwrap(), 1);
    assert_eq!(cache.increment("hits").by(-3).await.unwrap(), -2);
    assert_eq!(
        cache
            .increment("fresh")
            .by(5)
            .initial(100)
            .ttl(Duration::from_secs(60))
            .await
            .unwrap(),
        105
    );
    assert!(cache.expire("hits", Duration::from_secs(60)).await.unwrap());
    assert!(
        !cache
            .expire("absent", Duration::from_secs(60))
            .await
            .unwrap()
    );
    emulator.clock().advance(Duration::from_secs(61));
    assert!(!cache.has("hits").await.unwrap());

    cache.set("a:1", &1).await.unwrap();
    cache.set("a:2", &2).await.unwrap();
    cache.set("b:1", &3).await.unwrap();
    cache.delete("a:1").await.unwrap();
    cache.delete("a:1").await.unwrap();
    assert_eq!(cache.keys("a:").await.unwrap().names, ["a:2"]);
    assert_eq!(cache.flush("a:").await.unwrap(), 1);
    assert_eq!(cache.flush("").await.unwrap(), 1);
    assert!(cache.keys("").await.unwrap().names.is_empty());
}

#[tokio::test]
async fn many_keys_are_split_over_the_limits_and_keep_their_order() {
    let (emulator, client) = start().await;
    let cache = client.cache();
    let mut set = cache.set_many();
    for n in 0..250 {
        set = set.entry(format!("n:{n}"), &n);
    }
    set.await.unwrap();
    let sizes: Vec<usize> = emulator
        .received()
        .iter()
        .map(|call| {
            call.json::<Value>().unwrap()["entries"]
                .as_array()
                .unwrap()
                .len()
        })
        .collect();
    assert_eq!(sizes, [100, 100, 50]);

    let keys: Vec<String> = (0..250).rev().map(|n| format!("n:{n}")).collect();
    let mut wanted = keys.clone();
    wanted.insert(1, "absent".into());
    wanted.push(keys[0].clone());
    let values: Vec<Option<i64>> = cache.get_many(wanted).await.unwrap();
    assert_eq!(values.len(), 252);
    assert_eq!(values[..3], [Some(249), None, Some(248)]);
    assert_eq!(values[251], Some(249));

    let deleted = cache
        .delete_many((0..600).map(|n| format!("n:{n}")))
        .await
        .unwrap();
    assert_eq!((deleted.requested, deleted.deleted), (600, Some(250)));
}

#[tokio::test]
async fn a_failed_part_is_named_and_what_came_before_it_is_kept() {
    let (emulator, client) = start().await;
    emulator.fault(Fault::status(500).on("cacheSetMany").after(1).times(1));
    let mut set = client.cache().set_many();
    for n in 0..250 {
        set = set.entry(format!("n:{n:03}"), &n);
    }
    let error = set.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Server);
    assert_eq!(error.part(), Some(100..200));
    assert_eq!(client.cache().keys("n:").await.unwrap().names.len(), 100);
}

#[tokio::test]
async fn lists_walk_all_pages_with_expiry() {
    let (_emulator, client) = start().await;
    let mut set = client.cache().set_many();
    for n in 0..25 {
        set = set.entry_with_ttl(format!("s:{n:02}"), &n, Duration::from_secs(120));
    }
    set.entry("t:0", &0).await.unwrap();

    let page = client.cache().list().prefix("s:").limit(10).await.unwrap();
    assert_eq!(page.items.len(), 10);
    let rest: Vec<_> = client
        .cache()
        .list()
        .prefix("s:")
        .limit(10)
        .cursor(page.next.unwrap())
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(rest.len(), 15);
    let pages: Vec<_> = client
        .cache()
        .list()
        .limit(10)
        .pages()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(
        pages
            .iter()
            .map(|page| page.items.len())
            .collect::<Vec<_>>(),
        [10, 10, 6]
    );
    let by_name: BTreeMap<_, _> = pages
        .into_iter()
        .flat_map(|page| page.items)
        .map(|key| (key.name, key.expires_at))
        .collect();
    assert!(by_name["s:00"].is_some());
    assert!(by_name["t:0"].is_none());
}

#[tokio::test]
async fn keys_that_cannot_be_are_refused_before_the_wire() {
    let (emulator, client) = start().await;
    let cache = client.cache();
    for error in [
        cache.get::<u8>("").await.unwrap_err(),
        cache.set("a\nb", &1).await.unwrap_err(),
        cache.set("k", &1).ttl(Duration::ZERO).await.unwrap_err(),
        cache
            .set("k", &BTreeMap::from([((1, 2), 3)]))
            .await
            .unwrap_err(),
        cache.get_many::<u8, _>(["ok", ""]).await.unwrap_err(),
        cache.list().limit(1001).await.unwrap_err(),
        cache
            .list()
            .header("Authorization", "Bearer x")
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    let error = cache
        .set_many()
        .entry("a", &1)
        .entry("", &2)
        .await
        .unwrap_err();
    assert_eq!(error.part(), Some(1..2));
    assert!(emulator.received().is_empty());
}
