//! What stands at `/`.

use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use meibo_app::App;
use meibo_pages::HomePage;

use crate::{page::page, state::AppState, visit::Visit};

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/", get(home))
}

async fn home(State(app): State<App>, visit: Visit) -> Response {
    let shown = HomePage {
        layout: visit.layout(),
        issuer: app.issuer().to_owned(),
        discovery_href: "/oidc/.well-known/openid-configuration".to_owned(),
        api_reference_href: "/api".to_owned(),
    };
    page(&visit, StatusCode::OK, shown.render())
}
