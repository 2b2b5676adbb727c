//! Request objects and registration by request are not supported (OpenID Connect Core sections
//! 3.1.2.6, 6 and 7.2.1; RFC 9101).

use super::AuthorizationParameters;
use crate::{OAuthError, OAuthErrorCode};

pub(super) fn check(parameters: &AuthorizationParameters) -> Result<(), OAuthError> {
    [
        (&parameters.request, OAuthErrorCode::RequestNotSupported),
        (
            &parameters.request_uri,
            OAuthErrorCode::RequestUriNotSupported,
        ),
        (
            &parameters.registration,
            OAuthErrorCode::RegistrationNotSupported,
        ),
    ]
    .into_iter()
    .find(|(value, _)| value.is_some())
    .map_or(Ok(()), |(_, code)| Err(code.into()))
}
