//! Accounts.

use std::time::Duration;

use aerostack::{ErrorCode, ErrorKind};
use aerostack_emulator::Emulator;
use serde_json::json;

use crate::support::{start, start_with};

const EMAIL: &str = "ines@example.com";
const PASSWORD: &str = "Correct-Horse-9";

#[tokio::test]
async fn a_user_registers_logs_in_and_is_known_by_the_token() {
    let (_emulator, client) = start().await;
    let auth = client.auth();
    let registration = auth.register(EMAIL, PASSWORD).name("Ines").await.unwrap();
    assert!(!registration.requires_verification);
    let session = auth.login(EMAIL, PASSWORD).await.unwrap();
    let user = auth
        .verify_token(&session.access_token)
        .await
        .unwrap()
        .expect("the token is valid");
    assert_eq!(user.email.as_deref(), Some(EMAIL));
    assert_eq!(user.name.as_deref(), Some("Ines"));
    assert_eq!(registration.user.unwrap().id, user.id);

    for token in ["", "nonsense", "line\nbreak", "eyJhbGciOiJub25lIn0.e30."] {
        assert!(
            auth.verify_token(token).await.unwrap().is_none(),
            "{token:?}"
        );
    }
    let error = auth.current_user("nonsense").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
}

#[tokio::test]
async fn tokens_expire_refresh_once_and_end_with_logout() {
    let (emulator, client) = start().await;
    let auth = client.auth();
    auth.register(EMAIL, PASSWORD).await.unwrap();
    let first = auth.login(EMAIL, PASSWORD).await.unwrap();
    let refresh = first.refresh_token.unwrap();
    let second = auth.refresh(&refresh).await.unwrap();
    let error = auth.refresh(&refresh).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);

    auth.logout(&second.access_token).await.unwrap();
    assert!(
        auth.verify_token(&second.access_token)
            .await
            .unwrap()
            .is_none()
    );

    let third = auth.login(EMAIL, PASSWORD).await.unwrap();
    emulator
        .clock()
        .advance(Duration::from_secs(60 * 60 * 24 * 60));
    assert!(
        auth.verify_token(&third.access_token)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn refusals_have_codes() {
    let (_emulator, client) = start().await;
    let auth = client.auth();
    auth.register(EMAIL, PASSWORD).await.unwrap();
    let taken = auth.register(EMAIL, PASSWORD).await.unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::Conflict);
    assert_eq!(taken.code(), Some(&ErrorCode::AuthUserExists));
    let wrong = auth.login(EMAIL, "Wrong-Horse-9").await.unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Unauthorized);
    assert_eq!(wrong.code(), Some(&ErrorCode::AuthInvalidCredentials));
    let weak = auth.register("b@example.com", "weak").await.unwrap_err();
    assert_eq!(weak.kind(), ErrorKind::BadRequest);
    for error in [taken, wrong, weak] {
        let text = format!("{error} {error:?}");
        assert!(
            !text.contains("Horse") && !text.contains("weak\""),
            "{text}"
        );
    }
}

#[tokio::test]
async fn an_unconfirmed_address_is_a_refusal_of_its_own() {
    let (emulator, client) = start_with(Emulator::builder().require_email_verification(true)).await;
    let auth = client.auth();
    let registration = auth.register(EMAIL, PASSWORD).await.unwrap();
    assert!(registration.requires_verification && registration.session.is_none());
    let error = auth.login(EMAIL, PASSWORD).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    assert!(error.is_email_unverified());

    auth.resend_verification(EMAIL).await.unwrap();
    let token = emulator.last_email_token(EMAIL).unwrap();
    auth.verify_email(token).await.unwrap();
    assert!(auth.login(EMAIL, PASSWORD).await.is_ok());
    let error = auth.verify_email("secret-looking-token").await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("secret-looking"));
}

#[tokio::test]
async fn one_time_codes_sign_in_by_mail_and_by_phone() {
    let (emulator, client) = start().await;
    let auth = client.auth();
    for contact in [EMAIL, "+14155550100"] {
        auth.send_otp(contact).await.unwrap();
        let code = emulator.last_otp(contact).unwrap();
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let error = auth.verify_otp(contact).code(wrong).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized);
        let session = auth.verify_otp(contact).code(code.as_str()).await.unwrap();
        assert!(
            auth.verify_token(session.access_token)
                .await
                .unwrap()
                .is_some()
        );
    }
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_mail() {
    let (emulator, client) = start().await;
    let auth = client.auth();
    auth.register(EMAIL, PASSWORD).await.unwrap();
    auth.request_password_reset("nobody@example.com")
        .await
        .unwrap();
    auth.request_password_reset(EMAIL).await.unwrap();
    let token = emulator.last_email_token(EMAIL).unwrap();
    auth.reset_password(token.as_str(), "Fresh-Horse-10")
        .await
        .unwrap();
    assert!(auth.login(EMAIL, PASSWORD).await.is_err());
    assert!(auth.login(EMAIL, "Fresh-Horse-10").await.is_ok());
    assert!(
        auth.reset_password(token.as_str(), "Other-Horse-11")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_profile_changes_and_loses_its_avatar() {
    let (_emulator, client) = start().await;
    let auth = client.auth();
    let session = auth
        .register(EMAIL, PASSWORD)
        .custom_fields(&json!({"plan": "pro"}))
        .await
        .unwrap()
        .session
        .unwrap();
    let token = session.access_token;
    let user = auth
        .update_profile(&token)
        .name("Ines V.")
        .avatar_url("https://img.example.com/1.png")
        .await
        .unwrap();
    assert_eq!(user.name.as_deref(), Some("Ines V."));
    assert!(user.avatar_url.is_some());
    auth.delete_avatar(&token).await.unwrap();
    assert!(
        auth.current_user(&token)
            .await
            .unwrap()
            .avatar_url
            .is_none()
    );
    let error = auth
        .update_profile(&token)
        .custom_fields(&[1, 2])
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn the_server_flavour_signs_up_and_in_with_the_key() {
    let (emulator, client) = start().await;
    let auth = client.server_auth();
    let created = auth
        .sign_up(EMAIL, PASSWORD)
        .name("Ines")
        .metadata(&json!({"team": "blue"}))
        .await
        .unwrap();
    let session = auth.sign_in(EMAIL, PASSWORD).await.unwrap();
    assert_eq!(session.user.id, created.user.id);
    let extras: Option<serde_json::Value> = created.user.extras().unwrap();
    assert_eq!(extras, Some(json!({"team": "blue"})));
    let error = auth.sign_up(EMAIL, PASSWORD).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    assert!(
        emulator
            .received()
            .iter()
            .all(|call| call.header("x-aerostack-key").is_some())
    );
}

#[tokio::test]
async fn public_calls_never_carry_the_key() {
    let (emulator, client) = start().await;
    let auth = client.auth();
    auth.register(EMAIL, PASSWORD).await.unwrap();
    let session = auth.login(EMAIL, PASSWORD).await.unwrap();
    auth.current_user(&session.access_token).await.unwrap();
    for call in emulator.received() {
        assert_eq!(call.header("x-aerostack-key"), None, "{}", call.path);
        let bearer = call.header("authorization").is_some();
        assert_eq!(
            bearer,
            call.operation == Some("publicAuthMe"),
            "{}",
            call.path
        );
    }
}
