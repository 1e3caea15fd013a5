//! The operations of the platform: which requests they are and which credential each of them takes.

use axum::http::Method;

/// The credential an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// `X-Aerostack-Key` with the secret key; checked before the handler runs.
    SecretKey,
    /// `Authorization: Bearer` with the secret key; checked before the handler runs.
    SecretBearer,
    /// None, or one that the handler itself looks at.
    Open,
}

#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// The path; a segment in braces stands for any one segment.
    pub(crate) path: &'static str,
    pub(crate) access: Access,
}

/// The operations whose document declares a 413; the others answer a body that is too large with 400.
#[rustfmt::skip]
const LARGE: &[&str] = &[
    "dbQuery", "dbBatch", "cacheSet", "cacheSetMany", "queueEnqueue", "storageUpload", "aiChat", "aiEmbed",
    "searchIngest", "searchQuery", "searchUpdate", "gatewayChatCompletions", "servicesInvoke",
    "collectionsCreateItem", "collectionsUpdateItem", "customCallPost", "customCallPut", "customCallPatch",
    "socketEmit",
];

impl Operation {
    /// Whether a body that is too large has a status of its own here.
    pub(crate) fn declares_413(&self) -> bool {
        LARGE.contains(&self.id)
    }
}

const fn op(method: Method, path: &'static str, id: &'static str, access: Access) -> Operation {
    Operation {
        id,
        method,
        path,
        access,
    }
}

use Access::{Open, SecretBearer, SecretKey};

const GET: Method = Method::GET;
const POST: Method = Method::POST;
const PUT: Method = Method::PUT;
const PATCH: Method = Method::PATCH;
const DELETE: Method = Method::DELETE;

/// Every operation of the platform's document.
#[rustfmt::skip]
pub(crate) static OPERATIONS: &[Operation] = &[
    op(POST, "/v1/db/query", "dbQuery", SecretKey),
    op(POST, "/v1/db/batch", "dbBatch", SecretKey),

    op(POST, "/v1/auth/signup", "authSignup", SecretKey),
    op(POST, "/v1/auth/signin", "authSignin", SecretKey),
    op(POST, "/api/v1/public/projects/{projectSlug}/auth/register", "publicAuthRegister", Open),
    op(POST, "/api/v1/public/projects/{projectSlug}/auth/login", "publicAuthLogin", Open),
    op(POST, "/api/v1/public/projects/{projectSlug}/auth/otp/send", "publicAuthOtpSend", Open),
    op(POST, "/api/v1/public/projects/{projectSlug}/auth/otp/verify", "publicAuthOtpVerify", Open),
    op(GET, "/api/v1/public/projects/{projectSlug}/auth/verify-email", "publicAuthVerifyEmail", Open),
    op(POST, "/api/v1/public/projects/{projectSlug}/auth/resend-verification", "publicAuthResendVerification", Open),
    op(POST, "/api/v1/public/projects/{projectSlug}/auth/reset-password-request", "publicAuthResetPasswordRequest", Open),
    op(POST, "/api/v1/public/projects/{projectSlug}/auth/reset-password", "publicAuthResetPassword", Open),
    op(POST, "/api/v1/public/projects/{projectSlug}/auth/refresh", "publicAuthRefresh", Open),
    op(POST, "/api/v1/public/projects/{projectSlug}/auth/logout", "publicAuthLogout", Open),
    op(GET, "/api/v1/public/projects/{projectSlug}/auth/me", "publicAuthMe", Open),
    op(PATCH, "/api/v1/public/projects/{projectSlug}/auth/me", "publicAuthUpdateMe", Open),
    op(DELETE, "/api/v1/public/projects/{projectSlug}/auth/me/avatar", "publicAuthDeleteAvatar", Open),

    op(POST, "/v1/cache/get", "cacheGet", SecretKey),
    op(POST, "/v1/cache/set", "cacheSet", SecretKey),
    op(POST, "/v1/cache/delete", "cacheDelete", SecretKey),
    op(POST, "/v1/cache/list", "cacheList", SecretKey),
    op(POST, "/v1/cache/keys", "cacheKeys", SecretKey),
    op(POST, "/v1/cache/getMany", "cacheGetMany", SecretKey),
    op(POST, "/v1/cache/setMany", "cacheSetMany", SecretKey),
    op(POST, "/v1/cache/deleteMany", "cacheDeleteMany", SecretKey),
    op(POST, "/v1/cache/flush", "cacheFlush", SecretKey),
    op(POST, "/v1/cache/expire", "cacheExpire", SecretKey),
    op(POST, "/v1/cache/increment", "cacheIncrement", SecretKey),

    op(POST, "/v1/queue/enqueue", "queueEnqueue", SecretKey),
    op(POST, "/v1/queue/job", "queueGetJob", SecretKey),
    op(POST, "/v1/queue/jobs", "queueListJobs", SecretKey),
    op(POST, "/v1/queue/cancel", "queueCancelJob", SecretKey),

    op(POST, "/v1/storage/upload", "storageUpload", SecretKey),
    op(POST, "/v1/storage/get", "storageGet", SecretKey),
    op(POST, "/v1/storage/getUrl", "storageGetUrl", SecretKey),
    op(POST, "/v1/storage/list", "storageList", SecretKey),
    op(POST, "/v1/storage/delete", "storageDelete", SecretKey),
    op(POST, "/v1/storage/exists", "storageExists", SecretKey),
    op(POST, "/v1/storage/getMetadata", "storageGetMetadata", SecretKey),
    op(POST, "/v1/storage/copy", "storageCopy", SecretKey),
    op(POST, "/v1/storage/move", "storageMove", SecretKey),

    op(POST, "/v1/ai/chat", "aiChat", SecretKey),
    op(POST, "/v1/ai/embed", "aiEmbed", SecretKey),
    op(POST, "/v1/ai/search/ingest", "searchIngest", SecretKey),
    op(POST, "/v1/ai/search/query", "searchQuery", SecretKey),
    op(POST, "/v1/ai/search/get", "searchGet", SecretKey),
    op(POST, "/v1/ai/search/update", "searchUpdate", SecretKey),
    op(POST, "/v1/ai/search/delete", "searchDelete", SecretKey),
    op(POST, "/v1/ai/search/deleteByType", "searchDeleteByType", SecretKey),
    op(POST, "/v1/ai/search/count", "searchCount", SecretKey),
    op(GET, "/v1/ai/search/listTypes", "searchListTypes", SecretKey),
    op(POST, "/v1/ai/search/configure", "searchConfigure", SecretKey),

    op(POST, "/v1/ai/gateway/{apiSlug}/chat/completions", "gatewayChatCompletions", Open),
    op(GET, "/v1/ai/gateway/me/wallet", "gatewayGetWallet", Open),
    op(GET, "/api/gateway/me/usage", "gatewayGetUsage", Open),
    op(POST, "/v1/gateway/billing/log", "gatewayBillingLog", SecretKey),

    op(POST, "/v1/services/invoke", "servicesInvoke", SecretKey),

    op(GET, "/v1/collections/{name}/items", "collectionsListItems", SecretKey),
    op(POST, "/v1/collections/{name}/items", "collectionsCreateItem", SecretKey),
    op(GET, "/v1/collections/items/{id}", "collectionsGetItem", SecretKey),
    op(PUT, "/v1/collections/items/{id}", "collectionsUpdateItem", SecretKey),
    op(DELETE, "/v1/collections/items/{id}", "collectionsDeleteItem", SecretKey),

    op(GET, "/v1/custom/{slug}", "customCallGet", SecretKey),
    op(POST, "/v1/custom/{slug}", "customCallPost", SecretKey),
    op(PUT, "/v1/custom/{slug}", "customCallPut", SecretKey),
    op(PATCH, "/v1/custom/{slug}", "customCallPatch", SecretKey),
    op(DELETE, "/v1/custom/{slug}", "customCallDelete", SecretKey),

    op(POST, "/v1/secrets/get", "secretsGet", SecretKey),
    op(GET, "/api/v1/public/realtime/history", "realtimeHistory", Open),
    op(POST, "/internal/hooks/rpc", "socketEmit", SecretBearer),
];

/// What a method and a path mean.
#[derive(Debug)]
pub(crate) enum Lookup {
    Found(&'static Operation),
    /// The path is an operation's, the method is not. Holds the methods it takes.
    WrongMethod(Vec<&'static str>),
    /// No operation; the router may still know the path.
    Unknown,
}

pub(crate) fn lookup(method: &Method, path: &str) -> Lookup {
    let mut allowed = Vec::new();
    for operation in OPERATIONS {
        if matches(operation.path, path) {
            if operation.method == *method {
                return Lookup::Found(operation);
            }
            allowed.push(operation.method.as_str());
        }
    }
    if allowed.is_empty() {
        Lookup::Unknown
    } else {
        Lookup::WrongMethod(allowed)
    }
}

/// The operation with this id.
pub(crate) fn find(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.id == id)
}

fn matches(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if wanted == given => {}
            (Some(wanted), Some(given)) if wanted.starts_with('{') && !given.is_empty() => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_operation_has_its_own_id_and_is_found_by_its_own_request() {
        let ids: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.id).collect();
        assert_eq!(ids.len(), 70);
        for operation in OPERATIONS {
            let path = operation.path.replace(['{', '}'], "");
            let found = lookup(&operation.method, &path);
            assert!(
                matches!(found, Lookup::Found(found) if found.id == operation.id),
                "{path}: {found:?}"
            );
        }
    }

    /// The credential a document's `security` asks for.
    fn access(security: &serde_json::Value) -> Access {
        match security.to_string().as_str() {
            r#"[{"ApiKeyAuth":[]}]"#
            | r#"[{"ApiKeyAuth":[]},{"ApiKeyAuth":[],"BearerAuth":[]}]"# => SecretKey,
            r#"[{"SecretKeyBearer":[]}]"# => SecretBearer,
            _ => Open,
        }
    }

    #[test]
    fn the_table_is_the_documents() {
        let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/aerostack.yaml");
        let document = std::fs::read_to_string(document).unwrap();
        let document: serde_json::Value = serde_saphyr::from_str(&document).unwrap();
        let mut seen = 0;
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, described) in methods.as_object().unwrap() {
                let Some(id) = described["operationId"].as_str() else {
                    continue;
                };
                seen += 1;
                let operation = find(id).unwrap_or_else(|| panic!("{id} is missing"));
                assert_eq!(operation.path, path, "{id}");
                assert_eq!(operation.method.as_str(), method.to_uppercase(), "{id}");
                assert_eq!(operation.access, access(&described["security"]), "{id}");
                let large = described["responses"].get("413").is_some();
                assert_eq!(operation.declares_413(), large, "{id}");
            }
        }
        assert_eq!(seen, OPERATIONS.len());
    }

    #[test]
    fn a_path_that_is_almost_an_operation_is_none() {
        for path in [
            "/",
            "/v1/db",
            "/v1/db/query/",
            "//v1/db/query",
            "/v1/custom/",
            "/v1/custom/a/b",
            "/db/query",
        ] {
            assert!(
                matches!(lookup(&Method::POST, path), Lookup::Unknown),
                "{path}"
            );
        }
    }

    #[test]
    fn a_wrong_method_names_the_right_ones() {
        let found = lookup(&Method::GET, "/v1/db/query");
        assert!(
            matches!(&found, Lookup::WrongMethod(allowed) if allowed == &["POST"]),
            "{found:?}"
        );
    }
}
