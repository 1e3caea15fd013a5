//! A hub without an emulator.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::http::keys::Keys;
use crate::realtime::hub::history::MemoryHistory;
use crate::realtime::hub::time::Time;
use crate::realtime::hub::{Hub, Parts};
use crate::realtime::settings::Switches;
use crate::realtime::tokens::AnyToken;

/// The settings of a hub without an emulator, made by [`Hub::builder`].
#[must_use = "a hub exists only after build()"]
pub struct HubBuilder {
    project: String,
    keys: Keys,
    switches: Switches,
}

impl HubBuilder {
    /// The project's id; `proj_local` by default.
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.project = id.into();
        self
    }

    /// The secret API key; `ac_secret_local` by default.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.keys.secret = key.into();
        self
    }

    /// The public API key; `ac_public_local` by default.
    pub fn public_key(mut self, key: impl Into<String>) -> Self {
        self.keys.public = key.into();
        self
    }

    /// The behavior to start with.
    pub fn switches(mut self, switches: Switches) -> Self {
        self.switches = switches;
        self
    }

    /// Makes the hub. Its time is tokio's; history is kept in memory; any user token is accepted, with the `sub` and
    /// `exp` of its claims if it is a JWT.
    #[must_use]
    pub fn build(self) -> Hub {
        Hub::new(Parts {
            project: self.project,
            slug: None,
            keys: self.keys,
            switches: self.switches,
            history: Box::new(MemoryHistory::default()),
            tokens: Arc::new(AnyToken),
            changes_of: None,
            time: Time::tokio(),
            stop: CancellationToken::new(),
        })
    }
}

impl Hub {
    /// The settings of a hub that needs no emulator.
    pub fn builder() -> HubBuilder {
        HubBuilder {
            project: "proj_local".to_owned(),
            keys: Keys {
                secret: "ac_secret_local".to_owned(),
                public: "ac_public_local".to_owned(),
            },
            switches: Switches::default(),
        }
    }
}
