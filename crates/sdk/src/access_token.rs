//! JWT access tokens as an API sees them (RFC 9068).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::TokenFault;

/// The claims of a verified access token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccessTokenClaims {
    /// The server that issued it.
    pub iss: String,
    /// Whose access it is: a person's id, or the application's id for a machine token.
    pub sub: String,
    /// When it expires, in seconds since 1970.
    pub exp: i64,
    /// When it was issued, in seconds since 1970.
    pub iat: Option<i64>,
    /// The application that got it.
    pub client_id: String,
    /// The granted scopes, separated by spaces.
    #[serde(default)]
    pub scope: String,
    /// Its unique id.
    pub jti: Option<String>,
    /// Every other claim, `aud` among them.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl AccessTokenClaims {
    /// Whether `scope` was granted.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|granted| granted == scope)
    }

    /// Whether an application acts as itself and not for a person.
    #[must_use]
    pub fn is_machine(&self) -> bool {
        self.sub == self.client_id
    }

    pub(crate) fn check(&self, scopes: &[&str]) -> Result<(), TokenFault> {
        if self.sub.is_empty() {
            return Err(TokenFault::Claims("`sub` is empty".to_owned()));
        }
        match scopes.iter().find(|scope| !self.has_scope(scope)) {
            Some(missing) => Err(TokenFault::MissingScope((*missing).to_owned())),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn scopes_are_whole_words() {
        let read = |scope: &str| -> AccessTokenClaims {
            serde_json::from_value(
                json!({ "iss": "i", "sub": "u", "exp": 1, "client_id": "c", "scope": scope }),
            )
            .unwrap()
        };
        let claims = read("orders:read orders:write");
        assert_eq!(claims.check(&[]), Ok(()));
        assert_eq!(claims.check(&["orders:read", "orders:write"]), Ok(()));
        assert_eq!(
            claims.check(&["orders"]),
            Err(TokenFault::MissingScope("orders".to_owned()))
        );
        assert_eq!(
            read("").check(&["orders:read"]),
            Err(TokenFault::MissingScope("orders:read".to_owned()))
        );
    }
}
