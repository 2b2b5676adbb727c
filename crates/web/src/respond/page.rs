//! Pages, and what a browser lets them do.

use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, header};

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; font-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// As [`POLICY`], without `form-action`: browsers apply that to the redirects after a form too, and
/// these forms end at an application.
const POLICY_LEADING_OUT: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; font-src 'self'; \
     connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
);

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// A page whose forms stay on this server.
#[must_use]
pub fn page(html: String) -> Response {
    with_policy(html, POLICY)
}

/// A page with a form that ends at an application: sign-in, registration, consent, form_post.
#[must_use]
pub fn page_that_leads_out(html: String) -> Response {
    with_policy(html, POLICY_LEADING_OUT)
}

fn with_policy(html: String, policy: HeaderValue) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, NO_STORE),
    ];
    (headers, Html(html)).into_response()
}
