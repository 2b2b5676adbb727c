//! A machine application asks for itself (RFC 6749 section 4.4.2, RFC 8707 section 2.2, contract
//! 1.5): one resource a token, scopes beyond the application's roles are dropped.

use std::time::Duration;

use meibo_domain::scope::ScopeSet;

use super::{TokenParameters, issue, organization};
use crate::{
    OAuthError, OAuthErrorCode,
    resource::{KnownResource, find_resources},
    scope::parse_scope,
};

/// The request's own part of the exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCredentialsRequest {
    /// Indicator of the resource; absent means the default one.
    pub resource: Option<String>,
    scopes: ScopeSet,
}

impl ClientCredentialsRequest {
    /// Reads what the grant needs.
    ///
    /// # Errors
    /// `invalid_target` for more than one resource, `invalid_scope` for malformed scopes,
    /// `access_denied` for `organization_id`.
    pub fn read(parameters: &TokenParameters) -> Result<Self, OAuthError> {
        organization::check(parameters, OAuthErrorCode::AccessDenied)?;
        let resource = match parameters.resources.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            _ => {
                return Err(OAuthError::invalid_target(
                    "an access token is for one resource: name one",
                ));
            }
        };
        Ok(Self {
            resource,
            scopes: parse_scope(parameters.scope.as_deref())?,
        })
    }
}

/// The access token to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCredentials {
    /// The resource indicator.
    pub audience: String,
    /// What was asked for and is allowed; may be empty.
    pub scope: ScopeSet,
    /// How long it lives.
    pub ttl: Duration,
}

/// What the application gets. `known` is the resource that the register found (the default one
/// when the request names none), `allowed` holds the scopes that the application's roles give there.
///
/// # Errors
/// `invalid_target` when there is no such resource, or none is named and there is no default.
pub fn check(
    request: &ClientCredentialsRequest,
    known: Option<&KnownResource>,
    allowed: &ScopeSet,
) -> Result<ClientCredentials, OAuthError> {
    let found = find_resources(
        request.resource.as_slice(),
        known.map_or(&[][..], std::slice::from_ref),
    )?;
    let known = found.first().ok_or_else(|| {
        OAuthError::invalid_target("both `resource` and `organization_id` are not provided")
    })?;
    Ok(ClientCredentials {
        audience: known.resource.indicator.clone(),
        scope: request
            .scopes
            .intersection(&known.scopes)
            .intersection(allowed),
        ttl: issue::resource_ttl(known),
    })
}

#[cfg(test)]
mod tests {
    use meibo_domain::time::seconds;

    use super::*;
    use crate::testing::{known_resource, pairs, scopes};

    const API: &str = "https://default.logto.app/api";

    fn read(list: &[(&str, &str)]) -> Result<ClientCredentialsRequest, OAuthErrorCode> {
        ClientCredentialsRequest::read(&TokenParameters::parse(&pairs(list)).unwrap())
            .map_err(|error| error.code())
    }

    #[test]
    fn contract_1_5_scopes_beyond_the_roles_are_dropped() {
        let known = known_resource(API, "all users:read");
        for (asked, allowed, given) in [
            ("all", "all", "all"),
            ("all users:read", "all", "all"),
            ("all", "", ""),
            ("", "all", ""),
            ("users:write", "all users:write", ""),
        ] {
            let request = read(&[("resource", API), ("scope", asked)]).unwrap();
            let token = check(&request, Some(&known), &scopes(allowed)).unwrap();
            assert_eq!(
                token,
                ClientCredentials {
                    audience: API.into(),
                    scope: scopes(given),
                    ttl: seconds(600)
                },
                "{asked} of {allowed}"
            );
        }
    }

    #[test]
    fn contract_1_5_a_resource_is_needed() {
        let none = check(&read(&[]).unwrap(), None, &scopes("all")).unwrap_err();
        assert_eq!(
            (none.code(), none.description()),
            (
                OAuthErrorCode::InvalidTarget,
                "both `resource` and `organization_id` are not provided"
            )
        );
        let known = known_resource(API, "all");
        let code = |request: &ClientCredentialsRequest, known| {
            check(request, known, &scopes("all"))
                .map(drop)
                .map_err(|error| error.code())
        };
        assert_eq!(
            code(&read(&[]).unwrap(), Some(&known)),
            Err(OAuthErrorCode::InvalidTarget),
            "not the default one"
        );
        let other = read(&[("resource", "https://other.example")]).unwrap();
        assert_eq!(code(&other, None), Err(OAuthErrorCode::InvalidTarget));
        assert_eq!(
            code(&other, Some(&known)),
            Err(OAuthErrorCode::InvalidTarget)
        );
        let mut default = known_resource(API, "all");
        default.resource.is_default = true;
        assert_eq!(code(&read(&[]).unwrap(), Some(&default)), Ok(()));
    }

    #[test]
    fn rfc8707_2_2_one_resource_a_token() {
        assert_eq!(
            read(&[("resource", "https://a.example,https://b.example")]),
            Err(OAuthErrorCode::InvalidTarget)
        );
        assert_eq!(
            read(&[("organization_id", "o")]),
            Err(OAuthErrorCode::AccessDenied)
        );
        assert_eq!(read(&[("scope", "\"")]), Err(OAuthErrorCode::InvalidScope));
    }
}
