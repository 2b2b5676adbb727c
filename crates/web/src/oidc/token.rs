//! `POST /oidc/token`.

use axum::{extract::State, http::StatusCode, response::Response};
use meibo_app::App;

use super::{client_request::ClientRequest, respond};

pub(super) async fn token(State(app): State<App>, request: ClientRequest) -> Response {
    let issued = async {
        let (authorization, parameters) = request.parts()?;
        app.token(authorization, parameters).await
    };
    match issued.await {
        Ok(tokens) => respond::json(StatusCode::OK, &tokens),
        Err(error) => request.refuse(&error),
    }
}
