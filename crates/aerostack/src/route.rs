//! The two places where the gateway may be.

use std::{future::Future, sync::OnceLock};

use aerostack_api::{CallError, Encoder, Operation, Request, TransportError, operations, requests};

/// Where the gateway's chat and wallet are. The published document and shipped SDKs disagree, and no live platform could
/// be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GatewayPaths {
    /// Below `/v1/ai/gateway`, as the published document says.
    Published,
    /// Below `/api/gateway`, as shipped SDKs do.
    Shipped,
}

/// Which paths a client uses: those it was told, or those that it found.
#[derive(Debug)]
pub(crate) struct GatewayRoute(OnceLock<GatewayPaths>);

impl GatewayRoute {
    pub(crate) fn new(paths: Option<GatewayPaths>) -> Self {
        Self(paths.map_or_else(OnceLock::new, OnceLock::from))
    }

    /// Sends on the right paths. Until they are known the published ones are tried first, and the others once where those
    /// answer 404.
    pub(crate) async fn send<T, R>(&self, send: impl Fn(GatewayPaths) -> R) -> Result<T, CallError>
    where
        R: Future<Output = Result<T, CallError>>,
    {
        use GatewayPaths::{Published, Shipped};
        if let Some(paths) = self.0.get() {
            return send(*paths).await;
        }
        let first = send(Published).await;
        if !is_unknown(&first) {
            if first.is_ok() {
                let _ = self.0.set(Published);
            }
            return first;
        }
        let second = send(Shipped).await;
        let _ = self.0.set(if is_unknown(&second) {
            Published
        } else {
            Shipped
        });
        if is_unknown(&second) { first } else { second }
    }
}

fn is_unknown<T>(result: &Result<T, CallError>) -> bool {
    matches!(
        result,
        Err(CallError { error: TransportError::Status { status, .. }, .. })
            if *status == http::StatusCode::NOT_FOUND
    )
}

/// The same request on the paths of shipped SDKs.
pub(crate) struct OnShippedPath<'r, R>(pub(crate) &'r R);

static SHIPPED_CHAT: Operation = Operation {
    path: "/api/gateway/{apiSlug}/v1/chat/completions",
    ..like(&operations::GATEWAY_CHAT_COMPLETIONS)
};

static SHIPPED_WALLET: Operation = Operation {
    path: "/api/gateway/me/wallet",
    ..like(&operations::GATEWAY_GET_WALLET)
};

/// The facts of an operation, to be changed.
const fn like(operation: &Operation) -> Operation {
    Operation {
        id: operation.id,
        method: operation.method,
        path: operation.path,
        tag: operation.tag,
        idempotency: operation.idempotency,
        credentials: operation.credentials,
        pagination: operation.pagination,
    }
}

impl Request for OnShippedPath<'_, requests::GatewayChatCompletions> {
    const OPERATION: &'static Operation = &SHIPPED_CHAT;
    type Response = <requests::GatewayChatCompletions as Request>::Response;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        self.0.encode(encoder);
    }
}

impl Request for OnShippedPath<'_, requests::GatewayGetWallet> {
    const OPERATION: &'static Operation = &SHIPPED_WALLET;
    type Response = <requests::GatewayGetWallet as Request>::Response;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        self.0.encode(encoder);
    }
}
