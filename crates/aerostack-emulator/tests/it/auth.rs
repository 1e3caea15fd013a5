//! Both flavours of authentication.

use std::time::Duration;

use aerostack_emulator::{Emulator, PasswordHashing};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Answer, Platform, answer, assert_error};

const EMAIL: &str = "ines@example.com";
const PASSWORD: &str = "Porto-Lisboa-2026";

/// A call of the public flavour, without a credential.
async fn public(platform: &Platform, call: &str, body: Value) -> Answer {
    answer(
        platform
            .request(Method::POST, &path(platform, call))
            .json(&body),
    )
    .await
}

/// A call with a user's token.
async fn with_token(
    platform: &Platform,
    method: Method,
    call: &str,
    token: &str,
    body: Option<Value>,
) -> Answer {
    let request = platform
        .request(method, &path(platform, call))
        .bearer_auth(token);
    answer(match body {
        Some(body) => request.json(&body),
        None => request,
    })
    .await
}

async fn me(platform: &Platform, token: &str) -> Answer {
    with_token(platform, Method::GET, "me", token, None).await
}

fn path(platform: &Platform, call: &str) -> String {
    format!(
        "/api/v1/public/projects/{}/auth/{call}",
        platform.emulator.project_slug()
    )
}

async fn register(platform: &Platform) -> Value {
    let (status, body) = public(
        platform,
        "register",
        json!({ "email": EMAIL, "password": PASSWORD, "name": "Inês" }),
    )
    .await;
    assert_eq!(status, 201, "{body}");
    body
}

async fn login(platform: &Platform, password: &str) -> Answer {
    public(
        platform,
        "login",
        json!({ "email": EMAIL, "password": password }),
    )
    .await
}

fn text<'a>(body: &'a Value, field: &str) -> &'a str {
    body[field]
        .as_str()
        .unwrap_or_else(|| panic!("no {field} in {body}"))
}

#[tokio::test]
async fn a_server_signs_users_up_and_in() {
    let platform = Platform::start().await;
    let request = json!({ "email": "A@b.example", "password": "12345678", "name": "A", "metadata": { "plan": "team" } });
    let (status, created) = platform.post("/v1/auth/signup", request.clone()).await;
    assert_eq!(status, 201, "{created}");
    assert_eq!(created["user"]["email"], "a@b.example");
    assert_eq!(created["user"]["metadata"], json!({ "plan": "team" }));
    assert!(
        text(&created["user"], "createdAt").ends_with('Z')
            && text(&created, "expiresAt").ends_with('Z')
    );
    assert_error(
        &platform.post("/v1/auth/signup", request).await,
        409,
        "AUTH_USER_EXISTS",
    );

    let signin = |password: &str| {
        platform.post(
            "/v1/auth/signin",
            json!({ "email": "a@B.example", "password": password }),
        )
    };
    let (status, signed_in) = signin("12345678").await;
    assert_eq!((status, &signed_in["user"]), (200, &created["user"]));
    assert_error(&signin("123456789").await, 401, "AUTH_INVALID_CREDENTIALS");
    let unknown = json!({ "email": "nobody@b.example", "password": "12345678" });
    assert_error(
        &platform.post("/v1/auth/signin", unknown).await,
        401,
        "AUTH_INVALID_CREDENTIALS",
    );
    for (email, password) in [
        ("a", "12345678"),
        ("a@", "12345678"),
        ("a b@c", "12345678"),
        ("c@d.example", "1234567"),
    ] {
        let answer = platform
            .post(
                "/v1/auth/signup",
                json!({ "email": email, "password": password }),
            )
            .await;
        assert_error(&answer, 400, "VALIDATION_ERROR");
    }
    // Both flavours share the users.
    assert_eq!(
        me(&platform, text(&signed_in, "token")).await.1["id"],
        created["user"]["id"]
    );
}

#[tokio::test]
async fn a_registered_user_is_signed_in_and_can_log_in_again() {
    let platform = Platform::start().await;
    let registered = register(&platform).await;
    assert_eq!(registered["token"], registered["accessToken"]);
    let (status, user) = me(&platform, text(&registered, "token")).await;
    assert_eq!((status, &user), (200, &registered["user"]));
    assert_eq!(
        (&user["email"], &user["name"], &user["email_verified_at"]),
        (&json!(EMAIL), &json!("Inês"), &json!(null))
    );
    let (status, logged_in) = login(&platform, PASSWORD).await;
    assert_eq!((status, &logged_in["user"]), (200, &user));
    assert_ne!(logged_in["token"], registered["token"]);
    let again = json!({ "email": EMAIL.to_uppercase(), "password": PASSWORD });
    assert_error(
        &public(&platform, "register", again).await,
        409,
        "AUTH_USER_EXISTS",
    );
}

#[tokio::test]
async fn weak_passwords_are_refused_with_what_they_lack() {
    let platform = Platform::start().await;
    let cases = [
        ("Aa1", "8 characters"),
        ("aaaaaaa1", "upper-case"),
        ("AAAAAAA1", "lower-case"),
        ("Aaaaaaaa", "digit"),
    ];
    for (password, lack) in cases {
        let answer = public(
            &platform,
            "register",
            json!({ "email": EMAIL, "password": password }),
        )
        .await;
        assert_error(&answer, 400, "AUTH_PASSWORD_WEAK");
        assert!(text(&answer.1, "message").contains(lack), "{}", answer.1);
        assert_eq!(answer.1["field"], "password");
        assert!(answer.1["details"]["fieldErrors"]["password"].is_array());
    }
}

#[tokio::test]
async fn the_project_may_be_named_by_slug_or_id_and_no_other() {
    let platform = Platform::with(
        Emulator::builder()
            .project_id("prj_1")
            .project_slug("notes"),
    )
    .await;
    for (name, status) in [("notes", 401), ("prj_1", 401), ("other", 404)] {
        let path = format!("/api/v1/public/projects/{name}/auth/me");
        assert_eq!(
            answer(platform.request(Method::GET, &path)).await.0,
            status,
            "{name}"
        );
    }
}

#[tokio::test]
async fn an_address_is_verified_once_by_the_mailed_token() {
    let platform = Platform::with(Emulator::builder().require_email_verification(true)).await;
    let registered = register(&platform).await;
    assert_eq!(
        (&registered["token"], &registered["requiresVerification"]),
        (&json!(null), &json!(true))
    );
    let refused = login(&platform, PASSWORD).await;
    assert_error(&refused, 403, "AUTH_EMAIL_NOT_VERIFIED");
    assert_eq!(refused.1["emailNotVerified"], true);
    assert_error(
        &login(&platform, "Wrong-Password-1").await,
        401,
        "AUTH_INVALID_CREDENTIALS",
    );

    let first = platform.emulator.last_email_token(EMAIL).unwrap();
    assert_eq!(
        public(&platform, "resend-verification", json!({ "email": EMAIL }))
            .await
            .0,
        200
    );
    let second = platform.emulator.last_email_token(EMAIL).unwrap();
    let verify = |token: String| {
        let path = path(&platform, "verify-email");
        answer(
            platform
                .request(Method::GET, &path)
                .query(&[("token", token)]),
        )
    };
    assert_error(&verify(first).await, 400, "AUTH_INVALID_TOKEN");
    assert_error(&verify(String::new()).await, 400, "VALIDATION_ERROR");
    assert_eq!(verify(second.clone()).await.0, 200);
    assert_error(&verify(second).await, 400, "AUTH_INVALID_TOKEN");
    assert!(login(&platform, PASSWORD).await.1["user"]["email_verified_at"].is_string());
    // A verified or unknown address gets the same answer and no mail.
    let mailed = platform.emulator.last_email_token(EMAIL);
    for email in [EMAIL, "nobody@example.com"] {
        assert_eq!(
            public(&platform, "resend-verification", json!({ "email": email }))
                .await
                .0,
            200
        );
    }
    assert_eq!(platform.emulator.last_email_token(EMAIL), mailed);
}

#[tokio::test]
async fn a_verification_token_expires() {
    let platform = Platform::start().await;
    register(&platform).await;
    let token = platform.emulator.last_email_token(EMAIL).unwrap();
    platform
        .emulator
        .clock()
        .advance(Duration::from_secs(24 * 3600 + 1));
    let path = path(&platform, "verify-email");
    let late = answer(
        platform
            .request(Method::GET, &path)
            .query(&[("token", token)]),
    )
    .await;
    assert_error(&late, 400, "AUTH_INVALID_TOKEN");
}

#[tokio::test]
async fn a_one_time_code_signs_in_once() {
    let platform = Platform::start().await;
    for to in [
        json!({ "email": EMAIL }),
        json!({ "phone": "+351910000000" }),
    ] {
        let name = to
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned();
        let sent = public(&platform, "otp/send", to.clone()).await;
        assert_eq!((sent.0, &sent.1["accountExists"]), (200, &json!(false)));
        let code = platform.emulator.last_otp(&name).unwrap();
        assert_eq!(code.len(), 6);
        let verify = |code: &str| {
            let mut request = to.clone();
            request["code"] = json!(code);
            public(&platform, "otp/verify", request)
        };
        let wrong = if code == "000000" { "000001" } else { "000000" };
        assert_error(&verify(wrong).await, 401, "AUTH_OTP_INVALID");
        let (status, signed_in) = verify(&code).await;
        assert_eq!(status, 200, "{signed_in}");
        assert!(text(&signed_in["user"], "email").contains('@'));
        assert_error(&verify(&code).await, 401, "AUTH_OTP_INVALID");
        assert_eq!(
            public(&platform, "otp/send", to.clone()).await.1["accountExists"],
            true
        );
    }
}

#[tokio::test]
async fn a_code_expires_and_does_not_stand_guessing() {
    let platform = Platform::start().await;
    let verify = |code: String| {
        public(
            &platform,
            "otp/verify",
            json!({ "email": EMAIL, "code": code }),
        )
    };
    public(&platform, "otp/send", json!({ "email": EMAIL })).await;
    let code = platform.emulator.last_otp(EMAIL).unwrap();
    platform.emulator.clock().advance(Duration::from_secs(601));
    assert_error(&verify(code).await, 401, "AUTH_OTP_EXPIRED");

    public(&platform, "otp/send", json!({ "email": EMAIL })).await;
    let code = platform.emulator.last_otp(EMAIL).unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_error(&verify(wrong.to_owned()).await, 401, "AUTH_OTP_INVALID");
    }
    assert_error(&verify(code).await, 401, "AUTH_OTP_INVALID");
}

#[tokio::test]
async fn requests_about_codes_that_do_not_fit_are_refused() {
    let platform = Platform::start().await;
    let cases = [
        ("otp/send", json!({})),
        (
            "otp/send",
            json!({ "email": EMAIL, "phone": "+351910000000" }),
        ),
        ("otp/send", json!({ "email": "x" })),
        ("otp/send", json!({ "phone": "910000000" })),
        ("otp/send", json!({ "phone": "+0123456789" })),
        ("otp/verify", json!({ "email": EMAIL })),
        ("otp/verify", json!({ "code": "123456" })),
        ("otp/verify", json!({ "email": EMAIL, "code": "12345" })),
        ("otp/verify", json!({ "email": EMAIL, "code": "12345a" })),
    ];
    for (call, request) in cases {
        assert_error(
            &public(&platform, call, request).await,
            400,
            "VALIDATION_ERROR",
        );
    }
}

#[tokio::test]
async fn a_reset_changes_the_password_and_ends_every_session() {
    let platform = Platform::start().await;
    let session = register(&platform).await;
    for email in [EMAIL, "nobody@example.com"] {
        let (status, body) = public(
            &platform,
            "reset-password-request",
            json!({ "email": email }),
        )
        .await;
        assert_eq!((status, body["message"].is_string()), (200, true));
    }
    assert_eq!(
        platform.emulator.last_email_token("nobody@example.com"),
        None
    );
    let token = platform.emulator.last_email_token(EMAIL).unwrap();
    let reset = |password: &str| {
        public(
            &platform,
            "reset-password",
            json!({ "token": token, "newPassword": password }),
        )
    };
    let weak = reset("weak").await;
    assert_error(&weak, 400, "AUTH_PASSWORD_WEAK");
    assert_eq!(weak.1["field"], "newPassword");
    assert_eq!(reset("Sintra-Cascais-2026").await.0, 200);
    assert_error(
        &reset("Sintra-Cascais-2027").await,
        401,
        "AUTH_RESET_TOKEN_INVALID",
    );

    assert_error(
        &me(&platform, text(&session, "token")).await,
        401,
        "AUTH_INVALID_TOKEN",
    );
    let refresh = json!({ "refreshToken": session["refreshToken"] });
    assert_error(
        &public(&platform, "refresh", refresh).await,
        401,
        "AUTH_INVALID_TOKEN",
    );
    assert_error(
        &login(&platform, PASSWORD).await,
        401,
        "AUTH_INVALID_CREDENTIALS",
    );
    assert_eq!(login(&platform, "Sintra-Cascais-2026").await.0, 200);
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_successor_after_it() {
    let platform = Platform::start().await;
    let first = register(&platform).await;
    let refresh = |session: &Value| {
        public(
            &platform,
            "refresh",
            json!({ "refreshToken": session["refreshToken"] }),
        )
    };
    platform.emulator.clock().advance(Duration::from_secs(3601));
    assert_error(
        &me(&platform, text(&first, "token")).await,
        401,
        "AUTH_INVALID_TOKEN",
    );
    let (status, second) = refresh(&first).await;
    assert_eq!((status, second.get("user")), (200, None));
    assert_eq!(me(&platform, text(&second, "accessToken")).await.0, 200);
    assert_error(&refresh(&first).await, 401, "AUTH_INVALID_TOKEN");
    assert_eq!(refresh(&second).await.0, 200);
    let (_, last) = login(&platform, PASSWORD).await;
    platform
        .emulator
        .clock()
        .advance(Duration::from_secs(30 * 24 * 3600 + 1));
    assert_error(&refresh(&last).await, 401, "AUTH_INVALID_TOKEN");
}

#[tokio::test]
async fn a_logout_ends_the_session_and_no_other() {
    let platform = Platform::start().await;
    let (one, other) = (
        register(&platform).await,
        login(&platform, PASSWORD).await.1,
    );
    let (token, refresh) = (text(&one, "token"), text(&one, "refreshToken"));
    let logout = |body: Value| with_token(&platform, Method::POST, "logout", token, Some(body));
    let foreign = logout(json!({ "accessToken": other["token"] })).await;
    assert_error(&foreign, 400, "VALIDATION_ERROR");
    assert_eq!(
        logout(json!({ "accessToken": token, "refreshToken": refresh })).await,
        (200, json!({ "success": true }))
    );
    assert_error(&me(&platform, token).await, 401, "AUTH_INVALID_TOKEN");
    let refresh = json!({ "refreshToken": refresh });
    assert_error(
        &public(&platform, "refresh", refresh).await,
        401,
        "AUTH_INVALID_TOKEN",
    );
    assert_eq!(me(&platform, text(&other, "token")).await.0, 200);
}

#[tokio::test]
async fn a_profile_keeps_what_is_not_given() {
    let platform = Platform::with(Emulator::builder().custom_fields(["city", "age"])).await;
    let session = register(&platform).await;
    let token = text(&session, "token");
    let patch = |body: Value| with_token(&platform, Method::PATCH, "me", token, Some(body));
    let changed = patch(json!({ "customFields": { "city": "Porto", "unknown": 1 }, "avatar_url": "https://a.example/i.png" })).await;
    assert_eq!(changed.0, 200);
    let changed = patch(json!({ "customFields": { "age": 41 }, "name": "I. D." }))
        .await
        .1["user"]
        .clone();
    assert_eq!(
        changed["profile_extras"],
        json!({ "city": "Porto", "age": 41 })
    );
    assert_eq!(
        (&changed["name"], &changed["avatar_url"]),
        (&json!("I. D."), &json!("https://a.example/i.png"))
    );
    assert_eq!(me(&platform, token).await.1, changed);
    for body in [
        json!({ "avatar_url": "javascript:1" }),
        json!({ "nmae": "x" }),
    ] {
        assert_error(&patch(body).await, 400, "VALIDATION_ERROR");
    }
    for _ in 0..2 {
        let gone = with_token(&platform, Method::DELETE, "me/avatar", token, None).await;
        assert_eq!((gone.0, gone.1["message"].is_string()), (200, true));
        assert_eq!(me(&platform, token).await.1["avatar_url"], json!(null));
    }
}

#[tokio::test]
async fn too_many_wrong_passwords_lock_the_account_for_an_hour() {
    let platform = Platform::start().await;
    register(&platform).await;
    for _ in 0..4 {
        assert_error(
            &login(&platform, "Wrong-Password-1").await,
            401,
            "AUTH_INVALID_CREDENTIALS",
        );
    }
    assert_eq!(
        login(&platform, PASSWORD).await.0,
        200,
        "a right one starts the count anew"
    );
    for _ in 0..5 {
        assert_error(
            &login(&platform, "Wrong-Password-1").await,
            401,
            "AUTH_INVALID_CREDENTIALS",
        );
    }
    assert_error(
        &login(&platform, PASSWORD).await,
        403,
        "AUTH_ACCOUNT_LOCKED",
    );
    public(&platform, "otp/send", json!({ "email": EMAIL })).await;
    let code = platform.emulator.last_otp(EMAIL).unwrap();
    let by_code = public(
        &platform,
        "otp/verify",
        json!({ "email": EMAIL, "code": code }),
    )
    .await;
    assert_error(&by_code, 403, "AUTH_ACCOUNT_LOCKED");
    platform.emulator.clock().advance(Duration::from_secs(3601));
    assert_eq!(login(&platform, PASSWORD).await.0, 200);
}

#[tokio::test]
async fn a_token_that_is_missing_forged_or_of_another_project_is_refused() {
    let platform = Platform::with(Emulator::builder().jwt_secret("one")).await;
    let other = Platform::with(Emulator::builder().jwt_secret("two")).await;
    let same_secret =
        Platform::with(Emulator::builder().jwt_secret("one").project_id("prj_2")).await;
    register(&platform).await;
    for foreign in [&other, &same_secret] {
        let session = register(foreign).await;
        assert_error(
            &me(&platform, text(&session, "token")).await,
            401,
            "AUTH_INVALID_TOKEN",
        );
    }
    assert_error(&me(&platform, "nonsense").await, 401, "AUTH_INVALID_TOKEN");
    let none = answer(platform.request(Method::GET, &path(&platform, "me"))).await;
    assert_error(&none, 401, "AUTH_INVALID_TOKEN");
}

#[tokio::test]
async fn users_and_sessions_outlive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let builder = || {
        Emulator::builder()
            .data_dir(folder.path())
            .password_hashing(PasswordHashing::Standard)
    };
    let platform = Platform::with(builder()).await;
    let session = register(&platform).await;
    platform.emulator.shutdown().await;
    let platform = Platform::with(builder()).await;
    assert_eq!(
        me(&platform, text(&session, "token")).await.1,
        session["user"]
    );
    assert_eq!(login(&platform, PASSWORD).await.0, 200);
}
