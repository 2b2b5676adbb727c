//! A request that an application itself sends: at the token, introspection and revocation endpoints.

use std::convert::Infallible;

use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use meibo_oauth::{OAuthError, OAuthErrorCode};
use meibo_pages::Language;

use super::respond::{self, ErrorContext};
use crate::{
    extract::{FormOrJson, RequestId},
    respond::Failure,
};

/// Names and values in their order; a name may repeat.
type Parameters = [(String, String)];

/// The request of a client, read; also one whose body could not be, for the refusal is the protocol's.
pub(super) struct ClientRequest {
    headers: HeaderMap,
    query: Option<String>,
    request_id: RequestId,
    form: Result<FormOrJson, Failure>,
}

impl ClientRequest {
    /// The `Authorization` header and the parameters of the body.
    ///
    /// # Errors
    /// `invalid_request` when the body could not be read.
    pub(super) fn parts(&self) -> Result<(Option<&str>, &Parameters), OAuthError> {
        match &self.form {
            Ok(FormOrJson(pairs)) => Ok((authorization(&self.headers), pairs)),
            Err(failure) => Err(malformed(failure)),
        }
    }

    /// The error; a client that tried the `Authorization` header is told the scheme (RFC 6749 5.2).
    pub(super) fn refuse(&self, error: &OAuthError) -> Response {
        let context = context(
            &self.headers,
            self.query.as_deref(),
            self.request_id.clone(),
        );
        let mut response = respond::error(error, &context);
        if error.code() == OAuthErrorCode::InvalidClient
            && self.headers.contains_key(header::AUTHORIZATION)
        {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"meibo\""),
            );
        }
        response
    }
}

impl<S: Send + Sync> FromRequest<S> for ClientRequest {
    type Rejection = Infallible;

    async fn from_request(request: Request, state: &S) -> Result<Self, Infallible> {
        let (mut parts, body) = request.into_parts();
        Ok(Self {
            headers: parts.headers.clone(),
            query: parts.uri.query().map(str::to_owned),
            request_id: RequestId::from_request_parts(&mut parts, state).await?,
            form: FormOrJson::from_request(Request::from_parts(parts, body), state).await,
        })
    }
}

/// The `Authorization` header; one that is not ASCII is empty, so that it does not count as absent.
pub(super) fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)
        .map(|value| value.to_str().unwrap_or_default())
}

/// What an error answer needs to know of the request.
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
