//! Realtime's part of the controls over HTTP: everything under `/__emulator/realtime`.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::error::Reply;
use crate::http::extract::{Json, or_default};
use crate::realtime::faults::{RawFrame, Refusal};
use crate::realtime::hub::Hub;
use crate::realtime::hub::transcript::{Direction, Entry, Event};
use crate::realtime::protocol::frame::FrameKind;
use crate::realtime::settings::{
    Acks, EmitRoom, HistoryForm, PresenceEncoding, ServerFilter, SubprotocolReply, Switches,
};

pub(crate) fn routes(hub: Hub) -> Router {
    Router::new()
        .route(
            "/__emulator/realtime/transcript",
            get(transcript).delete(clear_transcript),
        )
        .route("/__emulator/realtime/connections", get(connections))
        .route(
            "/__emulator/realtime/faults",
            post(fault).delete(clear_faults),
        )
        .route("/__emulator/realtime/switches", post(switches))
        .route("/__emulator/realtime/publish", post(publish))
        .with_state(hub)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EntryReply {
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    connection: u64,
    at_ms: u64,
    direction: &'static str,
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<Value>,
}

impl EntryReply {
    pub(crate) fn numbered(seq: u64, entry: Entry) -> Self {
        Self {
            seq: Some(seq),
            ..Self::from(entry)
        }
    }
}

impl From<Entry> for EntryReply {
    fn from(entry: Entry) -> Self {
        let (event, detail) = match &entry.event {
            Event::Opened { target, protocols } => (
                "opened",
                Some(json!({ "target": target, "protocols": protocols })),
            ),
            Event::Refused(status) => ("refused", Some(json!(status))),
            Event::Text => ("text", None),
            Event::Binary(bytes) => ("binary", Some(json!(bytes))),
            Event::Ping => ("ping", None),
            Event::Pong => ("pong", None),
            Event::Close(code) => ("close", Some(json!(code))),
            Event::Raw(bytes) => ("raw", Some(json!(bytes))),
            Event::Gone => ("gone", None),
        };
        Self {
            seq: None,
            connection: entry.connection,
            at_ms: u64::try_from(entry.at.as_millis()).unwrap_or(u64::MAX),
            direction: match entry.direction {
                Direction::In => "in",
                Direction::Out => "out",
            },
            event,
            text: entry.text().map(str::to_owned),
            detail,
        }
    }
}

async fn transcript(State(hub): State<Hub>) -> axum::Json<Value> {
    let entries: Vec<_> = hub.transcript().into_iter().map(EntryReply::from).collect();
    axum::Json(json!({ "entries": entries, "discarded": hub.discarded() }))
}

async fn clear_transcript(State(hub): State<Hub>) -> axum::Json<Value> {
    hub.clear_transcript();
    done()
}

async fn connections(State(hub): State<Hub>) -> axum::Json<Value> {
    let open: Vec<_> = hub
        .connections()
        .into_iter()
        .map(|connection| {
            json!({
                "id": connection.id, "userId": connection.user_id,
                "presenceId": connection.presence_id, "topics": connection.topics,
            })
        })
        .collect();
    axum::Json(json!(open))
}

/// A fault as JSON: `"deploy"`, `{"mute": true}`, `{"refuse": {"status": 503, "times": 2}}`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum FaultRequest {
    DropAll,
    ResetAll,
    Deploy,
    CloseAll(u16),
    DropConnection(u64),
    #[serde(rename_all = "camelCase")]
    CloseConnection {
        id: u64,
        code: u16,
    },
    Refuse(RefuseRequest),
    #[serde(rename_all = "camelCase")]
    AcceptThenClose {
        times: usize,
        #[serde(default)]
        code: Option<u16>,
    },
    Mute(bool),
    StallReads(bool),
    DelayMs(u64),
    #[serde(rename_all = "camelCase")]
    DelayKind {
        kind: FrameKind,
        ms: u64,
    },
    #[serde(rename_all = "camelCase")]
    Withhold {
        kind: FrameKind,
        on: bool,
    },
    DuplicateNext(Option<FrameKind>),
    ReorderNext(Option<FrameKind>),
    RejectTopic(String),
    ExpireToken(String),
    SendText(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RefuseRequest {
    /// None leaves the upgrade unanswered.
    #[serde(default)]
    status: Option<u16>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    times: Option<usize>,
}

impl RefuseRequest {
    fn build(self) -> Refusal {
        let mut refusal = match self.status {
            Some(status) => Refusal::status(status),
            None => Refusal::silence(),
        };
        for (name, value) in self.headers {
            refusal = refusal.header(name, value);
        }
        match self.times {
            Some(times) => refusal.times(times),
            None => refusal,
        }
    }
}

impl FaultRequest {
    fn strike(self, hub: &Hub) {
        match self {
            Self::DropAll => hub.drop_all(),
            Self::ResetAll => hub.reset_all(),
            Self::Deploy => hub.deploy(),
            Self::CloseAll(code) => hub.close_all(code),
            Self::DropConnection(id) => hub.drop_connection(id),
            Self::CloseConnection { id, code } => hub.close_connection(id, code),
            Self::Refuse(refusal) => hub.refuse(refusal.build()),
            Self::AcceptThenClose { times, code } => hub.accept_then_close(times, code),
            Self::Mute(on) => hub.mute(on),
            Self::StallReads(on) => hub.stall_reads(on),
            Self::DelayMs(ms) => hub.delay(Duration::from_millis(ms)),
            Self::DelayKind { kind, ms } => hub.delay_kind(kind, Duration::from_millis(ms)),
            Self::Withhold { kind, on } => hub.withhold(kind, on),
            Self::DuplicateNext(kind) => hub.duplicate_next(kind),
            Self::ReorderNext(kind) => hub.reorder_next(kind),
            Self::RejectTopic(topic) => hub.reject_topic(&topic),
            Self::ExpireToken(token) => hub.expire_token(&token),
            Self::SendText(text) => hub.send_raw(&RawFrame::text(text)),
        }
    }
}

async fn fault(State(hub): State<Hub>, Json(request): Json<FaultRequest>) -> axum::Json<Value> {
    request.strike(&hub);
    done()
}

async fn clear_faults(State(hub): State<Hub>) -> axum::Json<Value> {
    hub.clear_faults();
    done()
}

/// The switches to change; the others stay.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SwitchesRequest {
    #[serde(default, deserialize_with = "or_default")]
    legacy_query_auth: Option<bool>,
    #[serde(default, deserialize_with = "or_default")]
    subprotocol_reply: Option<SubprotocolReply>,
    #[serde(default, deserialize_with = "or_default")]
    server_filter: Option<ServerFilter>,
    #[serde(default, deserialize_with = "or_default")]
    echo: Option<bool>,
    #[serde(default, deserialize_with = "or_default")]
    acks: Option<Acks>,
    #[serde(default, deserialize_with = "or_default")]
    dedupe: Option<bool>,
    #[serde(default, deserialize_with = "or_default")]
    presence_encoding: Option<PresenceEncoding>,
    #[serde(default, deserialize_with = "or_default")]
    emit_room: Option<EmitRoom>,
    #[serde(default, deserialize_with = "or_default")]
    history_form: Option<HistoryForm>,
    /// 0 ends it.
    #[serde(default, deserialize_with = "or_default")]
    change_interval_ms: Option<u64>,
}

impl SwitchesRequest {
    fn apply(self, switches: &mut Switches) {
        fn set<T>(switch: &mut T, to: Option<T>) {
            if let Some(to) = to {
                *switch = to;
            }
        }
        set(&mut switches.legacy_query_auth, self.legacy_query_auth);
        set(&mut switches.subprotocol_reply, self.subprotocol_reply);
        set(&mut switches.server_filter, self.server_filter);
        set(&mut switches.echo, self.echo);
        set(&mut switches.acks, self.acks);
        set(&mut switches.dedupe, self.dedupe);
        set(&mut switches.presence_encoding, self.presence_encoding);
        set(&mut switches.emit_room, self.emit_room);
        set(&mut switches.history_form, self.history_form);
        if let Some(ms) = self.change_interval_ms {
            switches.change_interval = (ms > 0).then(|| Duration::from_millis(ms));
        }
    }
}

async fn switches(
    State(hub): State<Hub>,
    Json(request): Json<SwitchesRequest>,
) -> axum::Json<Value> {
    hub.configure(|switches| request.apply(switches));
    done()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishRequest {
    topic: String,
    event: String,
    data: Box<RawValue>,
}

async fn publish(State(hub): State<Hub>, Json(request): Json<PublishRequest>) -> Reply<Value> {
    let count = hub.publish(&request.topic, &request.event, &request.data);
    Ok(axum::Json(json!({ "subscribers": count })))
}

fn done() -> axum::Json<Value> {
    axum::Json(json!({ "success": true }))
}
