// Generated from openapi/aerostack.yaml by `cargo xtask generate`. Do not edit: change the document and run it again.

//! One request per operation, to be sent with [`Transport::send`](crate::Transport::send).
//!
//! All are `#[non_exhaustive]`: `new` takes what is required, a setter per field the rest.

use crate::{
    generated::{operations, types},
    request::{Encoder, Request},
    Operation,
};

/// Read the consumer's usage
///
/// Sums up the tokens and requests of the calling consumer on one gateway over the last days. Two official SDKs
/// make this call; nothing published describes it, nor says what `days` is when left out.
///
/// `GET /api/gateway/me/usage`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GatewayGetUsage {
    /// The slug of the published endpoint.
    pub api_slug: String,
    /// How many days back to look.
    pub days: Option<i64>,
}

impl GatewayGetUsage {
    /// Creates a value from its required fields.
    pub fn new(api_slug: impl Into<String>) -> Self {
        Self {
            api_slug: api_slug.into(),
            days: Default::default(),
        }
    }

    /// How many days back to look.
    #[must_use]
    pub fn days(mut self, days: impl Into<Option<i64>>) -> Self {
        self.days = days.into();
        self
    }
}

impl Request for GatewayGetUsage {
    const OPERATION: &'static Operation = &operations::GATEWAY_GET_USAGE;
    type Response = types::GatewayGetUsageResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.query("api_slug", &self.api_slug);
        encoder.query("days", &self.days);
    }
}

/// Sign an end user in with a password
///
/// Checks an email address and a password. Wrong credentials are a 401. A 403 means that the account may not sign
/// in now: its address is not verified (`emailNotVerified` is true), or it is locked for 60 minutes after too
/// many failed attempts (`AUTH_ACCOUNT_LOCKED`). At most 10 calls a minute from one IP address and 5 in 15
/// minutes for one email address.
///
/// `POST /api/v1/public/projects/{projectSlug}/auth/login`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublicAuthLogin {
    /// The project's slug; official SDKs pass its id in the same place.
    pub project_slug: String,
    /// The body.
    pub body: types::PublicAuthLoginRequest,
}

impl PublicAuthLogin {
    /// Creates a value.
    pub fn new(
        project_slug: impl Into<String>,
        body: types::PublicAuthLoginRequest,
    ) -> Self {
        Self {
            project_slug: project_slug.into(),
            body,
        }
    }
}

impl Request for PublicAuthLogin {
    const OPERATION: &'static Operation = &operations::PUBLIC_AUTH_LOGIN;
    type Response = types::PublicAuthResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.project_slug);
        encoder.json(&self.body);
    }
}

/// End a session
///
/// Ends the session of an access token and, when given, of its refresh token. The access token is sent twice, as
/// the credential and in the body.
///
/// `POST /api/v1/public/projects/{projectSlug}/auth/logout`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublicAuthLogout {
    /// The project's slug; official SDKs pass its id in the same place.
    pub project_slug: String,
    /// The body.
    pub body: types::PublicAuthLogoutRequest,
}

impl PublicAuthLogout {
    /// Creates a value.
    pub fn new(
        project_slug: impl Into<String>,
        body: types::PublicAuthLogoutRequest,
    ) -> Self {
        Self {
            project_slug: project_slug.into(),
            body,
        }
    }
}

impl Request for PublicAuthLogout {
    const OPERATION: &'static Operation = &operations::PUBLIC_AUTH_LOGOUT;
    type Response = types::PublicAuthMessageResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.project_slug);
        encoder.json(&self.body);
    }
}

/// Read the signed-in user
///
/// Answers with the user a token belongs to. There is no operation to inspect a token; a 200 here means that it
/// is good, a 401 that it is not. The user arrives flat or inside `user`.
///
/// `GET /api/v1/public/projects/{projectSlug}/auth/me`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublicAuthMe {
    /// The project's slug; official SDKs pass its id in the same place.
    pub project_slug: String,
}

impl PublicAuthMe {
    /// Creates a value.
    pub fn new(project_slug: impl Into<String>) -> Self {
        Self {
            project_slug: project_slug.into(),
        }
    }
}

impl Request for PublicAuthMe {
    const OPERATION: &'static Operation = &operations::PUBLIC_AUTH_ME;
    type Response = types::PublicUserReply;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.project_slug);
    }
}

/// Change the signed-in user's profile
///
/// Changes the given fields and leaves the others alone. The user arrives flat or inside `user`.
///
/// `PATCH /api/v1/public/projects/{projectSlug}/auth/me`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublicAuthUpdateMe {
    /// The project's slug; official SDKs pass its id in the same place.
    pub project_slug: String,
    /// The body.
    pub body: types::PublicAuthUpdateMeRequest,
}

impl PublicAuthUpdateMe {
    /// Creates a value.
    pub fn new(
        project_slug: impl Into<String>,
        body: types::PublicAuthUpdateMeRequest,
    ) -> Self {
        Self {
            project_slug: project_slug.into(),
            body,
        }
    }
}

impl Request for PublicAuthUpdateMe {
    const OPERATION: &'static Operation = &operations::PUBLIC_AUTH_UPDATE_ME;
    type Response = types::PublicUserReply;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.project_slug);
        encoder.json(&self.body);
    }
}

/// Remove the signed-in user's picture
///
/// Removes the picture. Nothing says what happens when there is none; treat it as a success.
///
/// `DELETE /api/v1/public/projects/{projectSlug}/auth/me/avatar`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublicAuthDeleteAvatar {
    /// The project's slug; official SDKs pass its id in the same place.
    pub project_slug: String,
}

impl PublicAuthDeleteAvatar {
    /// Creates a value.
    pub fn new(project_slug: impl Into<String>) -> Self {
        Self {
            project_slug: project_slug.into(),
        }
    }
}

impl Request for PublicAuthDeleteAvatar {
    const OPERATION: &'static Operation = &operations::PUBLIC_AUTH_DELETE_AVATAR;
    type Response = types::PublicAuthMessageResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.project_slug);
    }
}

/// Send a one-time code
///
/// Sends a six-digit code by mail or text message. Give exactly one of `email` and `phone`. `accountExists` says
/// whether the code will sign in an existing account or make a new one. At most 3 calls in 5 minutes for one
/// address or number.
///
/// Every call sends another message, so it is not repeated by itself.
///
/// `POST /api/v1/public/projects/{projectSlug}/auth/otp/send`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublicAuthOtpSend {
    /// The project's slug; official SDKs pass its id in the same place.
    pub project_slug: String,
    /// The body.
    pub body: types::PublicAuthOtpSendRequest,
}

impl PublicAuthOtpSend {
    /// Creates a value.
    pub fn new(
        project_slug: impl Into<String>,
        body: types::PublicAuthOtpSendRequest,
    ) -> Self {
        Self {
            project_slug: project_slug.into(),
            body,
        }
    }
}

impl Request for PublicAuthOtpSend {
    const OPERATION: &'static Operation = &operations::PUBLIC_AUTH_OTP_SEND;
    type Response = types::PublicAuthOtpSendResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.project_slug);
        encoder.json(&self.body);
    }
}

/// Sign in with a one-time code
///
/// Exchanges a one-time code for tokens. Give exactly one of `email` and `phone`, the one the code was sent to.
/// Expect a code to work once. At most 3 calls in 5 minutes for one address or number.
///
/// `POST /api/v1/public/projects/{projectSlug}/auth/otp/verify`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublicAuthOtpVerify {
    /// The project's slug; official SDKs pass its id in the same place.
    pub project_slug: String,
    /// The body.
    pub body: types::PublicAuthOtpVerifyRequest,
}

impl PublicAuthOtpVerify {
    /// Creates a value.
    pub fn new(
        project_slug: impl Into<String>,
        body: types::PublicAuthOtpVerifyRequest,
    ) -> Self {
        Self {
            project_slug: project_slug.into(),
            body,
        }
    }
}

impl Request for PublicAuthOtpVerify {
    const OPERATION: &'static Operation = &operations::PUBLIC_AUTH_OTP_VERIFY;
    type Response = types::PublicAuthResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.project_slug);
        encoder.json(&self.body);
    }
}

/// Exchange a refresh token for new tokens
///
/// Answers with a new access token. The reply may carry a new refresh token too; from then on use that one, the
/// old one may have stopped working. It is therefore not repeated by itself.
///
/// `POST /api/v1/public/projects/{projectSlug}/auth/refresh`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublicAuthRefresh {
    /// The project's slug; official SDKs pass its id in the same place.
    pub project_slug: String,
    /// The body.
    pub body: types::PublicAuthRefreshRequest,
}

impl PublicAuthRefresh {
    /// Creates a value.
    pub fn new(
        project_slug: impl Into<String>,
        body: types::PublicAuthRefreshRequest,
    ) -> Self {
        Self {
            project_slug: project_slug.into(),
            body,
        }
    }
}

impl Request for PublicAuthRefresh {
    const OPERATION: &'static Operation = &operations::PUBLIC_AUTH_REFRESH;
    type Response = types::PublicAuthResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.project_slug);
        encoder.json(&self.body);
    }
}

/// Sign an end user up
///
/// Creates an account with an email address and a password and, unless the project asks for a verified address
/// first, signs the user in. When it does ask, `token` is null and `requiresVerification` is true: the user
/// follows the link in the mail and then logs in.
///
/// Passwords need at least 8 characters with an upper-case letter, a lower-case letter and a digit. Of
/// `customFields` only the keys configured for the project are kept, and some of them may be required. At most 5
/// calls a minute from one IP address.
///
/// `POST /api/v1/public/projects/{projectSlug}/auth/register`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublicAuthRegister {
    /// The project's slug; official SDKs pass its id in the same place.
    pub project_slug: String,
    /// The body.
    pub body: types::PublicAuthRegisterRequest,
}

impl PublicAuthRegister {
    /// Creates a value.
    pub fn new(
        project_slug: impl Into<String>,
        body: types::PublicAuthRegisterRequest,
    ) -> Self {
        Self {
            project_slug: project_slug.into(),
            body,
        }
    }
}

impl Request for PublicAuthRegister {
    const OPERATION: &'static Operation = &operations::PUBLIC_AUTH_REGISTER;
    type Response = types::PublicAuthResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.project_slug);
        encoder.json(&self.body);
    }
}

/// Send the verification mail again
///
/// Sends another verification mail. At most 3 calls a minute for one email address.
///
/// `POST /api/v1/public/projects/{projectSlug}/auth/resend-verification`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublicAuthResendVerification {
    /// The project's slug; official SDKs pass its id in the same place.
    pub project_slug: String,
    /// The body.
    pub body: types::PublicAuthResendVerificationRequest,
}

impl PublicAuthResendVerification {
    /// Creates a value.
    pub fn new(
        project_slug: impl Into<String>,
        body: types::PublicAuthResendVerificationRequest,
    ) -> Self {
        Self {
            project_slug: project_slug.into(),
            body,
        }
    }
}

impl Request for PublicAuthResendVerification {
    const OPERATION: &'static Operation = &operations::PUBLIC_AUTH_RESEND_VERIFICATION;
    type Response = types::PublicAuthMessageResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.project_slug);
        encoder.json(&self.body);
    }
}

/// Set a new password with a reset token
///
/// Sets a new password with the token of the reset mail. Expect the token to work once. The password rules of
/// sign-up apply.
///
/// `POST /api/v1/public/projects/{projectSlug}/auth/reset-password`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublicAuthResetPassword {
    /// The project's slug; official SDKs pass its id in the same place.
    pub project_slug: String,
    /// The body.
    pub body: types::PublicAuthResetPasswordRequest,
}

impl PublicAuthResetPassword {
    /// Creates a value.
    pub fn new(
        project_slug: impl Into<String>,
        body: types::PublicAuthResetPasswordRequest,
    ) -> Self {
        Self {
            project_slug: project_slug.into(),
            body,
        }
    }
}

impl Request for PublicAuthResetPassword {
    const OPERATION: &'static Operation = &operations::PUBLIC_AUTH_RESET_PASSWORD;
    type Response = types::PublicAuthMessageResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.project_slug);
        encoder.json(&self.body);
    }
}

/// Ask for a password reset mail
///
/// Sends a mail with a reset token. The answer is the same whether or not an account has this address. At most 3
/// calls in 15 minutes for one email address.
///
/// `POST /api/v1/public/projects/{projectSlug}/auth/reset-password-request`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublicAuthResetPasswordRequest {
    /// The project's slug; official SDKs pass its id in the same place.
    pub project_slug: String,
    /// The body.
    pub body: types::PublicAuthResetPasswordRequestRequest,
}

impl PublicAuthResetPasswordRequest {
    /// Creates a value.
    pub fn new(
        project_slug: impl Into<String>,
        body: types::PublicAuthResetPasswordRequestRequest,
    ) -> Self {
        Self {
            project_slug: project_slug.into(),
            body,
        }
    }
}

impl Request for PublicAuthResetPasswordRequest {
    const OPERATION: &'static Operation = &operations::PUBLIC_AUTH_RESET_PASSWORD_REQUEST;
    type Response = types::PublicAuthMessageResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.project_slug);
        encoder.json(&self.body);
    }
}

/// Confirm an email address
///
/// Confirms the address with the token of the verification mail. Expect the token to work once; although this is
/// a `GET` it is not repeated by itself, because the second call would fail.
///
/// `GET /api/v1/public/projects/{projectSlug}/auth/verify-email`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PublicAuthVerifyEmail {
    /// The project's slug; official SDKs pass its id in the same place.
    pub project_slug: String,
    /// The token of the verification mail.
    pub token: crate::Secret,
}

impl PublicAuthVerifyEmail {
    /// Creates a value.
    pub fn new(
        project_slug: impl Into<String>,
        token: impl Into<crate::Secret>,
    ) -> Self {
        Self {
            project_slug: project_slug.into(),
            token: token.into(),
        }
    }
}

impl Request for PublicAuthVerifyEmail {
    const OPERATION: &'static Operation = &operations::PUBLIC_AUTH_VERIFY_EMAIL;
    type Response = types::PublicAuthMessageResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.project_slug);
        encoder.query("token", &self.token);
    }
}

/// Read past messages of a channel
///
/// Returns messages of a channel, newest first. Only those published with `persist`, and chat messages, are kept;
/// for how long depends on the plan. `room` is the full topic, project id included, as the server names it when
/// subscribing.
///
/// To go back in time, send the oldest `created_at` as `before`. Whether `before` itself is included is not stated,
/// so ask for one millisecond more and skip the ids already seen: no message of that millisecond is then lost or
/// seen twice. The server caps `limit` at a number that is not stated.
///
/// `GET /api/v1/public/realtime/history`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RealtimeHistory {
    /// The full topic of the channel.
    pub room: String,
    /// Messages per page.
    ///
    /// `50` unless given.
    pub limit: Option<i64>,
    /// Only messages older than this, in Unix milliseconds.
    pub before: Option<i64>,
}

impl RealtimeHistory {
    /// Creates a value from its required fields.
    pub fn new(room: impl Into<String>) -> Self {
        Self {
            room: room.into(),
            limit: Default::default(),
            before: Default::default(),
        }
    }

    /// Messages per page.
    ///
    /// `50` unless given.
    #[must_use]
    pub fn limit(mut self, limit: impl Into<Option<i64>>) -> Self {
        self.limit = limit.into();
        self
    }

    /// Only messages older than this, in Unix milliseconds.
    #[must_use]
    pub fn before(mut self, before: impl Into<Option<i64>>) -> Self {
        self.before = before.into();
        self
    }
}

impl Request for RealtimeHistory {
    const OPERATION: &'static Operation = &operations::REALTIME_HISTORY;
    type Response = types::RealtimeHistoryResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.query("room", &self.room);
        encoder.query("limit", &self.limit);
        encoder.query("before", &self.before);
    }
}

/// Send an event to a channel from the server
///
/// Publishes an event to the subscribers of a channel without a WebSocket. `args` are the event's name, its data
/// and the channel's path without the project id, such as `orders/eu`; without a channel the event presumably goes
/// to the whole project. Delivery is not confirmed.
///
/// One official SDK makes this call, on a path the platform calls internal: it may change without notice. The
/// answer is any JSON value or an empty body. Here the secret key travels as a bearer token. A 404, or a page that
/// is not JSON, usually means that the base URL points at another service.
///
/// `POST /internal/hooks/rpc`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SocketEmit {
    /// The body.
    pub body: types::SocketEmitRequest,
}

impl SocketEmit {
    /// Creates a value.
    pub fn new(body: types::SocketEmitRequest) -> Self {
        Self { body }
    }
}

impl Request for SocketEmit {
    const OPERATION: &'static Operation = &operations::SOCKET_EMIT;
    type Response = crate::RawJson;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Complete a chat
///
/// Sends a conversation to a model and returns the next message. There is no separate completion call: a bare
/// prompt is one message with the role `user`.
///
/// With `stream` the answer is `text/event-stream`: UTF-8 lines `data: <JSON>` with a blank line after each, the
/// new text at `choices[0].delta.content`, and `data: [DONE]` at the end. With `stream_options.include_usage` the
/// last JSON frame carries `usage` and its `choices` may be empty. A failure before the first frame is an ordinary
/// JSON error; how a failure within the stream looks is not stated, so a stream that ends without `[DONE]` was
/// cut off.
///
/// Older platform versions answer with `response` and no `choices`. Every call is a new, billed inference.
/// Official clients wait 60 seconds.
///
/// `POST /v1/ai/chat`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AiChat {
    /// The body.
    pub body: types::ChatCompletionRequest,
}

impl AiChat {
    /// Creates a value.
    pub fn new(body: types::ChatCompletionRequest) -> Self {
        Self { body }
    }
}

impl Request for AiChat {
    const OPERATION: &'static Operation = &operations::AI_CHAT;
    type Response = types::ChatCompletionResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Embed a text
///
/// Turns one text into a vector. Vectors are comparable only when the same model made them; their length depends
/// on the model. One official SDK makes this call; nothing published describes it.
///
/// `POST /v1/ai/embed`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AiEmbed {
    /// The body.
    pub body: types::AiEmbedRequest,
}

impl AiEmbed {
    /// Creates a value.
    pub fn new(body: types::AiEmbedRequest) -> Self {
        Self { body }
    }
}

impl Request for AiEmbed {
    const OPERATION: &'static Operation = &operations::AI_EMBED;
    type Response = types::AiEmbedResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Read the consumer's wallet
///
/// Returns what the calling consumer still has and has used on one gateway. `balance` and `total_consumed` are
/// published; the other fields are read by official SDKs and may be absent.
///
/// `GET /v1/ai/gateway/me/wallet`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GatewayGetWallet {
    /// The slug of the published endpoint.
    pub api_slug: String,
}

impl GatewayGetWallet {
    /// Creates a value.
    pub fn new(api_slug: impl Into<String>) -> Self {
        Self { api_slug: api_slug.into() }
    }
}

impl Request for GatewayGetWallet {
    const OPERATION: &'static Operation = &operations::GATEWAY_GET_WALLET;
    type Response = types::GatewayGetWalletResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.query("api_slug", &self.api_slug);
    }
}

/// Complete a chat through a gateway
///
/// As `aiChat`, on behalf of a consumer of a published AI endpoint: the tokens used are taken from the consumer's
/// wallet. Which credential is accepted, a consumer key or the token of a signed-in user, is a setting of the
/// gateway. The project's secret key never belongs in this call.
///
/// A gateway with a hard limit refuses the call when the wallet is empty; with which status is not stated.
/// Official SDKs reach the same service under a path of another form.
///
/// `POST /v1/ai/gateway/{apiSlug}/chat/completions`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GatewayChatCompletions {
    /// The slug of the published endpoint.
    pub api_slug: String,
    /// The body.
    pub body: types::ChatCompletionRequest,
}

impl GatewayChatCompletions {
    /// Creates a value.
    pub fn new(api_slug: impl Into<String>, body: types::ChatCompletionRequest) -> Self {
        Self {
            api_slug: api_slug.into(),
            body,
        }
    }
}

impl Request for GatewayChatCompletions {
    const OPERATION: &'static Operation = &operations::GATEWAY_CHAT_COMPLETIONS;
    type Response = types::ChatCompletionResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.api_slug);
        encoder.json(&self.body);
    }
}

/// Choose the embedding model of the search index
///
/// Sets the model that embeds the project's texts. Vectors of different models cannot be compared, and nothing says
/// that stored entries are embedded anew: choose before ingesting, or ingest everything again.
///
/// `POST /v1/ai/search/configure`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SearchConfigure {
    /// The body.
    pub body: types::SearchConfigureRequest,
}

impl SearchConfigure {
    /// Creates a value.
    pub fn new(body: types::SearchConfigureRequest) -> Self {
        Self { body }
    }
}

impl Request for SearchConfigure {
    const OPERATION: &'static Operation = &operations::SEARCH_CONFIGURE;
    type Response = types::SearchConfigureResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Count the entries of the search index
///
/// Counts the entries of one type, or all of them when no type is given.
///
/// `POST /v1/ai/search/count`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SearchCount {
    /// The body.
    pub body: types::SearchCountRequest,
}

impl SearchCount {
    /// Creates a value.
    pub fn new(body: types::SearchCountRequest) -> Self {
        Self { body }
    }
}

impl Request for SearchCount {
    const OPERATION: &'static Operation = &operations::SEARCH_COUNT;
    type Response = types::SearchCountResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Remove an entry from the search index
///
/// Removes the entry of this id. Repeating the call does no harm.
///
/// `POST /v1/ai/search/delete`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SearchDelete {
    /// The body.
    pub body: types::SearchDeleteRequest,
}

impl SearchDelete {
    /// Creates a value.
    pub fn new(body: types::SearchDeleteRequest) -> Self {
        Self { body }
    }
}

impl Request for SearchDelete {
    const OPERATION: &'static Operation = &operations::SEARCH_DELETE;
    type Response = types::SearchDeleteResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Remove all entries of one type
///
/// Removes every entry of a type from the search index. This cannot be undone, and the answer does not say how
/// many entries there were; count them first if that matters.
///
/// `POST /v1/ai/search/deleteByType`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SearchDeleteByType {
    /// The body.
    pub body: types::SearchDeleteByTypeRequest,
}

impl SearchDeleteByType {
    /// Creates a value.
    pub fn new(body: types::SearchDeleteByTypeRequest) -> Self {
        Self { body }
    }
}

impl Request for SearchDeleteByType {
    const OPERATION: &'static Operation = &operations::SEARCH_DELETE_BY_TYPE;
    type Response = types::SearchDeleteByTypeResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Read one entry of the search index
///
/// Returns the entry with this id. A missing entry is no error: `exists` is then `false` and `result` null. The
/// `score` of an entry that was not searched for means nothing.
///
/// `POST /v1/ai/search/get`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SearchGet {
    /// The body.
    pub body: types::SearchGetRequest,
}

impl SearchGet {
    /// Creates a value.
    pub fn new(body: types::SearchGetRequest) -> Self {
        Self { body }
    }
}

impl Request for SearchGet {
    const OPERATION: &'static Operation = &operations::SEARCH_GET;
    type Response = types::SearchGetResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Add a text to the search index
///
/// Embeds a text and stores it for semantic search. With an `id` an entry of that id is replaced, so repeating the
/// call is harmless. Without one the platform makes up a UUID, does not tell it, and a repeated call stores the
/// text twice: give an `id` to whatever should be updated or deleted later.
///
/// `POST /v1/ai/search/ingest`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SearchIngest {
    /// The body.
    pub body: types::SearchIngestRequest,
}

impl SearchIngest {
    /// Creates a value.
    pub fn new(body: types::SearchIngestRequest) -> Self {
        Self { body }
    }
}

impl Request for SearchIngest {
    const OPERATION: &'static Operation = &operations::SEARCH_INGEST;
    type Response = types::SearchIngestResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// List the types in the search index
///
/// Returns each type in use and how many entries it has.
///
/// `GET /v1/ai/search/listTypes`
#[derive(Clone, Debug, PartialEq, Default)]
#[non_exhaustive]
pub struct SearchListTypes;

impl SearchListTypes {
    /// Creates an empty value.
    pub fn new() -> Self {
        Self {}
    }
}

impl Request for SearchListTypes {
    const OPERATION: &'static Operation = &operations::SEARCH_LIST_TYPES;
    type Response = types::SearchListTypesResponse;

    fn encode<'a>(&'a self, _: &mut Encoder<'a>) {}
}

/// Search by meaning
///
/// Returns the entries closest in meaning to a text, best first, with a score from 0 to 1. `types` narrows the
/// search to entries of those types, `filter` to entries whose metadata match it; how `filter` is matched beyond
/// equality is not stated.
///
/// `POST /v1/ai/search/query`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SearchQuery {
    /// The body.
    pub body: types::SearchQueryRequest,
}

impl SearchQuery {
    /// Creates a value.
    pub fn new(body: types::SearchQueryRequest) -> Self {
        Self { body }
    }
}

impl Request for SearchQuery {
    const OPERATION: &'static Operation = &operations::SEARCH_QUERY;
    type Response = types::SearchQueryResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Replace an entry of the search index
///
/// Embeds the new text and replaces the entry of this id. `type` and `metadata` replace what was stored; nothing
/// is merged. What happens to an id that is not there is not stated.
///
/// `POST /v1/ai/search/update`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SearchUpdate {
    /// The body.
    pub body: types::SearchUpdateRequest,
}

impl SearchUpdate {
    /// Creates a value.
    pub fn new(body: types::SearchUpdateRequest) -> Self {
        Self { body }
    }
}

impl Request for SearchUpdate {
    const OPERATION: &'static Operation = &operations::SEARCH_UPDATE;
    type Response = types::SearchUpdateResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Sign a user in from a trusted server
///
/// Checks an email address and a password and answers with a token for that user. A 401 can mean two things, told
/// apart by `code`: the user's credentials are wrong, or the project's API key is.
///
/// `POST /v1/auth/signin`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AuthSignin {
    /// The body.
    pub body: types::AuthSigninRequest,
}

impl AuthSignin {
    /// Creates a value.
    pub fn new(body: types::AuthSigninRequest) -> Self {
        Self { body }
    }
}

impl Request for AuthSignin {
    const OPERATION: &'static Operation = &operations::AUTH_SIGNIN;
    type Response = types::AuthResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Create a user from a trusted server
///
/// Creates a user with an email address and a password and signs them in. This flavour gives one token and no
/// refresh token; the public flavour has refresh, one-time codes and email verification.
///
/// `POST /v1/auth/signup`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AuthSignup {
    /// The body.
    pub body: types::AuthSignupRequest,
}

impl AuthSignup {
    /// Creates a value.
    pub fn new(body: types::AuthSignupRequest) -> Self {
        Self { body }
    }
}

impl Request for AuthSignup {
    const OPERATION: &'static Operation = &operations::AUTH_SIGNUP;
    type Response = types::AuthResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Remove one key
///
/// Removes a key. Removing a key that is not there is no error. As all writes, it may take up to about 60 seconds
/// to show everywhere.
///
/// `POST /v1/cache/delete`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CacheDelete {
    /// The body.
    pub body: types::CacheDeleteRequest,
}

impl CacheDelete {
    /// Creates a value.
    pub fn new(body: types::CacheDeleteRequest) -> Self {
        Self { body }
    }
}

impl Request for CacheDelete {
    const OPERATION: &'static Operation = &operations::CACHE_DELETE;
    type Response = types::CacheDeleteResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Remove several keys
///
/// Removes up to 500 keys in one call. `count` is how many were asked for, `deleted` how many were really removed.
/// A repeated call reaches the same state but may report fewer as `deleted`.
///
/// `POST /v1/cache/deleteMany`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CacheDeleteMany {
    /// The body.
    pub body: types::CacheDeleteManyRequest,
}

impl CacheDeleteMany {
    /// Creates a value.
    pub fn new(body: types::CacheDeleteManyRequest) -> Self {
        Self { body }
    }
}

impl Request for CacheDeleteMany {
    const OPERATION: &'static Operation = &operations::CACHE_DELETE_MANY;
    type Response = types::CacheDeleteManyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Set the time to live of a key
///
/// Lets an existing key expire `ttl` seconds from now and keeps its value. A missing key is no error: `success` is
/// false. The platform reads the value and writes it back, so a write by someone else at the same moment can be
/// lost.
///
/// `POST /v1/cache/expire`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CacheExpire {
    /// The body.
    pub body: types::CacheExpireRequest,
}

impl CacheExpire {
    /// Creates a value.
    pub fn new(body: types::CacheExpireRequest) -> Self {
        Self { body }
    }
}

impl Request for CacheExpire {
    const OPERATION: &'static Operation = &operations::CACHE_EXPIRE;
    type Response = types::CacheExpireResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Remove all keys, or all with a prefix
///
/// Removes every key that starts with `prefix`. **Without a prefix it empties the whole project's cache.** One call
/// removes at most 10,000 keys, so call again while `deleted` is 10,000. At most 5 calls a minute are allowed.
/// Repeating a call is not harmless: it removes the next 10,000, and keys written meanwhile.
///
/// `POST /v1/cache/flush`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CacheFlush {
    /// The body.
    pub body: types::CacheFlushRequest,
}

impl CacheFlush {
    /// Creates a value.
    pub fn new(body: types::CacheFlushRequest) -> Self {
        Self { body }
    }
}

impl Request for CacheFlush {
    const OPERATION: &'static Operation = &operations::CACHE_FLUSH;
    type Response = types::CacheFlushResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Read one value
///
/// Reads the value of a key. A missing or expired key is no error: `exists` is false and `value` is null. A stored
/// null is told apart from a missing key by `exists` alone.
///
/// Reads are eventually consistent: a value written elsewhere may take up to about 60 seconds to show. `value`
/// comes back as any JSON; the published document types it as a string, so an older platform may hand over the
/// value as JSON text inside a string. A hit without `exists` counts as present when `value` is not null.
///
/// `POST /v1/cache/get`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CacheGet {
    /// The body.
    pub body: types::CacheGetRequest,
}

impl CacheGet {
    /// Creates a value.
    pub fn new(body: types::CacheGetRequest) -> Self {
        Self { body }
    }
}

impl Request for CacheGet {
    const OPERATION: &'static Operation = &operations::CACHE_GET;
    type Response = types::CacheGetResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Read several values
///
/// Reads up to 100 keys in one call and answers with one entry per key. A missing key is an entry with `exists`
/// false. Match entries by their `key`.
///
/// `POST /v1/cache/getMany`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CacheGetMany {
    /// The body.
    pub body: types::CacheGetManyRequest,
}

impl CacheGetMany {
    /// Creates a value.
    pub fn new(body: types::CacheGetManyRequest) -> Self {
        Self { body }
    }
}

impl Request for CacheGetMany {
    const OPERATION: &'static Operation = &operations::CACHE_GET_MANY;
    type Response = types::CacheGetManyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Add to a number
///
/// Adds `amount`, 1 by default and possibly negative, to the number under a key and answers with the sum. A missing
/// key starts at `initialValue`, 0 by default, before the amount is added; `ttl` applies to a key made this way
/// and leaves an existing key's expiry alone.
///
/// Not atomic: the platform reads, adds and writes, so concurrent increments can be lost. Use the database for
/// counts that must be exact.
///
/// `POST /v1/cache/increment`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CacheIncrement {
    /// The body.
    pub body: types::CacheIncrementRequest,
}

impl CacheIncrement {
    /// Creates a value.
    pub fn new(body: types::CacheIncrementRequest) -> Self {
        Self { body }
    }
}

impl Request for CacheIncrement {
    const OPERATION: &'static Operation = &operations::CACHE_INCREMENT;
    type Response = types::CacheIncrementResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// List key names at once
///
/// Answers with up to 10,000 key names in one piece, optionally only those with a prefix. `truncated` is true when
/// there are more; there is no cursor, page through the list operation instead.
///
/// `POST /v1/cache/keys`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CacheKeys {
    /// The body.
    pub body: types::CacheKeysRequest,
}

impl CacheKeys {
    /// Creates a value.
    pub fn new(body: types::CacheKeysRequest) -> Self {
        Self { body }
    }
}

impl Request for CacheKeys {
    const OPERATION: &'static Operation = &operations::CACHE_KEYS;
    type Response = types::CacheKeysResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// List keys with their expiry, page by page
///
/// Lists keys, optionally only those with a prefix, 100 a page unless `limit` says otherwise (at most 1000). Pass
/// `cursor` back unchanged to get the next page; `list_complete` is true on the last one. A page may be short or
/// even empty before the end. Keys come back without the project's own prefix.
///
/// `POST /v1/cache/list`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CacheList {
    /// The body.
    pub body: types::CacheListRequest,
}

impl CacheList {
    /// Creates a value.
    pub fn new(body: types::CacheListRequest) -> Self {
        Self { body }
    }
}

impl Request for CacheList {
    const OPERATION: &'static Operation = &operations::CACHE_LIST;
    type Response = types::CacheListResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Write one value
///
/// Stores any JSON value, null included, under a key and replaces what was there. With `ttl` the key expires that
/// many seconds from now; without it the key stays. Limits on key length and on `ttl` are not published. Values up
/// to 25 MB are mentioned by an official SDK.
///
/// `POST /v1/cache/set`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CacheSet {
    /// The body.
    pub body: types::CacheSetRequest,
}

impl CacheSet {
    /// Creates a value.
    pub fn new(body: types::CacheSetRequest) -> Self {
        Self { body }
    }
}

impl Request for CacheSet {
    const OPERATION: &'static Operation = &operations::CACHE_SET;
    type Response = types::CacheSetResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Write several values
///
/// Stores up to 100 entries in one call, each with its own optional `ttl`. Nothing says that the entries are
/// written together; after a failure some may be stored.
///
/// `POST /v1/cache/setMany`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CacheSetMany {
    /// The body.
    pub body: types::CacheSetManyRequest,
}

impl CacheSetMany {
    /// Creates a value.
    pub fn new(body: types::CacheSetManyRequest) -> Self {
        Self { body }
    }
}

impl Request for CacheSetMany {
    const OPERATION: &'static Operation = &operations::CACHE_SET_MANY;
    type Response = types::CacheSetManyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Delete an item
///
/// Deletes an item. Repeating the call changes nothing more, but may answer that the item is missing.
///
/// `DELETE /v1/collections/items/{id}`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CollectionsDeleteItem {
    /// The item's id.
    pub id: String,
}

impl CollectionsDeleteItem {
    /// Creates a value.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into() }
    }
}

impl Request for CollectionsDeleteItem {
    const OPERATION: &'static Operation = &operations::COLLECTIONS_DELETE_ITEM;
    type Response = types::CollectionsDeleteItemResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.id);
    }
}

/// Read one item
///
/// Returns an item by its id alone; the collection it belongs to is not part of the call.
///
/// `GET /v1/collections/items/{id}`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CollectionsGetItem {
    /// The item's id.
    pub id: String,
}

impl CollectionsGetItem {
    /// Creates a value.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into() }
    }
}

impl Request for CollectionsGetItem {
    const OPERATION: &'static Operation = &operations::COLLECTIONS_GET_ITEM;
    type Response = crate::RawJson;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.id);
    }
}

/// Change an item
///
/// Writes the given fields to an item. Whether fields left out are kept or cleared is not stated: send all of them.
/// The item is not returned; read it again to see what was stored.
///
/// `PUT /v1/collections/items/{id}`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CollectionsUpdateItem {
    /// The item's id.
    pub id: String,
    /// The body.
    pub body: crate::RawJson,
}

impl CollectionsUpdateItem {
    /// Creates a value.
    pub fn new(id: impl Into<String>, body: crate::RawJson) -> Self {
        Self { id: id.into(), body }
    }
}

impl Request for CollectionsUpdateItem {
    const OPERATION: &'static Operation = &operations::COLLECTIONS_UPDATE_ITEM;
    type Response = types::CollectionsUpdateItemResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.id);
        encoder.json(&self.body);
    }
}

/// List the items of a collection
///
/// Returns items of a collection, as an array by all that is known. Query pairs are passed through as strings;
/// which names filter, sort or page is not stated, so nothing here pages on its own.
///
/// `GET /v1/collections/{name}/items`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CollectionsListItems {
    /// The collection's name.
    pub name: String,
    /// Pairs of the caller's choice, each sent as a parameter of its own.
    pub query: Option<::std::collections::BTreeMap<String, String>>,
}

impl CollectionsListItems {
    /// Creates a value from its required fields.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            query: Default::default(),
        }
    }

    /// Pairs of the caller's choice, each sent as a parameter of its own.
    #[must_use]
    pub fn query(
        mut self,
        query: impl Into<Option<::std::collections::BTreeMap<String, String>>>,
    ) -> Self {
        self.query = query.into();
        self
    }
}

impl Request for CollectionsListItems {
    const OPERATION: &'static Operation = &operations::COLLECTIONS_LIST_ITEMS;
    type Response = crate::RawJson;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.name);
        encoder.query("query", &self.query);
    }
}

/// Add an item to a collection
///
/// Stores a new item and returns it. Its fields are those of the collection; the platform gives it an id. Each
/// call adds an item.
///
/// `POST /v1/collections/{name}/items`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CollectionsCreateItem {
    /// The collection's name.
    pub name: String,
    /// The body.
    pub body: crate::RawJson,
}

impl CollectionsCreateItem {
    /// Creates a value.
    pub fn new(name: impl Into<String>, body: crate::RawJson) -> Self {
        Self { name: name.into(), body }
    }
}

impl Request for CollectionsCreateItem {
    const OPERATION: &'static Operation = &operations::COLLECTIONS_CREATE_ITEM;
    type Response = crate::RawJson;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.name);
        encoder.json(&self.body);
    }
}

/// Call a function with DELETE
///
/// Runs a function of the project, its input in the query; `DELETE` takes no body. HTTP calls `DELETE` repeatable,
/// but only the function's author knows whether it is.
///
/// `DELETE /v1/custom/{slug}`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CustomCallDelete {
    /// The function's slug.
    pub slug: String,
    /// Pairs of the caller's choice, each sent as a parameter of its own.
    pub query: Option<::std::collections::BTreeMap<String, String>>,
}

impl CustomCallDelete {
    /// Creates a value from its required fields.
    pub fn new(slug: impl Into<String>) -> Self {
        Self {
            slug: slug.into(),
            query: Default::default(),
        }
    }

    /// Pairs of the caller's choice, each sent as a parameter of its own.
    #[must_use]
    pub fn query(
        mut self,
        query: impl Into<Option<::std::collections::BTreeMap<String, String>>>,
    ) -> Self {
        self.query = query.into();
        self
    }
}

impl Request for CustomCallDelete {
    const OPERATION: &'static Operation = &operations::CUSTOM_CALL_DELETE;
    type Response = crate::RawJson;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.slug);
        encoder.query("query", &self.query);
    }
}

/// Call a function with GET
///
/// Runs a function of the project, its input in the query. Input and output belong to the function; `GET` takes no
/// body. With a user token beside the key the function knows which user is calling.
///
/// A function answers with whatever status and JSON it likes. The errors listed are the platform's own.
///
/// `GET /v1/custom/{slug}`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CustomCallGet {
    /// The function's slug.
    pub slug: String,
    /// Pairs of the caller's choice, each sent as a parameter of its own.
    pub query: Option<::std::collections::BTreeMap<String, String>>,
}

impl CustomCallGet {
    /// Creates a value from its required fields.
    pub fn new(slug: impl Into<String>) -> Self {
        Self {
            slug: slug.into(),
            query: Default::default(),
        }
    }

    /// Pairs of the caller's choice, each sent as a parameter of its own.
    #[must_use]
    pub fn query(
        mut self,
        query: impl Into<Option<::std::collections::BTreeMap<String, String>>>,
    ) -> Self {
        self.query = query.into();
        self
    }
}

impl Request for CustomCallGet {
    const OPERATION: &'static Operation = &operations::CUSTOM_CALL_GET;
    type Response = crate::RawJson;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.slug);
        encoder.query("query", &self.query);
    }
}

/// Call a function with PATCH
///
/// As `customCallPost`, with another method.
///
/// `PATCH /v1/custom/{slug}`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CustomCallPatch {
    /// The function's slug.
    pub slug: String,
    /// The body.
    pub body: crate::RawJson,
}

impl CustomCallPatch {
    /// Creates a value.
    pub fn new(slug: impl Into<String>, body: crate::RawJson) -> Self {
        Self { slug: slug.into(), body }
    }
}

impl Request for CustomCallPatch {
    const OPERATION: &'static Operation = &operations::CUSTOM_CALL_PATCH;
    type Response = crate::RawJson;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.slug);
        encoder.json(&self.body);
    }
}

/// Call a function with POST
///
/// Runs a function of the project with a JSON value of the caller's own, the usual way to call one. With a user
/// token beside the key the function knows which user is calling. What a repeated call does is up to the function.
///
/// A function answers with whatever status and JSON it likes. The errors listed are the platform's own.
///
/// `POST /v1/custom/{slug}`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CustomCallPost {
    /// The function's slug.
    pub slug: String,
    /// The body.
    pub body: crate::RawJson,
}

impl CustomCallPost {
    /// Creates a value.
    pub fn new(slug: impl Into<String>, body: crate::RawJson) -> Self {
        Self { slug: slug.into(), body }
    }
}

impl Request for CustomCallPost {
    const OPERATION: &'static Operation = &operations::CUSTOM_CALL_POST;
    type Response = crate::RawJson;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.slug);
        encoder.json(&self.body);
    }
}

/// Call a function with PUT
///
/// As `customCallPost`, with another method. HTTP calls `PUT` repeatable, but only the function's author knows
/// whether it is.
///
/// `PUT /v1/custom/{slug}`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CustomCallPut {
    /// The function's slug.
    pub slug: String,
    /// The body.
    pub body: crate::RawJson,
}

impl CustomCallPut {
    /// Creates a value.
    pub fn new(slug: impl Into<String>, body: crate::RawJson) -> Self {
        Self { slug: slug.into(), body }
    }
}

impl Request for CustomCallPut {
    const OPERATION: &'static Operation = &operations::CUSTOM_CALL_PUT;
    type Response = crate::RawJson;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(&self.slug);
        encoder.json(&self.body);
    }
}

/// Run several SQL statements in one call
///
/// Runs up to 25 statements in order and answers with one outcome per statement, in the order of the request.
/// A failed statement does not fail the call: the status is still 200, `success` is false and the outcome of that
/// statement carries the `error`.
///
/// Do not rely on a rollback. The platform's guide calls a batch a transaction, its published document describes
/// partial success; check every outcome.
///
/// `POST /v1/db/batch`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DbBatch {
    /// The body.
    pub body: types::DbBatchRequest,
}

impl DbBatch {
    /// Creates a value.
    pub fn new(body: types::DbBatchRequest) -> Self {
        Self { body }
    }
}

impl Request for DbBatch {
    const OPERATION: &'static Operation = &operations::DB_BATCH;
    type Response = types::DbBatchResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Run one SQL statement
///
/// Runs one statement with positional `?` parameters and returns its rows. A statement that yields no rows, such
/// as an `INSERT` without `RETURNING`, answers with an empty list. Schema changes are refused here; they belong to
/// migrations.
///
/// `POST /v1/db/query`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DbQuery {
    /// The body.
    pub body: types::DbQueryRequest,
}

impl DbQuery {
    /// Creates a value.
    pub fn new(body: types::DbQueryRequest) -> Self {
        Self { body }
    }
}

impl Request for DbQuery {
    const OPERATION: &'static Operation = &operations::DB_QUERY;
    type Response = types::DbQueryResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Bill units to a consumer
///
/// Records units a consumer of a gateway has used, for what the platform does not meter itself. Each call counts:
/// repeating it bills the units again, and nothing allows marking two calls as the same.
///
/// `POST /v1/gateway/billing/log`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GatewayBillingLog {
    /// The body.
    pub body: types::GatewayBillingLogRequest,
}

impl GatewayBillingLog {
    /// Creates a value.
    pub fn new(body: types::GatewayBillingLogRequest) -> Self {
        Self { body }
    }
}

impl Request for GatewayBillingLog {
    const OPERATION: &'static Operation = &operations::GATEWAY_BILLING_LOG;
    type Response = types::GatewayBillingLogResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Cancel a job
///
/// Marks a job as cancelled. This is advice to the worker: a job already being processed may still finish, and a
/// completed or failed job stays what it is. `note` says so in words; read the job again to learn its state. What
/// an unknown id answers is not stated.
///
/// `POST /v1/queue/cancel`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QueueCancelJob {
    /// The body.
    pub body: types::QueueCancelJobRequest,
}

impl QueueCancelJob {
    /// Creates a value.
    pub fn new(body: types::QueueCancelJobRequest) -> Self {
        Self { body }
    }
}

impl Request for QueueCancelJob {
    const OPERATION: &'static Operation = &operations::QUEUE_CANCEL_JOB;
    type Response = types::QueueCancelJobResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Enqueue a job
///
/// Adds a job for a worker of the project and returns its id at once, before the job has run. Each call makes a
/// new job: when an answer is lost, repeating the call may run the work twice, so make the worker tolerate that or
/// look for the job first. The job's record, not its effect, is kept for seven days.
///
/// `maxRetries` appears in guides but in no published schema. A platform that does not know it may ignore it.
///
/// `POST /v1/queue/enqueue`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QueueEnqueue {
    /// The body.
    pub body: types::QueueEnqueueRequest,
}

impl QueueEnqueue {
    /// Creates a value.
    pub fn new(body: types::QueueEnqueueRequest) -> Self {
        Self { body }
    }
}

impl Request for QueueEnqueue {
    const OPERATION: &'static Operation = &operations::QUEUE_ENQUEUE;
    type Response = types::QueueEnqueueResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Look up one job
///
/// Returns the record of a job. A job that never existed, or whose record has passed its seven days, is no error:
/// `exists` is then `false` and `job` null.
///
/// `POST /v1/queue/job`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QueueGetJob {
    /// The body.
    pub body: types::QueueGetJobRequest,
}

impl QueueGetJob {
    /// Creates a value.
    pub fn new(body: types::QueueGetJobRequest) -> Self {
        Self { body }
    }
}

impl Request for QueueGetJob {
    const OPERATION: &'static Operation = &operations::QUEUE_GET_JOB;
    type Response = types::QueueGetJobResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// List jobs
///
/// Returns job records a page at a time, optionally only those of one state or one type. `list_complete` is `true`
/// on the last page; until then, send `cursor` back unchanged. The order of the records is not stated.
///
/// `POST /v1/queue/jobs`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QueueListJobs {
    /// The body.
    pub body: types::QueueListJobsRequest,
}

impl QueueListJobs {
    /// Creates a value.
    pub fn new(body: types::QueueListJobsRequest) -> Self {
        Self { body }
    }
}

impl Request for QueueListJobs {
    const OPERATION: &'static Operation = &operations::QUEUE_LIST_JOBS;
    type Response = types::QueueListJobsResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Read a secret
///
/// Returns a value the project keeps encrypted, or null when there is none. Reading secrets is documented only for
/// code that runs on the platform: no source shows this HTTP call, which follows the form of the other services.
/// Check it against a live account before relying on it, and accept both ways of saying that a secret is missing,
/// `exists: false` and 404.
///
/// `POST /v1/secrets/get`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SecretsGet {
    /// The body.
    pub body: types::SecretsGetRequest,
}

impl SecretsGet {
    /// Creates a value.
    pub fn new(body: types::SecretsGetRequest) -> Self {
        Self { body }
    }
}

impl Request for SecretsGet {
    const OPERATION: &'static Operation = &operations::SECRETS_GET;
    type Response = types::SecretsGetResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Call a service of the project
///
/// Runs a service by name and returns what it returned. What a repeated call does is up to the service. `success`
/// tells whether the service ran to its end. Official clients wait 30 seconds.
///
/// `POST /v1/services/invoke`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ServicesInvoke {
    /// The body.
    pub body: types::ServicesInvokeRequest,
}

impl ServicesInvoke {
    /// Creates a value.
    pub fn new(body: types::ServicesInvokeRequest) -> Self {
        Self { body }
    }
}

impl Request for ServicesInvoke {
    const OPERATION: &'static Operation = &operations::SERVICES_INVOKE;
    type Response = types::ServicesInvokeResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Copy a file to another key
///
/// Copies a file within the project, replaces what is at the destination, and answers with the copy's URL.
///
/// `POST /v1/storage/copy`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StorageCopy {
    /// The body.
    pub body: types::StorageCopyRequest,
}

impl StorageCopy {
    /// Creates a value.
    pub fn new(body: types::StorageCopyRequest) -> Self {
        Self { body }
    }
}

impl Request for StorageCopy {
    const OPERATION: &'static Operation = &operations::STORAGE_COPY;
    type Response = types::StorageCopyResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Remove a file
///
/// Removes a file. No error for a missing file is published; treat removing one twice as a success.
///
/// `POST /v1/storage/delete`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StorageDelete {
    /// The body.
    pub body: types::StorageDeleteRequest,
}

impl StorageDelete {
    /// Creates a value.
    pub fn new(body: types::StorageDeleteRequest) -> Self {
        Self { body }
    }
}

impl Request for StorageDelete {
    const OPERATION: &'static Operation = &operations::STORAGE_DELETE;
    type Response = types::StorageDeleteResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Ask whether a file exists
///
/// Says whether there is a file under a key, without reading it.
///
/// `POST /v1/storage/exists`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StorageExists {
    /// The body.
    pub body: types::StorageExistsRequest,
}

impl StorageExists {
    /// Creates a value.
    pub fn new(body: types::StorageExistsRequest) -> Self {
        Self { body }
    }
}

impl Request for StorageExists {
    const OPERATION: &'static Operation = &operations::STORAGE_EXISTS;
    type Response = types::StorageExistsResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Download a file
///
/// Answers with the bytes of a file. The real `Content-Type` of the answer is the one the file was uploaded with;
/// errors are JSON.
///
/// `POST /v1/storage/get`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StorageGet {
    /// The body.
    pub body: types::StorageGetRequest,
}

impl StorageGet {
    /// Creates a value.
    pub fn new(body: types::StorageGetRequest) -> Self {
        Self { body }
    }
}

impl Request for StorageGet {
    const OPERATION: &'static Operation = &operations::STORAGE_GET;
    type Response = ::bytes::Bytes;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
        encoder.accept_any();
    }
}

/// Read what is known about a file
///
/// Answers with size, type, date and entity tag of a file without its bytes. A missing file is no error: `exists`
/// is false and the other fields are absent.
///
/// `POST /v1/storage/getMetadata`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StorageGetMetadata {
    /// The body.
    pub body: types::StorageGetMetadataRequest,
}

impl StorageGetMetadata {
    /// Creates a value.
    pub fn new(body: types::StorageGetMetadataRequest) -> Self {
        Self { body }
    }
}

impl Request for StorageGetMetadata {
    const OPERATION: &'static Operation = &operations::STORAGE_GET_METADATA;
    type Response = types::StorageGetMetadataResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Look up the URL of a file
///
/// Answers with the URL under which a file is served. Nothing says how long the URL lives, nor what happens when
/// there is no such file; ask whether it exists first when that matters.
///
/// `POST /v1/storage/getUrl`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StorageGetUrl {
    /// The body.
    pub body: types::StorageGetUrlRequest,
}

impl StorageGetUrl {
    /// Creates a value.
    pub fn new(body: types::StorageGetUrlRequest) -> Self {
        Self { body }
    }
}

impl Request for StorageGetUrl {
    const OPERATION: &'static Operation = &operations::STORAGE_GET_URL;
    type Response = types::StorageGetUrlResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// List files, page by page
///
/// Lists files, optionally only those with a key prefix, 100 a page unless `limit` says otherwise (at most 1000).
/// Pass `cursor` back unchanged while `truncated` is true. Keys come back without the project's own prefix.
///
/// `POST /v1/storage/list`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StorageList {
    /// The body.
    pub body: types::StorageListRequest,
}

impl StorageList {
    /// Creates a value.
    pub fn new(body: types::StorageListRequest) -> Self {
        Self { body }
    }
}

impl Request for StorageList {
    const OPERATION: &'static Operation = &operations::STORAGE_LIST;
    type Response = types::StorageListResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Move a file to another key
///
/// Copies a file to the destination and then removes the source. Not atomic: when the removal fails, both keys
/// exist. Repeating a move that went through fails, because the source is gone.
///
/// `POST /v1/storage/move`
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StorageMove {
    /// The body.
    pub body: types::StorageMoveRequest,
}

impl StorageMove {
    /// Creates a value.
    pub fn new(body: types::StorageMoveRequest) -> Self {
        Self { body }
    }
}

impl Request for StorageMove {
    const OPERATION: &'static Operation = &operations::STORAGE_MOVE;
    type Response = types::StorageMoveResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.json(&self.body);
    }
}

/// Upload a file
///
/// Stores a file under a key, replaces what was there, and answers with the file's URL. Use that URL as it is; the
/// host of stored files differs between projects. A file may have up to 100 MB and any type.
///
/// The key is relative to the project: the platform puts its own prefix before it. Official SDKs strip a leading
/// slash and refuse `..` segments before they send. The reply's `key`, `size` and `contentType` are shown by the
/// guide only and may be absent.
///
/// `POST /v1/storage/upload`
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StorageUpload {
    /// Where to store the file, such as `avatars/ines.png`.
    pub key: String,
    /// Media type of the file.
    pub content_type: Option<String>,
    /// The bytes of the file, as a part with a file name.
    pub file: crate::FilePart,
}

impl StorageUpload {
    /// Creates a value from its required fields.
    pub fn new(key: impl Into<String>, file: crate::FilePart) -> Self {
        Self {
            key: key.into(),
            content_type: Default::default(),
            file,
        }
    }

    /// Media type of the file.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<Option<String>>) -> Self {
        self.content_type = content_type.into();
        self
    }
}

impl Request for StorageUpload {
    const OPERATION: &'static Operation = &operations::STORAGE_UPLOAD;
    type Response = types::StorageUploadResponse;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.form_text("key", &self.key);
        encoder.form_text("contentType", &self.content_type);
        encoder.form_files("file", [&self.file]);
    }
}
