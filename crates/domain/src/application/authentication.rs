//! How an application authenticates at the token endpoint, and the public keys that it does so with
//! (RFC 7591 section 2: `token_endpoint_auth_method`, `jwks`, `jwks_uri`).

use serde_json::{Map, Value};

use super::Application;
use crate::{Error, Result, json::check_json, text::check_called_url};

/// Keys that a registered set may have.
pub const MAX_JWKS_KEYS: usize = 20;

/// The most bytes that a registered set may have as compact JSON.
const MAX_JWKS_BYTES: usize = 64 * 1024;

/// Members that only a private or a symmetric key has (RFC 7518 sections 6.2.2, 6.3.2 and 6.4).
const PRIVATE_MEMBERS: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/// A registered way of client authentication (OpenID Connect Core section 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenEndpointAuthMethod {
    /// A secret in the header. The next one is taken as well.
    ClientSecretBasic,
    /// A secret in the body. The former one is taken as well.
    ClientSecretPost,
    /// A signed assertion (RFC 7523), and no secret.
    PrivateKeyJwt,
    /// Nothing: a public client.
    None,
}

impl TokenEndpointAuthMethod {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::ClientSecretBasic,
        Self::ClientSecretPost,
        Self::PrivateKeyJwt,
        Self::None,
    ];

    /// The registered name (RFC 7591 section 2).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::PrivateKeyJwt => "private_key_jwt",
            Self::None => "none",
        }
    }

    /// From the registered name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|method| method.as_str() == name)
    }
}

impl Application {
    /// How it authenticates. One without a registered method has a secret, a public one nothing.
    #[must_use]
    pub fn token_endpoint_auth_method(&self) -> TokenEndpointAuthMethod {
        if self.application_type.is_public() {
            return TokenEndpointAuthMethod::None;
        }
        self.oidc
            .token_endpoint_auth_method
            .as_deref()
            .and_then(TokenEndpointAuthMethod::parse)
            .unwrap_or(TokenEndpointAuthMethod::ClientSecretBasic)
    }

    /// The members of the registered metadata that have to do with authentication.
    pub(super) fn check_authentication(&self) -> Result<()> {
        let oidc = &self.oidc;
        let method = match &oidc.token_endpoint_auth_method {
            None => None,
            Some(name) => Some(self.check_method(name)?),
        };
        if let Some(jwks) = &oidc.jwks {
            check_jwks(jwks)?;
        }
        if let Some(url) = &oidc.jwks_uri {
            check_called_url("jwksUri", url)?;
        }
        match (&oidc.jwks, &oidc.jwks_uri) {
            (Some(_), Some(_)) => Err(Error::invalid(
                "jwksUri",
                "one_of",
                "register jwks or jwksUri, not both",
            )),
            (None, None) if method == Some(TokenEndpointAuthMethod::PrivateKeyJwt) => {
                Err(Error::invalid(
                    "jwks",
                    "required",
                    "private_key_jwt needs public keys: register jwks or jwksUri",
                ))
            }
            _ => Ok(()),
        }
    }

    fn check_method(&self, name: &str) -> Result<TokenEndpointAuthMethod> {
        let wrong = |message| Err(Error::invalid("tokenEndpointAuthMethod", "enum", message));
        match TokenEndpointAuthMethod::parse(name) {
            Some(method) => {
                let is_public = method == TokenEndpointAuthMethod::None;
                match (self.application_type.is_public(), is_public) {
                    (true, false) => wrong("a public client authenticates by none"),
                    (false, true) => wrong("only a public client authenticates by none"),
                    _ => Ok(method),
                }
            }
            None => wrong("one of client_secret_basic, client_secret_post, private_key_jwt, none"),
        }
    }
}

fn check_jwks(jwks: &Map<String, Value>) -> Result<()> {
    let set = Value::Object(jwks.clone());
    check_json("jwks", &set)?;
    if set.to_string().len() > MAX_JWKS_BYTES {
        return Err(Error::invalid(
            "jwks",
            "too_long",
            format!("at most {MAX_JWKS_BYTES} bytes of JSON"),
        ));
    }
    let keys = jwks
        .get("keys")
        .and_then(Value::as_array)
        .filter(|keys| (1..=MAX_JWKS_KEYS).contains(&keys.len()))
        .ok_or_else(|| {
            Error::invalid(
                "jwks.keys",
                "jwks",
                format!("a list of 1 to {MAX_JWKS_KEYS} public keys"),
            )
        })?;
    for (index, key) in keys.iter().enumerate() {
        let wrong = |message| Error::invalid(format!("jwks.keys.{index}"), "jwks", message);
        let members = key.as_object().ok_or_else(|| wrong("a key is an object"))?;
        if PRIVATE_MEMBERS
            .iter()
            .any(|name| members.contains_key(*name))
        {
            return Err(wrong(
                "this is a private or symmetric key, which must stay with its owner: register the \
                 public one and replace this one",
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        application::{ApplicationType, CustomClientMetadata, NewApplication, OidcClientMetadata},
        custom_data::CustomData,
        ids::ApplicationId,
        time::Timestamp,
    };

    /// The application with this registered metadata, or path and rule of what is wrong.
    fn create(kind: ApplicationType, oidc: Value) -> Result<Application, (String, &'static str)> {
        let new = NewApplication {
            is_third_party: false,
            name: "App".into(),
            description: None,
            application_type: kind,
            oidc: serde_json::from_value::<OidcClientMetadata>(oidc).unwrap(),
            custom: CustomClientMetadata::default(),
            custom_data: CustomData::default(),
        };
        new.create(ApplicationId::parse("a").unwrap(), Timestamp(0))
            .map_err(|error| {
                let violation = &error.violations()[0];
                (violation.path.clone(), violation.rule)
            })
    }

    fn keys(count: usize) -> Value {
        json!({"keys": vec![json!({"kty": "EC", "crv": "P-256", "x": "eA", "y": "eQ"}); count]})
    }

    #[test]
    fn rfc7591_2_methods_by_type() {
        use ApplicationType::{MachineToMachine, Native, Spa, Traditional};
        use TokenEndpointAuthMethod as Method;
        for (kind, oidc, expected) in [
            (Spa, json!({}), Method::None),
            (
                Native,
                json!({"tokenEndpointAuthMethod": "none"}),
                Method::None,
            ),
            (Traditional, json!({}), Method::ClientSecretBasic),
            (
                Traditional,
                json!({"tokenEndpointAuthMethod": "client_secret_post"}),
                Method::ClientSecretPost,
            ),
            (
                MachineToMachine,
                json!({"tokenEndpointAuthMethod": "private_key_jwt", "jwks": keys(MAX_JWKS_KEYS)}),
                Method::PrivateKeyJwt,
            ),
            (
                MachineToMachine,
                json!({"tokenEndpointAuthMethod": "private_key_jwt", "jwksUri": "https://a.example/jwks"}),
                Method::PrivateKeyJwt,
            ),
            (
                Traditional,
                json!({"jwks": keys(1)}),
                Method::ClientSecretBasic,
            ),
        ] {
            let application = create(kind, oidc.clone()).unwrap();
            assert_eq!(application.token_endpoint_auth_method(), expected, "{oidc}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        use ApplicationType::{Spa, Traditional};
        let method = "oidcClientMetadata.tokenEndpointAuthMethod";
        let uri = "oidcClientMetadata.jwksUri";
        let list = "oidcClientMetadata.jwks.keys";
        let first = "oidcClientMetadata.jwks.keys.0";
        for (kind, oidc, path, rule) in [
            (
                Spa,
                json!({"tokenEndpointAuthMethod": "private_key_jwt", "jwks": keys(1)}),
                method,
                "enum",
            ),
            (
                Spa,
                json!({"tokenEndpointAuthMethod": "client_secret_basic"}),
                method,
                "enum",
            ),
            (
                Traditional,
                json!({"tokenEndpointAuthMethod": "none"}),
                method,
                "enum",
            ),
            (
                Traditional,
                json!({"tokenEndpointAuthMethod": "client_secret_jwt"}),
                method,
                "enum",
            ),
            (
                Traditional,
                json!({"tokenEndpointAuthMethod": ""}),
                method,
                "enum",
            ),
            (
                Traditional,
                json!({"tokenEndpointAuthMethod": "private_key_jwt"}),
                "oidcClientMetadata.jwks",
                "required",
            ),
            (
                Traditional,
                json!({"jwks": keys(1), "jwksUri": "https://a.example/"}),
                uri,
                "one_of",
            ),
            (Traditional, json!({"jwksUri": "/jwks"}), uri, "url"),
            (
                Traditional,
                json!({"jwksUri": "ftp://a.example/jwks"}),
                uri,
                "url",
            ),
            (
                Traditional,
                json!({"jwksUri": "https://u:p@a.example/jwks"}),
                uri,
                "url",
            ),
            (
                Traditional,
                json!({"jwksUri": "https://a.example/jwks#k"}),
                uri,
                "url",
            ),
            (Traditional, json!({"jwks": {}}), list, "jwks"),
            (Traditional, json!({"jwks": {"keys": {}}}), list, "jwks"),
            (Traditional, json!({"jwks": keys(0)}), list, "jwks"),
            (
                Traditional,
                json!({"jwks": keys(MAX_JWKS_KEYS + 1)}),
                list,
                "jwks",
            ),
            (Traditional, json!({"jwks": {"keys": ["k"]}}), first, "jwks"),
            (
                Traditional,
                json!({"jwks": {"keys": [{"kty": "RSA", "n": "x", "e": "AQAB", "d": "x"}]}}),
                first,
                "jwks",
            ),
            (
                Traditional,
                json!({"jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}}),
                first,
                "jwks",
            ),
            (
                Traditional,
                json!({"jwks": {"keys": [{"x": "x".repeat(MAX_JWKS_BYTES)}]}}),
                "oidcClientMetadata.jwks",
                "too_long",
            ),
        ] {
            assert_eq!(
                create(kind, oidc.clone()),
                Err((path.to_owned(), rule)),
                "{oidc:.120}"
            );
        }
    }
}
