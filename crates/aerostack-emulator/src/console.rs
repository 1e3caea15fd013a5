//! The web console at `/__emulator/`: a page that shows what the emulator holds and does, and the endpoints only it
//! needs.
//!
//! The page is a bundle of static files without a build step; the browser fetches nothing from anywhere else. It holds
//! no key: the token in the printed URL is exchanged for a cookie that scripts cannot read, and what it runs of the
//! platform's operations goes past the faults and the log.

mod assets;
mod calls;
mod inspect;
mod live;
mod session;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use tokio_util::sync::CancellationToken;

use crate::http::keys::Keys;
use crate::realtime::Hub;
use crate::services::auth::Auth;
use crate::services::collections::Collections;
use crate::services::secrets::Secrets;
use crate::test_kit::TestKit;
pub(crate) use session::ConsoleToken;
use session::Doorkeeper;

/// What the console shows.
#[derive(Clone)]
pub(crate) struct Console {
    pub(crate) kit: TestKit,
    pub(crate) hub: Hub,
    pub(crate) auth: Auth,
    pub(crate) secrets: Secrets,
    pub(crate) collections: Collections,
    /// Ends live views.
    pub(crate) stop: CancellationToken,
}

impl Console {
    /// The console, and `controls` behind the same door. `operations` answers what it runs of the platform.
    pub(crate) fn router(
        self,
        token: ConsoleToken,
        keys: Keys,
        operations: Router,
        controls: Router,
    ) -> Router {
        let doorkeeper = Doorkeeper {
            token,
            keys: keys.clone(),
        };
        inspect::routes(self.clone())
            .merge(live::routes(self))
            .merge(calls::routes(operations, keys))
            .merge(controls)
            .layer(from_fn_with_state(doorkeeper.clone(), session::admit))
            .merge(session::routes(doorkeeper))
            .merge(assets::routes())
            .layer(from_fn(session::guarded))
    }
}
