//! The discovery document: OpenID Connect Discovery section 3, RFC 8414 section 2. It names what
//! works and nothing else; both well-known addresses give it.

use meibo_crypto::signing_key::SigningAlgorithm;
use serde_json::{Value, json};

use crate::{
    acr,
    authorize::{PROMPT_VALUES, ResponseMode},
    pkce, scope,
    token::GrantType,
    user_claims,
};

/// Paths below the issuer.
pub mod path {
    /// The authorization endpoint.
    pub const AUTHORIZATION: &str = "/auth";
    /// The token endpoint.
    pub const TOKEN: &str = "/token";
    /// The userinfo endpoint.
    pub const USERINFO: &str = "/me";
    /// The key set.
    pub const JWKS: &str = "/jwks";
    /// The end-session endpoint.
    pub const END_SESSION: &str = "/session/end";
    /// The revocation endpoint.
    pub const REVOCATION: &str = "/token/revocation";
    /// The introspection endpoint.
    pub const INTROSPECTION: &str = "/token/introspection";
    /// OpenID Connect Discovery.
    pub const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
    /// RFC 8414.
    pub const AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server";
}

/// How clients authenticate, here and at the revocation endpoint.
const CLIENT_AUTHENTICATION: &[&str] = &[
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
    "none",
];

/// How they do at the introspection endpoint, which is not for public ones.
const CONFIDENTIAL_AUTHENTICATION: &[&str] = &[
    "client_secret_basic",
    "client_secret_post",
    "private_key_jwt",
];

/// Claims that no scope gives.
const TOKEN_CLAIMS: &[&str] = &[
    "sub",
    "iss",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "sid",
    "amr",
    "acr",
];

/// The document of the server whose issuer is `issuer`, such as `https://id.example/oidc`.
#[must_use]
pub fn document(issuer: &str) -> Value {
    let at = |path: &str| format!("{issuer}{path}");
    let claims: Vec<&str> = TOKEN_CLAIMS
        .iter()
        .chain(user_claims::BY_SCOPE.iter().flat_map(|(_, claims)| *claims))
        .copied()
        .collect();
    let modes: Vec<&str> = ResponseMode::ALL.iter().map(|mode| mode.as_str()).collect();
    let grants: Vec<&str> = GrantType::ALL.iter().map(|grant| grant.as_str()).collect();
    json!({
        "issuer": issuer,
        "authorization_endpoint": at(path::AUTHORIZATION),
        "token_endpoint": at(path::TOKEN),
        "userinfo_endpoint": at(path::USERINFO),
        "jwks_uri": at(path::JWKS),
        "end_session_endpoint": at(path::END_SESSION),
        "revocation_endpoint": at(path::REVOCATION),
        "introspection_endpoint": at(path::INTROSPECTION),
        "scopes_supported": scope::STANDARD,
        "claims_supported": claims,
        "claim_types_supported": ["normal"],
        "response_types_supported": ["code"],
        "response_modes_supported": modes,
        "grant_types_supported": grants,
        "prompt_values_supported": PROMPT_VALUES,
        "display_values_supported": ["page"],
        "acr_values_supported": acr::SUPPORTED,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": SigningAlgorithm::ALL,
        "userinfo_signing_alg_values_supported": SigningAlgorithm::ALL,
        "token_endpoint_auth_methods_supported": CLIENT_AUTHENTICATION,
        "token_endpoint_auth_signing_alg_values_supported": SigningAlgorithm::ALL,
        "revocation_endpoint_auth_methods_supported": CLIENT_AUTHENTICATION,
        "revocation_endpoint_auth_signing_alg_values_supported": SigningAlgorithm::ALL,
        "introspection_endpoint_auth_methods_supported": CONFIDENTIAL_AUTHENTICATION,
        "introspection_endpoint_auth_signing_alg_values_supported": SigningAlgorithm::ALL,
        "code_challenge_methods_supported": [pkce::S256],
        "ui_locales_supported": ["en", "ja"],
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::testing::ISSUER;

    #[test]
    fn oidc_discovery_3_required_members_and_nothing_that_is_not_there() {
        let document = document(ISSUER);
        assert_eq!(document["issuer"], ISSUER);
        for (name, path) in [
            ("authorization_endpoint", "/auth"),
            ("token_endpoint", "/token"),
            ("userinfo_endpoint", "/me"),
            ("jwks_uri", "/jwks"),
            ("end_session_endpoint", "/session/end"),
            ("revocation_endpoint", "/token/revocation"),
            ("introspection_endpoint", "/token/introspection"),
        ] {
            assert_eq!(document[name], format!("{ISSUER}{path}"));
        }
        assert_eq!(document["response_types_supported"], json!(["code"]));
        assert_eq!(
            document["grant_types_supported"],
            json!(["authorization_code", "refresh_token", "client_credentials"])
        );
        assert_eq!(document["scopes_supported"], json!(scope::STANDARD));
        for absent in [
            "device_authorization_endpoint",
            "pushed_authorization_request_endpoint",
            "registration_endpoint",
            "check_session_iframe",
        ] {
            assert_eq!(document.get(absent), None, "{absent}");
        }
    }

    #[test]
    fn rfc8414_2_signing_methods_come_with_their_algorithms() {
        let document = document(ISSUER);
        for endpoint in ["token", "revocation", "introspection"] {
            let methods = &document[format!("{endpoint}_endpoint_auth_methods_supported")];
            let methods = methods.as_array().unwrap();
            assert!(methods.contains(&json!("private_key_jwt")), "{endpoint}");
            assert_eq!(
                methods.contains(&json!("none")),
                endpoint != "introspection"
            );
            let algorithms =
                &document[format!("{endpoint}_endpoint_auth_signing_alg_values_supported")];
            assert_eq!(algorithms, &json!(SigningAlgorithm::ALL), "{endpoint}");
        }
    }

    #[test]
    fn every_scope_with_claims_is_advertised() {
        let document = document(ISSUER);
        let claims = document["claims_supported"].as_array().unwrap();
        for (name, given) in user_claims::BY_SCOPE {
            assert!(scope::STANDARD.contains(name));
            assert!(
                given.iter().all(|claim| claims.contains(&json!(claim))),
                "{name}"
            );
        }
        let unique: HashSet<_> = claims.iter().filter_map(Value::as_str).collect();
        assert_eq!(unique.len(), claims.len());
    }
}
