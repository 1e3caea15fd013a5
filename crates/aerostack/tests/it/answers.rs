//! A 2xx that says nothing is an error, whatever the operation.

use std::pin::Pin;

use aerostack::{Client, Error, ErrorKind};
use aerostack_emulator::Fault;

use crate::support::start;

type Outcome = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;

/// One row a call: the operation and how it is made.
type Row = (&'static str, fn(&Client) -> Outcome);

macro_rules! rows {
    ($($operation:literal: |$client:ident| $call:expr,)*) => {
        &[$(($operation, |$client: &Client| {
            let call = $call.into_future();
            Box::pin(async move { call.await.map(drop) })
        }),)*]
    };
}

const ROWS: &[Row] = rows! {
    "dbQuery": |c| c.db().query::<serde_json::Value>("SELECT 1"),
    "dbQuery": |c| c.db().query_one::<serde_json::Value>("SELECT 1"),
    "dbQuery": |c| c.db().execute("SELECT 1"),
    "dbBatch": |c| c.db().batch().add("SELECT 1"),
    "dbBatch": |c| c.db().batch().add("SELECT 1").outcomes(),
    "authSignup": |c| c.server_auth().sign_up("a@example.com", "Correct-Horse-9"),
    "authSignin": |c| c.server_auth().sign_in("a@example.com", "Correct-Horse-9"),
    "publicAuthRegister": |c| c.auth().register("a@example.com", "Correct-Horse-9"),
    "publicAuthLogin": |c| c.auth().login("a@example.com", "Correct-Horse-9"),
    "publicAuthOtpSend": |c| c.auth().send_otp("a@example.com"),
    "publicAuthOtpVerify": |c| c.auth().verify_otp("a@example.com").code("123456"),
    "publicAuthVerifyEmail": |c| c.auth().verify_email("t"),
    "publicAuthResendVerification": |c| c.auth().resend_verification("a@example.com"),
    "publicAuthResetPasswordRequest": |c| c.auth().request_password_reset("a@example.com"),
    "publicAuthResetPassword": |c| c.auth().reset_password("t", "Correct-Horse-9"),
    "publicAuthRefresh": |c| c.auth().refresh("t"),
    "publicAuthLogout": |c| c.auth().logout("t"),
    "publicAuthMe": |c| c.auth().current_user("t"),
    "publicAuthMe": |c| c.auth().verify_token("t"),
    "publicAuthUpdateMe": |c| c.auth().update_profile("t").name("n"),
    "publicAuthDeleteAvatar": |c| c.auth().delete_avatar("t"),
    "cacheGet": |c| c.cache().get::<serde_json::Value>("k"),
    "cacheGet": |c| c.cache().has("k"),
    "cacheSet": |c| c.cache().set("k", &1),
    "cacheDelete": |c| c.cache().delete("k"),
    "cacheList": |c| c.cache().list(),
    "cacheKeys": |c| c.cache().keys(""),
    "cacheGetMany": |c| c.cache().get_many::<u8, _>(["k"]),
    "cacheSetMany": |c| c.cache().set_many().entry("k", &1),
    "cacheDeleteMany": |c| c.cache().delete_many(["k"]),
    "cacheFlush": |c| c.cache().flush(""),
    "cacheExpire": |c| c.cache().expire("k", std::time::Duration::from_secs(60)),
    "cacheIncrement": |c| c.cache().increment("k"),
    "storageUpload": |c| c.storage().upload("k", b"x"),
    "storageGetUrl": |c| c.storage().url("k"),
    "storageList": |c| c.storage().list(),
    "storageDelete": |c| c.storage().delete("k"),
    "storageExists": |c| c.storage().exists("k"),
    "storageGetMetadata": |c| c.storage().metadata("k"),
    "storageCopy": |c| c.storage().copy("a", "b"),
    "storageMove": |c| c.storage().move_to("a", "b"),
    "queueEnqueue": |c| c.queue().send("t", &Empty {}),
    "queueGetJob": |c| c.queue().job("j"),
    "queueGetJob": |c| c.queue().wait("j"),
    "queueListJobs": |c| c.queue().list(),
    "queueCancelJob": |c| c.queue().cancel("j"),
    "aiChat": |c| c.ai().chat().user("hi"),
    "aiChat": |c| c.ai().complete("hi").stream(),
    "aiEmbed": |c| c.ai().embed("text"),
    "aiEmbed": |c| c.ai().embed_many(["text"]),
    "searchIngest": |c| c.search().ingest("t", "text"),
    "searchQuery": |c| c.search().query("text"),
    "searchGet": |c| c.search().get("e"),
    "searchUpdate": |c| c.search().update("e", "text"),
    "searchDelete": |c| c.search().delete("e"),
    "searchDeleteByType": |c| c.search().delete_by_type("t"),
    "searchCount": |c| c.search().count(),
    "searchListTypes": |c| c.search().list_types(),
    "searchConfigure": |c| c.search().configure(aerostack::search::EmbeddingModel::English),
    "gatewayChatCompletions": |c| c.gateway("bot").consumer_key("ask_test_1").complete("hi"),
    "gatewayGetWallet": |c| c.gateway("bot").consumer_key("ask_test_1").wallet(),
    "gatewayGetUsage": |c| c.gateway("bot").consumer_key("ask_test_1").usage(),
    "gatewayBillingLog": |c| c.gateway_billing().log("c", "a", 1),
    "servicesInvoke": |c| c.services().invoke::<Item>("s", &Empty {}),
    "collectionsListItems": |c| c.collection("notes").list::<Item>(),
    "collectionsCreateItem": |c| c.collection("notes").create::<Item>(&Empty {}),
    "collectionsGetItem": |c| c.collection("notes").get::<Item>("i"),
    "collectionsUpdateItem": |c| c.collection("notes").update("i", &Empty {}),
    "collectionsDeleteItem": |c| c.collection("notes").delete("i"),
    "customCallGet": |c| c.functions().call::<Item>("f").get(),
    "customCallPost": |c| c.functions().call::<Item>("f"),
    "customCallPut": |c| c.functions().call::<Item>("f").put(&1),
    "customCallPatch": |c| c.functions().call::<Item>("f").patch(&1),
    "customCallDelete": |c| c.functions().call::<Item>("f").delete(),
    "secretsGet": |c| c.secrets().get("S"),
};

/// What answers nothing and is an answer all the same.
const ANSWERS: &[(&str, &str)] = &[("collectionsListItems", "[]")];

#[derive(serde::Serialize)]
struct Empty {}

#[derive(serde::Deserialize)]
struct Item {
    #[allow(dead_code, reason = "it only has to be there")]
    id: String,
}

#[tokio::test]
async fn a_success_without_an_answer_is_a_decode_error() {
    let (emulator, client) = start().await;
    for (operation, call) in ROWS {
        for body in ["{}", "[]", "null", r#"{"error":"X"}"#, "", "\"ok\"", "7"] {
            if ANSWERS.contains(&(operation, body)) {
                continue;
            }
            emulator.fault(
                Fault::answer(200, "application/json", body)
                    .on(*operation)
                    .times(1),
            );
            let error = match call(&client).await {
                Err(error) => error,
                Ok(()) => panic!("{operation} took {body:?} for an answer"),
            };
            // A model's host may report its errors with a status of success.
            let refused = operation.ends_with("hat") || operation.ends_with("ChatCompletions");
            let expected = match body.contains("error") && refused {
                true => ErrorKind::Server,
                false => ErrorKind::Decode,
            };
            assert_eq!(error.kind(), expected, "{operation} {body:?}: {error}");
            assert_eq!(error.operation(), Some(*operation));
            assert!(error.may_have_been_sent(), "{operation}");
            assert_eq!(
                error.attempts(),
                1,
                "{operation}: the platform may have acted"
            );
        }
    }
}

#[tokio::test]
async fn a_user_without_an_id_is_never_a_user() {
    let (emulator, client) = start().await;
    for body in [
        r#"{"email":"a@example.com"}"#,
        r#"{"id":"","email":"a@example.com"}"#,
        r#"{"id":null}"#,
        r#"{"user":{}}"#,
        r#"{"user":{"email":"a@example.com"},"id":"u1"}"#,
    ] {
        emulator.fault(
            Fault::answer(200, "application/json", body)
                .on("publicAuthMe")
                .times(1),
        );
        let error = client.auth().verify_token("t").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{body}");
    }
    for body in [r#"{"id":"u1"}"#, r#"{"user":{"id":"u1"}}"#] {
        emulator.fault(
            Fault::answer(200, "application/json", body)
                .on("publicAuthMe")
                .times(1),
        );
        let user = client.auth().verify_token("t").await.unwrap().unwrap();
        assert_eq!(user.id, "u1", "{body}");
    }
}

#[tokio::test]
async fn another_success_status_is_a_success_too() {
    let (emulator, client) = start().await;
    emulator.fault(
        Fault::answer(201, "application/json", r#"{"results":[{"n":1}]}"#)
            .on("dbQuery")
            .times(1),
    );
    let rows: Vec<serde_json::Value> = client.db().query("SELECT 1 AS n").await.unwrap();
    assert_eq!(rows.len(), 1);
}

#[tokio::test]
async fn the_old_spellings_of_a_cached_value_are_read() {
    let (emulator, client) = start().await;
    for (body, expected) in [
        (r#"{"value":{"n":1}}"#, Some(1)),
        (r#"{"value":"{\"n\":1}","exists":true}"#, Some(1)),
        (r#"{"value":null,"exists":false}"#, None),
        (r#"{"exists":false}"#, None),
    ] {
        emulator.fault(
            Fault::answer(200, "application/json", body)
                .on("cacheGet")
                .times(1),
        );
        #[derive(serde::Deserialize)]
        struct N {
            n: u8,
        }
        let found: Option<N> = client.cache().get("k").await.unwrap();
        assert_eq!(found.map(|n| n.n), expected, "{body}");
    }
}

#[tokio::test]
async fn a_refusal_within_a_success_is_an_error() {
    let (emulator, client) = start().await;
    emulator.fault(
        Fault::answer(200, "application/json", r#"{"success":false}"#)
            .on("cacheSet")
            .times(1),
    );
    let error = client.cache().set("k", &1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
}
