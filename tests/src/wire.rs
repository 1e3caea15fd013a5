//! Every operation through the generated client, with the document's own examples.

use std::convert::Infallible;

use aerostack_api::{Progress, Secret, Transport, Upload, operations};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use serde_json::Value;

use crate::case::{Case, Example, Got, Outcome};

macro_rules! wire {
    ($client:ident, $e:ident; $($operation:ident => $call:expr;)*) => {
        &[$(Case {
            operation: operations::$operation.id,
            call_text: stringify!($call),
            call: |sdk| Box::pin(async move {
                let example: Example<'_> = sdk.example(operations::$operation.id)?;
                let options = sdk.options(example.operation);
                let answer = sdk.transport.call(&operations::$operation, &options, |$client| {
                    let $e = example;
                    // Operations without parameters have no use for it.
                    let _ = $e;
                    async move { $call.await }
                });
                json(&answer.await?.value)
            }),
            shows: &[],
            absent: &[],
        },)*]
    };
}

/// What the generator makes.
pub static GENERATED: &[Case] = wire! { client, e;
    DB_QUERY => client.db_query(&e.body());
    DB_BATCH => client.db_batch(&e.body());
    AUTH_SIGNUP => client.auth_signup(&e.body());
    AUTH_SIGNIN => client.auth_signin(&e.body());
    PUBLIC_AUTH_REGISTER => client.public_auth_register(&e.text("projectSlug"), &e.body());
    PUBLIC_AUTH_LOGIN => client.public_auth_login(&e.text("projectSlug"), &e.body());
    PUBLIC_AUTH_OTP_SEND => client.public_auth_otp_send(&e.text("projectSlug"), &e.body());
    PUBLIC_AUTH_OTP_VERIFY => client.public_auth_otp_verify(&e.text("projectSlug"), &e.body());
    PUBLIC_AUTH_VERIFY_EMAIL => client.public_auth_verify_email(&e.text("projectSlug"), &e.parameter::<Secret>("token"));
    PUBLIC_AUTH_RESEND_VERIFICATION => client.public_auth_resend_verification(&e.text("projectSlug"), &e.body());
    PUBLIC_AUTH_RESET_PASSWORD_REQUEST => client.public_auth_reset_password_request(&e.text("projectSlug"), &e.body());
    PUBLIC_AUTH_RESET_PASSWORD => client.public_auth_reset_password(&e.text("projectSlug"), &e.body());
    PUBLIC_AUTH_REFRESH => client.public_auth_refresh(&e.text("projectSlug"), &e.body());
    PUBLIC_AUTH_LOGOUT => client.public_auth_logout(&e.text("projectSlug"), &e.body());
    PUBLIC_AUTH_ME => client.public_auth_me(&e.text("projectSlug"));
    PUBLIC_AUTH_UPDATE_ME => client.public_auth_update_me(&e.text("projectSlug"), &e.body());
    PUBLIC_AUTH_DELETE_AVATAR => client.public_auth_delete_avatar(&e.text("projectSlug"));
    CACHE_GET => client.cache_get(&e.body());
    CACHE_SET => client.cache_set(&e.body());
    CACHE_DELETE => client.cache_delete(&e.body());
    CACHE_LIST => client.cache_list(&e.body());
    CACHE_KEYS => client.cache_keys(&e.body());
    CACHE_GET_MANY => client.cache_get_many(&e.body());
    CACHE_SET_MANY => client.cache_set_many(&e.body());
    CACHE_DELETE_MANY => client.cache_delete_many(&e.body());
    CACHE_FLUSH => client.cache_flush(&e.body());
    CACHE_EXPIRE => client.cache_expire(&e.body());
    CACHE_INCREMENT => client.cache_increment(&e.body());
    QUEUE_ENQUEUE => client.queue_enqueue(&e.body());
    QUEUE_GET_JOB => client.queue_get_job(&e.body());
    QUEUE_LIST_JOBS => client.queue_list_jobs(&e.body());
    QUEUE_CANCEL_JOB => client.queue_cancel_job(&e.body());
    STORAGE_GET_URL => client.storage_get_url(&e.body());
    STORAGE_LIST => client.storage_list(&e.body());
    STORAGE_DELETE => client.storage_delete(&e.body());
    STORAGE_EXISTS => client.storage_exists(&e.body());
    STORAGE_GET_METADATA => client.storage_get_metadata(&e.body());
    STORAGE_COPY => client.storage_copy(&e.body());
    STORAGE_MOVE => client.storage_move(&e.body());
    AI_CHAT => client.ai_chat(&e.body());
    AI_EMBED => client.ai_embed(&e.body());
    SEARCH_INGEST => client.search_ingest(&e.body());
    SEARCH_QUERY => client.search_query(&e.body());
    SEARCH_GET => client.search_get(&e.body());
    SEARCH_UPDATE => client.search_update(&e.body());
    SEARCH_DELETE => client.search_delete(&e.body());
    SEARCH_DELETE_BY_TYPE => client.search_delete_by_type(&e.body());
    SEARCH_COUNT => client.search_count(&e.body());
    SEARCH_LIST_TYPES => client.search_list_types();
    SEARCH_CONFIGURE => client.search_configure(&e.body());
    GATEWAY_CHAT_COMPLETIONS => client.gateway_chat_completions(&e.text("apiSlug"), &e.body());
    GATEWAY_GET_WALLET => client.gateway_get_wallet(&e.text("api_slug"));
    GATEWAY_GET_USAGE => client.gateway_get_usage(&e.text("api_slug"), Some(e.parameter("days")));
    GATEWAY_BILLING_LOG => client.gateway_billing_log(&e.body());
    SERVICES_INVOKE => client.services_invoke(&e.body());
    COLLECTIONS_LIST_ITEMS => client.collections_list_items(&e.text("name"), Some(&e.parameter("query")));
    COLLECTIONS_CREATE_ITEM => client.collections_create_item(&e.text("name"), &e.body());
    COLLECTIONS_GET_ITEM => client.collections_get_item(&e.text("id"));
    COLLECTIONS_UPDATE_ITEM => client.collections_update_item(&e.text("id"), &e.body());
    COLLECTIONS_DELETE_ITEM => client.collections_delete_item(&e.text("id"));
    CUSTOM_CALL_GET => client.custom_call_get(&e.text("slug"), Some(&e.parameter("query")));
    CUSTOM_CALL_POST => client.custom_call_post(&e.text("slug"), &e.body());
    CUSTOM_CALL_PUT => client.custom_call_put(&e.text("slug"), &e.body());
    CUSTOM_CALL_PATCH => client.custom_call_patch(&e.text("slug"), &e.body());
    CUSTOM_CALL_DELETE => client.custom_call_delete(&e.text("slug"), Some(&e.parameter("query")));
    SECRETS_GET => client.secrets_get(&e.body());
    REALTIME_HISTORY => client.realtime_history(Some(e.parameter("before")), Some(e.parameter("limit")), &e.text("room"));
    SOCKET_EMIT => client.socket_emit(&e.body());
};

/// What is written by hand beside it: bodies that are not JSON.
pub static WRITTEN: &[Case] = &[
    Case {
        operation: operations::STORAGE_UPLOAD.id,
        call_text: "client.storage_upload(..)",
        call: |sdk| {
            Box::pin(async move {
                let example = sdk.example(operations::STORAGE_UPLOAD.id)?;
                let options = sdk.options(example.operation);
                let form: Value = example.body();
                let (file, key) = (text(&form, "file"), text(&form, "key"));
                let (file, key, content_type) = (&file, &key, text(&form, "contentType"));
                let content_type = &content_type;
                let answer = sdk.transport.call(
                    &operations::STORAGE_UPLOAD,
                    &options,
                    |client| async move {
                        let length = Some(file.len() as u64);
                        let bytes = futures_util::stream::iter([Ok::<_, Infallible>(Bytes::from(
                            file.clone(),
                        ))]);
                        let upload =
                            Upload::stream(key.clone(), bytes, length, &Progress::default());
                        client
                            .storage_upload(upload.content_type(Some(content_type.clone())))
                            .await
                    },
                );
                json(&answer.await?.value)
            })
        },
        shows: &[],
        absent: &[],
    },
    Case {
        operation: operations::STORAGE_GET.id,
        call_text: "client.storage_get(&e.body())",
        call: |sdk| {
            Box::pin(async move {
                let example = sdk.example(operations::STORAGE_GET.id)?;
                let options = sdk.options(example.operation);
                let transport: &Transport = &sdk.transport;
                let answer = transport.call_streaming(
                    &operations::STORAGE_GET,
                    &options,
                    |client| async move { client.storage_get(&example.body()).await },
                );
                let body = answer.await?.value;
                let bytes: Vec<Bytes> = body
                    .try_collect()
                    .await
                    .map_err(|error| anyhow::anyhow!("{error}"))?;
                Ok(Got::Json(String::from_utf8_lossy(&bytes.concat()).into()))
            })
        },
        shows: &[],
        absent: &[],
    },
];

fn json(value: &impl serde::Serialize) -> Outcome {
    let text = serde_json::to_string(value).map_err(anyhow::Error::from)?;
    Ok(Got::Json(
        serde_json::from_str(&text).map_err(anyhow::Error::from)?,
    ))
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
