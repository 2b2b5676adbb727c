//! The payload and its registered claims.

use super::*;

#[test]
fn rfc7519_4_claims_that_stand_twice_are_refused() {
    let good = claims().to_string();
    let twice = good.replacen("{", r#"{"sub":"admin","#, 1);
    let deep = good.replacen(
        "{",
        &format!(r#"{{"x":{}1{},"#, "[".repeat(40), "]".repeat(40)),
        1,
    );
    for payload in [
        twice,
        deep,
        "[]".into(),
        "\"text\"".into(),
        "".into(),
        format!("{good}{good}"),
        good.replace("user", "\u{7}"),
    ] {
        assert_eq!(
            verify(&signed(&header().to_string(), &payload)),
            Err(JwtError::MalformedClaims),
            "{payload}"
        );
    }
}

#[test]
fn rfc7519_4_1_each_required_claim_is_required() {
    for name in ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"] {
        let missing = Err(JwtError::MissingClaim(name.to_owned()));
        assert_eq!(verify_claims(&claims_with(name, None)), missing, "{name}");
        if name != "aud" {
            for nothing in [json!(null), json!(""), json!([]), json!({})] {
                assert_eq!(
                    verify_claims(&claims_with(name, Some(nothing.clone()))),
                    missing,
                    "{name} {nothing}"
                );
            }
        }
    }
    assert!(verify_claims(&claims_with("scope", None)).is_ok());
}

#[test]
fn rfc7519_4_1_1_the_issuer_is_exact() {
    for issuer in [
        "https://id.example/oidc/",
        "https://id.example",
        "HTTPS://id.example/oidc",
        "https://evil.example/oidc",
    ] {
        assert_eq!(
            verify_claims(&claims_with("iss", Some(json!(issuer)))),
            Err(JwtError::WrongIssuer),
            "{issuer}"
        );
    }
    let array = claims_with("iss", Some(json!(["https://id.example/oidc"])));
    assert_eq!(verify_claims(&array), Err(JwtError::InvalidClaim("iss")));
}

#[test]
fn rfc7519_4_1_3_the_audience_is_a_string_or_an_array() {
    let verify_audience =
        |audience: Value| verify_claims(&claims_with("aud", Some(audience))).map(|_| ());
    let own = "https://api.example";
    assert_eq!(verify_audience(json!([own])), Ok(()));
    assert_eq!(
        verify_audience(json!(["https://other.example", own])),
        Ok(())
    );
    for other in [
        json!("https://api.example/"),
        json!(["https://other.example"]),
        json!("https://api.exampl"),
    ] {
        assert_eq!(
            verify_audience(other.clone()),
            Err(JwtError::WrongAudience),
            "{other}"
        );
    }
    for invalid in [
        json!(1),
        json!({"0": own}),
        json!([own, 1]),
        json!([[own]]),
        json!(null),
    ] {
        assert_eq!(
            verify_audience(invalid.clone()),
            Err(JwtError::InvalidClaim("aud")),
            "{invalid}"
        );
    }
    assert_eq!(
        verify_audience(json!([])),
        Err(JwtError::MissingClaim("aud".to_owned()))
    );

    let any = Expected {
        audience: None,
        ..EXPECTED
    };
    let check = |claims: &Value| {
        KEYS.verify(&sign(&ES256, "at+jwt", claims).unwrap(), &any, NOW, 0)
            .map(|_| ())
    };
    assert_eq!(check(&claims_with("aud", None)), Ok(()));
    assert_eq!(
        check(&claims_with("aud", Some(json!("https://other.example")))),
        Ok(())
    );
    assert_eq!(
        check(&claims_with("aud", Some(json!(1)))),
        Err(JwtError::InvalidClaim("aud"))
    );
}

#[test]
fn rfc7519_4_1_4_times_to_the_second_with_their_leeway() {
    let at = |name: &str, value: Value, leeway: i64| {
        let token = sign(&ES256, "at+jwt", &claims_with(name, Some(value))).unwrap();
        KEYS.verify(&token, &EXPECTED, NOW, leeway).map(|_| ())
    };
    for (name, value, leeway, expected) in [
        ("exp", json!(NOW + 1), 0, Ok(())),
        ("exp", json!(NOW), 0, Err(JwtError::Expired)),
        ("exp", json!(NOW), 5, Ok(())),
        ("exp", json!(NOW - 4), 5, Ok(())),
        ("exp", json!(NOW - 5), 5, Err(JwtError::Expired)),
        ("exp", json!(NOW), -5, Err(JwtError::Expired)),
        ("exp", json!(NOW + 1), -5, Ok(())),
        ("exp", json!(1_800_000_000.5), 0, Err(JwtError::Expired)),
        ("exp", json!(1_800_000_001.5), 0, Ok(())),
        ("exp", json!(i64::MAX), 0, Ok(())),
        ("exp", json!(i64::MIN), i64::MAX, Err(JwtError::Expired)),
        ("exp", json!(0), 0, Err(JwtError::Expired)),
        (
            "exp",
            json!("1900000000"),
            0,
            Err(JwtError::InvalidClaim("exp")),
        ),
        ("exp", json!(true), 0, Err(JwtError::InvalidClaim("exp"))),
        (
            "exp",
            json!([NOW + 1]),
            0,
            Err(JwtError::InvalidClaim("exp")),
        ),
        (
            "exp",
            json!(u64::MAX),
            0,
            Err(JwtError::InvalidClaim("exp")),
        ),
        ("exp", json!(1e300), 0, Err(JwtError::InvalidClaim("exp"))),
        ("nbf", json!(NOW), 0, Ok(())),
        ("nbf", json!(NOW + 1), 0, Err(JwtError::NotYetValid)),
        ("nbf", json!(NOW + 5), 5, Ok(())),
        ("nbf", json!("x"), 0, Err(JwtError::InvalidClaim("nbf"))),
        ("nbf", json!(null), 0, Err(JwtError::InvalidClaim("nbf"))),
        ("iat", json!(NOW), 0, Ok(())),
        ("iat", json!(NOW + 1), 0, Err(JwtError::IssuedInFuture)),
        ("iat", json!(NOW + 5), 5, Ok(())),
        (
            "iat",
            json!({"seconds": 1}),
            0,
            Err(JwtError::InvalidClaim("iat")),
        ),
    ] {
        assert_eq!(
            at(name, value.clone(), leeway),
            expected,
            "{name} {value} leeway {leeway}"
        );
    }
}
