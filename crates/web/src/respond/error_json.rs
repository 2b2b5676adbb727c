//! An error as the JSON of the Management API.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, header};
use meibo_domain::{Error, ErrorCode, ErrorKind};
use meibo_pages::{Language, error_message, wait_message};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{failure::status_of, json::JSON};
use crate::extract::RequestId;

/// Seconds after which another try makes sense, unless the error knows better.
const DEFAULT_RETRY_AFTER: u32 = 2;

/// An error.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct ErrorBody {
    /// The stable code, such as `user.username_already_in_use`.
    code: &'static str,
    /// What happened, in the language that `Accept-Language` asks for (English or Japanese).
    message: String,
    /// More for programs; what it is depends on the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    /// More for people: a line for each member that is wrong, with its path.
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<String>,
}

/// Writes an error as JSON: `{code, message, data?, details?}`.
///
/// A fault of ours shows nothing but the request's id, in `data.requestId`. `Retry-After` and
/// `WWW-Authenticate` (RFC 6750 section 3) are set where they belong.
#[must_use]
pub fn error_json(error: &Error, language: Language, request_id: &RequestId) -> Response {
    let body = body(error, language, request_id);
    let text = serde_json::to_vec(&body).unwrap_or_default();
    let mut response = (status_of(error.code()), Body::from(text)).into_response();
    set_error_headers(response.headers_mut(), error);
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// Sets the headers that every rendering of an error has.
pub(super) fn set_error_headers(headers: &mut HeaderMap, error: &Error) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let is_passing = matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::TooMany);
    let seconds = error
        .retry_after_seconds()
        .or(is_passing.then_some(DEFAULT_RETRY_AFTER));
    if let Some(seconds) = seconds {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if let Some(challenge) = challenge(error.code()) {
        headers.insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static(challenge),
        );
    }
}

/// The challenge of a refused bearer token.
const fn challenge(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::AuthorizationHeaderMissing | ErrorCode::TokenTypeNotSupported => Some("Bearer"),
        ErrorCode::Unauthorized => Some("Bearer error=\"invalid_token\""),
        ErrorCode::Forbidden => Some("Bearer error=\"insufficient_scope\""),
        _ => None,
    }
}

fn body(error: &Error, language: Language, request_id: &RequestId) -> ErrorBody {
    let code = error.code();
    let wait = error.retry_after_seconds();
    let message = wait
        .and_then(|seconds| wait_message(language, code.as_str(), seconds))
        .or_else(|| error_message(language, code.as_str(), &[]));
    let is_ours = matches!(error.kind(), ErrorKind::Internal);
    ErrorBody {
        code: code.as_str(),
        message: message.unwrap_or_else(|| code.summary().to_owned()),
        data: if is_ours {
            Some(json!({"requestId": request_id.as_str()}))
        } else {
            error.data_value().cloned()
        },
        details: if is_ours { None } else { details(error) },
    }
}

/// A line for each wrong member, in the contract's form, then the sentence for people.
fn details(error: &Error) -> Option<String> {
    let members = error.violations().iter().map(|violation| {
        let (path, rule, message) = (&violation.path, violation.rule, &violation.message);
        format!("Error in key path \"{path}\": ({rule}) {message}")
    });
    let lines: Vec<String> = members
        .chain(error.detail_text().map(str::to_owned))
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use http_body_util::BodyExt;

    use super::*;

    async fn render(error: Error, language: Language) -> (StatusCode, HeaderMap, Value) {
        let id = RequestId::parse("r1").unwrap();
        let (parts, body) = error_json(&error, language, &id).into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        (
            parts.status,
            parts.headers,
            serde_json::from_slice(&bytes).unwrap(),
        )
    }

    #[tokio::test]
    async fn members_are_named_a_line_each() {
        let error = Error::invalid("profile.birthdate", "date", "a date as YYYY-MM-DD").violation(
            "name",
            "too_long",
            "at most 128 characters",
        );
        let (status, headers, body) = render(error, Language::En).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(headers[header::CONTENT_TYPE], "application/json");
        assert_eq!(body["code"], "guard.invalid_input");
        assert_eq!(
            body["details"],
            "Error in key path \"profile.birthdate\": (date) a date as YYYY-MM-DD\n\
             Error in key path \"name\": (too_long) at most 128 characters"
        );
    }

    #[tokio::test]
    async fn every_code_has_a_message_in_both_languages() {
        for code in ErrorCode::ALL {
            let (_, _, english) = render(Error::new(*code), Language::En).await;
            let (_, _, japanese) = render(Error::new(*code), Language::Ja).await;
            assert!(!english["message"].as_str().unwrap().is_empty(), "{code}");
            assert_ne!(english["message"], japanese["message"], "{code}");
        }
    }

    #[tokio::test]
    async fn a_fault_of_ours_shows_only_the_request() {
        let error = Error::internal("password of the database: hunter2").detail("hunter2");
        let (status, _, body) =
            render(error.violation("hunter2", "x", "hunter2"), Language::En).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(body["data"], json!({"requestId": "r1"}));
        assert!(!body.to_string().contains("hunter2"));
    }

    #[tokio::test]
    async fn headers_by_code() {
        for (error, name, value) in [
            (ErrorCode::Unavailable.into(), header::RETRY_AFTER, "2"),
            (
                Error::new(ErrorCode::TooManyAttempts).retry_after(900),
                header::RETRY_AFTER,
                "900",
            ),
            (
                ErrorCode::AuthorizationHeaderMissing.into(),
                header::WWW_AUTHENTICATE,
                "Bearer",
            ),
            (
                ErrorCode::Unauthorized.into(),
                header::WWW_AUTHENTICATE,
                "Bearer error=\"invalid_token\"",
            ),
            (
                ErrorCode::InvalidInput.into(),
                header::CACHE_CONTROL,
                "no-store",
            ),
        ] {
            assert_eq!(render(error, Language::En).await.1[&name], value, "{name}");
        }
        let (status, headers, _) = render(ErrorCode::MethodNotAllowed.into(), Language::En).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        assert!(!headers.contains_key(header::RETRY_AFTER));
    }
}
