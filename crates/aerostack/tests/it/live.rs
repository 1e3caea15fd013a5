//! Live queries and short streams, against a local Aerostack whose connections are cut.

use std::time::{Duration, Instant};

use aerostack::{
    Client, ErrorKind,
    db::{LiveResult, LiveRows, RefetchReason},
};
use aerostack_emulator::{Emulator, Fault};
use serde::Deserialize;

use crate::support::start;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct User {
    id: i64,
    email: String,
    active: bool,
}

const QUERY: &str = "SELECT id, email, active FROM users ORDER BY id";
const PATIENCE: Duration = Duration::from_secs(60);

async fn next(live: &mut LiveRows<User>) -> LiveResult<User> {
    let next = tokio::time::timeout(PATIENCE, live.next()).await;
    next.expect("a result in time")
        .expect("a stream that goes on")
        .unwrap()
}

/// Inserts rows, however often a call fails on the way.
async fn insert(client: &Client, ids: std::ops::Range<i64>) {
    for id in ids {
        let insert = "INSERT OR IGNORE INTO users (id, email) VALUES (?, ?)";
        let insert = || {
            client
                .db()
                .execute(insert)
                .bind(id)
                .bind(format!("u{id}@example.com"))
        };
        while insert().await.is_err() {}
    }
}

/// How often the query was sent.
fn queries(emulator: &Emulator) -> u64 {
    emulator
        .arrivals()
        .get("dbQuery")
        .copied()
        .unwrap_or_default()
}

/// The results until one fulfils what is asked.
async fn until(
    live: &mut LiveRows<User>,
    wanted: impl Fn(&[User]) -> bool,
) -> Vec<LiveResult<User>> {
    let mut results = Vec::new();
    loop {
        let result = next(live).await;
        let reached = wanted(&result.rows);
        results.push(result);
        if reached {
            return results;
        }
    }
}

#[tokio::test]
async fn promise_65_a_result_follows_its_tables_and_says_why_and_what_is_different() {
    let (emulator, client) = start().await;
    insert(&client, 1..3).await;
    let query = client.db().query::<User>(QUERY);
    let live = query
        .live(["users"])
        .key("id")
        .min_interval(Duration::from_millis(10));
    let mut live = live.await.unwrap();
    let first = next(&mut live).await;
    assert_eq!((first.rows.len(), first.reason), (2, RefetchReason::Start));
    assert!(first.diff.is_none() && first.rows[0].active);

    // While nothing changes, nothing is fetched.
    let before = queries(&emulator);
    let quiet = tokio::time::timeout(Duration::from_millis(700), live.next()).await;
    assert!(quiet.is_err(), "{quiet:?}");
    assert_eq!(queries(&emulator), before);

    let batch = client
        .db()
        .batch()
        .add("UPDATE users SET active = 0 WHERE id = 1")
        .add("DELETE FROM users WHERE id = 2")
        .add("INSERT INTO users (id, email) VALUES (3, 'new@example.com')");
    batch.await.unwrap();
    let results = until(&mut live, |rows| {
        rows.iter()
            .map(|row| (row.id, row.active))
            .eq([(1, false), (3, true)])
    })
    .await;
    assert!(matches!(results[0].reason, RefetchReason::Changed(1..)));
    let ids = |rows: &[User]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    let diffs: Vec<_> = results
        .iter()
        .filter_map(|result| result.diff.as_ref())
        .collect();
    assert_eq!(
        diffs
            .iter()
            .flat_map(|it| ids(&it.inserted))
            .collect::<Vec<_>>(),
        [3]
    );
    assert_eq!(
        diffs
            .iter()
            .flat_map(|it| ids(&it.updated))
            .collect::<Vec<_>>(),
        [1]
    );
    assert_eq!(
        diffs
            .iter()
            .flat_map(|it| ids(&it.deleted))
            .collect::<Vec<_>>(),
        [2]
    );

    client.realtime().unwrap().close().await;
    assert!(live.next().await.is_none());
}

#[tokio::test]
async fn promise_65_a_burst_of_changes_is_a_handful_of_queries() {
    const INTERVAL: Duration = Duration::from_millis(500);
    let (emulator, client) = start().await;
    let query = client.db().query::<User>(QUERY);
    let mut live = query.live(["users"]).min_interval(INTERVAL).await.unwrap();
    next(&mut live).await;
    let (before, since) = (queries(&emulator), Instant::now());
    let numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) \
                   INSERT INTO users (id, email) SELECT i, i || '@example.com' FROM n";
    client.db().execute(numbers).await.unwrap();
    let results = until(&mut live, |rows| rows.len() == 1_000).await;
    // The insert itself is one of the calls.
    let sent = queries(&emulator) - before - 1;
    let most = 2 + since.elapsed().as_millis() / INTERVAL.as_millis();
    assert!(
        u128::from(sent) <= most,
        "{sent} queries, {} results",
        results.len()
    );
}

#[tokio::test]
async fn promise_65_no_change_is_missed_while_connections_are_cut_and_queries_fail() {
    let (emulator, client) = start().await;
    let query = client.db().query::<User>(QUERY).no_retry();
    let live = query
        .live(["users"])
        .min_interval(Duration::from_millis(1))
        .key("id");
    let mut live = live.await.unwrap();
    let mut copy = next(&mut live).await.rows;
    let writer = tokio::spawn({
        let client = client.clone();
        let hub = emulator.realtime().clone();
        async move {
            for round in 0..8 {
                insert(&client, round * 5..round * 5 + 5).await;
                match round % 4 {
                    0 => hub.drop_all(),
                    1 => hub.close_all(1012),
                    _ => {}
                }
            }
        }
    });
    emulator.fault(Fault::close().on("dbQuery").after(6).times(2));
    let (mut gaps, mut failures) = (0, 0);
    let reached = tokio::time::timeout(PATIENCE, async {
        while copy.len() < 40 {
            match live.next().await.unwrap() {
                Ok(result) => {
                    gaps += u32::from(matches!(result.reason, RefetchReason::Gap(_)));
                    // The differences lead to the same rows.
                    if let Some(diff) = result.diff {
                        copy.retain(|row| !diff.deleted.iter().any(|it| it.id == row.id));
                        copy.extend(diff.inserted);
                    }
                    assert_eq!(copy.len(), result.rows.len());
                }
                Err(_) => failures += 1,
            }
        }
    });
    reached
        .await
        .unwrap_or_else(|_| panic!("{} of 40 rows, {gaps} gaps", copy.len()));
    writer.await.unwrap();
    assert!(
        gaps > 0 && failures <= 4,
        "{gaps} gaps, {failures} failures"
    );
}

#[tokio::test]
async fn a_live_query_that_cannot_work_says_so() {
    let (emulator, client) = start().await;
    let none: [&str; 0] = [];
    let error = client
        .db()
        .query::<User>(QUERY)
        .live(none)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let error = client
        .db()
        .query::<User>(QUERY)
        .live(["a/b"])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);

    let keyless = client.db().query::<User>(QUERY).live(["users"]).key("nope");
    insert(&client, 1..2).await;
    let error = keyless.await.unwrap().next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("`nope`"), "{error}");

    // A client that is shared is made anew after it was closed.
    client.realtime().unwrap().close().await;
    client.realtime().unwrap().connect().await.unwrap();

    // Where nobody listens, one is told.
    let url = emulator.url();
    drop(emulator);
    let lonely = Client::builder()
        .base_url(url)
        .api_key("k")
        .project_id("p")
        .build()
        .unwrap();
    let live = lonely.db().query::<User>(QUERY).live(["users"]);
    let error = tokio::time::timeout(PATIENCE, live)
        .await
        .unwrap()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
}

#[tokio::test]
async fn promise_65_rows_come_without_what_else_a_subscription_says() {
    let (emulator, client) = start().await;
    let users = client.realtime().unwrap().channel("users").unwrap();
    let mut inserts = users
        .inserts::<User>()
        .filter("active", true)
        .subscribe()
        .await
        .unwrap();
    let mut updates = users.updates::<User>().subscribe().await.unwrap();
    let mut deletes = users.deletes::<User>().subscribe().await.unwrap();
    insert(&client, 1..2).await;
    let db = client.db();
    db.execute("UPDATE users SET active = 0").await.unwrap();
    db.execute("DELETE FROM users").await.unwrap();

    let one_user = |active| User {
        id: 1,
        email: "u1@example.com".into(),
        active,
    };
    assert_eq!(inserts.next().await.unwrap().unwrap(), one_user(true));
    let update = updates.next().await.unwrap().unwrap();
    assert_eq!(
        (update.old, update.new),
        (Some(one_user(true)), one_user(false))
    );
    assert_eq!(deletes.next().await.unwrap().unwrap(), one_user(false));
    assert_eq!(inserts.take_missed(), None);

    emulator.realtime().drop_all();
    let mut status = client.realtime().unwrap().status();
    status
        .wait_for(|status| !status.is_connected())
        .await
        .unwrap();
    // A later subscription is confirmed after the earlier ones were asked for again.
    let later = users.inserts::<User>().subscribe().await.unwrap();
    drop(later);
    insert(&client, 2..3).await;
    assert_eq!(inserts.next().await.unwrap().unwrap().id, 2);
    let missed = inserts.take_missed().unwrap();
    assert!(missed.gap.is_some() && missed.lagged == 0);
    assert_eq!(inserts.take_missed(), None);
}

#[tokio::test]
async fn a_realtime_error_becomes_an_error_of_the_client() {
    async fn both(client: &Client) -> Result<(), aerostack::Error> {
        client.db().query::<User>(QUERY).await?;
        let channel = client.realtime()?.channel("users")?;
        channel.publish("presence:join", &1).await?;
        Ok(())
    }
    let (_emulator, client) = start().await;
    let error = both(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(!error.may_have_been_sent());
    let source = std::error::Error::source(&error).unwrap();
    let source = source.downcast_ref::<aerostack::realtime::Error>().unwrap();
    assert_eq!(source.kind(), aerostack::realtime::ErrorKind::InvalidName);
}
