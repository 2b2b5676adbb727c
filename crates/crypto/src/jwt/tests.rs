mod claims;
mod header;
mod properties;
mod tampering;

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::digest::{base64url, hmac_sha256};
use crate::signing_key::SigningAlgorithm::{self, EdDsa, Es256, Es384, Rs256};

static ES256: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(Es256).unwrap());
static OTHER: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(Es256).unwrap());
static KEYS: LazyLock<VerifyingKeys> =
    LazyLock::new(|| VerifyingKeys::from_jwks(&[ES256.public_jwk().clone()]).unwrap());

const NOW: i64 = 1_800_000_000;
const EXPECTED: Expected<'static> = Expected {
    typ: &["at+jwt"],
    algorithms: SigningAlgorithm::ALL,
    issuer: "https://id.example/oidc",
    audience: Some("https://api.example"),
    required: &["sub", "client_id", "iat", "jti"],
};

fn claims() -> Value {
    json!({
        "iss": "https://id.example/oidc", "aud": "https://api.example", "sub": "user", "client_id": "app",
        "iat": NOW, "exp": NOW + 3600, "jti": "one", "scope": "read:users",
    })
}

/// The claims with one member replaced, or removed by `None`.
fn claims_with(name: &str, value: Option<Value>) -> Value {
    let mut claims = claims();
    let members = claims.as_object_mut().unwrap();
    match value {
        Some(value) => drop(members.insert(name.to_owned(), value)),
        None => drop(members.remove(name).unwrap()),
    }
    claims
}

fn verify(token: &str) -> Result<Map<String, Value>, JwtError> {
    KEYS.verify(token, &EXPECTED, NOW, 0)
}

fn verify_claims(claims: &Value) -> Result<Map<String, Value>, JwtError> {
    verify(&sign(&ES256, "at+jwt", claims).unwrap())
}

/// Signs header and payload as given, whatever they are.
fn signed(header: &str, payload: &str) -> String {
    let input = format!(
        "{}.{}",
        base64url(header.as_bytes()),
        base64url(payload.as_bytes())
    );
    let signature = ES256.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", base64url(&signature))
}

fn verify_header(header: &Value) -> Result<Map<String, Value>, JwtError> {
    verify(&signed(&header.to_string(), &claims().to_string()))
}

fn header() -> Value {
    json!({"alg": "ES256", "typ": "at+jwt", "kid": ES256.kid()})
}

fn header_with(name: &str, value: Value) -> Value {
    let mut header = header();
    header[name] = value;
    header
}

#[test]
fn a_signed_token_verifies_and_says_how_it_was_signed() {
    let token = sign(&ES256, "at+jwt", &claims()).unwrap();
    assert_eq!(verify(&token).map(Value::Object), Ok(claims()));
    let first = crate::digest::base64url_decode(token.split('.').next().unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&first).unwrap(), header());
}

#[test]
fn each_algorithm_signs_and_verifies_and_each_key_only_its_own() {
    let others = [Rs256, Es384, EdDsa].map(|algorithm| SigningKey::generate(algorithm).unwrap());
    let mut jwks = vec![ES256.public_jwk().clone()];
    jwks.extend(others.iter().map(|key| key.public_jwk().clone()));
    let keys = VerifyingKeys::from_jwks(&jwks).unwrap();
    let only_es256 = Expected {
        algorithms: &[Es256],
        ..EXPECTED
    };
    for key in &others {
        let token = sign(key, "at+jwt", &claims()).unwrap();
        assert_eq!(
            keys.verify(&token, &EXPECTED, NOW, 0).map(Value::Object),
            Ok(claims())
        );
        assert_eq!(
            keys.verify(&token, &only_es256, NOW, 0),
            Err(JwtError::UnacceptedAlgorithm)
        );
        let alg = key.algorithm().as_str();
        for (kid, alg) in [(key.kid(), "ES256"), (ES256.kid(), alg)] {
            let header = json!({"alg": alg, "typ": "at+jwt", "kid": kid});
            let token = signed(&header.to_string(), &claims().to_string());
            assert_eq!(
                keys.verify(&token, &EXPECTED, NOW, 0),
                Err(JwtError::AlgorithmOfAnotherKey),
                "{header}"
            );
        }
    }
}

#[test]
fn claims_that_are_no_object_are_not_signed() {
    for claims in [json!([1]), json!("text"), json!(null), json!(1)] {
        assert_eq!(
            sign(&ES256, "JWT", &claims),
            Err(JwtError::UnsignableClaims)
        );
    }
}

#[test]
fn a_set_with_a_bad_key_is_refused() {
    let jwk = ES256.public_jwk().clone();
    let kid = jwk.kid.clone();
    assert_eq!(
        VerifyingKeys::from_jwks(&[jwk.clone(), jwk.clone()]).unwrap_err(),
        KeyError::DuplicateKid { kid }
    );
    for kid in [String::new(), "k".repeat(MAX_KID_BYTES + 1)] {
        let bad = crate::signing_key::Jwk { kid, ..jwk.clone() };
        assert!(matches!(
            VerifyingKeys::from_jwks(&[bad]),
            Err(KeyError::UnusableJwk { .. })
        ));
    }
}

proptest! {
    #[test]
    fn any_claims_come_back_as_they_were_signed(extra in proptest::collection::btree_map("[a-zé\"\\\\ ]{1,8}", ".{0,20}", 0..6)) {
        let mut claims = claims();
        for (name, value) in &extra {
            claims[format!("x-{name}")] = json!(value);
        }
        prop_assert_eq!(verify_claims(&claims).map(Value::Object), Ok(claims));
    }

    #[test]
    fn no_text_is_a_token_or_a_panic(text in ".{0,80}", parts in "[A-Za-z0-9_-]{0,20}\\.[A-Za-z0-9_-]{0,20}\\.[A-Za-z0-9_-]{0,20}") {
        prop_assert!(verify(&text).is_err());
        prop_assert!(verify(&parts).is_err());
    }

    #[test]
    fn random_bytes_put_over_a_token_are_refused(position in any::<prop::sample::Index>(), garbage in "[A-Za-z0-9_=.-]{1,12}") {
        let token = sign(&ES256, "at+jwt", &claims()).unwrap();
        let start = position.index(token.len() - garbage.len());
        let changed = format!("{}{garbage}{}", &token[..start], &token[start + garbage.len()..]);
        prop_assert!(changed == token || verify(&changed).is_err());
    }
}
