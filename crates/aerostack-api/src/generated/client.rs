// Generated from openapi/aerostack.yaml by `cargo xtask generate`. Do not edit: change the document and run it again.

#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use progenitor_client::{encode_path, ClientHooks, OperationInfo, RequestBuilderExt};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    /// `AuthResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct AuthResponse {
        /// When `token` expires.
        #[serde(
            rename = "expiresAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub expires_at: ::std::option::Option<::std::string::String>,
        /// The user's JWT.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub token: ::std::option::Option<crate::Secret>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub user: ::std::option::Option<User>,
    }

    /// `AuthSigninRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct AuthSigninRequest {
        pub email: ::std::string::String,
        pub password: crate::Secret,
    }

    /// `AuthSignupRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct AuthSignupRequest {
        pub email: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub metadata: ::std::option::Option<crate::RawJson>,
        /// Display name.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        /// At least 8 characters.
        pub password: crate::Secret,
    }

    /// `CacheDeleteManyRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CacheDeleteManyRequest {
        pub keys: ::std::vec::Vec<::std::string::String>,
    }

    /// `CacheDeleteManyResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheDeleteManyResponse {
        /// Number of keys asked for.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub count: ::std::option::Option<i64>,
        /// Number of keys really removed.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub deleted: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `CacheDeleteRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CacheDeleteRequest {
        pub key: ::std::string::String,
    }

    /// `CacheDeleteResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheDeleteResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `CacheExpireRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CacheExpireRequest {
        pub key: ::std::string::String,
        /// Seconds from now until the key expires.
        pub ttl: i64,
    }

    /// `CacheExpireResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheExpireResponse {
        /// False when there is no such key.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `CacheFlushRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheFlushRequest {
        /// Only keys that start with this. Absent means every key of the project.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub prefix: ::std::option::Option<::std::string::String>,
    }

    /// `CacheFlushResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheFlushResponse {
        /// Number of keys removed by this call.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub deleted: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `CacheGetManyEntry`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheGetManyEntry {
        /// Whether the key is present.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub exists: ::std::option::Option<bool>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub key: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub value: ::std::option::Option<crate::RawJson>,
    }

    /// `CacheGetManyRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CacheGetManyRequest {
        pub keys: ::std::vec::Vec<::std::string::String>,
    }

    /// `CacheGetManyResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheGetManyResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub results: ::std::option::Option<::std::vec::Vec<CacheGetManyEntry>>,
    }

    /// `CacheGetRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CacheGetRequest {
        pub key: ::std::string::String,
    }

    /// `CacheGetResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheGetResponse {
        /// Whether the key is present.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub exists: ::std::option::Option<bool>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub value: ::std::option::Option<crate::RawJson>,
    }

    /// `CacheIncrementRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CacheIncrementRequest {
        /// What to add; may be negative.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub amount: ::std::option::Option<i64>,
        /// Where a missing key starts.
        #[serde(
            rename = "initialValue",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub initial_value: ::std::option::Option<i64>,
        pub key: ::std::string::String,
        /// Seconds until a newly made key expires.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub ttl: ::std::option::Option<i64>,
    }

    /// `CacheIncrementResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheIncrementResponse {
        /// The number after the addition.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub value: ::std::option::Option<i64>,
    }

    /// `CacheKeyEntry`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheKeyEntry {
        /// When the key expires, in Unix seconds. Null when it does not.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub expiration: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub key: ::std::option::Option<::std::string::String>,
    }

    /// `CacheKeysRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheKeysRequest {
        /// Only keys that start with this.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub prefix: ::std::option::Option<::std::string::String>,
    }

    /// `CacheKeysResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheKeysResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub keys: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        /// True when there are more than the 10,000 keys shown.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub truncated: ::std::option::Option<bool>,
    }

    /// `CacheListRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheListRequest {
        /// The cursor of the page before.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cursor: ::std::option::Option<::std::string::String>,
        /// Keys per page.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub limit: ::std::option::Option<i64>,
        /// Only keys that start with this.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub prefix: ::std::option::Option<::std::string::String>,
    }

    /// `CacheListResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheListResponse {
        /// Opaque; where the next page starts. Absent at the end.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cursor: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub keys: ::std::option::Option<::std::vec::Vec<CacheKeyEntry>>,
        /// True on the last page.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub list_complete: ::std::option::Option<bool>,
    }

    /// `CacheSetManyEntry`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CacheSetManyEntry {
        pub key: ::std::string::String,
        /// Seconds until the key expires. Absent means never.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub ttl: ::std::option::Option<i64>,
        pub value: crate::RawJson,
    }

    /// `CacheSetManyRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CacheSetManyRequest {
        pub entries: ::std::vec::Vec<CacheSetManyEntry>,
    }

    /// `CacheSetManyResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheSetManyResponse {
        /// Number of entries stored.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub count: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `CacheSetRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct CacheSetRequest {
        pub key: ::std::string::String,
        /// Seconds until the key expires. Absent means never.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub ttl: ::std::option::Option<i64>,
        pub value: crate::RawJson,
    }

    /// `CacheSetResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CacheSetResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `DbBatchRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct DbBatchRequest {
        /// The statements, run in this order.
        pub queries: ::std::vec::Vec<DbStatement>,
    }

    /// `DbBatchResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct DbBatchResponse {
        /// One outcome per statement, in request order.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub results: ::std::option::Option<::std::vec::Vec<DbBatchStatementResult>>,
        /// True only when every statement succeeded.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `DbBatchStatementResult`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct DbBatchStatementResult {
        /// Why this statement failed. Absent when it succeeded.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub results: ::std::option::Option<crate::RawJson>,
        /// Whether this statement succeeded.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `DbQueryRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct DbQueryRequest {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub params: ::std::option::Option<crate::RawJson>,
        /// One SQL statement with `?` placeholders.
        pub sql: ::std::string::String,
    }

    /// `DbQueryResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct DbQueryResponse {
        /// Number of rows in `results`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub count: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub results: ::std::option::Option<crate::RawJson>,
    }

    /// `DbStatement`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct DbStatement {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub params: ::std::option::Option<crate::RawJson>,
        /// One SQL statement with `?` placeholders.
        pub sql: ::std::string::String,
    }

    /// `StorageCopyRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct StorageCopyRequest {
        #[serde(rename = "destKey")]
        pub dest_key: ::std::string::String,
        #[serde(rename = "sourceKey")]
        pub source_key: ::std::string::String,
    }

    /// `StorageCopyResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct StorageCopyResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
        /// URL of the copy.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub url: ::std::option::Option<::std::string::String>,
    }

    /// `StorageDeleteRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct StorageDeleteRequest {
        pub key: ::std::string::String,
    }

    /// `StorageDeleteResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct StorageDeleteResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `StorageExistsRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct StorageExistsRequest {
        pub key: ::std::string::String,
    }

    /// `StorageExistsResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct StorageExistsResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub exists: ::std::option::Option<bool>,
    }

    /// `StorageGetMetadataRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct StorageGetMetadataRequest {
        pub key: ::std::string::String,
    }

    /// `StorageGetMetadataResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct StorageGetMetadataResponse {
        #[serde(
            rename = "contentType",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub content_type: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub etag: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub exists: ::std::option::Option<bool>,
        #[serde(
            rename = "lastModified",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub last_modified: ::std::option::Option<::std::string::String>,
        /// Size in bytes.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub size: ::std::option::Option<i64>,
    }

    /// `StorageGetRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct StorageGetRequest {
        pub key: ::std::string::String,
    }

    /// `StorageGetUrlRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct StorageGetUrlRequest {
        pub key: ::std::string::String,
    }

    /// `StorageGetUrlResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct StorageGetUrlResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub url: ::std::option::Option<::std::string::String>,
    }

    /// `StorageListRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct StorageListRequest {
        /// The cursor of the page before.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cursor: ::std::option::Option<::std::string::String>,
        /// Files per page.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub limit: ::std::option::Option<i64>,
        /// Only keys that start with this.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub prefix: ::std::option::Option<::std::string::String>,
    }

    /// `StorageListResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct StorageListResponse {
        /// Opaque; where the next page starts. Absent at the end.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cursor: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub objects: ::std::option::Option<::std::vec::Vec<StorageObject>>,
        /// True when there are more pages.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub truncated: ::std::option::Option<bool>,
    }

    /// `StorageMoveRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct StorageMoveRequest {
        #[serde(rename = "destKey")]
        pub dest_key: ::std::string::String,
        #[serde(rename = "sourceKey")]
        pub source_key: ::std::string::String,
    }

    /// `StorageMoveResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct StorageMoveResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
        /// URL at the new key.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub url: ::std::option::Option<::std::string::String>,
    }

    /// `StorageObject`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct StorageObject {
        #[serde(
            rename = "contentType",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub content_type: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub etag: ::std::option::Option<::std::string::String>,
        /// The key without the project's own prefix.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub key: ::std::option::Option<::std::string::String>,
        #[serde(
            rename = "lastModified",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub last_modified: ::std::option::Option<::std::string::String>,
        /// Size in bytes.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub size: ::std::option::Option<i64>,
    }

    /// `StorageUploadResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct StorageUploadResponse {
        #[serde(
            rename = "contentType",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub content_type: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub key: ::std::option::Option<::std::string::String>,
        /// Size in bytes.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub size: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub url: ::std::option::Option<::std::string::String>,
    }

    /// A user as the server flavour shows them.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct User {
        #[serde(
            rename = "createdAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub created_at: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub email: ::std::option::Option<::std::string::String>,
        /// Usually a UUID; treat it as opaque.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub metadata: ::std::option::Option<crate::RawJson>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
    }

    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }

        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
}

#[derive(Clone, Debug)]
/**Client for Aerostack

Version: 1.5.0*/
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::transport::Inner,
}

impl Client {
    /// Construct a new client with an existing `reqwest::Client`,
    /// allowing more control over its configuration.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new_with_client(
        baseurl: &str,
        client: reqwest::Client,
        inner: crate::transport::Inner,
    ) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
            inner,
        }
    }
}

impl ClientInfo<crate::transport::Inner> for Client {
    fn api_version() -> &'static str {
        "1.5.0"
    }

    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }

    fn client(&self) -> &reqwest::Client {
        &self.client
    }

    fn inner(&self) -> &crate::transport::Inner {
        &self.inner
    }
}

const _: () = {
    #[allow(dead_code)]
    fn assert_client_hooks()
    where
        Client: ClientHooks<crate::transport::Inner>,
    {}
};

#[allow(clippy::all)]
impl Client {
    /**Run one SQL statement

Runs one statement with positional `?` parameters and returns its rows. A statement that yields no rows, such
as an `INSERT` without `RETURNING`, answers with an empty list. Schema changes are refused here; they belong to
migrations.

Sends a `POST` request to `/v1/db/query`

*/
    pub async fn db_query<'a>(
        &'a self,
        body: &'a types::DbQueryRequest,
    ) -> Result<ResponseValue<types::DbQueryResponse>, Error<()>> {
        let url = format!("{}/v1/db/query", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "db_query",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Run several SQL statements in one call

Runs up to 25 statements in order and answers with one outcome per statement, in the order of the request.
A failed statement does not fail the call: the status is still 200, `success` is false and the outcome of that
statement carries the `error`.

Do not rely on a rollback. The platform's guide calls a batch a transaction, its published document describes
partial success; check every outcome.

Sends a `POST` request to `/v1/db/batch`

*/
    pub async fn db_batch<'a>(
        &'a self,
        body: &'a types::DbBatchRequest,
    ) -> Result<ResponseValue<types::DbBatchResponse>, Error<()>> {
        let url = format!("{}/v1/db/batch", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "db_batch",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Create a user from a trusted server

Creates a user with an email address and a password and signs them in. This flavour gives one token and no
refresh token; the public flavour has refresh, one-time codes and email verification.

Sends a `POST` request to `/v1/auth/signup`

*/
    pub async fn auth_signup<'a>(
        &'a self,
        body: &'a types::AuthSignupRequest,
    ) -> Result<ResponseValue<types::AuthResponse>, Error<()>> {
        let url = format!("{}/v1/auth/signup", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "auth_signup",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            201u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Sign a user in from a trusted server

Checks an email address and a password and answers with a token for that user. A 401 can mean two things, told
apart by `code`: the user's credentials are wrong, or the project's API key is.

Sends a `POST` request to `/v1/auth/signin`

*/
    pub async fn auth_signin<'a>(
        &'a self,
        body: &'a types::AuthSigninRequest,
    ) -> Result<ResponseValue<types::AuthResponse>, Error<()>> {
        let url = format!("{}/v1/auth/signin", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "auth_signin",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Read one value

Reads the value of a key. A missing or expired key is no error: `exists` is false and `value` is null. A stored
null is told apart from a missing key by `exists` alone.

Reads are eventually consistent: a value written elsewhere may take up to about 60 seconds to show. `value`
comes back as any JSON; the published document types it as a string, so an older platform may hand over the
value as JSON text inside a string. A hit without `exists` counts as present when `value` is not null.

Sends a `POST` request to `/v1/cache/get`

*/
    pub async fn cache_get<'a>(
        &'a self,
        body: &'a types::CacheGetRequest,
    ) -> Result<ResponseValue<types::CacheGetResponse>, Error<()>> {
        let url = format!("{}/v1/cache/get", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "cache_get",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Write one value

Stores any JSON value, null included, under a key and replaces what was there. With `ttl` the key expires that
many seconds from now; without it the key stays. Limits on key length and on `ttl` are not published. Values up
to 25 MB are mentioned by an official SDK.

Sends a `POST` request to `/v1/cache/set`

*/
    pub async fn cache_set<'a>(
        &'a self,
        body: &'a types::CacheSetRequest,
    ) -> Result<ResponseValue<types::CacheSetResponse>, Error<()>> {
        let url = format!("{}/v1/cache/set", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "cache_set",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Remove one key

Removes a key. Removing a key that is not there is no error. As all writes, it may take up to about 60 seconds
to show everywhere.

Sends a `POST` request to `/v1/cache/delete`

*/
    pub async fn cache_delete<'a>(
        &'a self,
        body: &'a types::CacheDeleteRequest,
    ) -> Result<ResponseValue<types::CacheDeleteResponse>, Error<()>> {
        let url = format!("{}/v1/cache/delete", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "cache_delete",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**List keys with their expiry, page by page

Lists keys, optionally only those with a prefix, 100 a page unless `limit` says otherwise (at most 1000). Pass
`cursor` back unchanged to get the next page; `list_complete` is true on the last one. A page may be short or
even empty before the end. Keys come back without the project's own prefix.

Sends a `POST` request to `/v1/cache/list`

*/
    pub async fn cache_list<'a>(
        &'a self,
        body: &'a types::CacheListRequest,
    ) -> Result<ResponseValue<types::CacheListResponse>, Error<()>> {
        let url = format!("{}/v1/cache/list", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "cache_list",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**List key names at once

Answers with up to 10,000 key names in one piece, optionally only those with a prefix. `truncated` is true when
there are more; there is no cursor, page through the list operation instead.

Sends a `POST` request to `/v1/cache/keys`

*/
    pub async fn cache_keys<'a>(
        &'a self,
        body: &'a types::CacheKeysRequest,
    ) -> Result<ResponseValue<types::CacheKeysResponse>, Error<()>> {
        let url = format!("{}/v1/cache/keys", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "cache_keys",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Read several values

Reads up to 100 keys in one call and answers with one entry per key. A missing key is an entry with `exists`
false. Match entries by their `key`.

Sends a `POST` request to `/v1/cache/getMany`

*/
    pub async fn cache_get_many<'a>(
        &'a self,
        body: &'a types::CacheGetManyRequest,
    ) -> Result<ResponseValue<types::CacheGetManyResponse>, Error<()>> {
        let url = format!("{}/v1/cache/getMany", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "cache_get_many",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Write several values

Stores up to 100 entries in one call, each with its own optional `ttl`. Nothing says that the entries are
written together; after a failure some may be stored.

Sends a `POST` request to `/v1/cache/setMany`

*/
    pub async fn cache_set_many<'a>(
        &'a self,
        body: &'a types::CacheSetManyRequest,
    ) -> Result<ResponseValue<types::CacheSetManyResponse>, Error<()>> {
        let url = format!("{}/v1/cache/setMany", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "cache_set_many",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Remove several keys

Removes up to 500 keys in one call. `count` is how many were asked for, `deleted` how many were really removed.
A repeated call reaches the same state but may report fewer as `deleted`.

Sends a `POST` request to `/v1/cache/deleteMany`

*/
    pub async fn cache_delete_many<'a>(
        &'a self,
        body: &'a types::CacheDeleteManyRequest,
    ) -> Result<ResponseValue<types::CacheDeleteManyResponse>, Error<()>> {
        let url = format!("{}/v1/cache/deleteMany", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "cache_delete_many",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Remove all keys, or all with a prefix

Removes every key that starts with `prefix`. **Without a prefix it empties the whole project's cache.** One call
removes at most 10,000 keys, so call again while `deleted` is 10,000. At most 5 calls a minute are allowed.
Repeating a call is not harmless: it removes the next 10,000, and keys written meanwhile.

Sends a `POST` request to `/v1/cache/flush`

*/
    pub async fn cache_flush<'a>(
        &'a self,
        body: &'a types::CacheFlushRequest,
    ) -> Result<ResponseValue<types::CacheFlushResponse>, Error<()>> {
        let url = format!("{}/v1/cache/flush", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "cache_flush",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Set the time to live of a key

Lets an existing key expire `ttl` seconds from now and keeps its value. A missing key is no error: `success` is
false. The platform reads the value and writes it back, so a write by someone else at the same moment can be
lost.

Sends a `POST` request to `/v1/cache/expire`

*/
    pub async fn cache_expire<'a>(
        &'a self,
        body: &'a types::CacheExpireRequest,
    ) -> Result<ResponseValue<types::CacheExpireResponse>, Error<()>> {
        let url = format!("{}/v1/cache/expire", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "cache_expire",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Add to a number

Adds `amount`, 1 by default and possibly negative, to the number under a key and answers with the sum. A missing
key starts at `initialValue`, 0 by default, before the amount is added; `ttl` applies to a key made this way
and leaves an existing key's expiry alone.

Not atomic: the platform reads, adds and writes, so concurrent increments can be lost. Use the database for
counts that must be exact.

Sends a `POST` request to `/v1/cache/increment`

*/
    pub async fn cache_increment<'a>(
        &'a self,
        body: &'a types::CacheIncrementRequest,
    ) -> Result<ResponseValue<types::CacheIncrementResponse>, Error<()>> {
        let url = format!("{}/v1/cache/increment", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "cache_increment",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Download a file

Answers with the bytes of a file. The real `Content-Type` of the answer is the one the file was uploaded with;
errors are JSON.

Sends a `POST` request to `/v1/storage/get`

*/
    pub async fn storage_get<'a>(
        &'a self,
        body: &'a types::StorageGetRequest,
    ) -> Result<ResponseValue<ByteStream>, Error<()>> {
        let url = format!("{}/v1/storage/get", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self.client.post(url).json(&body).headers(header_map).build()?;
        let info = OperationInfo {
            operation_id: "storage_get",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => Ok(ResponseValue::stream(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Look up the URL of a file

Answers with the URL under which a file is served. Nothing says how long the URL lives, nor what happens when
there is no such file; ask whether it exists first when that matters.

Sends a `POST` request to `/v1/storage/getUrl`

*/
    pub async fn storage_get_url<'a>(
        &'a self,
        body: &'a types::StorageGetUrlRequest,
    ) -> Result<ResponseValue<types::StorageGetUrlResponse>, Error<()>> {
        let url = format!("{}/v1/storage/getUrl", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "storage_get_url",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**List files, page by page

Lists files, optionally only those with a key prefix, 100 a page unless `limit` says otherwise (at most 1000).
Pass `cursor` back unchanged while `truncated` is true. Keys come back without the project's own prefix.

Sends a `POST` request to `/v1/storage/list`

*/
    pub async fn storage_list<'a>(
        &'a self,
        body: &'a types::StorageListRequest,
    ) -> Result<ResponseValue<types::StorageListResponse>, Error<()>> {
        let url = format!("{}/v1/storage/list", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "storage_list",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Remove a file

Removes a file. No error for a missing file is published; treat removing one twice as a success.

Sends a `POST` request to `/v1/storage/delete`

*/
    pub async fn storage_delete<'a>(
        &'a self,
        body: &'a types::StorageDeleteRequest,
    ) -> Result<ResponseValue<types::StorageDeleteResponse>, Error<()>> {
        let url = format!("{}/v1/storage/delete", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "storage_delete",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Ask whether a file exists

Says whether there is a file under a key, without reading it.

Sends a `POST` request to `/v1/storage/exists`

*/
    pub async fn storage_exists<'a>(
        &'a self,
        body: &'a types::StorageExistsRequest,
    ) -> Result<ResponseValue<types::StorageExistsResponse>, Error<()>> {
        let url = format!("{}/v1/storage/exists", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "storage_exists",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Read what is known about a file

Answers with size, type, date and entity tag of a file without its bytes. A missing file is no error: `exists`
is false and the other fields are absent.

Sends a `POST` request to `/v1/storage/getMetadata`

*/
    pub async fn storage_get_metadata<'a>(
        &'a self,
        body: &'a types::StorageGetMetadataRequest,
    ) -> Result<ResponseValue<types::StorageGetMetadataResponse>, Error<()>> {
        let url = format!("{}/v1/storage/getMetadata", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "storage_get_metadata",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Copy a file to another key

Copies a file within the project, replaces what is at the destination, and answers with the copy's URL.

Sends a `POST` request to `/v1/storage/copy`

*/
    pub async fn storage_copy<'a>(
        &'a self,
        body: &'a types::StorageCopyRequest,
    ) -> Result<ResponseValue<types::StorageCopyResponse>, Error<()>> {
        let url = format!("{}/v1/storage/copy", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "storage_copy",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /**Move a file to another key

Copies a file to the destination and then removes the source. Not atomic: when the removal fails, both keys
exist. Repeating a move that went through fails, because the source is gone.

Sends a `POST` request to `/v1/storage/move`

*/
    pub async fn storage_move<'a>(
        &'a self,
        body: &'a types::StorageMoveRequest,
    ) -> Result<ResponseValue<types::StorageMoveResponse>, Error<()>> {
        let url = format!("{}/v1/storage/move", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "storage_move",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}

/// Items consumers will typically use such as the Client.
pub mod prelude {
    #[allow(unused_imports)]
    pub use super::Client;
}
