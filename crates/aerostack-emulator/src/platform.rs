//! The state every handler sees.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::builder::project::Integrations;
use crate::clock::Clock;
use crate::config::Config;
use crate::error::StartError;
use crate::http::keys::Keys;
use crate::http::rate_limit::Rates;
use crate::realtime::{Hub, UserTokens};
use crate::services::auth;
use crate::services::auth::Auth;
use crate::services::cache;
use crate::services::collections;
use crate::services::db::ProjectDb;
use crate::services::gateway;
use crate::services::queue;
use crate::services::search;
use crate::services::storage;
use crate::store::blobs::Blobs;
use crate::store::data_dir::DataDir;
use crate::store::database::Database;
use crate::test_kit::counters::Counts;
use crate::test_kit::fault::Faults;
use crate::test_kit::request_log::Record;

/// Shared by all handlers.
pub(crate) type App = Arc<AppState>;

/// The tables of the services, made at every start; each statement must be repeatable.
const SYSTEM_SCHEMA: &[&str] = &[
    auth::SCHEMA,
    cache::SCHEMA,
    collections::SCHEMA,
    gateway::SCHEMA,
    queue::SCHEMA,
    search::SCHEMA,
    storage::SCHEMA,
];

pub(crate) struct AppState {
    pub(crate) config: Config,
    pub(crate) keys: Keys,
    pub(crate) clock: Clock,
    /// The user's tables.
    pub(crate) project: ProjectDb,
    /// The services' own data: nothing in it is reachable by SQL over the API.
    pub(crate) system: Database,
    pub(crate) data_dir: DataDir,
    /// The bytes of stored files.
    pub(crate) blobs: Blobs,
    pub(crate) auth: Auth,
    pub(crate) realtime: Hub,
    /// What the project brings along.
    pub(crate) integrations: Integrations,
    pub(crate) record: Record,
    pub(crate) faults: Faults,
    /// Requests by operation.
    pub(crate) arrivals: Counts,
    /// Struck requests by fault.
    pub(crate) struck: Counts,
    /// What took effect by operation, whether or not the answer reached the caller.
    pub(crate) effects: Counts,
    pub(crate) rates: Rates,
    /// Cancelled when the emulator stops; long-lived connections and workers end then.
    pub(crate) stop: CancellationToken,
    /// Requests being answered and background work; waited for at shutdown.
    pub(crate) tasks: TaskTracker,
}

impl AppState {
    pub(crate) fn open(
        config: Config,
        keys: Keys,
        integrations: Integrations,
    ) -> Result<App, StartError> {
        let cannot_use = |source| StartError::DataDir {
            path: config.data_dir.clone().unwrap_or_default(),
            source,
        };
        let data_dir = DataDir::take(config.data_dir.as_deref()).map_err(cannot_use)?;
        let project = ProjectDb::open(
            data_dir.path("project.sqlite").as_deref(),
            &config.schema,
            &config.limits,
        )?;
        let blobs = Blobs::open(data_dir.path("storage")).map_err(cannot_use)?;
        let mut stored_secret = Vec::new();
        let system = Database::open(data_dir.path("system.sqlite").as_deref(), |connection| {
            SYSTEM_SCHEMA
                .iter()
                .try_for_each(|schema| connection.execute_batch(schema))?;
            stored_secret = auth::stored_secret(connection)?;
            queue::requeue(connection)?;
            storage::sweep(connection, &blobs)
        })
        .map_err(|message| StartError::Database {
            database: "system",
            message,
        })?;
        let jwt_secret = config.jwt_secret.as_deref().unwrap_or(&stored_secret);
        let auth = Auth::new(&config, jwt_secret).ok_or_else(|| StartError::Setting {
            message: "the JWT secret cannot be used as a key".to_owned(),
        })?;
        let (clock, stop) = (Clock::new(), CancellationToken::new());
        let realtime = Hub::of_emulator(&config, &keys, &clock, &project, &stop);
        let app = Arc::new(Self {
            auth,
            integrations,
            record: Record::new(
                config.limits.recorded_requests,
                config.limits.recorded_body_bytes,
            ),
            rates: Rates::new(config.rate_limits),
            config,
            keys,
            clock,
            project,
            system,
            blobs,
            data_dir,
            realtime,
            faults: Faults::default(),
            arrivals: Counts::default(),
            struck: Counts::default(),
            effects: Counts::default(),
            stop,
            tasks: TaskTracker::new(),
        });
        let tokens = UserTokens::new(&app);
        app.realtime.check_tokens_with(Box::new(tokens));
        Ok(app)
    }

    /// Starts work that ends when the emulator stops.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = work => {}
            }
        });
    }

    /// Whether `name` is the project's slug or id.
    pub(crate) fn is_project(&self, name: &str) -> bool {
        name == self.config.project_slug || name == self.config.project_id
    }
}
