//! The authorization endpoint: RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2,
//! RFC 7636, RFC 8707, RFC 9700. [`check_request`] is the ordered list of its checks; each check
//! is a file.
//!
//! The order of use: [`AuthorizationParameters::parse`], [`check_client_and_redirect`] (failures are
//! shown on a page), [`check_request`] (failures go back to the client), [`decide`], and an
//! [`AuthorizationResponse`].

mod challenge;
mod client;
mod consent;
mod decide;
mod hint;
mod identifier;
mod malformed;
mod max_age;
mod offline_access;
mod parameters;
mod prompt;
mod redirect_uri;
mod request;
mod request_object;
mod response;
mod response_mode;
mod response_type;
mod scope;
mod screen;

use meibo_domain::application::{Application, CheckedRedirectUri};

pub(crate) use self::prompt::SUPPORTED as PROMPT_VALUES;
pub use self::{
    consent::ConsentState,
    decide::{AuthorizationStep, SessionState, decide},
    identifier::AskedIdentifiers,
    malformed::refuse_malformed,
    parameters::AuthorizationParameters,
    prompt::Prompts,
    request::{AuthorizationRefusal, AuthorizationRequest},
    response::AuthorizationResponse,
    response_mode::ResponseMode,
    screen::Screen,
};
use crate::{OAuthError, id_token_hint::IdTokenHint, resource, resource::KnownResource};

/// Checks who asks and where the answer may go. `application` is what the register has for
/// `client_id`.
///
/// # Errors
/// What is wrong; shown on a page, for there is no place that may be redirected to.
pub fn check_client_and_redirect(
    parameters: &AuthorizationParameters,
    application: Option<&Application>,
) -> Result<CheckedRedirectUri, OAuthError> {
    let application = client::check(parameters, application)?;
    redirect_uri::check(parameters, application)
}

/// Checks everything else, in this order. `known` holds the resources that the register found for
/// [`AuthorizationParameters::resources`] (the default one when the request names none), `hint` the
/// verified claims of `id_token_hint`.
///
/// # Errors
/// The first thing that is wrong, to be sent to the client by [`AuthorizationResponse::error`].
pub fn check_request(
    parameters: &AuthorizationParameters,
    application: &Application,
    redirect_uri: &CheckedRedirectUri,
    known: &[KnownResource],
    hint: Option<&IdTokenHint>,
) -> Result<AuthorizationRequest, AuthorizationRefusal> {
    let response_mode = response_mode::check(parameters);
    let refuse = |error| AuthorizationRefusal {
        error,
        redirect_uri: redirect_uri.clone(),
        response_mode: response_mode.clone().unwrap_or_default(),
        state: parameters.state.clone(),
    };
    let check = || {
        request_object::check(parameters)?;
        response_type::check(parameters)?;
        let response_mode = response_mode.clone()?;
        let code_challenge = challenge::check(parameters, application)?;
        let prompts = prompt::check(parameters)?;
        let resources = resource::find_resources(&parameters.resources, known)?;
        resource::check_reach(application, &resources)?;
        let scopes = scope::check(parameters, &resources)?;
        let scopes = offline_access::check(scopes, prompts, application);
        let asked = resource::extent(&scopes, &resources);
        let max_age = max_age::check(parameters)?;
        let id_token_hint = hint::check(parameters, application, hint)?;
        Ok(AuthorizationRequest {
            application_id: application.id.clone(),
            redirect_uri: redirect_uri.clone(),
            response_mode,
            state: parameters.state.clone(),
            scopes,
            asked,
            resources: resources
                .into_iter()
                .map(|known| known.resource.indicator.clone())
                .collect(),
            nonce: parameters.nonce.clone(),
            code_challenge,
            prompts,
            max_age,
            id_token_hint,
            screen: screen::read(parameters),
        })
    };
    check().map_err(refuse)
}

#[cfg(test)]
mod tests;
