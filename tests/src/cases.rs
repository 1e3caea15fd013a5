//! Every call of the handles, one row each.

use std::time::Duration;

use serde_json::{Value, json};

use crate::case::{Case, Got};

/// A row is an operation, the call that reaches it, and what the debug text of its success must hold: something of the
/// document's example, to show that the answer was read. `none on` names the status that the call turns into `None`.
macro_rules! cases {
    ($sdk:ident, $c:ident; $($operation:literal $(none on $absent:literal)? : $call:expr => [$($shows:literal),*];)*) => {
        &[$(Case {
            operation: $operation,
            call_text: stringify!($call),
            call: |$sdk, prefer| Box::pin(async move {
                let $c = &$sdk.client;
                let value = $call.header("Prefer", prefer).await?;
                Ok(Got::Shown(format!("{value:?}")))
            }),
            shows: &[$($shows),*],
            absent: &[$($absent)?],
        },)*]
    };
}

const MINUTES: Duration = Duration::from_secs(300);
const EMAIL: &str = "ines@example.com";
const PASSWORD: &str = "Porto-Lisboa-2026";

impl crate::Sdk {
    fn token(&self) -> &str {
        &self.planted.user_token
    }
}

/// The table.
#[rustfmt::skip]
pub static CASES: &[Case] = cases! { sdk, c;
    "dbQuery": c.db().query::<Value>("SELECT id, email FROM users WHERE active = ?").bind(true) => ["ines@example.com"];
    "dbQuery": c.db().query_one::<Value>("SELECT id, email FROM users LIMIT 1") => ["Some", "ines@example.com"];
    "dbQuery": c.db().execute("DELETE FROM sessions WHERE user_id = ?").bind(7) => ["row_count: Some(2)"];
    "dbBatch": c.db().batch().add("SELECT 1").add("SELECT 2") => ["success: true"];
    "dbBatch": c.db().batch().add("SELECT 1").add("SELECT 2").outcomes() => ["success: true"];

    "authSignup": c.server_auth().sign_up(EMAIL, PASSWORD).name("Inês").metadata(&json!({"plan": "team"})) => ["5b1a6c1e"];
    "authSignin": c.server_auth().sign_in(EMAIL, PASSWORD) => ["5b1a6c1e", "2026-01-06T09:30:00Z"];

    "publicAuthRegister": c.auth().register(EMAIL, PASSWORD).name("Inês").custom_fields(&json!({"city": "Lisbon"})) => ["usr_ines"];
    "publicAuthLogin": c.auth().login(EMAIL, PASSWORD).turnstile_token("human") => ["usr_ines", "2026-01-05T10:30:00Z"];
    "publicAuthOtpSend": c.auth().send_otp(EMAIL) => ["account_exists: Some(true)"];
    "publicAuthOtpVerify": c.auth().verify_otp(EMAIL, "493817") => ["usr_ines"];
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

    "storageUpload": c.storage().upload("notes/lisbon.txt", "Hello from Lisbon.").content_type("text/plain") => ["cdn.aerostack.dev", "Some(18)"];
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
};
