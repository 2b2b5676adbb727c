//! The answer of the token endpoint (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3).

use serde::Serialize;

/// The token type of every access token.
const BEARER: &str = "Bearer";

/// The JSON body. `scope` and `expires_in` are always there: clients of the contract drop the
/// answer without them.
#[derive(Clone, Serialize)]
pub struct TokenResponse {
    /// Opaque or JWT.
    pub access_token: String,
    /// When `openid` was granted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// The one to use from now on; on refresh always there, the same when it was not rotated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// What was granted, space-separated; may be empty.
    pub scope: String,
    /// Seconds that the access token lives.
    pub expires_in: u64,
    /// `Bearer`.
    pub token_type: &'static str,
}

impl TokenResponse {
    /// An answer with an access token; the caller adds the others.
    #[must_use]
    pub const fn new(access_token: String, scope: String, expires_in: u64) -> Self {
        Self {
            access_token,
            id_token: None,
            refresh_token: None,
            scope,
            expires_in,
            token_type: BEARER,
        }
    }
}

impl std::fmt::Debug for TokenResponse {
    /// Without the tokens.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("TokenResponse")
            .field("scope", &self.scope)
            .field("expires_in", &self.expires_in)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rfc6749_5_1_scope_and_expiry_are_always_there() {
        let mut response = TokenResponse::new("at".into(), String::new(), 3600);
        assert_eq!(
            serde_json::to_value(&response).unwrap(),
            json!({"access_token": "at", "scope": "", "expires_in": 3600, "token_type": "Bearer"})
        );
        response.id_token = Some("it".into());
        response.refresh_token = Some("rt".into());
        let body = serde_json::to_value(&response).unwrap();
        assert_eq!(
            (&body["id_token"], &body["refresh_token"]),
            (&json!("it"), &json!("rt"))
        );
        assert!(!format!("{response:?}").contains("rt"));
    }
}
