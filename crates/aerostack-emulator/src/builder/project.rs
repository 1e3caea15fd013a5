//! The settings for what a project supplies.

use std::path::PathBuf;

use serde_json::Value;

use crate::builder::EmulatorBuilder;
use crate::services::ai::Upstream;
use crate::services::callbacks::{
    Backend, FunctionCall, FunctionReply, HandlerError, Job, handler,
};
use crate::services::gateway::{GatewayApi, GatewayConsumer};

/// What the project supplies.
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
        self.project.workers.set(kind.into(), handler(work));
        self
    }

    /// POSTs jobs of types without a handler to this URL, as `{id, type, data, attempt}`. A 2xx answer completes the
    /// job, anything else is a failed attempt.
    pub fn worker_url(mut self, url: impl Into<String>) -> Self {
        self.project.workers.set_url(url.into());
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
        let target = Backend::Handler(handler(run));
        self.project.services.insert(name.into(), target);
        self
    }

    /// Forwards a service to a URL: its data is POSTed there as JSON, and the JSON of a 2xx answer is the result.
    pub fn service_url(mut self, name: impl Into<String>, url: impl Into<String>) -> Self {
        let target = Backend::Url(url.into());
        self.project.services.insert(name.into(), target);
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
        let target = Backend::Handler(handler(run));
        self.project.functions.insert(slug.into(), target);
        self
    }

    /// Forwards a function to a URL with method, query, body and headers, the API key excepted; status and JSON come
    /// back as they are.
    pub fn function_url(mut self, slug: impl Into<String>, url: impl Into<String>) -> Self {
        let target = Backend::Url(url.into());
        self.project.functions.insert(slug.into(), target);
        self
    }

    /// Declares a collection; calls that name any other are answered with 404.
    pub fn collection(mut self, name: impl Into<String>) -> Self {
        self.project.collections.insert(name.into());
        self
    }

    /// Sets a secret of the project. It wins over one of the same name from a file.
    pub fn secret(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.project.secrets.insert(name.into(), value.into());
        self
    }

    /// Reads secrets from a file at the start: a JSON object of strings, or lines of the form `NAME=value`, where
    /// `#` begins a comment line.
    pub fn secrets_file(mut self, file: impl Into<PathBuf>) -> Self {
        self.project.secrets_files.push(file.into());
        self
    }

    /// Publishes an AI endpoint: a slug, or a [`GatewayApi`] that says more.
    pub fn gateway_api(mut self, api: impl Into<GatewayApi>) -> Self {
        self.project.gateway_apis.push(api.into());
        self
    }

    /// Adds a consumer of the published AI endpoints.
    pub fn gateway_consumer(mut self, consumer: GatewayConsumer) -> Self {
        self.project.gateway_consumers.push(consumer);
        self
    }

    /// Lets an OpenAI-compatible endpoint answer chats, in place of the echo. `url` is its base, such as
    /// `http://localhost:11434/v1`; `/chat/completions` is added.
    pub fn ai_upstream(mut self, url: impl Into<String>, key: Option<&str>) -> Self {
        self.project.ai = Some(Upstream {
            url: url.into(),
            key: key.map(str::to_owned),
            model: None,
        });
        self
    }

    /// The model asked of the AI endpoint, whatever model a caller names. Names of the platform's models mean nothing
    /// to most endpoints.
    pub fn ai_model(mut self, model: impl Into<String>) -> Self {
        self.project.ai_model = Some(model.into());
        self
    }
}
