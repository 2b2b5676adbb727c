//! Discovery and the key set.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use meibo_app::App;

pub(super) async fn discovery(State(app): State<App>) -> Response {
    document(
        app.discovery_document(),
        "application/json",
        "public, max-age=300",
    )
}

/// The key set; a client that meets an unknown key id asks again, so it is not kept.
pub(super) async fn jwks(State(app): State<App>) -> Response {
    document(
        app.jwks_document(),
        "application/jwk-set+json",
        "no-cache, max-age=0, must-revalidate",
    )
}

/// Both are public and hold no secret: any origin may read them.
fn document(body: Bytes, content_type: &'static str, cache_control: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static(cache_control),
        ),
        (
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        ),
    ];
    (headers, body).into_response()
}
