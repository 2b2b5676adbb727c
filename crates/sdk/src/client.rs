//! An application at its server.

use std::sync::Arc;

use crate::config::{Config, check_filled, parse_uri};
use crate::token_endpoint::{self, TokenResponse, post_form};
use crate::{Provider, Result, Session, Tokens};

/// An application people sign in to. Make one and share it; clones are cheap and share the
/// discovery document and the keys.
#[derive(Clone)]
pub struct Client {
    inner: Arc<(Config, Provider)>,
}

impl Client {
    /// Checks the settings; asks the server nothing yet.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) names the setting.
    pub fn new(config: Config) -> Result<Self> {
        let provider = Provider::new(&config.endpoint, &config.http)?;
        check_filled("app_id", &config.app_id)?;
        if let Some(secret) = &config.app_secret {
            check_filled("app_secret", secret)?;
        }
        parse_uri("redirect_uri", &config.redirect_uri)?;
        if let Some(uri) = &config.post_logout_redirect_uri {
            parse_uri("post_logout_redirect_uri", uri)?;
        }
        for resource in &config.resources {
            parse_uri("resources", resource)?;
        }
        Ok(Self {
            inner: Arc::new((config, provider)),
        })
    }

    /// The server.
    #[must_use]
    pub fn provider(&self) -> &Provider {
        &self.inner.1
    }

    /// A signed-in person's session over tokens from [`handle_callback`](Self::handle_callback) or
    /// from the application's own storage.
    #[must_use]
    pub fn session(&self, tokens: Tokens) -> Session {
        Session::new(self.clone(), tokens)
    }

    pub(crate) fn config(&self) -> &Config {
        &self.inner.0
    }

    /// A grant at the token endpoint.
    pub(crate) async fn token_request(&self, fields: &[(&str, &str)]) -> Result<TokenResponse> {
        let discovery = self.provider().discovery().await?;
        let answer = post_form(
            self.provider().http(),
            token_endpoint::WHAT,
            &discovery.token_endpoint,
            self.credentials(),
            fields,
        )
        .await?;
        TokenResponse::read(&answer)
    }

    pub(crate) fn credentials(&self) -> (&str, Option<&str>) {
        (&self.config().app_id, self.config().app_secret.as_deref())
    }
}
