//! Where each path goes.

use axum::Router;

use crate::app::App;
use crate::{
    ai, auth, cache, collections, control, db, functions, gateway, queue, realtime, search,
    secrets, services, storage,
};

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
