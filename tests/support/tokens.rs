//! Tokens: got in one go, and read as an application reads them.

use meibo_crypto::{
    digest::base64url_decode,
    jwt::{Expected, VerifyingKeys},
    signing_key::{Jwk, SigningAlgorithm},
};
use serde_json::{Map, Value};

use super::{
    browser::parameter,
    fixtures::Client,
    server::{PUBLIC_URL, TestServer},
};

/// A JWT that verified with the published keys.
pub(crate) struct VerifiedJwt {
    pub(crate) header: Value,
    pub(crate) claims: Map<String, Value>,
}

impl TestServer {
    /// The answer of the token endpoint to somebody who signs in with a new browser; `extra` are
    /// parameters of the authorization request.
    pub(crate) async fn tokens(
        &self,
        client: &Client,
        username: &str,
        extra: &[(&str, &str)],
    ) -> Value {
        let code = self.code(client, username, extra).await;
        self.redeem(client, &code, &[]).await.expect(200).json()
    }

    /// A code for somebody who signs in with a new browser.
    pub(crate) async fn code(
        &self,
        client: &Client,
        username: &str,
        extra: &[(&str, &str)],
    ) -> String {
        let back = self.browser().sign_in(client, username, extra).await;
        parameter(&back, "code").unwrap()
    }

    /// Checks a JWT with the published keys: signature, type, issuer, audience and times.
    pub(crate) async fn read_jwt(&self, token: &str, typ: &str, audience: &str) -> VerifiedJwt {
        let jwks = self.get("/oidc/jwks").await.expect(200).json();
        let keys: Vec<Jwk> = serde_json::from_value(jwks["keys"].clone()).unwrap();
        let expected = Expected {
            typ: &[typ],
            algorithms: SigningAlgorithm::ALL,
            issuer: &format!("{PUBLIC_URL}/oidc"),
            audience: Some(audience),
            required: &["sub", "iat"],
        };
        let now = self.clock.now().seconds();
        let claims = VerifyingKeys::from_jwks(&keys)
            .unwrap()
            .verify(token, &expected, now, 0)
            .unwrap();
        VerifiedJwt {
            header: read_part(token, 0),
            claims,
        }
    }
}

/// A part of a JWT as JSON, unverified.
pub(crate) fn read_part(token: &str, part: usize) -> Value {
    let text = token.split('.').nth(part).unwrap();
    serde_json::from_slice(&base64url_decode(text).unwrap()).unwrap()
}

/// A member of a JSON object that is text.
#[track_caller]
pub(crate) fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} is no text in {object}"))
}
