//! The signing server: what a token response must cost, an ES256 signature with a kept key included.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Form, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::clock;

const LIFETIME_SECONDS: u64 = 3_600;

/// A client_credentials request (RFC 6749 section 4.4.2, RFC 8707 section 2); the secret is not looked at.
#[derive(Deserialize)]
struct TokenRequest {
    client_id: String,
    resource: String,
    scope: String,
}

/// The claims of an access token (RFC 9068 section 2.2).
#[derive(Serialize)]
struct Claims<'a> {
    jti: String,
    sub: &'a str,
    iat: u64,
    exp: u64,
    scope: &'a str,
    client_id: &'a str,
    iss: &'a str,
    aud: &'a str,
}

/// A token response (RFC 6749 section 5.1).
#[derive(Serialize)]
struct TokenResponse<'a> {
    access_token: String,
    expires_in: u64,
    token_type: &'a str,
    scope: &'a str,
}

struct Signer {
    key: EcdsaKeyPair,
    header: String,
    random: SystemRandom,
}

/// `POST /token` parses the form and answers a fresh token signed by a key made at the start.
///
/// # Errors
/// No key could be made.
pub(crate) fn router() -> Result<Router> {
    let signer = Arc::new(Signer::generate()?);
    Ok(Router::new()
        .route("/token", post(token))
        .with_state(signer))
}

async fn token(State(signer): State<Arc<Signer>>, Form(request): Form<TokenRequest>) -> Response {
    match signer.token(&request) {
        Ok(body) => (
            [
                (CONTENT_TYPE, "application/json"),
                (CACHE_CONTROL, "no-store"),
            ],
            body,
        )
            .into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error:#}")).into_response(),
    }
}

impl Signer {
    fn generate() -> Result<Self> {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
            .context("cannot make a P-256 key")?;
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"ES256","typ":"at+jwt","kid":"baseline"}"#);
        Ok(Self {
            key,
            header,
            random: SystemRandom::new(),
        })
    }

    /// The body of the response.
    fn token(&self, request: &TokenRequest) -> Result<Vec<u8>> {
        let mut jti = [0_u8; 16];
        aws_lc_rs::rand::fill(&mut jti).context("no randomness")?;
        let iat = clock::wall()
            .duration_since(UNIX_EPOCH)
            .unwrap_or(Duration::ZERO)
            .as_secs();
        let claims = serde_json::to_vec(&Claims {
            jti: URL_SAFE_NO_PAD.encode(jti),
            sub: &request.client_id,
            iat,
            exp: iat + LIFETIME_SECONDS,
            scope: &request.scope,
            client_id: &request.client_id,
            iss: "http://127.0.0.1/oidc",
            aud: &request.resource,
        })?;
        let mut token = String::with_capacity(1_024);
        token.push_str(&self.header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(claims, &mut token);
        let signature = self
            .key
            .sign(&self.random, token.as_bytes())
            .context("cannot sign")?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(serde_json::to_vec(&TokenResponse {
            access_token: token,
            expires_in: LIFETIME_SECONDS,
            token_type: "Bearer",
            scope: &request.scope,
        })?)
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, KeyPair as _, UnparsedPublicKey};
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_token_carries_the_request_and_a_valid_signature() {
        let signer = Signer::generate().unwrap();
        let request = TokenRequest {
            client_id: "machine".into(),
            resource: "https://api".into(),
            scope: "all".into(),
        };
        let response: Value = serde_json::from_slice(&signer.token(&request).unwrap()).unwrap();
        let (message, signature) = response["access_token"]
            .as_str()
            .unwrap()
            .rsplit_once('.')
            .unwrap();
        let (_, claims) = message.split_once('.').unwrap();
        let claims: Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
        assert_eq!(
            (&claims["sub"], &claims["aud"], &claims["scope"]),
            (&"machine".into(), &"https://api".into(), &"all".into())
        );
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, signer.key.public_key().as_ref())
            .verify(
                message.as_bytes(),
                &URL_SAFE_NO_PAD.decode(signature).unwrap(),
            )
            .unwrap();
    }
}
