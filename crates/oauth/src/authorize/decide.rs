//! What happens next with a checked request: OpenID Connect Core sections 3.1.2.3 to 3.1.2.6.

use meibo_domain::{session::Session, time::Timestamp};

use super::{
    AuthorizationRequest, Screen,
    consent::{self, Consent, ConsentState},
};
use crate::OAuthErrorCode;

/// The browser's session and whether its person may use it.
#[derive(Debug, Clone, Copy)]
pub struct SessionState<'a> {
    /// The session.
    pub session: &'a Session,
    /// Does the account exist, and is it not suspended?
    pub user_is_active: bool,
}

/// The next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizationStep {
    /// The person has to sign in; show this page.
    SignIn {
        /// The page to begin with.
        screen: Screen,
    },
    /// The session's person has to be asked for consent.
    AskConsent,
    /// Give a code for the session's person.
    Issue,
    /// Send this error to the client.
    Refuse(OAuthErrorCode),
}

/// Decides the next step. `is_resumed_after_sign_in` says that the person has just signed in to
/// `session` for this very request, which satisfies `prompt=login`, `prompt=select_account` and
/// `max_age`. `consent` is about the session's person.
#[must_use]
pub fn decide(
    request: &AuthorizationRequest,
    session: Option<SessionState<'_>>,
    is_resumed_after_sign_in: bool,
    consent: ConsentState<'_>,
    now: Timestamp,
) -> AuthorizationStep {
    let sign_in = if request.prompts.none {
        AuthorizationStep::Refuse(OAuthErrorCode::LoginRequired)
    } else {
        AuthorizationStep::SignIn {
            screen: request.screen,
        }
    };
    let Some(session) = session
        .filter(|state| state.user_is_active && state.session.is_alive(now))
        .map(|state| state.session)
    else {
        return sign_in;
    };
    if !is_expected_person(request, session) {
        return if is_resumed_after_sign_in {
            AuthorizationStep::Refuse(OAuthErrorCode::LoginRequired)
        } else {
            sign_in
        };
    }
    let is_too_old = request
        .max_age
        .is_some_and(|max_age| now - session.auth_time > max_age || max_age.is_zero());
    let asks_again = request.prompts.login || request.prompts.select_account || is_too_old;
    if asks_again && !is_resumed_after_sign_in {
        return sign_in;
    }
    match consent::check(request, session, consent) {
        Consent::Given => AuthorizationStep::Issue,
        Consent::Ask => AuthorizationStep::AskConsent,
        Consent::Refuse(code) => AuthorizationStep::Refuse(code),
    }
}

fn is_expected_person(request: &AuthorizationRequest, session: &Session) -> bool {
    request
        .id_token_hint
        .as_ref()
        .is_none_or(|hint| hint.subject == session.user_id.as_str())
}
