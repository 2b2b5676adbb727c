use std::sync::LazyLock;

use meibo_crypto::{digest::base64url, jwt, signing_key::SigningKey};
use meibo_domain::application::ApplicationType;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing::{ISSUER, NOW, application};

static KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(SigningAlgorithm::Es256).unwrap());
static OTHER: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(SigningAlgorithm::Es256).unwrap());

fn set(keys: &[&SigningKey]) -> Map<String, Value> {
    let keys: Vec<_> = keys.iter().map(|key| key.public_jwk()).collect();
    json!({ "keys": keys }).as_object().unwrap().clone()
}

/// The application `app`, which signs with [`KEY`].
fn client() -> Application {
    let mut client = application(ApplicationType::Traditional);
    client.oidc.token_endpoint_auth_method = Some("private_key_jwt".into());
    client.oidc.jwks = Some(set(&[&KEY]));
    client
}

fn claims() -> Value {
    json!({
        "iss": "app", "sub": "app", "aud": ISSUER, "jti": "1", "iat": NOW.seconds(),
        "exp": NOW.seconds() + 60,
    })
}

fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn check_token(token: &str) -> Result<CheckedAssertion, AssertionError> {
    let client = client();
    let keys = registered_keys(&client).unwrap().unwrap();
    check(&client, &keys, token, ISSUER, NOW)
}

fn check_claims_of(claims: &Value) -> Result<CheckedAssertion, AssertionError> {
    check_token(&jwt::sign(&KEY, "JWT", claims).unwrap())
}

#[test]
fn rfc7523_3_an_assertion_that_holds_is_remembered_by_client_and_jti() {
    let checked = check_claims_of(&claims()).unwrap();
    assert_eq!(checked.expires_at, NOW + seconds(60 + 30 + 1));
    assert_eq!(checked.hash.len(), 43);
    assert_eq!(
        check_claims_of(&claims_with("exp", json!(NOW.seconds() + 61)))
            .unwrap()
            .hash,
        checked.hash
    );
    assert_ne!(
        check_claims_of(&claims_with("jti", json!("2")))
            .unwrap()
            .hash,
        checked.hash
    );
}

#[test]
fn oidc_core_9_the_audience_is_the_issuer_or_the_token_endpoint() {
    let token = format!("{ISSUER}/token");
    for (audience, is_taken) in [
        (json!(ISSUER), true),
        (json!(token), true),
        (json!([token]), true),
        (json!(["https://other.example", ISSUER]), true),
        (json!("https://other.example"), false),
        (json!(format!("{ISSUER}/")), false),
        (json!(format!("{token}?x")), false),
        (json!(format!("{ISSUER}/auth")), false),
        (json!(["https://other.example"]), false),
        (json!("app"), false),
    ] {
        let checked = check_claims_of(&claims_with("aud", audience.clone()));
        let expected = if is_taken {
            None
        } else {
            Some(AssertionError::WrongAudience)
        };
        assert_eq!(checked.err(), expected, "{audience}");
    }
}

#[test]
fn rfc7523_3_each_claim_is_required_and_of_its_type() {
    for name in ["iss", "sub", "aud", "jti", "exp"] {
        let mut without = claims();
        without.as_object_mut().unwrap().remove(name);
        let missing = Some(AssertionError::Jwt(JwtError::MissingClaim(name.to_owned())));
        assert_eq!(check_claims_of(&without).err(), missing);
        for nothing in [json!(null), json!(""), json!([]), json!({})] {
            assert_eq!(
                check_claims_of(&claims_with(name, nothing)).err(),
                missing,
                "{name}"
            );
        }
        for other in [json!(true), json!({"a": 1}), json!([1])] {
            assert!(
                check_claims_of(&claims_with(name, other.clone())).is_err(),
                "{name} {other}"
            );
        }
    }
    let mut without_iat = claims();
    without_iat.as_object_mut().unwrap().remove("iat");
    assert!(check_claims_of(&without_iat).is_ok(), "iat is optional");
}

#[test]
fn rfc7523_3_values_that_do_not_fit() {
    let now = NOW.seconds();
    for (name, value, expected) in [
        ("iss", json!("other"), JwtError::WrongIssuer.into()),
        ("iss", json!(ISSUER), JwtError::WrongIssuer.into()),
        ("sub", json!("other"), AssertionError::WrongSubject),
        ("sub", json!("APP"), AssertionError::WrongSubject),
        ("exp", json!(now - 30), JwtError::Expired.into()),
        ("exp", json!(now + 631), AssertionError::LivesTooLong),
        ("exp", json!(1e300), JwtError::InvalidClaim("exp").into()),
        ("iat", json!(now + 31), JwtError::IssuedInFuture.into()),
        ("iat", json!(now - 631), AssertionError::LivesTooLong),
        ("nbf", json!(now + 31), JwtError::NotYetValid.into()),
        ("jti", json!(7), AssertionError::MalformedId),
        ("jti", json!("x".repeat(257)), AssertionError::MalformedId),
    ] {
        assert_eq!(
            check_claims_of(&claims_with(name, value.clone())).err(),
            Some(expected),
            "{name} {value}"
        );
    }
    for (name, value) in [
        ("exp", json!(now - 29)),
        ("exp", json!(now + 630)),
        ("exp", json!(1_700_000_059.5)),
        ("iat", json!(now + 30)),
        ("iat", json!(now - 630)),
        ("nbf", json!(now + 30)),
        ("jti", json!("x".repeat(256))),
    ] {
        assert!(
            check_claims_of(&claims_with(name, value.clone())).is_ok(),
            "{name} {value}"
        );
    }
}

#[test]
fn rfc8725_3_11_other_kinds_of_tokens_are_no_assertion() {
    for typ in [
        "JWT",
        "jwt",
        "application/client-authentication+jwt",
        "client-authentication+jwt",
    ] {
        assert!(
            check_token(&jwt::sign(&KEY, typ, &claims()).unwrap()).is_ok(),
            "{typ}"
        );
    }
    for typ in ["at+jwt", "logout+jwt", "dpop+jwt", "secevent+jwt", ""] {
        let refused = check_token(&jwt::sign(&KEY, typ, &claims()).unwrap()).err();
        assert_eq!(refused, Some(JwtError::UnacceptedType.into()), "{typ}");
    }
    let header = base64url(
        json!({"alg": "ES256", "kid": KEY.kid()})
            .to_string()
            .as_bytes(),
    );
    let input = format!("{header}.{}", base64url(claims().to_string().as_bytes()));
    let untyped = format!(
        "{input}.{}",
        base64url(&KEY.sign(input.as_bytes()).unwrap())
    );
    assert!(check_token(&untyped).is_ok(), "most clients send no typ");
}

#[test]
fn only_registered_keys_and_clients_count() {
    let foreign = jwt::sign(&OTHER, "JWT", &claims()).unwrap();
    assert_eq!(
        check_token(&foreign).err(),
        Some(JwtError::UnknownKey.into())
    );
    let by_secret = Application {
        oidc: meibo_domain::application::OidcClientMetadata {
            token_endpoint_auth_method: None,
            ..client().oidc
        },
        ..client()
    };
    let keys = registered_keys(&by_secret).unwrap().unwrap();
    let token = jwt::sign(&KEY, "JWT", &claims()).unwrap();
    assert_eq!(
        check(&by_secret, &keys, &token, ISSUER, NOW).err(),
        Some(AssertionError::NotRegistered)
    );
    assert_eq!(
        OAuthError::from(AssertionError::WrongSubject).to_string(),
        OAuthError::invalid_client().to_string()
    );
}

#[test]
fn a_registered_set_has_a_key_that_can_be_used() {
    let mut client = client();
    client.oidc.jwks = None;
    assert!(registered_keys(&client).unwrap().is_none());
    for useless in [
        json!({"keys": [{"kty": "EC", "crv": "P-256", "x": "eA", "y": "eQ"}]}),
        json!({"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}),
        json!({"keys": [{"kty": "oct"}]}),
    ] {
        client.oidc.jwks = useless.as_object().cloned();
        let error = registered_keys(&client).unwrap_err();
        assert_eq!(
            error.violations()[0].path,
            "oidcClientMetadata.jwks",
            "{useless}"
        );
    }
    client.oidc.jwks = Some(set(&[&KEY, &OTHER]));
    assert!(registered_keys(&client).unwrap().is_some());
}

proptest! {
    #[test]
    fn no_text_is_an_assertion_or_a_panic(text in ".{0,80}", parts in "[A-Za-z0-9_-]{0,20}\\.[A-Za-z0-9_-]{0,20}\\.[A-Za-z0-9_-]{0,20}") {
        prop_assert!(check_token(&text).is_err());
        prop_assert!(check_token(&parts).is_err());
    }

    #[test]
    fn what_is_taken_lives_shortly_and_is_remembered_longer(exp in -2000..2000_i64, iat in -2000..2000_i64) {
        let mut claims = claims_with("exp", json!(NOW.seconds() + exp));
        claims["iat"] = json!(NOW.seconds() + iat);
        let checked = check_claims_of(&claims);
        prop_assert_eq!(checked.is_ok(), (-29..=630).contains(&exp) && (-630..=30).contains(&iat));
        if let Ok(checked) = checked {
            // As long as the assertion would still be taken, it is known as used.
            prop_assert!(checked.expires_at > NOW);
            prop_assert!(checked.expires_at >= NOW + seconds(0) && checked.expires_at.seconds() > NOW.seconds() + exp + 29);
        }
    }
}
