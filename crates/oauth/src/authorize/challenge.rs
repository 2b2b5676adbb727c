//! The code challenge: S256, required of public clients (RFC 7636 sections 4.3 and 4.4.1, RFC 9700
//! section 2.1.1). A challenge without method means `plain` and is refused as such.

use meibo_domain::application::Application;

use super::AuthorizationParameters;
use crate::{OAuthError, pkce};

pub(super) fn check(
    parameters: &AuthorizationParameters,
    application: &Application,
) -> Result<Option<String>, OAuthError> {
    let wrong = |message: &str| Err(OAuthError::invalid_request(message));
    let method = parameters.code_challenge_method.as_deref();
    match parameters.code_challenge.as_deref() {
        None if method.is_some() => wrong("code_challenge is missing"),
        None if application.application_type.is_public() => {
            wrong("a public client must send code_challenge (PKCE)")
        }
        None => Ok(None),
        Some(_) if method != Some(pkce::S256) => wrong("code_challenge_method must be S256"),
        Some(challenge) if !pkce::is_challenge(challenge) => wrong(
            "code_challenge must be the SHA-256 of the verifier as 43 characters of base64url",
        ),
        Some(challenge) => Ok(Some(challenge.to_owned())),
    }
}
