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
        /// Field of a response that holds the cursor.
        cursor: &'static str,
        /// What the cursor is called in a request.
        send: &'static str,
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
    /// By number, from 1; an empty page is the end.
    Number {
        /// Field that holds the page.
        items: &'static str,
        /// What the number is called in a request.
        page: &'static str,
    },
    /// By how many items to skip; an empty page is the end.
    Offset {
        /// Field that holds the page.
        items: &'static str,
        /// What the number of items to skip is called in a request.
        offset: &'static str,
    },
}

/// The two opposite end markers of the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageEnd {
    /// The named field is `true` on the last page.
    Complete(&'static str),
    /// The named field is `true` while more pages follow.
    More(&'static str),
    /// The cursor is missing, null or empty on the last page.
    NoCursor,
}
