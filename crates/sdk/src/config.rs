//! What an application has to say about itself.

use std::fmt;

use url::Url;

use crate::{Error, HttpOptions, Result};

/// Settings of a [`Client`](crate::Client). [`Config::new`] fills in everything optional.
#[derive(Clone)]
pub struct Config {
    /// The server's address without `/oidc`, such as `https://auth.example.com`. A path is kept.
    pub endpoint: String,
    /// The application's id.
    pub app_id: String,
    /// The secret of a confidential application; `None` for a public one.
    pub app_secret: Option<String>,
    /// Where the server sends the browser back to; registered exactly so.
    pub redirect_uri: String,
    /// Where the browser goes after sign-out; registered exactly so. `None`: the server's own page.
    pub post_logout_redirect_uri: Option<String>,
    /// Scopes beside `openid offline_access profile`, which are always asked for.
    pub scopes: Vec<String>,
    /// Indicators of the API resources the application will want access tokens for (RFC 8707).
    pub resources: Vec<String>,
    /// Timeouts and size limit.
    pub http: HttpOptions,
}

impl Config {
    /// A public application without further scopes or resources.
    pub fn new(
        endpoint: impl Into<String>,
        app_id: impl Into<String>,
        redirect_uri: impl Into<String>,
    ) -> Self {
        Self {
            endpoint: endpoint.into(),
            app_id: app_id.into(),
            app_secret: None,
            redirect_uri: redirect_uri.into(),
            post_logout_redirect_uri: None,
            scopes: Vec::new(),
            resources: Vec::new(),
            http: HttpOptions::default(),
        }
    }

    /// `openid offline_access profile` and the extra scopes, each once, separated by spaces.
    pub(crate) fn scope(&self) -> String {
        let mut scopes = vec!["openid", "offline_access", "profile"];
        for scope in self
            .scopes
            .iter()
            .flat_map(|scope| scope.split_whitespace())
        {
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        scopes.join(" ")
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("endpoint", &self.endpoint)
            .field("app_id", &self.app_id)
            .field("redirect_uri", &self.redirect_uri)
            .finish_non_exhaustive()
    }
}

/// Settings of a [`MachineClient`](crate::MachineClient).
#[derive(Clone)]
pub struct MachineConfig {
    /// The server's address without `/oidc`.
    pub endpoint: String,
    /// The machine-to-machine application's id.
    pub app_id: String,
    /// Its secret.
    pub app_secret: String,
    /// The API resource the token is for.
    pub resource: String,
    /// The scopes to ask for, separated by spaces.
    pub scope: String,
    /// Timeouts and size limit.
    pub http: HttpOptions,
}

impl MachineConfig {
    /// The indicator of the Management API, the same on every self-hosted server.
    pub const MANAGEMENT_RESOURCE: &str = "https://default.logto.app/api";

    /// A caller of the Management API with its scope `all`.
    pub fn new(
        endpoint: impl Into<String>,
        app_id: impl Into<String>,
        app_secret: impl Into<String>,
    ) -> Self {
        Self {
            endpoint: endpoint.into(),
            app_id: app_id.into(),
            app_secret: app_secret.into(),
            resource: Self::MANAGEMENT_RESOURCE.to_owned(),
            scope: "all".to_owned(),
            http: HttpOptions::default(),
        }
    }
}

impl fmt::Debug for MachineConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MachineConfig")
            .field("endpoint", &self.endpoint)
            .field("app_id", &self.app_id)
            .field("resource", &self.resource)
            .finish_non_exhaustive()
    }
}

/// Refuses an empty setting.
pub(crate) fn check_filled(setting: &'static str, value: &str) -> Result<()> {
    if value.is_empty() {
        return Err(Error::Setting {
            setting,
            problem: "must not be empty".to_owned(),
        });
    }
    Ok(())
}

/// An absolute URI with a host or an application's own scheme, without a fragment (RFC 6749 section 3.1.2).
pub(crate) fn parse_uri(setting: &'static str, value: &str) -> Result<Url> {
    let uri = Url::parse(value).map_err(|error| Error::Setting {
        setting,
        problem: format!("is no URL: {error}"),
    })?;
    if uri.fragment().is_some() {
        return Err(Error::Setting {
            setting,
            problem: "must not have a fragment".to_owned(),
        });
    }
    Ok(uri)
}

/// The endpoint: http or https, no query, no fragment, no credentials, no slash at the end.
pub(crate) fn parse_endpoint(value: &str) -> Result<String> {
    let refuse = |problem: &str| Error::Setting {
        setting: "endpoint",
        problem: problem.to_owned(),
    };
    let url = parse_uri("endpoint", value)?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse("must begin with http:// or https://"));
    }
    if url.query().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err(refuse("must be only scheme, host, port and path"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_asked_for_once() {
        let mut config = Config::new("http://localhost", "app", "http://localhost/callback");
        assert_eq!(config.scope(), "openid offline_access profile");
        config.scopes = vec![
            "email phone".to_owned(),
            "profile".to_owned(),
            "email".to_owned(),
        ];
        assert_eq!(config.scope(), "openid offline_access profile email phone");
    }

    #[test]
    fn endpoints() {
        assert_eq!(
            parse_endpoint("http://localhost:3001/").ok().as_deref(),
            Some("http://localhost:3001")
        );
        assert_eq!(
            parse_endpoint("https://a.example/id/").ok().as_deref(),
            Some("https://a.example/id")
        );
        for bad in [
            "",
            "localhost:3001",
            "ftp://a.example",
            "https://a.example?x=1",
            "https://u:p@a.example",
            "/oidc",
            "https://a.example#x",
        ] {
            assert!(parse_endpoint(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let config = Config {
            app_secret: Some("hush".to_owned()),
            ..Config::new("http://a", "b", "http://c")
        };
        assert!(!format!("{config:?}").contains("hush"));
        assert!(!format!("{:?}", MachineConfig::new("http://a", "b", "hush")).contains("hush"));
    }
}
