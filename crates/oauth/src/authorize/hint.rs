//! The hint is an ID token that this server gave this client (OpenID Connect Core section 3.1.2.1).

use meibo_domain::application::Application;

use super::AuthorizationParameters;
use crate::{OAuthError, id_token_hint::IdTokenHint};

pub(super) fn check(
    parameters: &AuthorizationParameters,
    application: &Application,
    verified: Option<&IdTokenHint>,
) -> Result<Option<IdTokenHint>, OAuthError> {
    if parameters.id_token_hint.is_none() {
        return Ok(None);
    }
    verified
        .filter(|hint| hint.audience == application.id.as_str())
        .cloned()
        .map(Some)
        .ok_or_else(|| {
            OAuthError::invalid_request(
                "id_token_hint is not an ID token that this server gave this client",
            )
        })
}
