//! The flags for what a project brings along.

use std::ffi::OsString;
use std::path::PathBuf;

use aerostack_emulator::{EmulatorBuilder, GatewayConsumer};
use clap::Args;

/// Variables of the environment that begin with this hold secrets of the project.
const SECRET_PREFIX: &str = "AEROSTACK_SECRET_";

#[derive(Args)]
#[command(next_help_heading = "What the project brings along")]
pub(crate) struct ProjectArgs {
    /// POSTs queued jobs to this URL; a 2xx answer completes them.
    #[arg(long, value_name = "URL")]
    worker_url: Option<String>,

    /// Forwards calls of a service. Can be given several times.
    #[arg(long, value_name = "NAME=URL", value_parser = pair)]
    service: Vec<(String, String)>,

    /// Forwards calls of a function. Can be given several times.
    #[arg(long, value_name = "SLUG=URL", value_parser = pair)]
    function: Vec<(String, String)>,

    /// Declares a collection. Can be given several times.
    #[arg(long, value_name = "NAME")]
    collection: Vec<String>,

    /// Reads secrets from a file: a JSON object of strings, or lines NAME=value. AEROSTACK_SECRET_NAME in the
    /// environment sets the secret NAME and wins.
    #[arg(long, value_name = "FILE")]
    secrets_file: Vec<PathBuf>,

    /// Lets this OpenAI-compatible endpoint answer chats, such as http://localhost:11434/v1. Without one they are
    /// echoed.
    #[arg(long, value_name = "URL", env = "AEROSTACK_EMULATOR_AI_UPSTREAM")]
    ai_upstream: Option<String>,

    /// The key of that endpoint.
    #[arg(
        long,
        value_name = "KEY",
        env = "AEROSTACK_EMULATOR_AI_UPSTREAM_KEY",
        hide_env_values = true
    )]
    ai_upstream_key: Option<String>,

    /// The model to ask that endpoint for, whatever a caller names.
    #[arg(long, value_name = "NAME", env = "AEROSTACK_EMULATOR_AI_MODEL")]
    ai_model: Option<String>,

    /// Publishes an AI endpoint of the gateway. Can be given several times.
    #[arg(long, value_name = "SLUG")]
    gateway_api: Vec<String>,

    /// Adds a gateway consumer with what its wallet starts with; a third part is a hard limit. Can be given several
    /// times.
    #[arg(long, value_name = "KEY=TOKENS[:LIMIT]", value_parser = consumer)]
    gateway_consumer: Vec<GatewayConsumer>,
}

impl ProjectArgs {
    pub(crate) fn apply(
        self,
        mut builder: EmulatorBuilder,
        environment: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Result<EmulatorBuilder, String> {
        if let Some(url) = self.worker_url {
            builder = builder.worker_url(url);
        }
        for (name, url) in self.service {
            builder = builder.service_url(name, url);
        }
        for (slug, url) in self.function {
            builder = builder.function_url(slug, url);
        }
        for name in self.collection {
            builder = builder.collection(name);
        }
        for file in self.secrets_file {
            builder = builder.secrets_file(file);
        }
        for (name, value) in environment {
            let name = name.to_string_lossy();
            let Some(name) = name.strip_prefix(SECRET_PREFIX).filter(|it| !it.is_empty()) else {
                continue;
            };
            let value = value
                .into_string()
                .map_err(|_| format!("the value of {SECRET_PREFIX}{name} is not UTF-8"))?;
            builder = builder.secret(name, value);
        }
        match self.ai_upstream {
            Some(url) => builder = builder.ai_upstream(url, self.ai_upstream_key.as_deref()),
            None if self.ai_model.is_some() => {
                return Err("--ai-model needs --ai-upstream; the echo has no models".to_owned());
            }
            None => {}
        }
        if let Some(model) = self.ai_model {
            builder = builder.ai_model(model);
        }
        for slug in self.gateway_api {
            builder = builder.gateway_api(slug);
        }
        for consumer in self.gateway_consumer {
            builder = builder.gateway_consumer(consumer);
        }
        Ok(builder)
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, url)) if !name.is_empty() && !url.is_empty() => {
            Ok((name.to_owned(), url.to_owned()))
        }
        _ => Err("it is not of the form NAME=URL".to_owned()),
    }
}

fn consumer(text: &str) -> Result<GatewayConsumer, String> {
    let form = || "it is not of the form KEY=TOKENS or KEY=TOKENS:LIMIT".to_owned();
    let (key, amounts) = text.rsplit_once('=').ok_or_else(form)?;
    let (balance, limit) = match amounts.split_once(':') {
        Some((balance, limit)) => (balance, Some(limit)),
        None => (amounts, None),
    };
    let consumer = GatewayConsumer::new(key, balance.parse().map_err(|_| form())?);
    Ok(match limit {
        Some(limit) => consumer.hard_limit(limit.parse().map_err(|_| form())?),
        None => consumer,
    })
}
