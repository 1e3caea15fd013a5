// Generated from openapi/aerostack.yaml by `cargo xtask generate`. Do not edit: change the document and run it again.

//! What the document says about each operation beyond its shape.
use crate::operation::{
    Confidence, Credential, Idempotency, Operation, PageEnd, Pagination,
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

/// Every operation, in the order of the document.
pub static ALL: &[&Operation] = &[
    &DB_QUERY,
    &DB_BATCH,
    &AUTH_SIGNUP,
    &AUTH_SIGNIN,
    &CACHE_GET,
    &CACHE_SET,
    &CACHE_DELETE,
    &CACHE_LIST,
    &CACHE_KEYS,
    &CACHE_GET_MANY,
    &CACHE_SET_MANY,
    &CACHE_DELETE_MANY,
    &CACHE_FLUSH,
    &CACHE_EXPIRE,
    &CACHE_INCREMENT,
    &STORAGE_UPLOAD,
    &STORAGE_GET,
    &STORAGE_GET_URL,
    &STORAGE_LIST,
    &STORAGE_DELETE,
    &STORAGE_EXISTS,
    &STORAGE_GET_METADATA,
    &STORAGE_COPY,
    &STORAGE_MOVE,
];
