//! Where each path goes.

use axum::Router;

use crate::app::App;
use crate::error::ApiError;
use crate::{auth, cache, db, storage};

pub(crate) fn router(app: App) -> Router {
    Router::new()
        .merge(db::routes())
        .merge(auth::routes())
        .merge(cache::routes())
        .merge(storage::routes())
        .fallback(unknown)
        .with_state(app)
}

async fn unknown() -> ApiError {
    ApiError::not_found("There is nothing at this path.")
}
