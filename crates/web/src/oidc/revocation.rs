//! `POST /oidc/token/revocation` (RFC 7009).

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use meibo_app::App;

use super::client_request::ClientRequest;

pub(super) async fn revoke(State(app): State<App>, request: ClientRequest) -> Response {
    let revoked = async {
        let (authorization, parameters) = request.parts()?;
        app.revoke(authorization, parameters).await
    };
    match revoked.await {
        Ok(()) => {
            let no_store = HeaderValue::from_static("no-store");
            (StatusCode::OK, [(header::CACHE_CONTROL, no_store)]).into_response()
        }
        Err(error) => request.refuse(&error),
    }
}
