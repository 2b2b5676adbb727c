//! Keys of the stub, and tokens signed with them, rightly or wrongly.
#![allow(dead_code, reason = "shared by test binaries that each use a part")]

use std::sync::OnceLock;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alg {
    Rs256,
    Es256,
    Es384,
    EdDsa,
    /// No signature at all.
    None,
    /// HMAC with the ES256 public key as its secret.
    Hs256WithPublicKey,
}

/// A token before it is signed.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) alg: Alg,
    pub(crate) header: Value,
    pub(crate) claims: Value,
}

impl Token {
    pub(crate) fn new(alg: Alg, typ: &str, claims: Value) -> Self {
        let (name, kid) = match alg {
            Alg::Rs256 => ("RS256", "rs256"),
            Alg::Es256 => ("ES256", "es256"),
            Alg::Es384 => ("ES384", "es384"),
            Alg::EdDsa => ("EdDSA", "eddsa"),
            Alg::None => ("none", "es256"),
            Alg::Hs256WithPublicKey => ("HS256", "es256"),
        };
        Self {
            alg,
            header: json!({ "alg": name, "kid": kid, "typ": typ }),
            claims,
        }
    }

    /// The same claims under another algorithm and its header.
    pub(crate) fn resigned(self, alg: Alg) -> Self {
        Self::new(alg, self.header["typ"].as_str().unwrap(), self.claims)
    }
}

pub(crate) struct Keys {
    es256: EcdsaKeyPair,
    es384: EcdsaKeyPair,
    eddsa: Ed25519KeyPair,
    /// Made when first needed: it takes a while.
    rs256: OnceLock<RsaKeyPair>,
}

impl Keys {
    pub(crate) fn new() -> Self {
        Self {
            es256: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap(),
            es384: EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap(),
            eddsa: Ed25519KeyPair::generate().unwrap(),
            rs256: OnceLock::new(),
        }
    }

    fn rsa(&self) -> &RsaKeyPair {
        self.rs256
            .get_or_init(|| RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    pub(crate) fn jwks(&self) -> Value {
        let ec = |key: &EcdsaKeyPair, crv: &str, kid: &str| {
            let point = &key.public_key().as_ref()[1..];
            let (x, y) = point.split_at(point.len() / 2);
            json!({ "kty": "EC", "crv": crv, "kid": kid, "use": "sig", "x": encode(x), "y": encode(y) })
        };
        let mut keys = vec![
            ec(&self.es256, "P-256", "es256"),
            ec(&self.es384, "P-384", "es384"),
            json!({ "kty": "OKP", "crv": "Ed25519", "kid": "eddsa", "x": encode(self.eddsa.public_key().as_ref()) }),
            json!({ "kty": "AKP", "kid": "of-the-future", "alg": "ML-DSA-44", "pub": "AA" }),
        ];
        if let Some(key) = self.rs256.get() {
            let public = key.public_key();
            let modulus: Vec<u8> = public.modulus().big_endian_without_leading_zero().to_vec();
            let exponent: Vec<u8> = public.exponent().big_endian_without_leading_zero().to_vec();
            keys.push(json!({ "kty": "RSA", "kid": "rs256", "alg": "RS256", "n": encode(modulus), "e": encode(exponent) }));
        }
        json!({ "keys": keys })
    }

    pub(crate) fn sign(&self, token: &Token) -> String {
        let message = format!(
            "{}.{}",
            encode(token.header.to_string()),
            encode(token.claims.to_string())
        );
        let random = SystemRandom::new();
        let bytes = message.as_bytes();
        let signature = match token.alg {
            Alg::Es256 => self.es256.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Alg::Es384 => self.es384.sign(&random, bytes).unwrap().as_ref().to_vec(),
            Alg::EdDsa => self.eddsa.sign(bytes).as_ref().to_vec(),
            Alg::Rs256 => {
                let mut signature = vec![0; self.rsa().public_modulus_len()];
                self.rsa()
                    .sign(&RSA_PKCS1_SHA256, &random, bytes, &mut signature)
                    .unwrap();
                signature
            }
            Alg::None => Vec::new(),
            Alg::Hs256WithPublicKey => {
                let secret = hmac::Key::new(hmac::HMAC_SHA256, self.es256.public_key().as_ref());
                hmac::sign(&secret, bytes).as_ref().to_vec()
            }
        };
        format!("{message}.{}", encode(signature))
    }
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
