//! Mails that the platform sends.

use std::collections::BTreeMap;

use aerostack_api::RawJson;
use serde_json::json;

use crate::{
    Client, Error, ErrorKind,
    call::{Options, awaitable, call_options},
    input,
    rpc::{Rpc, SEND_EMAIL, says_no},
};

/// A mail to be sent. From [`Client::email`]. Await it.
///
/// # Errors
/// [`ErrorKind::InvalidInput`] without a subject or a body.
///
/// Confidence: shipped SDK code calls this; neither the published document nor the documentation names it.
///
/// # Cancel safety
/// Dropping the future abandons the call; whether the mail was sent is then unknown.
#[must_use = "a call does nothing until it is awaited"]
pub struct SendEmail {
    client: Client,
    options: Options,
    to: String,
    subject: Option<String>,
    body: Option<String>,
}

impl SendEmail {
    pub(crate) fn new(client: &Client, to: String) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            to,
            subject: None,
            body: None,
        }
    }

    /// The subject.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The text.
    #[doc(alias = "text")]
    #[doc(alias = "html")]
    pub fn body(mut self, body: impl Into<String>) -> Self {
        self.body = Some(body.into());
        self
    }

    call_options!();

    async fn run(self) -> Result<(), Error> {
        let options = self.options.into_call()?;
        input::name("recipient", &self.to)?;
        let (Some(subject), Some(body)) = (&self.subject, &self.body) else {
            return Err(Error::invalid_input(
                "a mail needs .subject(..) and .body(..)",
            ));
        };
        input::name("subject", subject)?;
        input::text("body", body)?;
        let request = Rpc::<SEND_EMAIL>::new(&self.client, json!([self.to, subject, body]));
        let response = self.client.send(&request, &options).await?;
        // Any value is an answer, or none; but a platform that says so has refused.
        match response.value.decode::<BTreeMap<String, RawJson>>() {
            Ok(reply) if says_no(&reply) => Err(Error::answered(
                ErrorKind::Rejected,
                &response,
                "the platform answered that it did not send the mail",
            )),
            _ => Ok(()),
        }
    }
}

awaitable!(SendEmail => ());
