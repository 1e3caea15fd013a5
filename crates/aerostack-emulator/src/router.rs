//! Where each path goes.

use axum::Router;

use crate::app::App;
use crate::{auth, cache, control, db, realtime, storage};

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
        .merge(realtime::routes())
        .fallback(realtime::upgrade_or_unknown)
        .with_state(app)
}
