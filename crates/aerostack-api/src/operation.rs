//! What the document says of an operation, as the generated tables carry it.

/// One operation of the document.
#[derive(Debug)]
pub struct Operation {
    /// `operationId` in the document.
    pub id: &'static str,
    /// The name the generated client gives it in its hooks.
    pub hook_id: &'static str,
    /// HTTP method, upper case.
    pub method: &'static str,
    /// Path template below the origin, such as `/v1/db/query`.
    pub path: &'static str,
    /// The tag the document files it under.
    pub tag: &'static str,
    /// What repeating the call may do.
    pub idempotency: Idempotency,
    /// What the operation rests on.
    pub confidence: Confidence,
    /// Alternatives of credentials, each a set that is sent together. Empty: the operation is public.
    pub credentials: &'static [&'static [Credential]],
    /// How it pages, if it does.
    pub pagination: Option<Pagination>,
    /// Declared statuses and what each rests on.
    pub statuses: &'static [(u16, Confidence)],
}

impl Operation {
    /// The declared success status.
    pub fn success(&self) -> u16 {
        self.statuses
            .iter()
            .map(|(status, _)| *status)
            .find(|status| (200..300).contains(status))
            .unwrap_or(200)
    }

    /// Whether the path of a finished URL is still this operation's. It is not once a parameter is empty, `.` or `..`:
    /// putting the URL together takes those away, and the request would reach another operation.
    pub fn is_at(&self, path: &str) -> bool {
        let mut given = path.rsplit('/');
        self.path
            .trim_start_matches('/')
            .rsplit('/')
            .all(|wanted| match given.next() {
                Some(segment) if wanted.starts_with('{') => !segment.is_empty(),
                Some(segment) => segment == wanted,
                None => false,
            })
    }
}

/// What repeating a call may do (`x-idempotent`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// Changes nothing.
    Read,
    /// Repeating leaves the same state as doing it once.
    Replace,
    /// Repeating may do it twice.
    No,
}

/// What a fact of the document rests on (`x-confidence`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// The platform's published document.
    Spec,
    /// Shipped code of an official SDK.
    TsSdk,
    /// The platform's documentation.
    Docs,
    /// Nothing says it; it follows from its neighbors.
    Inferred,
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
        /// Field that holds the cursor, in request and answer alike.
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

#[cfg(test)]
mod tests {
    use crate::operations;

    #[test]
    fn a_parameter_cannot_lead_to_another_operation() {
        let call = &operations::CUSTOM_CALL_GET;
        assert_eq!(call.path, "/v1/custom/{slug}");
        for (path, there) in [
            ("/v1/custom/quote", true),
            ("/prefix/v1/custom/quote", true),
            ("/v1/custom/a%2Fb", true),
            ("/v1/custom/", false),
            ("/v1/custom", false),
            ("/v1/", false),
            ("/v1/cache/quote", false),
            ("/", false),
            ("", false),
        ] {
            assert_eq!(call.is_at(path), there, "{path}");
        }
    }
}
