//! Claims of JWT access tokens (RFC 9068 section 2.2) in the contract's order.

mod verified;

use std::time::Duration;

use meibo_domain::{ids::ApplicationId, scope::ScopeSet, time::Timestamp};
use serde::Serialize;

pub use self::verified::{REQUIRED_CLAIMS, TokenHolder, VerifiedAccessToken, persons_jti};
use crate::token::issue::expiry;

/// `typ` of the header (RFC 9068 section 2.1).
pub const TYPE: &str = "at+jwt";

/// The claims, ready to be signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccessTokenClaims<'a> {
    /// Unique id of the token.
    pub jti: &'a str,
    /// The user, or the application itself.
    pub sub: &'a str,
    /// When it was issued, epoch seconds.
    pub iat: i64,
    /// When it ends, epoch seconds.
    pub exp: i64,
    /// What it allows, space-separated; always a string.
    pub scope: String,
    /// The application.
    pub client_id: &'a str,
    /// The issuer.
    pub iss: &'a str,
    /// The resource indicator, one string.
    pub aud: &'a str,
}

/// What the claims are made from.
#[derive(Debug, Clone, Copy)]
pub struct AccessTokenSource<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// A random id; for a person's token what [`persons_jti`] makes of it.
    pub id: &'a str,
    /// The user's id, or the application's own.
    pub subject: &'a str,
    /// The application.
    pub application_id: &'a ApplicationId,
    /// The resource indicator.
    pub audience: &'a str,
    /// What it allows.
    pub scope: &'a ScopeSet,
    /// How long it lives.
    pub ttl: Duration,
}

/// The claims of a token issued at `now`.
#[must_use]
pub fn claims<'a>(source: AccessTokenSource<'a>, now: Timestamp) -> AccessTokenClaims<'a> {
    AccessTokenClaims {
        jti: source.id,
        sub: source.subject,
        iat: now.seconds(),
        exp: expiry(now, source.ttl),
        scope: source.scope.to_string(),
        client_id: source.application_id.as_str(),
        iss: source.issuer,
        aud: source.audience,
    }
}

#[cfg(test)]
mod tests {
    use meibo_domain::time::seconds;
    use serde_json::json;

    use super::*;
    use crate::testing::{ISSUER, NOW, scopes};

    #[test]
    fn rfc9068_2_2_claims() {
        let application_id = ApplicationId::parse("app").unwrap();
        let scope = scopes("");
        let source = AccessTokenSource {
            issuer: ISSUER,
            id: "j1",
            subject: "user1",
            application_id: &application_id,
            audience: "https://api.example",
            scope: &scope,
            ttl: seconds(600),
        };
        assert_eq!(
            serde_json::to_value(claims(source, NOW)).unwrap(),
            json!({
                "jti": "j1", "sub": "user1", "iat": 1_700_000_000, "exp": 1_700_000_600, "scope": "",
                "client_id": "app", "iss": ISSUER, "aud": "https://api.example",
            })
        );
    }
}
