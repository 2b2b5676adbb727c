//! Token introspection (RFC 7662).
//!
//! Who may ask about what: every confidential client of the register about any access token, for
//! resource servers are clients here and a token that somebody shows them tells which one it is for
//! (`aud`); about a refresh token only the client that holds it, and a third-party application about
//! nothing but its own tokens. Everything else is not active, and nobody learns why.

use meibo_domain::{
    application::Application,
    grant::{AccessToken, RefreshToken},
    ids::{ApplicationId, UserId},
    scope::ScopeSet,
    time::Timestamp,
};
use serde::Serialize;

use crate::{
    OAuthError,
    access_token::{TokenHolder, VerifiedAccessToken},
    discovery::path,
    parameters::{request_parameters, required},
    scope::PROFILE,
    secret::Secret,
};

request_parameters! {
    /// An introspection request as received (section 2.1).
    pub struct IntrospectionParameters {
        /// The token.
        token: 16384,
        /// Which kind it may be; only the order of looking depends on it.
        token_type_hint: 256,
        /// Which application asks.
        client_id: 128,
        /// Its secret (client_secret_post).
        client_secret: 1024,
        /// Its signed assertion (private_key_jwt, RFC 7523 section 2.2).
        client_assertion: 16384,
        /// What kind of assertion that is.
        client_assertion_type: 256,
    }
}

impl IntrospectionParameters {
    /// The token.
    ///
    /// # Errors
    /// `invalid_request` when it is missing.
    pub fn token(&self) -> Result<Secret, OAuthError> {
        required(self.token.as_ref(), "token").map(|token| Secret::new(token.to_owned()))
    }

    /// Does the client think that it is a refresh token?
    #[must_use]
    pub fn hints_at_refresh_token(&self) -> bool {
        self.token_type_hint.as_deref() == Some("refresh_token")
    }
}

/// Takes confidential clients (section 2.1: the endpoint must not be open to token scanning).
///
/// # Errors
/// `invalid_client` for a public one, which proves nothing about itself.
pub fn check_client(application: &Application) -> Result<(), OAuthError> {
    if application.application_type.is_public() {
        return Err(OAuthError::invalid_client());
    }
    Ok(())
}

/// A token whose grant, person and application are as they must be.
#[derive(Debug, Clone, Copy)]
pub enum LiveToken<'a> {
    /// An opaque access token.
    Opaque {
        /// The token.
        token: &'a AccessToken,
        /// What the person signs in with.
        username: Option<&'a str>,
    },
    /// A JWT access token.
    Jwt {
        /// Its claims.
        token: &'a VerifiedAccessToken,
        /// What the person signs in with.
        username: Option<&'a str>,
    },
    /// A refresh token.
    Refresh {
        /// The token.
        token: &'a RefreshToken,
        /// Whose.
        user_id: &'a UserId,
        /// What its grant allows.
        scopes: &'a ScopeSet,
        /// What the person signs in with.
        username: Option<&'a str>,
    },
    /// No such token, or its grant, person or application is not as it must be.
    Nothing,
}

/// The answer (section 2.2). One that is not active says nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Introspection {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    aud: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
}

/// What `application`, authenticated before, learns of a token. The audience of an opaque access
/// token is the userinfo endpoint, the only place that takes one.
#[must_use]
pub fn decide(
    application: &Application,
    found: LiveToken<'_>,
    issuer: &str,
    now: Timestamp,
) -> Introspection {
    let base = Introspection {
        active: true,
        iss: Some(issuer.to_owned()),
        ..Introspection::default()
    };
    match found {
        LiveToken::Opaque { token, username }
            if now < token.expires_at && may_see(application, &token.application_id) =>
        {
            Introspection {
                scope: scope(&token.scopes),
                client_id: Some(token.application_id.to_string()),
                username: shown(application, username, &token.scopes),
                token_type: Some("Bearer"),
                exp: Some(token.expires_at.seconds()),
                iat: token.created_at.map(Timestamp::seconds),
                sub: Some(token.user_id.to_string()),
                aud: Some(format!("{issuer}{}", path::USERINFO)),
                ..base
            }
        }
        LiveToken::Jwt { token, username }
            if now < token.expires_at && may_see(application, &token.client_id) =>
        {
            Introspection {
                scope: scope(&token.scopes),
                client_id: Some(token.client_id.to_string()),
                username: shown(application, username, &token.scopes),
                token_type: Some("Bearer"),
                exp: Some(token.expires_at.seconds()),
                iat: Some(token.issued_at.seconds()),
                sub: Some(match &token.holder {
                    TokenHolder::Person { user_id, .. } => user_id.to_string(),
                    TokenHolder::Machine => token.client_id.to_string(),
                }),
                aud: Some(token.audience.clone()),
                jti: Some(token.id.clone()),
                ..base
            }
        }
        LiveToken::Refresh {
            token,
            user_id,
            scopes,
            username,
        } if token.application_id == application.id
            && token.rotated_at.is_none()
            && now < token.expires_at =>
        {
            Introspection {
                scope: scope(scopes),
                client_id: Some(token.application_id.to_string()),
                username: shown(application, username, scopes),
                exp: Some(token.expires_at.seconds()),
                iat: Some(token.created_at.seconds()),
                sub: Some(user_id.to_string()),
                ..base
            }
        }
        _ => Introspection::default(),
    }
}

/// Access tokens of other applications are told to the business's own servers only.
fn may_see(application: &Application, holder: &ApplicationId) -> bool {
    !application.is_third_party || application.id == *holder
}

/// The name that a person signs in with; an application of others needs the scope `profile` for it.
fn shown(application: &Application, username: Option<&str>, scopes: &ScopeSet) -> Option<String> {
    username
        .filter(|_| !application.is_third_party || scopes.contains(PROFILE))
        .map(str::to_owned)
}

/// The member `scope`, which an empty set leaves out (RFC 6749 section 3.3 has no empty list).
fn scope(scopes: &ScopeSet) -> Option<String> {
    (!scopes.is_empty()).then(|| scopes.to_string())
}

#[cfg(test)]
mod tests {
    use meibo_domain::{application::ApplicationType, ids::ApplicationId, time::seconds};
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        OAuthErrorCode,
        testing::{
            ISSUER, NOW, access_token, application, pairs, persons_jwt, refresh_token, scopes,
        },
    };

    fn ask(asker: &str, found: LiveToken<'_>, now: Timestamp) -> Value {
        let mut asking = application(ApplicationType::Traditional);
        asking.id = ApplicationId::parse(asker).unwrap();
        serde_json::to_value(decide(&asking, found, ISSUER, now)).unwrap()
    }

    #[test]
    fn rfc7662_2_2_members_by_kind_of_token() {
        let (opaque, jwt, refresh) = (
            access_token("openid profile"),
            persons_jwt("read write"),
            refresh_token(),
        );
        let username = Some("alice");
        for asker in ["app", "other"] {
            assert_eq!(
                ask(
                    asker,
                    LiveToken::Opaque {
                        token: &opaque,
                        username
                    },
                    NOW
                ),
                json!({
                    "active": true, "scope": "openid profile", "client_id": "app", "username": "alice",
                    "token_type": "Bearer", "exp": 1_700_003_600, "iat": 1_700_000_000, "sub": "user1",
                    "aud": "https://id.example/oidc/me", "iss": ISSUER,
                })
            );
            assert_eq!(
                ask(
                    asker,
                    LiveToken::Jwt {
                        token: &jwt,
                        username
                    },
                    NOW
                ),
                json!({
                    "active": true, "scope": "read write", "client_id": "app", "username": "alice",
                    "token_type": "Bearer", "exp": 1_700_000_600, "iat": 1_700_000_000, "sub": "user1",
                    "aud": "https://api.example", "iss": ISSUER, "jti": "grant.j1",
                })
            );
        }
        let user_id = UserId::parse("user1").unwrap();
        let of_grant = scopes("openid offline_access");
        let found = LiveToken::Refresh {
            token: &refresh,
            user_id: &user_id,
            scopes: &of_grant,
            username: None,
        };
        assert_eq!(
            ask("app", found, NOW),
            json!({
                "active": true, "scope": "offline_access openid", "client_id": "app",
                "exp": 1_700_010_000, "iat": 1_700_000_000, "sub": "user1", "iss": ISSUER,
            })
        );
        assert_eq!(
            ask("other", found, NOW),
            json!({"active": false}),
            "only its own"
        );
    }

    #[test]
    fn rfc7662_2_2_a_machine_is_its_own_subject_and_an_empty_scope_is_left_out() {
        let mut jwt = persons_jwt("");
        jwt.holder = TokenHolder::Machine;
        let answer = ask(
            "app",
            LiveToken::Jwt {
                token: &jwt,
                username: None,
            },
            NOW,
        );
        assert_eq!(answer["sub"], "app");
        assert_eq!((answer.get("scope"), answer.get("username")), (None, None));
    }

    #[test]
    fn rfc7662_2_2_what_is_not_active_says_nothing_else() {
        let (opaque, jwt) = (access_token("openid"), persons_jwt("read"));
        let (user_id, of_grant) = (UserId::parse("user1").unwrap(), scopes("openid"));
        let fresh = refresh_token();
        let mut rotated = refresh_token();
        rotated.rotated_at = Some(NOW);
        let refresh = |token| LiveToken::Refresh {
            token,
            user_id: &user_id,
            scopes: &of_grant,
            username: Some("alice"),
        };
        for (found, now) in [
            (LiveToken::Nothing, NOW),
            (
                LiveToken::Opaque {
                    token: &opaque,
                    username: None,
                },
                opaque.expires_at,
            ),
            (
                LiveToken::Jwt {
                    token: &jwt,
                    username: None,
                },
                jwt.expires_at,
            ),
            (refresh(&fresh), fresh.expires_at),
            (refresh(&rotated), NOW + seconds(1)),
        ] {
            assert_eq!(
                ask("app", found, now),
                json!({"active": false}),
                "{found:?}"
            );
        }
    }

    #[test]
    fn rfc7662_2_1_the_token_is_required_and_public_clients_may_not_ask() {
        let read = |list: &[(&str, &str)]| IntrospectionParameters::parse(&pairs(list)).unwrap();
        assert!(read(&[("token_type_hint", "x")]).token().is_err());
        let given = read(&[("token", "t"), ("token_type_hint", "refresh_token")]);
        assert_eq!(given.token().unwrap().expose(), "t");
        assert!(given.hints_at_refresh_token());
        assert!(!read(&[("token_type_hint", "anything")]).hints_at_refresh_token());
        for kind in ApplicationType::ALL {
            let code = check_client(&application(*kind)).map_err(|error| error.code());
            let expected = if kind.is_public() {
                Err(OAuthErrorCode::InvalidClient)
            } else {
                Ok(())
            };
            assert_eq!(code, expected, "{kind:?}");
        }
    }

    #[test]
    fn a_third_party_learns_of_its_own_tokens_what_it_was_allowed() {
        let (own, named) = (access_token("openid"), access_token("openid profile"));
        let mut asking = application(ApplicationType::Traditional);
        asking.is_third_party = true;
        let mut ask = |id: &str, token| {
            asking.id = ApplicationId::parse(id).unwrap();
            let username = Some("alice");
            let found = LiveToken::Opaque { token, username };
            serde_json::to_value(decide(&asking, found, ISSUER, NOW)).unwrap()
        };
        let holder = own.application_id.to_string();
        assert_eq!(ask("other", &own), json!({"active": false}));
        assert_eq!(ask(&holder, &own)["username"], Value::Null);
        assert_eq!(ask(&holder, &named)["username"], "alice");
    }
}
