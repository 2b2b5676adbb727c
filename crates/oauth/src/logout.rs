//! The end-session endpoint (OpenID Connect RP-Initiated Logout 1.0).
//!
//! Without a proof that the person's own application asks, the person is asked first: another site
//! could have sent the browser here (section 2). Somebody is never redirected to an address that is
//! not registered for the application (section 3).

use meibo_domain::{
    application::{Application, CheckedRedirectUri},
    session::Session,
};

use crate::{
    OAuthError, id_token_hint::IdTokenHint, parameters::request_parameters,
    response_url::append_to_query,
};

request_parameters! {
    /// A logout request as received (section 2).
    pub struct LogoutParameters {
        /// An ID token that the application was given.
        id_token_hint: 8192,
        /// Which application asks.
        client_id: 128,
        /// Where the person goes afterwards.
        post_logout_redirect_uri: 2048,
        /// Returned unchanged to there.
        state: 1024,
        /// Languages, best first, space-separated.
        ui_locales: 256,
    }
}

/// Where the person goes after signing out: a registered address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutTarget {
    redirect_uri: CheckedRedirectUri,
    state: Option<String>,
}

impl LogoutTarget {
    /// The value of `Location`, with `state` when the request had one.
    #[must_use]
    pub fn location(&self) -> String {
        let parameters: Vec<_> = self
            .state
            .iter()
            .map(|state| ("state", state.clone()))
            .collect();
        append_to_query(self.redirect_uri.as_str(), &parameters)
    }
}

/// What happens with a logout request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Logout {
    /// The session, if there is one, ends now; then the person goes to the target, or sees a page.
    Silent {
        /// Where to.
        target: Option<LogoutTarget>,
    },
    /// The person is asked; after a yes the session ends and the person goes to the target.
    Confirm {
        /// Where to.
        target: Option<LogoutTarget>,
    },
}

/// Decides a logout request. `application` is what the register has for `client_id`, or for the
/// audience of `hint` when the request has no `client_id`; `hint` are the verified claims of
/// `id_token_hint`; `session` is the browser's living session.
///
/// # Errors
/// `invalid_request` for a page: an unknown client, a hint that does not verify or is another
/// client's, an address that is not registered.
pub fn decide(
    parameters: &LogoutParameters,
    application: Option<&Application>,
    hint: Option<&IdTokenHint>,
    session: Option<&Session>,
) -> Result<Logout, OAuthError> {
    let hint = check_hint(parameters, hint)?;
    let application = check_application(parameters, application, hint)?;
    let target = check_target(parameters, application)?;
    let is_asked_by_application = parameters.client_id.is_some() && target.is_some();
    let is_silent = match (session, hint) {
        (None, _) => true,
        (Some(session), Some(hint)) => hint.subject == session.user_id.as_str(),
        (Some(_), None) => is_asked_by_application,
    };
    Ok(if is_silent {
        Logout::Silent { target }
    } else {
        Logout::Confirm { target }
    })
}

/// A hint that was sent must hold, and be the client's own when one is named.
fn check_hint<'a>(
    parameters: &LogoutParameters,
    verified: Option<&'a IdTokenHint>,
) -> Result<Option<&'a IdTokenHint>, OAuthError> {
    if parameters.id_token_hint.is_none() {
        return Ok(None);
    }
    verified
        .filter(|hint| {
            parameters
                .client_id
                .as_ref()
                .is_none_or(|client_id| *client_id == hint.audience)
        })
        .map(Some)
        .ok_or_else(|| {
            OAuthError::invalid_request(
                "id_token_hint is not an ID token that this server gave this client",
            )
        })
}

/// A client that is named must exist.
fn check_application<'a>(
    parameters: &LogoutParameters,
    application: Option<&'a Application>,
    hint: Option<&IdTokenHint>,
) -> Result<Option<&'a Application>, OAuthError> {
    let named = parameters
        .client_id
        .as_deref()
        .or(hint.map(|hint| hint.audience.as_str()));
    let application = application.filter(|application| named == Some(application.id.as_str()));
    if parameters.client_id.is_some() && application.is_none() {
        return Err(OAuthError::invalid_request(
            "client_id is not an application of this server",
        ));
    }
    Ok(application)
}

/// An address that is named must be registered, character by character.
fn check_target(
    parameters: &LogoutParameters,
    application: Option<&Application>,
) -> Result<Option<LogoutTarget>, OAuthError> {
    let Some(presented) = &parameters.post_logout_redirect_uri else {
        return Ok(None);
    };
    application
        .and_then(|application| application.find_post_logout_redirect_uri(presented))
        .map(|redirect_uri| {
            Some(LogoutTarget {
                redirect_uri,
                state: parameters.state.clone(),
            })
        })
        .ok_or_else(|| {
            OAuthError::invalid_request(
                "post_logout_redirect_uri is not registered for the client; name the client by client_id or id_token_hint",
            )
        })
}

#[cfg(test)]
mod tests;
