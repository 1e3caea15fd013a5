//! What all calls share: their options, and being awaited.

use std::{fmt, future::Future, future::IntoFuture, pin::Pin, time::Duration};

use aerostack_api::{CallOptions, RetryMode};

use crate::{Client, Error, Secret};

/// The future of a call.
pub type CallFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'static>>;

/// A call as a future, which it becomes when it is awaited.
#[diagnostic::on_unimplemented(
    message = "a call is not a future until it is awaited",
    label = "hand over `.into_future()`",
    note = "`.await` does this by itself; functions that take a future, such as `tokio::spawn` and `join_all`, need \
            `std::future::IntoFuture::into_future(call)`"
)]
pub trait CallIsFuture {}

/// Options of one call, and the first thing wrong with them.
#[derive(Default)]
pub(crate) struct Options {
    call: CallOptions,
    invalid: Option<Error>,
}

/// Retries a call as a read, unless the caller chose otherwise.
pub(crate) fn retry_as_read(options: &mut CallOptions) {
    if options.retry == RetryMode::Policy {
        options.retry = RetryMode::Always;
    }
}

/// Headers the SDK sets itself; letting a call set them would contradict the client's settings.
const RESERVED: [&str; 9] = [
    "authorization",
    "x-aerostack-key",
    "x-aerostack-function",
    "host",
    "content-length",
    "content-type",
    "transfer-encoding",
    "accept-encoding",
    "connection",
];

impl Options {
    pub(crate) fn header(&mut self, name: &str, value: &str) {
        let result = (|| {
            let name = name.to_ascii_lowercase();
            if RESERVED.contains(&name.as_str()) {
                return Err(format!("the header `{name}` is set by the client itself"));
            }
            let name = http::HeaderName::try_from(name.as_str())
                .map_err(|_| format!("`{}` is not a header name", name.escape_debug()))?;
            let value = http::HeaderValue::try_from(value)
                .map_err(|_| format!("the value for `{name}` cannot travel in a header"))?;
            Ok((name, value))
        })();
        match result {
            Ok((name, value)) => {
                self.call.headers.append(name, value);
            }
            Err(message) => self.reject(Error::invalid_input(message)),
        }
    }

    pub(crate) fn timeout(&mut self, limit: Duration) {
        self.call.timeout = Some(limit);
    }

    /// The limit where the call did not set one.
    pub(crate) fn default_timeout(&mut self, limit: Duration) {
        self.call.timeout.get_or_insert(limit);
    }

    pub(crate) fn deadline(&mut self, limit: Duration) {
        self.call.deadline = Some(limit);
    }

    pub(crate) fn request_id(&mut self, id: &str) {
        match http::HeaderValue::try_from(id) {
            Ok(id) => self.call.request_id = Some(id),
            Err(_) => self.reject(Error::invalid_input(
                "the request id cannot travel in a header",
            )),
        }
    }

    pub(crate) fn retry(&mut self, mode: RetryMode) {
        self.call.retry = mode;
    }

    pub(crate) fn sent(&mut self, progress: aerostack_api::ByteCounter) {
        self.call.sent = Some(progress);
    }

    pub(crate) fn user_token(&mut self, token: Secret) {
        self.given("user token", &token);
        self.call.user_token = Some(token);
    }

    pub(crate) fn consumer_key(&mut self, key: Secret) {
        self.given("consumer key", &key);
        self.call.consumer_key = Some(key);
    }

    fn given(&mut self, what: &str, credential: &Secret) {
        if let Err(error) = crate::input::text(what, credential.expose()) {
            self.reject(error);
        }
    }

    /// Names the function that is called, as official SDKs do beside the path.
    pub(crate) fn function(&mut self, slug: &str) {
        if let Ok(slug) = http::HeaderValue::try_from(slug) {
            let name = http::HeaderName::from_static("x-aerostack-function");
            self.call.headers.insert(name, slug);
        }
    }

    /// Keeps the first error that makes the call impossible; it is reported when the call is awaited.
    pub(crate) fn reject(&mut self, error: Error) {
        self.invalid.get_or_insert(error);
    }

    /// Takes a value, or keeps the error.
    pub(crate) fn accept<T>(&mut self, value: Result<T, Error>) -> Option<T> {
        value.map_err(|error| self.reject(error)).ok()
    }

    pub(crate) fn into_call(self) -> Result<CallOptions, Error> {
        match self.invalid {
            Some(error) => Err(error),
            None => Ok(self.call),
        }
    }
}

/// The options every call offers, for a builder with a field `options`.
macro_rules! call_options {
    () => {
        /// Adds a request header. Headers the client sets itself, credentials among them, are refused when the call is
        /// awaited.
        pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
            self.options.header(name.as_ref(), value.as_ref());
            self
        }

        /// Limits one attempt of this call, in place of the client's limit.
        pub fn timeout(mut self, limit: std::time::Duration) -> Self {
            self.options.timeout(limit);
            self
        }

        /// Limits this call with all its attempts and waits, in place of the client's limit.
        pub fn deadline(mut self, limit: std::time::Duration) -> Self {
            self.options.deadline(limit);
            self
        }

        /// Sets the id sent as `X-Request-ID`, for tracing. It does not make a call idempotent. By default every call
        /// gets a new UUID.
        pub fn request_id(mut self, id: impl AsRef<str>) -> Self {
            self.options.request_id(id.as_ref());
            self
        }

        /// Makes one attempt only.
        pub fn no_retry(mut self) -> Self {
            self.options.retry(aerostack_api::RetryMode::Never);
            self
        }

        /// Declares that making this call twice is harmless, so that it is also retried after an attempt that may have
        /// reached the server.
        #[doc(alias = "retry")]
        pub fn idempotent(mut self) -> Self {
            self.options.retry(aerostack_api::RetryMode::Always);
            self
        }
    };
}
pub(crate) use call_options;

/// Makes a builder with the fields `client` and `options` awaitable through its method `run`.
macro_rules! awaitable {
    ($name:ident $(<$param:ident: $bound:path>)? => $output:ty) => {
        impl $(<$param>)? std::future::IntoFuture for $name $(<$param>)?
        where
            $($param: $bound + Send + 'static,)?
        {
            type Output = Result<$output, crate::Error>;
            type IntoFuture = crate::CallFuture<$output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.run())
            }
        }

        /// Never used: it only lets the compiler name the right call, see [`crate::signposts`].
        #[doc(hidden)]
        impl $(<$param>)? std::future::Future for $name $(<$param>)?
        where
            for<'a> &'a Self: crate::call::CallIsFuture,
        {
            type Output = Result<$output, crate::Error>;

            fn poll(
                self: std::pin::Pin<&mut Self>,
                _: &mut std::task::Context<'_>,
            ) -> std::task::Poll<Self::Output> {
                std::task::Poll::Pending
            }
        }

        impl $(<$param>)? std::fmt::Debug for $name $(<$param>)? {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}
pub(crate) use awaitable;

type CallFn<T> = Box<dyn FnOnce(Client, CallOptions) -> CallFuture<T> + Send>;

/// A call without parameters of its own beyond those every call has. Await it.
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<T> {
    client: Client,
    options: Options,
    run: CallFn<T>,
}

impl<T: Send + 'static> Call<T> {
    pub(crate) fn new<F, Fut>(client: &Client, run: F) -> Self
    where
        F: FnOnce(Client, CallOptions) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, Error>> + Send + 'static,
    {
        Self::with_options(client, Options::default(), run)
    }

    pub(crate) fn with_options<F, Fut>(client: &Client, options: Options, run: F) -> Self
    where
        F: FnOnce(Client, CallOptions) -> Fut + Send + 'static,
        Fut: Future<Output = Result<T, Error>> + Send + 'static,
    {
        Self {
            client: client.clone(),
            options,
            run: Box::new(move |client, options| Box::pin(run(client, options))),
        }
    }

    call_options!();
}

impl<T: Send + 'static> IntoFuture for Call<T> {
    type Output = Result<T, Error>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> Self::IntoFuture {
        match self.options.into_call() {
            Ok(options) => (self.run)(self.client, options),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }
    }
}

/// Never used: it only lets the compiler name the right call, see [`crate::signposts`].
#[doc(hidden)]
impl<T> Future for Call<T>
where
    for<'a> &'a Self: crate::call::CallIsFuture,
{
    type Output = Result<T, Error>;

    fn poll(self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Self::Output> {
        std::task::Poll::Pending
    }
}

impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}

/// An error that a stream yields once, as its end.
pub(crate) struct DeferredError(std::sync::Mutex<Option<Error>>);

impl DeferredError {
    pub(crate) fn new(error: Error) -> Self {
        Self(std::sync::Mutex::new(Some(error)))
    }

    pub(crate) fn take(&self) -> Error {
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take()
            .unwrap_or_else(|| Error::invalid_input("the call was refused before"))
    }
}
