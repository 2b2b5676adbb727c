//! Which access token a person's grant gives: RFC 8707 section 2.2, RFC 9068 section 3, contract
//! 1.5 and 1.6.

use std::time::Duration;

use meibo_domain::{
    application::Application,
    scope::ScopeSet,
    time::{Timestamp, seconds},
};

use crate::{
    OAuthError,
    resource::KnownResource,
    scope::{OFFLINE_ACCESS, OPENID, standard_only},
};

/// How long an opaque access token lives.
pub const OPAQUE_TTL: Duration = seconds(3600);

/// The access token to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccessTokenKind {
    /// Random, kept as a hash, for userinfo.
    Opaque {
        /// Standard scopes.
        scope: ScopeSet,
        /// How long it lives.
        ttl: Duration,
    },
    /// RFC 9068, for one API.
    Jwt {
        /// The resource indicator.
        audience: String,
        /// Scopes of the resource.
        scope: ScopeSet,
        /// How long it lives.
        ttl: Duration,
    },
}

impl AccessTokenKind {
    /// What it allows.
    #[must_use]
    pub const fn scope(&self) -> &ScopeSet {
        match self {
            Self::Opaque { scope, .. } | Self::Jwt { scope, .. } => scope,
        }
    }

    /// How long it lives.
    #[must_use]
    pub const fn ttl(&self) -> Duration {
        match self {
            Self::Opaque { ttl, .. } | Self::Jwt { ttl, .. } => *ttl,
        }
    }
}

/// The resource of the token: the one that the request names, which must be among the `granted`
/// ones. A request that names none gets none when `openid` is in `scopes`, otherwise the granted
/// one.
///
/// # Errors
/// `invalid_target` for one that was not granted and for more than one.
pub fn choose_resource<'a>(
    requested: &'a [String],
    granted: &'a [String],
    scopes: &ScopeSet,
) -> Result<Option<&'a str>, OAuthError> {
    let candidates = match requested {
        [] if scopes.contains(OPENID) => return Ok(None),
        [] => granted,
        named => named,
    };
    match candidates {
        [] => Ok(None),
        [one] if granted.contains(one) => Ok(Some(one)),
        [_] => Err(OAuthError::invalid_target(
            "resource was not part of the authorization request",
        )),
        _ => Err(OAuthError::invalid_target(
            "an access token is for one resource: name one",
        )),
    }
}

/// The access token for `scopes` (granted, perhaps narrowed). With a resource, `allowed` holds the
/// scopes that the person's roles give there.
#[must_use]
pub fn access_token_kind(
    scopes: &ScopeSet,
    resource: Option<(&KnownResource, &ScopeSet)>,
) -> AccessTokenKind {
    resource.map_or_else(
        || AccessTokenKind::Opaque {
            scope: standard_only(scopes),
            ttl: OPAQUE_TTL,
        },
        |(known, allowed)| AccessTokenKind::Jwt {
            audience: known.resource.indicator.clone(),
            scope: scopes.intersection(&known.scopes).intersection(allowed),
            ttl: resource_ttl(known),
        },
    )
}

/// How long access tokens for the resource live.
pub(super) fn resource_ttl(known: &KnownResource) -> Duration {
    seconds(u64::try_from(known.resource.access_token_ttl).unwrap_or(0))
}

/// Does redeeming a code give a refresh token (contract 1.7)?
#[must_use]
pub fn gives_refresh_token(application: &Application, scopes: &ScopeSet) -> bool {
    scopes.contains(OFFLINE_ACCESS) || application.always_issues_refresh_token()
}

/// NumericDate of the end of something that lives `ttl` from `now` (RFC 7519 section 2).
pub(crate) fn expiry(now: Timestamp, ttl: Duration) -> i64 {
    (now + ttl).seconds()
}

#[cfg(test)]
mod tests {
    use meibo_domain::application::ApplicationType;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        OAuthErrorCode,
        testing::{application, known_resource, scopes},
    };

    #[test]
    fn rfc8707_2_2_one_granted_resource() {
        let list = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        for (requested, granted, scope, expected) in [
            ("", "a", "openid", Ok(None)),
            ("", "a b", "openid", Ok(None)),
            ("a", "a b", "openid", Ok(Some("a"))),
            ("", "a", "read", Ok(Some("a"))),
            ("", "", "read", Ok(None)),
            ("", "a b", "read", Err(OAuthErrorCode::InvalidTarget)),
            ("c", "a b", "openid", Err(OAuthErrorCode::InvalidTarget)),
            ("a b", "a b", "openid", Err(OAuthErrorCode::InvalidTarget)),
            ("a", "", "openid", Err(OAuthErrorCode::InvalidTarget)),
        ] {
            let chosen = choose_resource(&list(requested), &list(granted), &scopes(scope))
                .map(|resource| resource.map(str::to_owned))
                .map_err(|error| error.code());
            assert_eq!(
                chosen,
                expected.map(|resource| resource.map(str::to_owned)),
                "{requested} of {granted} with {scope}"
            );
        }
    }

    #[test]
    fn contract_1_6_opaque_without_resource_and_jwt_with() {
        let granted = scopes("openid profile read write");
        let opaque = access_token_kind(&granted, None);
        assert_eq!(
            opaque,
            AccessTokenKind::Opaque {
                scope: scopes("openid profile"),
                ttl: seconds(3600)
            }
        );
        let known = known_resource("https://api.example", "read write admin");
        let jwt = access_token_kind(&granted, Some((&known, &scopes("read admin profile"))));
        assert_eq!(
            jwt,
            AccessTokenKind::Jwt {
                audience: "https://api.example".into(),
                scope: scopes("read"),
                ttl: seconds(600)
            }
        );
    }

    #[test]
    fn contract_1_7_refresh_tokens_need_offline_access_or_the_setting() {
        let mut web = application(ApplicationType::Traditional);
        assert!(!gives_refresh_token(&web, &scopes("openid")));
        assert!(gives_refresh_token(&web, &scopes("openid offline_access")));
        web.custom.always_issue_refresh_token = Some(true);
        assert!(gives_refresh_token(&web, &scopes("openid")));
        let mut native = application(ApplicationType::Native);
        native.custom.always_issue_refresh_token = Some(true);
        assert!(!gives_refresh_token(&native, &scopes("openid")));
    }

    proptest! {
        #[test]
        fn no_token_allows_more_than_granted_and_than_allowed(
            granted in "(openid |read |write |x ){0,4}",
            allowed in "(openid |read |write |x ){0,4}",
            has in "(openid |read |write ){0,3}",
        ) {
            let (granted, allowed) = (scopes(&granted), scopes(&allowed));
            let known = known_resource("https://api.example", &has);
            let kind = access_token_kind(&granted, Some((&known, &allowed)));
            for set in [&granted, &allowed, &known.scopes] {
                prop_assert!(kind.scope().is_subset(set));
            }
        }
    }
}
