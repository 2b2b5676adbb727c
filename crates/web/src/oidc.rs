//! `/oidc`: the OpenID provider's endpoints.

mod authorize;
mod client_request;
mod cors;
mod documents;
mod introspection;
mod respond;
mod revocation;
mod session_end;
mod token;
mod userinfo;

use axum::{
    Router, middleware,
    routing::{get, post},
};
use meibo_app::App;

use crate::{page_routes::PageRoutes, state::AppState};

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route(
            "/oidc/.well-known/openid-configuration",
            get(documents::discovery),
        )
        .route(
            "/oidc/.well-known/oauth-authorization-server",
            get(documents::discovery),
        )
        .route(
            "/.well-known/oauth-authorization-server/oidc",
            get(documents::discovery),
        )
        .route("/oidc/jwks", get(documents::jwks))
        .route("/oidc/token/introspection", post(introspection::introspect))
        .route("/oidc/auth", get(authorize::begin).post(authorize::bounce))
        .route("/oidc/auth/{id}", get(authorize::resume))
}

/// The pages at which a person signs out.
pub(crate) fn pages() -> PageRoutes {
    PageRoutes::default()
        .page(
            "/oidc/session/end",
            get(session_end::end).post(session_end::bounce),
        )
        .page("/oidc/session/end/success", get(session_end::success))
}

/// What applications in a browser call from their own origins.
pub(crate) fn browser_routes(app: App) -> Router<AppState> {
    let me = get(userinfo::userinfo).post(userinfo::userinfo);
    Router::new()
        .route("/oidc/token", post(token::token).options(cors::preflight))
        .route(
            "/oidc/token/revocation",
            post(revocation::revoke).options(cors::preflight),
        )
        .route("/oidc/me", me.options(cors::preflight))
        .layer(middleware::from_fn_with_state(app, cors::cors))
}

/// The one page form below `/oidc`, which only our own pages may post.
pub(crate) fn form_routes() -> Router<AppState> {
    Router::new().route("/oidc/session/end/confirm", post(session_end::confirm))
}
