//! The redirect URI is one that is registered, character by character (OpenID Connect Core section
//! 3.1.2.1, RFC 9700 section 2.1). It is required even when only one is registered.

use meibo_domain::application::{Application, CheckedRedirectUri};

use super::AuthorizationParameters;
use crate::{OAuthError, OAuthErrorCode, parameters::required};

pub(super) fn check(
    parameters: &AuthorizationParameters,
    application: &Application,
) -> Result<CheckedRedirectUri, OAuthError> {
    let presented = required(parameters.redirect_uri.as_ref(), "redirect_uri")?;
    application
        .find_redirect_uri(presented)
        .ok_or_else(|| OAuthErrorCode::InvalidRedirectUri.into())
}
