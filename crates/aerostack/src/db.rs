//! SQL over HTTP.

mod batch;
pub mod bool01;
mod chunked;
mod columns;
#[cfg(any(
    feature = "chrono",
    feature = "rust_decimal",
    feature = "time",
    feature = "uuid"
))]
mod convert;
#[cfg(feature = "realtime")]
mod live;
mod outcome;
mod params;
mod query;
mod reply;
mod rows;
mod shape;
mod sql;
mod statement;
#[cfg(any(feature = "chrono", feature = "time"))]
pub mod timestamp;
mod value;
mod violation;

use crate::Client;

pub use batch::{Batch, BatchOutcomes};
pub use chunked::Chunked;
pub use columns::{Blob, Json};
#[cfg(feature = "realtime")]
pub use live::{Diff, LiveQuery, LiveResult, LiveRows, RefetchReason};
pub use outcome::{BatchOutcome, StatementOutcome};
pub use params::IntoParams;
pub use query::{Execute, ExecuteOutcome, One, Optional, Query, QueryOne, RowStream};
pub use rows::{Row, Rows};
pub use statement::{Statement, list};
pub use value::{IntoValue, Value};
pub use violation::{ConstraintKind, ConstraintViolation};

/// SQL against the project's database. From [`Client::db`](crate::Client::db).
///
/// Statements use `?` placeholders, bound in order, or named ones; see [`Statement`]. Schema changes are refused by the
/// platform; they belong to migrations. How long a statement or a result may be is not published.
///
/// # Rows
///
/// | asked for | a row gives |
/// |---|---|
/// | a struct with `Deserialize` | the columns named like its fields |
/// | [`Row`], a map, `serde_json::Value` | all columns by name |
/// | a tuple or tuple struct | the columns in order, as many as it has members |
/// | a scalar, a newtype around one, an enum without data, [`Json<T>`] | the one column there is |
///
/// Rows read leniently where nothing is lost: 0 and 1 as `bool`, at any depth and below `#[serde(flatten)]` and in enums
/// too (for the rare type in which that is ambiguous there is [`bool01`]); a whole `REAL` such as `3.0` as an integer, and
/// an integer as `f64`; text of digits as an integer, [`Json`] from an object and [`Blob`] from a `Buffer`, as drivers of
/// Postgres give them. A row is a JSON object, so of two columns with the same name, as a `JOIN` may have, only the last
/// arrives: name them apart with `AS`.
///
/// # Values
///
/// | Rust | JSON on the wire | SQLite |
/// |---|---|---|
/// | `()`, `Option::None` | `null` | `NULL` |
/// | `bool` | `true`, `false` | `INTEGER` 1, 0; read back from 0 and 1 |
/// | `i8` … `i64`, `u8` … `u32` | number, every digit exact | `INTEGER` |
/// | `u64`, `usize` | number, up to `i64::MAX`; above: refused | `INTEGER` |
/// | `f32`, `f64` | number; NaN and infinities: refused | `REAL` |
/// | `&str`, `String`, `char` | string | `TEXT` |
/// | [`Json<T>`] | string that holds JSON | `TEXT` |
/// | `serde_json::Value` | a scalar as itself, an array or object as a string that holds JSON | as the scalar, or `TEXT` |
/// | [`Blob`], `Bytes`, `Vec<u8>` | array of the numbers 0 to 255 | `BLOB` (inferred: no source of the platform shows it) |
/// | with `uuid`: `Uuid` | string, hyphenated | `TEXT` |
/// | with `chrono` or `time`: dates and times | string, RFC 3339 in UTC with nine digits of a second | `TEXT` |
/// | with `rust_decimal`: `Decimal` | string, every digit exact | `TEXT` |
///
/// # Retries
///
/// Statements that only read are retried like any read: `SELECT`, `VALUES`, `WITH` … `SELECT` and `EXPLAIN` are
/// recognized, others are declared with [`read_only`](Query::read_only). Statements that may write are retried only
/// when they surely did not run, or when `.idempotent()` says that running them twice is harmless.
///
/// # Errors
///
/// Bad SQL is [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest), with the code
/// [`DbQueryFailed`](crate::ErrorCode::DbQueryFailed); whether the platform answers 400 or 500 to it is not published,
/// so match the code. A violated constraint is one of those, told apart by
/// [`is_unique_violation`](crate::Error::is_unique_violation) and its neighbors. A row that does not fit the type is
/// [`ErrorKind::Decode`](crate::ErrorKind::Decode) and names row and column.
///
/// Confidence: `dbQuery` and `dbBatch` are in the platform's published document.
#[derive(Debug, Clone)]
pub struct Db {
    client: Client,
}

impl Db {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    /// Runs a statement and decodes its rows.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// use aerostack::db::Row;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct User {
    ///     id: i64,
    ///     email: String,
    ///     active: bool,
    /// }
    ///
    /// let db = client.db();
    /// let users: Vec<User> = db.query("SELECT * FROM users WHERE active = ? LIMIT ?").bind(true).bind(20).await?;
    /// let pairs: Vec<(i64, String)> = db.query("SELECT id, email FROM users").await?;
    /// let count: i64 = db.query("SELECT count(*) FROM users").one().await?;
    /// let rows = db.query::<Row>("SELECT * FROM users").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Where nothing else says what a row is to become, ask for [`Row`] as above. For statements without rows there is
    /// [`execute`](Self::execute).
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the statement ran is then unknown.
    #[doc(alias = "query_as")]
    #[doc(alias = "query_scalar")]
    #[doc(alias = "fetch_all")]
    #[doc(alias = "all")]
    #[doc(alias = "prepare")]
    #[doc(alias = "select")]
    #[rustfmt::skip]
    pub fn query<Row>(&self, statement: impl Into<Statement>) -> Query<Row> { // values: .bind(a) or query((sql, (a, b)))
        Query::new(&self.client, statement.into())
    }

    /// Runs a statement and decodes its first row. Further rows are ignored.
    ///
    /// What comes without a row depends on what is asked for: an `Option` is `None`, anything else is an error of
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound).
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// # #[derive(serde::Deserialize)] struct User { id: i64 }
    /// let db = client.db();
    /// let user: User = db.query_one("SELECT id FROM users WHERE email = ?").bind("ines@example.com").await?;
    /// let maybe: Option<User> = db.query_one("SELECT id FROM users WHERE email = ?").bind("omar@example.com").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// As [`query`](Self::query).
    #[doc(alias = "fetch_one")]
    #[doc(alias = "fetch_optional")]
    #[doc(alias = "query_row")]
    #[doc(alias = "first")]
    pub fn query_one<Row>(&self, statement: impl Into<Statement>) -> QueryOne<Row> {
        QueryOne::new(&self.client, statement.into())
    }

    /// Runs a statement for its effect.
    ///
    /// The platform does not say how many rows were affected; add `RETURNING` where that matters.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let outcome = client.db().execute("DELETE FROM sessions WHERE user = ? RETURNING id").bind(7).await?;
    /// let ids: Vec<i64> = outcome.rows.decode_as()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// As [`query`](Self::query).
    #[doc(alias = "run")]
    #[doc(alias = "exec")]
    #[doc(alias = "insert")]
    pub fn execute(&self, statement: impl Into<Statement>) -> Execute {
        Execute::new(&self.client, statement.into())
    }

    /// Runs up to 25 statements in one call. See [`Batch`].
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// client
    ///     .db()
    ///     .batch()
    ///     .add(("INSERT INTO orders (id, item) VALUES (?, ?)", (1, "lamp")))
    ///     .add(("UPDATE stock SET left = left - 1 WHERE item = ?", ("lamp",)))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "transaction")]
    #[doc(alias = "begin")]
    pub fn batch(&self) -> Batch {
        Batch::new(&self.client)
    }
}
