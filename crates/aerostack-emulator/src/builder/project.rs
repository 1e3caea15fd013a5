//! What a project brings along: its workers, services, functions, collections and secrets, its gateways and the AI
//! endpoint behind them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use serde_json::Value;

use crate::builder::EmulatorBuilder;
use crate::error::StartError;
use crate::http::outbound::{Forwarder, check_url};
use crate::services::ai::Upstream;
use crate::services::callbacks::{FunctionCall, FunctionReply, HandlerError, Job, Target, handler};
use crate::services::gateway::{GatewayApi, GatewayConsumer};
use crate::services::queue::Workers;
use crate::services::secrets;

/// What the builder collects.
#[derive(Default)]
pub(crate) struct Plan {
    workers: Workers,
    services: HashMap<String, Target<Value, Value>>,
    functions: HashMap<String, Target<FunctionCall, FunctionReply>>,
    collections: BTreeSet<String>,
    secrets: BTreeMap<String, String>,
    secrets_files: Vec<PathBuf>,
    gateway_apis: Vec<GatewayApi>,
    gateway_consumers: Vec<GatewayConsumer>,
    ai: Option<Upstream>,
    ai_model: Option<String>,
}

/// The same, checked and ready for the services.
pub(crate) struct Integrations {
    pub(crate) forwarder: Forwarder,
    pub(crate) workers: Workers,
    pub(crate) services: HashMap<String, Target<Value, Value>>,
    pub(crate) functions: HashMap<String, Target<FunctionCall, FunctionReply>>,
    pub(crate) collections: BTreeSet<String>,
    pub(crate) secrets: BTreeMap<String, String>,
    pub(crate) gateway_apis: Vec<GatewayApi>,
    pub(crate) gateway_consumers: Vec<GatewayConsumer>,
    pub(crate) ai: Option<Upstream>,
}

impl Plan {
    pub(crate) fn settle(self) -> Result<Integrations, StartError> {
        let refuse = |what: &str, why: String| StartError::Setting {
            message: format!("{what} cannot be used: {why}"),
        };
        let urls = self.workers.url().map(|url| ("the worker's URL", url));
        let urls = urls.into_iter().chain(
            self.ai
                .iter()
                .map(|ai| ("the AI endpoint's URL", ai.url.as_str())),
        );
        let services = self.services.values().filter_map(Target::url);
        let functions = self.functions.values().filter_map(Target::url);
        for (what, url) in urls
            .chain(services.map(|url| ("a service's URL", url)))
            .chain(functions.map(|url| ("a function's URL", url)))
        {
            check_url(url).map_err(|why| refuse(what, why))?;
        }
        let mut secrets = BTreeMap::new();
        for file in &self.secrets_files {
            let found = secrets::read_file(file)
                .map_err(|why| refuse(&format!("the secrets file {}", file.display()), why))?;
            secrets.extend(found);
        }
        // What code says is nearer to the test than a file.
        secrets.extend(self.secrets);
        crate::services::gateway::check(&self.gateway_apis, &self.gateway_consumers)
            .map_err(|why| refuse("the gateway's setting", why))?;
        Ok(Integrations {
            forwarder: Forwarder::new().map_err(|why| refuse("the HTTP client", why))?,
            workers: self.workers,
            services: self.services,
            functions: self.functions,
            collections: self.collections,
            secrets,
            gateway_apis: self.gateway_apis,
            gateway_consumers: self.gateway_consumers,
            ai: self.ai.map(|ai| Upstream {
                model: self.ai_model,
                ..ai
            }),
        })
    }
}

impl<I, O> Target<I, O> {
    fn url(&self) -> Option<&str> {
        match self {
            Self::Url(url) => Some(url),
            Self::Handler(_) => None,
        }
    }
}

/// What the project brings along.
impl EmulatorBuilder {
    /// Lets `work` do the jobs of one type. A job is completed when it returns `Ok`; an error is retried as often as
    /// the job allows, then the job has failed. Jobs of types without a worker stay queued.
    ///
    /// ```
    /// # use aerostack_emulator::Emulator;
    /// let builder = Emulator::builder().on_job("send-welcome-email", |job| async move {
    ///     let user = job.data["userId"].as_i64().ok_or("userId is missing")?;
    ///     println!("attempt {} for user {user}", job.attempt);
    ///     Ok(())
    /// });
    /// ```
    pub fn on_job<F, R>(self, kind: impl Into<String>, work: F) -> Self
    where
        F: Fn(Job) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), HandlerError>> + Send + 'static,
    {
        self.plan.workers.set(kind.into(), handler(work));
        self
    }

    /// POSTs jobs of types without a handler to this URL, as `{id, type, data, attempt}`. A 2xx answer completes the
    /// job, anything else is a failed attempt.
    pub fn worker_url(mut self, url: impl Into<String>) -> Self {
        self.plan.workers.set_url(url.into());
        self
    }

    /// Registers a service for `servicesInvoke`. What it returns becomes `result`; an error is answered with
    /// `success: false` and `{"error": "..."}` as the result.
    ///
    /// ```
    /// # use aerostack_emulator::Emulator;
    /// # use serde_json::json;
    /// let builder = Emulator::builder()
    ///     .service("double", |data| async move { Ok(json!(data["n"].as_i64().ok_or("n is missing")? * 2)) });
    /// ```
    pub fn service<F, R>(mut self, name: impl Into<String>, run: F) -> Self
    where
        F: Fn(Value) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Value, HandlerError>> + Send + 'static,
    {
        let target = Target::Handler(handler(run));
        self.plan.services.insert(name.into(), target);
        self
    }

    /// Forwards a service to a URL: its data is POSTed there as JSON, and the JSON of a 2xx answer is the result.
    pub fn service_url(mut self, name: impl Into<String>, url: impl Into<String>) -> Self {
        let target = Target::Url(url.into());
        self.plan.services.insert(name.into(), target);
        self
    }

    /// Registers a function for calls of `/v1/custom/{slug}` with any of the five methods. An error it returns is
    /// answered with 500 and its text.
    ///
    /// ```
    /// # use aerostack_emulator::{Emulator, FunctionReply};
    /// # use serde_json::json;
    /// let builder = Emulator::builder().function("shipping-quote", |call| async move {
    ///     let country = call.query("country").ok_or("country is missing")?;
    ///     Ok(FunctionReply::from(json!({ "country": country, "cents": 890 })))
    /// });
    /// ```
    pub fn function<F, R>(mut self, slug: impl Into<String>, run: F) -> Self
    where
        F: Fn(FunctionCall) -> R + Send + Sync + 'static,
        R: Future<Output = Result<FunctionReply, HandlerError>> + Send + 'static,
    {
        let target = Target::Handler(handler(run));
        self.plan.functions.insert(slug.into(), target);
        self
    }

    /// Forwards a function to a URL with method, query, body and headers, the API key excepted; status and JSON come
    /// back as they are.
    pub fn function_url(mut self, slug: impl Into<String>, url: impl Into<String>) -> Self {
        let target = Target::Url(url.into());
        self.plan.functions.insert(slug.into(), target);
        self
    }

    /// Declares a collection; calls that name any other are answered with 404.
    pub fn collection(mut self, name: impl Into<String>) -> Self {
        self.plan.collections.insert(name.into());
        self
    }

    /// Sets a secret of the project. It wins over one of the same name from a file.
    pub fn secret(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.plan.secrets.insert(name.into(), value.into());
        self
    }

    /// Reads secrets from a file at the start: a JSON object of strings, or lines of the form `NAME=value`, where
    /// `#` begins a comment line.
    pub fn secrets_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.plan.secrets_files.push(file.into());
        self
    }

    /// Publishes an AI endpoint: a slug, or a [`GatewayApi`] that says more.
    pub fn gateway_api(mut self, api: impl Into<GatewayApi>) -> Self {
        self.plan.gateway_apis.push(api.into());
        self
    }

    /// Adds a consumer of the published AI endpoints.
    pub fn gateway_consumer(mut self, consumer: GatewayConsumer) -> Self {
        self.plan.gateway_consumers.push(consumer);
        self
    }

    /// Lets an OpenAI-compatible endpoint answer chats, in place of the echo. `url` is its base, such as
    /// `http://localhost:11434/v1`; `/chat/completions` is added.
    pub fn ai_upstream(mut self, url: impl Into<String>, key: Option<&str>) -> Self {
        self.plan.ai = Some(Upstream {
            url: url.into(),
            key: key.map(str::to_owned),
            model: None,
        });
        self
    }

    /// The model asked of the AI endpoint, whatever model a caller names. Names of the platform's models mean nothing
    /// to most endpoints.
    pub fn ai_model(mut self, model: impl Into<String>) -> Self {
        self.plan.ai_model = Some(model.into());
        self
    }
}
