//! An error on its way out.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use meibo_domain::{Error, ErrorCode};

/// What a handler of the service gives.
pub type Answer<T = Response> = std::result::Result<T, Failure>;

/// An error that was not written yet. As a response it has its status and no body; the edge of the
/// service finds it in the response's extensions and writes it.
#[derive(Debug, Clone)]
pub struct Failure(Box<Error>);

impl Failure {
    /// The error.
    #[must_use]
    pub const fn error(&self) -> &Error {
        &self.0
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(Box::new(error))
    }
}

impl From<ErrorCode> for Failure {
    fn from(code: ErrorCode) -> Self {
        Error::from(code).into()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status_of(self.0.code());
        response.extensions_mut().insert(self);
        response
    }
}

/// The HTTP status of a code: that of its kind. Only a method that does not fit has its own
/// (RFC 9110 section 15.5.6).
#[must_use]
pub fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        code => {
            StatusCode::from_u16(code.kind().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}
