//! The first half of a sign-in: the address to send the browser to.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::client::Client;
use crate::discovery;
use crate::{Error, Result, secret};

/// What [`Client::sign_in_url`] gives.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Send the browser here.
    pub url: Url,
    /// Keep this for the browser until the callback.
    pub session: SignInSession,
}

/// The secrets of one sign-in under way. Keep it on the server, or in a sealed cookie, bound to the
/// browser that started; use it for one callback and drop it. It can be serialised; what is inside
/// may change.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInSession {
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) code_verifier: String,
}

impl SignInSession {
    fn new() -> Result<Self> {
        Ok(Self {
            state: secret::random()?,
            nonce: secret::random()?,
            code_verifier: secret::random()?,
        })
    }
}

impl fmt::Debug for SignInSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInSession").finish_non_exhaustive()
    }
}

/// Wishes for one sign-in.
#[derive(Debug, Clone, Default)]
pub struct SignInOptions {
    /// `prompt`; `None` reads as `consent`, without which there is no refresh token.
    pub prompt: Option<String>,
    /// The page to begin with, such as `register`.
    pub first_screen: Option<String>,
    /// The identifier to fill in.
    pub login_hint: Option<String>,
    /// Languages of the pages, best first, separated by spaces (`ja en`).
    pub ui_locales: Option<String>,
}

impl Client {
    /// Starts a sign-in with PKCE, `state` and `nonce`, for the scopes and resources of the
    /// configuration.
    ///
    /// # Errors
    /// When the discovery document cannot be read.
    pub async fn sign_in_url(&self) -> Result<SignIn> {
        self.sign_in_url_with(&SignInOptions::default()).await
    }

    /// [`sign_in_url`](Self::sign_in_url) with wishes.
    ///
    /// # Errors
    /// When the discovery document cannot be read.
    pub async fn sign_in_url_with(&self, options: &SignInOptions) -> Result<SignIn> {
        let discovery = self.provider().discovery().await?;
        let mut url =
            Url::parse(&discovery.authorization_endpoint).map_err(|error| Error::Unexpected {
                what: discovery::WHAT,
                problem: format!("`authorization_endpoint` is no URL: {error}"),
            })?;
        let session = SignInSession::new()?;
        let config = self.config();
        let wishes = [
            ("first_screen", &options.first_screen),
            ("login_hint", &options.login_hint),
            ("ui_locales", &options.ui_locales),
        ];
        url.query_pairs_mut()
            .append_pair("client_id", &config.app_id)
            .append_pair("redirect_uri", &config.redirect_uri)
            .append_pair("response_type", "code")
            .append_pair("scope", &config.scope())
            .append_pair(
                "code_challenge",
                &secret::code_challenge(&session.code_verifier),
            )
            .append_pair("code_challenge_method", "S256")
            .append_pair("state", &session.state)
            .append_pair("nonce", &session.nonce)
            .append_pair("prompt", options.prompt.as_deref().unwrap_or("consent"))
            .extend_pairs(
                config
                    .resources
                    .iter()
                    .map(|resource| ("resource", resource)),
            )
            .extend_pairs(
                wishes
                    .iter()
                    .filter_map(|(name, value)| value.as_deref().map(|value| (*name, value))),
            );
        Ok(SignIn { url, session })
    }
}
