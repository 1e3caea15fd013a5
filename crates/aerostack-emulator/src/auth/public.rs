//! The flavour for end users: accounts, one-time codes, verification, reset, sessions, profiles.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::codes::{self, Checked, CodeKind};
use super::mailbox::MailKind;
use super::sessions::{self, Caller, Tokens};
use super::users::{self, Contact, User};
use super::{Project, check_password, clean_email, locked, passwords};
use crate::app::App;
use crate::clock::rfc3339;
use crate::error::{ApiError, ApiResult, Reply};
use crate::extract::{Json, some};
use crate::rates;

pub(super) fn routes() -> Router<App> {
    let auth = Router::new()
        .route("/register", post(register))
        .route("/login", post(login))
        .route("/otp/send", post(send_code))
        .route("/otp/verify", post(verify_code))
        .route("/verify-email", get(verify_email))
        .route("/resend-verification", post(resend_verification))
        .route("/reset-password-request", post(request_reset))
        .route("/reset-password", post(reset_password))
        .route("/refresh", post(refresh))
        .route("/logout", post(logout))
        .route("/me", get(me).patch(update_me))
        .route("/me/avatar", delete(delete_avatar));
    Router::new().nest("/api/v1/public/projects/{projectSlug}/auth", auth)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RegisterRequest {
    email: String,
    password: String,
    #[serde(default, deserialize_with = "some")]
    name: Option<String>,
    #[serde(default)]
    custom_fields: Option<Map<String, Value>>,
    #[serde(default, rename = "turnstileToken", deserialize_with = "some")]
    _turnstile_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoginRequest {
    email: String,
    password: String,
    #[serde(default, rename = "turnstileToken", deserialize_with = "some")]
    _turnstile_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SendCodeRequest {
    #[serde(default, deserialize_with = "some")]
    email: Option<String>,
    #[serde(default, deserialize_with = "some")]
    phone: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VerifyCodeRequest {
    #[serde(default, deserialize_with = "some")]
    email: Option<String>,
    #[serde(default, deserialize_with = "some")]
    phone: Option<String>,
    code: String,
}

#[derive(Deserialize)]
struct TokenQuery {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EmailRequest {
    email: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ResetRequest {
    email: String,
    #[serde(default, rename = "turnstileToken", deserialize_with = "some")]
    _turnstile_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct NewPasswordRequest {
    token: String,
    new_password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RefreshRequest {
    refresh_token: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LogoutRequest {
    access_token: String,
    #[serde(default, rename = "refreshToken", deserialize_with = "some")]
    _refresh_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UpdateRequest {
    #[serde(default, deserialize_with = "some")]
    name: Option<String>,
    #[serde(default, deserialize_with = "some")]
    avatar_url: Option<String>,
    #[serde(default, deserialize_with = "some")]
    avatar_image_id: Option<String>,
    #[serde(default, rename = "customFields")]
    custom_fields: Option<Map<String, Value>>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct AuthReply {
    /// Also there, as null, when the address has to be verified first.
    token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    requires_verification: Option<bool>,
}

impl AuthReply {
    fn new(tokens: Tokens, user: Option<Value>) -> Self {
        Self {
            token: Some(tokens.access.clone()),
            access_token: Some(tokens.access),
            refresh_token: tokens.refresh,
            expires_at: Some(rfc3339(tokens.expires_ms)),
            user,
            requires_verification: None,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeReply {
    message: &'static str,
    account_exists: bool,
}

#[derive(Serialize)]
struct MessageReply {
    message: &'static str,
}

#[derive(Serialize)]
struct SuccessReply {
    success: bool,
}

#[derive(Serialize)]
struct UserReply {
    user: Value,
}

fn message(message: &'static str) -> axum::Json<MessageReply> {
    axum::Json(MessageReply { message })
}

async fn register(
    _: Project,
    State(app): State<App>,
    Json(request): Json<RegisterRequest>,
) -> ApiResult<(StatusCode, axum::Json<AuthReply>)> {
    let email = clean_email(&request.email)?;
    passwords::check_strength(&request.password, "password")?;
    let mut extras = Map::new();
    merge(&app, &mut extras, request.custom_fields.unwrap_or_default());
    let user = User {
        email: Some(email.clone()),
        password: Some(app.auth.hasher.hash(request.password).await?),
        name: request.name,
        extras,
        ..User::new(app.clock.now_ms())
    };
    let added = user.clone();
    app.system
        .call(move |connection| users::insert(connection, &added))
        .await?;
    send_token(&app, CodeKind::Verification, &user.id, &email).await?;
    let reply = if app.config.require_verification {
        AuthReply {
            user: Some(user.for_public()),
            requires_verification: Some(true),
            ..AuthReply::default()
        }
    } else {
        signed_in(&app, &user).await?
    };
    Ok((StatusCode::CREATED, axum::Json(reply)))
}

async fn login(
    _: Project,
    State(app): State<App>,
    Json(request): Json<LoginRequest>,
) -> Reply<AuthReply> {
    let user = check_password(&app, &request.email, request.password).await?;
    if app.config.require_verification && user.verified_ms.is_none() {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "AUTH_EMAIL_NOT_VERIFIED",
            "Verify your email address first.",
        )
        .field("emailNotVerified", json!(true)));
    }
    signed_in(&app, &user).await.map(axum::Json)
}

async fn send_code(
    _: Project,
    State(app): State<App>,
    Json(request): Json<SendCodeRequest>,
) -> Reply<CodeReply> {
    let contact = contact(request.email, request.phone)?;
    let (code, now) = (codes::new_code(), app.clock.now_ms());
    app.rates.count(&rates::CODE_SENT, contact.as_str(), now)?;
    let (to, secret) = (contact.as_str().to_owned(), code.clone());
    let account_exists = app
        .system
        .call(move |connection| {
            codes::store(connection, CodeKind::SignIn, contact.as_str(), &secret, now)?;
            Ok(users::by_contact(connection, &contact)?.is_some())
        })
        .await?;
    app.auth.mailbox.send(MailKind::Code, &to, &code);
    Ok(axum::Json(CodeReply {
        message: "The code is on its way.",
        account_exists,
    }))
}

/// Signs in by code; an address or number without an account gets one.
async fn verify_code(
    _: Project,
    State(app): State<App>,
    Json(request): Json<VerifyCodeRequest>,
) -> Reply<AuthReply> {
    let contact = contact(request.email, request.phone)?;
    let code = request.code;
    if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ApiError::validation("code must have 6 digits").field("field", json!("code")));
    }
    let now = app.clock.now_ms();
    app.rates.count(&rates::CODE_TRIED, contact.as_str(), now)?;
    let (checked, user) = app
        .system
        .call(move |connection| {
            let transaction = connection.transaction()?;
            let known = users::by_contact(&transaction, &contact)?;
            if known
                .as_ref()
                .is_some_and(|user| user.locked_until_ms > now)
            {
                return Err(locked());
            }
            let checked =
                codes::redeem(&transaction, CodeKind::SignIn, contact.as_str(), &code, now)?;
            let user = match (&checked, known) {
                (Checked::Good, known) => Some(confirmed(&transaction, known, contact, now)?),
                _ => None,
            };
            // Kept even when the code was wrong: the guess counts.
            transaction.commit()?;
            Ok((checked, user))
        })
        .await?;
    let refused = |code, message| ApiError::new(StatusCode::UNAUTHORIZED, code, message);
    match (checked, user) {
        (Checked::Good, Some(user)) => signed_in(&app, &user).await.map(axum::Json),
        (Checked::Expired, _) => Err(refused(
            "AUTH_OTP_EXPIRED",
            "The code has expired; ask for a new one.",
        )),
        _ => Err(refused("AUTH_OTP_INVALID", "The code is wrong.")),
    }
}

/// The account of a contact that has just proved to be the user's.
fn confirmed(
    connection: &rusqlite::Connection,
    known: Option<User>,
    contact: Contact,
    now: i64,
) -> ApiResult<User> {
    let by_mail = matches!(contact, Contact::Email(_));
    match known {
        Some(mut user) => {
            if by_mail && user.verified_ms.is_none() {
                user.verified_ms = Some(now);
                users::update(connection, &user)?;
            }
            Ok(user)
        }
        None => {
            let mut user = User::new(now);
            match contact {
                Contact::Email(email) => {
                    user.email = Some(email);
                    user.verified_ms = Some(now);
                }
                Contact::Phone(phone) => user.phone = Some(phone),
            }
            users::insert(connection, &user)?;
            Ok(user)
        }
    }
}

async fn verify_email(
    _: Project,
    State(app): State<App>,
    Query(query): Query<TokenQuery>,
) -> Reply<MessageReply> {
    if query.token.is_empty() {
        return Err(ApiError::validation("token is required").field("field", json!("token")));
    }
    let now = app.clock.now_ms();
    app.system
        .call(move |connection| {
            let transaction = connection.transaction()?;
            let id = codes::take(&transaction, CodeKind::Verification, &query.token, now)?;
            let user = id
                .map(|id| users::by_id(&transaction, &id))
                .transpose()?
                .flatten();
            let mut user = user.ok_or_else(|| {
                ApiError::new(
                    StatusCode::BAD_REQUEST,
                    "AUTH_INVALID_TOKEN",
                    "The token is wrong, used or expired.",
                )
            })?;
            user.verified_ms.get_or_insert(now);
            users::update(&transaction, &user)?;
            Ok(transaction.commit()?)
        })
        .await?;
    Ok(message("The email address is verified."))
}

async fn resend_verification(
    _: Project,
    State(app): State<App>,
    Json(request): Json<EmailRequest>,
) -> Reply<MessageReply> {
    let email = clean_email(&request.email)?;
    app.rates
        .count(&rates::RESEND, &email, app.clock.now_ms())?;
    let contact = Contact::Email(email.clone());
    let user = app
        .system
        .call(move |connection| users::by_contact(connection, &contact))
        .await?;
    if let Some(user) = user.filter(|user| user.verified_ms.is_none()) {
        send_token(&app, CodeKind::Verification, &user.id, &email).await?;
    }
    Ok(message(
        "If the address waits for verification, the mail is on its way.",
    ))
}

async fn request_reset(
    _: Project,
    State(app): State<App>,
    Json(request): Json<ResetRequest>,
) -> Reply<MessageReply> {
    let email = clean_email(&request.email)?;
    app.rates.count(&rates::RESET, &email, app.clock.now_ms())?;
    let contact = Contact::Email(email.clone());
    if let Some(user) = app
        .system
        .call(move |connection| users::by_contact(connection, &contact))
        .await?
    {
        send_token(&app, CodeKind::Reset, &user.id, &email).await?;
    }
    Ok(message("If the account exists, a mail is on its way."))
}

async fn reset_password(
    _: Project,
    State(app): State<App>,
    Json(request): Json<NewPasswordRequest>,
) -> Reply<MessageReply> {
    passwords::check_strength(&request.new_password, "newPassword")?;
    let hash = app.auth.hasher.hash(request.new_password).await?;
    let now = app.clock.now_ms();
    app.system
        .call(move |connection| {
            let transaction = connection.transaction()?;
            let id = codes::take(&transaction, CodeKind::Reset, &request.token, now)?.ok_or_else(
                || {
                    ApiError::new(
                        StatusCode::UNAUTHORIZED,
                        "AUTH_RESET_TOKEN_INVALID",
                        "The token is wrong, used or expired.",
                    )
                },
            )?;
            users::set_password(&transaction, &id, &hash)?;
            Ok(transaction.commit()?)
        })
        .await?;
    Ok(message("The password is changed."))
}

async fn refresh(
    _: Project,
    State(app): State<App>,
    Json(request): Json<RefreshRequest>,
) -> Reply<AuthReply> {
    let state = Arc::clone(&app);
    let tokens = app
        .system
        .call(move |connection| sessions::refresh(connection, &state, &request.refresh_token))
        .await?;
    Ok(axum::Json(AuthReply::new(tokens, None)))
}

async fn logout(
    _: Project,
    State(app): State<App>,
    headers: axum::http::HeaderMap,
    caller: Caller,
    Json(request): Json<LogoutRequest>,
) -> Reply<SuccessReply> {
    if crate::keys::bearer(&headers) != Some(request.access_token.as_str()) {
        return Err(ApiError::validation(
            "accessToken is not the token of the Authorization header",
        )
        .field("field", json!("accessToken")));
    }
    app.system
        .call(move |connection| sessions::close(connection, &caller.session_id))
        .await?;
    Ok(axum::Json(SuccessReply { success: true }))
}

/// Answers the user flat; `PATCH` answers it inside `user`. Clients have to read both.
async fn me(_: Project, State(app): State<App>, caller: Caller) -> Reply<Value> {
    let user = app
        .system
        .call(move |connection| current(connection, &caller))
        .await?;
    Ok(axum::Json(user.for_public()))
}

async fn update_me(
    _: Project,
    State(app): State<App>,
    caller: Caller,
    Json(request): Json<UpdateRequest>,
) -> Reply<UserReply> {
    let picture = match (request.avatar_url, request.avatar_image_id) {
        (Some(url), _) if url.starts_with("https://") || url.starts_with("http://") => Some(url),
        (Some(_), _) => {
            return Err(ApiError::validation("avatar_url must be a URL")
                .field("field", json!("avatar_url")));
        }
        (None, Some(id)) => Some(format!("https://images.invalid/{id}")),
        (None, None) => None,
    };
    let state = Arc::clone(&app);
    let user = app
        .system
        .call(move |connection| {
            let mut user = current(connection, &caller)?;
            user.name = request.name.or(user.name);
            user.avatar_url = picture.or(user.avatar_url);
            merge(
                &state,
                &mut user.extras,
                request.custom_fields.unwrap_or_default(),
            );
            users::update(connection, &user)?;
            Ok(user)
        })
        .await?;
    Ok(axum::Json(UserReply {
        user: user.for_public(),
    }))
}

async fn delete_avatar(_: Project, State(app): State<App>, caller: Caller) -> Reply<MessageReply> {
    app.system
        .call(move |connection| {
            let user = User {
                avatar_url: None,
                ..current(connection, &caller)?
            };
            users::update(connection, &user)
        })
        .await?;
    Ok(message("The picture is removed."))
}

fn current(connection: &rusqlite::Connection, caller: &Caller) -> ApiResult<User> {
    users::by_id(connection, &caller.user_id)?
        .ok_or_else(|| ApiError::invalid_token("The user of this token does not exist."))
}

async fn signed_in(app: &App, user: &User) -> ApiResult<AuthReply> {
    let (state, id) = (Arc::clone(app), user.id.clone());
    let tokens = app
        .system
        .call(move |connection| sessions::open(connection, &state, &id))
        .await?;
    Ok(AuthReply::new(tokens, Some(user.for_public())))
}

/// Mails a token that only its reader can know.
async fn send_token(app: &App, kind: CodeKind, user_id: &str, to: &str) -> ApiResult<()> {
    let (prefix, mail) = match kind {
        CodeKind::Reset => ("pr", MailKind::Reset),
        _ => ("ev", MailKind::Verification),
    };
    let (token, now) = (sessions::new_secret(prefix), app.clock.now_ms());
    let (secret, target) = (token.clone(), user_id.to_owned());
    app.system
        .call(move |connection| codes::store(connection, kind, &target, &secret, now))
        .await?;
    app.auth.mailbox.send(mail, to, &token);
    Ok(())
}

/// Exactly one of the two.
fn contact(email: Option<String>, phone: Option<String>) -> ApiResult<Contact> {
    match (email, phone) {
        (Some(email), None) => clean_email(&email).map(Contact::Email),
        (None, Some(phone)) => {
            let digits = phone.strip_prefix('+').unwrap_or_default();
            let valid = (7..=15).contains(&digits.len())
                && !digits.starts_with('0')
                && digits.bytes().all(|byte| byte.is_ascii_digit());
            if valid {
                Ok(Contact::Phone(phone))
            } else {
                Err(ApiError::validation(
                    "phone is not a number in E.164 form, such as +351910000000",
                )
                .field("field", json!("phone")))
            }
        }
        _ => Err(ApiError::validation("give exactly one of email and phone")),
    }
}

/// Takes over the custom fields the project knows.
fn merge(app: &App, extras: &mut Map<String, Value>, given: Map<String, Value>) {
    for (name, value) in given {
        if app
            .config
            .custom_fields
            .as_ref()
            .is_none_or(|known| known.contains(&name))
        {
            extras.insert(name, value);
        }
    }
}
