//! What is more than one call, or none at all: streams, waits, sessions, realtime.

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use aerostack::Client;
use aerostack::ai::ChatStream;
use aerostack::auth::TokenManager;
use aerostack::db::{LiveQuery, Row};
use aerostack_realtime::{
    Channel, Error, Event, Notices, PresenceStream, Realtime, Rows, Status, StatusWatch,
    Subscription,
};
use futures_util::TryStreamExt as _;
use futures_util::future::LocalBoxFuture;
use serde_json::json;

use aerostack_contract::world::{EMAIL, PASSWORD, World};

/// What is dropped.
pub(crate) type Work = LocalBoxFuture<'static, Result<(), String>>;

/// A method, and a way to the future it makes. What leads there is not dropped.
pub(crate) struct Own {
    pub(crate) method: &'static str,
    pub(crate) prepare: for<'a> fn(&'a World) -> LocalBoxFuture<'a, Work>,
}

macro_rules! own {
    ($world:ident; $($method:literal: $prepare:expr;)*) => {
        &[$(Own {
            method: $method,
            prepare: |$world| Box::pin(async move { $prepare }),
        }),*]
    };
}

#[rustfmt::skip]
#[expect(clippy::async_yields_async, reason = "what leads to a future is not dropped with it")]
pub(crate) const OWN: &[Own] = own! { world;
    "Lists::items": boxed(five_keys(world).await.items().try_collect::<Vec<_>>());
    "Lists::pages": boxed(five_keys(world).await.pages().try_collect::<Vec<_>>());
    "Queue::wait": wait(world).await;
    "ChatStream::into_completion": boxed(chat(world).await.into_completion());
    "TokenManager::token": work(session(world).await, async |tokens| tokens.token().await);
    "TokenManager::refresh": work(session(world).await, async |tokens| tokens.refresh().await);
    "TokenManager::with": with(world).await;

    "Query::one": boxed(world.sdk.client.db().query::<i64>("SELECT 1").one().into_future());
    "Query::optional": boxed(world.sdk.client.db().query::<i64>("SELECT 1").optional().into_future());
    "Batch::chunked": boxed(world.sdk.client.db().batch().extend(["SELECT 1"; 30]).chunked().into_future());
    "ServerAuth::user": boxed(world.sdk.client.server_auth().user("usr_nobody").into_future());
    "ServerAuth::user_by_email": boxed(world.sdk.client.server_auth().user_by_email(EMAIL).into_future());
    "Client::email": boxed(world.sdk.client.email(EMAIL).subject("Hello").body("Goodbye").into_future());
    "Client::request": boxed(world.sdk.client.request("GET", "/v1/ai/search/listTypes").into_future());
    "Listener::active": work(lobby(world).await, async |lobby| lobby.on("ping", |_| {})?.active().await);

    "Realtime::connect": work(world.realtime(), async |realtime| realtime.connect().await);
    "Realtime::close": work(connected(world).await, async |realtime| { realtime.close().await; Ok::<_, Error>(()) });
    "Realtime::drain": work(filled(world).await, async |realtime| realtime.drain(TEN_SECONDS).await);
    "Realtime::send_chat": work(world.realtime(), async |realtime| realtime.send_chat("lobby", "hello").await);
    "SendChat::sent": work(world.realtime(), async |realtime| realtime.send_chat("lobby", "hello").sent().await);
    "Channel::publish": work(lobby(world).await, async |lobby| lobby.publish("ping", &1).await);
    "Channel::publish_acked": work(lobby(world).await, async |lobby| lobby.publish_acked("ping", &1).await);
    "Channel::track": work(lobby(world).await, async |lobby| lobby.track(&json!({"name": "Inês"})).await);
    "Channel::untrack": work(lobby(world).await, async |lobby| lobby.untrack().await);
    "Publish::sent": work(lobby(world).await, async |lobby| lobby.publish("ping", &1).sent().await);
    "Publish::acked": work(lobby(world).await, async |lobby| lobby.publish("ping", &1).acked().await);
    "Subscribe::subscribe": work(lobby(world).await, async |lobby| lobby.events::<u8>("ping").subscribe().await);
    "Subscribe::attach": work(lobby(world).await, async |lobby| lobby.events::<u8>("ping").attach().await);
    "SubscribePresence::subscribe": work(lobby(world).await, async |lobby| lobby.presence().subscribe().await);
    "SubscribePresence::attach": work(lobby(world).await, async |lobby| lobby.presence().attach().await);
    "SubscribeRows::subscribe": work(lobby(world).await, async |lobby| lobby.inserts::<u8>().subscribe().await);
    "SubscribeRows::attach": work(lobby(world).await, async |lobby| lobby.inserts::<u8>().attach().await);
    "Subscription::next": work(heard(world).await, async |(_lobby, mut pings)| pings.next().await.ok_or(GONE));
    "PresenceStream::next": work(tracked(world).await, async |(_lobby, mut presence)| presence.next().await.ok_or(GONE));
    "UserStream::next": work(tracked(world).await, async |(_lobby, presence)| presence.by_user(Duration::ZERO).next().await.ok_or(GONE));
    "Resync::next": work(heard(world).await, async |(_lobby, pings)| pings.resync(|_| async {}).next().await.ok_or(GONE));
    "Notices::next": work(noticed(world), async |(_realtime, mut notices)| notices.next().await.ok_or(GONE));
    "Rows::next": rows(world).await;
    "Rows::active": work(ordered(world).await, async |(_lobby, mut rows)| rows.active().await);
    "Query::live": boxed(live(world).into_future());
    "LiveRows::next": work(live(world).await.unwrap(), async |mut live| live.next().await.ok_or(GONE));
    "Subscription::active": work(pending(world).await, async |(_lobby, mut pending)| pending.active().await);
    "PresenceStream::active": work(absent(world).await, async |(_lobby, mut presence)| presence.active().await);
    "History::next": work(kept(world).await, async |lobby| lobby.history().next().await);
    "History::next_page": work(kept(world).await, async |lobby| lobby.history().next_page().await);
    "History::collect": work(kept(world).await, async |lobby| lobby.history().page_size(1).collect(3).await);
    "StatusWatch::changed": work(connecting(world), async |(_realtime, mut status)| status.changed().await.ok_or(GONE));
    "StatusWatch::wait_for": work(connecting(world), async |(_realtime, mut status)| status.wait_for(is_connected).await.ok_or(GONE));
};

const TEN_SECONDS: Duration = Duration::from_secs(10);
const GONE: &str = "the client is gone";

fn boxed<T, E: Display>(future: impl Future<Output = Result<T, E>> + 'static) -> Work {
    Box::pin(async move { future.await.map(drop).map_err(|error| error.to_string()) })
}

/// The future that a function makes of what it is given to keep. A local one: nothing here leaves its thread.
fn work<S: 'static, T, E: Display, F>(keeps: S, make: F) -> Work
where
    F: AsyncFnOnce(S) -> Result<T, E> + 'static,
{
    Box::pin(async move {
        make(keeps)
            .await
            .map(drop)
            .map_err(|error| error.to_string())
    })
}

async fn five_keys(world: &World) -> aerostack::cache::ListKeys {
    let many = world.sdk.client.cache().set_many();
    let many = (0..5).fold(many, |many, index| {
        many.entry(format!("list:{index}"), &index)
    });
    many.await.unwrap();
    world.sdk.client.cache().list().prefix("list:").limit(2)
}

async fn wait(world: &World) -> Work {
    world.emulator.on_job("done-at-once", async |_| Ok(()));
    let queue = world.sdk.client.queue();
    let id = queue.send("done-at-once", &json!({})).await.unwrap();
    work(queue, async |queue| queue.wait(id).await)
}

async fn chat(world: &World) -> ChatStream {
    let chat = world.sdk.client.ai().complete("Why is the sky blue?");
    chat.stream().await.unwrap()
}

async fn session(world: &World) -> TokenManager {
    let auth = world.sdk.client.auth();
    let session = auth.login(EMAIL, PASSWORD).await.unwrap();
    auth.manage(session)
}

/// The call is refused once, so that it refreshes on its way.
async fn with(world: &World) -> Work {
    let tokens = session(world).await;
    let day = Duration::from_secs(24 * 60 * 60);
    world.emulator.clock().advance(day);
    let auth = world.sdk.client.auth();
    work(tokens, async move |tokens| {
        tokens.with(|token| auth.current_user(token)).await
    })
}

async fn connected(world: &World) -> Realtime {
    let realtime = world.realtime();
    realtime.connect().await.unwrap();
    realtime
}

async fn lobby(world: &World) -> Channel {
    connected(world).await.channel("lobby").unwrap()
}

/// A channel with messages kept.
async fn kept(world: &World) -> Channel {
    let lobby = lobby(world).await;
    for n in 0..3 {
        lobby.publish("pin", &n).persist().acked().await.unwrap();
    }
    lobby
}

/// A client with messages that wait to be sent.
async fn filled(world: &World) -> Realtime {
    let realtime = connected(world).await;
    let lobby = realtime.channel("lobby").unwrap();
    for n in 0..3 {
        lobby.try_publish("ping", &n).unwrap();
    }
    realtime
}

/// A subscription lives no longer than its client.
async fn pending(world: &World) -> (Channel, Subscription<Event<u8>>) {
    let lobby = lobby(world).await;
    let pending = lobby.events("ping").attach().await.unwrap();
    (lobby, pending)
}

/// A subscription with an event in it.
async fn heard(world: &World) -> (Channel, Subscription<Event<u8>>) {
    let lobby = lobby(world).await;
    let pings = lobby.events("ping").subscribe().await.unwrap();
    lobby.publish("ping", &1).acked().await.unwrap();
    (lobby, pings)
}

/// A channel with someone present, who is known as a user.
async fn tracked(world: &World) -> (Channel, PresenceStream) {
    let realtime = Realtime::builder()
        .base_url(world.emulator.url())
        .api_key(world.emulator.api_key())
        .project_id(world.emulator.project_id())
        .user_id("ines");
    let room = realtime.build().unwrap().path("room/1").unwrap();
    let presence = room.presence().subscribe().await.unwrap();
    room.track(&json!({"name": "Inês"})).await.unwrap();
    (room, presence)
}

fn noticed(world: &World) -> (Realtime, Notices) {
    let (realtime, _) = connecting(world);
    let notices = realtime.notices();
    (realtime, notices)
}

/// A stream of rows, with one on the way.
async fn rows(world: &World) -> Work {
    let sessions = connected(world).await.channel("sessions").unwrap();
    let rows = sessions.inserts::<Row>().subscribe().await.unwrap();
    let insert = "INSERT INTO sessions (user_id) VALUES (1)";
    world.sdk.client.db().execute(insert).await.unwrap();
    work((sessions, rows), async |(_sessions, mut rows)| {
        rows.next().await.ok_or(GONE)
    })
}

async fn ordered(world: &World) -> (Channel, Rows<Row>) {
    let sessions = connected(world).await.channel("sessions").unwrap();
    let rows = sessions.inserts().attach().await.unwrap();
    (sessions, rows)
}

fn live(world: &World) -> LiveQuery<Row> {
    let client = Client::builder()
        .base_url(world.emulator.url())
        .api_key(world.emulator.api_key())
        .project_id(world.emulator.project_id());
    let db = client.build().unwrap().db();
    db.query::<Row>("SELECT 1 AS one").live(["users"])
}

async fn absent(world: &World) -> (Channel, PresenceStream) {
    let lobby = lobby(world).await;
    let absent = lobby.presence().attach().await.unwrap();
    (lobby, absent)
}

/// The status of a client that is about to connect, and goes on to.
fn connecting(world: &World) -> (Realtime, StatusWatch) {
    let realtime = world.realtime();
    let status = realtime.status();
    let connects = realtime.clone();
    tokio::spawn(async move { connects.connect().await });
    (realtime, status)
}

fn is_connected(status: &Status) -> bool {
    matches!(status, Status::Connected)
}
