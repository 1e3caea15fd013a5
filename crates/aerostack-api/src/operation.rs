//! Facts about operations, as the generated tables hold them.

/// One operation of the document.
#[derive(Debug)]
pub struct Operation {
    /// `operationId` in the document.
    pub id: &'static str,
    /// HTTP method, upper case.
    pub method: &'static str,
    /// Path template below the origin, such as `/v1/db/query`.
    pub path: &'static str,
    /// Its tag in the document: the service.
    pub tag: &'static str,
    /// What a retry may do.
    pub idempotency: Idempotency,
    /// Alternatives of credentials, each a set that is sent together. Empty: the operation is public.
    pub credentials: &'static [&'static [Credential]],
    /// How it pages, if it does.
    pub pagination: Option<Pagination>,
}

/// What a retry may do (`x-idempotent`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// Changes nothing.
    Read,
    /// Sending it twice leaves the same state as sending it once.
    Replace,
    /// Sending it twice may do it twice.
    No,
}

/// A credential an operation may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// The project's API key in `X-Aerostack-Key`.
    ApiKey,
    /// An end user's token as a bearer.
    UserToken,
    /// A gateway consumer's key as a bearer.
    ConsumerKey,
    /// The project's secret API key as a bearer.
    SecretKeyBearer,
}

/// How an operation pages (`x-pagination`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pagination {
    /// By an opaque cursor.
    Cursor {
        /// Field that holds the page.
        items: &'static str,
        /// Field that holds the cursor, in request and response alike.
        cursor: &'static str,
        /// The end marker.
        end: PageEnd,
    },
    /// By asking for what lies before the oldest item seen.
    Before {
        /// Field that holds the page.
        items: &'static str,
        /// Field of an item whose value goes into the next request.
        before: &'static str,
    },
}

/// The two opposite end markers of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageEnd {
    /// The named field is `true` on the last page.
    Complete(&'static str),
    /// The named field is `true` while more pages follow.
    More(&'static str),
}
