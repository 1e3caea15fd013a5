//! The composition: every service of the platform, built and put behind one router.

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRequest, Request};
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::MethodRouter;
use futures_util::future::BoxFuture;

use crate::clock::Clock;
use crate::config::{BatchMode, Limits, Project};
use crate::console::{Console, ConsoleToken};
use crate::error::ApiResult;
use crate::http::extract::Json;
use crate::http::health;
use crate::http::keys::Keys;
use crate::http::latency::Latency;
use crate::http::layers::{self, Detached, Gatekeeper};
use crate::http::operation::Routes;
use crate::http::origins::{self, Origins};
use crate::http::outbound::Outbound;
use crate::http::paths::{self, Paths};
use crate::http::rate_limit::RateLimits;
use crate::project::ProjectParts;
use crate::realtime::{self, DatabaseHistory, Hub, Switches, Time};
use crate::rpc::Rpc;
use crate::services::ai::{Ai, ChatRequest};
use crate::services::auth::{self, Auth};
use crate::services::cache::{self, Cache};
use crate::services::collections::{self, Collections};
use crate::services::db::Db;
use crate::services::functions::Functions;
use crate::services::gateway::{self, Completions, Gateway, Used, Users};
use crate::services::invoke::Services;
use crate::services::queue::{self, Queue};
use crate::services::search::{self, Search};
use crate::services::secrets::Secrets;
use crate::services::storage::{self, Storage};
use crate::start_error::StartError;
use crate::store::blobs::Blobs;
use crate::store::data_dir::DataDir;
use crate::store::database::{Database, Place};
use crate::store::project::ProjectDb;
use crate::store::schema;
use crate::store::scripts::{self, Source};
use crate::tasks::Tasks;
use crate::test_kit::control::{Control, Snapshots};
use crate::test_kit::seed::Data;
use crate::test_kit::{TestKit, injection, request_log};

/// The settings of an emulator.
pub(crate) struct Config {
    pub(crate) project: Project,
    pub(crate) keys: Keys,
    pub(crate) data_dir: Option<PathBuf>,
    pub(crate) schema: Vec<Source>,
    /// Whether to throw the data in the folder away first.
    pub(crate) fresh: bool,
    pub(crate) batch_mode: BatchMode,
    pub(crate) limits: Limits,
    pub(crate) latency: Latency,
    pub(crate) auth: auth::Settings,
    pub(crate) rate_limits: bool,
    /// Whether the controls are served over HTTP.
    pub(crate) control: bool,
    pub(crate) realtime: Switches,
    /// Which pages may call, and under which names.
    pub(crate) origins: Origins,
}

/// What the owner of an emulator reaches without HTTP.
pub(crate) struct Platform {
    pub(crate) project: Project,
    pub(crate) keys: Keys,
    pub(crate) clock: Clock,
    pub(crate) tasks: Tasks,
    pub(crate) kit: TestKit,
    /// Opens the web console.
    pub(crate) console: ConsoleToken,
    pub(crate) latency: Latency,
    pub(crate) data: Data,
    pub(crate) auth: Auth,
    pub(crate) queue: Queue,
    pub(crate) realtime: Hub,
    data_dir: DataDir,
}

impl Platform {
    /// Opens the databases and builds all services. The router answers for them.
    pub(crate) fn open(
        config: Config,
        supplied: ProjectParts,
    ) -> Result<(Self, Router), StartError> {
        let cannot_use = |source| StartError::DataDir {
            path: config.data_dir.clone().unwrap_or_default(),
            source,
        };
        let data_dir = DataDir::take(config.data_dir.as_deref()).map_err(cannot_use)?;
        if config.fresh {
            data_dir.clear().map_err(cannot_use)?;
        }
        let blobs = Blobs::open(data_dir.path("storage")).map_err(cannot_use)?;
        let project_db = scripts::read(&config.schema)
            .and_then(|scripts| {
                let file = data_dir.path("project.sqlite");
                ProjectDb::open(file, &scripts, &realtime::TABLES, &config.limits)
            })
            .map_err(|error| StartError::open("project", &error))?;
        let (system, stored_secret) =
            open_system(&data_dir, &blobs).map_err(|error| StartError::open("system", &error))?;
        let outbound = Outbound::new().map_err(|why| StartError::Setting {
            message: format!("the HTTP client cannot be used: {why}"),
        })?;

        let (clock, tasks) = (Clock::new(), Tasks::default());
        let rates = RateLimits::new(config.rate_limits);
        let kit = TestKit::new(&config.limits);
        let console = ConsoleToken::new();
        let Config {
            project,
            keys,
            limits,
            ..
        } = config;
        let mut auth_settings = config.auth;
        if auth_settings.jwt_secret.is_empty() {
            auth_settings.jwt_secret = stored_secret;
        }
        let auth = Auth::new(
            system.clone(),
            clock.clone(),
            rates.clone(),
            project.clone(),
            auth_settings,
        )
        .ok_or_else(|| StartError::Setting {
            message: "the JWT secret cannot be used as a key".to_owned(),
        })?;
        let cache = Cache::new(system.clone(), clock.clone(), limits.cache_value_bytes);
        let storage = Storage::new(
            system.clone(),
            blobs,
            clock.clone(),
            project.clone(),
            limits.upload_bytes,
        );
        let queue = Queue::new(
            system.clone(),
            clock.clone(),
            &project.id,
            supplied.workers,
            outbound.clone(),
        );
        let ai = Ai::new(clock.clone(), supplied.ai, outbound.clone());
        let verifier = Arc::new(auth.clone());
        let gateway = Gateway::new(
            system.clone(),
            clock.clone(),
            supplied.published,
            verifier.clone(),
            Arc::new(ai.clone()),
        );
        let hub = Hub::new(realtime::Parts {
            project: project.id.clone(),
            slug: Some(project.slug.clone()),
            keys: keys.clone(),
            switches: config.realtime,
            history: Box::new(DatabaseHistory::new(project_db.database().clone())),
            tokens: verifier.clone(),
            changes_of: Some(project_db.clone()),
            time: Time::Platform(clock.clone()),
            stop: tasks.stop.clone(),
        });
        hub.follow(&project_db);

        let collections = Collections::new(system.clone(), supplied.collections);
        let secrets = Secrets::new(supplied.secrets);
        let mut operations = vec![
            Db::new(project_db.clone(), config.batch_mode).routes(),
            auth.clone().routes(),
            cache.clone().routes(),
            storage.clone().routes(),
            queue.clone().routes(),
            ai.routes(),
            Search::new(system.clone()).routes(),
            gateway.routes(),
            Services::new(supplied.services, outbound.clone()).routes(),
            Functions::new(supplied.functions, outbound, verifier).routes(),
            collections.clone().routes(),
            secrets.clone().routes(),
            realtime::routes(hub.clone()),
        ];
        let rpc = Rpc {
            hub: hub.clone(),
            project: project.clone(),
            auth: auth.clone(),
            operations: unguarded(&operations, limits.json_bytes),
        };
        operations.push(rpc.routes());

        let detached = Detached {
            tasks: tasks.clone(),
            latency: config.latency.clone(),
        };
        let gatekeeper = Gatekeeper {
            keys: keys.clone(),
            rates,
            clock: clock.clone(),
        };
        // From the inside out.
        let around = |handler: MethodRouter| {
            handler
                .route_layer(from_fn_with_state(limits.json_bytes, layers::json_limit))
                .route_layer(from_fn_with_state(gatekeeper.clone(), layers::admit))
                .route_layer(from_fn_with_state(kit.clone(), injection::count_effects))
                .route_layer(from_fn_with_state(detached.clone(), layers::detach))
                .route_layer(from_fn(layers::request_id))
                .route_layer(from_fn_with_state(kit.clone(), injection::inject))
        };
        let others = storage
            .clone()
            .files()
            .merge(realtime::upgrades(hub.clone(), tasks.clone()))
            .layer(from_fn_with_state(detached.clone(), layers::detach))
            .layer(from_fn(layers::request_id));
        let logged = operations
            .iter()
            .cloned()
            .map(|routes| routes.into_router(around))
            .fold(others, Router::merge)
            .method_not_allowed_fallback(
                layers::method_not_allowed.layer(from_fn(layers::request_id)),
            )
            .layer(from_fn_with_state(kit.clone(), request_log::log));
        let allowed = Arc::new(config.origins);
        let mut router = health::router()
            .fallback_service(logged)
            .layer(from_fn_with_state(
                Paths::new(project.clone(), keys.clone()),
                paths::canonical,
            ))
            .layer(from_fn_with_state(allowed.clone(), origins::allowed_origin));

        let data = Data {
            project: project_db,
            system,
            cache,
            storage,
            kit: kit.clone(),
        };
        if config.control {
            let control = Control {
                project: project.clone(),
                clock: clock.clone(),
                latency: config.latency.clone(),
                data: data.clone(),
                auth: auth.clone(),
                snapshots: Snapshots::default(),
            };
            let controls = control
                .router()
                .merge(realtime::control_routes(hub.clone()));
            let shown = Console {
                kit: kit.clone(),
                hub: hub.clone(),
                auth: auth.clone(),
                secrets,
                collections,
                stop: tasks.stop.clone(),
            };
            router = shown
                .router(
                    console.clone(),
                    keys.clone(),
                    unguarded(&operations, limits.json_bytes),
                    controls,
                )
                .layer(from_fn(origins::same_origin))
                .fallback_service(router);
        }
        let router = router
            .layer(from_fn_with_state(allowed, origins::known_host))
            .layer(from_fn_with_state(limits, layers::bound_body));
        let platform = Self {
            project,
            keys,
            clock,
            tasks,
            kit,
            console,
            latency: config.latency,
            data,
            auth,
            queue,
            realtime: hub,
            data_dir,
        };
        Ok((platform, router))
    }

    /// What closes the databases and gives the data folder back; it blocks.
    pub(crate) fn closer(&self) -> impl FnOnce() + Send + 'static {
        let (data, data_dir) = (self.data.clone(), self.data_dir.clone());
        move || {
            data.project.close();
            data.system.close();
            data_dir.release();
        }
    }
}

/// The operations without log, faults, credentials and rate limits, for callers that have been let in.
fn unguarded(operations: &[Routes], json_bytes: usize) -> Router {
    let around = |handler: MethodRouter| {
        handler.route_layer(from_fn_with_state(json_bytes, layers::json_limit))
    };
    operations
        .iter()
        .cloned()
        .map(|routes| routes.into_router(around))
        .fold(Router::new(), Router::merge)
}

/// Opens the services' own database: nothing in it is reachable by SQL over the API. The secret that signs tokens is
/// kept there.
fn open_system(
    data_dir: &DataDir,
    blobs: &Blobs,
) -> Result<(Database, Vec<u8>), schema::OpenError> {
    let mut secret = Vec::new();
    let file = data_dir.path("system.sqlite");
    let place = file.map_or(Place::Memory, Place::File);
    let system = Database::open(&place, |connection| {
        let schemas = [
            &auth::SCHEMA,
            &cache::SCHEMA,
            &collections::SCHEMA,
            &gateway::SCHEMA,
            &queue::SCHEMA,
            &search::SCHEMA,
            &storage::SCHEMA,
        ];
        schema::migrate(connection, &schemas)?;
        secret = auth::stored_secret(connection)?;
        queue::requeue(connection)?;
        Ok(storage::sweep(connection, blobs)?)
    })?;
    Ok((system, secret))
}

impl Users for Auth {
    fn exists(&self, id: &str) -> BoxFuture<'static, ApiResult<bool>> {
        let (auth, id) = (self.clone(), id.to_owned());
        Box::pin(async move { auth.user_exists(id).await })
    }
}

impl Completions for Ai {
    fn complete(&self, request: Request, used: Used) -> BoxFuture<'static, ApiResult<Response>> {
        let ai = self.clone();
        Box::pin(async move {
            let Json(chat) = Json::<ChatRequest>::from_request(request, &()).await?;
            ai.complete(chat, |tokens| used(tokens.total())).await
        })
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use crate::emulator::Emulator;
    use crate::http::operations;

    async fn status(emulator: &Emulator, method: &str, path: &str) -> (StatusCode, String) {
        let url = format!("{}{path}", emulator.url());
        let response = reqwest::Client::new()
            .request(method.parse().unwrap(), url)
            .header("X-Aerostack-Key", emulator.api_key())
            .send()
            .await
            .unwrap();
        let allow = response.headers().get("allow");
        let allow = allow.map_or("", |allow| allow.to_str().unwrap()).to_owned();
        (response.status(), allow)
    }

    #[tokio::test]
    async fn no_operation_is_answered_under_another_id() {
        let emulator = Emulator::builder().start().await.unwrap();
        for operation in operations::ALL {
            let path = operation.path.replace(['{', '}'], "");
            let (status, allow) = status(&emulator, operation.method.as_str(), &path).await;
            assert_ne!(status, StatusCode::METHOD_NOT_ALLOWED, "{path}: {allow}");
            let received = emulator.received().pop().unwrap();
            // What is new in the document may have no route yet; `cargo xtask coverage` says so.
            assert!(
                received.operation.is_none_or(|id| id == operation.id),
                "{path}"
            );
        }
    }

    #[tokio::test]
    async fn almost_an_operation_is_none() {
        let emulator = Emulator::builder().start().await.unwrap();
        for path in [
            "/v1/db",
            "/v1/db/query/",
            "/v1/custom/",
            "/v1/custom/a/b",
            "/db/query",
        ] {
            let (status, _) = status(&emulator, "POST", path).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(emulator.received().pop().unwrap().operation, None, "{path}");
        }
        let wrong_method = status(&emulator, "GET", "/v1/db/query").await;
        let expected = (StatusCode::METHOD_NOT_ALLOWED, "POST".to_owned());
        assert_eq!(wrong_method, expected);
    }
}
