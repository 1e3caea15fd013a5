//! Streams as server-sent events.

use std::{convert::Infallible, time::Duration};

use ::axum::response::{
    IntoResponse, Response, Sse,
    sse::{Event, KeepAlive},
};
use futures_core::Stream;
use futures_util::{StreamExt, stream};
use serde::Serialize;
use serde_json::{Value, json};

use crate::{Error, ai::ChatStream};

/// A comment goes out this often while there is nothing to say, so that proxies do not close the connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A response of server-sent events, one for each item, with the item as JSON in its `data`.
///
/// The stream ends with an event `done`, or with an event `error` whose data is that of an error's response, without
/// anything of the inside. A client that goes away ends the stream.
///
/// ```
/// use aerostack::{Client, Error, axum::events};
/// use axum::{extract::State, response::IntoResponse};
///
/// async fn export(State(client): State<Client>) -> impl IntoResponse {
///     events(client.db().query::<(i64, String)>("SELECT id, email FROM users").rows())
/// }
/// ```
pub fn events<T, S>(items: S) -> Sse<impl Stream<Item = Result<Event, Infallible>>>
where
    T: Serialize,
    S: Stream<Item = Result<T, Error>> + Send + 'static,
{
    let events = stream::unfold(Some(Box::pin(items)), |items| async {
        let mut items = items?;
        Some(match items.next().await {
            Some(Ok(item)) => match event(&item) {
                Ok(event) => (event, Some(items)),
                Err(error) => (failed(&error), None),
            },
            Some(Err(error)) => (failed(&error), None),
            None => (done(&json!({})), None),
        })
    });
    response(events)
}

/// The text as it is written: events with `{"text": ".."}`, then `done` with `{"finishReason": .., "usage": ..}` where
/// the platform tells them, or `error`.
impl IntoResponse for ChatStream {
    fn into_response(self) -> Response {
        let whole = json!({});
        let events = stream::unfold(Some((Box::pin(self), whole)), |state| async {
            let (mut deltas, mut whole) = state?;
            loop {
                let delta = match deltas.next().await {
                    Some(Ok(delta)) => delta,
                    Some(Err(error)) => return Some((failed(&error), None)),
                    None => return Some((done(&whole), None)),
                };
                if let Some(reason) = &delta.finish_reason {
                    whole["finishReason"] = json!(reason.as_str());
                }
                if let Some(usage) = &delta.usage {
                    whole["usage"] = json!(usage);
                }
                if !delta.text.is_empty() {
                    let text = Event::default().data(json!({ "text": delta.text }).to_string());
                    return Some((text, Some((deltas, whole))));
                }
            }
        });
        response(events).into_response()
    }
}

fn event<T: Serialize>(item: &T) -> Result<Event, Error> {
    serde_json::to_string(item)
        .map(|text| Event::default().data(text))
        .map_err(|error| Error::invalid_input(format!("an item has no JSON form: {error}")))
}

fn done(data: &Value) -> Event {
    Event::default().event("done").data(data.to_string())
}

fn failed(error: &Error) -> Event {
    #[cfg(feature = "tracing")]
    tracing::error!(error = %error, "a stream of events failed");
    let status = super::status_of(error).as_u16();
    let data = json!({ "status": status, "requestId": error.request_id() });
    Event::default().event("error").data(data.to_string())
}

fn response<S>(events: S) -> Sse<impl Stream<Item = Result<Event, Infallible>>>
where
    S: Stream<Item = Event> + Send + 'static,
{
    Sse::new(events.map(Ok)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}
