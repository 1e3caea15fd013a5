// Generated from openapi/aerostack.yaml by `cargo xtask generate`. Do not edit: change the document and run it again.

//! Every operation of the document.

use axum::http::Method;
use crate::http::operation::{Access, Operation};

/// `GET /api/gateway/me/usage`
pub(crate) static GATEWAY_GET_USAGE: Operation = Operation {
    id: "gatewayGetUsage",
    method: Method::GET,
    path: "/api/gateway/me/usage",
    access: Access::Open,
    declares_413: false,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/login`
pub(crate) static PUBLIC_AUTH_LOGIN: Operation = Operation {
    id: "publicAuthLogin",
    method: Method::POST,
    path: "/api/v1/public/projects/{projectSlug}/auth/login",
    access: Access::Open,
    declares_413: false,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/logout`
pub(crate) static PUBLIC_AUTH_LOGOUT: Operation = Operation {
    id: "publicAuthLogout",
    method: Method::POST,
    path: "/api/v1/public/projects/{projectSlug}/auth/logout",
    access: Access::Open,
    declares_413: false,
};

/// `GET /api/v1/public/projects/{projectSlug}/auth/me`
pub(crate) static PUBLIC_AUTH_ME: Operation = Operation {
    id: "publicAuthMe",
    method: Method::GET,
    path: "/api/v1/public/projects/{projectSlug}/auth/me",
    access: Access::Open,
    declares_413: false,
};

/// `PATCH /api/v1/public/projects/{projectSlug}/auth/me`
pub(crate) static PUBLIC_AUTH_UPDATE_ME: Operation = Operation {
    id: "publicAuthUpdateMe",
    method: Method::PATCH,
    path: "/api/v1/public/projects/{projectSlug}/auth/me",
    access: Access::Open,
    declares_413: false,
};

/// `DELETE /api/v1/public/projects/{projectSlug}/auth/me/avatar`
pub(crate) static PUBLIC_AUTH_DELETE_AVATAR: Operation = Operation {
    id: "publicAuthDeleteAvatar",
    method: Method::DELETE,
    path: "/api/v1/public/projects/{projectSlug}/auth/me/avatar",
    access: Access::Open,
    declares_413: false,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/otp/send`
pub(crate) static PUBLIC_AUTH_OTP_SEND: Operation = Operation {
    id: "publicAuthOtpSend",
    method: Method::POST,
    path: "/api/v1/public/projects/{projectSlug}/auth/otp/send",
    access: Access::Open,
    declares_413: false,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/otp/verify`
pub(crate) static PUBLIC_AUTH_OTP_VERIFY: Operation = Operation {
    id: "publicAuthOtpVerify",
    method: Method::POST,
    path: "/api/v1/public/projects/{projectSlug}/auth/otp/verify",
    access: Access::Open,
    declares_413: false,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/refresh`
pub(crate) static PUBLIC_AUTH_REFRESH: Operation = Operation {
    id: "publicAuthRefresh",
    method: Method::POST,
    path: "/api/v1/public/projects/{projectSlug}/auth/refresh",
    access: Access::Open,
    declares_413: false,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/register`
pub(crate) static PUBLIC_AUTH_REGISTER: Operation = Operation {
    id: "publicAuthRegister",
    method: Method::POST,
    path: "/api/v1/public/projects/{projectSlug}/auth/register",
    access: Access::Open,
    declares_413: false,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/resend-verification`
pub(crate) static PUBLIC_AUTH_RESEND_VERIFICATION: Operation = Operation {
    id: "publicAuthResendVerification",
    method: Method::POST,
    path: "/api/v1/public/projects/{projectSlug}/auth/resend-verification",
    access: Access::Open,
    declares_413: false,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/reset-password`
pub(crate) static PUBLIC_AUTH_RESET_PASSWORD: Operation = Operation {
    id: "publicAuthResetPassword",
    method: Method::POST,
    path: "/api/v1/public/projects/{projectSlug}/auth/reset-password",
    access: Access::Open,
    declares_413: false,
};

/// `POST /api/v1/public/projects/{projectSlug}/auth/reset-password-request`
pub(crate) static PUBLIC_AUTH_RESET_PASSWORD_REQUEST: Operation = Operation {
    id: "publicAuthResetPasswordRequest",
    method: Method::POST,
    path: "/api/v1/public/projects/{projectSlug}/auth/reset-password-request",
    access: Access::Open,
    declares_413: false,
};

/// `GET /api/v1/public/projects/{projectSlug}/auth/verify-email`
pub(crate) static PUBLIC_AUTH_VERIFY_EMAIL: Operation = Operation {
    id: "publicAuthVerifyEmail",
    method: Method::GET,
    path: "/api/v1/public/projects/{projectSlug}/auth/verify-email",
    access: Access::Open,
    declares_413: false,
};

/// `GET /api/v1/public/realtime/history`
pub(crate) static REALTIME_HISTORY: Operation = Operation {
    id: "realtimeHistory",
    method: Method::GET,
    path: "/api/v1/public/realtime/history",
    access: Access::Open,
    declares_413: false,
};

/// `POST /internal/hooks/rpc`
pub(crate) static SOCKET_EMIT: Operation = Operation {
    id: "socketEmit",
    method: Method::POST,
    path: "/internal/hooks/rpc",
    access: Access::SecretBearer,
    declares_413: true,
};

/// `POST /v1/ai/chat`
pub(crate) static AI_CHAT: Operation = Operation {
    id: "aiChat",
    method: Method::POST,
    path: "/v1/ai/chat",
    access: Access::SecretKey,
    declares_413: true,
};

/// `POST /v1/ai/embed`
pub(crate) static AI_EMBED: Operation = Operation {
    id: "aiEmbed",
    method: Method::POST,
    path: "/v1/ai/embed",
    access: Access::SecretKey,
    declares_413: true,
};

/// `GET /v1/ai/gateway/me/wallet`
pub(crate) static GATEWAY_GET_WALLET: Operation = Operation {
    id: "gatewayGetWallet",
    method: Method::GET,
    path: "/v1/ai/gateway/me/wallet",
    access: Access::Open,
    declares_413: false,
};

/// `POST /v1/ai/gateway/{apiSlug}/chat/completions`
pub(crate) static GATEWAY_CHAT_COMPLETIONS: Operation = Operation {
    id: "gatewayChatCompletions",
    method: Method::POST,
    path: "/v1/ai/gateway/{apiSlug}/chat/completions",
    access: Access::Open,
    declares_413: true,
};

/// `POST /v1/ai/search/configure`
pub(crate) static SEARCH_CONFIGURE: Operation = Operation {
    id: "searchConfigure",
    method: Method::POST,
    path: "/v1/ai/search/configure",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/ai/search/count`
pub(crate) static SEARCH_COUNT: Operation = Operation {
    id: "searchCount",
    method: Method::POST,
    path: "/v1/ai/search/count",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/ai/search/delete`
pub(crate) static SEARCH_DELETE: Operation = Operation {
    id: "searchDelete",
    method: Method::POST,
    path: "/v1/ai/search/delete",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/ai/search/deleteByType`
pub(crate) static SEARCH_DELETE_BY_TYPE: Operation = Operation {
    id: "searchDeleteByType",
    method: Method::POST,
    path: "/v1/ai/search/deleteByType",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/ai/search/get`
pub(crate) static SEARCH_GET: Operation = Operation {
    id: "searchGet",
    method: Method::POST,
    path: "/v1/ai/search/get",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/ai/search/ingest`
pub(crate) static SEARCH_INGEST: Operation = Operation {
    id: "searchIngest",
    method: Method::POST,
    path: "/v1/ai/search/ingest",
    access: Access::SecretKey,
    declares_413: true,
};

/// `GET /v1/ai/search/listTypes`
pub(crate) static SEARCH_LIST_TYPES: Operation = Operation {
    id: "searchListTypes",
    method: Method::GET,
    path: "/v1/ai/search/listTypes",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/ai/search/query`
pub(crate) static SEARCH_QUERY: Operation = Operation {
    id: "searchQuery",
    method: Method::POST,
    path: "/v1/ai/search/query",
    access: Access::SecretKey,
    declares_413: true,
};

/// `POST /v1/ai/search/update`
pub(crate) static SEARCH_UPDATE: Operation = Operation {
    id: "searchUpdate",
    method: Method::POST,
    path: "/v1/ai/search/update",
    access: Access::SecretKey,
    declares_413: true,
};

/// `POST /v1/auth/signin`
pub(crate) static AUTH_SIGNIN: Operation = Operation {
    id: "authSignin",
    method: Method::POST,
    path: "/v1/auth/signin",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/auth/signup`
pub(crate) static AUTH_SIGNUP: Operation = Operation {
    id: "authSignup",
    method: Method::POST,
    path: "/v1/auth/signup",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/cache/delete`
pub(crate) static CACHE_DELETE: Operation = Operation {
    id: "cacheDelete",
    method: Method::POST,
    path: "/v1/cache/delete",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/cache/deleteMany`
pub(crate) static CACHE_DELETE_MANY: Operation = Operation {
    id: "cacheDeleteMany",
    method: Method::POST,
    path: "/v1/cache/deleteMany",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/cache/expire`
pub(crate) static CACHE_EXPIRE: Operation = Operation {
    id: "cacheExpire",
    method: Method::POST,
    path: "/v1/cache/expire",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/cache/flush`
pub(crate) static CACHE_FLUSH: Operation = Operation {
    id: "cacheFlush",
    method: Method::POST,
    path: "/v1/cache/flush",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/cache/get`
pub(crate) static CACHE_GET: Operation = Operation {
    id: "cacheGet",
    method: Method::POST,
    path: "/v1/cache/get",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/cache/getMany`
pub(crate) static CACHE_GET_MANY: Operation = Operation {
    id: "cacheGetMany",
    method: Method::POST,
    path: "/v1/cache/getMany",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/cache/increment`
pub(crate) static CACHE_INCREMENT: Operation = Operation {
    id: "cacheIncrement",
    method: Method::POST,
    path: "/v1/cache/increment",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/cache/keys`
pub(crate) static CACHE_KEYS: Operation = Operation {
    id: "cacheKeys",
    method: Method::POST,
    path: "/v1/cache/keys",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/cache/list`
pub(crate) static CACHE_LIST: Operation = Operation {
    id: "cacheList",
    method: Method::POST,
    path: "/v1/cache/list",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/cache/set`
pub(crate) static CACHE_SET: Operation = Operation {
    id: "cacheSet",
    method: Method::POST,
    path: "/v1/cache/set",
    access: Access::SecretKey,
    declares_413: true,
};

/// `POST /v1/cache/setMany`
pub(crate) static CACHE_SET_MANY: Operation = Operation {
    id: "cacheSetMany",
    method: Method::POST,
    path: "/v1/cache/setMany",
    access: Access::SecretKey,
    declares_413: true,
};

/// `DELETE /v1/collections/items/{id}`
pub(crate) static COLLECTIONS_DELETE_ITEM: Operation = Operation {
    id: "collectionsDeleteItem",
    method: Method::DELETE,
    path: "/v1/collections/items/{id}",
    access: Access::SecretKey,
    declares_413: false,
};

/// `GET /v1/collections/items/{id}`
pub(crate) static COLLECTIONS_GET_ITEM: Operation = Operation {
    id: "collectionsGetItem",
    method: Method::GET,
    path: "/v1/collections/items/{id}",
    access: Access::SecretKey,
    declares_413: false,
};

/// `PUT /v1/collections/items/{id}`
pub(crate) static COLLECTIONS_UPDATE_ITEM: Operation = Operation {
    id: "collectionsUpdateItem",
    method: Method::PUT,
    path: "/v1/collections/items/{id}",
    access: Access::SecretKey,
    declares_413: true,
};

/// `GET /v1/collections/{name}/items`
pub(crate) static COLLECTIONS_LIST_ITEMS: Operation = Operation {
    id: "collectionsListItems",
    method: Method::GET,
    path: "/v1/collections/{name}/items",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/collections/{name}/items`
pub(crate) static COLLECTIONS_CREATE_ITEM: Operation = Operation {
    id: "collectionsCreateItem",
    method: Method::POST,
    path: "/v1/collections/{name}/items",
    access: Access::SecretKey,
    declares_413: true,
};

/// `DELETE /v1/custom/{slug}`
pub(crate) static CUSTOM_CALL_DELETE: Operation = Operation {
    id: "customCallDelete",
    method: Method::DELETE,
    path: "/v1/custom/{slug}",
    access: Access::SecretKey,
    declares_413: false,
};

/// `GET /v1/custom/{slug}`
pub(crate) static CUSTOM_CALL_GET: Operation = Operation {
    id: "customCallGet",
    method: Method::GET,
    path: "/v1/custom/{slug}",
    access: Access::SecretKey,
    declares_413: false,
};

/// `PATCH /v1/custom/{slug}`
pub(crate) static CUSTOM_CALL_PATCH: Operation = Operation {
    id: "customCallPatch",
    method: Method::PATCH,
    path: "/v1/custom/{slug}",
    access: Access::SecretKey,
    declares_413: true,
};

/// `POST /v1/custom/{slug}`
pub(crate) static CUSTOM_CALL_POST: Operation = Operation {
    id: "customCallPost",
    method: Method::POST,
    path: "/v1/custom/{slug}",
    access: Access::SecretKey,
    declares_413: true,
};

/// `PUT /v1/custom/{slug}`
pub(crate) static CUSTOM_CALL_PUT: Operation = Operation {
    id: "customCallPut",
    method: Method::PUT,
    path: "/v1/custom/{slug}",
    access: Access::SecretKey,
    declares_413: true,
};

/// `POST /v1/db/batch`
pub(crate) static DB_BATCH: Operation = Operation {
    id: "dbBatch",
    method: Method::POST,
    path: "/v1/db/batch",
    access: Access::SecretKey,
    declares_413: true,
};

/// `POST /v1/db/query`
pub(crate) static DB_QUERY: Operation = Operation {
    id: "dbQuery",
    method: Method::POST,
    path: "/v1/db/query",
    access: Access::SecretKey,
    declares_413: true,
};

/// `POST /v1/gateway/billing/log`
pub(crate) static GATEWAY_BILLING_LOG: Operation = Operation {
    id: "gatewayBillingLog",
    method: Method::POST,
    path: "/v1/gateway/billing/log",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/queue/cancel`
pub(crate) static QUEUE_CANCEL_JOB: Operation = Operation {
    id: "queueCancelJob",
    method: Method::POST,
    path: "/v1/queue/cancel",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/queue/enqueue`
pub(crate) static QUEUE_ENQUEUE: Operation = Operation {
    id: "queueEnqueue",
    method: Method::POST,
    path: "/v1/queue/enqueue",
    access: Access::SecretKey,
    declares_413: true,
};

/// `POST /v1/queue/job`
pub(crate) static QUEUE_GET_JOB: Operation = Operation {
    id: "queueGetJob",
    method: Method::POST,
    path: "/v1/queue/job",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/queue/jobs`
pub(crate) static QUEUE_LIST_JOBS: Operation = Operation {
    id: "queueListJobs",
    method: Method::POST,
    path: "/v1/queue/jobs",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/secrets/get`
pub(crate) static SECRETS_GET: Operation = Operation {
    id: "secretsGet",
    method: Method::POST,
    path: "/v1/secrets/get",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/services/invoke`
pub(crate) static SERVICES_INVOKE: Operation = Operation {
    id: "servicesInvoke",
    method: Method::POST,
    path: "/v1/services/invoke",
    access: Access::SecretKey,
    declares_413: true,
};

/// `POST /v1/storage/copy`
pub(crate) static STORAGE_COPY: Operation = Operation {
    id: "storageCopy",
    method: Method::POST,
    path: "/v1/storage/copy",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/storage/delete`
pub(crate) static STORAGE_DELETE: Operation = Operation {
    id: "storageDelete",
    method: Method::POST,
    path: "/v1/storage/delete",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/storage/exists`
pub(crate) static STORAGE_EXISTS: Operation = Operation {
    id: "storageExists",
    method: Method::POST,
    path: "/v1/storage/exists",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/storage/get`
pub(crate) static STORAGE_GET: Operation = Operation {
    id: "storageGet",
    method: Method::POST,
    path: "/v1/storage/get",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/storage/getMetadata`
pub(crate) static STORAGE_GET_METADATA: Operation = Operation {
    id: "storageGetMetadata",
    method: Method::POST,
    path: "/v1/storage/getMetadata",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/storage/getUrl`
pub(crate) static STORAGE_GET_URL: Operation = Operation {
    id: "storageGetUrl",
    method: Method::POST,
    path: "/v1/storage/getUrl",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/storage/list`
pub(crate) static STORAGE_LIST: Operation = Operation {
    id: "storageList",
    method: Method::POST,
    path: "/v1/storage/list",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/storage/move`
pub(crate) static STORAGE_MOVE: Operation = Operation {
    id: "storageMove",
    method: Method::POST,
    path: "/v1/storage/move",
    access: Access::SecretKey,
    declares_413: false,
};

/// `POST /v1/storage/upload`
pub(crate) static STORAGE_UPLOAD: Operation = Operation {
    id: "storageUpload",
    method: Method::POST,
    path: "/v1/storage/upload",
    access: Access::SecretKey,
    declares_413: true,
};

/// All of them, in the order of their paths.
pub(crate) static ALL: &[&Operation] = &[
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
