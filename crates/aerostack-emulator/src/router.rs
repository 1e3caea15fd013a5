//! Where each path goes.

use axum::Router;

use crate::app::App;
use crate::ai;
use crate::auth;
use crate::cache;
use crate::collections;
use crate::test_kit::control;
use crate::db;
use crate::functions;
use crate::gateway;
use crate::queue;
use crate::realtime;
use crate::search;
use crate::secrets;
use crate::services;
use crate::storage;

pub(crate) fn router(app: App) -> Router {
    let controls = if app.config.control {
        control::routes(&app)
    } else {
        Router::new()
    };
    Router::new()
        .merge(controls)
        .merge(db::routes())
        .merge(auth::routes())
        .merge(cache::routes())
        .merge(storage::routes())
        .merge(queue::routes())
        .merge(ai::routes())
        .merge(search::routes())
        .merge(gateway::routes())
        .merge(services::routes())
        .merge(collections::routes())
        .merge(functions::routes())
        .merge(secrets::routes())
        .merge(realtime::routes())
        .fallback(realtime::upgrade_or_unknown)
        .with_state(app)
}
