//! The authorization response: RFC 6749 sections 4.1.2 and 4.1.2.1, with `iss` as RFC 9207 wants
//! it. It can be built only from a redirect URI that was checked.

use meibo_domain::application::CheckedRedirectUri;

use super::{AuthorizationRefusal, AuthorizationRequest, ResponseMode};
use crate::response_url::{append_to_query, encode};

/// An answer on its way to the client.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationResponse {
    mode: ResponseMode,
    redirect_uri: CheckedRedirectUri,
    parameters: Vec<(&'static str, String)>,
}

impl AuthorizationResponse {
    /// The answer with a code.
    #[must_use]
    pub fn success(request: &AuthorizationRequest, code: &str, issuer: &str) -> Self {
        Self::new(
            request.response_mode,
            request.redirect_uri.clone(),
            vec![("code", code.to_owned())],
            request.state.clone(),
            issuer,
        )
    }

    /// The answer with an error.
    #[must_use]
    pub fn error(refusal: &AuthorizationRefusal, issuer: &str) -> Self {
        let error = &refusal.error;
        Self::new(
            refusal.response_mode,
            refusal.redirect_uri.clone(),
            vec![
                ("error", error.code().as_str().to_owned()),
                ("error_description", error.description().to_owned()),
            ],
            refusal.state.clone(),
            issuer,
        )
    }

    fn new(
        mode: ResponseMode,
        redirect_uri: CheckedRedirectUri,
        mut parameters: Vec<(&'static str, String)>,
        state: Option<String>,
        issuer: &str,
    ) -> Self {
        parameters.extend(state.map(|state| ("state", state)));
        parameters.push(("iss", issuer.to_owned()));
        Self {
            mode,
            redirect_uri,
            parameters,
        }
    }

    /// How it travels.
    #[must_use]
    pub const fn mode(&self) -> ResponseMode {
        self.mode
    }

    /// Where the browser goes: `Location` for query and fragment, for form_post the form's
    /// `action`, its parameters being in [`Self::form_fields`].
    #[must_use]
    pub fn location(&self) -> String {
        let uri = self.redirect_uri.as_str();
        match self.mode {
            ResponseMode::Query => append_to_query(uri, &self.parameters),
            ResponseMode::Fragment => format!("{uri}#{}", encode(&self.parameters)),
            ResponseMode::FormPost => uri.to_owned(),
        }
    }

    /// The hidden fields of the form (form_post); empty for the other modes.
    #[must_use]
    pub fn form_fields(&self) -> &[(&'static str, String)] {
        match self.mode {
            ResponseMode::FormPost => &self.parameters,
            ResponseMode::Query | ResponseMode::Fragment => &[],
        }
    }
}

impl std::fmt::Debug for AuthorizationResponse {
    /// Without the code.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("AuthorizationResponse")
            .field("mode", &self.mode)
            .field("redirect_uri", &self.redirect_uri)
            .finish_non_exhaustive()
    }
}
