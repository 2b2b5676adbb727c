//! OAuth answers as JSON (RFC 6749 section 5.2), with the members that the contract's SDKs read.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use meibo_oauth::OAuthError;
use meibo_pages::{Language, error_message};
use serde::Serialize;

use crate::extract::RequestId;

/// What an error answer says beside the error itself.
pub(super) struct ErrorContext {
    /// Language of `message`.
    pub(super) language: Language,
    /// `parse_error=false` asks for RFC 6749's members alone.
    pub(super) is_plain: bool,
    /// For the log.
    pub(super) request_id: RequestId,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    error: &'a str,
    error_description: &'a str,
}

/// The JSON body of a success or an error; nothing of it is kept by a cache.
pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(body) => {
            let headers = [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/json"),
                ),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
                (header::PRAGMA, HeaderValue::from_static("no-cache")),
            ];
            (status, headers, body).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "an answer cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// An error answer. Faults of ours are logged with their cause.
pub(super) fn error(error: &OAuthError, context: &ErrorContext) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    if status.is_server_error() {
        tracing::error!(request_id = context.request_id.as_str(), cause = ?std::error::Error::source(error), "{error}");
    }
    let code = format!("oidc.{}", error.code().as_str());
    let message = error_message(context.language, &code, &[])
        .unwrap_or_else(|| error.description().to_owned());
    let body = Body {
        code: (!context.is_plain).then_some(code),
        message: (!context.is_plain).then_some(message),
        error: error.code().as_str(),
        error_description: error.description(),
    };
    crate::page::with_retry_after(error.retry_after_seconds(), json(status, &body))
}
