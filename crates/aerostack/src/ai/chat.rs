//! Conversations to be completed.

use aerostack_api::{RawJson, Response, open_enum, requests, types};

use super::{Completion, StreamChat};
use crate::{
    Client, Error, Secret,
    call::{Options, awaitable, call_options},
    input,
    route::{GatewayPaths, OnShippedPath},
};

/// A conversation. From [`Ai::chat`](super::Ai::chat) or [`Gateway::chat`](crate::gateway::Gateway::chat).
///
/// Await it for the whole [`Completion`], or await its [`stream`](Self::stream) for the text as it is written. What is
/// not set is left to the platform.
#[must_use = "a call does nothing until it is awaited"]
pub struct Chat {
    pub(super) client: Client,
    pub(super) options: Options,
    pub(super) target: ChatTarget,
    messages: Vec<types::ChatMessage>,
    model: Option<String>,
    temperature: Option<f64>,
    max_tokens: Option<u32>,
    top_p: Option<f64>,
}

open_enum! {
    /// Who speaks.
    pub enum Role {
        /// Says how the model shall behave.
        System = "system",
        /// The person.
        User = "user",
        /// The model.
        Assistant = "assistant",
    }
}

/// Who completes a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ChatTarget {
    /// The project's own models.
    Project,
    /// The gateway published under this slug.
    Gateway(String),
}

/// What a gateway's consumer identifies with.
#[derive(Debug, Clone)]
pub(crate) enum Credential {
    ConsumerKey(Secret),
    UserToken(Secret),
}

impl Credential {
    pub(crate) fn apply(&self, options: &mut Options) {
        match self {
            Self::ConsumerKey(key) => options.consumer_key(key.clone()),
            Self::UserToken(token) => options.user_token(token.clone()),
        }
    }
}

impl Chat {
    pub(crate) fn new(
        client: &Client,
        target: ChatTarget,
        credential: Option<&Credential>,
    ) -> Self {
        let mut options = Options::default();
        if let Some(credential) = credential {
            credential.apply(&mut options);
        }
        Self {
            client: client.clone(),
            options,
            target,
            messages: Vec::new(),
            model: None,
            temperature: None,
            max_tokens: None,
            top_p: None,
        }
    }

    /// Adds a message, after those added before.
    pub fn message(mut self, role: impl Into<Role>, text: impl Into<String>) -> Self {
        self.messages
            .push(types::ChatMessage::new(role.into().as_str().into(), text));
        self
    }

    /// Adds a message that says how the model shall behave.
    pub fn system(self, text: impl Into<String>) -> Self {
        self.message(Role::System, text)
    }

    /// Adds a message of the user's.
    pub fn user(self, text: impl Into<String>) -> Self {
        self.message(Role::User, text)
    }

    /// Adds a message the model wrote earlier.
    pub fn assistant(self, text: impl Into<String>) -> Self {
        self.message(Role::Assistant, text)
    }

    /// The model, such as `@cf/meta/llama-3-8b-instruct`.
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// From 0, steady, to 2, wild.
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.temperature = Some(temperature);
        self
    }

    /// Most tokens to write, at least 1. A text that was cut off here has the finish reason
    /// [`Length`](super::FinishReason::Length).
    pub fn max_tokens(mut self, tokens: u32) -> Self {
        self.max_tokens = Some(tokens);
        self
    }

    /// From 0 to 1: choose among the likeliest tokens that together have this probability.
    pub fn top_p(mut self, share: f64) -> Self {
        self.top_p = Some(share);
        self
    }

    call_options!();

    /// The completion as it is written. Await it for a [`ChatStream`](super::ChatStream).
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// use futures_util::TryStreamExt;
    ///
    /// let mut stream = client.ai().complete("A story, please.").stream().await?;
    /// while let Some(delta) = stream.try_next().await? {
    ///     print!("{}", delta.text);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream(self) -> StreamChat {
        StreamChat::new(self)
    }

    async fn run(mut self) -> Result<Completion, Error> {
        self.options
            .default_timeout(self.client.completion_timeout());
        let body = self.body(false)?;
        let options = self.options.into_call()?;
        let transport = self.client.transport();
        // Both shapes of a completion are read by hand, so the response stays JSON.
        let response: Response<RawJson> = match self.target {
            ChatTarget::Project => {
                let request = requests::AiChat::new(body);
                transport.send_as(&request, &options).await?
            }
            ChatTarget::Gateway(slug) => {
                let request = &requests::GatewayChatCompletions::new(slug, body);
                let options = &options;
                self.client
                    .gateway_route()
                    .send(|paths| async move {
                        match paths {
                            GatewayPaths::Published => transport.send_as(request, options).await,
                            GatewayPaths::Shipped => {
                                transport.send_as(&OnShippedPath(request), options).await
                            }
                        }
                    })
                    .await?
            }
        };
        Completion::read(&response, &response.value)
    }

    /// The request, or why the platform would not take it.
    pub(super) fn body(&mut self, stream: bool) -> Result<types::ChatCompletionRequest, Error> {
        if self.messages.is_empty() {
            return Err(Error::invalid_input(
                "the conversation holds no message; add one with .user(..)",
            ));
        }
        if let ChatTarget::Gateway(slug) = &self.target {
            input::slug("gateway's slug", slug)?;
        }
        within("temperature", self.temperature, 2.0)?;
        within("top_p", self.top_p, 1.0)?;
        if self.max_tokens == Some(0) {
            return Err(Error::invalid_input("max_tokens is 0; it is at least 1"));
        }
        Ok(
            types::ChatCompletionRequest::new(std::mem::take(&mut self.messages))
                .model(self.model.take())
                .temperature(self.temperature)
                .max_tokens(self.max_tokens.map(i64::from))
                .top_p(self.top_p)
                .stream(stream.then_some(true))
                .stream_options(
                    stream.then_some(types::ChatStreamOptions::new().include_usage(Some(true))),
                ),
        )
    }
}

awaitable!(Chat => Completion);

fn within(what: &str, value: Option<f64>, max: f64) -> Result<(), Error> {
    match value {
        Some(value) if !(0.0..=max).contains(&value) => Err(Error::invalid_input(format!(
            "{what} is {value}; it goes from 0 to {max}"
        ))),
        _ => Ok(()),
    }
}
