use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::digest::{base64url, hmac_sha256};
use crate::jwt::sign;
use crate::signing_key::SigningAlgorithm::{Es256, Rs256};
use crate::signing_key::SigningKey;

static EC: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(Es256).unwrap());
static SECOND_EC: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(Es256).unwrap());
static RSA: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(Rs256).unwrap());

const NOW: i64 = 1_800_000_000;
const EXPECTED: Expected<'static> = Expected {
    typ: &["JWT"],
    algorithms: SigningAlgorithm::ALL,
    issuer: "app",
    audience: None,
    required: &["sub", "aud", "jti"],
};

fn public(key: &SigningKey) -> Value {
    serde_json::to_value(key.public_jwk()).unwrap()
}

/// The public key with members set, or removed by null.
fn public_with(key: &SigningKey, changes: &Value) -> Value {
    let mut jwk = public(key);
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            jwk.as_object_mut().unwrap().remove(name);
        } else {
            jwk[name] = value.clone();
        }
    }
    jwk
}

fn set(keys: &[Value]) -> ForeignKeys {
    ForeignKeys::parse(&json!({ "keys": keys })).unwrap()
}

fn claims() -> Value {
    json!({"iss": "app", "sub": "app", "aud": "us", "jti": "1", "exp": NOW + 60})
}

/// A token with the header as given, signed by `key`.
fn signed(key: &SigningKey, header: &Value) -> String {
    let part = |value: &Value| base64url(value.to_string().as_bytes());
    let input = format!("{}.{}", part(header), part(&claims()));
    format!(
        "{input}.{}",
        base64url(&key.sign(input.as_bytes()).unwrap())
    )
}

fn verify(keys: &ForeignKeys, token: &str) -> Result<(), JwtError> {
    keys.verify(token, &EXPECTED, NOW, 0).map(drop)
}

#[test]
fn rfc7517_5_what_cannot_be_used_is_passed_over() {
    let usable = public(&EC);
    for other in [
        json!({"kty": "oct", "k": "c2VjcmV0", "kid": "x"}),
        json!({"kty": "EC", "crv": "secp256k1", "x": "eA", "y": "eQ"}),
        json!({"kty": "new"}),
        json!({}),
        public_with(&RSA, &json!({"use": "enc"})),
        public_with(&RSA, &json!({"alg": "RSA-OAEP"})),
        public_with(&RSA, &json!({"alg": "ES256"})),
        public_with(&RSA, &json!({"alg": 1})),
        public_with(&RSA, &json!({"key_ops": ["encrypt"]})),
        public_with(&RSA, &json!({"key_ops": "verify"})),
        public_with(&RSA, &json!({"n": "AQAB"})),
        public_with(&RSA, &json!({"kid": 7})),
        public_with(&RSA, &json!({"kid": "k".repeat(MAX_KID_BYTES + 1)})),
    ] {
        let keys = set(&[other.clone(), usable.clone()]);
        assert_eq!(keys.0.len(), 1, "{other}");
        assert_eq!(verify(&keys, &sign(&EC, "JWT", &claims()).unwrap()), Ok(()));
        assert!(set(&[other]).is_empty());
    }
}

#[test]
fn what_others_leave_out_is_not_needed() {
    for changes in [
        json!({"use": null}),
        json!({"alg": null}),
        json!({"use": null, "alg": null, "kid": null}),
        json!({"key_ops": ["verify"]}),
        json!({"x5c": ["MIIB"], "x5t": "x", "exp": 1, "more": {"a": 1}}),
    ] {
        for key in [&*EC, &*RSA] {
            let keys = set(&[public_with(key, &changes)]);
            let mut header = json!({"alg": key.algorithm(), "kid": key.kid()});
            if changes.get("kid").is_some() {
                header.as_object_mut().unwrap().remove("kid");
            }
            assert_eq!(verify(&keys, &signed(key, &header)), Ok(()), "{changes}");
            assert!(keys.has_key_for(&signed(key, &header)));
        }
    }
}

#[test]
fn what_is_no_set_is_refused() {
    for other in [
        json!([]),
        json!({}),
        json!({"keys": {}}),
        json!({"keys": ["x"]}),
        public(&EC),
    ] {
        assert_eq!(
            ForeignKeys::parse(&other).unwrap_err(),
            ForeignKeysError::NotASet,
            "{other}"
        );
    }
    assert_eq!(
        ForeignKeys::from_json(b"<html>").unwrap_err(),
        ForeignKeysError::NotASet
    );
    let keys = |count: usize| ForeignKeys::parse(&json!({"keys": vec![json!({}); count]}));
    assert!(keys(MAX_FOREIGN_KEYS).unwrap().is_empty());
    assert_eq!(
        keys(MAX_FOREIGN_KEYS + 1).unwrap_err(),
        ForeignKeysError::TooMany
    );
}

#[test]
fn the_kid_chooses_and_may_be_left_out_when_one_key_fits() {
    let keys = set(&[public(&EC), public(&RSA)]);
    let with_kid = |kid: &str| signed(&EC, &json!({"alg": "ES256", "kid": kid}));
    let without = signed(&EC, &json!({"alg": "ES256"}));
    assert_eq!(verify(&keys, &with_kid(EC.kid())), Ok(()));
    assert_eq!(verify(&keys, &without), Ok(()));
    assert_eq!(verify(&keys, &with_kid("other")), Err(JwtError::UnknownKey));
    assert!(!keys.has_key_for(&with_kid("other")));
    assert_eq!(
        verify(&keys, &with_kid(RSA.kid())),
        Err(JwtError::AlgorithmOfAnotherKey)
    );
    let two = set(&[public(&EC), public(&SECOND_EC)]);
    assert_eq!(verify(&two, &without), Err(JwtError::UnknownKey));
    assert_eq!(verify(&two, &with_kid(EC.kid())), Ok(()));
    assert_eq!(
        verify(&two, &with_kid(SECOND_EC.kid())),
        Err(JwtError::WrongSignature)
    );
    let nameless = set(&[public_with(&EC, &json!({"kid": null}))]);
    assert_eq!(
        verify(&nameless, &with_kid(EC.kid())),
        Err(JwtError::UnknownKey)
    );
}

#[test]
fn rfc8725_3_1_no_algorithm_but_the_keys_own() {
    let keys = set(&[public(&RSA)]);
    let modulus = public(&RSA)["n"].as_str().unwrap().to_owned();
    let input = |alg: &str| {
        let header = json!({"alg": alg, "kid": RSA.kid()}).to_string();
        format!(
            "{}.{}",
            base64url(header.as_bytes()),
            base64url(claims().to_string().as_bytes())
        )
    };
    for (alg, signature) in [
        ("none", Vec::new()),
        (
            "HS256",
            hmac_sha256(modulus.as_bytes(), input("HS256").as_bytes()).to_vec(),
        ),
        (
            "HS256",
            hmac_sha256(
                &crate::digest::base64url_decode(&modulus).unwrap(),
                input("HS256").as_bytes(),
            )
            .to_vec(),
        ),
        ("PS256", RSA.sign(input("PS256").as_bytes()).unwrap()),
    ] {
        let token = format!("{}.{}", input(alg), base64url(&signature));
        assert_eq!(
            verify(&keys, &token),
            Err(JwtError::UnacceptedAlgorithm),
            "{alg}"
        );
        assert!(!keys.has_key_for(&token));
    }
    let confused = format!(
        "{}.{}",
        input("ES256"),
        base64url(&RSA.sign(input("ES256").as_bytes()).unwrap())
    );
    assert_eq!(
        verify(&keys, &confused),
        Err(JwtError::AlgorithmOfAnotherKey)
    );
}

#[test]
fn debug_shows_ids_only() {
    assert_eq!(
        format!("{:?}", set(&[public(&EC)])),
        format!("[Some({:?})]", EC.kid())
    );
}

proptest! {
    #[test]
    fn no_set_makes_it_panic(
        names in proptest::collection::vec("kty|crv|x|y|n|e|d|use|alg|kid|key_ops|[a-z]{1,3}", 0..8),
        values in proptest::collection::vec("RSA|EC|OKP|oct|P-256|sig|enc|RS256|ES256|AQAB|[A-Za-z0-9_-]{0,44}", 8),
    ) {
        let key: Map<String, Value> = names.into_iter().zip(values).map(|(name, value)| (name, json!(value))).collect();
        let keys = ForeignKeys::parse(&json!({ "keys": [key] })).unwrap();
        prop_assert!(verify(&keys, &sign(&EC, "JWT", &claims()).unwrap()).is_err());
    }

    #[test]
    fn no_other_signature_verifies(byte in 0..64_usize, flip in 1..=255_u8) {
        let token = sign(&EC, "JWT", &claims()).unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        let mut signature = crate::digest::base64url_decode(signature).unwrap();
        signature[byte] ^= flip;
        let forged = format!("{input}.{}", base64url(&signature));
        prop_assert_eq!(verify(&set(&[public(&EC)]), &forged), Err(JwtError::WrongSignature));
    }
}
