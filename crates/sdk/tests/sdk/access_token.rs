//! Access tokens as an API checks them.

use meibo_sdk::{Error, HttpOptions, Provider, TokenFault};
use serde_json::{Value, json};

use crate::signing::{Alg, Token};
use crate::stub::{Instead, Stub};
use crate::wire::now;

const API: &str = "https://orders.example";

async fn start() -> (Stub, Provider) {
    let stub = Stub::start().await;
    let provider = Provider::new(stub.endpoint(), &HttpOptions::default()).unwrap();
    (stub, provider)
}

async fn fault(stub: &Stub, provider: &Provider, token: &Token) -> Option<TokenFault> {
    match provider
        .verify_access_token(&stub.sign(token), API, &["orders:read"])
        .await
    {
        Ok(_) => None,
        Err(Error::Token(fault)) => Some(fault),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn who_may_and_who_may_not() {
    let (stub, provider) = start().await;
    let good = stub.access_token("sei", API);
    let claims = provider
        .verify_access_token(&stub.sign(&good), API, &["orders:read"])
        .await
        .unwrap();
    assert_eq!(
        (
            claims.sub.as_str(),
            claims.client_id.as_str(),
            claims.is_machine()
        ),
        ("sei", "app", false)
    );

    let claims = |name: &str, value: Value| {
        let mut token = good.clone();
        token.claims[name] = value;
        token
    };
    let cases = [
        (
            claims("aud", json!("https://stock.example")),
            TokenFault::Audience,
        ),
        (
            claims("iss", json!("https://evil.example/oidc")),
            TokenFault::Issuer,
        ),
        (claims("exp", json!(now() - 120)), TokenFault::Expired),
        (claims("nbf", json!(now() + 120)), TokenFault::NotYetValid),
        (
            claims("scope", json!("orders:reader")),
            TokenFault::MissingScope("orders:read".into()),
        ),
        (good.clone().resigned(Alg::None), TokenFault::Algorithm),
        (
            good.clone().resigned(Alg::Hs256WithPublicKey),
            TokenFault::Algorithm,
        ),
        (
            Token::new(Alg::Es256, "JWT", good.claims.clone()),
            TokenFault::Type,
        ),
    ];
    for (token, expected) in cases {
        assert_eq!(
            fault(&stub, &provider, &token).await,
            Some(expected),
            "{token:?}"
        );
    }
    for name in ["iss", "aud", "exp", "sub", "client_id"] {
        let mut token = good.clone();
        token.claims.as_object_mut().unwrap().remove(name);
        let missing = fault(&stub, &provider, &token).await;
        assert!(
            matches!(missing, Some(TokenFault::Claims(_))),
            "{name}: {missing:?}"
        );
    }
    let opaque = provider.verify_access_token("opaque-1", API, &[]).await;
    assert!(
        matches!(opaque, Err(Error::Token(TokenFault::Malformed))),
        "{opaque:?}"
    );
    assert_eq!(stub.seen("GET /oidc/jwks").len(), 1, "the keys are cached");
}

#[tokio::test]
async fn a_new_key_is_fetched_once_and_invented_ones_are_not() {
    let (stub, provider) = start().await;
    let token = stub.access_token("sei", API);
    assert_eq!(fault(&stub, &provider, &token).await, None);
    let mut invented = token.clone();
    invented.header["kid"] = json!("invented");
    for _ in 0..20 {
        assert_eq!(
            fault(&stub, &provider, &invented).await,
            Some(TokenFault::UnknownKey)
        );
    }
    assert_eq!(
        stub.seen("GET /oidc/jwks").len(),
        2,
        "one look for a new key, then a pause"
    );
    // RS256 appears in the key set when it is first used.
    let (stub, provider) = start().await;
    assert_eq!(
        fault(&stub, &provider, &token_of(&stub, Alg::Es256)).await,
        None
    );
    assert_eq!(
        fault(&stub, &provider, &token_of(&stub, Alg::Rs256)).await,
        None
    );
    assert_eq!(stub.seen("GET /oidc/jwks").len(), 2);
}

fn token_of(stub: &Stub, alg: Alg) -> Token {
    stub.access_token("sei", API).resigned(alg)
}

#[tokio::test]
async fn keys_under_a_known_id_are_not_replaced_by_a_forger() {
    let (stub, provider) = start().await;
    assert_eq!(
        fault(&stub, &provider, &token_of(&stub, Alg::Es256)).await,
        None
    );
    stub.rotate_keys();
    assert_eq!(
        fault(&stub, &provider, &token_of(&stub, Alg::Es256)).await,
        Some(TokenFault::Signature)
    );
}

#[tokio::test]
async fn known_keys_bridge_an_outage() {
    let (stub, provider) = start().await;
    let token = stub.sign(&stub.access_token("sei", API));
    stub.break_at("/oidc/jwks", Instead::Answer(503, String::new()));
    let down = provider
        .verify_access_token(&token, API, &[])
        .await
        .unwrap_err();
    assert!(down.is_unavailable(), "{down:?}");
    stub.mend();
    provider
        .verify_access_token(&token, API, &[])
        .await
        .unwrap();
    stub.break_at("/oidc/jwks", Instead::Answer(503, String::new()));
    provider
        .verify_access_token(&token, API, &[])
        .await
        .unwrap();
}
