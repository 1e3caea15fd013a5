//! One shape over the platform's ways of paging.

use std::{
    collections::{HashSet, VecDeque},
    fmt,
    future::Future,
    hash::{BuildHasher, RandomState},
    pin::Pin,
    task::{Context, Poll},
};

use aerostack_api::{PageEnd, Pagination, Response};
use futures_core::Stream;
use futures_util::stream;

use crate::{Error, ErrorKind};

/// One page of a list.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// Where the next page starts; `None` on the last one. Opaque.
    pub next: Option<String>,
}

/// Pages as they are asked for. Ends after the last page, or after an error: a cursor that was followed before, or 100
/// pages without items in a row, are [`ErrorKind::Protocol`].
///
/// # Cancel safety
/// Waiting for the next page can be dropped and taken up again: none is lost.
pub struct Pages<T>(Pin<Box<dyn Stream<Item = Result<Page<T>, Error>> + Send>>);

/// Items, page by page as they are asked for. Ends after the last item, or after an error.
///
/// # Cancel safety
/// Waiting for the next item can be dropped and taken up again: none is lost.
pub struct Items<T> {
    pages: Pages<T>,
    ready: VecDeque<T>,
}

impl<T: Send + 'static> Pages<T> {
    /// Pages from `fetch`, which gets the cursor of the page it shall bring.
    pub(crate) fn new<F, Fut>(first: Option<String>, fetch: F) -> Self
    where
        F: Fn(Option<String>) -> Fut + Send + 'static,
        Fut: Future<Output = Result<Page<T>, Error>> + Send + 'static,
    {
        let trail = Trail::new(first.as_deref());
        let state = Some((first, fetch, trail));
        Self(Box::pin(stream::unfold(state, |state| async move {
            let (cursor, fetch, mut trail) = state?;
            let page = match fetch(cursor).await {
                Ok(page) => page,
                Err(error) => return Some((Err(error), None)),
            };
            let state = match &page.next {
                None => None,
                Some(next) => match trail.leads_on(next, page.items.is_empty()) {
                    Ok(()) => Some((Some(next.clone()), fetch, trail)),
                    Err(error) => return Some((Err(error), None)),
                },
            };
            Some((Ok(page), state))
        })))
    }

    pub(crate) fn into_items(self) -> Items<T> {
        Items {
            pages: self,
            ready: VecDeque::new(),
        }
    }
}

/// Most pages without items in a row. Stores that drop expired entries give some; a platform that gives no end of them
/// would be asked for ever.
const EMPTY_PAGES: u32 = 100;

/// The cursors that were followed, so that a list that leads in a circle is noticed.
struct Trail {
    hasher: RandomState,
    seen: HashSet<u64>,
    empty: u32,
}

impl Trail {
    fn new(first: Option<&str>) -> Self {
        let hasher = RandomState::new();
        let seen = first.map(|cursor| hasher.hash_one(cursor));
        Self {
            seen: seen.into_iter().collect(),
            hasher,
            empty: 0,
        }
    }

    /// Whether the cursor of a page leads to one that was not there yet.
    fn leads_on(&mut self, next: &str, is_empty: bool) -> Result<(), Error> {
        self.empty = if is_empty { self.empty + 1 } else { 0 };
        let problem = if !self.seen.insert(self.hasher.hash_one(next)) {
            "the list does not advance: the platform answered with a cursor that was followed before".to_owned()
        } else if self.empty >= EMPTY_PAGES {
            format!(
                "the list does not advance: {EMPTY_PAGES} pages in a row have no items, and yet more follow"
            )
        } else {
            return Ok(());
        };
        Err(Error::new(ErrorKind::Protocol, problem))
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl<T: Unpin> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Poll::Ready(Some(Ok(item)));
            }
            match self.pages.0.as_mut().poll_next(cx) {
                Poll::Ready(Some(Ok(page))) => self.ready = page.items.into(),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pages")
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("ready", &self.ready.len())
            .finish_non_exhaustive()
    }
}

/// Where the next page starts, by the operation's own end marker.
///
/// The platform has two markers of opposite sense; the document says which operation has which.
pub(crate) fn next_cursor<T>(
    response: &Response<T>,
    marker: Option<bool>,
    cursor: Option<String>,
) -> Result<Option<String>, Error> {
    let cursor = cursor.filter(|cursor| !cursor.is_empty());
    let more = match response.operation.pagination {
        Some(Pagination::Cursor {
            end: PageEnd::Complete(_),
            ..
        }) => marker.map(|complete| !complete),
        Some(Pagination::Cursor {
            end: PageEnd::More(_),
            ..
        }) => marker,
        _ => None,
    };
    match (more, cursor) {
        (Some(false), _) | (None, None) => Ok(None),
        (_, Some(cursor)) => Ok(Some(cursor)),
        (Some(true), None) => Err(Error::answered(
            ErrorKind::Protocol,
            response,
            "the platform says that more follows but gives no cursor to ask for it",
        )),
    }
}

/// Refuses a page size outside what the platform takes.
pub(crate) fn check_limit(limit: Option<i64>, max: i64) -> Result<(), Error> {
    match limit {
        Some(limit) if !(1..=max).contains(&limit) => Err(Error::invalid_input(format!(
            "the page size is {limit}; the platform takes 1 to {max}"
        ))),
        _ => Ok(()),
    }
}

/// What a list by prefix asks for.
#[derive(Clone, Default)]
pub(crate) struct PrefixQuery {
    pub(crate) prefix: Option<String>,
    pub(crate) limit: Option<i64>,
}

/// The setters of a list builder whose `query` is a [`PrefixQuery`].
macro_rules! by_prefix {
    ($name:ident) => {
        impl $name {
            /// Only what begins so.
            pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
                self.query.prefix = Some(prefix.into());
                self
            }

            /// Items a page: 100 by default, 1,000 at most.
            pub fn limit(mut self, items: u32) -> Self {
                self.query.limit = Some(items.into());
                self
            }
        }
    };
}
pub(crate) use by_prefix;

/// The paging half of a list builder with the fields `client`, `options`, `query` and `cursor`, and an associated
/// function `page(client, options, query, cursor)`.
macro_rules! paging {
    ($name:ident => $item:ty) => {
        impl $name {
            pub(super) fn new(client: &crate::Client) -> Self {
                Self {
                    client: client.clone(),
                    options: crate::call::Options::default(),
                    query: Default::default(),
                    cursor: None,
                }
            }

            /// Starts where an earlier page said that the next begins.
            pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
                self.cursor = Some(cursor.into());
                self
            }

            crate::call::call_options!();

            /// Pages as a stream, each asked for when the one before is used up.
            pub fn pages(self) -> crate::Pages<$item> {
                let Self {
                    client,
                    options,
                    query,
                    cursor,
                } = self;
                let options = options
                    .into_call()
                    .map_err(crate::call::DeferredError::new);
                crate::Pages::new(cursor, move |cursor| {
                    let (client, query) = (client.clone(), query.clone());
                    let options = match &options {
                        Ok(options) => Ok(options.clone()),
                        Err(error) => Err(error.take()),
                    };
                    async move { Self::page(client, options?, query, cursor).await }
                })
            }

            /// Items as a stream, over all pages.
            pub fn items(self) -> crate::Items<$item> {
                self.pages().into_items()
            }

            async fn run(self) -> Result<crate::Page<$item>, crate::Error> {
                let options = self.options.into_call()?;
                Self::page(self.client, options, self.query, self.cursor).await
            }
        }

        crate::call::awaitable!($name => crate::Page<$item>);
    };
}
pub(crate) use paging;

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use futures_util::{StreamExt, TryStreamExt};
    use proptest::prelude::*;

    use super::*;

    /// A list of numbers behind cursors, as a server would page it.
    fn list(items: Vec<u32>, size: usize) -> (Pages<u32>, Arc<Mutex<usize>>) {
        let calls = Arc::new(Mutex::new(0));
        let counter = Arc::clone(&calls);
        let pages = Pages::new(None, move |cursor: Option<String>| {
            *counter.lock().unwrap() += 1;
            let start: usize = cursor.map_or(0, |cursor| cursor.parse().unwrap());
            let end = (start + size).min(items.len());
            let page = Page {
                items: items[start..end].to_vec(),
                next: (end < items.len()).then(|| end.to_string()),
            };
            async move { Ok(page) }
        });
        (pages, calls)
    }

    #[tokio::test]
    async fn a_page_is_asked_for_only_when_it_is_needed() {
        let (pages, calls) = list((0..10).collect(), 3);
        let mut items = pages.into_items();
        for expected in 0..3 {
            assert_eq!(items.next().await.unwrap().unwrap(), expected);
        }
        assert_eq!(*calls.lock().unwrap(), 1);
        assert_eq!(items.next().await.unwrap().unwrap(), 3);
        assert_eq!(*calls.lock().unwrap(), 2);
    }

    /// A list that leads from each cursor to the one after it, and from the last back to the first.
    fn circle(cursors: usize, items: usize) -> Pages<u32> {
        let asked = Mutex::new(0);
        Pages::new(None, move |_| {
            let mut asked = asked.lock().unwrap();
            *asked += 1;
            let page = Page {
                items: vec![1; items],
                next: Some((*asked % cursors).to_string()),
            };
            async { Ok(page) }
        })
    }

    #[tokio::test]
    async fn a_list_that_does_not_advance_is_an_error_and_not_a_loop() {
        for (cursors, items, pages) in [(1, 1, 1), (2, 1, 2), (50, 1, 50), (usize::MAX, 0, 99)] {
            let results: Vec<_> = circle(cursors, items).collect().await;
            assert_eq!(results.len(), pages + 1, "a circle of {cursors}");
            let (last, before) = results.split_last().unwrap();
            assert!(before.iter().all(Result::is_ok));
            assert_eq!(last.as_ref().unwrap_err().kind(), ErrorKind::Protocol);
        }
    }

    #[tokio::test]
    async fn nothing_follows_an_error() {
        let pages = Pages::<u32>::new(None, |_| async { Err(Error::invalid_input("no")) });
        assert_eq!(pages.collect::<Vec<_>>().await.len(), 1);
    }

    proptest! {
        #[test]
        fn every_item_comes_once_and_in_order(count in 0u32..60, size in 1usize..10) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let (pages, calls) = list((0..count).collect(), size);
            let items: Vec<u32> = runtime.block_on(pages.into_items().try_collect()).unwrap();
            prop_assert_eq!(items, (0..count).collect::<Vec<_>>());
            prop_assert_eq!(*calls.lock().unwrap(), (count as usize).div_ceil(size).max(1));
        }
    }
}
