//! A refused code or refresh token, and whether what it gave is revoked (RFC 6749 sections 4.1.2
//! and 10.5, RFC 9700 section 4.14.2).

use crate::OAuthError;

/// Why nothing is issued.
#[derive(Debug, Clone)]
pub struct GrantRefusal {
    /// The answer.
    pub error: OAuthError,
    /// Is the whole grant revoked? It is when somebody uses a copy; the revocation is saved before
    /// the error goes out.
    pub revoke_grant: bool,
}

impl GrantRefusal {
    /// Somebody used it before: what it gave is revoked.
    #[must_use]
    pub fn reused(description: &str) -> Self {
        Self {
            error: OAuthError::invalid_grant(description),
            revoke_grant: true,
        }
    }
}

impl From<OAuthError> for GrantRefusal {
    fn from(error: OAuthError) -> Self {
        Self {
            error,
            revoke_grant: false,
        }
    }
}
