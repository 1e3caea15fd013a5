//! Language models.

mod chat;
mod completion;
mod embed;
mod stream;
mod wire;

use crate::Client;

pub use chat::{Chat, Role};
pub(crate) use chat::{ChatTarget, Credential};
pub use completion::{Completion, ContentPart, FinishReason, ToolCall, Usage};
pub use embed::{Embed, EmbedMany, Embedding};
pub use stream::{ChatDelta, ChatStream, StreamChat, ToolCallDelta};

/// The platform's language models. From [`Client::ai`](crate::Client::ai).
///
/// # Limits
/// Which models exist, and how long a conversation each can take, is the platform's matter; a conversation too long has
/// the code [`ContextTooLong`](crate::ErrorCode::ContextTooLong). One attempt at a completion has 60 seconds, as with
/// official SDKs, unless the client or the call sets another limit; give long ones more with `.timeout(..)`, or stream
/// them, where only silence is limited.
///
/// # Repeats
/// Every completion is a new, billed one: after it may have reached the platform it is never repeated unasked.
/// Embedding changes nothing and is.
///
/// Confidence: chat is in the platform's published document, embedding in shipped SDK code only.
#[derive(Debug, Clone)]
pub struct Ai {
    client: Client,
}

impl Ai {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    /// A conversation, to be completed with the next message. See [`Chat`].
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let answer = client
    ///     .ai()
    ///     .chat()
    ///     .system("Answer in one sentence.")
    ///     .user("Why is the sky blue?")
    ///     .temperature(0.2)
    ///     .max_tokens(120)
    ///     .await?;
    /// println!("{}", answer.text);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; the platform may complete, and bill, all the same.
    #[doc(alias = "chat_completion")]
    #[doc(alias = "create_chat_completion")]
    pub fn chat(&self) -> Chat {
        Chat::new(&self.client, ChatTarget::Project, None)
    }

    /// Completes a prompt: a [`chat`](Self::chat) of one message of the user's.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let poem = client.ai().complete("A haiku about the sea.").max_tokens(60).await?;
    /// println!("{}", poem.text);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// As [`chat`](Self::chat).
    #[doc(alias = "generate")]
    #[doc(alias = "completion")]
    pub fn complete(&self, prompt: impl Into<String>) -> Chat {
        self.chat().user(prompt)
    }

    /// Turns a text into a vector. Vectors are comparable only where the same model made them. See [`Embed`].
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let embedding = client.ai().embed("The harbour is closed on Sundays.").await?;
    /// println!("{} dimensions by {:?}", embedding.vector.len(), embedding.model);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    #[doc(alias = "embedding")]
    #[doc(alias = "embeddings")]
    pub fn embed(&self, text: impl Into<String>) -> Embed {
        Embed::new(&self.client, text.into())
    }

    /// Turns many texts into vectors, a few at a time. See [`EmbedMany`].
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    pub fn embed_many<S: Into<String>>(&self, texts: impl IntoIterator<Item = S>) -> EmbedMany {
        EmbedMany::new(&self.client, texts.into_iter().map(Into::into).collect())
    }
}
