//! Claims of the logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4).

use std::time::Duration;

use meibo_domain::{
    ids::{ApplicationId, SessionId, UserId},
    time::{Timestamp, minutes},
};
use serde_json::{Map, Value, json};

use crate::token::issue::expiry;

/// `typ` of the header.
pub const TYPE: &str = "logout+jwt";

/// The one member of `events`.
pub const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// The token is used at once (section 4 recommends two minutes at most).
pub const TTL: Duration = minutes(2);

/// What the claims are made from.
#[derive(Debug, Clone, Copy)]
pub struct LogoutTokenSource<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// `jti`; the same in every repetition.
    pub id: &'a str,
    /// Who is told.
    pub application_id: &'a ApplicationId,
    /// Whose session has ended.
    pub user_id: &'a UserId,
    /// Which one.
    pub session_id: &'a SessionId,
}

/// The claims of a token issued at `now`. There is never a `nonce`, so that the token cannot pass
/// for an ID token.
#[must_use]
pub fn claims(source: LogoutTokenSource<'_>, now: Timestamp) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("iss".into(), source.issuer.into());
    claims.insert("sub".into(), source.user_id.as_str().into());
    claims.insert("aud".into(), source.application_id.as_str().into());
    claims.insert("iat".into(), now.seconds().into());
    claims.insert("exp".into(), expiry(now, TTL).into());
    claims.insert("jti".into(), source.id.into());
    claims.insert("events".into(), json!({ EVENT: {} }));
    claims.insert("sid".into(), source.session_id.as_str().into());
    claims
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{ISSUER, NOW};

    #[test]
    fn backchannel_logout_2_4_claims() {
        let source = LogoutTokenSource {
            issuer: ISSUER,
            id: "job1",
            application_id: &ApplicationId::parse("app").unwrap(),
            user_id: &UserId::parse("user1").unwrap(),
            session_id: &SessionId::parse("sess").unwrap(),
        };
        assert_eq!(
            Value::Object(claims(source, NOW)),
            json!({
                "iss": ISSUER, "sub": "user1", "aud": "app", "iat": 1_700_000_000, "exp": 1_700_000_120,
                "jti": "job1", "sid": "sess",
                "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
            })
        );
    }
}
