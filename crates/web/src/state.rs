//! What every handler may use.

use std::{net::IpAddr, sync::Arc};

use axum::extract::FromRef;
use ipnet::IpNet;
use meibo_app::App;
use url::Url;

/// How the service is reached.
#[derive(Debug, Clone)]
pub struct WebConfig {
    /// Proxies whose `X-Forwarded-For` and `X-Request-Id` are believed. Nobody else's are.
    pub trusted_proxies: Vec<IpNet>,
    /// The address that people and applications use, without a path.
    pub public_url: Url,
}

impl WebConfig {
    /// Is the address one of a trusted proxy? An IPv4 address mapped into IPv6 counts as IPv4.
    #[must_use]
    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted_proxies
            .iter()
            .any(|network| network.contains(&address))
    }

    /// Do browsers reach the service by TLS?
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

/// The state of the router. Clones are cheap and share everything.
#[derive(Clone)]
pub struct AppState {
    /// The use cases.
    pub app: App,
    /// How the service is reached.
    pub config: Arc<WebConfig>,
}

impl FromRef<AppState> for App {
    fn from_ref(state: &AppState) -> Self {
        state.app.clone()
    }
}

impl FromRef<AppState> for Arc<WebConfig> {
    fn from_ref(state: &AppState) -> Self {
        Arc::clone(&state.config)
    }
}
