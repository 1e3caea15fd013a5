//! Where each path goes.

use axum::Router;

use crate::app::App;
use crate::error::ApiError;
use crate::{cache, db};

pub(crate) fn router(app: App) -> Router {
    Router::new()
        .merge(db::routes())
        .merge(cache::routes())
        .fallback(unknown)
        .with_state(app)
}

async fn unknown() -> ApiError {
    ApiError::not_found("There is nothing at this path.")
}
