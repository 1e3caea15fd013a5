// Generated from openapi/aerostack.yaml by `cargo xtask generate`. Do not edit: change the document and run it again.

use crate::path::encode_path;
#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use progenitor_client::{ClientHooks, OperationInfo, RequestBuilderExt};

/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    /// `AiEmbedRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct AiEmbedRequest {
        /// The embedding model; the platform's choice when left out.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub model: ::std::option::Option<::std::string::String>,
        pub text: ::std::string::String,
    }

    /// `AiEmbedResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct AiEmbedResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub embedding: ::std::option::Option<::std::vec::Vec<f64>>,
        /// The model that made the vector.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub model: ::std::option::Option<::std::string::String>,
    }

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

    /// `ChatChoice`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct ChatChoice {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub finish_reason: ::std::option::Option<crate::generated::open::FinishReason>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub index: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<ChatReply>,
    }

    /// `ChatCompletionRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct ChatCompletionRequest {
        /// Most tokens to generate.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub max_tokens: ::std::option::Option<i64>,
        /// The conversation, oldest message first.
        pub messages: ::std::vec::Vec<ChatMessage>,
        /// The model to use; the platform's choice when left out.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub model: ::std::option::Option<::std::string::String>,
        /// Answer with a stream of events.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub stream: ::std::option::Option<bool>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub stream_options: ::std::option::Option<ChatStreamOptions>,
        /// 0 is steady, 2 is wild.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub temperature: ::std::option::Option<f64>,
        /// Sample only from the likeliest share of tokens.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub top_p: ::std::option::Option<f64>,
    }

    /// The whole completion. The text is `choices[0].message.content`; older platform versions put it into `response`
    /// and leave the rest out.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct ChatCompletionResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub choices: ::std::option::Option<::std::vec::Vec<ChatChoice>>,
        /// Unix seconds.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub model: ::std::option::Option<::std::string::String>,
        /// Always `chat.completion`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub object: ::std::option::Option<::std::string::String>,
        /// The text, from older platform versions.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub response: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub usage: ::std::option::Option<ChatUsage>,
    }

    /// One message of the conversation so far.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct ChatMessage {
        pub content: ::std::string::String,
        pub role: crate::generated::open::ChatRole,
    }

    /// The message the model wrote.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct ChatReply {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub content: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub role: ::std::option::Option<crate::generated::open::ChatRole>,
    }

    /// `ChatStreamOptions`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct ChatStreamOptions {
        /// Report token counts in the last frame.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub include_usage: ::std::option::Option<bool>,
    }

    /// Token counts of one call.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct ChatUsage {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub completion_tokens: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub prompt_tokens: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_tokens: ::std::option::Option<i64>,
    }

    /// `CollectionsDeleteItemResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CollectionsDeleteItemResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `CollectionsUpdateItemResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct CollectionsUpdateItemResponse {
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

    /// `GatewayBillingLogRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct GatewayBillingLogRequest {
        /// The id of the published endpoint.
        #[serde(rename = "apiId")]
        pub api_id: ::std::string::String,
        #[serde(rename = "consumerId")]
        pub consumer_id: ::std::string::String,
        /// What is counted; `units` when left out.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub metric: ::std::option::Option<::std::string::String>,
        pub units: i64,
    }

    /// `GatewayBillingLogResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct GatewayBillingLogResponse {
        #[serde(
            rename = "loggedUnits",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub logged_units: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `GatewayGetUsageResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct GatewayGetUsageResponse {
        /// How many days the sums cover.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub days: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_requests: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_tokens: ::std::option::Option<i64>,
    }

    /// `GatewayGetWalletResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct GatewayGetWalletResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub wallet: ::std::option::Option<GatewayWallet>,
    }

    /// What a consumer has and has used. Only `balance` and `total_consumed` are published.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct GatewayWallet {
        /// What is left.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub balance: ::std::option::Option<f64>,
        /// Calls are refused beyond this.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub hard_limit: ::std::option::Option<f64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub plan_type: ::std::option::Option<::std::string::String>,
        /// Only a mark; calls go on beyond this.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub soft_limit: ::std::option::Option<f64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_consumed: ::std::option::Option<f64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub total_purchased: ::std::option::Option<f64>,
    }

    /// What the platform remembers of a job, for seven days. `attempts`, `completedAt` and `error` are read by an
    /// official SDK but not published; expect them to be absent.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct JobRecord {
        /// How often a worker has tried the job.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub attempts: ::std::option::Option<i64>,
        /// When the job ended.
        #[serde(
            rename = "completedAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub completed_at: ::std::option::Option<::std::string::String>,
        #[serde(
            rename = "createdAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub created_at: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub data: ::std::option::Option<crate::RawJson>,
        /// Why the last attempt failed.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::std::string::String>,
        #[serde(
            rename = "projectId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub project_id: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<crate::generated::open::JobState>,
        /// The type the job was enqueued with.
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
    }

    /// `PublicAuthLoginRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PublicAuthLoginRequest {
        pub email: ::std::string::String,
        pub password: crate::Secret,
        /// Token of a bot check.
        #[serde(
            rename = "turnstileToken",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub turnstile_token: ::std::option::Option<crate::Secret>,
    }

    /// `PublicAuthLogoutRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PublicAuthLogoutRequest {
        /// The same JWT as in the header.
        #[serde(rename = "accessToken")]
        pub access_token: crate::Secret,
        #[serde(
            rename = "refreshToken",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub refresh_token: ::std::option::Option<crate::Secret>,
    }

    /// An acknowledgement. Which of the fields arrives differs between operations and platform versions.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct PublicAuthMessageResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// Exactly one of `email` and `phone`.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct PublicAuthOtpSendRequest {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub email: ::std::option::Option<::std::string::String>,
        /// Phone number in E.164 form, such as `+351910000000`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub phone: ::std::option::Option<::std::string::String>,
    }

    /// `PublicAuthOtpSendResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct PublicAuthOtpSendResponse {
        /// Whether the address or number has an account.
        #[serde(
            rename = "accountExists",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub account_exists: ::std::option::Option<bool>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
        /// `ok` where older platforms send no `message`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// The code and exactly one of `email` and `phone`.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PublicAuthOtpVerifyRequest {
        /// The six digits of the message.
        pub code: crate::Secret,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub email: ::std::option::Option<::std::string::String>,
        /// Phone number in E.164 form, such as `+351910000000`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub phone: ::std::option::Option<::std::string::String>,
    }

    /// `PublicAuthRefreshRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PublicAuthRefreshRequest {
        #[serde(rename = "refreshToken")]
        pub refresh_token: crate::Secret,
    }

    /// `PublicAuthRegisterRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PublicAuthRegisterRequest {
        #[serde(
            rename = "customFields",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub custom_fields: ::std::option::Option<crate::RawJson>,
        pub email: ::std::string::String,
        /// Display name.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        /// At least 8 characters with an upper-case letter, a lower-case letter and a digit.
        pub password: crate::Secret,
        /// Token of a bot check.
        #[serde(
            rename = "turnstileToken",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub turnstile_token: ::std::option::Option<crate::Secret>,
    }

    /// `PublicAuthResendVerificationRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PublicAuthResendVerificationRequest {
        pub email: ::std::string::String,
    }

    /// `PublicAuthResetPasswordRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PublicAuthResetPasswordRequest {
        #[serde(rename = "newPassword")]
        pub new_password: crate::Secret,
        /// The token of the reset mail.
        pub token: crate::Secret,
    }

    /// `PublicAuthResetPasswordRequestRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct PublicAuthResetPasswordRequestRequest {
        pub email: ::std::string::String,
        /// Token of a bot check.
        #[serde(
            rename = "turnstileToken",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub turnstile_token: ::std::option::Option<crate::Secret>,
    }

    /// `PublicAuthResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct PublicAuthResponse {
        /// The same JWT under another name.
        #[serde(
            rename = "accessToken",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub access_token: ::std::option::Option<crate::Secret>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub error: ::std::option::Option<::std::string::String>,
        #[serde(
            rename = "expiresAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub expires_at: ::std::option::Option<crate::RawJson>,
        #[serde(
            rename = "refreshToken",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub refresh_token: ::std::option::Option<crate::Secret>,
        /// True when the address must be confirmed before the user can sign in.
        #[serde(
            rename = "requiresVerification",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub requires_verification: ::std::option::Option<bool>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
        /// The user's JWT.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub token: ::std::option::Option<crate::Secret>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub user: ::std::option::Option<PublicUser>,
    }

    /// `PublicAuthUpdateMeRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct PublicAuthUpdateMeRequest {
        /// Id of a picture uploaded to the platform.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub avatar_image_id: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub avatar_url: ::std::option::Option<::std::string::String>,
        #[serde(
            rename = "customFields",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub custom_fields: ::std::option::Option<crate::RawJson>,
        /// Display name.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
    }

    /// An end user. Times keep the text the platform sends, often `2026-01-05 09:30:00`.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct PublicUser {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub avatar_url: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_at: ::std::option::Option<::std::string::String>,
        /// The email address; a placeholder for accounts that have only a phone number.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub email: ::std::option::Option<::std::string::String>,
        /// When the address was confirmed.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub email_verified_at: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub profile_extras: ::std::option::Option<crate::RawJson>,
    }

    /// An end user, flat or inside `user`.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct PublicUserReply {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub avatar_url: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_at: ::std::option::Option<::std::string::String>,
        /// The email address; a placeholder for accounts that have only a phone number.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub email: ::std::option::Option<::std::string::String>,
        /// When the address was confirmed.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub email_verified_at: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub name: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub profile_extras: ::std::option::Option<crate::RawJson>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub user: ::std::option::Option<PublicUser>,
    }

    /// `QueueCancelJobRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct QueueCancelJobRequest {
        #[serde(rename = "jobId")]
        pub job_id: ::std::string::String,
    }

    /// `QueueCancelJobResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct QueueCancelJobResponse {
        /// What the platform has to say about the cancellation.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub note: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `QueueEnqueueRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct QueueEnqueueRequest {
        pub data: crate::RawJson,
        /// Seconds to wait before the job may run.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub delay: ::std::option::Option<i64>,
        /// How often a failed job is tried again. Unconfirmed; leave it out unless it is wanted.
        #[serde(
            rename = "maxRetries",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub max_retries: ::std::option::Option<i64>,
        /// The kind of job; workers choose what to run by it.
        #[serde(rename = "type")]
        pub type_: ::std::string::String,
    }

    /// `QueueEnqueueResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct QueueEnqueueResponse {
        /// The id to look the job up or cancel it with.
        #[serde(
            rename = "jobId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub job_id: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `QueueGetJobRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct QueueGetJobRequest {
        #[serde(rename = "jobId")]
        pub job_id: ::std::string::String,
    }

    /// `QueueGetJobResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct QueueGetJobResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub exists: ::std::option::Option<bool>,
        /// The record, or null when there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub job: ::std::option::Option<JobRecord>,
    }

    /// `QueueListJobsRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct QueueListJobsRequest {
        /// The `cursor` of the page before.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cursor: ::std::option::Option<::std::string::String>,
        /// Jobs per page.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub limit: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<crate::generated::open::JobState>,
        /// Only jobs of this type.
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
    }

    /// `QueueListJobsResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct QueueListJobsResponse {
        /// Opaque; where the next page starts. Absent at the end.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub cursor: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub jobs: ::std::option::Option<::std::vec::Vec<JobRecord>>,
        /// True on the last page.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub list_complete: ::std::option::Option<bool>,
    }

    /// `RealtimeHistoryResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct RealtimeHistoryResponse {
        /// The same list under another name. One SDK reads either; expect `messages`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub data: ::std::option::Option<::std::vec::Vec<RealtimeMessage>>,
        /// Newest first.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub messages: ::std::option::Option<::std::vec::Vec<RealtimeMessage>>,
    }

    /// A message kept by the platform.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct RealtimeMessage {
        /// Unix milliseconds.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_at: ::std::option::Option<i64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub data: ::std::option::Option<crate::RawJson>,
        /// The name it was published under.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub event: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::std::string::String>,
        /// The full topic of the channel.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub room_id: ::std::option::Option<::std::string::String>,
        /// Who published it, if known.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub user_id: ::std::option::Option<::std::string::String>,
    }

    /// `SearchConfigureRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct SearchConfigureRequest {
        #[serde(rename = "embeddingModel")]
        pub embedding_model: crate::generated::open::EmbeddingModel,
    }

    /// `SearchConfigureResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SearchConfigureResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `SearchCountRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SearchCountRequest {
        /// Only entries of this type.
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
    }

    /// `SearchCountResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SearchCountResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub count: ::std::option::Option<i64>,
    }

    /// `SearchDeleteByTypeRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct SearchDeleteByTypeRequest {
        #[serde(rename = "type")]
        pub type_: ::std::string::String,
    }

    /// `SearchDeleteByTypeResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SearchDeleteByTypeResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `SearchDeleteRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct SearchDeleteRequest {
        pub id: ::std::string::String,
    }

    /// `SearchDeleteResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SearchDeleteResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `SearchGetRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct SearchGetRequest {
        pub id: ::std::string::String,
    }

    /// `SearchGetResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SearchGetResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub exists: ::std::option::Option<bool>,
        /// The entry, or null when there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub result: ::std::option::Option<SearchResult>,
    }

    /// `SearchIngestRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct SearchIngestRequest {
        /// The text to find.
        pub content: ::std::string::String,
        /// Replaces the entry of this id; a fresh UUID when left out.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub metadata: ::std::option::Option<crate::RawJson>,
        /// A name to group entries by.
        #[serde(rename = "type")]
        pub type_: ::std::string::String,
    }

    /// `SearchIngestResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SearchIngestResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `SearchListTypesResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SearchListTypesResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub types: ::std::option::Option<::std::vec::Vec<SearchTypeCount>>,
    }

    /// `SearchQueryRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct SearchQueryRequest {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub filter: ::std::option::Option<crate::RawJson>,
        /// What to look for.
        pub text: ::std::string::String,
        /// Most results to return.
        #[serde(rename = "topK", skip_serializing_if = "::std::option::Option::is_none")]
        pub top_k: ::std::option::Option<i64>,
        /// Only entries of these types.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub types: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    }

    /// `SearchQueryResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SearchQueryResponse {
        /// Best first.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub results: ::std::option::Option<::std::vec::Vec<SearchResult>>,
    }

    /// An entry of the search index.
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SearchResult {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub content: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub id: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub metadata: ::std::option::Option<crate::RawJson>,
        /// How close the entry is to the query, from 0 to 1.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub score: ::std::option::Option<f64>,
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
    }

    /// `SearchTypeCount`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SearchTypeCount {
        /// Entries of this type.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub count: ::std::option::Option<i64>,
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
    }

    /// `SearchUpdateRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct SearchUpdateRequest {
        /// The new text.
        pub content: ::std::string::String,
        pub id: ::std::string::String,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub metadata: ::std::option::Option<crate::RawJson>,
        /// The new type.
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
    }

    /// `SearchUpdateResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SearchUpdateResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `SecretsGetRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct SecretsGetRequest {
        /// The secret's name.
        pub key: ::std::string::String,
    }

    /// `SecretsGetResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct SecretsGetResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub exists: ::std::option::Option<bool>,
        /// The secret; null when there is none.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub value: ::std::option::Option<crate::Secret>,
    }

    /// `ServicesInvokeRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct ServicesInvokeRequest {
        pub data: crate::RawJson,
        #[serde(rename = "serviceName")]
        pub service_name: ::std::string::String,
    }

    /// `ServicesInvokeResponse`
    #[non_exhaustive]
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default)]
    pub struct ServicesInvokeResponse {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub result: ::std::option::Option<crate::RawJson>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub success: ::std::option::Option<bool>,
    }

    /// `SocketEmitRequest`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
    pub struct SocketEmitRequest {
        pub args: crate::RawJson,
        pub method: crate::generated::open::RpcMethod,
        #[serde(
            rename = "projectId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub project_id: ::std::option::Option<::std::string::String>,
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
/// Client for Aerostack
///
/// Version: 1.5.0
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::transport::Inner,
}

impl Client {
    /// Construct a new client with an existing `reqwest::Client`,
    /// allowing more control over its configuration.
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
    /// Read the consumer's usage
    ///
    /// Sums up the tokens and requests of the calling consumer on one gateway over the last days. Two official SDKs
    /// make this call; nothing published describes it, nor says what `days` is when left out.
    ///
    /// Sends a `GET` request to `/api/gateway/me/usage`
    ///
    /// Arguments:
    /// - `api_slug`: The slug of the published endpoint.
    /// - `days`: How many days back to look.
    pub async fn gateway_get_usage<'a>(
        &'a self,
        api_slug: &'a str,
        days: Option<i64>,
    ) -> Result<ResponseValue<types::GatewayGetUsageResponse>, Error<()>> {
        let url = format!("{}/api/gateway/me/usage", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("api_slug", &api_slug))
            .query(&progenitor_client::QueryParam::new("days", &days))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "gateway_get_usage",
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

    /// Sign an end user in with a password
    ///
    /// Checks an email address and a password. Wrong credentials are a 401. A 403 means that the account may not sign
    /// in now: its address is not verified (`emailNotVerified` is true), or it is locked for 60 minutes after too
    /// many failed attempts (`AUTH_ACCOUNT_LOCKED`). At most 10 calls a minute from one IP address and 5 in 15
    /// minutes for one email address.
    ///
    /// Sends a `POST` request to `/api/v1/public/projects/{projectSlug}/auth/login`
    ///
    /// Arguments:
    /// - `project_slug`: The project's slug; official SDKs pass its id in the same place.
    /// - `body`
    pub async fn public_auth_login<'a>(
        &'a self,
        project_slug: &'a str,
        body: &'a types::PublicAuthLoginRequest,
    ) -> Result<ResponseValue<types::PublicAuthResponse>, Error<()>> {
        let url = format!(
            "{}/api/v1/public/projects/{}/auth/login", self.baseurl, encode_path(&
            project_slug.to_string()),
        );
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
            operation_id: "public_auth_login",
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

    /// End a session
    ///
    /// Ends the session of an access token and, when given, of its refresh token. The access token is sent twice, as
    /// the credential and in the body.
    ///
    /// Sends a `POST` request to `/api/v1/public/projects/{projectSlug}/auth/logout`
    ///
    /// Arguments:
    /// - `project_slug`: The project's slug; official SDKs pass its id in the same place.
    /// - `body`
    pub async fn public_auth_logout<'a>(
        &'a self,
        project_slug: &'a str,
        body: &'a types::PublicAuthLogoutRequest,
    ) -> Result<ResponseValue<types::PublicAuthMessageResponse>, Error<()>> {
        let url = format!(
            "{}/api/v1/public/projects/{}/auth/logout", self.baseurl, encode_path(&
            project_slug.to_string()),
        );
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
            operation_id: "public_auth_logout",
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

    /// Read the signed-in user
    ///
    /// Answers with the user a token belongs to. There is no operation to inspect a token; a 200 here means that it
    /// is good, a 401 that it is not. The user arrives flat or inside `user`.
    ///
    /// Sends a `GET` request to `/api/v1/public/projects/{projectSlug}/auth/me`
    ///
    /// Arguments:
    /// - `project_slug`: The project's slug; official SDKs pass its id in the same place.
    pub async fn public_auth_me<'a>(
        &'a self,
        project_slug: &'a str,
    ) -> Result<ResponseValue<types::PublicUserReply>, Error<()>> {
        let url = format!(
            "{}/api/v1/public/projects/{}/auth/me", self.baseurl, encode_path(&
            project_slug.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "public_auth_me",
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

    /// Change the signed-in user's profile
    ///
    /// Changes the given fields and leaves the others alone. The user arrives flat or inside `user`.
    ///
    /// Sends a `PATCH` request to `/api/v1/public/projects/{projectSlug}/auth/me`
    ///
    /// Arguments:
    /// - `project_slug`: The project's slug; official SDKs pass its id in the same place.
    /// - `body`
    pub async fn public_auth_update_me<'a>(
        &'a self,
        project_slug: &'a str,
        body: &'a types::PublicAuthUpdateMeRequest,
    ) -> Result<ResponseValue<types::PublicUserReply>, Error<()>> {
        let url = format!(
            "{}/api/v1/public/projects/{}/auth/me", self.baseurl, encode_path(&
            project_slug.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .patch(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "public_auth_update_me",
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

    /// Remove the signed-in user's picture
    ///
    /// Removes the picture. Nothing says what happens when there is none; treat it as a success.
    ///
    /// Sends a `DELETE` request to `/api/v1/public/projects/{projectSlug}/auth/me/avatar`
    ///
    /// Arguments:
    /// - `project_slug`: The project's slug; official SDKs pass its id in the same place.
    pub async fn public_auth_delete_avatar<'a>(
        &'a self,
        project_slug: &'a str,
    ) -> Result<ResponseValue<types::PublicAuthMessageResponse>, Error<()>> {
        let url = format!(
            "{}/api/v1/public/projects/{}/auth/me/avatar", self.baseurl, encode_path(&
            project_slug.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .delete(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "public_auth_delete_avatar",
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

    /// Send a one-time code
    ///
    /// Sends a six-digit code by mail or text message. Give exactly one of `email` and `phone`. `accountExists` says
    /// whether the code will sign in an existing account or make a new one. At most 3 calls in 5 minutes for one
    /// address or number.
    ///
    /// Every call sends another message, so it is not repeated by itself.
    ///
    /// Sends a `POST` request to `/api/v1/public/projects/{projectSlug}/auth/otp/send`
    ///
    /// Arguments:
    /// - `project_slug`: The project's slug; official SDKs pass its id in the same place.
    /// - `body`
    pub async fn public_auth_otp_send<'a>(
        &'a self,
        project_slug: &'a str,
        body: &'a types::PublicAuthOtpSendRequest,
    ) -> Result<ResponseValue<types::PublicAuthOtpSendResponse>, Error<()>> {
        let url = format!(
            "{}/api/v1/public/projects/{}/auth/otp/send", self.baseurl, encode_path(&
            project_slug.to_string()),
        );
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
            operation_id: "public_auth_otp_send",
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

    /// Sign in with a one-time code
    ///
    /// Exchanges a one-time code for tokens. Give exactly one of `email` and `phone`, the one the code was sent to.
    /// Expect a code to work once. At most 3 calls in 5 minutes for one address or number.
    ///
    /// Sends a `POST` request to `/api/v1/public/projects/{projectSlug}/auth/otp/verify`
    ///
    /// Arguments:
    /// - `project_slug`: The project's slug; official SDKs pass its id in the same place.
    /// - `body`
    pub async fn public_auth_otp_verify<'a>(
        &'a self,
        project_slug: &'a str,
        body: &'a types::PublicAuthOtpVerifyRequest,
    ) -> Result<ResponseValue<types::PublicAuthResponse>, Error<()>> {
        let url = format!(
            "{}/api/v1/public/projects/{}/auth/otp/verify", self.baseurl, encode_path(&
            project_slug.to_string()),
        );
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
            operation_id: "public_auth_otp_verify",
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

    /// Exchange a refresh token for new tokens
    ///
    /// Answers with a new access token. The reply may carry a new refresh token too; from then on use that one, the
    /// old one may have stopped working. It is therefore not repeated by itself.
    ///
    /// Sends a `POST` request to `/api/v1/public/projects/{projectSlug}/auth/refresh`
    ///
    /// Arguments:
    /// - `project_slug`: The project's slug; official SDKs pass its id in the same place.
    /// - `body`
    pub async fn public_auth_refresh<'a>(
        &'a self,
        project_slug: &'a str,
        body: &'a types::PublicAuthRefreshRequest,
    ) -> Result<ResponseValue<types::PublicAuthResponse>, Error<()>> {
        let url = format!(
            "{}/api/v1/public/projects/{}/auth/refresh", self.baseurl, encode_path(&
            project_slug.to_string()),
        );
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
            operation_id: "public_auth_refresh",
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
    /// Sends a `POST` request to `/api/v1/public/projects/{projectSlug}/auth/register`
    ///
    /// Arguments:
    /// - `project_slug`: The project's slug; official SDKs pass its id in the same place.
    /// - `body`
    pub async fn public_auth_register<'a>(
        &'a self,
        project_slug: &'a str,
        body: &'a types::PublicAuthRegisterRequest,
    ) -> Result<ResponseValue<types::PublicAuthResponse>, Error<()>> {
        let url = format!(
            "{}/api/v1/public/projects/{}/auth/register", self.baseurl, encode_path(&
            project_slug.to_string()),
        );
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
            operation_id: "public_auth_register",
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

    /// Send the verification mail again
    ///
    /// Sends another verification mail. At most 3 calls a minute for one email address.
    ///
    /// Sends a `POST` request to `/api/v1/public/projects/{projectSlug}/auth/resend-verification`
    ///
    /// Arguments:
    /// - `project_slug`: The project's slug; official SDKs pass its id in the same place.
    /// - `body`
    pub async fn public_auth_resend_verification<'a>(
        &'a self,
        project_slug: &'a str,
        body: &'a types::PublicAuthResendVerificationRequest,
    ) -> Result<ResponseValue<types::PublicAuthMessageResponse>, Error<()>> {
        let url = format!(
            "{}/api/v1/public/projects/{}/auth/resend-verification", self.baseurl,
            encode_path(& project_slug.to_string()),
        );
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
            operation_id: "public_auth_resend_verification",
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

    /// Set a new password with a reset token
    ///
    /// Sets a new password with the token of the reset mail. Expect the token to work once. The password rules of
    /// sign-up apply.
    ///
    /// Sends a `POST` request to `/api/v1/public/projects/{projectSlug}/auth/reset-password`
    ///
    /// Arguments:
    /// - `project_slug`: The project's slug; official SDKs pass its id in the same place.
    /// - `body`
    pub async fn public_auth_reset_password<'a>(
        &'a self,
        project_slug: &'a str,
        body: &'a types::PublicAuthResetPasswordRequest,
    ) -> Result<ResponseValue<types::PublicAuthMessageResponse>, Error<()>> {
        let url = format!(
            "{}/api/v1/public/projects/{}/auth/reset-password", self.baseurl,
            encode_path(& project_slug.to_string()),
        );
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
            operation_id: "public_auth_reset_password",
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

    /// Ask for a password reset mail
    ///
    /// Sends a mail with a reset token. The answer is the same whether or not an account has this address. At most 3
    /// calls in 15 minutes for one email address.
    ///
    /// Sends a `POST` request to `/api/v1/public/projects/{projectSlug}/auth/reset-password-request`
    ///
    /// Arguments:
    /// - `project_slug`: The project's slug; official SDKs pass its id in the same place.
    /// - `body`
    pub async fn public_auth_reset_password_request<'a>(
        &'a self,
        project_slug: &'a str,
        body: &'a types::PublicAuthResetPasswordRequestRequest,
    ) -> Result<ResponseValue<types::PublicAuthMessageResponse>, Error<()>> {
        let url = format!(
            "{}/api/v1/public/projects/{}/auth/reset-password-request", self.baseurl,
            encode_path(& project_slug.to_string()),
        );
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
            operation_id: "public_auth_reset_password_request",
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

    /// Confirm an email address
    ///
    /// Confirms the address with the token of the verification mail. Expect the token to work once; although this is
    /// a `GET` it is not repeated by itself, because the second call would fail.
    ///
    /// Sends a `GET` request to `/api/v1/public/projects/{projectSlug}/auth/verify-email`
    ///
    /// Arguments:
    /// - `project_slug`: The project's slug; official SDKs pass its id in the same place.
    /// - `token`: The token of the verification mail.
    pub async fn public_auth_verify_email<'a>(
        &'a self,
        project_slug: &'a str,
        token: &'a crate::Secret,
    ) -> Result<ResponseValue<types::PublicAuthMessageResponse>, Error<()>> {
        let url = format!(
            "{}/api/v1/public/projects/{}/auth/verify-email", self.baseurl, encode_path(&
            project_slug.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("token", &token))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "public_auth_verify_email",
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
    /// Sends a `GET` request to `/api/v1/public/realtime/history`
    ///
    /// Arguments:
    /// - `before`: Only messages older than this, in Unix milliseconds.
    /// - `limit`: Messages per page.
    /// - `room`: The full topic of the channel.
    pub async fn realtime_history<'a>(
        &'a self,
        before: Option<i64>,
        limit: Option<i64>,
        room: &'a str,
    ) -> Result<ResponseValue<types::RealtimeHistoryResponse>, Error<()>> {
        let url = format!("{}/api/v1/public/realtime/history", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("before", &before))
            .query(&progenitor_client::QueryParam::new("limit", &limit))
            .query(&progenitor_client::QueryParam::new("room", &room))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "realtime_history",
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
    /// Sends a `POST` request to `/internal/hooks/rpc`
    pub async fn socket_emit<'a>(
        &'a self,
        body: &'a types::SocketEmitRequest,
    ) -> Result<ResponseValue<crate::RawJson>, Error<()>> {
        let url = format!("{}/internal/hooks/rpc", self.baseurl,);
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
            operation_id: "socket_emit",
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
    /// Sends a `POST` request to `/v1/ai/chat`
    pub async fn ai_chat<'a>(
        &'a self,
        body: &'a types::ChatCompletionRequest,
    ) -> Result<ResponseValue<types::ChatCompletionResponse>, Error<()>> {
        let url = format!("{}/v1/ai/chat", self.baseurl,);
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
            operation_id: "ai_chat",
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

    /// Embed a text
    ///
    /// Turns one text into a vector. Vectors are comparable only when the same model made them; their length depends
    /// on the model. One official SDK makes this call; nothing published describes it.
    ///
    /// Sends a `POST` request to `/v1/ai/embed`
    pub async fn ai_embed<'a>(
        &'a self,
        body: &'a types::AiEmbedRequest,
    ) -> Result<ResponseValue<types::AiEmbedResponse>, Error<()>> {
        let url = format!("{}/v1/ai/embed", self.baseurl,);
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
            operation_id: "ai_embed",
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

    /// Read the consumer's wallet
    ///
    /// Returns what the calling consumer still has and has used on one gateway. `balance` and `total_consumed` are
    /// published; the other fields are read by official SDKs and may be absent.
    ///
    /// Sends a `GET` request to `/v1/ai/gateway/me/wallet`
    ///
    /// Arguments:
    /// - `api_slug`: The slug of the published endpoint.
    pub async fn gateway_get_wallet<'a>(
        &'a self,
        api_slug: &'a str,
    ) -> Result<ResponseValue<types::GatewayGetWalletResponse>, Error<()>> {
        let url = format!("{}/v1/ai/gateway/me/wallet", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("api_slug", &api_slug))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "gateway_get_wallet",
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

    /// Complete a chat through a gateway
    ///
    /// As `aiChat`, on behalf of a consumer of a published AI endpoint: the tokens used are taken from the consumer's
    /// wallet. Which credential is accepted, a consumer key or the token of a signed-in user, is a setting of the
    /// gateway. The project's secret key never belongs in this call.
    ///
    /// A gateway with a hard limit refuses the call when the wallet is empty; with which status is not stated.
    /// Official SDKs reach the same service under a path of another form.
    ///
    /// Sends a `POST` request to `/v1/ai/gateway/{apiSlug}/chat/completions`
    ///
    /// Arguments:
    /// - `api_slug`: The slug of the published endpoint.
    /// - `body`
    pub async fn gateway_chat_completions<'a>(
        &'a self,
        api_slug: &'a str,
        body: &'a types::ChatCompletionRequest,
    ) -> Result<ResponseValue<types::ChatCompletionResponse>, Error<()>> {
        let url = format!(
            "{}/v1/ai/gateway/{}/chat/completions", self.baseurl, encode_path(& api_slug
            .to_string()),
        );
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
            operation_id: "gateway_chat_completions",
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

    /// Choose the embedding model of the search index
    ///
    /// Sets the model that embeds the project's texts. Vectors of different models cannot be compared, and nothing says
    /// that stored entries are embedded anew: choose before ingesting, or ingest everything again.
    ///
    /// Sends a `POST` request to `/v1/ai/search/configure`
    pub async fn search_configure<'a>(
        &'a self,
        body: &'a types::SearchConfigureRequest,
    ) -> Result<ResponseValue<types::SearchConfigureResponse>, Error<()>> {
        let url = format!("{}/v1/ai/search/configure", self.baseurl,);
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
            operation_id: "search_configure",
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

    /// Count the entries of the search index
    ///
    /// Counts the entries of one type, or all of them when no type is given.
    ///
    /// Sends a `POST` request to `/v1/ai/search/count`
    pub async fn search_count<'a>(
        &'a self,
        body: &'a types::SearchCountRequest,
    ) -> Result<ResponseValue<types::SearchCountResponse>, Error<()>> {
        let url = format!("{}/v1/ai/search/count", self.baseurl,);
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
            operation_id: "search_count",
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

    /// Remove an entry from the search index
    ///
    /// Removes the entry of this id. Repeating the call does no harm.
    ///
    /// Sends a `POST` request to `/v1/ai/search/delete`
    pub async fn search_delete<'a>(
        &'a self,
        body: &'a types::SearchDeleteRequest,
    ) -> Result<ResponseValue<types::SearchDeleteResponse>, Error<()>> {
        let url = format!("{}/v1/ai/search/delete", self.baseurl,);
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
            operation_id: "search_delete",
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

    /// Remove all entries of one type
    ///
    /// Removes every entry of a type from the search index. This cannot be undone, and the answer does not say how
    /// many entries there were; count them first if that matters.
    ///
    /// Sends a `POST` request to `/v1/ai/search/deleteByType`
    pub async fn search_delete_by_type<'a>(
        &'a self,
        body: &'a types::SearchDeleteByTypeRequest,
    ) -> Result<ResponseValue<types::SearchDeleteByTypeResponse>, Error<()>> {
        let url = format!("{}/v1/ai/search/deleteByType", self.baseurl,);
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
            operation_id: "search_delete_by_type",
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

    /// Read one entry of the search index
    ///
    /// Returns the entry with this id. A missing entry is no error: `exists` is then `false` and `result` null. The
    /// `score` of an entry that was not searched for means nothing.
    ///
    /// Sends a `POST` request to `/v1/ai/search/get`
    pub async fn search_get<'a>(
        &'a self,
        body: &'a types::SearchGetRequest,
    ) -> Result<ResponseValue<types::SearchGetResponse>, Error<()>> {
        let url = format!("{}/v1/ai/search/get", self.baseurl,);
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
            operation_id: "search_get",
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

    /// Add a text to the search index
    ///
    /// Embeds a text and stores it for semantic search. With an `id` an entry of that id is replaced, so repeating the
    /// call is harmless. Without one the platform makes up a UUID, does not tell it, and a repeated call stores the
    /// text twice: give an `id` to whatever should be updated or deleted later.
    ///
    /// Sends a `POST` request to `/v1/ai/search/ingest`
    pub async fn search_ingest<'a>(
        &'a self,
        body: &'a types::SearchIngestRequest,
    ) -> Result<ResponseValue<types::SearchIngestResponse>, Error<()>> {
        let url = format!("{}/v1/ai/search/ingest", self.baseurl,);
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
            operation_id: "search_ingest",
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

    /// List the types in the search index
    ///
    /// Returns each type in use and how many entries it has.
    ///
    /// Sends a `GET` request to `/v1/ai/search/listTypes`
    pub async fn search_list_types<'a>(
        &'a self,
    ) -> Result<ResponseValue<types::SearchListTypesResponse>, Error<()>> {
        let url = format!("{}/v1/ai/search/listTypes", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "search_list_types",
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

    /// Search by meaning
    ///
    /// Returns the entries closest in meaning to a text, best first, with a score from 0 to 1. `types` narrows the
    /// search to entries of those types, `filter` to entries whose metadata match it; how `filter` is matched beyond
    /// equality is not stated.
    ///
    /// Sends a `POST` request to `/v1/ai/search/query`
    pub async fn search_query<'a>(
        &'a self,
        body: &'a types::SearchQueryRequest,
    ) -> Result<ResponseValue<types::SearchQueryResponse>, Error<()>> {
        let url = format!("{}/v1/ai/search/query", self.baseurl,);
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
            operation_id: "search_query",
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

    /// Replace an entry of the search index
    ///
    /// Embeds the new text and replaces the entry of this id. `type` and `metadata` replace what was stored; nothing
    /// is merged. What happens to an id that is not there is not stated.
    ///
    /// Sends a `POST` request to `/v1/ai/search/update`
    pub async fn search_update<'a>(
        &'a self,
        body: &'a types::SearchUpdateRequest,
    ) -> Result<ResponseValue<types::SearchUpdateResponse>, Error<()>> {
        let url = format!("{}/v1/ai/search/update", self.baseurl,);
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
            operation_id: "search_update",
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

    /// Sign a user in from a trusted server
    ///
    /// Checks an email address and a password and answers with a token for that user. A 401 can mean two things, told
    /// apart by `code`: the user's credentials are wrong, or the project's API key is.
    ///
    /// Sends a `POST` request to `/v1/auth/signin`
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

    /// Create a user from a trusted server
    ///
    /// Creates a user with an email address and a password and signs them in. This flavour gives one token and no
    /// refresh token; the public flavour has refresh, one-time codes and email verification.
    ///
    /// Sends a `POST` request to `/v1/auth/signup`
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

    /// Remove one key
    ///
    /// Removes a key. Removing a key that is not there is no error. As all writes, it may take up to about 60 seconds
    /// to show everywhere.
    ///
    /// Sends a `POST` request to `/v1/cache/delete`
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

    /// Remove several keys
    ///
    /// Removes up to 500 keys in one call. `count` is how many were asked for, `deleted` how many were really removed.
    /// A repeated call reaches the same state but may report fewer as `deleted`.
    ///
    /// Sends a `POST` request to `/v1/cache/deleteMany`
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

    /// Set the time to live of a key
    ///
    /// Lets an existing key expire `ttl` seconds from now and keeps its value. A missing key is no error: `success` is
    /// false. The platform reads the value and writes it back, so a write by someone else at the same moment can be
    /// lost.
    ///
    /// Sends a `POST` request to `/v1/cache/expire`
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

    /// Remove all keys, or all with a prefix
    ///
    /// Removes every key that starts with `prefix`. **Without a prefix it empties the whole project's cache.** One call
    /// removes at most 10,000 keys, so call again while `deleted` is 10,000. At most 5 calls a minute are allowed.
    /// Repeating a call is not harmless: it removes the next 10,000, and keys written meanwhile.
    ///
    /// Sends a `POST` request to `/v1/cache/flush`
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

    /// Read one value
    ///
    /// Reads the value of a key. A missing or expired key is no error: `exists` is false and `value` is null. A stored
    /// null is told apart from a missing key by `exists` alone.
    ///
    /// Reads are eventually consistent: a value written elsewhere may take up to about 60 seconds to show. `value`
    /// comes back as any JSON; the published document types it as a string, so an older platform may hand over the
    /// value as JSON text inside a string. A hit without `exists` counts as present when `value` is not null.
    ///
    /// Sends a `POST` request to `/v1/cache/get`
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

    /// Read several values
    ///
    /// Reads up to 100 keys in one call and answers with one entry per key. A missing key is an entry with `exists`
    /// false. Match entries by their `key`.
    ///
    /// Sends a `POST` request to `/v1/cache/getMany`
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

    /// Add to a number
    ///
    /// Adds `amount`, 1 by default and possibly negative, to the number under a key and answers with the sum. A missing
    /// key starts at `initialValue`, 0 by default, before the amount is added; `ttl` applies to a key made this way
    /// and leaves an existing key's expiry alone.
    ///
    /// Not atomic: the platform reads, adds and writes, so concurrent increments can be lost. Use the database for
    /// counts that must be exact.
    ///
    /// Sends a `POST` request to `/v1/cache/increment`
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

    /// List key names at once
    ///
    /// Answers with up to 10,000 key names in one piece, optionally only those with a prefix. `truncated` is true when
    /// there are more; there is no cursor, page through the list operation instead.
    ///
    /// Sends a `POST` request to `/v1/cache/keys`
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

    /// List keys with their expiry, page by page
    ///
    /// Lists keys, optionally only those with a prefix, 100 a page unless `limit` says otherwise (at most 1000). Pass
    /// `cursor` back unchanged to get the next page; `list_complete` is true on the last one. A page may be short or
    /// even empty before the end. Keys come back without the project's own prefix.
    ///
    /// Sends a `POST` request to `/v1/cache/list`
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

    /// Write one value
    ///
    /// Stores any JSON value, null included, under a key and replaces what was there. With `ttl` the key expires that
    /// many seconds from now; without it the key stays. Limits on key length and on `ttl` are not published. Values up
    /// to 25 MB are mentioned by an official SDK.
    ///
    /// Sends a `POST` request to `/v1/cache/set`
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

    /// Write several values
    ///
    /// Stores up to 100 entries in one call, each with its own optional `ttl`. Nothing says that the entries are
    /// written together; after a failure some may be stored.
    ///
    /// Sends a `POST` request to `/v1/cache/setMany`
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

    /// Read one item
    ///
    /// Returns an item by its id alone; the collection it belongs to is not part of the call.
    ///
    /// Sends a `GET` request to `/v1/collections/items/{id}`
    ///
    /// Arguments:
    /// - `id`: The item's id.
    pub async fn collections_get_item<'a>(
        &'a self,
        id: &'a str,
    ) -> Result<ResponseValue<crate::RawJson>, Error<()>> {
        let url = format!(
            "{}/v1/collections/items/{}", self.baseurl, encode_path(& id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "collections_get_item",
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

    /// Change an item
    ///
    /// Writes the given fields to an item. Whether fields left out are kept or cleared is not stated: send all of them.
    /// The item is not returned; read it again to see what was stored.
    ///
    /// Sends a `PUT` request to `/v1/collections/items/{id}`
    ///
    /// Arguments:
    /// - `id`: The item's id.
    /// - `body`
    pub async fn collections_update_item<'a>(
        &'a self,
        id: &'a str,
        body: &'a crate::RawJson,
    ) -> Result<ResponseValue<types::CollectionsUpdateItemResponse>, Error<()>> {
        let url = format!(
            "{}/v1/collections/items/{}", self.baseurl, encode_path(& id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .put(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "collections_update_item",
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

    /// Delete an item
    ///
    /// Deletes an item. Repeating the call changes nothing more, but may answer that the item is missing.
    ///
    /// Sends a `DELETE` request to `/v1/collections/items/{id}`
    ///
    /// Arguments:
    /// - `id`: The item's id.
    pub async fn collections_delete_item<'a>(
        &'a self,
        id: &'a str,
    ) -> Result<ResponseValue<types::CollectionsDeleteItemResponse>, Error<()>> {
        let url = format!(
            "{}/v1/collections/items/{}", self.baseurl, encode_path(& id.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .delete(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "collections_delete_item",
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

    /// List the items of a collection
    ///
    /// Returns items of a collection, as an array by all that is known. Query pairs are passed through as strings;

    /// which names filter, sort or page is not stated, so nothing here pages on its own.
    ///
    /// Sends a `GET` request to `/v1/collections/{name}/items`
    ///
    /// Arguments:
    /// - `name`: The collection's name.
    /// - `query`: Pairs of the caller's choice, each sent as a parameter of its own.
    pub async fn collections_list_items<'a>(
        &'a self,
        name: &'a str,
        query: Option<
            &'a ::std::collections::BTreeMap<
                ::std::string::String,
                ::std::string::String,
            >,
        >,
    ) -> Result<ResponseValue<crate::RawJson>, Error<()>> {
        let url = format!(
            "{}/v1/collections/{}/items", self.baseurl, encode_path(& name.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("query", &query))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "collections_list_items",
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

    /// Add an item to a collection
    ///
    /// Stores a new item and returns it. Its fields are those of the collection; the platform gives it an id. Each
    /// call adds an item.
    ///
    /// Sends a `POST` request to `/v1/collections/{name}/items`
    ///
    /// Arguments:
    /// - `name`: The collection's name.
    /// - `body`
    pub async fn collections_create_item<'a>(
        &'a self,
        name: &'a str,
        body: &'a crate::RawJson,
    ) -> Result<ResponseValue<crate::RawJson>, Error<()>> {
        let url = format!(
            "{}/v1/collections/{}/items", self.baseurl, encode_path(& name.to_string()),
        );
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
            operation_id: "collections_create_item",
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

    /// Call a function with GET
    ///
    /// Runs a function of the project, its input in the query. Input and output belong to the function; `GET` takes no
    /// body. With a user token beside the key the function knows which user is calling.
    ///
    /// A function answers with whatever status and JSON it likes. The errors listed are the platform's own.
    ///
    /// Sends a `GET` request to `/v1/custom/{slug}`
    ///
    /// Arguments:
    /// - `slug`: The function's slug.
    /// - `query`: Pairs of the caller's choice, each sent as a parameter of its own.
    pub async fn custom_call_get<'a>(
        &'a self,
        slug: &'a str,
        query: Option<
            &'a ::std::collections::BTreeMap<
                ::std::string::String,
                ::std::string::String,
            >,
        >,
    ) -> Result<ResponseValue<crate::RawJson>, Error<()>> {
        let url = format!(
            "{}/v1/custom/{}", self.baseurl, encode_path(& slug.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("query", &query))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "custom_call_get",
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

    /// Call a function with PUT
    ///
    /// As `customCallPost`, with another method. HTTP calls `PUT` repeatable, but only the function's author knows
    /// whether it is.
    ///
    /// Sends a `PUT` request to `/v1/custom/{slug}`
    ///
    /// Arguments:
    /// - `slug`: The function's slug.
    /// - `body`
    pub async fn custom_call_put<'a>(
        &'a self,
        slug: &'a str,
        body: &'a crate::RawJson,
    ) -> Result<ResponseValue<crate::RawJson>, Error<()>> {
        let url = format!(
            "{}/v1/custom/{}", self.baseurl, encode_path(& slug.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .put(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "custom_call_put",
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

    /// Call a function with POST
    ///
    /// Runs a function of the project with a JSON value of the caller's own, the usual way to call one. With a user
    /// token beside the key the function knows which user is calling. What a repeated call does is up to the function.
    ///
    /// A function answers with whatever status and JSON it likes. The errors listed are the platform's own.
    ///
    /// Sends a `POST` request to `/v1/custom/{slug}`
    ///
    /// Arguments:
    /// - `slug`: The function's slug.
    /// - `body`
    pub async fn custom_call_post<'a>(
        &'a self,
        slug: &'a str,
        body: &'a crate::RawJson,
    ) -> Result<ResponseValue<crate::RawJson>, Error<()>> {
        let url = format!(
            "{}/v1/custom/{}", self.baseurl, encode_path(& slug.to_string()),
        );
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
            operation_id: "custom_call_post",
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

    /// Call a function with DELETE
    ///
    /// Runs a function of the project, its input in the query; `DELETE` takes no body. HTTP calls `DELETE` repeatable,
    /// but only the function's author knows whether it is.
    ///
    /// Sends a `DELETE` request to `/v1/custom/{slug}`
    ///
    /// Arguments:
    /// - `slug`: The function's slug.
    /// - `query`: Pairs of the caller's choice, each sent as a parameter of its own.
    pub async fn custom_call_delete<'a>(
        &'a self,
        slug: &'a str,
        query: Option<
            &'a ::std::collections::BTreeMap<
                ::std::string::String,
                ::std::string::String,
            >,
        >,
    ) -> Result<ResponseValue<crate::RawJson>, Error<()>> {
        let url = format!(
            "{}/v1/custom/{}", self.baseurl, encode_path(& slug.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .delete(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("query", &query))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "custom_call_delete",
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

    /// Call a function with PATCH
    ///
    /// As `customCallPost`, with another method.
    ///
    /// Sends a `PATCH` request to `/v1/custom/{slug}`
    ///
    /// Arguments:
    /// - `slug`: The function's slug.
    /// - `body`
    pub async fn custom_call_patch<'a>(
        &'a self,
        slug: &'a str,
        body: &'a crate::RawJson,
    ) -> Result<ResponseValue<crate::RawJson>, Error<()>> {
        let url = format!(
            "{}/v1/custom/{}", self.baseurl, encode_path(& slug.to_string()),
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map
            .append(
                ::reqwest::header::HeaderName::from_static("api-version"),
                ::reqwest::header::HeaderValue::from_static(Self::api_version()),
            );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .patch(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "custom_call_patch",
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

    /// Run several SQL statements in one call
    ///
    /// Runs up to 25 statements in order and answers with one outcome per statement, in the order of the request.
    /// A failed statement does not fail the call: the status is still 200, `success` is false and the outcome of that
    /// statement carries the `error`.
    ///
    /// Do not rely on a rollback. The platform's guide calls a batch a transaction, its published document describes
    /// partial success; check every outcome.
    ///
    /// Sends a `POST` request to `/v1/db/batch`
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

    /// Run one SQL statement
    ///
    /// Runs one statement with positional `?` parameters and returns its rows. A statement that yields no rows, such
    /// as an `INSERT` without `RETURNING`, answers with an empty list. Schema changes are refused here; they belong to
    /// migrations.
    ///
    /// Sends a `POST` request to `/v1/db/query`
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

    /// Bill units to a consumer
    ///
    /// Records units a consumer of a gateway has used, for what the platform does not meter itself. Each call counts:
    /// repeating it bills the units again, and nothing allows marking two calls as the same.
    ///
    /// Sends a `POST` request to `/v1/gateway/billing/log`
    pub async fn gateway_billing_log<'a>(
        &'a self,
        body: &'a types::GatewayBillingLogRequest,
    ) -> Result<ResponseValue<types::GatewayBillingLogResponse>, Error<()>> {
        let url = format!("{}/v1/gateway/billing/log", self.baseurl,);
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
            operation_id: "gateway_billing_log",
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

    /// Cancel a job
    ///
    /// Marks a job as cancelled. This is advice to the worker: a job already being processed may still finish, and a
    /// completed or failed job stays what it is. `note` says so in words; read the job again to learn its state. What
    /// an unknown id answers is not stated.
    ///
    /// Sends a `POST` request to `/v1/queue/cancel`
    pub async fn queue_cancel_job<'a>(
        &'a self,
        body: &'a types::QueueCancelJobRequest,
    ) -> Result<ResponseValue<types::QueueCancelJobResponse>, Error<()>> {
        let url = format!("{}/v1/queue/cancel", self.baseurl,);
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
            operation_id: "queue_cancel_job",
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

    /// Enqueue a job
    ///
    /// Adds a job for a worker of the project and returns its id at once, before the job has run. Each call makes a
    /// new job: when an answer is lost, repeating the call may run the work twice, so make the worker tolerate that or
    /// look for the job first. The job's record, not its effect, is kept for seven days.
    ///
    /// `maxRetries` appears in guides but in no published schema. A platform that does not know it may ignore it.
    ///
    /// Sends a `POST` request to `/v1/queue/enqueue`
    pub async fn queue_enqueue<'a>(
        &'a self,
        body: &'a types::QueueEnqueueRequest,
    ) -> Result<ResponseValue<types::QueueEnqueueResponse>, Error<()>> {
        let url = format!("{}/v1/queue/enqueue", self.baseurl,);
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
            operation_id: "queue_enqueue",
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

    /// Look up one job
    ///
    /// Returns the record of a job. A job that never existed, or whose record has passed its seven days, is no error:
    /// `exists` is then `false` and `job` null.
    ///
    /// Sends a `POST` request to `/v1/queue/job`
    pub async fn queue_get_job<'a>(
        &'a self,
        body: &'a types::QueueGetJobRequest,
    ) -> Result<ResponseValue<types::QueueGetJobResponse>, Error<()>> {
        let url = format!("{}/v1/queue/job", self.baseurl,);
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
            operation_id: "queue_get_job",
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

    /// List jobs
    ///
    /// Returns job records a page at a time, optionally only those of one state or one type. `list_complete` is `true`
    /// on the last page; until then, send `cursor` back unchanged. The order of the records is not stated.
    ///
    /// Sends a `POST` request to `/v1/queue/jobs`
    pub async fn queue_list_jobs<'a>(
        &'a self,
        body: &'a types::QueueListJobsRequest,
    ) -> Result<ResponseValue<types::QueueListJobsResponse>, Error<()>> {
        let url = format!("{}/v1/queue/jobs", self.baseurl,);
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
            operation_id: "queue_list_jobs",
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

    /// Read a secret
    ///
    /// Returns a value the project keeps encrypted, or null when there is none. Reading secrets is documented only for
    /// code that runs on the platform: no source shows this HTTP call, which follows the form of the other services.
    /// Check it against a live account before relying on it, and accept both ways of saying that a secret is missing,
    /// `exists: false` and 404.
    ///
    /// Sends a `POST` request to `/v1/secrets/get`
    pub async fn secrets_get<'a>(
        &'a self,
        body: &'a types::SecretsGetRequest,
    ) -> Result<ResponseValue<types::SecretsGetResponse>, Error<()>> {
        let url = format!("{}/v1/secrets/get", self.baseurl,);
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
            operation_id: "secrets_get",
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

    /// Call a service of the project
    ///
    /// Runs a service by name and returns what it returned. What a repeated call does is up to the service. `success`
    /// tells whether the service ran to its end. Official clients wait 30 seconds.
    ///
    /// Sends a `POST` request to `/v1/services/invoke`
    pub async fn services_invoke<'a>(
        &'a self,
        body: &'a types::ServicesInvokeRequest,
    ) -> Result<ResponseValue<types::ServicesInvokeResponse>, Error<()>> {
        let url = format!("{}/v1/services/invoke", self.baseurl,);
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
            operation_id: "services_invoke",
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

    /// Copy a file to another key
    ///
    /// Copies a file within the project, replaces what is at the destination, and answers with the copy's URL.
    ///
    /// Sends a `POST` request to `/v1/storage/copy`
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

    /// Remove a file
    ///
    /// Removes a file. No error for a missing file is published; treat removing one twice as a success.
    ///
    /// Sends a `POST` request to `/v1/storage/delete`
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

    /// Ask whether a file exists
    ///
    /// Says whether there is a file under a key, without reading it.
    ///
    /// Sends a `POST` request to `/v1/storage/exists`
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

    /// Download a file
    ///
    /// Answers with the bytes of a file. The real `Content-Type` of the answer is the one the file was uploaded with;

    /// errors are JSON.
    ///
    /// Sends a `POST` request to `/v1/storage/get`
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

    /// Read what is known about a file
    ///
    /// Answers with size, type, date and entity tag of a file without its bytes. A missing file is no error: `exists`
    /// is false and the other fields are absent.
    ///
    /// Sends a `POST` request to `/v1/storage/getMetadata`
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

    /// Look up the URL of a file
    ///
    /// Answers with the URL under which a file is served. Nothing says how long the URL lives, nor what happens when
    /// there is no such file; ask whether it exists first when that matters.
    ///
    /// Sends a `POST` request to `/v1/storage/getUrl`
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

    /// List files, page by page
    ///
    /// Lists files, optionally only those with a key prefix, 100 a page unless `limit` says otherwise (at most 1000).
    /// Pass `cursor` back unchanged while `truncated` is true. Keys come back without the project's own prefix.
    ///
    /// Sends a `POST` request to `/v1/storage/list`
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

    /// Move a file to another key
    ///
    /// Copies a file to the destination and then removes the source. Not atomic: when the removal fails, both keys
    /// exist. Repeating a move that went through fails, because the source is gone.
    ///
    /// Sends a `POST` request to `/v1/storage/move`
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
