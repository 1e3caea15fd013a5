//! Planted secrets: nothing that can be printed shows them.

use std::collections::BTreeSet;
use std::fmt::Debug;

use aerostack_api::generated::types;
use aerostack_contract::Document;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::catalogue::{self, Cause};
use crate::stage::{Stage, chain};

const PLANTED: &str = "Planted-7c41e9d2";
/// A code of six digits, as the platform's.
const CODE: &str = "918273";

/// How a type of the generated client shows the planted values it was made of.
fn shown<T: DeserializeOwned + Debug>(value: Value) -> String {
    let decoded: T = serde_json::from_value(value).unwrap();
    format!("{decoded:?} {decoded:#?}")
}

type Show = fn(Value) -> String;

macro_rules! types {
    ($($name:ident),* $(,)?) => {
        [$((stringify!($name), shown::<types::$name> as Show)),*]
    };
}

#[test]
fn fault_free_or_not_no_generated_type_shows_a_secret() {
    let known = types![
        AuthResponse,
        AuthSigninRequest,
        AuthSignupRequest,
        PublicAuthLoginRequest,
        PublicAuthLogoutRequest,
        PublicAuthOtpVerifyRequest,
        PublicAuthRefreshRequest,
        PublicAuthRegisterRequest,
        PublicAuthResetPasswordRequest,
        PublicAuthResetPasswordRequestRequest,
        PublicAuthResponse,
        SecretsGetResponse,
    ];
    let text = std::fs::read_to_string(Document::path()).unwrap();
    let document: Value = serde_saphyr::from_str(&text).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let holding: BTreeSet<&str> = schemas
        .iter()
        .filter(|(_, schema)| schema.to_string().contains(r#""format":"password""#))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        known.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>(),
        holding
    );

    for (name, show) in known {
        let mut value = Map::new();
        let mut planted = 0;
        for (field, schema) in schemas[name]["properties"].as_object().unwrap() {
            if schema["format"] == "password" {
                value.insert(field.clone(), json!(PLANTED));
                planted += 1;
            } else if field == "email" {
                value.insert(field.clone(), json!("seen@example.com"));
            }
        }
        let text = show(Value::Object(value));
        assert!(!text.contains(PLANTED), "{name}: {text}");
        assert_eq!(
            text.matches("[redacted]").count(),
            2 * planted,
            "{name}: {text}"
        );
    }
}

#[tokio::test]
async fn fault_free_or_not_no_handle_or_result_shows_a_secret() {
    let stage = Stage::new().await;
    let client = stage.client();
    let auth = client.auth();
    let password = format!("{PLANTED}-Aa1");
    let register = auth
        .register("ines@example.com", password.as_str())
        .turnstile_token(PLANTED);
    let mut seen = format!("{register:?} {:?} {client:?} {auth:?}", stage.builder());
    register.await.unwrap();
    let login = auth.login("ines@example.com", password.as_str());
    seen.push_str(&format!("{login:?}"));
    let session = login.await.unwrap();
    let (access, refresh) = (
        session.access_token.expose().to_owned(),
        session.refresh_token.as_ref().unwrap().expose().to_owned(),
    );
    let manager = auth.manage(session.clone());
    seen.push_str(&format!("{session:?} {session:#?} {manager:?}"));
    let token = manager.token().await.unwrap();
    let logout = auth.logout(token.clone()).refresh_token(refresh.as_str());
    let profile = auth.update_profile(token.clone());
    let reset = auth.reset_password(PLANTED, password.as_str());
    let gateway = client
        .gateway("llm")
        .consumer_key(PLANTED)
        .user_token(PLANTED);
    seen.push_str(&format!(
        "{token:?} {logout:?} {profile:?} {reset:?} {gateway:?} {:?}",
        gateway.chat()
    ));
    for secret in [PLANTED, &access, &refresh, crate::stage::KEY] {
        assert!(!seen.contains(secret), "{seen}");
    }
}

#[tokio::test]
async fn fault_errors_show_no_secret_of_the_call() {
    let stage = Stage::new().await;
    for entry in catalogue::all() {
        let Cause::Platform(fault) = entry.cause else {
            continue;
        };
        stage.emulator.fault(fault());
        let client = stage
            .builder()
            .max_attempts(1)
            .timeout(std::time::Duration::from_millis(100))
            .build()
            .unwrap();
        let auth = client.auth();
        let password = format!("{PLANTED}-Aa1");
        let errors = [
            auth.login("ines@example.com", password.as_str())
                .await
                .map(drop),
            auth.register("ines@example.com", password.as_str())
                .await
                .map(drop),
            auth.verify_otp("ines@example.com", CODE).await.map(drop),
            auth.refresh(PLANTED).await.map(drop),
            auth.logout(PLANTED).await.map(drop),
            auth.current_user(PLANTED).await.map(drop),
            auth.reset_password(PLANTED, password.as_str())
                .await
                .map(drop),
            auth.verify_email(PLANTED).await.map(drop),
            client.secrets().get("STRIPE").await.map(drop),
        ];
        stage.emulator.clear_faults();
        for error in errors.into_iter().filter_map(Result::err) {
            let text = chain(&error);
            for secret in [PLANTED, CODE, crate::stage::KEY] {
                assert!(!text.contains(secret), "{}: {text}", entry.name);
            }
        }
    }
}
