//! User tokens, as the emulator's own accounts know them.

use std::sync::{Arc, Weak};

use futures_util::future::BoxFuture;

use crate::platform::{App, AppState};
use crate::realtime::tokens::{TokenFacts, Tokens};
use crate::services::auth::authenticate;

/// Holds the state weakly: the state owns the hub.
pub(crate) struct UserTokens(Weak<AppState>);

impl UserTokens {
    pub(crate) fn new(app: &App) -> Self {
        Self(Arc::downgrade(app))
    }
}

impl Tokens for UserTokens {
    fn check(&self, token: &str) -> BoxFuture<'static, Option<TokenFacts>> {
        let (app, token) = (self.0.clone(), token.to_owned());
        Box::pin(async move {
            let caller = authenticate(&app.upgrade()?, &token).await.ok()?;
            Some(TokenFacts {
                user: Some(caller.user_id),
                expires_ms: Some(caller.expires_ms),
            })
        })
    }
}
