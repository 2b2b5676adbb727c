//! An authorization request that passed its checks, or the answer to one that did not.

use std::time::Duration;

use meibo_domain::{
    application::CheckedRedirectUri, consent::Extent, ids::ApplicationId, scope::ScopeSet,
};

use super::{Prompts, ResponseMode, Screen};
use crate::{OAuthError, id_token_hint::IdTokenHint};

/// What an application asks for; every member is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub application_id: ApplicationId,
    /// Where the answer goes; the token request must repeat it.
    pub redirect_uri: CheckedRedirectUri,
    /// How the answer travels.
    pub response_mode: ResponseMode,
    /// Returned unchanged.
    pub state: Option<String>,
    /// Scopes that exist among those asked for, of OpenID Connect and of the resources.
    pub scopes: ScopeSet,
    /// The same scopes, each with the resource that it belongs to.
    pub asked: Extent,
    /// Indicators of existing resources.
    pub resources: Vec<String>,
    /// For the ID token.
    pub nonce: Option<String>,
    /// S256 challenge; public clients have one.
    pub code_challenge: Option<String>,
    /// What the person has to do.
    pub prompts: Prompts,
    /// Greatest age of the session's proof.
    pub max_age: Option<Duration>,
    /// The person expected.
    pub id_token_hint: Option<IdTokenHint>,
    /// The page to begin with.
    pub screen: Screen,
}

impl AuthorizationRequest {
    /// The request refused with `error`.
    #[must_use]
    pub fn refuse(&self, error: impl Into<OAuthError>) -> AuthorizationRefusal {
        AuthorizationRefusal {
            error: error.into(),
            redirect_uri: self.redirect_uri.clone(),
            response_mode: self.response_mode,
            state: self.state.clone(),
        }
    }
}

/// An error that goes back to the client, and the way there.
#[derive(Debug, Clone)]
pub struct AuthorizationRefusal {
    /// What is wrong.
    pub error: OAuthError,
    /// Where the answer goes.
    pub redirect_uri: CheckedRedirectUri,
    /// How it travels.
    pub response_mode: ResponseMode,
    /// Returned unchanged.
    pub state: Option<String>,
}
