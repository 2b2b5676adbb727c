//! Is the process up, and can it serve?

use axum::{Router, extract::State, routing::get};
use meibo_app::App;

use crate::{respond::Answer, state::AppState};

/// `/healthz` answers as long as the process does; `/readyz` only while the database reads and
/// writes.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(is_ready))
}

async fn is_ready(State(app): State<App>) -> Answer<&'static str> {
    app.check_ready().await?;
    Ok("ready\n")
}
