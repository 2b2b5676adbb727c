//! The server's public keys (RFC 7517).

use std::collections::HashMap;

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::Value;

/// More keys than this are not looked at.
const MAX_KEYS: usize = 64;

/// Verification keys by `kid`, each with the one algorithm it may be used for. Symmetric keys are
/// never among them, so that no published value can serve as an HMAC secret.
#[derive(Default)]
pub(crate) struct KeySet {
    keys: HashMap<String, (Algorithm, DecodingKey)>,
}

#[derive(Deserialize)]
pub(crate) struct Document {
    keys: Vec<Value>,
}

impl KeySet {
    /// Keeps the keys this crate can use; a key of an unknown kind does not spoil the others.
    pub(crate) fn read(document: Document) -> Self {
        let keys = document
            .keys
            .into_iter()
            .take(MAX_KEYS)
            .filter_map(read_key)
            .collect();
        Self { keys }
    }

    pub(crate) fn get(&self, kid: &str) -> Option<&(Algorithm, DecodingKey)> {
        self.keys.get(kid)
    }
}

fn read_key(value: Value) -> Option<(String, (Algorithm, DecodingKey))> {
    let declared = value.get("alg").and_then(Value::as_str).map(str::to_owned);
    let jwk: Jwk = serde_json::from_value(value).ok()?;
    if !matches!(
        jwk.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    ) {
        return None;
    }
    let (name, algorithm) = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => ("RS256", Algorithm::RS256),
        AlgorithmParameters::EllipticCurve(key) => match key.curve {
            EllipticCurve::P256 => ("ES256", Algorithm::ES256),
            EllipticCurve::P384 => ("ES384", Algorithm::ES384),
            _ => return None,
        },
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            ("EdDSA", Algorithm::EdDSA)
        }
        _ => return None,
    };
    if declared.is_some_and(|declared| declared != name) {
        return None;
    }
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    Some((jwk.common.key_id?, (algorithm, key)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keeps_only_usable_keys() {
        let coordinate = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
        let ec = |kid: &str| json!({ "kty": "EC", "crv": "P-256", "kid": kid, "x": coordinate, "y": coordinate });
        let with = |kid: &str, name: &str, value: Value| {
            let mut key = ec(kid);
            key[name] = value;
            key
        };
        let document = json!({ "keys": [
            ec("plain"),
            with("signs", "use", json!("sig")),
            with("encrypts", "use", json!("enc")),
            with("other-alg", "alg", json!("ES384")),
            with("new-alg", "alg", json!("XX1")),
            with("other-curve", "crv", json!("P-521")),
            { "kty": "EC", "crv": "P-256", "x": coordinate, "y": coordinate },
            { "kty": "oct", "kid": "symmetric", "k": "c2VjcmV0" },
            { "kty": "AKP", "kid": "future", "pub": "AA" },
            "nonsense",
        ]});
        let keys = KeySet::read(serde_json::from_value(document).unwrap());
        let mut kids: Vec<_> = keys.keys.keys().map(String::as_str).collect();
        kids.sort_unstable();
        assert_eq!(kids, ["plain", "signs"]);
    }
}
