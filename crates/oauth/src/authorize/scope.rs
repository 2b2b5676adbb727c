//! Scopes that exist: the standard ones and those of the requested resources. Others are dropped,
//! not refused (RFC 6749 section 3.3 allows both; the token answer says what was granted).

use meibo_domain::scope::ScopeSet;

use super::AuthorizationParameters;
use crate::{
    OAuthError,
    resource::KnownResource,
    scope::{parse_scope, standard_only},
};

pub(super) fn check(
    parameters: &AuthorizationParameters,
    resources: &[&KnownResource],
) -> Result<ScopeSet, OAuthError> {
    let asked = parse_scope(parameters.scope.as_deref())?;
    let exists = resources
        .iter()
        .fold(standard_only(&asked), |all, known| all.union(&known.scopes));
    Ok(asked.intersection(&exists))
}
