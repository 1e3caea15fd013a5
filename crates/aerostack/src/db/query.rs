//! Calls that run one statement.

use std::{
    fmt,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
};

use aerostack_api::Response;
use futures_core::Stream;
use futures_util::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use serde::de::DeserializeOwned;

use super::{
    IntoParams, IntoValue, Statement,
    reply::{all, does_not_fit, first, send, send_counted},
    rows::Rows,
};
use crate::{
    Client, Error, ErrorKind,
    call::{Options, awaitable, call_options},
};

/// Binding and what else a call of one statement offers, for a builder with a field `statement`.
macro_rules! statement_options {
    () => {
        /// Binds the next `?`.
        pub fn bind(mut self, value: impl IntoValue) -> Self {
            self.statement = self.statement.bind(value);
            self
        }

        /// Binds the next `?` once for each value, in order.
        #[doc(alias = "bind_many")]
        pub fn bind_all<V: IntoValue>(mut self, values: impl IntoIterator<Item = V>) -> Self {
            self.statement = self.statement.bind_all(values);
            self
        }

        /// Binds the next placeholders to the members of a tuple, an array or a slice.
        #[doc(alias = "args")]
        pub fn params(mut self, values: impl IntoParams) -> Self {
            self.statement = self.statement.params(values);
            self
        }

        /// Binds the named parameter `:name`. See [`Statement::bind_named`].
        pub fn bind_named(mut self, name: impl Into<String>, value: impl IntoValue) -> Self {
            self.statement = self.statement.bind_named(name, value);
            self
        }

        /// Binds the next `?`, alone in the parentheses of an `IN`, to a list. See [`Statement::bind_list`].
        #[doc(alias = "in_list")]
        pub fn bind_list<V: IntoValue>(mut self, values: impl IntoIterator<Item = V>) -> Self {
            self.statement = self.statement.bind_list(values);
            self
        }

        /// Declares that the statement changes nothing, so that it is retried like any other read. Statements that
        /// surely only read (`SELECT`, `VALUES`, `WITH` … `SELECT`, `EXPLAIN`) are recognized without it.
        pub fn read_only(mut self) -> Self {
            self.options.retry(aerostack_api::RetryMode::Always);
            self
        }

        call_options!();
    };
}

/// A statement whose rows are wanted. Await it for a `Vec` of them.
///
/// Each row decodes into a struct with fields named like the columns, a map, a tuple with a member for each column, or,
/// where one column comes back, its value alone.
#[must_use = "a call does nothing until it is awaited"]
pub struct Query<Row> {
    // a call: await it; where a `Future` is wanted, hand over `.into_future()`
    client: Client,
    options: Options,
    statement: Statement,
    row: PhantomData<fn() -> Row>,
}

impl<Row> Query<Row> {
    pub(super) fn new(client: &Client, statement: Statement) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            statement,
            row: PhantomData,
        }
    }

    /// Wants exactly the first row: the call fails with [`ErrorKind::NotFound`] where there is none. Further rows are
    /// ignored.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let users: i64 = client.db().query("SELECT count(*) FROM users").one().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// As [`Db::query`](super::Db::query).
    #[doc(alias = "fetch_one")]
    pub fn one(self) -> One<Row> {
        One {
            client: self.client,
            options: self.options,
            statement: self.statement,
            row: PhantomData,
        }
    }

    /// Wants the first row, if there is one. Further rows are ignored.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let email: Option<String> = client.db().query("SELECT email FROM users WHERE id = ?").bind(7).optional().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// As [`Db::query`](super::Db::query).
    #[doc(alias = "fetch_optional")]
    pub fn optional(self) -> Optional<Row> {
        Optional {
            client: self.client,
            options: self.options,
            statement: self.statement,
            row: PhantomData,
        }
    }

    /// Lets the result follow its tables: a stream whose first item is the result, and which gives the new one after
    /// changes of the named tables.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// #[derive(serde::Deserialize)]
    /// struct Order {
    ///     id: i64,
    ///     item: String,
    /// }
    ///
    /// let open = client.db().query::<Order>("SELECT id, item FROM orders WHERE state = ?").bind("open");
    /// let mut open = open.live(["orders"]).await?;
    /// while let Some(result) = open.next().await {
    ///     println!("{} orders are open", result?.rows.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The platform sends changes within about 200 ms of the commit; they say that something changed, and the query says
    /// what is true. Changes are coalesced: one query at a time, and no more often than the
    /// [interval](super::LiveQuery::min_interval). After an interruption, during which changes are lost, it is always
    /// sent again. With a [key](super::LiveQuery::key), each result comes with what is different.
    ///
    /// Name every table that the statement reads. The statement should only read: it is sent again and again.
    ///
    /// # Errors
    /// Awaiting it fails where a table cannot be subscribed to, or no first connection can be made.
    ///
    /// # Cancel safety
    /// Nothing is changed anywhere, so dropping the future is harmless.
    #[cfg(feature = "realtime")]
    #[doc(alias = "watch")]
    #[doc(alias = "subscribe")]
    pub fn live<T: Into<String>>(
        self,
        tables: impl IntoIterator<Item = T>,
    ) -> super::LiveQuery<Row> {
        let tables = tables.into_iter().map(Into::into).collect();
        super::LiveQuery::new(self.client, self.options, self.statement, tables)
    }

    statement_options!();
}

impl<Row: DeserializeOwned + Send + 'static> Query<Row> {
    /// The rows as a stream, each decoded when it is asked for. The call is made when the stream is first polled.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// use futures_util::TryStreamExt;
    ///
    /// let mut rows = client.db().query::<(i64, String)>("SELECT id, email FROM users").rows();
    /// while let Some((id, email)) = rows.try_next().await? {
    ///     println!("{id}: {email}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The answer is at present read whole before its first row comes.
    ///
    /// # Errors
    /// An item is an error where the call fails, or a row does not fit; after either the stream ends.
    ///
    /// # Cancel safety
    /// Dropping the stream abandons the call; whether the statement ran is then unknown if no row has come.
    #[doc(alias = "fetch")]
    #[doc(alias = "stream")]
    pub fn rows(self) -> RowStream<Row> {
        let rows = async move {
            let (response, rows) =
                send(&self.client, self.options.into_call()?, self.statement).await?;
            let rows = rows
                .into_iter::<Row>()
                .map_err(|mismatch| does_not_fit(&response, &mismatch))?;
            Ok::<_, Error>(
                stream::iter(rows)
                    .map(move |row| row.map_err(|mismatch| does_not_fit(&response, &mismatch))),
            )
        };
        RowStream {
            rows: Some(Box::pin(stream::once(rows).try_flatten())),
        }
    }

    async fn run(self) -> Result<Vec<Row>, Error> {
        all(&self.client, self.options.into_call()?, self.statement).await
    }
}

awaitable!(Query<Row: DeserializeOwned> => Vec<Row>);

/// Rows as they are decoded. From [`Query::rows`].
#[must_use = "a stream does nothing until it is polled"]
pub struct RowStream<Row> {
    rows: Option<BoxStream<'static, Result<Row, Error>>>,
}

impl<Row> Stream for RowStream<Row> {
    type Item = Result<Row, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(rows) = &mut self.rows else {
            return Poll::Ready(None);
        };
        let next = rows.as_mut().poll_next(context);
        if matches!(next, Poll::Ready(None | Some(Err(_)))) {
            self.rows = None;
        }
        next
    }
}

impl<Row> fmt::Debug for RowStream<Row> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowStream").finish_non_exhaustive()
    }
}

/// A statement that must have a row. From [`Query::one`]. Await it for the row.
#[must_use = "a call does nothing until it is awaited"]
pub struct One<Row> {
    client: Client,
    options: Options,
    statement: Statement,
    row: PhantomData<fn() -> Row>,
}

impl<Row> One<Row> {
    statement_options!();
}

impl<Row: DeserializeOwned> One<Row> {
    async fn run(self) -> Result<Row, Error> {
        let (response, row) =
            first(&self.client, self.options.into_call()?, self.statement).await?;
        row.ok_or_else(|| no_row(&response))
    }
}

awaitable!(One<Row: DeserializeOwned> => Row);

/// A statement that may have a row. From [`Query::optional`]. Await it for an `Option` of the row.
#[must_use = "a call does nothing until it is awaited"]
pub struct Optional<Row> {
    client: Client,
    options: Options,
    statement: Statement,
    row: PhantomData<fn() -> Row>,
}

impl<Row> Optional<Row> {
    statement_options!();
}

impl<Row: DeserializeOwned> Optional<Row> {
    async fn run(self) -> Result<Option<Row>, Error> {
        Ok(
            first(&self.client, self.options.into_call()?, self.statement)
                .await?
                .1,
        )
    }
}

awaitable!(Optional<Row: DeserializeOwned> => Option<Row>);

/// A statement whose first row is wanted. From [`Db::query_one`](super::Db::query_one). Await it for the row, or for an
/// `Option` of it.
#[must_use = "a call does nothing until it is awaited"]
pub struct QueryOne<Row> {
    client: Client,
    options: Options,
    statement: Statement,
    row: PhantomData<fn() -> Row>,
}

impl<Row> QueryOne<Row> {
    pub(super) fn new(client: &Client, statement: Statement) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            statement,
            row: PhantomData,
        }
    }

    statement_options!();
}

impl<Row: DeserializeOwned> QueryOne<Row> {
    async fn run(self) -> Result<Row, Error> {
        let (response, row) =
            first(&self.client, self.options.into_call()?, self.statement).await?;
        // What has a form for nothing, as an `Option` has, takes it where there is no row.
        row.or_else(|| Row::deserialize(serde_json::Value::Null).ok())
            .ok_or_else(|| no_row(&response))
    }
}

awaitable!(QueryOne<Row: DeserializeOwned> => Row);

/// A statement run for its effect. Await it for an [`ExecuteOutcome`].
#[must_use = "a call does nothing until it is awaited"]
pub struct Execute {
    client: Client,
    options: Options,
    statement: Statement,
}

impl Execute {
    pub(super) fn new(client: &Client, statement: Statement) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            statement,
        }
    }

    statement_options!();

    async fn run(self) -> Result<ExecuteOutcome, Error> {
        let (_, rows, count) =
            send_counted(&self.client, self.options.into_call()?, self.statement).await?;
        Ok(ExecuteOutcome {
            rows,
            returned: count.and_then(|count| usize::try_from(count).ok()),
        })
    }
}

awaitable!(Execute => ExecuteOutcome);

/// What the platform answers to a statement run for its effect.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ExecuteOutcome {
    /// The rows of a `RETURNING` clause; none otherwise.
    pub rows: Rows,
    /// The number of rows that `RETURNING` returned, where the platform says it. The number of rows changed is not
    /// known: without `RETURNING` this is 0 however many there were.
    #[doc(alias = "rows_affected")]
    #[doc(alias = "row_count")]
    pub returned: Option<usize>,
}

fn no_row(response: &Response<()>) -> Error {
    Error::answered(
        ErrorKind::NotFound,
        response,
        "the statement returned no row; ask for an `Option`, with .optional() for example, where that is no failure",
    )
}
