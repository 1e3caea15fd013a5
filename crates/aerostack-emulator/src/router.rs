//! Where each path goes.

use axum::Router;

use crate::http::health;
use crate::platform::App;
use crate::realtime;
use crate::services::ai;
use crate::services::auth;
use crate::services::cache;
use crate::services::collections;
use crate::services::db;
use crate::services::functions;
use crate::services::gateway;
use crate::services::invoke;
use crate::services::queue;
use crate::services::search;
use crate::services::secrets;
use crate::services::storage;
use crate::test_kit::control;

pub(crate) fn router(app: App) -> Router {
    let controls = if app.config.control {
        control::routes(&app)
    } else {
        Router::new()
    };
    Router::new()
        .merge(controls)
        .merge(health::routes())
        .merge(db::routes())
        .merge(auth::routes())
        .merge(cache::routes())
        .merge(storage::routes())
        .merge(queue::routes())
        .merge(ai::routes())
        .merge(search::routes())
        .merge(gateway::routes())
        .merge(invoke::routes())
        .merge(collections::routes())
        .merge(functions::routes())
        .merge(secrets::routes())
        .merge(realtime::routes())
        .fallback(realtime::upgrade_or_unknown)
        .with_state(app)
}
