//! `/oidc`: the OpenID provider's endpoints.

mod authorize;
mod documents;
mod respond;
mod revocation;
mod session_end;
mod token;
mod userinfo;

use axum::{
    Router,
    routing::{get, post},
};

use crate::state::AppState;

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
        .route("/oidc/auth", get(authorize::begin).post(authorize::bounce))
        .route("/oidc/auth/{id}", get(authorize::resume))
        .route("/oidc/token", post(token::token))
        .route("/oidc/token/revocation", post(revocation::revoke))
        .route("/oidc/me", get(userinfo::userinfo).post(userinfo::userinfo))
        .route(
            "/oidc/session/end",
            get(session_end::end).post(session_end::bounce),
        )
        .route("/oidc/session/end/success", get(session_end::success))
}

/// The one page form below `/oidc`, which only our own pages may post.
pub(crate) fn form_routes() -> Router<AppState> {
    Router::new().route("/oidc/session/end/confirm", post(session_end::confirm))
}
