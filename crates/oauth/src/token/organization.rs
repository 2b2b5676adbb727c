//! `organization_id` (contract 1.5 and 1.6): there are no organizations here, so nobody is a member
//! of one. A token without it, given silently, would pass for one that is bound to it.

use super::TokenParameters;
use crate::{OAuthError, OAuthErrorCode};

pub(super) fn check(parameters: &TokenParameters, code: OAuthErrorCode) -> Result<(), OAuthError> {
    if parameters.organization_id.is_none() {
        return Ok(());
    }
    Err(OAuthError::new(
        code,
        "organization_id is not an organization that a token can be given for",
    ))
}
