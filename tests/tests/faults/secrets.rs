//! Planted secrets: nothing that can be printed shows them.

use crate::catalogue::{self, Cause};
use crate::stage::{Stage, chain};

const PLANTED: &str = "Planted-7c41e9d2";
/// A code of six digits, as the platform's.
const CODE: &str = "918273";

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
            auth.verify_otp("ines@example.com")
                .code(CODE)
                .await
                .map(drop),
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
