//! What stands at `/`.

use axum::{extract::State, http::StatusCode, response::Response, routing::get};
use meibo_app::App;
use meibo_pages::HomePage;

use crate::{page::page, page_routes::PageRoutes, visit::Visit};

pub(crate) fn pages() -> PageRoutes {
    PageRoutes::default().page("/", get(home))
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
