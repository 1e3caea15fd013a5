//! What the generated types promise, whatever the document grows into.

use aerostack_api::generated::open::JobState;
use aerostack_api::generated::types;
use aerostack_api::{
    CallOptions, HttpOptions, Origin, RawJson, RequestState, Secret, Transport, TransportConfig,
    TransportError, operations, requests,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Decodes through text, as an answer is.
#[allow(clippy::unwrap_used, reason = "a helper of tests")]
fn decode<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_str(&value.to_string()).unwrap()
}

#[test]
fn replies_may_lack_every_field_or_hold_null_in_its_place() {
    for reply in [
        json!({}),
        json!({ "keys": null, "list_complete": null, "cursor": null, "new": [1] }),
    ] {
        let reply: types::CacheListResponse = decode(reply);
        assert!(reply.keys.is_none() && reply.list_complete.is_none() && reply.cursor.is_none());
    }
    for reply in [
        json!({}),
        json!({ "job": null }),
        json!({ "job": { "status": null, "data": null } }),
    ] {
        let reply: types::QueueGetJobResponse = decode(reply);
        assert!(
            reply
                .job
                .is_none_or(|job| job.status.is_none() && job.data.is_none())
        );
    }
}

#[test]
fn a_value_the_enum_does_not_know_costs_nothing_else() {
    let reply: types::QueueGetJobResponse =
        decode(json!({ "job": { "id": "j1", "status": "paused" } }));
    let job = reply.job.unwrap();
    assert_eq!(job.status, Some(JobState::Other("paused".to_owned())));
    assert_eq!(
        serde_json::to_value(&job).unwrap(),
        json!({ "id": "j1", "status": "paused" })
    );
}

#[test]
fn an_empty_list_is_sent_and_an_absent_one_is_not() {
    let mut body = types::SearchQueryRequest::new("ferry");
    assert_eq!(
        serde_json::to_value(&body).unwrap(),
        json!({ "text": "ferry" })
    );
    body.types = Some(Vec::new());
    assert_eq!(
        serde_json::to_value(&body).unwrap(),
        json!({ "text": "ferry", "types": [] })
    );
}

#[test]
fn the_callers_json_keeps_its_text() {
    let text = r#"{"results":[{"id":9007199254740993,"price":1.10}]}"#;
    let reply: types::DbQueryResponse = serde_json::from_str(text).unwrap();
    assert_eq!(
        reply.results.as_ref().map(RawJson::text),
        Some(r#"[{"id":9007199254740993,"price":1.10}]"#)
    );
    assert_eq!(serde_json::to_string(&reply).unwrap(), text);
}

#[test]
fn times_keep_their_text() {
    let reply: types::AuthResponse = decode(json!({ "expiresAt": "2026-01-01 00:00:00" }));
    assert_eq!(reply.expires_at.as_deref(), Some("2026-01-01 00:00:00"));
}

#[test]
fn debug_shows_no_secret() {
    let reply: types::PublicAuthResponse =
        decode(json!({ "token": "s3cret", "accessToken": "s3cret", "refreshToken": "s3cret" }));
    let body = types::AuthSigninRequest::new("ines@example.com", "s3cret");
    for shown in [format!("{reply:?}"), format!("{body:#?}")] {
        assert!(!shown.contains("s3cret"), "{shown}");
    }
    assert_eq!(serde_json::to_value(&body).unwrap()["password"], "s3cret");
}

#[test]
fn every_operation_is_in_the_table_once() {
    let mut ids: Vec<&str> = operations::ALL
        .iter()
        .map(|operation| operation.id)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), operations::ALL.len());
}

#[test]
fn optional_fields_are_set_by_name_and_absent_otherwise() {
    let body = types::CacheSetRequest::new("key", RawJson::encode(&1).unwrap());
    assert_eq!(
        serde_json::to_value(&body).unwrap(),
        json!({ "key": "key", "value": 1 })
    );
    assert_eq!(body.clone().ttl(None), body);
    assert_eq!(
        serde_json::to_value(body.ttl(60)).unwrap(),
        json!({ "key": "key", "value": 1, "ttl": 60 })
    );
}

#[tokio::test]
async fn a_name_in_the_path_cannot_lead_elsewhere() {
    let server = wiremock::MockServer::start().await;
    let mut config = TransportConfig::new(Origin::parse(&server.uri(), false).unwrap());
    config.api_key = Some(Secret::new("sk_test"));
    let transport = Transport::new(HttpOptions::new("test"), config).unwrap();
    for slug in ["", ".", ".."] {
        let request = requests::CustomCallGet::new(slug);
        let error = transport
            .send(&request, &CallOptions::default())
            .await
            .unwrap_err();
        assert!(
            matches!(error.error, TransportError::Request(_)),
            "{slug:?}: {error:?}"
        );
        assert_eq!(error.state, RequestState::NotSent);
    }
    assert!(server.received_requests().await.unwrap().is_empty());
}
