//! The client exists and signs people in (RFC 6749 section 4.1.1).

use meibo_domain::application::Application;

use super::AuthorizationParameters;
use crate::{OAuthError, OAuthErrorCode, parameters::required};

pub(super) fn check<'a>(
    parameters: &AuthorizationParameters,
    application: Option<&'a Application>,
) -> Result<&'a Application, OAuthError> {
    let client_id = required(parameters.client_id.as_ref(), "client_id")?;
    let application = application
        .filter(|application| application.id.as_str() == client_id)
        .ok_or_else(|| {
            OAuthError::new(
                OAuthErrorCode::InvalidClient,
                "client_id is not an application of this server",
            )
        })?;
    if !application.application_type.signs_people_in() {
        return Err(OAuthError::new(
            OAuthErrorCode::UnauthorizedClient,
            "a machine-to-machine application signs nobody in; it uses the client_credentials grant",
        ));
    }
    Ok(application)
}
