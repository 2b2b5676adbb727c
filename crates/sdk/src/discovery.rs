//! The server's description of itself (OpenID Connect Discovery 1.0 section 4).

use serde::Deserialize;

use crate::{Error, Result};

pub(crate) const WHAT: &str = "discovery document";

/// The members this crate uses.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Discovery {
    pub(crate) issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) userinfo_endpoint: String,
    pub(crate) jwks_uri: String,
    pub(crate) end_session_endpoint: Option<String>,
    pub(crate) revocation_endpoint: Option<String>,
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
}

/// The issuer of an endpoint.
pub(crate) fn issuer_of(endpoint: &str) -> String {
    format!("{endpoint}/oidc")
}

impl Discovery {
    /// Refuses a document of another issuer, or one that leads from https to http or back.
    pub(crate) fn check(self, endpoint: &str) -> Result<Self> {
        let refuse = |problem: String| {
            Err(Error::Unexpected {
                what: WHAT,
                problem,
            })
        };
        let expected = issuer_of(endpoint);
        if self.issuer != expected {
            return refuse(format!(
                "the issuer is `{}`, not `{expected}`; use the server's public address as the endpoint",
                self.issuer
            ));
        }
        let scheme = if endpoint.starts_with("https:") {
            "https://"
        } else {
            "http://"
        };
        let required = [
            &self.authorization_endpoint,
            &self.token_endpoint,
            &self.userinfo_endpoint,
            &self.jwks_uri,
        ];
        let optional = [&self.end_session_endpoint, &self.revocation_endpoint]
            .into_iter()
            .flatten();
        for address in required.into_iter().chain(optional) {
            if !address.starts_with(scheme) {
                return refuse(format!(
                    "`{address}` does not begin with {scheme} as the endpoint does"
                ));
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn document() -> Value {
        json!({
            "issuer": "https://a.example/oidc",
            "authorization_endpoint": "https://a.example/oidc/auth",
            "token_endpoint": "https://a.example/oidc/token",
            "userinfo_endpoint": "https://a.example/oidc/me",
            "jwks_uri": "https://a.example/oidc/jwks",
            "unknown": [1, 2],
        })
    }

    fn check(document: Value) -> Result<Discovery> {
        serde_json::from_value::<Discovery>(document)
            .unwrap()
            .check("https://a.example")
    }

    #[test]
    fn takes_its_own_issuer_only() {
        assert!(check(document()).is_ok());
        for issuer in [
            "https://b.example/oidc",
            "https://a.example/oidc/",
            "http://a.example/oidc",
        ] {
            let mut other = document();
            other["issuer"] = json!(issuer);
            assert!(check(other).is_err(), "{issuer}");
        }
    }

    #[test]
    fn refuses_a_downgrade() {
        let mut other = document();
        other["revocation_endpoint"] = json!("http://a.example/oidc/token/revocation");
        assert!(check(other).is_err());
    }
}
