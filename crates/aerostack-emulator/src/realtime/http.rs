//! What realtime does over HTTP: the upgrade, `realtimeHistory`, and what `socketEmit` does.

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::{ApiError, ApiResult};
use crate::http::extract::Query;
use crate::http::keys::{API_KEY_HEADER, bearer};
use crate::http::operation::Routes;
use crate::http::operations::REALTIME_HISTORY;
use crate::realtime::hub::history::{Message, PageQuery};
use crate::realtime::hub::{Hub, PATH};
use crate::realtime::protocol::topic;
use crate::realtime::settings::{EmitRoom, HistoryForm};
use crate::tasks::Tasks;

/// Messages in a page when the request names no number.
const PAGE: i64 = 50;
/// The most messages in a page.
const PAGE_MAX: i64 = 100;

/// The operations of realtime.
pub(crate) fn routes(hub: Hub) -> Routes {
    Routes::new().on(&REALTIME_HISTORY, history).with_state(hub)
}

/// Takes upgrades below any prefix, and answers everything else with 404: for what no route took.
pub(crate) fn upgrades(hub: Hub, tasks: Tasks) -> Router {
    Router::new()
        .fallback(upgrade_or_unknown)
        .with_state((hub, tasks))
}

async fn upgrade_or_unknown(
    State((hub, tasks)): State<(Hub, Tasks)>,
    request: Request,
) -> Response {
    if !request.uri().path().ends_with(PATH) {
        return ApiError::not_found("There is nothing at this path.").into_response();
    }
    let (response, rest): (Response<Body>, _) = hub.upgrade(request).await;
    if let Some(rest) = rest {
        tasks.tracker.spawn(rest);
    }
    response
}

#[derive(Deserialize)]
struct HistoryQuery {
    room: Option<String>,
    limit: Option<i64>,
    before: Option<i64>,
}

async fn history(
    State(hub): State<Hub>,
    headers: HeaderMap,
    query: ApiResult<Query<HistoryQuery>>,
) -> ApiResult<Response> {
    authorize(&hub, &headers).await?;
    let Query(query) = query?;
    let room = query
        .room
        .filter(|room| !room.is_empty())
        .ok_or_else(|| ApiError::validation("room is missing; it names the full topic"))?;
    let limit = query.limit.unwrap_or(PAGE);
    if limit < 1 {
        return Err(ApiError::validation("limit must be at least 1"));
    }
    let query = PageQuery {
        // Messages are kept under the full topic, whatever name they were published to.
        room: hub.expand(&room),
        limit: usize::try_from(limit.min(PAGE_MAX)).unwrap_or_default(),
        before: query.before,
        kept_since: hub.kept_since(),
    };
    let page = hub
        .history_store()
        .page(query)
        .await
        .map_err(ApiError::internal)?;
    Ok(page_response(hub.switches().history_form, page))
}

/// Passes either API key, or a user's token.
async fn authorize(hub: &Hub, headers: &HeaderMap) -> ApiResult<()> {
    let key = headers
        .get(API_KEY_HEADER)
        .and_then(|value| value.to_str().ok());
    if let Some(key) = key {
        return if hub.knows_key(key) {
            Ok(())
        } else {
            Err(ApiError::invalid_key())
        };
    }
    match bearer(headers) {
        Some(token) if hub.check_token(token).await.is_some() => Ok(()),
        _ => Err(ApiError::invalid_token(
            "An API key or a valid user token is needed.",
        )),
    }
}

fn page_response(form: HistoryForm, mut page: Vec<Message>) -> Response {
    #[derive(Serialize)]
    struct Messages {
        messages: Vec<Message>,
    }
    #[derive(Serialize)]
    struct Data {
        data: Vec<Message>,
    }
    match form {
        HistoryForm::Messages => axum::Json(Messages { messages: page }).into_response(),
        HistoryForm::Data => axum::Json(Data { data: page }).into_response(),
        HistoryForm::TextData => {
            for message in &mut page {
                if let Ok(text) = serde_json::value::to_raw_value(message.data.get()) {
                    message.data = text;
                }
            }
            axum::Json(Messages { messages: page }).into_response()
        }
    }
}

/// Sends an event as `socket.emit` does; `args` are `[event, data]` or `[event, data, room]`.
pub(crate) fn emit(hub: &Hub, args: &[Box<RawValue>]) -> ApiResult<()> {
    let invalid = |message: &str| ApiError::validation(format!("socket.emit: {message}"));
    let (event, data, room) = match args {
        [event, data] => (event, data, None),
        [event, data, room] => (event, data, Some(room)),
        _ => {
            return Err(invalid(
                "args has to be [event, data] or [event, data, room]",
            ));
        }
    };
    let event: String = serde_json::from_str(event.get())
        .ok()
        .filter(|event: &String| !event.is_empty())
        .ok_or_else(|| invalid("args[0] has to be the event's name"))?;
    let room: Option<String> = match room {
        Some(room) => serde_json::from_str(room.get())
            .map_err(|_| invalid("args[2] has to be a channel's path or null"))?,
        None => None,
    };
    match room {
        Some(room) => {
            let topic = emit_topic(hub, &room).map_err(invalid)?;
            hub.publish_on(&topic, &event, data);
        }
        None => hub.publish_everywhere(&event, data),
    }
    Ok(())
}

fn emit_topic(hub: &Hub, room: &str) -> Result<String, &'static str> {
    let project = hub.project_id();
    let full = topic::full(room, project)?;
    if room.contains('/') {
        return Ok(full);
    }
    match hub.switches().emit_room {
        EmitRoom::Chat => {
            tracing::info!("an event for the room {room:?} goes to chat/{room}/{project}");
            topic::chat(room, project)
        }
        EmitRoom::TableRule => Ok(full),
        EmitRoom::AsIs => Ok(room.to_owned()),
    }
}
