//! A refusal by the server, from the Management API or an OAuth endpoint.

use serde::Deserialize;
use serde_json::Value;

/// The server's answer to a request it did not accept.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message} ({code}, HTTP {status})")]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// The stable code, such as `user.email_already_in_use` or `oidc.invalid_grant`. An answer
    /// without one reads `rate_limited` (429) or `http_error_<status>`.
    pub code: String,
    /// The server's words, in its own choice of language.
    pub message: String,
    /// More words; for refused input one line a member.
    pub details: Option<String>,
    /// More for machines; its shape depends on the code.
    pub data: Option<Value>,
    /// The OAuth error code of an OAuth endpoint (RFC 6749 section 5.2).
    pub oauth_error: Option<String>,
}

/// The union of both error bodies.
#[derive(Default, Deserialize)]
struct Body {
    code: Option<Value>,
    message: Option<Value>,
    details: Option<Value>,
    data: Option<Value>,
    error: Option<Value>,
    error_description: Option<Value>,
}

impl ApiError {
    /// Reads an answer with an error status. Any body will do: what is not JSON is left out,
    /// since it may be a proxy's page.
    pub(crate) fn read(status: u16, body: &[u8]) -> Self {
        let body: Body = serde_json::from_slice(body).unwrap_or_default();
        let oauth_error = text(body.error);
        let code = text(body.code)
            .or_else(|| oauth_error.as_ref().map(|error| format!("oidc.{error}")))
            .unwrap_or_else(|| {
                if status == 429 {
                    "rate_limited".to_owned()
                } else {
                    format!("http_error_{status}")
                }
            });
        let message = text(body.message)
            .or_else(|| text(body.error_description))
            .unwrap_or_else(|| "the server refused the request".to_owned());
        Self {
            status,
            code,
            message,
            details: text(body.details),
            data: body.data,
            oauth_error,
        }
    }

    /// Whether this is the OAuth error `name`, such as `invalid_grant`.
    #[must_use]
    pub fn is_oauth(&self, name: &str) -> bool {
        self.oauth_error.as_deref() == Some(name) || self.code.strip_prefix("oidc.") == Some(name)
    }

    /// The members of the request body that were refused, as dotted paths such as
    /// `profile.birthdate`: every `key path "…"` of [`details`](Self::details).
    pub fn key_paths(&self) -> impl Iterator<Item = &str> {
        let details = self.details.as_deref().unwrap_or_default();
        details
            .split("key path \"")
            .skip(1)
            .filter_map(|rest| rest.split_once('"').map(|(path, _)| path))
    }
}

fn text(value: Option<Value>) -> Option<String> {
    match value {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_dialects_and_neither() {
        let management = ApiError::read(
            422,
            br#"{"code":"user.username_already_in_use","message":"Taken."}"#,
        );
        assert_eq!(
            (management.code.as_str(), management.message.as_str()),
            ("user.username_already_in_use", "Taken.")
        );
        let oauth = ApiError::read(
            400,
            br#"{"error":"invalid_grant","error_description":"gone"}"#,
        );
        assert_eq!(
            (oauth.code.as_str(), oauth.message.as_str()),
            ("oidc.invalid_grant", "gone")
        );
        assert!(oauth.is_oauth("invalid_grant"));
        assert!(!management.is_oauth("invalid_grant"));
        assert_eq!(ApiError::read(502, b"<html>").code, "http_error_502");
        assert_eq!(ApiError::read(429, b"").code, "rate_limited");
        assert_eq!(
            ApiError::read(400, br#"{"code":7,"message":[]}"#).code,
            "http_error_400"
        );
    }

    #[test]
    fn names_the_refused_members() {
        let details = "Error in key path \"profile.birthdate\": (custom) no date\nError in key path \"name\": (too_big)";
        let body = serde_json::json!({ "code": "guard.invalid_input", "message": "no", "details": details });
        let error = ApiError::read(400, body.to_string().as_bytes());
        assert_eq!(
            error.key_paths().collect::<Vec<_>>(),
            ["profile.birthdate", "name"]
        );
        assert_eq!(ApiError::read(400, b"{}").key_paths().count(), 0);
    }
}
