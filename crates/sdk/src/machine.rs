//! An application acting as itself (RFC 6749 section 4.4).

use std::sync::{Arc, Mutex};

use crate::config::{MachineConfig, check_filled, parse_uri};
use crate::flights::{Flights, lock};
use crate::token_endpoint::{self, TokenResponse};
use crate::tokens::MARGIN;
use crate::{Provider, Result, time};

/// A machine-to-machine application. Make one and share it; clones share one cached token.
#[derive(Clone)]
pub struct MachineClient {
    inner: Arc<Inner>,
}

struct Inner {
    config: MachineConfig,
    provider: Provider,
    /// The token, and the time in seconds since 1970 until which it is used.
    token: Mutex<Option<(String, i64)>>,
    fetching: Flights<(), String>,
}

impl MachineClient {
    /// Checks the settings; asks the server nothing yet.
    ///
    /// # Errors
    /// [`Error::Setting`](crate::Error::Setting) names the setting.
    pub fn new(config: MachineConfig) -> Result<Self> {
        let provider = Provider::new(&config.endpoint, &config.http)?;
        check_filled("app_id", &config.app_id)?;
        check_filled("app_secret", &config.app_secret)?;
        parse_uri("resource", &config.resource)?;
        let inner = Inner {
            config,
            provider,
            token: Mutex::default(),
            fetching: Flights::new(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// The server.
    #[must_use]
    pub fn provider(&self) -> &Provider {
        &self.inner.provider
    }

    /// An access token for the configured resource, cached until a minute before it expires; many
    /// callers cause one request.
    ///
    /// # Errors
    /// [`Error::Api`](crate::Error::Api) when the server refuses the application or the resource.
    pub async fn access_token(&self) -> Result<String> {
        if let Some(token) = self.inner.fresh() {
            return Ok(token);
        }
        let inner = Arc::clone(&self.inner);
        let call = async move {
            match inner.fresh() {
                Some(token) => Ok(token),
                None => inner.fetch().await,
            }
        };
        self.inner.fetching.join((), call).await
    }

    /// Drops `token` from the cache, because an API refused it.
    pub(crate) fn forget(&self, token: &str) {
        let mut cached = lock(&self.inner.token);
        if cached.as_ref().is_some_and(|(cached, _)| cached == token) {
            *cached = None;
        }
    }
}

impl Inner {
    fn fresh(&self) -> Option<String> {
        let cached = lock(&self.token);
        cached
            .as_ref()
            .filter(|(_, until)| *until > time::now())
            .map(|(token, _)| token.clone())
    }

    async fn fetch(&self) -> Result<String> {
        let discovery = self.provider.discovery().await?;
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", &self.config.app_id),
            ("client_secret", &self.config.app_secret),
            ("resource", &self.config.resource),
            ("scope", &self.config.scope),
        ];
        let request = self
            .provider
            .http()
            .client()
            .post(&discovery.token_endpoint)
            .form(&form);
        let answer = self
            .provider
            .http()
            .send(token_endpoint::WHAT, request)
            .await?
            .check_success()?;
        let response = TokenResponse::read(&answer)?;
        let until = time::now()
            .saturating_add(response.lifetime()?)
            .saturating_sub(MARGIN);
        *lock(&self.token) = Some((response.access_token.clone(), until));
        Ok(response.access_token)
    }
}
