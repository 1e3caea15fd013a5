//! Every call of the handles, one row each.

use std::time::Duration;

use aerostack::ai::{ChatStream, Completion};
use aerostack::queue::JobState;
use aerostack::search::EmbeddingModel;
use aerostack::{Error, Secret};
use futures_util::TryStreamExt as _;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::case::{Case, Got};

/// A row is an operation, the call that reaches it, and what the debug text of its success must hold: something of the
/// document's example, to show that the answer was read. `via` names what makes the success visible, where its debug
/// text hides it; `none on` names the status that the call turns into `None`.
macro_rules! cases {
    ($sdk:ident, $c:ident; $(
        $operation:literal $(none on $absent:literal)? : $call:expr $(, via $via:ident)? => [$($shows:literal),*];
    )*) => {
        &[$(Case {
            operation: $operation,
            call_text: stringify!($call),
            call: |$sdk| Box::pin(async move {
                let $c = &$sdk.client;
                // The history has no part in the client.
                let _ = $c;
                let value = $call.await?;
                $(let value = $via(value).await?;)?
                Ok(Got::Shown(format!("{value:?}")))
            }),
            shows: &[$($shows),*],
            absent: &[$($absent)?],
        },)*]
    };
}

async fn text(completion: Completion) -> Result<String, Error> {
    Ok(completion.text)
}

async fn deltas(stream: ChatStream) -> Result<String, Error> {
    stream.map_ok(|delta| delta.text).try_collect().await
}

async fn exposed(secret: Option<Secret>) -> Result<Option<String>, Error> {
    Ok(secret.map(|secret| secret.expose().to_owned()))
}

const MINUTES: Duration = Duration::from_secs(300);
const EMAIL: &str = "ines@example.com";
const PASSWORD: &str = "Porto-Lisboa-2026";

impl crate::Sdk {
    fn token(&self) -> &str {
        &self.planted.user_token
    }

    fn key(&self) -> &str {
        &self.planted.consumer_key
    }
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "shown by Debug alone")]
struct Article {
    id: String,
    title: String,
}

/// What the function of the examples returns, some of it for each method.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[expect(dead_code, reason = "shown by Debug alone")]
enum Quote {
    Cents { cents: u32 },
    Surcharge { surcharge: u32 },
    Removed { removed: u32 },
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "shown by Debug alone")]
struct Invoice {
    pages: u32,
}

/// Whether a row reaches the operation. One that is new in the document has no handle yet; `cargo xtask coverage` says
/// so.
#[must_use]
pub fn has_handle(operation: &str) -> bool {
    CASES.iter().any(|case| case.operation == operation)
}

/// The table.
#[rustfmt::skip]
pub static CASES: &[Case] = cases! { sdk, c;
    "dbQuery": c.db().query::<Value>("SELECT id, email FROM users WHERE active = ?").bind(true) => ["ines@example.com"];
    "dbQuery": c.db().query_one::<Option<Value>>("SELECT id, email FROM users LIMIT 1") => ["Some", "ines@example.com"];
    "dbQuery": c.db().execute("DELETE FROM sessions WHERE user_id = ?").bind(7) => ["returned: Some(2)"];
    "dbBatch": c.db().batch().add("SELECT 1").add("SELECT 2") => ["success: true"];
    "dbBatch": c.db().batch().add("SELECT 1").add("SELECT 2").outcomes() => ["success: true"];

    "authSignup": c.server_auth().sign_up(EMAIL, PASSWORD).name("Inês").metadata(&json!({"plan": "team"})) => ["5b1a6c1e"];
    "authSignin": c.server_auth().sign_in(EMAIL, PASSWORD) => ["5b1a6c1e", "2026-01-06T09:30:00Z"];

    "publicAuthRegister": c.auth().register(EMAIL, PASSWORD).name("Inês").custom_fields(&json!({"city": "Lisbon"})) => ["usr_ines"];
    "publicAuthLogin": c.auth().login(EMAIL, PASSWORD).turnstile_token("human") => ["usr_ines", "2026-01-05T10:30:00Z"];
    "publicAuthOtpSend": c.auth().send_otp(EMAIL) => ["account_exists: Some(true)"];
    "publicAuthOtpVerify": c.auth().verify_otp(EMAIL).code("493817") => ["usr_ines"];
    "publicAuthVerifyEmail": c.auth().verify_email("ev_9f2c41d07a6b") => ["()"];
    "publicAuthResendVerification": c.auth().resend_verification(EMAIL) => ["()"];
    "publicAuthResetPasswordRequest": c.auth().request_password_reset(EMAIL) => ["()"];
    "publicAuthResetPassword": c.auth().reset_password("pr_51c0e8aa2f93", PASSWORD) => ["()"];
    "publicAuthRefresh": c.auth().refresh("rt_4f1d9a0c7be24c1e") => ["2026-01-05T11:30:00Z"];
    "publicAuthLogout": c.auth().logout(sdk.token()).refresh_token("rt_4f1d9a0c7be24c1e") => ["()"];
    "publicAuthMe": c.auth().current_user(sdk.token()) => ["usr_ines"];
    "publicAuthMe" none on 401: c.auth().verify_token(sdk.token()) => ["Some", "usr_ines"];
    "publicAuthUpdateMe": c.auth().update_profile(sdk.token()).name("Inês D.").custom_fields(&json!({"city": "Porto"})) => ["usr_ines"];
    "publicAuthDeleteAvatar": c.auth().delete_avatar(sdk.token()) => ["()"];

    "cacheGet": c.cache().get::<Value>("user:1") => ["Inês Duarte"];
    "cacheGet": c.cache().has("user:1") => ["true"];
    "cacheSet": c.cache().set("user:1", &json!({"name": "Inês Duarte"})).ttl(MINUTES) => ["()"];
    "cacheDelete": c.cache().delete("user:1") => ["()"];
    "cacheList": c.cache().list().prefix("user:").limit(2) => ["user:1", "dXNlcjoy"];
    "cacheKeys": c.cache().keys("user:") => ["user:2"];
    "cacheGetMany": c.cache().get_many::<Value, _>(["user:1", "user:404"]) => ["Inês Duarte", "None"];
    "cacheSetMany": c.cache().set_many().entry("greeting", "Olá").entry_with_ttl("user:1", "Inês", MINUTES) => ["()"];
    "cacheDeleteMany": c.cache().delete_many(["user:1", "user:404"]) => ["deleted: Some(1)"];
    "cacheFlush": c.cache().flush("session:") => ["42"];
    "cacheExpire": c.cache().expire("user:1", MINUTES) => ["true"];
    "cacheIncrement": c.cache().increment("visits").by(1).initial(0).ttl(MINUTES) => ["13"];

    "storageUpload": c.storage().upload("notes/lisbon.txt", b"Hello from Lisbon.").content_type("text/plain") => ["cdn.aerostack.dev", "Some(18)"];
    "storageGet": c.storage().download("notes/lisbon.txt") => ["Hello from Lisbon."];
    "storageGet": c.storage().download("notes/lisbon.txt").stream() => ["octet-stream"];
    "storageGet": c.storage().download("notes/lisbon.txt").to_file(std::env::temp_dir().join("aerostack-contract.txt")) => ["18"];
    "storageGetUrl": c.storage().url("notes/lisbon.txt") => ["https://cdn.aerostack.dev/"];
    "storageList": c.storage().list().prefix("notes/").limit(2) => ["notes/porto.txt", "2048", "bm90ZXMvcG9ydG8udHh0"];
    "storageDelete": c.storage().delete("notes/lisbon.txt") => ["()"];
    "storageExists": c.storage().exists("notes/lisbon.txt") => ["true"];
    "storageGetMetadata": c.storage().metadata("notes/lisbon.txt") => ["Some", "9b2cf535f27731c974343645a3985328"];
    "storageCopy": c.storage().copy("notes/lisbon.txt", "archive/lisbon.txt") => ["archive/lisbon.txt"];
    "storageMove": c.storage().move_to("notes/lisbon.txt", "archive/lisbon.txt") => ["archive/lisbon.txt"];

    "queueEnqueue": c.queue().send("send-welcome-email", &json!({"userId": 42})).delay(MINUTES).max_retries(2) => ["job_01J9Z3K7V5Q8"];
    "queueGetJob": c.queue().job("job_01J9Z3K7V5Q8") => ["Some", "send-welcome-email", "Processing"];
    "queueListJobs": c.queue().list().status(JobState::Failed).job_type("send-welcome-email").limit(20) => ["job_01J9Z3K7V5Q8", "Failed"];
    "queueCancelJob": c.queue().cancel("job_01J9Z3K7V5Q8") => ["already started"];

    "aiChat": c.ai().chat().system("Answer in one sentence.").user("Why is the sky blue?").temperature(0.2).max_tokens(120), via text => ["blue light"];
    "aiChat": c.ai().complete("Why is the sky blue?").top_p(0.9) => ["total_tokens: Some(33)", "Stop"];
    "aiChat": c.ai().complete("Why is the sky blue?").stream(), via deltas => ["Air scatters"];
    "aiEmbed": c.ai().embed("The harbour is closed on Sundays.") => ["6 numbers", "bge-base"];
    "aiEmbed": c.ai().embed_many(["The harbour is closed on Sundays."]) => ["6 numbers"];

    "searchIngest": c.search().ingest("faq", "Parcels posted before noon leave the same day.").id("faq-14").metadata(&json!({"lang": "en"})) => ["()"];
    "searchQuery": c.search().query("When will it be shipped?").top_k(3).types(["faq"]).filter(&json!({"lang": "en"})) => ["faq-3", "0.87"];
    "searchGet": c.search().get("faq-14") => ["Some", "faq-14"];
    "searchUpdate": c.search().update("faq-14", "Parcels posted before two leave the same day.").entry_type("faq") => ["()"];
    "searchDelete": c.search().delete("faq-14") => ["()"];
    "searchDeleteByType": c.search().delete_by_type("faq") => ["()"];
    "searchCount": c.search().count().of_type("faq") => ["128"];
    "searchListTypes": c.search().list_types() => ["product", "940"];
    "searchConfigure": c.search().configure(EmbeddingModel::Multilingual) => ["()"];

    "gatewayChatCompletions": c.gateway("support-bot").consumer_key(sdk.key()).chat().user("How do I return a parcel?"), via text => ["Print the label"];
    "gatewayChatCompletions": c.gateway("support-bot").user_token(sdk.token()).complete("How do I return a parcel?").stream(), via deltas => ["Print the label"];
    "gatewayGetWallet": c.gateway("support-bot").consumer_key(sdk.key()).wallet() => ["48200", "metered"];
    "gatewayGetUsage": c.gateway("support-bot").user_token(sdk.token()).usage().days(30) => ["51800", "214"];
    "gatewayBillingLog": c.gateway_billing().log("con_81d0", "api_44c2", 12).metric("pages") => ["12"];

    "servicesInvoke": c.services().invoke::<Invoice>("invoice-renderer", &json!({"orderId": 9182})) => ["pages: 2"];

    "collectionsListItems": c.collection("articles").list::<Article>().query("status", "published") => ["Reading a chart"];
    "collectionsCreateItem": c.collection("articles").create::<Article>(&json!({"title": "Tides explained"})) => ["art_7d21"];
    "collectionsGetItem" none on 404: c.collection("articles").get::<Article>("art_7d21") => ["Some", "Tides explained"];
    "collectionsUpdateItem": c.collection("articles").update("art_7d21", &json!({"status": "published"})) => ["()"];
    "collectionsDeleteItem": c.collection("articles").delete("art_7d21") => ["()"];

    "customCallGet": c.functions().call::<Quote>("shipping-quote").get().query("country", "PT") => ["cents: 890"];
    "customCallGet": c.functions().call::<Quote>("shipping-quote").get().user_token(sdk.token()) => ["890"];
    "customCallPost": c.functions().call::<Quote>("shipping-quote").post(&json!({"country": "PT"})) => ["cents: 890"];
    "customCallPut": c.functions().call::<Quote>("shipping-quote").put(&json!({"surcharge": 150})) => ["150"];
    "customCallPatch": c.functions().call::<Quote>("shipping-quote").patch(&json!({"surcharge": 175})) => ["175"];
    "customCallDelete": c.functions().call::<Quote>("shipping-quote").delete().query("country", "PT") => ["removed: 1"];

    "secretsGet" none on 404: c.secrets().get("MAIL_API_KEY"), via exposed => ["Some", "not-a-real-key"];

    "realtimeHistory": sdk.channel.history().before(1_782_000_000_000).page_size(50).next_page() => ["msg_5002", "chat/lobby/proj_3f9a"];
    "socketEmit": c.socket().emit("order-shipped", &json!({"orderId": 9182})).room("orders/eu") => ["()"];
};
