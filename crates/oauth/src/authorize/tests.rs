mod checks;
mod next_step;
mod responses;

use meibo_domain::application::ApplicationType;

use super::*;
use crate::{
    OAuthErrorCode,
    testing::{CALLBACK, CHALLENGE, application, known_resource, pairs},
};

/// A good request of a public client, with `changes`: a pair replaces the one of that name, an
/// empty value removes it.
fn parameters(changes: &[(&str, &str)]) -> AuthorizationParameters {
    let mut list = vec![
        ("client_id", "app"),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid profile"),
        ("state", "s-1"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for change in changes {
        list.retain(|(name, _)| *name != change.0);
        list.push(*change);
    }
    AuthorizationParameters::parse(&pairs(&list)).unwrap()
}

fn check_as(
    application_type: ApplicationType,
    changes: &[(&str, &str)],
) -> Result<AuthorizationRequest, AuthorizationRefusal> {
    let (parameters, application) = (parameters(changes), application(application_type));
    let redirect_uri = check_client_and_redirect(&parameters, Some(&application)).unwrap();
    let known = [known_resource("https://api.example", "read write")];
    check_request(&parameters, &application, &redirect_uri, &known, None)
}

fn request(changes: &[(&str, &str)]) -> AuthorizationRequest {
    check_as(ApplicationType::Spa, changes).unwrap()
}

fn code_of(changes: &[(&str, &str)]) -> OAuthErrorCode {
    check_as(ApplicationType::Spa, changes)
        .unwrap_err()
        .error
        .code()
}
