//! What can be wrong with an answer.

use http::{HeaderValue, StatusCode, header};
use meibo_crypto::{jwt, signing_key::SigningKey};
use serde_json::{Map, Value, json};
use url::Url;

use super::Passing;
use crate::support::tokens::read_part;

const DISCOVERY: &str = "/oidc/.well-known/openid-configuration";
const JWKS: &str = "/oidc/jwks";
const TOKEN: &str = "/oidc/token";
const USERINFO: &str = "/oidc/me";

/// One thing that is wrong with one answer; all others are as the server gave them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    /// Discovery names another issuer.
    DiscoveryIssuer,
    /// The redirect to the application names another issuer (RFC 9207).
    RedirectIssuer,
    /// The ID token answers another request.
    IdTokenNonce,
    /// The ID token is for another client.
    IdTokenAudience,
    /// The ID token has expired an hour before it was issued.
    IdTokenExpired,
    /// One character of the ID token's signature is another.
    IdTokenSignature,
    /// The JWKS lacks the server's keys.
    JwksWithoutKey,
    /// Userinfo is about somebody else.
    UserinfoSubject,
    /// The token answer lacks a member.
    TokenWithout(&'static str),
    /// The token endpoint is unwell.
    TokenFails,
    /// A JSON answer of the Management API breaks off.
    ApiBreaksOff,
}

impl Defect {
    /// Spoils an answer if it is one of those that this is about. `key` is in the JWKS too.
    pub(super) fn spoil(self, passing: &mut Passing, key: &SigningKey) {
        match (self, passing.path.as_str()) {
            (Self::DiscoveryIssuer, DISCOVERY) => passing.edit(|body| {
                body.insert("issuer".to_owned(), json!("https://other.example/oidc"));
            }),
            (Self::RedirectIssuer, _) => passing.name_another_issuer(),
            (Self::IdTokenNonce, TOKEN) => {
                passing.edit_id_token(key, |claims| claims["nonce"] = json!("another"));
            }
            (Self::IdTokenAudience, TOKEN) => {
                passing.edit_id_token(key, |claims| claims["aud"] = json!("another"));
            }
            (Self::IdTokenExpired, TOKEN) => passing.edit_id_token(key, |claims| {
                claims["exp"] = json!(claims["iat"].as_i64().unwrap() - 3600);
            }),
            (Self::IdTokenSignature, TOKEN) => passing.edit(|body| {
                if let Some(Value::String(token)) = body.get_mut("id_token") {
                    let at = token.rfind('.').unwrap() + 1;
                    let other = if token[at..].starts_with('A') {
                        "B"
                    } else {
                        "A"
                    };
                    token.replace_range(at..=at, other);
                }
            }),
            (Self::JwksWithoutKey, JWKS) => passing.edit(|body| {
                let kid = key.kid();
                body["keys"]
                    .as_array_mut()
                    .unwrap()
                    .retain(|jwk| jwk["kid"] == kid);
            }),
            (Self::UserinfoSubject, USERINFO) => passing.edit(|body| {
                body.insert("sub".to_owned(), json!("somebodyelse"));
            }),
            (Self::TokenWithout(member), TOKEN) => passing.edit(|body| {
                body.shift_remove(member);
            }),
            (Self::TokenFails, TOKEN) => passing.status = StatusCode::INTERNAL_SERVER_ERROR,
            (Self::ApiBreaksOff, path) if path.starts_with("/api/") => {
                passing.body.pop();
            }
            _ => {}
        }
    }
}

/// Adds the proxy's key to the JWKS.
pub(super) fn publish_key(passing: &mut Passing, key: &SigningKey) {
    if passing.path == JWKS {
        let jwk = serde_json::to_value(key.public_jwk()).unwrap();
        passing.edit(|body| body["keys"].as_array_mut().unwrap().push(jwk));
    }
}

impl Passing {
    /// Changes the members of a JSON object that is no error; leaves anything else alone.
    fn edit(&mut self, change: impl FnOnce(&mut Map<String, Value>)) {
        if self.status.is_success()
            && let Ok(Value::Object(mut body)) = serde_json::from_slice(&self.body)
        {
            change(&mut body);
            self.body = serde_json::to_vec(&body).unwrap();
        }
    }

    /// Changes the claims of the ID token, if there is one, and signs it anew.
    fn edit_id_token(&mut self, key: &SigningKey, change: impl FnOnce(&mut Value)) {
        self.edit(|body| {
            if let Some(Value::String(token)) = body.get_mut("id_token") {
                let mut claims = read_part(token, 1);
                change(&mut claims);
                *token = jwt::sign(key, "JWT", &claims).unwrap();
            }
        });
    }

    fn name_another_issuer(&mut self) {
        let Some(location) = self.headers.get(header::LOCATION) else {
            return;
        };
        let Ok(mut url) = Url::parse(location.to_str().unwrap()) else {
            return;
        };
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        if pairs.iter().any(|(name, _)| name == "iss") {
            let kept = pairs.iter().filter(|(name, _)| name != "iss");
            url.query_pairs_mut()
                .clear()
                .extend_pairs(kept)
                .append_pair("iss", "https://other.example/oidc");
            let location = HeaderValue::from_str(url.as_str()).unwrap();
            self.headers.insert(header::LOCATION, location);
        }
    }
}
