//! When a person is asked for consent (OpenID Connect Core sections 3.1.2.1, 3.1.2.4 and 3.1.2.6).
//!
//! The business's own applications never ask. A third-party application gets what its person has
//! allowed before; for more, and for `prompt=consent`, the person is asked, and for a native one always.

use meibo_domain::{
    application::{Application, ApplicationType},
    consent::{ConsentAnswer, ConsentDecision, Extent},
    session::Session,
};

use super::AuthorizationRequest;
use crate::OAuthErrorCode;

/// What the need of consent depends on, beside the request.
#[derive(Debug, Clone, Copy)]
pub struct ConsentState<'a> {
    /// Which application asks.
    pub application: &'a Application,
    /// What the session's person has allowed it before.
    pub remembered: Option<&'a Extent>,
    /// What was said on the page for this very request.
    pub answer: Option<&'a ConsentAnswer>,
}

/// What becomes of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Consent {
    /// Nothing need be asked.
    Given,
    /// The person has to be asked.
    Ask,
    /// This error goes to the client.
    Refuse(OAuthErrorCode),
}

/// Decides for the person of `session`. An answer counts in the session that gave it only, and a yes
/// only as far as it is remembered: it may have been revoked since, or the request grown.
pub(super) fn check(
    request: &AuthorizationRequest,
    session: &Session,
    state: ConsentState<'_>,
) -> Consent {
    if !state.application.is_third_party {
        return Consent::Given;
    }
    let decision = state
        .answer
        .filter(|answer| answer.session_id == session.id)
        .map(|answer| answer.decision);
    let is_covered = state
        .remembered
        .is_some_and(|remembered| remembered.covers(&request.asked));
    // Another application of the same device can take this one's name (RFC 8252 section 8.6).
    let is_anybody = state.application.application_type == ApplicationType::Native;
    match decision {
        Some(ConsentDecision::Deny) => Consent::Refuse(OAuthErrorCode::AccessDenied),
        Some(ConsentDecision::Allow) if is_covered => Consent::Given,
        None if is_covered && !request.prompts.consent && !is_anybody => Consent::Given,
        _ if request.prompts.none => Consent::Refuse(OAuthErrorCode::ConsentRequired),
        _ => Consent::Ask,
    }
}
