//! Which pages of other origins may read answers: those of registered applications, and only here
//! (Fetch standard section 3.2; RFC 9700 section 2.6 keeps it off the authorization endpoint).
//! Cookies are never taken, so `Access-Control-Allow-Credentials` is not sent.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use meibo_app::App;

use crate::respond::Failure;

/// Seconds that a browser keeps the answer to a preflight.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// A preflight; what it asks is answered by [`cors`] around it.
pub(super) async fn preflight() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Tells the browser who may read the answer, errors included, and what a preflight allows.
pub(super) async fn cors(State(app): State<App>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let is_preflight = request.method() == Method::OPTIONS;
    let allowed = match origin {
        Some(origin) => match origin.to_str() {
            Ok(text) => match app.is_registered_origin(text).await {
                Ok(is_registered) => is_registered.then_some(origin),
                Err(error) => return Failure::from(error).into_response(),
            },
            Err(_) => None,
        },
        None => None,
    };
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if is_preflight {
            allow_calls(headers);
        }
    }
    response
}

fn allow_calls(headers: &mut HeaderMap) {
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, POST"),
    );
    let names = HeaderValue::from_static("authorization, content-type");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
}
