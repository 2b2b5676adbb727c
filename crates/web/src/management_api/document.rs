//! The routes that need no token.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use utoipa::ToSchema;

use crate::{openapi::openapi_document, respond::weak_etag};

/// An OpenAPI 3.1 document.
#[derive(ToSchema)]
#[schema(as = OpenApiDocument, value_type = Object)]
#[expect(dead_code, reason = "only the schema is used")]
pub(super) struct OpenApi(serde_json::Value);

/// The document is the same until the next version of the server, so it is written once.
static DOCUMENT: LazyLock<(Bytes, Option<HeaderValue>)> = LazyLock::new(|| {
    let text = openapi_document().to_string();
    let etag = weak_etag(text.as_bytes());
    (text.into(), etag)
});

const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// The server answers.
pub(super) async fn get_status() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// The OpenAPI document.
pub(super) async fn get_document() -> Response {
    let (text, etag) = &*DOCUMENT;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        ),
        (header::CACHE_CONTROL, AN_HOUR),
    ];
    let mut response = (headers, text.clone()).into_response();
    etag.clone()
        .map(|etag| response.headers_mut().insert(header::ETAG, etag));
    response
}
