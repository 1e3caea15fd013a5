//! Lines as a newcomer guesses them. What cannot compile has its message in the test `refusals`.
//!
//! Each function is one guess, with little changed but for names and SQL that the local platform can run.

#![allow(
    deprecated,
    reason = "names of other libraries compile with a warning that names ours"
)]

use std::{error::Error as StdError, time::Duration};

use aerostack::{
    Client, Error, ErrorKind,
    db::{Json, Row},
};
use serde_json::json;

use crate::support::start;

type Done = Result<(), Box<dyn StdError>>;

#[derive(Debug, PartialEq, serde::Deserialize)]
struct U {
    id: i64,
    email: String,
}

async fn with_a_user() -> (aerostack_emulator::Emulator, Client) {
    let (emulator, client) = start().await;
    client
        .db()
        .execute("INSERT INTO users (id, email) VALUES (1, 'ines')")
        .await
        .unwrap();
    (emulator, client)
}

#[tokio::test]
async fn json_is_bound() -> Done {
    let (_emulator, client) = start().await;
    client
        .db()
        .execute("INSERT INTO cells (value) VALUES (?)")
        .bind(json!({"a":1}))
        .await?;
    let stored: Json<serde_json::Value> = client.db().query_one("SELECT value FROM cells").await?;
    assert_eq!(*stored, json!({"a": 1}));
    Ok(())
}

#[tokio::test]
async fn an_iterator_is_bound() -> Done {
    let (_emulator, client) = with_a_user().await;
    let v: Vec<U> = client
        .db()
        .query("SELECT * FROM users WHERE id IN (?, ?)")
        .bind_all([1i64, 2])
        .await?;
    assert_eq!(v.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_row_with_json_is_a_cache_value() -> Done {
    #[derive(serde::Deserialize, serde::Serialize)]
    struct R {
        tags: Json<Vec<String>>,
    }
    let (_emulator, client) = start().await;
    let v: Vec<R> = client.db().query("SELECT '[\"red\"]' AS tags").await?;
    client.cache().set("k", &v).await?;
    let cached: Option<Vec<R>> = client.cache().get("k").await?;
    assert_eq!(cached.unwrap()[0].tags.0, ["red"]);
    Ok(())
}

#[cfg(feature = "uuid")]
#[tokio::test]
async fn a_uuid_is_bound_and_read() -> Done {
    let (_emulator, client) = start().await;
    let id = uuid::Uuid::new_v4();
    client
        .db()
        .execute("INSERT INTO cells (value) VALUES (?)")
        .bind(id)
        .await?;
    let stored: uuid::Uuid = client.db().query_one("SELECT value FROM cells").await?;
    assert_eq!(stored, id);
    Ok(())
}

#[tokio::test]
async fn a_payload_is_given_by_value_and_a_delay_in_seconds() -> Done {
    let (_emulator, client) = start().await;
    let id = client
        .queue()
        .send("job", json!({"a":1}))
        .delay_seconds(5)
        .await?;
    assert!(client.queue().job(id).await?.is_some());
    Ok(())
}

#[tokio::test]
async fn a_user_is_a_response() -> Done {
    let (_emulator, client) = start().await;
    let session = client
        .auth()
        .register("a@example.com", "Correct-Horse-9")
        .name("Ines")
        .await?
        .session
        .unwrap();
    let u = client.auth().verify_token(&session.access_token).await?;
    let body = json!({"user": u});
    assert_eq!(body["user"]["email"], "a@example.com");
    assert_eq!(body["user"]["name"], "Ines");
    assert_eq!(json!(client.auth().verify_token("t").await?), json!(null));
    Ok(())
}

#[tokio::test]
async fn a_usize_is_a_limit() -> Done {
    let (_emulator, client) = with_a_user().await;
    let n: usize = 20;
    let v: Vec<U> = client
        .db()
        .query("SELECT * FROM users LIMIT ?")
        .bind(n)
        .await?;
    assert_eq!(
        v,
        [U {
            id: 1,
            email: "ines".into()
        }]
    );
    Ok(())
}

#[tokio::test]
async fn calls_are_joined() -> Done {
    let (_emulator, client) = start().await;
    let (a, b) = tokio::join!(client.cache().has("a"), client.cache().has("b"));
    assert!(!a? && !b?);
    Ok(())
}

#[tokio::test]
async fn a_call_has_the_timeout_of_tokio() -> Done {
    let (_emulator, client) = start().await;
    let r = tokio::time::timeout(Duration::from_secs(20), client.cache().has("a")).await??;
    assert!(!r);
    Ok(())
}

#[cfg(feature = "realtime")]
#[tokio::test]
async fn a_handler_is_set() -> Done {
    let (_emulator, client) = with_a_user().await;
    let ch = client.realtime()?.channel("users")?;
    let (heard, mut hears) = tokio::sync::mpsc::unbounded_channel();
    ch.on("INSERT", move |p| {
        println!("{p:?}");
        let _ = heard.send(());
    })?
    .active()
    .await?;
    client
        .db()
        .execute("INSERT INTO users (email) VALUES ('omar')")
        .await?;
    tokio::time::timeout(Duration::from_secs(20), hears.recv()).await?;
    Ok(())
}

#[cfg(feature = "realtime")]
#[tokio::test]
async fn one_error_serves_for_calls_and_realtime() -> Done {
    async fn f(client: &Client) -> Result<(), aerostack::Error> {
        let ch = client.realtime()?.channel("orders")?;
        drop(ch);
        Ok(())
    }
    let (_emulator, client) = start().await;
    Ok(f(&client).await?)
}

#[tokio::test]
async fn a_completion_is_printed() -> Done {
    let (_emulator, client) = start().await;
    let c = client
        .ai()
        .complete("x")
        .model("gpt-4o-mini")
        .max_tokens(256)
        .temperature(0.7)
        .await?;
    assert_eq!(format!("{c}"), c.text);
    Ok(())
}

#[tokio::test]
async fn a_parameter_is_bound_by_name() -> Done {
    let (_emulator, client) = with_a_user().await;
    let v: Vec<U> = client
        .db()
        .query("SELECT * FROM users WHERE id = :a OR :a IS NULL")
        .bind_named("a", 1)
        .await?;
    assert_eq!(v.len(), 1);
    Ok(())
}

#[tokio::test]
async fn query_one_gives_the_row_or_says_that_there_is_none() -> Done {
    let (_emulator, client) = with_a_user().await;
    let one: U = client
        .db()
        .query_one("SELECT * FROM users WHERE id = ?")
        .bind(1)
        .await?;
    assert_eq!(one.email, "ines");
    let none = client
        .db()
        .query_one::<U>("SELECT * FROM users WHERE id = ?")
        .bind(2)
        .await;
    assert_eq!(none.unwrap_err().kind(), ErrorKind::NotFound);
    Ok(())
}

#[tokio::test]
async fn names_of_sqlx_work() -> Done {
    let (_emulator, client) = with_a_user().await;
    let v = client
        .db()
        .query_as::<U>("SELECT * FROM users")
        .fetch_all()
        .await?;
    assert_eq!(v.len(), 1);
    let n = client
        .db()
        .query_scalar::<i64>("SELECT count(*) FROM users")
        .fetch_one()
        .await?;
    assert_eq!(n, 1);
    let none = client
        .db()
        .query_as::<(i64,)>("SELECT id FROM users WHERE id = 9")
        .fetch_optional()
        .await?;
    assert_eq!(none, None);
    Ok(())
}

#[cfg(feature = "realtime")]
#[tokio::test]
async fn the_history_is_got() -> Done {
    let (_emulator, client) = start().await;
    let channel = client.realtime()?.channel("orders")?;
    channel
        .publish("n", json!({"text":1}))
        .persist()
        .acked()
        .await?;
    let msgs = client
        .realtime()?
        .channel("orders")?
        .get_history(50)
        .await?;
    assert_eq!(msgs.len(), 1);
    let msgs = client
        .realtime()?
        .channel("orders")?
        .history()
        .collect(50)
        .await?;
    for m in msgs {
        println!("{m:?}");
    }
    client
        .realtime()?
        .channel("o")?
        .publish("n", &json!({"text":1}))
        .await?;
    client
        .realtime()?
        .channel("o")?
        .track(&json!({"userId":1}))
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_client_is_new() -> Done {
    let (emulator, _) = start().await;
    let c = Client::new(emulator.url(), emulator.api_key())?;
    c.cache().set("k", "v").await?;
    let swapped = Client::new("key", "https://api.aerostack.dev").unwrap_err();
    assert_eq!(swapped.kind(), ErrorKind::Config);
    Ok(())
}

/// What stands in for the guesses that the compiler refuses, as its messages say.
#[tokio::test]
async fn the_advice_of_the_compiler_is_right() -> Done {
    let (_emulator, client) = with_a_user().await;
    let rows: Vec<Row> = client.db().query("SELECT * FROM users").await?;
    for r in rows {
        println!("{r:?}");
    }
    client
        .db()
        .execute("INSERT INTO users (id) VALUES (?)")
        .bind(1)
        .await
        .unwrap_err();
    let v: Vec<U> = client
        .db()
        .query("SELECT * FROM users WHERE id = ?")
        .params(&[1])
        .await?;
    assert_eq!(v.len(), 1);
    let v: Vec<U> = client
        .db()
        .query(("SELECT * FROM users WHERE id = ?", &[1]))
        .await?;
    assert_eq!(v.len(), 1);
    client
        .cache()
        .set("k", "v")
        .ttl(Duration::from_secs(300))
        .await?;
    let user: Option<String> = client.cache().get("k").await?;
    assert_eq!(user.as_deref(), Some("v"));
    let f = client.db().query::<U>("SELECT * FROM users").into_future();
    assert_eq!(tokio::spawn(f).await??.len(), 1);
    client
        .db()
        .batch()
        .add(("DELETE FROM users WHERE id = ?", (1,)))
        .add("SELECT 1")
        .await?;
    let m = match client.db().execute("x").await {
        Err(e) => match e.kind() {
            ErrorKind::RateLimited => 1,
            _ => 2,
        },
        _ => 3,
    };
    assert_eq!(m, 2);
    let session = client
        .auth()
        .register("b@example.com", "Correct-Horse-9")
        .await?
        .session
        .unwrap();
    let body = json!({"token": session.access_token.expose(), "user": session.user});
    assert!(body["token"].is_string());
    let _: fn(Error) -> ErrorKind = |e| e.kind();
    Ok(())
}
