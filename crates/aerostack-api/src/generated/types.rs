// Generated from openapi/aerostack.yaml by `cargo xtask generate`. Do not edit: change the document and run it again.

//! Bodies of requests and responses.
//!
//! All are `#[non_exhaustive]`, so that a new optional field breaks nothing. Those of requests have `new`, which takes
//! what is required in the order in which the document lists it, and a setter per other field.

/// Body of the request [`AiEmbed`](crate::requests::AiEmbed).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct AiEmbedRequest {
    /// The embedding model; the platform's choice when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    pub text: String,
}

impl AiEmbedRequest {
    /// Creates a value from its required fields.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            model: Default::default(),
            text: text.into(),
        }
    }

    /// The embedding model; the platform's choice when left out.
    #[must_use]
    pub fn model(mut self, model: impl Into<Option<String>>) -> Self {
        self.model = model.into();
        self
    }
}

/// Body of the response to [`AiEmbed`](crate::requests::AiEmbed).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct AiEmbedResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embedding: Option<Vec<f64>>,
    /// The model that made the vector.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// Body of the response to [`AuthSignin`](crate::requests::AuthSignin).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct AuthResponse {
    /// When `token` expires.
    #[serde(rename = "expiresAt", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// The user's JWT.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(serialize_with = "crate::secret::reveal")]
    pub token: Option<crate::Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<User>,
}

/// Body of the request [`AuthSignin`](crate::requests::AuthSignin).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct AuthSigninRequest {
    pub email: String,
    #[serde(serialize_with = "crate::secret::reveal")]
    pub password: crate::Secret,
}

impl AuthSigninRequest {
    /// Creates a value.
    pub fn new(email: impl Into<String>, password: impl Into<crate::Secret>) -> Self {
        Self {
            email: email.into(),
            password: password.into(),
        }
    }
}

/// Body of the request [`AuthSignup`](crate::requests::AuthSignup).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct AuthSignupRequest {
    pub email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<crate::RawJson>,
    /// Display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// At least 8 characters.
    ///
    /// At least `8` characters.
    #[serde(serialize_with = "crate::secret::reveal")]
    pub password: crate::Secret,
}

impl AuthSignupRequest {
    /// Creates a value from its required fields.
    pub fn new(email: impl Into<String>, password: impl Into<crate::Secret>) -> Self {
        Self {
            email: email.into(),
            metadata: Default::default(),
            name: Default::default(),
            password: password.into(),
        }
    }

    /// Sets `metadata`.
    #[must_use]
    pub fn metadata(mut self, metadata: impl Into<Option<crate::RawJson>>) -> Self {
        self.metadata = metadata.into();
        self
    }

    /// Display name.
    #[must_use]
    pub fn name(mut self, name: impl Into<Option<String>>) -> Self {
        self.name = name.into();
        self
    }
}

/// Body of the request [`CacheDeleteMany`](crate::requests::CacheDeleteMany).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct CacheDeleteManyRequest {
    /// At most `500` entries.
    pub keys: Vec<String>,
}

impl CacheDeleteManyRequest {
    /// Creates a value.
    pub fn new(keys: Vec<String>) -> Self {
        Self { keys }
    }
}

/// Body of the response to [`CacheDeleteMany`](crate::requests::CacheDeleteMany).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheDeleteManyResponse {
    /// Number of keys asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    /// Number of keys really removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`CacheDelete`](crate::requests::CacheDelete).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct CacheDeleteRequest {
    pub key: String,
}

impl CacheDeleteRequest {
    /// Creates a value.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into() }
    }
}

/// Body of the response to [`CacheDelete`](crate::requests::CacheDelete).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheDeleteResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`CacheExpire`](crate::requests::CacheExpire).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct CacheExpireRequest {
    pub key: String,
    /// Seconds from now until the key expires.
    pub ttl: i64,
}

impl CacheExpireRequest {
    /// Creates a value.
    pub fn new(key: impl Into<String>, ttl: i64) -> Self {
        Self { key: key.into(), ttl }
    }
}

/// Body of the response to [`CacheExpire`](crate::requests::CacheExpire).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheExpireResponse {
    /// False when there is no such key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`CacheFlush`](crate::requests::CacheFlush).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheFlushRequest {
    /// Only keys that start with this. Absent means every key of the project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

impl CacheFlushRequest {
    /// Creates an empty value.
    pub fn new() -> Self {
        Self { prefix: Default::default() }
    }

    /// Only keys that start with this. Absent means every key of the project.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<Option<String>>) -> Self {
        self.prefix = prefix.into();
        self
    }
}

/// Body of the response to [`CacheFlush`](crate::requests::CacheFlush).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheFlushResponse {
    /// Number of keys removed by this call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// `CacheGetManyEntry`
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheGetManyEntry {
    /// Whether the key is present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<crate::RawJson>,
}

/// Body of the request [`CacheGetMany`](crate::requests::CacheGetMany).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct CacheGetManyRequest {
    /// At most `100` entries.
    pub keys: Vec<String>,
}

impl CacheGetManyRequest {
    /// Creates a value.
    pub fn new(keys: Vec<String>) -> Self {
        Self { keys }
    }
}

/// Body of the response to [`CacheGetMany`](crate::requests::CacheGetMany).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheGetManyResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<Vec<CacheGetManyEntry>>,
}

/// Body of the request [`CacheGet`](crate::requests::CacheGet).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct CacheGetRequest {
    pub key: String,
}

impl CacheGetRequest {
    /// Creates a value.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into() }
    }
}

/// Body of the response to [`CacheGet`](crate::requests::CacheGet).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheGetResponse {
    /// Whether the key is present.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<crate::RawJson>,
}

/// Body of the request [`CacheIncrement`](crate::requests::CacheIncrement).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct CacheIncrementRequest {
    /// What to add; may be negative.
    ///
    /// `1` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// Where a missing key starts.
    ///
    /// `0` unless given.
    #[serde(rename = "initialValue", skip_serializing_if = "Option::is_none")]
    pub initial_value: Option<i64>,
    pub key: String,
    /// Seconds until a newly made key expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<i64>,
}

impl CacheIncrementRequest {
    /// Creates a value from its required fields.
    pub fn new(key: impl Into<String>) -> Self {
        Self {
            amount: Default::default(),
            initial_value: Default::default(),
            key: key.into(),
            ttl: Default::default(),
        }
    }

    /// What to add; may be negative.
    ///
    /// `1` unless given.
    #[must_use]
    pub fn amount(mut self, amount: impl Into<Option<i64>>) -> Self {
        self.amount = amount.into();
        self
    }

    /// Where a missing key starts.
    ///
    /// `0` unless given.
    #[must_use]
    pub fn initial_value(mut self, initial_value: impl Into<Option<i64>>) -> Self {
        self.initial_value = initial_value.into();
        self
    }

    /// Seconds until a newly made key expires.
    #[must_use]
    pub fn ttl(mut self, ttl: impl Into<Option<i64>>) -> Self {
        self.ttl = ttl.into();
        self
    }
}

/// Body of the response to [`CacheIncrement`](crate::requests::CacheIncrement).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheIncrementResponse {
    /// The number after the addition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
}

/// `CacheKeyEntry`
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheKeyEntry {
    /// When the key expires, in Unix seconds. Null when it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// Body of the request [`CacheKeys`](crate::requests::CacheKeys).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheKeysRequest {
    /// Only keys that start with this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

impl CacheKeysRequest {
    /// Creates an empty value.
    pub fn new() -> Self {
        Self { prefix: Default::default() }
    }

    /// Only keys that start with this.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<Option<String>>) -> Self {
        self.prefix = prefix.into();
        self
    }
}

/// Body of the response to [`CacheKeys`](crate::requests::CacheKeys).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheKeysResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<Vec<String>>,
    /// True when there are more than the 10,000 keys shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated: Option<bool>,
}

/// Body of the request [`CacheList`](crate::requests::CacheList).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheListRequest {
    /// The cursor of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Keys per page.
    ///
    /// `100` unless given, at most `1000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// Only keys that start with this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

impl CacheListRequest {
    /// Creates an empty value.
    pub fn new() -> Self {
        Self {
            cursor: Default::default(),
            limit: Default::default(),
            prefix: Default::default(),
        }
    }

    /// The cursor of the page before.
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<Option<String>>) -> Self {
        self.cursor = cursor.into();
        self
    }

    /// Keys per page.
    ///
    /// `100` unless given, at most `1000`.
    #[must_use]
    pub fn limit(mut self, limit: impl Into<Option<i64>>) -> Self {
        self.limit = limit.into();
        self
    }

    /// Only keys that start with this.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<Option<String>>) -> Self {
        self.prefix = prefix.into();
        self
    }
}

/// Body of the response to [`CacheList`](crate::requests::CacheList).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheListResponse {
    /// Opaque; where the next page starts. Absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keys: Option<Vec<CacheKeyEntry>>,
    /// True on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_complete: Option<bool>,
}

/// `CacheSetManyEntry`
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct CacheSetManyEntry {
    pub key: String,
    /// Seconds until the key expires. Absent means never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<i64>,
    pub value: crate::RawJson,
}

impl CacheSetManyEntry {
    /// Creates a value from its required fields.
    pub fn new(key: impl Into<String>, value: crate::RawJson) -> Self {
        Self {
            key: key.into(),
            ttl: Default::default(),
            value,
        }
    }

    /// Seconds until the key expires. Absent means never.
    #[must_use]
    pub fn ttl(mut self, ttl: impl Into<Option<i64>>) -> Self {
        self.ttl = ttl.into();
        self
    }
}

/// Body of the request [`CacheSetMany`](crate::requests::CacheSetMany).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct CacheSetManyRequest {
    /// At most `100` entries.
    pub entries: Vec<CacheSetManyEntry>,
}

impl CacheSetManyRequest {
    /// Creates a value.
    pub fn new(entries: Vec<CacheSetManyEntry>) -> Self {
        Self { entries }
    }
}

/// Body of the response to [`CacheSetMany`](crate::requests::CacheSetMany).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheSetManyResponse {
    /// Number of entries stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`CacheSet`](crate::requests::CacheSet).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct CacheSetRequest {
    pub key: String,
    /// Seconds until the key expires. Absent means never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<i64>,
    pub value: crate::RawJson,
}

impl CacheSetRequest {
    /// Creates a value from its required fields.
    pub fn new(key: impl Into<String>, value: crate::RawJson) -> Self {
        Self {
            key: key.into(),
            ttl: Default::default(),
            value,
        }
    }

    /// Seconds until the key expires. Absent means never.
    #[must_use]
    pub fn ttl(mut self, ttl: impl Into<Option<i64>>) -> Self {
        self.ttl = ttl.into();
        self
    }
}

/// Body of the response to [`CacheSet`](crate::requests::CacheSet).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CacheSetResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// `ChatChoice`
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct ChatChoice {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<crate::generated::open::FinishReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<ChatReply>,
}

/// Body of the request [`AiChat`](crate::requests::AiChat).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct ChatCompletionRequest {
    /// Most tokens to generate.
    ///
    /// At least `1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<i64>,
    /// The conversation, oldest message first.
    pub messages: Vec<ChatMessage>,
    /// The model to use; the platform's choice when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Answer with a stream of events.
    ///
    /// `false` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_options: Option<ChatStreamOptions>,
    /// 0 is steady, 2 is wild.
    ///
    /// At least `0`, at most `2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Sample only from the likeliest share of tokens.
    ///
    /// At least `0`, at most `1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
}

impl ChatCompletionRequest {
    /// Creates a value from its required fields.
    pub fn new(messages: Vec<ChatMessage>) -> Self {
        Self {
            max_tokens: Default::default(),
            messages,
            model: Default::default(),
            stream: Default::default(),
            stream_options: Default::default(),
            temperature: Default::default(),
            top_p: Default::default(),
        }
    }

    /// Most tokens to generate.
    ///
    /// At least `1`.
    #[must_use]
    pub fn max_tokens(mut self, max_tokens: impl Into<Option<i64>>) -> Self {
        self.max_tokens = max_tokens.into();
        self
    }

    /// The model to use; the platform's choice when left out.
    #[must_use]
    pub fn model(mut self, model: impl Into<Option<String>>) -> Self {
        self.model = model.into();
        self
    }

    /// Answer with a stream of events.
    ///
    /// `false` unless given.
    #[must_use]
    pub fn stream(mut self, stream: impl Into<Option<bool>>) -> Self {
        self.stream = stream.into();
        self
    }

    /// Sets `stream_options`.
    #[must_use]
    pub fn stream_options(
        mut self,
        stream_options: impl Into<Option<ChatStreamOptions>>,
    ) -> Self {
        self.stream_options = stream_options.into();
        self
    }

    /// 0 is steady, 2 is wild.
    ///
    /// At least `0`, at most `2`.
    #[must_use]
    pub fn temperature(mut self, temperature: impl Into<Option<f64>>) -> Self {
        self.temperature = temperature.into();
        self
    }

    /// Sample only from the likeliest share of tokens.
    ///
    /// At least `0`, at most `1`.
    #[must_use]
    pub fn top_p(mut self, top_p: impl Into<Option<f64>>) -> Self {
        self.top_p = top_p.into();
        self
    }
}

/// The whole completion. The text is `choices[0].message.content`; older platform versions put it into `response`
/// and leave the rest out.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct ChatCompletionResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<ChatChoice>>,
    /// Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Always `chat.completion`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The text, from older platform versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<ChatUsage>,
}

/// One message of the conversation so far.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct ChatMessage {
    pub content: String,
    pub role: crate::generated::open::ChatRole,
}

impl ChatMessage {
    /// Creates a value.
    pub fn new(
        role: crate::generated::open::ChatRole,
        content: impl Into<String>,
    ) -> Self {
        Self {
            content: content.into(),
            role,
        }
    }
}

/// The message the model wrote.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct ChatReply {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<crate::generated::open::ChatRole>,
}

/// `ChatStreamOptions`
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct ChatStreamOptions {
    /// Report token counts in the last frame.
    ///
    /// `false` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_usage: Option<bool>,
}

impl ChatStreamOptions {
    /// Creates an empty value.
    pub fn new() -> Self {
        Self {
            include_usage: Default::default(),
        }
    }

    /// Report token counts in the last frame.
    ///
    /// `false` unless given.
    #[must_use]
    pub fn include_usage(mut self, include_usage: impl Into<Option<bool>>) -> Self {
        self.include_usage = include_usage.into();
        self
    }
}

/// Token counts of one call.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct ChatUsage {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_tokens: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_tokens: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_tokens: Option<i64>,
}

/// Body of the response to [`CollectionsDeleteItem`](crate::requests::CollectionsDeleteItem).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CollectionsDeleteItemResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the response to [`CollectionsUpdateItem`](crate::requests::CollectionsUpdateItem).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct CollectionsUpdateItemResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`DbBatch`](crate::requests::DbBatch).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct DbBatchRequest {
    /// The statements, run in this order.
    ///
    /// At most `25` entries.
    pub queries: Vec<DbStatement>,
}

impl DbBatchRequest {
    /// Creates a value.
    pub fn new(queries: Vec<DbStatement>) -> Self {
        Self { queries }
    }
}

/// Body of the response to [`DbBatch`](crate::requests::DbBatch).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct DbBatchResponse {
    /// One outcome per statement, in request order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<Vec<DbBatchStatementResult>>,
    /// True only when every statement succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// `DbBatchStatementResult`
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct DbBatchStatementResult {
    /// Why this statement failed. Absent when it succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<crate::RawJson>,
    /// Whether this statement succeeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`DbQuery`](crate::requests::DbQuery).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct DbQueryRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub params: Option<crate::RawJson>,
    /// One SQL statement with `?` placeholders.
    pub sql: String,
}

impl DbQueryRequest {
    /// Creates a value from its required fields.
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            params: Default::default(),
            sql: sql.into(),
        }
    }

    /// Sets `params`.
    #[must_use]
    pub fn params(mut self, params: impl Into<Option<crate::RawJson>>) -> Self {
        self.params = params.into();
        self
    }
}

/// Body of the response to [`DbQuery`](crate::requests::DbQuery).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct DbQueryResponse {
    /// Number of rows in `results`.
    ///
    /// At least `0`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<crate::RawJson>,
}

/// `DbStatement`
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct DbStatement {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub params: Option<crate::RawJson>,
    /// One SQL statement with `?` placeholders.
    pub sql: String,
}

impl DbStatement {
    /// Creates a value from its required fields.
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            params: Default::default(),
            sql: sql.into(),
        }
    }

    /// Sets `params`.
    #[must_use]
    pub fn params(mut self, params: impl Into<Option<crate::RawJson>>) -> Self {
        self.params = params.into();
        self
    }
}

/// Body of the request [`GatewayBillingLog`](crate::requests::GatewayBillingLog).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct GatewayBillingLogRequest {
    /// The id of the published endpoint.
    #[serde(rename = "apiId")]
    pub api_id: String,
    #[serde(rename = "consumerId")]
    pub consumer_id: String,
    /// What is counted; `units` when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    pub units: i64,
}

impl GatewayBillingLogRequest {
    /// Creates a value from its required fields.
    pub fn new(
        consumer_id: impl Into<String>,
        api_id: impl Into<String>,
        units: i64,
    ) -> Self {
        Self {
            api_id: api_id.into(),
            consumer_id: consumer_id.into(),
            metric: Default::default(),
            units,
        }
    }

    /// What is counted; `units` when left out.
    #[must_use]
    pub fn metric(mut self, metric: impl Into<Option<String>>) -> Self {
        self.metric = metric.into();
        self
    }
}

/// Body of the response to [`GatewayBillingLog`](crate::requests::GatewayBillingLog).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct GatewayBillingLogResponse {
    #[serde(rename = "loggedUnits", skip_serializing_if = "Option::is_none")]
    pub logged_units: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the response to [`GatewayGetUsage`](crate::requests::GatewayGetUsage).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct GatewayGetUsageResponse {
    /// How many days the sums cover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_requests: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_tokens: Option<i64>,
}

/// Body of the response to [`GatewayGetWallet`](crate::requests::GatewayGetWallet).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct GatewayGetWalletResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wallet: Option<GatewayWallet>,
}

/// What a consumer has and has used. Only `balance` and `total_consumed` are published.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct GatewayWallet {
    /// What is left.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balance: Option<f64>,
    /// Calls are refused beyond this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hard_limit: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_type: Option<String>,
    /// Only a mark; calls go on beyond this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub soft_limit: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_consumed: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_purchased: Option<f64>,
}

/// What the platform remembers of a job, for seven days. `attempts`, `completedAt` and `error` are read by an
/// official SDK but not published; expect them to be absent.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct JobRecord {
    /// How often a worker has tried the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<i64>,
    /// When the job ended.
    #[serde(rename = "completedAt", skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<String>,
    #[serde(rename = "createdAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<crate::RawJson>,
    /// Why the last attempt failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(rename = "projectId", skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<crate::generated::open::JobState>,
    /// The type the job was enqueued with.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<String>,
}

/// Body of the request [`PublicAuthLogin`](crate::requests::PublicAuthLogin).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct PublicAuthLoginRequest {
    pub email: String,
    #[serde(serialize_with = "crate::secret::reveal")]
    pub password: crate::Secret,
    /// Token of a bot check.
    #[serde(rename = "turnstileToken", skip_serializing_if = "Option::is_none")]
    #[serde(serialize_with = "crate::secret::reveal")]
    pub turnstile_token: Option<crate::Secret>,
}

impl PublicAuthLoginRequest {
    /// Creates a value from its required fields.
    pub fn new(email: impl Into<String>, password: impl Into<crate::Secret>) -> Self {
        Self {
            email: email.into(),
            password: password.into(),
            turnstile_token: Default::default(),
        }
    }

    /// Token of a bot check.
    #[must_use]
    pub fn turnstile_token(
        mut self,
        turnstile_token: impl Into<Option<crate::Secret>>,
    ) -> Self {
        self.turnstile_token = turnstile_token.into();
        self
    }
}

/// Body of the request [`PublicAuthLogout`](crate::requests::PublicAuthLogout).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct PublicAuthLogoutRequest {
    /// The same JWT as in the header.
    #[serde(rename = "accessToken")]
    #[serde(serialize_with = "crate::secret::reveal")]
    pub access_token: crate::Secret,
    #[serde(rename = "refreshToken", skip_serializing_if = "Option::is_none")]
    #[serde(serialize_with = "crate::secret::reveal")]
    pub refresh_token: Option<crate::Secret>,
}

impl PublicAuthLogoutRequest {
    /// Creates a value from its required fields.
    pub fn new(access_token: impl Into<crate::Secret>) -> Self {
        Self {
            access_token: access_token.into(),
            refresh_token: Default::default(),
        }
    }

    /// Sets `refresh_token`.
    #[must_use]
    pub fn refresh_token(
        mut self,
        refresh_token: impl Into<Option<crate::Secret>>,
    ) -> Self {
        self.refresh_token = refresh_token.into();
        self
    }
}

/// An acknowledgement. Which of the fields arrives differs between operations and platform versions.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct PublicAuthMessageResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Exactly one of `email` and `phone`.
///
/// At least `1` fields, at most `1` fields.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct PublicAuthOtpSendRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number in E.164 form, such as `+351910000000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl PublicAuthOtpSendRequest {
    /// Creates an empty value.
    pub fn new() -> Self {
        Self {
            email: Default::default(),
            phone: Default::default(),
        }
    }

    /// Sets `email`.
    #[must_use]
    pub fn email(mut self, email: impl Into<Option<String>>) -> Self {
        self.email = email.into();
        self
    }

    /// Phone number in E.164 form, such as `+351910000000`.
    #[must_use]
    pub fn phone(mut self, phone: impl Into<Option<String>>) -> Self {
        self.phone = phone.into();
        self
    }
}

/// Body of the response to [`PublicAuthOtpSend`](crate::requests::PublicAuthOtpSend).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct PublicAuthOtpSendResponse {
    /// Whether the address or number has an account.
    #[serde(rename = "accountExists", skip_serializing_if = "Option::is_none")]
    pub account_exists: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// `ok` where older platforms send no `message`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// The code and exactly one of `email` and `phone`.
///
/// At least `2` fields, at most `2` fields.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct PublicAuthOtpVerifyRequest {
    /// The six digits of the message.
    ///
    /// Matching `^[0-9]{6}$`.
    #[serde(serialize_with = "crate::secret::reveal")]
    pub code: crate::Secret,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Phone number in E.164 form, such as `+351910000000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl PublicAuthOtpVerifyRequest {
    /// Creates a value from its required fields.
    pub fn new(code: impl Into<crate::Secret>) -> Self {
        Self {
            code: code.into(),
            email: Default::default(),
            phone: Default::default(),
        }
    }

    /// Sets `email`.
    #[must_use]
    pub fn email(mut self, email: impl Into<Option<String>>) -> Self {
        self.email = email.into();
        self
    }

    /// Phone number in E.164 form, such as `+351910000000`.
    #[must_use]
    pub fn phone(mut self, phone: impl Into<Option<String>>) -> Self {
        self.phone = phone.into();
        self
    }
}

/// Body of the request [`PublicAuthRefresh`](crate::requests::PublicAuthRefresh).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct PublicAuthRefreshRequest {
    #[serde(rename = "refreshToken")]
    #[serde(serialize_with = "crate::secret::reveal")]
    pub refresh_token: crate::Secret,
}

impl PublicAuthRefreshRequest {
    /// Creates a value.
    pub fn new(refresh_token: impl Into<crate::Secret>) -> Self {
        Self {
            refresh_token: refresh_token.into(),
        }
    }
}

/// Body of the request [`PublicAuthRegister`](crate::requests::PublicAuthRegister).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct PublicAuthRegisterRequest {
    #[serde(rename = "customFields", skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<crate::RawJson>,
    pub email: String,
    /// Display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// At least 8 characters with an upper-case letter, a lower-case letter and a digit.
    ///
    /// At least `8` characters.
    #[serde(serialize_with = "crate::secret::reveal")]
    pub password: crate::Secret,
    /// Token of a bot check.
    #[serde(rename = "turnstileToken", skip_serializing_if = "Option::is_none")]
    #[serde(serialize_with = "crate::secret::reveal")]
    pub turnstile_token: Option<crate::Secret>,
}

impl PublicAuthRegisterRequest {
    /// Creates a value from its required fields.
    pub fn new(email: impl Into<String>, password: impl Into<crate::Secret>) -> Self {
        Self {
            custom_fields: Default::default(),
            email: email.into(),
            name: Default::default(),
            password: password.into(),
            turnstile_token: Default::default(),
        }
    }

    /// Sets `custom_fields`.
    #[must_use]
    pub fn custom_fields(
        mut self,
        custom_fields: impl Into<Option<crate::RawJson>>,
    ) -> Self {
        self.custom_fields = custom_fields.into();
        self
    }

    /// Display name.
    #[must_use]
    pub fn name(mut self, name: impl Into<Option<String>>) -> Self {
        self.name = name.into();
        self
    }

    /// Token of a bot check.
    #[must_use]
    pub fn turnstile_token(
        mut self,
        turnstile_token: impl Into<Option<crate::Secret>>,
    ) -> Self {
        self.turnstile_token = turnstile_token.into();
        self
    }
}

/// Body of the request [`PublicAuthResendVerification`](crate::requests::PublicAuthResendVerification).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct PublicAuthResendVerificationRequest {
    pub email: String,
}

impl PublicAuthResendVerificationRequest {
    /// Creates a value.
    pub fn new(email: impl Into<String>) -> Self {
        Self { email: email.into() }
    }
}

/// Body of the request [`PublicAuthResetPassword`](crate::requests::PublicAuthResetPassword).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct PublicAuthResetPasswordRequest {
    #[serde(rename = "newPassword")]
    #[serde(serialize_with = "crate::secret::reveal")]
    pub new_password: crate::Secret,
    /// The token of the reset mail.
    #[serde(serialize_with = "crate::secret::reveal")]
    pub token: crate::Secret,
}

impl PublicAuthResetPasswordRequest {
    /// Creates a value.
    pub fn new(
        token: impl Into<crate::Secret>,
        new_password: impl Into<crate::Secret>,
    ) -> Self {
        Self {
            new_password: new_password.into(),
            token: token.into(),
        }
    }
}

/// Body of the request [`PublicAuthResetPasswordRequest`](crate::requests::PublicAuthResetPasswordRequest).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct PublicAuthResetPasswordRequestRequest {
    pub email: String,
    /// Token of a bot check.
    #[serde(rename = "turnstileToken", skip_serializing_if = "Option::is_none")]
    #[serde(serialize_with = "crate::secret::reveal")]
    pub turnstile_token: Option<crate::Secret>,
}

impl PublicAuthResetPasswordRequestRequest {
    /// Creates a value from its required fields.
    pub fn new(email: impl Into<String>) -> Self {
        Self {
            email: email.into(),
            turnstile_token: Default::default(),
        }
    }

    /// Token of a bot check.
    #[must_use]
    pub fn turnstile_token(
        mut self,
        turnstile_token: impl Into<Option<crate::Secret>>,
    ) -> Self {
        self.turnstile_token = turnstile_token.into();
        self
    }
}

/// Body of the response to [`PublicAuthLogin`](crate::requests::PublicAuthLogin).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct PublicAuthResponse {
    /// The same JWT under another name.
    #[serde(rename = "accessToken", skip_serializing_if = "Option::is_none")]
    #[serde(serialize_with = "crate::secret::reveal")]
    pub access_token: Option<crate::Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(rename = "expiresAt", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<crate::RawJson>,
    #[serde(rename = "refreshToken", skip_serializing_if = "Option::is_none")]
    #[serde(serialize_with = "crate::secret::reveal")]
    pub refresh_token: Option<crate::Secret>,
    /// True when the address must be confirmed before the user can sign in.
    #[serde(rename = "requiresVerification", skip_serializing_if = "Option::is_none")]
    pub requires_verification: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// The user's JWT.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(serialize_with = "crate::secret::reveal")]
    pub token: Option<crate::Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<PublicUser>,
}

/// Body of the request [`PublicAuthUpdateMe`](crate::requests::PublicAuthUpdateMe).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct PublicAuthUpdateMeRequest {
    /// Id of a picture uploaded to the platform.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_image_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    #[serde(rename = "customFields", skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<crate::RawJson>,
    /// Display name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl PublicAuthUpdateMeRequest {
    /// Creates an empty value.
    pub fn new() -> Self {
        Self {
            avatar_image_id: Default::default(),
            avatar_url: Default::default(),
            custom_fields: Default::default(),
            name: Default::default(),
        }
    }

    /// Id of a picture uploaded to the platform.
    #[must_use]
    pub fn avatar_image_id(
        mut self,
        avatar_image_id: impl Into<Option<String>>,
    ) -> Self {
        self.avatar_image_id = avatar_image_id.into();
        self
    }

    /// Sets `avatar_url`.
    #[must_use]
    pub fn avatar_url(mut self, avatar_url: impl Into<Option<String>>) -> Self {
        self.avatar_url = avatar_url.into();
        self
    }

    /// Sets `custom_fields`.
    #[must_use]
    pub fn custom_fields(
        mut self,
        custom_fields: impl Into<Option<crate::RawJson>>,
    ) -> Self {
        self.custom_fields = custom_fields.into();
        self
    }

    /// Display name.
    #[must_use]
    pub fn name(mut self, name: impl Into<Option<String>>) -> Self {
        self.name = name.into();
        self
    }
}

/// An end user. Times keep the text the platform sends, often `2026-01-05 09:30:00`.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct PublicUser {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// The email address; a placeholder for accounts that have only a phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// When the address was confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_extras: Option<crate::RawJson>,
}

/// An end user, flat or inside `user`.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct PublicUserReply {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// The email address; a placeholder for accounts that have only a phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// When the address was confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_extras: Option<crate::RawJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<PublicUser>,
}

/// Body of the request [`QueueCancelJob`](crate::requests::QueueCancelJob).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct QueueCancelJobRequest {
    #[serde(rename = "jobId")]
    pub job_id: String,
}

impl QueueCancelJobRequest {
    /// Creates a value.
    pub fn new(job_id: impl Into<String>) -> Self {
        Self { job_id: job_id.into() }
    }
}

/// Body of the response to [`QueueCancelJob`](crate::requests::QueueCancelJob).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct QueueCancelJobResponse {
    /// What the platform has to say about the cancellation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`QueueEnqueue`](crate::requests::QueueEnqueue).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct QueueEnqueueRequest {
    pub data: crate::RawJson,
    /// Seconds to wait before the job may run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<i64>,
    /// How often a failed job is tried again. Unconfirmed; leave it out unless it is wanted.
    ///
    /// At least `0`.
    #[serde(rename = "maxRetries", skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<i64>,
    /// The kind of job; workers choose what to run by it.
    #[serde(rename = "type")]
    pub type_: String,
}

impl QueueEnqueueRequest {
    /// Creates a value from its required fields.
    pub fn new(type_: impl Into<String>, data: crate::RawJson) -> Self {
        Self {
            data,
            delay: Default::default(),
            max_retries: Default::default(),
            type_: type_.into(),
        }
    }

    /// Seconds to wait before the job may run.
    #[must_use]
    pub fn delay(mut self, delay: impl Into<Option<i64>>) -> Self {
        self.delay = delay.into();
        self
    }

    /// How often a failed job is tried again. Unconfirmed; leave it out unless it is wanted.
    ///
    /// At least `0`.
    #[must_use]
    pub fn max_retries(mut self, max_retries: impl Into<Option<i64>>) -> Self {
        self.max_retries = max_retries.into();
        self
    }
}

/// Body of the response to [`QueueEnqueue`](crate::requests::QueueEnqueue).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct QueueEnqueueResponse {
    /// The id to look the job up or cancel it with.
    #[serde(rename = "jobId", skip_serializing_if = "Option::is_none")]
    pub job_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`QueueGetJob`](crate::requests::QueueGetJob).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct QueueGetJobRequest {
    #[serde(rename = "jobId")]
    pub job_id: String,
}

impl QueueGetJobRequest {
    /// Creates a value.
    pub fn new(job_id: impl Into<String>) -> Self {
        Self { job_id: job_id.into() }
    }
}

/// Body of the response to [`QueueGetJob`](crate::requests::QueueGetJob).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct QueueGetJobResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
    /// The record, or null when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<JobRecord>,
}

/// Body of the request [`QueueListJobs`](crate::requests::QueueListJobs).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct QueueListJobsRequest {
    /// The `cursor` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Jobs per page.
    ///
    /// `50` unless given, at most `200`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<crate::generated::open::JobState>,
    /// Only jobs of this type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<String>,
}

impl QueueListJobsRequest {
    /// Creates an empty value.
    pub fn new() -> Self {
        Self {
            cursor: Default::default(),
            limit: Default::default(),
            status: Default::default(),
            type_: Default::default(),
        }
    }

    /// The `cursor` of the page before.
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<Option<String>>) -> Self {
        self.cursor = cursor.into();
        self
    }

    /// Jobs per page.
    ///
    /// `50` unless given, at most `200`.
    #[must_use]
    pub fn limit(mut self, limit: impl Into<Option<i64>>) -> Self {
        self.limit = limit.into();
        self
    }

    /// Sets `status`.
    #[must_use]
    pub fn status(
        mut self,
        status: impl Into<Option<crate::generated::open::JobState>>,
    ) -> Self {
        self.status = status.into();
        self
    }

    /// Only jobs of this type.
    #[must_use]
    pub fn type_(mut self, type_: impl Into<Option<String>>) -> Self {
        self.type_ = type_.into();
        self
    }
}

/// Body of the response to [`QueueListJobs`](crate::requests::QueueListJobs).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct QueueListJobsResponse {
    /// Opaque; where the next page starts. Absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jobs: Option<Vec<JobRecord>>,
    /// True on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_complete: Option<bool>,
}

/// Body of the response to [`RealtimeHistory`](crate::requests::RealtimeHistory).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct RealtimeHistoryResponse {
    /// The same list under another name. One SDK reads either; expect `messages`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Vec<RealtimeMessage>>,
    /// Newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages: Option<Vec<RealtimeMessage>>,
}

/// A message kept by the platform.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct RealtimeMessage {
    /// Unix milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<crate::RawJson>,
    /// The name it was published under.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The full topic of the channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room_id: Option<String>,
    /// Who published it, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
}

/// Body of the request [`SearchConfigure`](crate::requests::SearchConfigure).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct SearchConfigureRequest {
    #[serde(rename = "embeddingModel")]
    pub embedding_model: crate::generated::open::EmbeddingModel,
}

impl SearchConfigureRequest {
    /// Creates a value.
    pub fn new(embedding_model: crate::generated::open::EmbeddingModel) -> Self {
        Self { embedding_model }
    }
}

/// Body of the response to [`SearchConfigure`](crate::requests::SearchConfigure).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct SearchConfigureResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`SearchCount`](crate::requests::SearchCount).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct SearchCountRequest {
    /// Only entries of this type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<String>,
}

impl SearchCountRequest {
    /// Creates an empty value.
    pub fn new() -> Self {
        Self { type_: Default::default() }
    }

    /// Only entries of this type.
    #[must_use]
    pub fn type_(mut self, type_: impl Into<Option<String>>) -> Self {
        self.type_ = type_.into();
        self
    }
}

/// Body of the response to [`SearchCount`](crate::requests::SearchCount).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct SearchCountResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
}

/// Body of the request [`SearchDeleteByType`](crate::requests::SearchDeleteByType).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct SearchDeleteByTypeRequest {
    #[serde(rename = "type")]
    pub type_: String,
}

impl SearchDeleteByTypeRequest {
    /// Creates a value.
    pub fn new(type_: impl Into<String>) -> Self {
        Self { type_: type_.into() }
    }
}

/// Body of the response to [`SearchDeleteByType`](crate::requests::SearchDeleteByType).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct SearchDeleteByTypeResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`SearchDelete`](crate::requests::SearchDelete).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct SearchDeleteRequest {
    pub id: String,
}

impl SearchDeleteRequest {
    /// Creates a value.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into() }
    }
}

/// Body of the response to [`SearchDelete`](crate::requests::SearchDelete).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct SearchDeleteResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`SearchGet`](crate::requests::SearchGet).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct SearchGetRequest {
    pub id: String,
}

impl SearchGetRequest {
    /// Creates a value.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into() }
    }
}

/// Body of the response to [`SearchGet`](crate::requests::SearchGet).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct SearchGetResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
    /// The entry, or null when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<SearchResult>,
}

/// Body of the request [`SearchIngest`](crate::requests::SearchIngest).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct SearchIngestRequest {
    /// The text to find.
    pub content: String,
    /// Replaces the entry of this id; a fresh UUID when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<crate::RawJson>,
    /// A name to group entries by.
    #[serde(rename = "type")]
    pub type_: String,
}

impl SearchIngestRequest {
    /// Creates a value from its required fields.
    pub fn new(content: impl Into<String>, type_: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            id: Default::default(),
            metadata: Default::default(),
            type_: type_.into(),
        }
    }

    /// Replaces the entry of this id; a fresh UUID when left out.
    #[must_use]
    pub fn id(mut self, id: impl Into<Option<String>>) -> Self {
        self.id = id.into();
        self
    }

    /// Sets `metadata`.
    #[must_use]
    pub fn metadata(mut self, metadata: impl Into<Option<crate::RawJson>>) -> Self {
        self.metadata = metadata.into();
        self
    }
}

/// Body of the response to [`SearchIngest`](crate::requests::SearchIngest).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct SearchIngestResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the response to [`SearchListTypes`](crate::requests::SearchListTypes).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct SearchListTypesResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<SearchTypeCount>>,
}

/// Body of the request [`SearchQuery`](crate::requests::SearchQuery).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct SearchQueryRequest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<crate::RawJson>,
    /// What to look for.
    pub text: String,
    /// Most results to return.
    ///
    /// `5` unless given.
    #[serde(rename = "topK", skip_serializing_if = "Option::is_none")]
    pub top_k: Option<i64>,
    /// Only entries of these types.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub types: Option<Vec<String>>,
}

impl SearchQueryRequest {
    /// Creates a value from its required fields.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            filter: Default::default(),
            text: text.into(),
            top_k: Default::default(),
            types: Default::default(),
        }
    }

    /// Sets `filter`.
    #[must_use]
    pub fn filter(mut self, filter: impl Into<Option<crate::RawJson>>) -> Self {
        self.filter = filter.into();
        self
    }

    /// Most results to return.
    ///
    /// `5` unless given.
    #[must_use]
    pub fn top_k(mut self, top_k: impl Into<Option<i64>>) -> Self {
        self.top_k = top_k.into();
        self
    }

    /// Only entries of these types.
    #[must_use]
    pub fn types(mut self, types: impl Into<Option<Vec<String>>>) -> Self {
        self.types = types.into();
        self
    }
}

/// Body of the response to [`SearchQuery`](crate::requests::SearchQuery).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct SearchQueryResponse {
    /// Best first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<Vec<SearchResult>>,
}

/// An entry of the search index.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct SearchResult {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<crate::RawJson>,
    /// How close the entry is to the query, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<String>,
}

/// `SearchTypeCount`
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct SearchTypeCount {
    /// Entries of this type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<String>,
}

/// Body of the request [`SearchUpdate`](crate::requests::SearchUpdate).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct SearchUpdateRequest {
    /// The new text.
    pub content: String,
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<crate::RawJson>,
    /// The new type.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub type_: Option<String>,
}

impl SearchUpdateRequest {
    /// Creates a value from its required fields.
    pub fn new(id: impl Into<String>, content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
            id: id.into(),
            metadata: Default::default(),
            type_: Default::default(),
        }
    }

    /// Sets `metadata`.
    #[must_use]
    pub fn metadata(mut self, metadata: impl Into<Option<crate::RawJson>>) -> Self {
        self.metadata = metadata.into();
        self
    }

    /// The new type.
    #[must_use]
    pub fn type_(mut self, type_: impl Into<Option<String>>) -> Self {
        self.type_ = type_.into();
        self
    }
}

/// Body of the response to [`SearchUpdate`](crate::requests::SearchUpdate).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct SearchUpdateResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`SecretsGet`](crate::requests::SecretsGet).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct SecretsGetRequest {
    /// The secret's name.
    pub key: String,
}

impl SecretsGetRequest {
    /// Creates a value.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into() }
    }
}

/// Body of the response to [`SecretsGet`](crate::requests::SecretsGet).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct SecretsGetResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
    /// The secret; null when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(serialize_with = "crate::secret::reveal")]
    pub value: Option<crate::Secret>,
}

/// Body of the request [`ServicesInvoke`](crate::requests::ServicesInvoke).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct ServicesInvokeRequest {
    pub data: crate::RawJson,
    #[serde(rename = "serviceName")]
    pub service_name: String,
}

impl ServicesInvokeRequest {
    /// Creates a value.
    pub fn new(service_name: impl Into<String>, data: crate::RawJson) -> Self {
        Self {
            data,
            service_name: service_name.into(),
        }
    }
}

/// Body of the response to [`ServicesInvoke`](crate::requests::ServicesInvoke).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct ServicesInvokeResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<crate::RawJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`SocketEmit`](crate::requests::SocketEmit).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct SocketEmitRequest {
    pub args: crate::RawJson,
    pub method: crate::generated::open::RpcMethod,
    #[serde(rename = "projectId", skip_serializing_if = "Option::is_none")]
    pub project_id: Option<String>,
}

impl SocketEmitRequest {
    /// Creates a value from its required fields.
    pub fn new(method: crate::generated::open::RpcMethod, args: crate::RawJson) -> Self {
        Self {
            args,
            method,
            project_id: Default::default(),
        }
    }

    /// Sets `project_id`.
    #[must_use]
    pub fn project_id(mut self, project_id: impl Into<Option<String>>) -> Self {
        self.project_id = project_id.into();
        self
    }
}

/// Body of the request [`StorageCopy`](crate::requests::StorageCopy).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct StorageCopyRequest {
    #[serde(rename = "destKey")]
    pub dest_key: String,
    #[serde(rename = "sourceKey")]
    pub source_key: String,
}

impl StorageCopyRequest {
    /// Creates a value.
    pub fn new(source_key: impl Into<String>, dest_key: impl Into<String>) -> Self {
        Self {
            dest_key: dest_key.into(),
            source_key: source_key.into(),
        }
    }
}

/// Body of the response to [`StorageCopy`](crate::requests::StorageCopy).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct StorageCopyResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// URL of the copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Body of the request [`StorageDelete`](crate::requests::StorageDelete).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct StorageDeleteRequest {
    pub key: String,
}

impl StorageDeleteRequest {
    /// Creates a value.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into() }
    }
}

/// Body of the response to [`StorageDelete`](crate::requests::StorageDelete).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct StorageDeleteResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
}

/// Body of the request [`StorageExists`](crate::requests::StorageExists).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct StorageExistsRequest {
    pub key: String,
}

impl StorageExistsRequest {
    /// Creates a value.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into() }
    }
}

/// Body of the response to [`StorageExists`](crate::requests::StorageExists).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct StorageExistsResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
}

/// Body of the request [`StorageGetMetadata`](crate::requests::StorageGetMetadata).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct StorageGetMetadataRequest {
    pub key: String,
}

impl StorageGetMetadataRequest {
    /// Creates a value.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into() }
    }
}

/// Body of the response to [`StorageGetMetadata`](crate::requests::StorageGetMetadata).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct StorageGetMetadataResponse {
    #[serde(rename = "contentType", skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exists: Option<bool>,
    #[serde(rename = "lastModified", skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// Size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
}

/// Body of the request [`StorageGet`](crate::requests::StorageGet).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct StorageGetRequest {
    pub key: String,
}

impl StorageGetRequest {
    /// Creates a value.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into() }
    }
}

/// Body of the request [`StorageGetUrl`](crate::requests::StorageGetUrl).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct StorageGetUrlRequest {
    pub key: String,
}

impl StorageGetUrlRequest {
    /// Creates a value.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into() }
    }
}

/// Body of the response to [`StorageGetUrl`](crate::requests::StorageGetUrl).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct StorageGetUrlResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Body of the request [`StorageList`](crate::requests::StorageList).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct StorageListRequest {
    /// The cursor of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Files per page.
    ///
    /// `100` unless given, at most `1000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// Only keys that start with this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
}

impl StorageListRequest {
    /// Creates an empty value.
    pub fn new() -> Self {
        Self {
            cursor: Default::default(),
            limit: Default::default(),
            prefix: Default::default(),
        }
    }

    /// The cursor of the page before.
    #[must_use]
    pub fn cursor(mut self, cursor: impl Into<Option<String>>) -> Self {
        self.cursor = cursor.into();
        self
    }

    /// Files per page.
    ///
    /// `100` unless given, at most `1000`.
    #[must_use]
    pub fn limit(mut self, limit: impl Into<Option<i64>>) -> Self {
        self.limit = limit.into();
        self
    }

    /// Only keys that start with this.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<Option<String>>) -> Self {
        self.prefix = prefix.into();
        self
    }
}

/// Body of the response to [`StorageList`](crate::requests::StorageList).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct StorageListResponse {
    /// Opaque; where the next page starts. Absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objects: Option<Vec<StorageObject>>,
    /// True when there are more pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truncated: Option<bool>,
}

/// Body of the request [`StorageMove`](crate::requests::StorageMove).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
pub struct StorageMoveRequest {
    #[serde(rename = "destKey")]
    pub dest_key: String,
    #[serde(rename = "sourceKey")]
    pub source_key: String,
}

impl StorageMoveRequest {
    /// Creates a value.
    pub fn new(source_key: impl Into<String>, dest_key: impl Into<String>) -> Self {
        Self {
            dest_key: dest_key.into(),
            source_key: source_key.into(),
        }
    }
}

/// Body of the response to [`StorageMove`](crate::requests::StorageMove).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct StorageMoveResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// URL at the new key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// `StorageObject`
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct StorageObject {
    #[serde(rename = "contentType", skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The key without the project's own prefix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    #[serde(rename = "lastModified", skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    /// Size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
}

/// Body of the response to [`StorageUpload`](crate::requests::StorageUpload).
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct StorageUploadResponse {
    #[serde(rename = "contentType", skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Size in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A user as the server flavour shows them.
#[non_exhaustive]
#[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, PartialEq)]
pub struct User {
    #[serde(rename = "createdAt", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Usually a UUID; treat it as opaque.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<crate::RawJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}
