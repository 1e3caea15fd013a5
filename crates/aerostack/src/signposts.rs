//! Guesses that cannot work, and what the compiler answers to them.
//!
//! An implementation that depends on a trait which nothing implements is never used; a guess that needs it is refused
//! with that trait's text, which names the right call. Guesses that have a sense here are deprecated methods instead, so
//! that they compile with a warning.

use serde::{Serialize, Serializer};

use crate::{
    Error, ErrorKind,
    auth::Session,
    db::{Batch, Db, One, Optional, Query, Statement},
    storage::UploadBody,
};

/// Transactions that are held open.
#[diagnostic::on_unimplemented(
    message = "Aerostack has no interactive transactions",
    label = "each call over HTTP stands alone",
    note = "send the statements as one batch: `client.db().batch().add((sql, (a, b))).add(sql).await?`"
)]
pub trait InteractiveTransaction {}

/// Sessions as they are, tokens and all.
#[diagnostic::on_unimplemented(
    message = "a `Session` holds tokens and is not serialized as it is",
    label = "its tokens would go out with it",
    note = "choose what goes out: `json!({{ \"token\": session.access_token.expose(), \"user\": session.user }})`"
)]
pub trait SerializableTokens {}

/// Texts as files.
#[diagnostic::on_unimplemented(
    message = "a text is not a file: `upload` takes the key first, and then bytes",
    label = "give bytes, such as `b\"..\"`, or `UploadBody::text(..)`",
    note = "so that key and content cannot be mistaken for one another; `UploadBody::file(path)` reads a file"
)]
pub trait TextIsFile {}

impl Serialize for Session
where
    for<'a> &'a Self: SerializableTokens,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'t> From<&'t str> for UploadBody
where
    for<'a> &'a &'t str: TextIsFile,
{
    fn from(text: &'t str) -> Self {
        Self::text(text)
    }
}

impl From<String> for UploadBody
where
    for<'a> &'a String: TextIsFile,
{
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

#[doc(hidden)]
impl Db {
    pub fn transaction<F, T>(&self, _: F) -> Batch
    where
        F: FnOnce(Self) -> T,
        T: InteractiveTransaction,
    {
        self.batch()
    }

    pub fn begin(&self) -> Batch
    where
        for<'a> &'a Self: InteractiveTransaction,
    {
        self.batch()
    }

    #[deprecated(note = "this is `query` here, which decodes into any type")]
    pub fn query_as<Row>(&self, statement: impl Into<Statement>) -> Query<Row> {
        self.query(statement)
    }

    #[deprecated(note = "this is `query` here; `.one()` gives the only row")]
    pub fn query_scalar<Row>(&self, statement: impl Into<Statement>) -> Query<Row> {
        self.query(statement)
    }
}

#[doc(hidden)]
impl<Row> Query<Row> {
    #[deprecated(note = "awaiting the query fetches all its rows")]
    pub fn fetch_all(self) -> Self {
        self
    }

    #[deprecated(note = "this is `one()` here")]
    pub fn fetch_one(self) -> One<Row> {
        self.one()
    }

    #[deprecated(note = "this is `optional()` here")]
    pub fn fetch_optional(self) -> Optional<Row> {
        self.optional()
    }
}

/// The kinds of errors, where enums have their variants: a pattern `Error::RateLimited` is refused with their type.
#[doc(hidden)]
#[allow(non_upper_case_globals, reason = "they stand where variants would")]
impl Error {
    pub const RateLimited: ErrorKind = ErrorKind::RateLimited;
    pub const Timeout: ErrorKind = ErrorKind::Timeout;
    pub const NotFound: ErrorKind = ErrorKind::NotFound;
    pub const Unauthorized: ErrorKind = ErrorKind::Unauthorized;
    pub const Forbidden: ErrorKind = ErrorKind::Forbidden;
    pub const Conflict: ErrorKind = ErrorKind::Conflict;
    pub const BadRequest: ErrorKind = ErrorKind::BadRequest;
    pub const Server: ErrorKind = ErrorKind::Server;
    pub const Connect: ErrorKind = ErrorKind::Connect;
    pub const Decode: ErrorKind = ErrorKind::Decode;
}
