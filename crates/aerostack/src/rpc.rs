//! Operations that the platform offers to code alone, over its RPC path.

use std::collections::BTreeMap;

use aerostack_api::{Credential, Encoder, Idempotency, Operation, RawJson, Request};
use serde::Serialize;

use crate::Client;

pub(crate) const GET_USER: usize = 0;
pub(crate) const GET_USER_BY_EMAIL: usize = 1;
pub(crate) const SEND_EMAIL: usize = 2;

static OPERATIONS: [Operation; 3] = [
    operation("getUser", Idempotency::Read),
    operation("getUserByEmail", Idempotency::Read),
    operation("sendEmail", Idempotency::No),
];

const fn operation(id: &'static str, idempotency: Idempotency) -> Operation {
    Operation {
        id,
        method: "POST",
        path: "/internal/hooks/rpc",
        tag: "Rpc",
        idempotency,
        credentials: &[&[Credential::SecretKeyBearer]],
        pagination: None,
    }
}

/// A call of the method with this index.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rpc<'a, const METHOD: usize> {
    method: &'static str,
    args: serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    project_id: Option<&'a str>,
}

impl<'a, const METHOD: usize> Rpc<'a, METHOD> {
    pub(crate) fn new(client: &'a Client, args: serde_json::Value) -> Self {
        Self {
            method: Self::OPERATION.id,
            args,
            project_id: client.transport().config().project_id.as_deref(),
        }
    }
}

impl<const METHOD: usize> Request for Rpc<'_, METHOD> {
    const OPERATION: &'static Operation = &OPERATIONS[METHOD];
    type Response = RawJson;

    fn encode<'e>(&'e self, encoder: &mut Encoder<'e>) {
        encoder.json(self);
    }
}

/// Whether an answer without a shape of its own reports a failure.
pub(crate) fn says_no(reply: &BTreeMap<String, RawJson>) -> bool {
    let failed = reply.get("success").map(RawJson::text) == Some("false");
    failed || reply.get("error").is_some_and(|error| !error.is_null())
}
