//! Claims of the ID token (OpenID Connect Core sections 2, 3.1.3.6 and 12.2; contract 1.6 and 1.8).

use meibo_domain::{
    application::Application, grant::Grant, scope::ScopeSet, time::Timestamp, user::User,
};
use serde_json::{Map, Value};

use crate::{acr, token::issue::expiry, user_claims};

/// `typ` of the header.
pub const TYPE: &str = "JWT";

/// What the claims are made from.
#[derive(Debug, Clone, Copy)]
pub struct IdTokenSource<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// Who it is for.
    pub application: &'a Application,
    /// The proof of the person: `auth_time`, `amr`, session.
    pub grant: &'a Grant,
    /// Whom it is about.
    pub user: &'a User,
    /// Names of the user's roles, for the scope `roles`.
    pub roles: &'a [String],
    /// The grant's scopes, or narrower ones.
    pub scopes: &'a ScopeSet,
    /// The grant's when a code is redeemed; a refresh should have none (section 12.2).
    pub nonce: Option<&'a str>,
}

/// The claims of a token issued at `now`. Times are epoch seconds but for `created_at` and
/// `updated_at`, which the contract has in milliseconds; `aud` is one string.
#[must_use]
pub fn claims(source: IdTokenSource<'_>, now: Timestamp) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".into(), source.user.id.as_str().into());
    user_claims::add(&mut claims, source.user, source.scopes, source.roles);
    if let Some(nonce) = source.nonce {
        claims.insert("nonce".into(), nonce.into());
    }
    if let Some(session_id) = &source.grant.session_id {
        claims.insert("sid".into(), session_id.as_str().into());
    }
    claims.insert("auth_time".into(), source.grant.auth_time.seconds().into());
    if !source.grant.amr.is_empty() {
        claims.insert("amr".into(), source.grant.amr.as_slice().into());
    }
    if let Some(class) = acr::of_methods(&source.grant.amr) {
        claims.insert("acr".into(), class.into());
    }
    claims.insert("aud".into(), source.application.id.as_str().into());
    claims.insert(
        "exp".into(),
        expiry(now, source.application.id_token_ttl()).into(),
    );
    claims.insert("iat".into(), now.seconds().into());
    claims.insert("iss".into(), source.issuer.into());
    claims
}

#[cfg(test)]
mod tests {
    use meibo_domain::application::ApplicationType;
    use serde_json::json;

    use super::*;
    use crate::testing::{ISSUER, NOW, application, bare_user, full_user, grant, scopes};

    fn render(user: &User, scope: &str, nonce: Option<&str>) -> Value {
        let source = IdTokenSource {
            issuer: ISSUER,
            application: &application(ApplicationType::Spa),
            grant: &grant(scope, &[]),
            user,
            roles: &["owner".to_owned()],
            scopes: &scopes(scope),
            nonce,
        };
        Value::Object(claims(source, NOW))
    }

    #[test]
    fn oidc_core_2_claims_of_every_token() {
        assert_eq!(
            render(&full_user(), "openid", Some("n-1")),
            json!({
                "iss": ISSUER, "sub": "user1", "aud": "app", "exp": 1_700_003_600, "iat": 1_700_000_000,
                "auth_time": 1_699_999_900, "nonce": "n-1", "sid": "sess", "amr": ["pwd"], "acr": "urn:meibo:acr:1",
            })
        );
    }

    #[test]
    fn oidc_core_5_4_scopes_add_claims_but_never_the_custom_data() {
        let claims = render(&full_user(), "openid profile email roles custom_data", None);
        assert_eq!(
            (&claims["name"], &claims["email"], &claims["roles"]),
            (
                &json!("Alice Example"),
                &json!("alice@example.com"),
                &json!(["owner"])
            )
        );
        assert_eq!(
            (
                claims.get("custom_data"),
                claims.get("phone_number"),
                claims.get("nonce")
            ),
            (None, None, None)
        );
    }

    #[test]
    fn oidc_core_5_3_2_what_is_unset_is_left_out() {
        let claims = render(&bare_user(), "openid profile email phone address", None);
        assert!(
            claims
                .as_object()
                .unwrap()
                .values()
                .all(|value| !value.is_null())
        );
        for unset in [
            "name",
            "picture",
            "username",
            "preferred_username",
            "email",
            "email_verified",
            "phone_number",
            "address",
        ] {
            assert_eq!(claims.get(unset), None, "{unset}");
        }
    }
}
