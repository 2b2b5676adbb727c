//! Resource indicators (RFC 8707 section 2).

use meibo_domain::{
    application::Application,
    consent::Extent,
    resource::{ApiResource, check_indicator},
    scope::ScopeSet,
};

use crate::{OAuthError, scope::standard_only};

/// An API resource that exists, with the names of its scopes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownResource {
    /// The resource.
    pub resource: ApiResource,
    /// The scopes that it has.
    pub scopes: ScopeSet,
}

/// The resources that a request asks for: `indicators`, or the default resource when it names none.
/// `known` holds what the register found for them (for an empty list: the default resource, if any).
///
/// # Errors
/// `invalid_target` for an indicator that is no absolute URI without fragment or that nobody knows.
pub fn find_resources<'a>(
    indicators: &[String],
    known: &'a [KnownResource],
) -> Result<Vec<&'a KnownResource>, OAuthError> {
    if indicators.is_empty() {
        return Ok(known
            .iter()
            .filter(|known| known.resource.is_default)
            .collect());
    }
    indicators
        .iter()
        .map(|indicator| {
            check_indicator(indicator).map_err(|_| {
                OAuthError::invalid_target("resource must be an absolute URI without fragment")
            })?;
            known
                .iter()
                .find(|known| known.resource.indicator == *indicator)
                .ok_or_else(|| {
                    OAuthError::invalid_target("resource is not an API resource of this server")
                })
        })
        .collect()
}

/// This server's own APIs are not for applications of others, whatever a person would allow them: a
/// click of an administrator must not hand over the register.
///
/// # Errors
/// `invalid_target`.
pub fn check_reach(
    application: &Application,
    resources: &[&KnownResource],
) -> Result<(), OAuthError> {
    if application.is_third_party && resources.iter().any(|known| known.resource.is_built_in()) {
        return Err(OAuthError::invalid_target(
            "a third-party application cannot ask for an API of this server",
        ));
    }
    Ok(())
}

/// How far `scopes` reach at these resources: each scope with what it belongs to.
#[must_use]
pub fn extent(scopes: &ScopeSet, resources: &[&KnownResource]) -> Extent {
    Extent {
        scopes: standard_only(scopes),
        resources: resources
            .iter()
            .map(|known| {
                let indicator = known.resource.indicator.clone();
                (indicator, scopes.intersection(&known.scopes))
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OAuthErrorCode, testing::known_resource};

    #[test]
    fn rfc8707_2_known_absolute_uris_only() {
        let known = [known_resource("https://api.example/v1", "read write")];
        let find = |indicator: &str| {
            find_resources(&[indicator.to_owned()], &known)
                .map(|found| found.len())
                .map_err(|error| error.code())
        };
        assert_eq!(find("https://api.example/v1"), Ok(1));
        for bad in [
            "https://api.example/v1/",
            "https://API.example/v1",
            "https://api.example/v1#f",
            "/v1",
            "api",
            "urn:other",
        ] {
            assert_eq!(find(bad), Err(OAuthErrorCode::InvalidTarget), "{bad}");
        }
    }

    #[test]
    fn none_named_means_the_default_one() {
        let mut known = known_resource("https://api.example/v1", "read");
        assert!(find_resources(&[], &[known.clone()]).unwrap().is_empty());
        known.resource.is_default = true;
        assert_eq!(find_resources(&[], &[known]).unwrap().len(), 1);
    }
}
