//! The code flow and nothing else: no implicit, no hybrid (RFC 9700 section 2.1.2).

use super::AuthorizationParameters;
use crate::{OAuthError, OAuthErrorCode, parameters::required};

pub(super) fn check(parameters: &AuthorizationParameters) -> Result<(), OAuthError> {
    if required(parameters.response_type.as_ref(), "response_type")? == "code" {
        return Ok(());
    }
    Err(OAuthErrorCode::UnsupportedResponseType.into())
}
