//! The ID token (OpenID Connect Core sections 2 and 3.1.3.7).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::claims::UserClaims;
use crate::jwt::{Expected, Kind};
use crate::{Provider, Result, TokenFault, secret, time};

/// Seconds by which the server's clock may differ from ours.
const TOLERANCE: i64 = 300;

/// The claims of a verified ID token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct IdTokenClaims {
    /// The server that issued it.
    pub iss: String,
    /// The application it was issued to; a server may write an array of this one value.
    pub aud: Value,
    /// When it expires, in seconds since 1970.
    pub exp: i64,
    /// When it was issued, in seconds since 1970.
    pub iat: i64,
    /// The value that ties it to one sign-in.
    pub nonce: Option<String>,
    /// The browser session at the server.
    pub sid: Option<String>,
    /// When the person last proved who they are, in seconds since 1970.
    pub auth_time: Option<i64>,
    /// The person.
    #[serde(flatten)]
    pub user: UserClaims,
}

/// Verifies an ID token issued just now to `app_id`. `nonce` is the one of the sign-in; a token
/// from a refresh need not repeat it.
pub(crate) async fn verify(
    provider: &Provider,
    jwt: &str,
    app_id: &str,
    nonce: Option<&str>,
) -> Result<IdTokenClaims> {
    let discovery = provider.discovery().await?;
    let expected = Expected {
        kind: Kind::IdToken,
        issuer: &discovery.issuer,
        audience: app_id,
        leeway: TOLERANCE.unsigned_abs(),
    };
    let claims: IdTokenClaims = provider.verify(jwt, &expected).await?;
    check_claims(&claims, nonce, time::now())?;
    Ok(claims)
}

fn check_claims(
    claims: &IdTokenClaims,
    nonce: Option<&str>,
    now: i64,
) -> std::result::Result<(), TokenFault> {
    // A token that is also meant for others is not accepted: they could replay it here.
    if claims
        .aud
        .as_array()
        .is_some_and(|audiences| audiences.len() != 1)
    {
        return Err(TokenFault::Audience);
    }
    if claims.iat.abs_diff(now) > TOLERANCE.unsigned_abs() {
        return Err(TokenFault::IssuedAt);
    }
    if claims.user.sub.is_empty() {
        return Err(TokenFault::Claims("`sub` is empty".to_owned()));
    }
    match nonce {
        Some(nonce) if !secret::is_equal(nonce, claims.nonce.as_deref().unwrap_or_default()) => {
            Err(TokenFault::Nonce)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_700_000_000;

    fn claims(change: Value) -> IdTokenClaims {
        let mut claims = json!({ "iss": "i", "aud": "app", "exp": NOW + 60, "iat": NOW, "sub": "u", "nonce": "n", "name": null });
        if let (Some(claims), Value::Object(change)) = (claims.as_object_mut(), change) {
            claims.extend(change);
        }
        serde_json::from_value(claims).unwrap()
    }

    #[test]
    fn rules() {
        let check = |change: Value, nonce| check_claims(&claims(change), nonce, NOW).err();
        assert_eq!(check(json!({}), Some("n")), None);
        assert_eq!(check(json!({}), None), None);
        assert_eq!(check(json!({ "nonce": null }), None), None);
        assert_eq!(
            check(json!({ "nonce": "m" }), Some("n")),
            Some(TokenFault::Nonce)
        );
        assert_eq!(
            check(json!({ "nonce": null }), Some("n")),
            Some(TokenFault::Nonce)
        );
        assert_eq!(check(json!({ "iat": NOW - 300 }), None), None);
        assert_eq!(
            check(json!({ "iat": NOW - 301 }), None),
            Some(TokenFault::IssuedAt)
        );
        assert_eq!(
            check(json!({ "iat": NOW + 301 }), None),
            Some(TokenFault::IssuedAt)
        );
        assert_eq!(
            check(json!({ "iat": i64::MIN }), None),
            Some(TokenFault::IssuedAt)
        );
        assert_eq!(check(json!({ "aud": ["app"] }), None), None);
        assert_eq!(
            check(json!({ "aud": ["app", "other"] }), None),
            Some(TokenFault::Audience)
        );
        assert!(matches!(
            check(json!({ "sub": "" }), None),
            Some(TokenFault::Claims(_))
        ));
    }

    #[test]
    fn unknown_claims_are_kept_and_null_is_absent() {
        let claims = claims(json!({ "roles": ["a"], "username": "sei" }));
        assert_eq!(claims.user.name, None);
        assert_eq!(claims.user.username.as_deref(), Some("sei"));
        assert_eq!(claims.user.more.get("roles"), Some(&json!(["a"])));
    }
}
