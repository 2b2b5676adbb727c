//! Headers that every answer carries.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::middleware::Next;
use axum::response::Response;
use url::Url;

use crate::app::App;

/// Only our own style and pictures; forms go to ourselves and, by the redirect of a sign-out, to
/// the identity server.
pub(crate) fn policy(endpoint: &str) -> String {
    let server = Url::parse(endpoint).map_or_else(
        |_| String::new(),
        |endpoint| endpoint.origin().ascii_serialization(),
    );
    format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {server}; \
         base-uri 'none'; frame-ancestors 'none'"
    )
}

pub(crate) async fn add(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&app.policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
