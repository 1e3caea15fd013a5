//! SQL over HTTP.

mod batch;
pub mod bool01;
mod value;

use std::{fmt, marker::PhantomData};

use aerostack_api::{Answer, RawJson, generated::types, operations};
use serde::de::DeserializeOwned;

use crate::{
    Client, Error,
    call::{Options, awaitable, call_options},
    decode::{self, PathSegment, TypeMismatch},
};

pub use batch::{Batch, BatchOutcome, BatchOutcomes, Statement, StatementOutcome};
pub use value::{Blob, Json, Value};

/// SQL against the project's database. From [`Client::db`](crate::Client::db).
///
/// Statements use `?` placeholders, bound in order. Schema changes are refused by the platform; they belong to
/// migrations. How long a statement or a result may be is not published.
///
/// # Values
///
/// | Rust | JSON on the wire | SQLite |
/// |---|---|---|
/// | `()`, `Option::None` | `null` | `NULL` |
/// | `bool` | `true`, `false` | `INTEGER` 1, 0; read back from 0 and 1 |
/// | `i8` … `i64`, `u8` … `u32` | number, every digit exact | `INTEGER` |
/// | `u64` | number, up to `i64::MAX`; above: refused | `INTEGER` |
/// | `f32`, `f64` | number; NaN and infinities: refused | `REAL` |
/// | `&str`, `String` | string | `TEXT` |
/// | [`Json<T>`] | string holding JSON | `TEXT` |
/// | [`Blob`], `Bytes`, `Vec<u8>` | array of the numbers 0 to 255 | `BLOB` (inferred: no source of the platform shows it) |
///
/// Rows read leniently where nothing is lost: 0 and 1 as `bool`, at any depth and below `#[serde(flatten)]` and in enums
/// too (for the rare type in which that is ambiguous there is [`bool01`]); a whole `REAL` such as `3.0` as an integer, and
/// an integer as `f64`; text of digits as an integer, [`Json`] from an object and [`Blob`] from a `Buffer`, as drivers of
/// Postgres give them. A row is a JSON object, so of two columns with the same name, as a `JOIN` may have, only the last
/// arrives: name them apart with `AS`.
///
/// Rows decode into any `Deserialize` type whose fields are named like the columns.
///
/// # Errors
///
/// Bad SQL is [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest), with the code
/// [`DbQueryFailed`](crate::ErrorCode::DbQueryFailed); whether the platform answers 400 or 500 to it is not published,
/// so match the code. A row that does not fit the type is [`ErrorKind::Decode`](crate::ErrorKind::Decode) and names row
/// and column. Statements are never repeated after they may have reached the server.
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
    /// #[derive(serde::Deserialize)]
    /// struct User {
    ///     id: i64,
    ///     email: String,
    ///     active: bool,
    /// }
    ///
    /// let users: Vec<User> = client
    ///     .db()
    ///     .query("SELECT id, email, active FROM users WHERE active = ? LIMIT ?")
    ///     .bind(true)
    ///     .bind(20)
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the statement ran is then unknown.
    pub fn query<T>(&self, sql: impl Into<String>) -> Query<T> {
        Query {
            client: self.client.clone(),
            options: Options::default(),
            statement: Statement::new(sql),
            row: PhantomData,
        }
    }

    /// Runs a statement and decodes its first row, if there is one. Further rows are ignored.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// # #[derive(serde::Deserialize)] struct User { id: i64 }
    /// let user = client.db().query_one::<User>("SELECT id FROM users WHERE email = ?").bind("ines@example.com").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// As [`query`](Self::query).
    pub fn query_one<T>(&self, sql: impl Into<String>) -> QueryOne<T> {
        QueryOne {
            client: self.client.clone(),
            options: Options::default(),
            statement: Statement::new(sql),
            row: PhantomData,
        }
    }

    /// Runs a statement for its effect.
    ///
    /// The platform does not say how many rows were affected; add `RETURNING` where that matters.
    ///
    /// # Cancel safety
    /// As [`query`](Self::query).
    pub fn execute(&self, sql: impl Into<String>) -> Execute {
        Execute {
            client: self.client.clone(),
            options: Options::default(),
            statement: Statement::new(sql),
        }
    }

    /// Runs up to 25 statements in one call. See [`Batch`].
    pub fn batch(&self) -> Batch {
        Batch::new(&self.client)
    }
}

/// A statement whose rows are wanted. Await it for a `Vec<T>`.
#[must_use = "a call does nothing until it is awaited"]
pub struct Query<T> {
    client: Client,
    options: Options,
    statement: Statement,
    row: PhantomData<fn() -> T>,
}

impl<T> Query<T> {
    /// Binds the next `?`.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.statement = self.statement.bind(value);
        self
    }

    call_options!();
}

impl<T: DeserializeOwned> Query<T> {
    async fn run(self) -> Result<Vec<T>, Error> {
        let (answer, rows) = send(&self.client, self.options, self.statement).await?;
        rows.decode()
            .map_err(|mismatch| row_mismatch(&answer, &mismatch))
    }
}

awaitable!(Query<T: DeserializeOwned> => Vec<T>);

/// A statement whose first row is wanted. Await it for an `Option<T>`.
#[must_use = "a call does nothing until it is awaited"]
pub struct QueryOne<T> {
    client: Client,
    options: Options,
    statement: Statement,
    row: PhantomData<fn() -> T>,
}

impl<T> QueryOne<T> {
    /// Binds the next `?`.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.statement = self.statement.bind(value);
        self
    }

    call_options!();
}

impl<T: DeserializeOwned> QueryOne<T> {
    async fn run(self) -> Result<Option<T>, Error> {
        let (answer, rows) = send(&self.client, self.options, self.statement).await?;
        rows.first()
            .map_err(|mismatch| row_mismatch(&answer, &mismatch))
    }
}

awaitable!(QueryOne<T: DeserializeOwned> => Option<T>);

/// A statement run for its effect. Await it for an [`ExecuteOutcome`].
#[must_use = "a call does nothing until it is awaited"]
pub struct Execute {
    client: Client,
    options: Options,
    statement: Statement,
}

impl Execute {
    /// Binds the next `?`.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.statement = self.statement.bind(value);
        self
    }

    call_options!();

    async fn run(self) -> Result<ExecuteOutcome, Error> {
        let (answer, rows) = send(&self.client, self.options, self.statement).await?;
        Ok(ExecuteOutcome {
            rows,
            row_count: answer
                .value
                .count
                .and_then(|count| usize::try_from(count).ok()),
        })
    }
}

awaitable!(Execute => ExecuteOutcome);

/// What the platform says of a statement run for its effect.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ExecuteOutcome {
    /// The rows of a `RETURNING` clause; none otherwise.
    pub rows: Rows,
    /// `count` of the answer: the number of rows returned, not of rows affected. Absent where the platform left it out.
    pub row_count: Option<usize>,
}

/// Rows not yet decoded.
#[derive(Clone)]
pub struct Rows(RawJson);

impl Rows {
    pub(crate) fn new(raw: RawJson) -> Self {
        Self(raw)
    }

    /// Decodes all rows.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode), naming row and column.
    pub fn decode_as<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        self.decode()
            .map_err(|mismatch| Error::new(crate::ErrorKind::Decode, describe(&mismatch)))
    }

    /// The rows as JSON text: an array of objects.
    pub fn as_json(&self) -> &str {
        self.0.text()
    }

    fn decode<T: DeserializeOwned>(&self) -> Result<Vec<T>, TypeMismatch> {
        decode::decode(&self.0)
    }

    /// Decodes the first row and looks at no other.
    fn first<T: DeserializeOwned>(&self) -> Result<Option<T>, TypeMismatch> {
        let rows: Vec<RawJson> = decode::decode(&self.0)?;
        rows.first()
            .map(|row| {
                decode::decode(row).map_err(|mut mismatch| {
                    mismatch.path.insert(0, PathSegment::Index(0));
                    mismatch
                })
            })
            .transpose()
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rows({} bytes)", self.0.text().len())
    }
}

async fn send(
    client: &Client,
    options: Options,
    statement: Statement,
) -> Result<(Answer<types::DbQueryResponse>, Rows), Error> {
    let (sql, params) = statement.into_wire()?;
    let body = &types::DbQueryRequest { sql, params };
    let mut answer = client
        .call(&operations::DB_QUERY, options, |api| async move {
            api.db_query(body).await
        })
        .await?;
    match answer.value.results.take() {
        Some(rows) if !rows.is_null() => Ok((answer, Rows(rows))),
        _ => Err(decode::lacks(&operations::DB_QUERY, &answer, "`results`")),
    }
}

fn row_mismatch<T>(answer: &Answer<T>, mismatch: &TypeMismatch) -> Error {
    Error::answered(
        crate::ErrorKind::Decode,
        operations::DB_QUERY.id,
        answer,
        describe(mismatch),
    )
}

/// Says which row and column do not fit.
fn describe(mismatch: &TypeMismatch) -> String {
    let problem = &mismatch.problem;
    let mut place = String::new();
    for step in &mismatch.path {
        match step {
            PathSegment::Index(index) if place.is_empty() => place = format!("row {index}"),
            PathSegment::Field(name) if !place.contains(", column") => {
                place.push_str(&format!(", column `{name}`"));
            }
            PathSegment::Index(index) => place.push_str(&format!("[{index}]")),
            PathSegment::Field(name) => place.push_str(&format!(".{name}")),
        }
    }
    if place.is_empty() {
        place.push_str("the result");
    }
    format!(
        "{place} (counted from 0) does not fit the type asked for: {problem}; compare the SELECT with the type's fields"
    )
}
