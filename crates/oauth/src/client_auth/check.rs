//! Does the proof hold (RFC 6749 section 3.2.1)?

use meibo_crypto::digest;
use meibo_domain::{
    application::{Application, ApplicationSecret, TokenEndpointAuthMethod},
    time::Timestamp,
};

use super::{ClientAuthentication, ClientAuthenticationMethod};
use crate::{OAuthError, secret::Secret};

/// The application that `authentication` proves. `application` is what the register has for its
/// `client_id`, `secrets` are all secrets of that application. Every secret is compared, so that
/// the time does not tell which one matched.
///
/// # Errors
/// `invalid_client`, the same for an unknown client, a wrong secret, a secret of a public client
/// or of one that signs assertions, and no secret of a confidential one; `invalid_request` for a
/// secret whose time is over.
pub fn check<'a>(
    application: Option<&'a Application>,
    secrets: &[ApplicationSecret],
    authentication: &ClientAuthentication,
    now: Timestamp,
) -> Result<&'a Application, OAuthError> {
    let presented: &[Secret] = match &authentication.method {
        ClientAuthenticationMethod::Basic { secrets } => secrets,
        ClientAuthenticationMethod::Post { secret } => std::slice::from_ref(secret),
        ClientAuthenticationMethod::PrivateKeyJwt { .. } | ClientAuthenticationMethod::None => &[],
    };
    let found = find(secrets, presented, now);
    let application = application
        .filter(|application| application.id.as_str() == authentication.client_id)
        .ok_or_else(OAuthError::invalid_client)?;
    match application.token_endpoint_auth_method() {
        TokenEndpointAuthMethod::None => {
            return if authentication.method == ClientAuthenticationMethod::None {
                Ok(application)
            } else {
                Err(OAuthError::invalid_client())
            };
        }
        TokenEndpointAuthMethod::PrivateKeyJwt => return Err(OAuthError::invalid_client()),
        TokenEndpointAuthMethod::ClientSecretBasic | TokenEndpointAuthMethod::ClientSecretPost => {}
    }
    if found.is_alive {
        Ok(application)
    } else if found.is_expired {
        Err(OAuthError::invalid_request("client secret has expired"))
    } else {
        Err(OAuthError::invalid_client())
    }
}

#[derive(Default)]
struct Found {
    is_alive: bool,
    is_expired: bool,
}

fn find(secrets: &[ApplicationSecret], presented: &[Secret], now: Timestamp) -> Found {
    let mut found = Found::default();
    for candidate in presented {
        let hash = digest::sha256_base64url(candidate.expose().as_bytes());
        for secret in secrets {
            let is_equal = digest::equal(hash.as_bytes(), secret.hash.as_bytes());
            let is_over = secret
                .expires_at
                .is_some_and(|expires_at| now >= expires_at);
            found.is_alive |= is_equal & !is_over;
            found.is_expired |= is_equal & is_over;
        }
    }
    found
}
