//! Every operation through the generated requests, with the document's own examples.

use std::collections::BTreeMap;

use aerostack_api::{FileBody, FilePart, Request as _, Secret, requests};
use bytes::Bytes;
use futures_util::TryStreamExt as _;
use serde_json::Value;

use crate::case::{Case, Example, Got, Outcome};

type Pairs = BTreeMap<String, String>;

macro_rules! wire {
    ($e:ident; $($request:ident($($argument:expr),*) $(.$setter:ident($value:expr))*;)*) => {
        &[$(Case {
            operation: requests::$request::OPERATION.id,
            call_text: stringify!($request),
            call: |sdk| Box::pin(async move {
                let $e: Example<'_> = sdk.example(requests::$request::OPERATION.id)?;
                let options = sdk.options($e.operation);
                let request = requests::$request::new($($argument),*)$(.$setter($value))*;
                json(&sdk.transport.send(&request, &options).await?.value)
            }),
            shows: &[],
            absent: &[],
        },)*]
    };
}

/// Requests and responses that are JSON.
pub static GENERATED: &[Case] = wire! { e;
    DbQuery(e.body());
    DbBatch(e.body());
    AuthSignup(e.body());
    AuthSignin(e.body());
    PublicAuthRegister(e.text("projectSlug"), e.body());
    PublicAuthLogin(e.text("projectSlug"), e.body());
    PublicAuthOtpSend(e.text("projectSlug"), e.body());
    PublicAuthOtpVerify(e.text("projectSlug"), e.body());
    PublicAuthVerifyEmail(e.text("projectSlug"), e.parameter::<Secret>("token"));
    PublicAuthResendVerification(e.text("projectSlug"), e.body());
    PublicAuthResetPasswordRequest(e.text("projectSlug"), e.body());
    PublicAuthResetPassword(e.text("projectSlug"), e.body());
    PublicAuthRefresh(e.text("projectSlug"), e.body());
    PublicAuthLogout(e.text("projectSlug"), e.body());
    PublicAuthMe(e.text("projectSlug"));
    PublicAuthUpdateMe(e.text("projectSlug"), e.body());
    PublicAuthDeleteAvatar(e.text("projectSlug"));
    CacheGet(e.body());
    CacheSet(e.body());
    CacheDelete(e.body());
    CacheList(e.body());
    CacheKeys(e.body());
    CacheGetMany(e.body());
    CacheSetMany(e.body());
    CacheDeleteMany(e.body());
    CacheFlush(e.body());
    CacheExpire(e.body());
    CacheIncrement(e.body());
    QueueEnqueue(e.body());
    QueueGetJob(e.body());
    QueueListJobs(e.body());
    QueueCancelJob(e.body());
    StorageGetUrl(e.body());
    StorageList(e.body());
    StorageDelete(e.body());
    StorageExists(e.body());
    StorageGetMetadata(e.body());
    StorageCopy(e.body());
    StorageMove(e.body());
    AiChat(e.body());
    AiEmbed(e.body());
    SearchIngest(e.body());
    SearchQuery(e.body());
    SearchGet(e.body());
    SearchUpdate(e.body());
    SearchDelete(e.body());
    SearchDeleteByType(e.body());
    SearchCount(e.body());
    SearchListTypes();
    SearchConfigure(e.body());
    GatewayChatCompletions(e.text("apiSlug"), e.body());
    GatewayGetWallet(e.text("api_slug"));
    GatewayGetUsage(e.text("api_slug")).days(e.parameter::<Option<i64>>("days"));
    GatewayBillingLog(e.body());
    ServicesInvoke(e.body());
    CollectionsListItems(e.text("name")).query(e.parameter::<Option<Pairs>>("query"));
    CollectionsCreateItem(e.text("name"), e.body());
    CollectionsGetItem(e.text("id"));
    CollectionsUpdateItem(e.text("id"), e.body());
    CollectionsDeleteItem(e.text("id"));
    CustomCallGet(e.text("slug")).query(e.parameter::<Option<Pairs>>("query"));
    CustomCallPost(e.text("slug"), e.body());
    CustomCallPut(e.text("slug"), e.body());
    CustomCallPatch(e.text("slug"), e.body());
    CustomCallDelete(e.text("slug")).query(e.parameter::<Option<Pairs>>("query"));
    SecretsGet(e.body());
    RealtimeHistory(e.text("room")).before(e.parameter::<Option<i64>>("before")).limit(e.parameter::<Option<i64>>("limit"));
    SocketEmit(e.body());
};

/// Bodies that are not JSON.
pub static WRITTEN: &[Case] = &[
    Case {
        operation: requests::StorageUpload::OPERATION.id,
        call_text: "StorageUpload",
        call: |sdk| {
            Box::pin(async move {
                let example = sdk.example(requests::StorageUpload::OPERATION.id)?;
                let options = sdk.options(example.operation);
                let form: Value = example.body();
                let (content, content_type) = (text(&form, "file"), text(&form, "contentType"));
                let file = FilePart::new("file.txt", move || {
                    let length = Some(content.len() as u64);
                    let chunks = aerostack_api::chunks(Bytes::from(content.clone()));
                    let body = FileBody::stream(chunks, length, &Default::default());
                    Box::pin(async move { Ok(body) })
                });
                let request = requests::StorageUpload::new(
                    text(&form, "key"),
                    file.content_type(content_type.clone()),
                )
                .content_type(content_type);
                json(&sdk.transport.send(&request, &options).await?.value)
            })
        },
        shows: &[],
        absent: &[],
    },
    Case {
        operation: requests::StorageGet::OPERATION.id,
        call_text: "StorageGet",
        call: |sdk| {
            Box::pin(async move {
                let example = sdk.example(requests::StorageGet::OPERATION.id)?;
                let options = sdk.options(example.operation);
                let request = requests::StorageGet::new(example.body());
                let body = sdk.transport.stream(&request, &options).await?.value;
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
