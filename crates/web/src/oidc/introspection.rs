//! `POST /oidc/token/introspection` (RFC 7662).

use axum::{extract::State, http::StatusCode, response::Response};
use meibo_app::App;

use super::{client_request::ClientRequest, respond};

pub(super) async fn introspect(State(app): State<App>, request: ClientRequest) -> Response {
    let introspected = async {
        let (authorization, parameters) = request.parts()?;
        app.introspect(authorization, parameters).await
    };
    match introspected.await {
        Ok(introspection) => respond::json(StatusCode::OK, &introspection),
        Err(error) => request.refuse(&error),
    }
}
