//! The userinfo endpoint (OpenID Connect Core section 5.3, contract 1.8).

use meibo_domain::{
    grant::AccessToken, ids::ApplicationId, scope::ScopeSet, time::Timestamp, user::User,
};
use serde_json::{Map, Value};

use crate::{OAuthError, OAuthErrorCode, scope, user_claims};

/// `typ` of a signed answer's header. It has no `exp`, so that nobody takes it for an ID token.
pub const TYPE: &str = "JWT";

/// Refuses a token of a form that userinfo never takes: a JWT is for the API that it names (RFC 9068
/// section 4), and claims are asked for with the opaque one.
///
/// # Errors
/// `invalid_token`, which says what to send instead.
pub fn check_form(token: &str) -> Result<(), OAuthError> {
    if token.contains('.') {
        return Err(OAuthError::new(
            OAuthErrorCode::InvalidToken,
            "a JWT is not taken here: send the opaque access token that the scope openid gives \
             without a resource",
        ));
    }
    Ok(())
}

/// The claims of a signed answer (section 5.3.2): who made it and for whom, beside what it says.
#[must_use]
pub fn signed_claims(
    mut claims: Map<String, Value>,
    issuer: &str,
    client_id: &ApplicationId,
) -> Map<String, Value> {
    claims.insert("iss".into(), issuer.into());
    claims.insert("aud".into(), client_id.as_str().into());
    claims
}

/// May the token ask for claims? `token` is what the register has for its hash, `user_is_active`
/// says that the account exists and is not suspended.
///
/// # Errors
/// `invalid_token`, `insufficient_scope` without `openid` (RFC 6750 section 3.1).
pub fn check(
    token: Option<&AccessToken>,
    user_is_active: bool,
    now: Timestamp,
) -> Result<&AccessToken, OAuthError> {
    let token = token
        .filter(|token| user_is_active && now < token.expires_at)
        .ok_or(OAuthErrorCode::InvalidToken)?;
    if !token.scopes.contains(scope::OPENID) {
        return Err(OAuthErrorCode::InsufficientScope.into());
    }
    Ok(token)
}

/// The claims that `scopes` give about `user`; unset ones are left out. `roles` are names.
#[must_use]
pub fn claims(user: &User, scopes: &ScopeSet, roles: &[String]) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".into(), user.id.as_str().into());
    user_claims::add(&mut claims, user, scopes, roles);
    if scopes.contains(scope::CUSTOM_DATA) {
        claims.insert(
            "custom_data".into(),
            Value::Object(user.custom_data.members().clone()),
        );
    }
    claims
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{ISSUER, NOW, access_token, bare_user, full_user, scopes};

    #[test]
    fn contract_1_8_every_claim_by_its_scope() {
        let all = scopes(&scope::STANDARD.join(" "));
        assert_eq!(
            Value::Object(claims(&full_user(), &all, &["owner".to_owned()])),
            json!({
                "sub": "user1", "name": "Alice Example", "family_name": "Example", "given_name": "Alice",
                "middle_name": "B", "nickname": "Al", "preferred_username": "al",
                "profile": "https://alice.example/", "picture": "https://img.example/a.png",
                "website": "https://www.alice.example/", "gender": "female", "birthdate": "2000-02-29",
                "zoneinfo": "Asia/Tokyo", "locale": "ja-JP", "username": "alice",
                "updated_at": 1_700_000_000_000_i64, "created_at": 1_700_000_000_000_i64,
                "email": "alice@example.com", "email_verified": true,
                "phone_number": "819012345678", "phone_number_verified": true,
                "address": {"street_address": "1-1 Chiyoda", "postal_code": "100-0001"},
                "roles": ["owner"], "custom_data": {"tier": "gold"},
            })
        );
    }

    #[test]
    fn oidc_core_5_4_a_scope_gives_its_claims_and_no_others() {
        for (name, expected) in user_claims::BY_SCOPE {
            let given = claims(&full_user(), &scopes(name), &[]);
            let mut names: Vec<&str> = given
                .keys()
                .map(String::as_str)
                .filter(|key| *key != "sub")
                .collect();
            let mut expected = expected.to_vec();
            names.sort_unstable();
            expected.sort_unstable();
            assert_eq!(names, expected, "{name}");
        }
    }

    #[test]
    fn oidc_core_5_1_an_unproven_address_says_so() {
        let mut user = full_user();
        user.primary_email.as_mut().unwrap().verified_at = None;
        user.profile.preferred_username = None;
        let given = claims(&user, &scopes("email profile"), &[]);
        assert_eq!(
            (&given["email_verified"], &given["preferred_username"]),
            (&json!(false), &json!("alice"))
        );
    }

    #[test]
    fn oidc_core_5_3_2_nothing_is_null() {
        let all = scopes(&scope::STANDARD.join(" "));
        let given = Value::Object(claims(&bare_user(), &all, &[]));
        assert_eq!(
            given,
            json!({"sub": "user1", "updated_at": 1_700_000_000_000_i64, "created_at": 1_700_000_000_000_i64, "roles": [], "custom_data": {}})
        );
    }

    #[test]
    fn oidc_core_5_3_2_a_signed_answer_names_issuer_and_client() {
        let application_id = ApplicationId::parse("app").unwrap();
        let given = claims(&bare_user(), &scopes("openid"), &[]);
        assert_eq!(
            Value::Object(signed_claims(given, ISSUER, &application_id)),
            json!({"sub": "user1", "iss": ISSUER, "aud": "app"})
        );
    }

    #[test]
    fn rfc9068_4_a_jwt_is_told_what_is_taken() {
        assert!(check_form("W7LJxgSyLTYkKbYgBbqwLhQAmtDCAdGfCqtIuPeYRIA").is_ok());
        let error = check_form("e30.e30.c2ln").unwrap_err();
        assert_eq!(error.code(), OAuthErrorCode::InvalidToken);
        assert!(error.description().contains("opaque access token"));
    }

    #[test]
    fn rfc6750_3_1_who_may_ask() {
        let code = |token: Option<&AccessToken>, is_active, now| {
            check(token, is_active, now)
                .map(drop)
                .map_err(|error| error.code())
        };
        let token = access_token("openid profile");
        assert_eq!(code(Some(&token), true, NOW), Ok(()));
        for (token, is_active, now) in [
            (None, true, NOW),
            (Some(&token), false, NOW),
            (Some(&token), true, token.expires_at),
        ] {
            assert_eq!(
                code(token, is_active, now),
                Err(OAuthErrorCode::InvalidToken)
            );
        }
        assert_eq!(
            code(Some(&access_token("profile")), true, NOW),
            Err(OAuthErrorCode::InsufficientScope)
        );
    }
}
