// Generated from openapi/aerostack.yaml by `cargo xtask generate`. Do not edit: change the document and run it again.

//! Facts about each operation, from the document.

#[allow(unused_imports, reason = "not every document has pages")]
use crate::operation::{Credential, Idempotency, Operation, PageEnd, Pagination};

/// `GET /api/gateway/me/usage`
pub static GATEWAY_GET_USAGE: Operation = Operation {
    id: "gatewayGetUsage",
    method: "GET",
    path: "/api/gateway/me/usage",
    tag: "Gateway",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ConsumerKey], &[Credential::UserToken]],
    pagination: None,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/login`
pub static PUBLIC_AUTH_LOGIN: Operation = Operation {
    id: "publicAuthLogin",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/login",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    credentials: &[],
    pagination: None,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/logout`
pub static PUBLIC_AUTH_LOGOUT: Operation = Operation {
    id: "publicAuthLogout",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/logout",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::UserToken]],
    pagination: None,
};

/// `GET /api/v1/public/projects/{projectSlug}/auth/me`
pub static PUBLIC_AUTH_ME: Operation = Operation {
    id: "publicAuthMe",
    method: "GET",
    path: "/api/v1/public/projects/{projectSlug}/auth/me",
    tag: "Public authentication",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::UserToken]],
    pagination: None,
};

/// `PATCH /api/v1/public/projects/{projectSlug}/auth/me`
pub static PUBLIC_AUTH_UPDATE_ME: Operation = Operation {
    id: "publicAuthUpdateMe",
    method: "PATCH",
    path: "/api/v1/public/projects/{projectSlug}/auth/me",
    tag: "Public authentication",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::UserToken]],
    pagination: None,
};

/// `DELETE /api/v1/public/projects/{projectSlug}/auth/me/avatar`
pub static PUBLIC_AUTH_DELETE_AVATAR: Operation = Operation {
    id: "publicAuthDeleteAvatar",
    method: "DELETE",
    path: "/api/v1/public/projects/{projectSlug}/auth/me/avatar",
    tag: "Public authentication",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::UserToken]],
    pagination: None,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/otp/send`
pub static PUBLIC_AUTH_OTP_SEND: Operation = Operation {
    id: "publicAuthOtpSend",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/otp/send",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    credentials: &[],
    pagination: None,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/otp/verify`
pub static PUBLIC_AUTH_OTP_VERIFY: Operation = Operation {
    id: "publicAuthOtpVerify",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/otp/verify",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    credentials: &[],
    pagination: None,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/refresh`
pub static PUBLIC_AUTH_REFRESH: Operation = Operation {
    id: "publicAuthRefresh",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/refresh",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    credentials: &[],
    pagination: None,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/register`
pub static PUBLIC_AUTH_REGISTER: Operation = Operation {
    id: "publicAuthRegister",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/register",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    credentials: &[],
    pagination: None,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/resend-verification`
pub static PUBLIC_AUTH_RESEND_VERIFICATION: Operation = Operation {
    id: "publicAuthResendVerification",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/resend-verification",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    credentials: &[],
    pagination: None,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/reset-password`
pub static PUBLIC_AUTH_RESET_PASSWORD: Operation = Operation {
    id: "publicAuthResetPassword",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/reset-password",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    credentials: &[],
    pagination: None,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/reset-password-request`
pub static PUBLIC_AUTH_RESET_PASSWORD_REQUEST: Operation = Operation {
    id: "publicAuthResetPasswordRequest",
    method: "POST",
    path: "/api/v1/public/projects/{projectSlug}/auth/reset-password-request",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    credentials: &[],
    pagination: None,
};

/// `GET /api/v1/public/projects/{projectSlug}/auth/verify-email`
pub static PUBLIC_AUTH_VERIFY_EMAIL: Operation = Operation {
    id: "publicAuthVerifyEmail",
    method: "GET",
    path: "/api/v1/public/projects/{projectSlug}/auth/verify-email",
    tag: "Public authentication",
    idempotency: Idempotency::No,
    credentials: &[],
    pagination: None,
};

/// `GET /api/v1/public/realtime/history`
pub static REALTIME_HISTORY: Operation = Operation {
    id: "realtimeHistory",
    method: "GET",
    path: "/api/v1/public/realtime/history",
    tag: "Realtime",
    idempotency: Idempotency::Read,
    credentials: &[
        &[Credential::ApiKey],
        &[Credential::UserToken],
        &[Credential::ApiKey, Credential::UserToken],
    ],
    pagination: Some(Pagination::Before {
        items: "messages",
        before: "created_at",
    }),
};

/// `POST /internal/hooks/rpc`
pub static SOCKET_EMIT: Operation = Operation {
    id: "socketEmit",
    method: "POST",
    path: "/internal/hooks/rpc",
    tag: "Realtime",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::SecretKeyBearer]],
    pagination: None,
};

/// `POST /v1/ai/chat`
pub static AI_CHAT: Operation = Operation {
    id: "aiChat",
    method: "POST",
    path: "/v1/ai/chat",
    tag: "AI",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/ai/embed`
pub static AI_EMBED: Operation = Operation {
    id: "aiEmbed",
    method: "POST",
    path: "/v1/ai/embed",
    tag: "AI",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `GET /v1/ai/gateway/me/wallet`
pub static GATEWAY_GET_WALLET: Operation = Operation {
    id: "gatewayGetWallet",
    method: "GET",
    path: "/v1/ai/gateway/me/wallet",
    tag: "Gateway",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ConsumerKey], &[Credential::UserToken]],
    pagination: None,
};

/// `POST /v1/ai/gateway/{apiSlug}/chat/completions`
pub static GATEWAY_CHAT_COMPLETIONS: Operation = Operation {
    id: "gatewayChatCompletions",
    method: "POST",
    path: "/v1/ai/gateway/{apiSlug}/chat/completions",
    tag: "Gateway",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ConsumerKey], &[Credential::UserToken]],
    pagination: None,
};

/// `POST /v1/ai/search/configure`
pub static SEARCH_CONFIGURE: Operation = Operation {
    id: "searchConfigure",
    method: "POST",
    path: "/v1/ai/search/configure",
    tag: "AI",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/ai/search/count`
pub static SEARCH_COUNT: Operation = Operation {
    id: "searchCount",
    method: "POST",
    path: "/v1/ai/search/count",
    tag: "AI",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/ai/search/delete`
pub static SEARCH_DELETE: Operation = Operation {
    id: "searchDelete",
    method: "POST",
    path: "/v1/ai/search/delete",
    tag: "AI",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/ai/search/deleteByType`
pub static SEARCH_DELETE_BY_TYPE: Operation = Operation {
    id: "searchDeleteByType",
    method: "POST",
    path: "/v1/ai/search/deleteByType",
    tag: "AI",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/ai/search/get`
pub static SEARCH_GET: Operation = Operation {
    id: "searchGet",
    method: "POST",
    path: "/v1/ai/search/get",
    tag: "AI",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/ai/search/ingest`
pub static SEARCH_INGEST: Operation = Operation {
    id: "searchIngest",
    method: "POST",
    path: "/v1/ai/search/ingest",
    tag: "AI",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `GET /v1/ai/search/listTypes`
pub static SEARCH_LIST_TYPES: Operation = Operation {
    id: "searchListTypes",
    method: "GET",
    path: "/v1/ai/search/listTypes",
    tag: "AI",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/ai/search/query`
pub static SEARCH_QUERY: Operation = Operation {
    id: "searchQuery",
    method: "POST",
    path: "/v1/ai/search/query",
    tag: "AI",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/ai/search/update`
pub static SEARCH_UPDATE: Operation = Operation {
    id: "searchUpdate",
    method: "POST",
    path: "/v1/ai/search/update",
    tag: "AI",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/auth/signin`
pub static AUTH_SIGNIN: Operation = Operation {
    id: "authSignin",
    method: "POST",
    path: "/v1/auth/signin",
    tag: "Authentication",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/auth/signup`
pub static AUTH_SIGNUP: Operation = Operation {
    id: "authSignup",
    method: "POST",
    path: "/v1/auth/signup",
    tag: "Authentication",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/cache/delete`
pub static CACHE_DELETE: Operation = Operation {
    id: "cacheDelete",
    method: "POST",
    path: "/v1/cache/delete",
    tag: "Cache",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/cache/deleteMany`
pub static CACHE_DELETE_MANY: Operation = Operation {
    id: "cacheDeleteMany",
    method: "POST",
    path: "/v1/cache/deleteMany",
    tag: "Cache",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/cache/expire`
pub static CACHE_EXPIRE: Operation = Operation {
    id: "cacheExpire",
    method: "POST",
    path: "/v1/cache/expire",
    tag: "Cache",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/cache/flush`
pub static CACHE_FLUSH: Operation = Operation {
    id: "cacheFlush",
    method: "POST",
    path: "/v1/cache/flush",
    tag: "Cache",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/cache/get`
pub static CACHE_GET: Operation = Operation {
    id: "cacheGet",
    method: "POST",
    path: "/v1/cache/get",
    tag: "Cache",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/cache/getMany`
pub static CACHE_GET_MANY: Operation = Operation {
    id: "cacheGetMany",
    method: "POST",
    path: "/v1/cache/getMany",
    tag: "Cache",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/cache/increment`
pub static CACHE_INCREMENT: Operation = Operation {
    id: "cacheIncrement",
    method: "POST",
    path: "/v1/cache/increment",
    tag: "Cache",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/cache/keys`
pub static CACHE_KEYS: Operation = Operation {
    id: "cacheKeys",
    method: "POST",
    path: "/v1/cache/keys",
    tag: "Cache",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/cache/list`
pub static CACHE_LIST: Operation = Operation {
    id: "cacheList",
    method: "POST",
    path: "/v1/cache/list",
    tag: "Cache",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: Some(Pagination::Cursor {
        items: "keys",
        cursor: "cursor",
        send: "cursor",
        end: PageEnd::Complete("list_complete"),
    }),
};

/// `POST /v1/cache/set`
pub static CACHE_SET: Operation = Operation {
    id: "cacheSet",
    method: "POST",
    path: "/v1/cache/set",
    tag: "Cache",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/cache/setMany`
pub static CACHE_SET_MANY: Operation = Operation {
    id: "cacheSetMany",
    method: "POST",
    path: "/v1/cache/setMany",
    tag: "Cache",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `DELETE /v1/collections/items/{id}`
pub static COLLECTIONS_DELETE_ITEM: Operation = Operation {
    id: "collectionsDeleteItem",
    method: "DELETE",
    path: "/v1/collections/items/{id}",
    tag: "Collections",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `GET /v1/collections/items/{id}`
pub static COLLECTIONS_GET_ITEM: Operation = Operation {
    id: "collectionsGetItem",
    method: "GET",
    path: "/v1/collections/items/{id}",
    tag: "Collections",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `PUT /v1/collections/items/{id}`
pub static COLLECTIONS_UPDATE_ITEM: Operation = Operation {
    id: "collectionsUpdateItem",
    method: "PUT",
    path: "/v1/collections/items/{id}",
    tag: "Collections",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `GET /v1/collections/{name}/items`
pub static COLLECTIONS_LIST_ITEMS: Operation = Operation {
    id: "collectionsListItems",
    method: "GET",
    path: "/v1/collections/{name}/items",
    tag: "Collections",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/collections/{name}/items`
pub static COLLECTIONS_CREATE_ITEM: Operation = Operation {
    id: "collectionsCreateItem",
    method: "POST",
    path: "/v1/collections/{name}/items",
    tag: "Collections",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `DELETE /v1/custom/{slug}`
pub static CUSTOM_CALL_DELETE: Operation = Operation {
    id: "customCallDelete",
    method: "DELETE",
    path: "/v1/custom/{slug}",
    tag: "Functions",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey], &[Credential::ApiKey, Credential::UserToken]],
    pagination: None,
};

/// `GET /v1/custom/{slug}`
pub static CUSTOM_CALL_GET: Operation = Operation {
    id: "customCallGet",
    method: "GET",
    path: "/v1/custom/{slug}",
    tag: "Functions",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey], &[Credential::ApiKey, Credential::UserToken]],
    pagination: None,
};

/// `PATCH /v1/custom/{slug}`
pub static CUSTOM_CALL_PATCH: Operation = Operation {
    id: "customCallPatch",
    method: "PATCH",
    path: "/v1/custom/{slug}",
    tag: "Functions",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey], &[Credential::ApiKey, Credential::UserToken]],
    pagination: None,
};

/// `POST /v1/custom/{slug}`
pub static CUSTOM_CALL_POST: Operation = Operation {
    id: "customCallPost",
    method: "POST",
    path: "/v1/custom/{slug}",
    tag: "Functions",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey], &[Credential::ApiKey, Credential::UserToken]],
    pagination: None,
};

/// `PUT /v1/custom/{slug}`
pub static CUSTOM_CALL_PUT: Operation = Operation {
    id: "customCallPut",
    method: "PUT",
    path: "/v1/custom/{slug}",
    tag: "Functions",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey], &[Credential::ApiKey, Credential::UserToken]],
    pagination: None,
};

/// `POST /v1/db/batch`
pub static DB_BATCH: Operation = Operation {
    id: "dbBatch",
    method: "POST",
    path: "/v1/db/batch",
    tag: "Database",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/db/query`
pub static DB_QUERY: Operation = Operation {
    id: "dbQuery",
    method: "POST",
    path: "/v1/db/query",
    tag: "Database",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/gateway/billing/log`
pub static GATEWAY_BILLING_LOG: Operation = Operation {
    id: "gatewayBillingLog",
    method: "POST",
    path: "/v1/gateway/billing/log",
    tag: "Gateway",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/queue/cancel`
pub static QUEUE_CANCEL_JOB: Operation = Operation {
    id: "queueCancelJob",
    method: "POST",
    path: "/v1/queue/cancel",
    tag: "Queue",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/queue/enqueue`
pub static QUEUE_ENQUEUE: Operation = Operation {
    id: "queueEnqueue",
    method: "POST",
    path: "/v1/queue/enqueue",
    tag: "Queue",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/queue/job`
pub static QUEUE_GET_JOB: Operation = Operation {
    id: "queueGetJob",
    method: "POST",
    path: "/v1/queue/job",
    tag: "Queue",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/queue/jobs`
pub static QUEUE_LIST_JOBS: Operation = Operation {
    id: "queueListJobs",
    method: "POST",
    path: "/v1/queue/jobs",
    tag: "Queue",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: Some(Pagination::Cursor {
        items: "jobs",
        cursor: "cursor",
        send: "cursor",
        end: PageEnd::Complete("list_complete"),
    }),
};

/// `POST /v1/secrets/get`
pub static SECRETS_GET: Operation = Operation {
    id: "secretsGet",
    method: "POST",
    path: "/v1/secrets/get",
    tag: "Secrets",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/services/invoke`
pub static SERVICES_INVOKE: Operation = Operation {
    id: "servicesInvoke",
    method: "POST",
    path: "/v1/services/invoke",
    tag: "Services",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/storage/copy`
pub static STORAGE_COPY: Operation = Operation {
    id: "storageCopy",
    method: "POST",
    path: "/v1/storage/copy",
    tag: "Storage",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/storage/delete`
pub static STORAGE_DELETE: Operation = Operation {
    id: "storageDelete",
    method: "POST",
    path: "/v1/storage/delete",
    tag: "Storage",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/storage/exists`
pub static STORAGE_EXISTS: Operation = Operation {
    id: "storageExists",
    method: "POST",
    path: "/v1/storage/exists",
    tag: "Storage",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/storage/get`
pub static STORAGE_GET: Operation = Operation {
    id: "storageGet",
    method: "POST",
    path: "/v1/storage/get",
    tag: "Storage",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/storage/getMetadata`
pub static STORAGE_GET_METADATA: Operation = Operation {
    id: "storageGetMetadata",
    method: "POST",
    path: "/v1/storage/getMetadata",
    tag: "Storage",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/storage/getUrl`
pub static STORAGE_GET_URL: Operation = Operation {
    id: "storageGetUrl",
    method: "POST",
    path: "/v1/storage/getUrl",
    tag: "Storage",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/storage/list`
pub static STORAGE_LIST: Operation = Operation {
    id: "storageList",
    method: "POST",
    path: "/v1/storage/list",
    tag: "Storage",
    idempotency: Idempotency::Read,
    credentials: &[&[Credential::ApiKey]],
    pagination: Some(Pagination::Cursor {
        items: "objects",
        cursor: "cursor",
        send: "cursor",
        end: PageEnd::More("truncated"),
    }),
};

/// `POST /v1/storage/move`
pub static STORAGE_MOVE: Operation = Operation {
    id: "storageMove",
    method: "POST",
    path: "/v1/storage/move",
    tag: "Storage",
    idempotency: Idempotency::No,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
};

/// `POST /v1/storage/upload`
pub static STORAGE_UPLOAD: Operation = Operation {
    id: "storageUpload",
    method: "POST",
    path: "/v1/storage/upload",
    tag: "Storage",
    idempotency: Idempotency::Replace,
    credentials: &[&[Credential::ApiKey]],
    pagination: None,
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
