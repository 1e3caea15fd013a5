//! Where each path goes.

use axum::Router;

use crate::app::App;
use crate::{auth, cache, db, realtime, storage};

pub(crate) fn router(app: App) -> Router {
    Router::new()
        .merge(db::routes())
        .merge(auth::routes())
        .merge(cache::routes())
        .merge(storage::routes())
        .merge(realtime::routes())
        .fallback(realtime::upgrade_or_unknown)
        .with_state(app)
}
