//! ID tokens that must be refused, and every algorithm that must not.

use meibo_sdk::{Error, TokenFault};
use serde_json::{Value, json};

use crate::sign_in::{sign_in, start};
use crate::signing::{Alg, encode};
use crate::wire::now;

/// What a sign-in says when its ID token is made by `change` and otherwise right.
async fn fault(alg: Alg, change: Value) -> Option<TokenFault> {
    let (stub, client) = start().await;
    stub.make_id_tokens(move |keys, token| {
        let mut token = token.resigned(alg);
        for (part, members) in change.as_object().unwrap() {
            let target = if part == "header" {
                &mut token.header
            } else {
                &mut token.claims
            };
            for (name, value) in members.as_object().unwrap() {
                match value {
                    Value::String(value) if value == "absent" => {
                        target.as_object_mut().unwrap().remove(name);
                    }
                    value => target[name] = value.clone(),
                }
            }
        }
        keys.sign(&token)
    });
    match sign_in(&stub, &client, "sei").await {
        Ok(_) => None,
        Err(Error::Token(fault)) => Some(fault),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_four_algorithms_are_taken() {
    for alg in [Alg::Rs256, Alg::Es256, Alg::Es384, Alg::EdDsa] {
        assert_eq!(fault(alg, json!({})).await, None, "{alg:?}");
    }
}

#[tokio::test]
async fn no_signature_and_confused_keys() {
    assert_eq!(
        fault(Alg::None, json!({})).await,
        Some(TokenFault::Algorithm)
    );
    assert_eq!(
        fault(Alg::Hs256WithPublicKey, json!({})).await,
        Some(TokenFault::Algorithm)
    );
    // The header names an allowed algorithm, the key is another one's.
    let claims_es384 = json!({ "header": { "alg": "ES384" } });
    assert_eq!(
        fault(Alg::Es256, claims_es384).await,
        Some(TokenFault::Algorithm)
    );
    let under_other_kid = json!({ "header": { "kid": "eddsa", "alg": "EdDSA" } });
    assert_eq!(
        fault(Alg::Es256, under_other_kid).await,
        Some(TokenFault::Signature)
    );
    assert_eq!(
        fault(Alg::Es256, json!({ "header": { "kid": "nobody" } })).await,
        Some(TokenFault::UnknownKey)
    );
    assert_eq!(
        fault(Alg::Es256, json!({ "header": { "kid": "absent" } })).await,
        Some(TokenFault::UnknownKey)
    );
    // An embedded key is not believed.
    let embedded = json!({ "header": { "kid": "mine", "jwk": { "kty": "oct", "k": "AA" }, "jku": "http://evil.example" } });
    assert_eq!(
        fault(Alg::Es256, embedded).await,
        Some(TokenFault::UnknownKey)
    );
}

#[tokio::test]
async fn claims_of_another_place_time_or_sign_in() {
    let claims = async |claims: Value| fault(Alg::Es256, json!({ "claims": claims })).await;
    assert_eq!(
        claims(json!({ "nonce": "other" })).await,
        Some(TokenFault::Nonce)
    );
    assert_eq!(
        claims(json!({ "nonce": "absent" })).await,
        Some(TokenFault::Nonce)
    );
    assert_eq!(
        claims(json!({ "iss": "https://evil.example/oidc" })).await,
        Some(TokenFault::Issuer)
    );
    assert_eq!(
        claims(json!({ "aud": "another-app" })).await,
        Some(TokenFault::Audience)
    );
    assert_eq!(
        claims(json!({ "aud": ["app", "another-app"] })).await,
        Some(TokenFault::Audience)
    );
    assert_eq!(
        claims(json!({ "exp": now() - 600 })).await,
        Some(TokenFault::Expired)
    );
    assert_eq!(
        claims(json!({ "nbf": now() + 600 })).await,
        Some(TokenFault::NotYetValid)
    );
    assert_eq!(
        claims(json!({ "iat": now() - 600 })).await,
        Some(TokenFault::IssuedAt)
    );
    assert_eq!(
        claims(json!({ "iat": now() + 600 })).await,
        Some(TokenFault::IssuedAt)
    );
    for name in ["iss", "aud", "exp", "iat", "sub"] {
        let missing = claims(json!({ name: "absent" })).await;
        assert!(
            matches!(missing, Some(TokenFault::Claims(_))),
            "{name}: {missing:?}"
        );
    }
    for (name, value) in [
        ("exp", json!("soon")),
        ("sub", json!(7)),
        ("iat", json!({})),
    ] {
        let wrong = claims(json!({ name: value })).await;
        assert!(
            matches!(wrong, Some(TokenFault::Claims(_))),
            "{name}: {wrong:?}"
        );
    }
}

#[tokio::test]
async fn an_access_token_is_no_id_token() {
    assert_eq!(
        fault(Alg::Es256, json!({ "header": { "typ": "at+jwt" } })).await,
        Some(TokenFault::Type)
    );
}

#[tokio::test]
async fn damaged_tokens() {
    let damages: [fn(String) -> String; 7] = [
        |token| token[..token.len() - 4].to_owned(),
        |token| token[..token.rfind('.').unwrap() + 1].to_owned(),
        |token| token[..token.rfind('.').unwrap()].to_owned(),
        |token| format!("{token}AAAA"),
        |token| format!("{token}=="),
        |token| format!("{token}.{token}"),
        |token| {
            let (header, rest) = token.split_once('.').unwrap();
            let (_, signature) = rest.split_once('.').unwrap();
            format!("{header}.{}.{signature}", encode(r#"{"sub":"murasaki"}"#))
        },
    ];
    for (number, damage) in damages.into_iter().enumerate() {
        let (stub, client) = start().await;
        stub.make_id_tokens(move |keys, token| damage(keys.sign(&token)));
        let refused = sign_in(&stub, &client, "sei").await;
        let fits = matches!(
            refused,
            Err(Error::Token(TokenFault::Malformed | TokenFault::Signature))
        );
        assert!(fits, "damage {number}: {refused:?}");
    }
}
