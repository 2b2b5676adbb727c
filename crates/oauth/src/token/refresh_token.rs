//! Using a refresh token: RFC 6749 section 6, OpenID Connect Core section 12, RFC 9700 section
//! 4.14.2. When a token rotates is a rule of the domain.

use meibo_domain::{
    application::Application,
    grant::{RefreshToken, Rotation},
    scope::ScopeSet,
    time::Timestamp,
};

use super::{GrantRefusal, GrantState, TokenParameters, issue, organization};
use crate::{OAuthError, OAuthErrorCode, parameters::required, scope::parse_scope, secret::Secret};

/// The request's own part of the exchange.
#[derive(Debug, Clone)]
pub struct RefreshRequest {
    /// The token; its SHA-256 is the look-up key.
    pub refresh_token: Secret,
    scopes: Option<ScopeSet>,
    resources: Vec<String>,
}

impl RefreshRequest {
    /// Reads what the grant needs.
    ///
    /// # Errors
    /// `invalid_request` when `refresh_token` is missing, `invalid_scope` for malformed scopes,
    /// `insufficient_scope` for `organization_id`.
    pub fn read(parameters: &TokenParameters) -> Result<Self, OAuthError> {
        let refresh_token = required(parameters.refresh_token.as_ref(), "refresh_token")?;
        organization::check(parameters, OAuthErrorCode::InsufficientScope)?;
        Ok(Self {
            refresh_token: Secret::new(refresh_token.to_owned()),
            scopes: parameters
                .scope
                .as_deref()
                .map(|text| parse_scope(Some(text)))
                .transpose()?,
            resources: parameters.resources.clone(),
        })
    }
}

/// The refresh token that the answer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextToken {
    /// The presented one.
    Keep,
    /// Its one successor, made now.
    Rotate {
        /// When the successor ends.
        expires_at: Timestamp,
    },
    /// The successor that another request made a moment ago.
    Repeat,
}

/// What a valid refresh token gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refresh<'a> {
    /// The token to use from now on.
    pub next_token: NextToken,
    /// The grant's scopes, or the narrower ones that were asked for.
    pub scopes: ScopeSet,
    /// Indicator of the resource that the access token is for.
    pub resource: Option<&'a str>,
}

/// The answer to a refresh token that nobody knows.
#[must_use]
pub fn unknown_token() -> OAuthError {
    OAuthError::invalid_grant("the refresh token is not valid")
}

/// May `application` use `token` now?
///
/// # Errors
/// `invalid_grant` (and revocation when the token was rotated before), `invalid_scope` for more
/// than was granted, `invalid_target`.
pub fn check<'a>(
    token: &RefreshToken,
    state: GrantState<'a>,
    request: &'a RefreshRequest,
    application: &Application,
    now: Timestamp,
) -> Result<Refresh<'a>, GrantRefusal> {
    if token.application_id != application.id || !state.belongs_to(&token.grant_id, application) {
        return Err(unknown_token().into());
    }
    let next_token = match token.check_use(application.rotation_policy(), now) {
        Rotation::Keep => NextToken::Keep,
        Rotation::Rotate { expires_at } => NextToken::Rotate { expires_at },
        Rotation::Repeat => NextToken::Repeat,
        Rotation::Reused => {
            return Err(GrantRefusal::reused("the refresh token was used before"));
        }
        Rotation::Expired => {
            return Err(OAuthError::invalid_grant("the refresh token has expired").into());
        }
    };
    let grant = state.check_alive(now)?;
    let scopes = request.scopes.as_ref().unwrap_or(&grant.scopes);
    if !scopes.is_subset(&grant.scopes) {
        return Err(OAuthError::invalid_scope("scope is wider than what was granted").into());
    }
    Ok(Refresh {
        next_token,
        scopes: scopes.clone(),
        resource: issue::choose_resource(&request.resources, &grant.resources, scopes)?,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use meibo_domain::{
        application::ApplicationType,
        grant::ROTATION_GRACE,
        ids::{ApplicationId, GrantId},
    };

    use super::*;
    use crate::testing::{self, NOW, pairs};

    fn request(list: &[(&str, &str)]) -> Result<RefreshRequest, OAuthError> {
        let mut all = vec![("refresh_token", "r")];
        all.extend(list);
        RefreshRequest::read(&TokenParameters::parse(&pairs(&all)).unwrap())
    }

    type Answer = Result<(NextToken, String, Option<String>), (OAuthErrorCode, bool)>;

    fn run(
        token: &RefreshToken,
        list: &[(&str, &str)],
        application_type: ApplicationType,
        now: Timestamp,
    ) -> Answer {
        let grant = testing::grant(
            "openid profile read",
            &["https://a.example", "https://b.example"],
        );
        check(
            token,
            testing::active(&grant),
            &request(list).unwrap(),
            &testing::application(application_type),
            now,
        )
        .map(|refresh| {
            (
                refresh.next_token,
                refresh.scopes.to_string(),
                refresh.resource.map(str::to_owned),
            )
        })
        .map_err(|refusal| (refusal.error.code(), refusal.revoke_grant))
    }

    #[test]
    fn rfc6749_6_scopes_may_narrow_and_never_widen() {
        let token = testing::refresh_token();
        let ask = |scope: &str| {
            run(
                &token,
                &[("scope", scope)],
                ApplicationType::Traditional,
                NOW,
            )
        };
        assert_eq!(ask("openid"), Ok((NextToken::Keep, "openid".into(), None)));
        assert_eq!(
            ask("profile openid"),
            Ok((NextToken::Keep, "openid profile".into(), None))
        );
        assert_eq!(
            ask("openid write"),
            Err((OAuthErrorCode::InvalidScope, false))
        );
        assert_eq!(
            run(&token, &[], ApplicationType::Traditional, NOW),
            Ok((NextToken::Keep, "openid profile read".into(), None))
        );
        assert_eq!(
            request(&[("scope", "\"")]).unwrap_err().code(),
            OAuthErrorCode::InvalidScope
        );
    }

    #[test]
    fn rfc8707_2_2_resources_of_the_grant_one_at_a_time() {
        let ask = |resource: &str| {
            run(
                &testing::refresh_token(),
                &[("resource", resource)],
                ApplicationType::Traditional,
                NOW,
            )
            .map(|(_, _, resource)| resource)
        };
        assert_eq!(
            ask("https://b.example"),
            Ok(Some("https://b.example".into()))
        );
        for bad in ["https://c.example", "https://a.example,https://b.example"] {
            assert_eq!(
                ask(bad),
                Err((OAuthErrorCode::InvalidTarget, false)),
                "{bad}"
            );
        }
    }

    #[test]
    fn rfc9700_4_14_2_rotation_repeat_and_reuse() {
        let fresh = testing::refresh_token();
        let rotated = RefreshToken {
            rotated_at: Some(NOW),
            ..fresh.clone()
        };
        let rotation = |token: &RefreshToken, now| {
            run(token, &[], ApplicationType::Spa, now).map(|(rotation, ..)| rotation)
        };
        assert!(matches!(
            rotation(&fresh, NOW),
            Ok(NextToken::Rotate { .. })
        ));
        assert_eq!(
            rotation(&rotated, NOW + Duration::from_secs(9)),
            Ok(NextToken::Repeat)
        );
        assert_eq!(
            rotation(&rotated, NOW + ROTATION_GRACE),
            Err((OAuthErrorCode::InvalidGrant, true))
        );
        assert_eq!(
            rotation(&fresh, fresh.expires_at),
            Err((OAuthErrorCode::InvalidGrant, false))
        );
    }

    #[test]
    fn rfc6749_10_4_bound_to_its_client() {
        let foreign = [
            RefreshToken {
                application_id: ApplicationId::parse("other").unwrap(),
                ..testing::refresh_token()
            },
            RefreshToken {
                grant_id: GrantId::parse("other").unwrap(),
                rotated_at: Some(NOW - ROTATION_GRACE),
                ..testing::refresh_token()
            },
        ];
        for token in foreign {
            assert_eq!(
                run(&token, &[], ApplicationType::Spa, NOW),
                Err((OAuthErrorCode::InvalidGrant, false))
            );
        }
    }

    #[test]
    fn a_grant_that_ended_refreshes_nothing() {
        let token = RefreshToken {
            expires_at: NOW + Duration::from_secs(1_000_000),
            ..testing::refresh_token()
        };
        let late = NOW + Duration::from_secs(10_000);
        assert_eq!(
            run(&token, &[], ApplicationType::Traditional, late),
            Err((OAuthErrorCode::InvalidGrant, false))
        );
    }

    #[test]
    fn contract_1_9_a_suspended_person_refreshes_nothing() {
        let grant = testing::grant("openid", &[]);
        let state = GrantState {
            user_is_active: false,
            ..testing::active(&grant)
        };
        let application = testing::application(ApplicationType::Spa);
        let request = request(&[]).unwrap();
        let refusal = check(
            &testing::refresh_token(),
            state,
            &request,
            &application,
            NOW,
        )
        .unwrap_err();
        assert_eq!(
            (refusal.error.code(), refusal.revoke_grant),
            (OAuthErrorCode::InvalidGrant, false)
        );
    }

    #[test]
    fn contract_1_6_organization_tokens_are_refused() {
        assert_eq!(
            request(&[("organization_id", "o")]).unwrap_err().code(),
            OAuthErrorCode::InsufficientScope
        );
        let none = RefreshRequest::read(&TokenParameters::default()).unwrap_err();
        assert_eq!(none.description(), "refresh_token is missing");
    }
}
