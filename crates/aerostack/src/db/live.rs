//! Queries whose result follows their tables.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap, VecDeque},
    fmt,
    future::poll_fn,
    marker::PhantomData,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use aerostack_api::{CallOptions, RawJson};
use aerostack_realtime::{Change, Gap, Item, Realtime, Subscription};
use futures_core::{Stream, future::BoxFuture};
use futures_util::{FutureExt, future::try_join_all};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::value::RawValue;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{
    Statement,
    reply::{does_not_fit, send},
    rows::Rows,
};
use crate::{
    Client, Error,
    call::{Options, awaitable},
};

/// How often a query is sent at most while its tables keep changing, unless set.
const INTERVAL: Duration = Duration::from_millis(500);
/// The longest wait before a query or a subscription that failed is tried again.
const LONGEST_RETRY: Duration = Duration::from_secs(30);
/// Changes kept unread for each table; of more it is enough to know that there were some.
const BUFFER: usize = 64;

/// A query whose result is to follow its tables. From [`Query::live`](super::Query::live). Await it for [`LiveRows`].
#[must_use = "nothing is queried until this is awaited"]
pub struct LiveQuery<Row> {
    client: Client,
    options: Options,
    statement: Statement,
    tables: Vec<String>,
    interval: Duration,
    key: Option<String>,
    row: PhantomData<fn() -> Row>,
}

impl<Row> LiveQuery<Row> {
    pub(super) fn new(
        client: Client,
        options: Options,
        statement: Statement,
        tables: Vec<String>,
    ) -> Self {
        Self {
            client,
            options,
            statement,
            tables,
            interval: INTERVAL,
            key: None,
            row: PhantomData,
        }
    }

    /// How much time passes at least between two times the query is sent; 500 ms unless set. The first change after a
    /// pause is followed at once.
    pub fn min_interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Names the column that tells rows apart, so that each result comes with its [`Diff`] to the one before. The rows of
    /// the last result are kept for it.
    pub fn key(mut self, column: impl Into<String>) -> Self {
        self.key = Some(column.into());
        self
    }
}

impl<Row: DeserializeOwned> LiveQuery<Row> {
    async fn run(self) -> Result<LiveRows<Row>, Error> {
        if self.tables.is_empty() {
            return Err(Error::invalid_input(
                "a live query names no table that it follows",
            ));
        }
        let options = self.options.into_call()?;
        let realtime = self.client.realtime()?;
        let subscribing = self
            .tables
            .into_iter()
            .map(|table| async { Table::subscribe(&realtime, table).await });
        let tables = try_join_all(subscribing).await?;
        Ok(LiveRows {
            source: Source {
                client: self.client,
                options,
                statement: self.statement,
            },
            realtime,
            tables,
            interval: self.interval,
            due: Some(RefetchReason::Start),
            not_before: Instant::now(),
            failures: 0,
            fetching: None,
            timer: None,
            errors: VecDeque::new(),
            ended: false,
            diff: self.key.map(|column| Keyed {
                column,
                previous: None,
            }),
            row: PhantomData,
        })
    }
}

awaitable!(LiveQuery<Row: DeserializeOwned> => LiveRows<Row>);

/// Why a result was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefetchReason {
    /// It is the first.
    Start,
    /// So many changes of the tables arrived since the last one was asked for.
    Changed(u64),
    /// The connection was lost and is back: changes may have been missed.
    Gap(Gap),
    /// The subscription of a table failed and was made again: changes may have been missed.
    Resubscribed,
}

impl RefetchReason {
    /// Both in one, of which the graver is told.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Changed(some), Self::Changed(more)) => Self::Changed(some + more),
            (reason, Self::Changed(_)) | (Self::Changed(_), reason) => reason,
            (Self::Start, _) | (_, Self::Start) => Self::Start,
            (Self::Gap(mut earlier), Self::Gap(later)) => {
                earlier.to = later.to;
                earlier.interruptions += later.interruptions;
                Self::Gap(earlier)
            }
            (Self::Gap(gap), _) | (_, Self::Gap(gap)) => Self::Gap(gap),
            (Self::Resubscribed, Self::Resubscribed) => Self::Resubscribed,
        }
    }
}

/// A result of a live query.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LiveResult<Row> {
    /// All rows, as the query orders them.
    pub rows: Vec<Row>,
    /// Why it was fetched.
    pub reason: RefetchReason,
    /// What is different from the result before; `None` for the first, and where no [`key`](LiveQuery::key) is named.
    pub diff: Option<Diff<Row>>,
}

/// The rows in which two results differ, told apart by the [`key`](LiveQuery::key).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diff<Row> {
    /// Rows whose key is new.
    pub inserted: Vec<Row>,
    /// Rows that have another content now.
    pub updated: Vec<Row>,
    /// Rows whose key is gone, as they were.
    pub deleted: Vec<Row>,
}

/// What a live query sends.
#[derive(Clone)]
struct Source {
    client: Client,
    options: CallOptions,
    statement: Statement,
}

type Changes = Subscription<Change<IgnoredAny>>;

/// A table that is followed.
struct Table {
    name: String,
    state: Following,
    failures: u32,
}

enum Following {
    Live(Changes),
    /// Asking for the changes again.
    Asking(BoxFuture<'static, Result<Changes, aerostack_realtime::Error>>),
}

impl Table {
    async fn subscribe(realtime: &Realtime, name: String) -> Result<Self, Error> {
        let changes = changes(realtime.clone(), name.clone(), Duration::ZERO).await?;
        Ok(Self {
            name,
            state: Following::Live(changes),
            failures: 0,
        })
    }

    /// Subscribes anew, later for every failure in a row.
    fn ask_again(&mut self, realtime: &Realtime) {
        let wait = retry_after(Duration::from_secs(1), self.failures);
        self.failures += 1;
        let asking = changes(realtime.clone(), self.name.clone(), wait);
        self.state = Following::Asking(asking.boxed());
    }
}

async fn changes(
    realtime: Realtime,
    table: String,
    wait: Duration,
) -> Result<Changes, aerostack_realtime::Error> {
    tokio::time::sleep(wait).await;
    let changes = realtime.table(&table)?.changes::<IgnoredAny>();
    changes.buffer(BUFFER).subscribe().await
}

fn retry_after(base: Duration, failures: u32) -> Duration {
    base.max(Duration::from_secs(1))
        .saturating_mul(2_u32.saturating_pow(failures.min(5)))
        .min(LONGEST_RETRY)
}

/// Rows by their keys.
struct Keyed {
    column: String,
    previous: Option<BTreeMap<String, RawJson>>,
}

type Fetched = (Rows, aerostack_api::Response<()>);

///
/// A `Stream` of `Result<LiveResult<Row>, Error>`, for which [`next`](Self::next) needs no import. The first item is the
/// result as it is; each later one follows changes of the named tables, an interruption of the connection, or both.
/// Changes that arrive while a result is fetched lead to one more, so that the last result there is tells the truth once
/// the tables rest. While they do, nothing is fetched. It keeps at most 64 unread changes a table, one result, and the
/// rows of the last one if a [`key`](LiveQuery::key) is named; nothing happens unless it is read.
///
/// # Errors
/// An item is an error where the query failed or a row does not fit, or the subscription of a table did. Neither ends the
/// stream: what failed is tried again after a wait of up to 30 s, but for a row that does not fit, which waits for the
/// next change. The stream ends with the client's realtime connection.
#[must_use = "a live query follows its tables only while it is read"]
pub struct LiveRows<Row> {
    source: Source,
    realtime: Realtime,
    tables: Vec<Table>,
    interval: Duration,
    /// Why the query is to be sent again, if it is.
    due: Option<RefetchReason>,
    not_before: Instant,
    failures: u32,
    fetching: Option<(RefetchReason, BoxFuture<'static, Result<Fetched, Error>>)>,
    timer: Option<Pin<Box<Sleep>>>,
    errors: VecDeque<Error>,
    ended: bool,
    diff: Option<Keyed>,
    row: PhantomData<fn() -> Row>,
}

impl<Row: DeserializeOwned> LiveRows<Row> {
    /// The next result; `None` once the client's realtime connection is closed.
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped: a query under way goes on with the next call.
    pub async fn next(&mut self) -> Option<Result<LiveResult<Row>, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Notes what happened to the tables.
    fn poll_tables(&mut self, cx: &mut Context<'_>) {
        for table in &mut self.tables {
            loop {
                let reason = match &mut table.state {
                    Following::Asking(asking) => match asking.as_mut().poll(cx) {
                        Poll::Pending => break,
                        Poll::Ready(Ok(changes)) => {
                            table.state = Following::Live(changes);
                            table.failures = 0;
                            RefetchReason::Resubscribed
                        }
                        Poll::Ready(Err(error)) => {
                            self.ended |= is_over(&error);
                            self.errors.push_back(error.into());
                            table.ask_again(&self.realtime);
                            break;
                        }
                    },
                    Following::Live(changes) => match Pin::new(changes).poll_next(cx) {
                        Poll::Pending => break,
                        Poll::Ready(None) => {
                            self.ended = true;
                            break;
                        }
                        Poll::Ready(Some(Ok(Item::Gap(gap)))) => RefetchReason::Gap(gap),
                        Poll::Ready(Some(Ok(Item::Lagged(changes)))) => {
                            RefetchReason::Changed(changes)
                        }
                        Poll::Ready(Some(Ok(_))) => RefetchReason::Changed(1),
                        Poll::Ready(Some(Err(error))) => {
                            self.ended |= is_over(&error);
                            self.errors.push_back(error.into());
                            table.ask_again(&self.realtime);
                            continue;
                        }
                    },
                };
                self.due = Some(match self.due.take() {
                    Some(due) => due.and(reason),
                    None => reason,
                });
            }
        }
    }

    /// Sends the query, if it is due and may be sent.
    fn start(&mut self, cx: &mut Context<'_>) {
        if self.fetching.is_some() || self.due.is_none() {
            return;
        }
        let now = Instant::now();
        if now < self.not_before {
            let not_before = self.not_before;
            let timer = self
                .timer
                .get_or_insert_with(|| Box::pin(sleep_until(not_before)));
            if timer.deadline() != not_before {
                timer.as_mut().reset(not_before);
            }
            if timer.as_mut().poll(cx).is_pending() {
                return;
            }
        }
        if let Some(reason) = self.due.take() {
            self.not_before = now + self.interval;
            let Source {
                client,
                options,
                statement,
            } = self.source.clone();
            let fetch = async move {
                let (response, rows) = send(&client, options, statement).await?;
                Ok((rows, response))
            };
            self.fetching = Some((reason, fetch.boxed()));
        }
    }

    /// A result came, or none.
    fn fetched(
        &mut self,
        reason: RefetchReason,
        fetched: Result<Fetched, Error>,
    ) -> Result<LiveResult<Row>, Error> {
        let (rows, response) = match fetched {
            Ok(fetched) => fetched,
            Err(error) => {
                // What made it due is still to be followed.
                self.due = Some(match self.due.take() {
                    Some(due) => reason.and(due),
                    None => reason,
                });
                self.not_before = Instant::now() + retry_after(self.interval, self.failures);
                self.failures += 1;
                return Err(error);
            }
        };
        self.failures = 0;
        let diff = match &mut self.diff {
            Some(keyed) => keyed.diff(&rows)?,
            None => None,
        };
        let rows = rows
            .decode()
            .map_err(|mismatch| does_not_fit(&response, &mismatch))?;
        Ok(LiveResult { rows, reason, diff })
    }
}

/// Whether there will be no changes any more.
fn is_over(error: &aerostack_realtime::Error) -> bool {
    use aerostack_realtime::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::Closed | Kind::TaskStopped | Kind::AttemptsExhausted
    )
}

impl Keyed {
    fn diff<Row: DeserializeOwned>(&mut self, rows: &Rows) -> Result<Option<Diff<Row>>, Error> {
        let mut current = BTreeMap::new();
        for row in rows.each()? {
            let columns: HashMap<Cow<'_, str>, &RawValue> =
                serde_json::from_str(row.text()).unwrap_or_default();
            let key = columns
                .get(self.column.as_str())
                .map(|key| key.get().to_owned());
            let Some(key) = key else {
                return Err(Error::invalid_input(format!(
                    "the rows of the live query have no column `{}`, which is named as their key",
                    self.column
                )));
            };
            if current.insert(key, row).is_some() {
                return Err(Error::invalid_input(format!(
                    "two rows of the live query have the same `{}`, which is named as their key",
                    self.column
                )));
            }
        }
        let Some(previous) = self.previous.replace(current) else {
            return Ok(None);
        };
        let (mut inserted, mut updated) = (Vec::new(), Vec::new());
        let now = self.previous.as_ref();
        for (key, row) in now.into_iter().flatten() {
            match previous.get(key) {
                None => inserted.push(row),
                Some(before) if before.text() != row.text() => updated.push(row),
                Some(_) => {}
            }
        }
        let gone = |key: &String| now.is_none_or(|now| !now.contains_key(key));
        let deleted = previous.iter().filter(|(key, _)| gone(key));
        Ok(Some(Diff {
            inserted: Rows::decode_each(inserted)?,
            updated: Rows::decode_each(updated)?,
            deleted: Rows::decode_each(deleted.map(|(_, row)| row))?,
        }))
    }
}

impl<Row: DeserializeOwned> Stream for LiveRows<Row> {
    type Item = Result<LiveResult<Row>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if !this.ended {
            this.poll_tables(cx);
        }
        if let Some(error) = this.errors.pop_front() {
            return Poll::Ready(Some(Err(error)));
        }
        if this.ended {
            return Poll::Ready(None);
        }
        this.start(cx);
        let Some((reason, mut fetch)) = this.fetching.take() else {
            return Poll::Pending;
        };
        match fetch.as_mut().poll(cx) {
            Poll::Pending => {
                this.fetching = Some((reason, fetch));
                Poll::Pending
            }
            Poll::Ready(fetched) => Poll::Ready(Some(this.fetched(reason, fetched))),
        }
    }
}

impl<Row> fmt::Debug for LiveRows<Row> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveRows")
            .field("due", &self.due)
            .field("fetching", &self.fetching.is_some())
            .finish_non_exhaustive()
    }
}
