//! `POST /oidc/token`.

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use meibo_app::App;
use meibo_oauth::{OAuthError, OAuthErrorCode};
use meibo_pages::Language;

use super::respond::{self, ErrorContext};
use crate::{
    extract::{FormOrJson, RequestId},
    respond::Failure,
};

pub(super) async fn token(
    State(app): State<App>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    request_id: RequestId,
    form: Result<FormOrJson, Failure>,
) -> Response {
    let issued = async {
        let FormOrJson(pairs) = form.map_err(|failure| malformed(&failure))?;
        app.token(authorization(&headers), &pairs).await
    };
    match issued.await {
        Ok(tokens) => respond::json(StatusCode::OK, &tokens),
        Err(error) => refuse_client(
            &error,
            &headers,
            &context(&headers, query.as_deref(), request_id),
        ),
    }
}

/// The error; a client that tried the `Authorization` header is told the scheme (RFC 6749 5.2).
pub(super) fn refuse_client(
    error: &OAuthError,
    headers: &HeaderMap,
    context: &ErrorContext,
) -> Response {
    let mut response = respond::error(error, context);
    if error.code() == OAuthErrorCode::InvalidClient && headers.contains_key(header::AUTHORIZATION)
    {
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"meibo\""),
        );
    }
    response
}

pub(super) fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)
        .map(|value| value.to_str().unwrap_or_default())
}

pub(super) fn context(
    headers: &HeaderMap,
    query: Option<&str>,
    request_id: RequestId,
) -> ErrorContext {
    let accept = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let is_plain =
        query.is_some_and(|query| query.split('&').any(|pair| pair == "parse_error=false"));
    ErrorContext {
        language: Language::negotiate::<&str>(&[], None, accept),
        is_plain,
        request_id,
    }
}

/// A body that could not be read, in the words of RFC 6749 section 5.2.
pub(super) fn malformed(failure: &Failure) -> OAuthError {
    let error = failure.error();
    OAuthError::invalid_request(error.detail_text().unwrap_or(error.code().summary()))
}
