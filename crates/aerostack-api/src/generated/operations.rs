// Generated from openapi/aerostack.yaml by `cargo xtask generate`. Do not edit: change the document and run it again.

//! What the document says about each operation beyond its shape.
use crate::operation::{
    Confidence, Credential, Idempotency, Operation, PageEnd, Pagination,
};

/// `GET /api/gateway/me/usage`
pub static GATEWAY_GET_USAGE: Operation = Operation {
    id: "gatewayGetUsage",
    hook_id: "gateway_get_usage",
    method: "GET",
    path: "/api/gateway/me/usage",
    tag: "Gateway",
    idempotency: Idempotency::Read,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::ConsumerKey], &[Credential::UserToken]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/login`
pub static PUBLIC_AUTH_LOGIN: Operation = Operation {
    id: "publicAuthLogin",
    hook_id: "public_auth_login",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/login",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Docs),
        (401, Confidence::Docs),
        (403, Confidence::Docs),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/logout`
pub static PUBLIC_AUTH_LOGOUT: Operation = Operation {
    id: "publicAuthLogout",
    hook_id: "public_auth_logout",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/logout",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::UserToken]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `GET /api/v1/public/projects/{projectSlug}/auth/me`
pub static PUBLIC_AUTH_ME: Operation = Operation {
    id: "publicAuthMe",
    hook_id: "public_auth_me",
    method: "GET",
    path: "/api/v1/public/projects/{projectSlug}/auth/me",
    tag: "Public authentication",
    idempotency: Idempotency::Read,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::UserToken]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (401, Confidence::Docs),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Docs),
    ],
};

/// `PATCH /api/v1/public/projects/{projectSlug}/auth/me`
pub static PUBLIC_AUTH_UPDATE_ME: Operation = Operation {
    id: "publicAuthUpdateMe",
    hook_id: "public_auth_update_me",
    method: "PATCH",
    path: "/api/v1/public/projects/{projectSlug}/auth/me",
    tag: "Public authentication",
    idempotency: Idempotency::Replace,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::UserToken]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `DELETE /api/v1/public/projects/{projectSlug}/auth/me/avatar`
pub static PUBLIC_AUTH_DELETE_AVATAR: Operation = Operation {
    id: "publicAuthDeleteAvatar",
    hook_id: "public_auth_delete_avatar",
    method: "DELETE",
    path: "/api/v1/public/projects/{projectSlug}/auth/me/avatar",
    tag: "Public authentication",
    idempotency: Idempotency::Replace,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::UserToken]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (401, Confidence::Inferred),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/otp/send`
pub static PUBLIC_AUTH_OTP_SEND: Operation = Operation {
    id: "publicAuthOtpSend",
    hook_id: "public_auth_otp_send",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/otp/send",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Docs),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/otp/verify`
pub static PUBLIC_AUTH_OTP_VERIFY: Operation = Operation {
    id: "publicAuthOtpVerify",
    hook_id: "public_auth_otp_verify",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/otp/verify",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Docs),
        (401, Confidence::Docs),
        (403, Confidence::Docs),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Docs),
    ],
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/refresh`
pub static PUBLIC_AUTH_REFRESH: Operation = Operation {
    id: "publicAuthRefresh",
    hook_id: "public_auth_refresh",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/refresh",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/register`
pub static PUBLIC_AUTH_REGISTER: Operation = Operation {
    id: "publicAuthRegister",
    hook_id: "public_auth_register",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/register",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[],
    pagination: None,
    statuses: &[
        (201, Confidence::Docs),
        (400, Confidence::Docs),
        (404, Confidence::Inferred),
        (409, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Docs),
    ],
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/resend-verification`
pub static PUBLIC_AUTH_RESEND_VERIFICATION: Operation = Operation {
    id: "publicAuthResendVerification",
    hook_id: "public_auth_resend_verification",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/resend-verification",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/reset-password`
pub static PUBLIC_AUTH_RESET_PASSWORD: Operation = Operation {
    id: "publicAuthResetPassword",
    hook_id: "public_auth_reset_password",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/reset-password",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Docs),
        (401, Confidence::Docs),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Docs),
    ],
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/reset-password-request`
pub static PUBLIC_AUTH_RESET_PASSWORD_REQUEST: Operation = Operation {
    id: "publicAuthResetPasswordRequest",
    hook_id: "public_auth_reset_password_request",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/reset-password-request",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Docs),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Docs),
    ],
};

/// `GET /api/v1/public/projects/{projectSlug}/auth/verify-email`
pub static PUBLIC_AUTH_VERIFY_EMAIL: Operation = Operation {
    id: "publicAuthVerifyEmail",
    hook_id: "public_auth_verify_email",
    method: "GET",
    path: "/api/v1/public/projects/{projectSlug}/auth/verify-email",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `GET /api/v1/public/realtime/history`
pub static REALTIME_HISTORY: Operation = Operation {
    id: "realtimeHistory",
    hook_id: "realtime_history",
    method: "GET",
    path: "/api/v1/public/realtime/history",
    tag: "Realtime",
    idempotency: Idempotency::Read,
    confidence: Confidence::TsSdk,
    credentials: &[
        &[Credential::ApiKey],
        &[Credential::UserToken],
        &[Credential::ApiKey, Credential::UserToken],
    ],
    pagination: Some(Pagination::Before {
        items: "messages",
        before: "created_at",
    }),
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::TsSdk),
        (403, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /internal/hooks/rpc`
pub static SOCKET_EMIT: Operation = Operation {
    id: "socketEmit",
    hook_id: "socket_emit",
    method: "POST",
    path: "/internal/hooks/rpc",
    tag: "Realtime",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::SecretKeyBearer]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::TsSdk),
        (403, Confidence::TsSdk),
        (404, Confidence::TsSdk),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/ai/chat`
pub static AI_CHAT: Operation = Operation {
    id: "aiChat",
    hook_id: "ai_chat",
    method: "POST",
    path: "/v1/ai/chat",
    tag: "AI",
    idempotency: Idempotency::No,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/ai/embed`
pub static AI_EMBED: Operation = Operation {
    id: "aiEmbed",
    hook_id: "ai_embed",
    method: "POST",
    path: "/v1/ai/embed",
    tag: "AI",
    idempotency: Idempotency::Read,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `GET /v1/ai/gateway/me/wallet`
pub static GATEWAY_GET_WALLET: Operation = Operation {
    id: "gatewayGetWallet",
    hook_id: "gateway_get_wallet",
    method: "GET",
    path: "/v1/ai/gateway/me/wallet",
    tag: "Gateway",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ConsumerKey], &[Credential::UserToken]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Spec),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/ai/gateway/{apiSlug}/chat/completions`
pub static GATEWAY_CHAT_COMPLETIONS: Operation = Operation {
    id: "gatewayChatCompletions",
    hook_id: "gateway_chat_completions",
    method: "POST",
    path: "/v1/ai/gateway/{apiSlug}/chat/completions",
    tag: "Gateway",
    idempotency: Idempotency::No,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ConsumerKey], &[Credential::UserToken]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Docs),
        (401, Confidence::Spec),
        (403, Confidence::Inferred),
        (404, Confidence::Inferred),
        (413, Confidence::Inferred),
        (429, Confidence::Spec),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/ai/search/configure`
pub static SEARCH_CONFIGURE: Operation = Operation {
    id: "searchConfigure",
    hook_id: "search_configure",
    method: "POST",
    path: "/v1/ai/search/configure",
    tag: "AI",
    idempotency: Idempotency::Replace,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/ai/search/count`
pub static SEARCH_COUNT: Operation = Operation {
    id: "searchCount",
    hook_id: "search_count",
    method: "POST",
    path: "/v1/ai/search/count",
    tag: "AI",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/ai/search/delete`
pub static SEARCH_DELETE: Operation = Operation {
    id: "searchDelete",
    hook_id: "search_delete",
    method: "POST",
    path: "/v1/ai/search/delete",
    tag: "AI",
    idempotency: Idempotency::Replace,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/ai/search/deleteByType`
pub static SEARCH_DELETE_BY_TYPE: Operation = Operation {
    id: "searchDeleteByType",
    hook_id: "search_delete_by_type",
    method: "POST",
    path: "/v1/ai/search/deleteByType",
    tag: "AI",
    idempotency: Idempotency::Replace,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/ai/search/get`
pub static SEARCH_GET: Operation = Operation {
    id: "searchGet",
    hook_id: "search_get",
    method: "POST",
    path: "/v1/ai/search/get",
    tag: "AI",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/ai/search/ingest`
pub static SEARCH_INGEST: Operation = Operation {
    id: "searchIngest",
    hook_id: "search_ingest",
    method: "POST",
    path: "/v1/ai/search/ingest",
    tag: "AI",
    idempotency: Idempotency::No,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `GET /v1/ai/search/listTypes`
pub static SEARCH_LIST_TYPES: Operation = Operation {
    id: "searchListTypes",
    hook_id: "search_list_types",
    method: "GET",
    path: "/v1/ai/search/listTypes",
    tag: "AI",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/ai/search/query`
pub static SEARCH_QUERY: Operation = Operation {
    id: "searchQuery",
    hook_id: "search_query",
    method: "POST",
    path: "/v1/ai/search/query",
    tag: "AI",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/ai/search/update`
pub static SEARCH_UPDATE: Operation = Operation {
    id: "searchUpdate",
    hook_id: "search_update",
    method: "POST",
    path: "/v1/ai/search/update",
    tag: "AI",
    idempotency: Idempotency::Replace,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/auth/signin`
pub static AUTH_SIGNIN: Operation = Operation {
    id: "authSignin",
    hook_id: "auth_signin",
    method: "POST",
    path: "/v1/auth/signin",
    tag: "Authentication",
    idempotency: Idempotency::No,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Spec),
        (403, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/auth/signup`
pub static AUTH_SIGNUP: Operation = Operation {
    id: "authSignup",
    hook_id: "auth_signup",
    method: "POST",
    path: "/v1/auth/signup",
    tag: "Authentication",
    idempotency: Idempotency::No,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (201, Confidence::Spec),
        (400, Confidence::Spec),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (409, Confidence::Spec),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/cache/delete`
pub static CACHE_DELETE: Operation = Operation {
    id: "cacheDelete",
    hook_id: "cache_delete",
    method: "POST",
    path: "/v1/cache/delete",
    tag: "Cache",
    idempotency: Idempotency::Replace,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/cache/deleteMany`
pub static CACHE_DELETE_MANY: Operation = Operation {
    id: "cacheDeleteMany",
    hook_id: "cache_delete_many",
    method: "POST",
    path: "/v1/cache/deleteMany",
    tag: "Cache",
    idempotency: Idempotency::Replace,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/cache/expire`
pub static CACHE_EXPIRE: Operation = Operation {
    id: "cacheExpire",
    hook_id: "cache_expire",
    method: "POST",
    path: "/v1/cache/expire",
    tag: "Cache",
    idempotency: Idempotency::Replace,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/cache/flush`
pub static CACHE_FLUSH: Operation = Operation {
    id: "cacheFlush",
    hook_id: "cache_flush",
    method: "POST",
    path: "/v1/cache/flush",
    tag: "Cache",
    idempotency: Idempotency::No,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/cache/get`
pub static CACHE_GET: Operation = Operation {
    id: "cacheGet",
    hook_id: "cache_get",
    method: "POST",
    path: "/v1/cache/get",
    tag: "Cache",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/cache/getMany`
pub static CACHE_GET_MANY: Operation = Operation {
    id: "cacheGetMany",
    hook_id: "cache_get_many",
    method: "POST",
    path: "/v1/cache/getMany",
    tag: "Cache",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/cache/increment`
pub static CACHE_INCREMENT: Operation = Operation {
    id: "cacheIncrement",
    hook_id: "cache_increment",
    method: "POST",
    path: "/v1/cache/increment",
    tag: "Cache",
    idempotency: Idempotency::No,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/cache/keys`
pub static CACHE_KEYS: Operation = Operation {
    id: "cacheKeys",
    hook_id: "cache_keys",
    method: "POST",
    path: "/v1/cache/keys",
    tag: "Cache",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/cache/list`
pub static CACHE_LIST: Operation = Operation {
    id: "cacheList",
    hook_id: "cache_list",
    method: "POST",
    path: "/v1/cache/list",
    tag: "Cache",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: Some(Pagination::Cursor {
        items: "keys",
        cursor: "cursor",
        end: PageEnd::Complete("list_complete"),
    }),
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/cache/set`
pub static CACHE_SET: Operation = Operation {
    id: "cacheSet",
    hook_id: "cache_set",
    method: "POST",
    path: "/v1/cache/set",
    tag: "Cache",
    idempotency: Idempotency::Replace,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/cache/setMany`
pub static CACHE_SET_MANY: Operation = Operation {
    id: "cacheSetMany",
    hook_id: "cache_set_many",
    method: "POST",
    path: "/v1/cache/setMany",
    tag: "Cache",
    idempotency: Idempotency::Replace,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `DELETE /v1/collections/items/{id}`
pub static COLLECTIONS_DELETE_ITEM: Operation = Operation {
    id: "collectionsDeleteItem",
    hook_id: "collections_delete_item",
    method: "DELETE",
    path: "/v1/collections/items/{id}",
    tag: "Collections",
    idempotency: Idempotency::Replace,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `GET /v1/collections/items/{id}`
pub static COLLECTIONS_GET_ITEM: Operation = Operation {
    id: "collectionsGetItem",
    hook_id: "collections_get_item",
    method: "GET",
    path: "/v1/collections/items/{id}",
    tag: "Collections",
    idempotency: Idempotency::Read,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `PUT /v1/collections/items/{id}`
pub static COLLECTIONS_UPDATE_ITEM: Operation = Operation {
    id: "collectionsUpdateItem",
    hook_id: "collections_update_item",
    method: "PUT",
    path: "/v1/collections/items/{id}",
    tag: "Collections",
    idempotency: Idempotency::Replace,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (404, Confidence::Inferred),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `GET /v1/collections/{name}/items`
pub static COLLECTIONS_LIST_ITEMS: Operation = Operation {
    id: "collectionsListItems",
    hook_id: "collections_list_items",
    method: "GET",
    path: "/v1/collections/{name}/items",
    tag: "Collections",
    idempotency: Idempotency::Read,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/collections/{name}/items`
pub static COLLECTIONS_CREATE_ITEM: Operation = Operation {
    id: "collectionsCreateItem",
    hook_id: "collections_create_item",
    method: "POST",
    path: "/v1/collections/{name}/items",
    tag: "Collections",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (404, Confidence::Inferred),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `DELETE /v1/custom/{slug}`
pub static CUSTOM_CALL_DELETE: Operation = Operation {
    id: "customCallDelete",
    hook_id: "custom_call_delete",
    method: "DELETE",
    path: "/v1/custom/{slug}",
    tag: "Functions",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::ApiKey], &[Credential::ApiKey, Credential::UserToken]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `GET /v1/custom/{slug}`
pub static CUSTOM_CALL_GET: Operation = Operation {
    id: "customCallGet",
    hook_id: "custom_call_get",
    method: "GET",
    path: "/v1/custom/{slug}",
    tag: "Functions",
    idempotency: Idempotency::Read,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::ApiKey], &[Credential::ApiKey, Credential::UserToken]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `PATCH /v1/custom/{slug}`
pub static CUSTOM_CALL_PATCH: Operation = Operation {
    id: "customCallPatch",
    hook_id: "custom_call_patch",
    method: "PATCH",
    path: "/v1/custom/{slug}",
    tag: "Functions",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::ApiKey], &[Credential::ApiKey, Credential::UserToken]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (404, Confidence::Inferred),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/custom/{slug}`
pub static CUSTOM_CALL_POST: Operation = Operation {
    id: "customCallPost",
    hook_id: "custom_call_post",
    method: "POST",
    path: "/v1/custom/{slug}",
    tag: "Functions",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::ApiKey], &[Credential::ApiKey, Credential::UserToken]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (404, Confidence::Inferred),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `PUT /v1/custom/{slug}`
pub static CUSTOM_CALL_PUT: Operation = Operation {
    id: "customCallPut",
    hook_id: "custom_call_put",
    method: "PUT",
    path: "/v1/custom/{slug}",
    tag: "Functions",
    idempotency: Idempotency::No,
    confidence: Confidence::TsSdk,
    credentials: &[&[Credential::ApiKey], &[Credential::ApiKey, Credential::UserToken]],
    pagination: None,
    statuses: &[
        (200, Confidence::TsSdk),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (404, Confidence::Inferred),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/db/batch`
pub static DB_BATCH: Operation = Operation {
    id: "dbBatch",
    hook_id: "db_batch",
    method: "POST",
    path: "/v1/db/batch",
    tag: "Database",
    idempotency: Idempotency::No,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Spec),
        (401, Confidence::Spec),
        (403, Confidence::TsSdk),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Spec),
    ],
};

/// `POST /v1/db/query`
pub static DB_QUERY: Operation = Operation {
    id: "dbQuery",
    hook_id: "db_query",
    method: "POST",
    path: "/v1/db/query",
    tag: "Database",
    idempotency: Idempotency::No,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Spec),
        (401, Confidence::Spec),
        (403, Confidence::TsSdk),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Spec),
    ],
};

/// `POST /v1/gateway/billing/log`
pub static GATEWAY_BILLING_LOG: Operation = Operation {
    id: "gatewayBillingLog",
    hook_id: "gateway_billing_log",
    method: "POST",
    path: "/v1/gateway/billing/log",
    tag: "Gateway",
    idempotency: Idempotency::No,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Spec),
        (401, Confidence::Spec),
        (403, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/queue/cancel`
pub static QUEUE_CANCEL_JOB: Operation = Operation {
    id: "queueCancelJob",
    hook_id: "queue_cancel_job",
    method: "POST",
    path: "/v1/queue/cancel",
    tag: "Queue",
    idempotency: Idempotency::Replace,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/queue/enqueue`
pub static QUEUE_ENQUEUE: Operation = Operation {
    id: "queueEnqueue",
    hook_id: "queue_enqueue",
    method: "POST",
    path: "/v1/queue/enqueue",
    tag: "Queue",
    idempotency: Idempotency::No,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (201, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/queue/job`
pub static QUEUE_GET_JOB: Operation = Operation {
    id: "queueGetJob",
    hook_id: "queue_get_job",
    method: "POST",
    path: "/v1/queue/job",
    tag: "Queue",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/queue/jobs`
pub static QUEUE_LIST_JOBS: Operation = Operation {
    id: "queueListJobs",
    hook_id: "queue_list_jobs",
    method: "POST",
    path: "/v1/queue/jobs",
    tag: "Queue",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: Some(Pagination::Cursor {
        items: "jobs",
        cursor: "cursor",
        end: PageEnd::Complete("list_complete"),
    }),
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/secrets/get`
pub static SECRETS_GET: Operation = Operation {
    id: "secretsGet",
    hook_id: "secrets_get",
    method: "POST",
    path: "/v1/secrets/get",
    tag: "Secrets",
    idempotency: Idempotency::Read,
    confidence: Confidence::Inferred,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Inferred),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/services/invoke`
pub static SERVICES_INVOKE: Operation = Operation {
    id: "servicesInvoke",
    hook_id: "services_invoke",
    method: "POST",
    path: "/v1/services/invoke",
    tag: "Services",
    idempotency: Idempotency::No,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::Inferred),
        (404, Confidence::Inferred),
        (413, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/storage/copy`
pub static STORAGE_COPY: Operation = Operation {
    id: "storageCopy",
    hook_id: "storage_copy",
    method: "POST",
    path: "/v1/storage/copy",
    tag: "Storage",
    idempotency: Idempotency::Replace,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/storage/delete`
pub static STORAGE_DELETE: Operation = Operation {
    id: "storageDelete",
    hook_id: "storage_delete",
    method: "POST",
    path: "/v1/storage/delete",
    tag: "Storage",
    idempotency: Idempotency::Replace,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/storage/exists`
pub static STORAGE_EXISTS: Operation = Operation {
    id: "storageExists",
    hook_id: "storage_exists",
    method: "POST",
    path: "/v1/storage/exists",
    tag: "Storage",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/storage/get`
pub static STORAGE_GET: Operation = Operation {
    id: "storageGet",
    hook_id: "storage_get",
    method: "POST",
    path: "/v1/storage/get",
    tag: "Storage",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (404, Confidence::Spec),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/storage/getMetadata`
pub static STORAGE_GET_METADATA: Operation = Operation {
    id: "storageGetMetadata",
    hook_id: "storage_get_metadata",
    method: "POST",
    path: "/v1/storage/getMetadata",
    tag: "Storage",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/storage/getUrl`
pub static STORAGE_GET_URL: Operation = Operation {
    id: "storageGetUrl",
    hook_id: "storage_get_url",
    method: "POST",
    path: "/v1/storage/getUrl",
    tag: "Storage",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/storage/list`
pub static STORAGE_LIST: Operation = Operation {
    id: "storageList",
    hook_id: "storage_list",
    method: "POST",
    path: "/v1/storage/list",
    tag: "Storage",
    idempotency: Idempotency::Read,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: Some(Pagination::Cursor {
        items: "objects",
        cursor: "cursor",
        end: PageEnd::More("truncated"),
    }),
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/storage/move`
pub static STORAGE_MOVE: Operation = Operation {
    id: "storageMove",
    hook_id: "storage_move",
    method: "POST",
    path: "/v1/storage/move",
    tag: "Storage",
    idempotency: Idempotency::No,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (404, Confidence::Inferred),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// `POST /v1/storage/upload`
pub static STORAGE_UPLOAD: Operation = Operation {
    id: "storageUpload",
    hook_id: "storage_upload",
    method: "POST",
    path: "/v1/storage/upload",
    tag: "Storage",
    idempotency: Idempotency::Replace,
    confidence: Confidence::Spec,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
    statuses: &[
        (200, Confidence::Spec),
        (400, Confidence::Inferred),
        (401, Confidence::Inferred),
        (403, Confidence::TsSdk),
        (413, Confidence::Inferred),
        (415, Confidence::TsSdk),
        (429, Confidence::Docs),
        (500, Confidence::Inferred),
    ],
};

/// Every operation, in the order of their paths.
pub static ALL: &[&Operation] = &[
    &GATEWAY_GET_USAGE,
    &PUBLIC_AUTH_LOGIN,
    &PUBLIC_AUTH_LOGOUT,
    &PUBLIC_AUTH_ME,
    &PUBLIC_AUTH_UPDATE_ME,
    &PUBLIC_AUTH_DELETE_AVATAR,
    &PUBLIC_AUTH_OTP_SEND,
    &PUBLIC_AUTH_OTP_VERIFY,
    &PUBLIC_AUTH_REFRESH,
    &PUBLIC_AUTH_REGISTER,
    &PUBLIC_AUTH_RESEND_VERIFICATION,
    &PUBLIC_AUTH_RESET_PASSWORD,
    &PUBLIC_AUTH_RESET_PASSWORD_REQUEST,
    &PUBLIC_AUTH_VERIFY_EMAIL,
    &REALTIME_HISTORY,
    &SOCKET_EMIT,
    &AI_CHAT,
    &AI_EMBED,
    &GATEWAY_GET_WALLET,
    &GATEWAY_CHAT_COMPLETIONS,
    &SEARCH_CONFIGURE,
    &SEARCH_COUNT,
    &SEARCH_DELETE,
    &SEARCH_DELETE_BY_TYPE,
    &SEARCH_GET,
    &SEARCH_INGEST,
    &SEARCH_LIST_TYPES,
    &SEARCH_QUERY,
    &SEARCH_UPDATE,
    &AUTH_SIGNIN,
    &AUTH_SIGNUP,
    &CACHE_DELETE,
    &CACHE_DELETE_MANY,
    &CACHE_EXPIRE,
    &CACHE_FLUSH,
    &CACHE_GET,
    &CACHE_GET_MANY,
    &CACHE_INCREMENT,
    &CACHE_KEYS,
    &CACHE_LIST,
    &CACHE_SET,
    &CACHE_SET_MANY,
    &COLLECTIONS_DELETE_ITEM,
    &COLLECTIONS_GET_ITEM,
    &COLLECTIONS_UPDATE_ITEM,
    &COLLECTIONS_LIST_ITEMS,
    &COLLECTIONS_CREATE_ITEM,
    &CUSTOM_CALL_DELETE,
    &CUSTOM_CALL_GET,
    &CUSTOM_CALL_PATCH,
    &CUSTOM_CALL_POST,
    &CUSTOM_CALL_PUT,
    &DB_BATCH,
    &DB_QUERY,
    &GATEWAY_BILLING_LOG,
    &QUEUE_CANCEL_JOB,
    &QUEUE_ENQUEUE,
    &QUEUE_GET_JOB,
    &QUEUE_LIST_JOBS,
    &SECRETS_GET,
    &SERVICES_INVOKE,
    &STORAGE_COPY,
    &STORAGE_DELETE,
    &STORAGE_EXISTS,
    &STORAGE_GET,
    &STORAGE_GET_METADATA,
    &STORAGE_GET_URL,
    &STORAGE_LIST,
    &STORAGE_MOVE,
    &STORAGE_UPLOAD,
];
