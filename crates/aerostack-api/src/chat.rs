//! Chat completions, of which the generated client knows one shape of answer only: here they come raw, or as a stream.

use progenitor_client::{ByteStream, ClientHooks, Error, OperationInfo, ResponseValue};

use crate::{
    RawJson,
    generated::{Client, types::ChatCompletionRequest},
    operation::Operation,
    operations,
    path::encode_path,
};

/// Who completes a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChatTarget {
    /// The project's own models: `aiChat`.
    Project,
    /// The published endpoint of this slug: `gatewayChatCompletions`.
    Gateway(String),
}

impl ChatTarget {
    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        match self {
            Self::Project => &operations::AI_CHAT,
            Self::Gateway(_) => &operations::GATEWAY_CHAT_COMPLETIONS,
        }
    }

    fn path(&self) -> String {
        match self {
            Self::Project => "/v1/ai/chat".to_owned(),
            Self::Gateway(slug) => {
                format!("/v1/ai/gateway/{}/chat/completions", encode_path(slug))
            }
        }
    }
}

impl Client {
    /// A completion as the platform words it.
    ///
    /// # Errors
    /// As the generated operations.
    pub async fn chat_raw(
        &self,
        target: &ChatTarget,
        body: &ChatCompletionRequest,
    ) -> Result<ResponseValue<RawJson>, Error<()>> {
        let response = self.chat(target, body, "application/json").await?;
        ResponseValue::from_response(response).await
    }

    /// A completion as the bytes of its answer. A platform that cannot stream may answer with JSON: the answer's
    /// `Content-Type` tells.
    ///
    /// # Errors
    /// As the generated operations.
    pub async fn chat_stream(
        &self,
        target: &ChatTarget,
        body: &ChatCompletionRequest,
    ) -> Result<ResponseValue<ByteStream>, Error<()>> {
        let accept = "text/event-stream, application/json;q=0.5";
        let response = self.chat(target, body, accept).await?;
        Ok(ResponseValue::stream(response))
    }

    async fn chat(
        &self,
        target: &ChatTarget,
        body: &ChatCompletionRequest,
        accept: &'static str,
    ) -> Result<reqwest::Response, Error<()>> {
        let url = format!("{}{}", self.baseurl, target.path());
        let mut request = self
            .client
            .post(url)
            .header(reqwest::header::ACCEPT, accept)
            .json(body)
            .build()?;
        let info = OperationInfo {
            operation_id: target.operation().hook_id,
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().is_success() {
            true => Ok(response),
            false => Err(Error::UnexpectedResponse(response)),
        }
    }
}
