//! The header says what is accepted, and never where to find a key.

use super::*;

#[test]
fn rfc7519_7_2_no_algorithm_but_the_keys_own() {
    for alg in [
        "none", "None", "HS256", "RS256", "ES384", "EdDSA", "ES512", "es256", "",
    ] {
        let refused = verify_header(&header_with("alg", json!(alg)));
        let expected = if ["RS256", "ES384", "EdDSA"].contains(&alg) {
            JwtError::AlgorithmOfAnotherKey
        } else {
            JwtError::UnacceptedAlgorithm
        };
        assert_eq!(refused, Err(expected), "{alg}");
    }
    let mut without = header();
    without.as_object_mut().unwrap().remove("alg");
    assert_eq!(verify_header(&without), Err(JwtError::UnacceptedAlgorithm));
}

#[test]
fn rfc7519_5_1_only_the_expected_types() {
    let verify_type = |accepted: &[&str], typ: Option<&str>| {
        let mut header = header();
        match typ {
            Some(typ) => header["typ"] = json!(typ),
            None => drop(header.as_object_mut().unwrap().remove("typ")),
        }
        let token = signed(&header.to_string(), &claims().to_string());
        KEYS.verify(
            &token,
            &Expected {
                typ: accepted,
                ..EXPECTED
            },
            NOW,
            0,
        )
        .map(|_| ())
    };
    for (accepted, typ, fits) in [
        (&["at+jwt"][..], Some("at+jwt"), true),
        (&["at+jwt"], Some("AT+JWT"), true),
        (&["at+jwt"], Some("application/at+jwt"), true),
        (&["application/at+jwt"], Some("at+jwt"), true),
        (&["JWT"], Some("jwt"), true),
        (&["JWT"], None, true),
        (&["logout+jwt", "JWT"], Some("logout+jwt"), true),
        (&["at+jwt"], Some("JWT"), false),
        (&["at+jwt"], None, false),
        (&["JWT"], Some("at+jwt"), false),
        (&["JWT"], Some(""), false),
        (&["at+jwt"], Some("application/x/at+jwt"), false),
        (&["at+jwt"], Some("text/at+jwt"), false),
        (&["at+jwt"], Some("at+jwt "), false),
        (&[], None, false),
    ] {
        let expected = if fits {
            Ok(())
        } else {
            Err(JwtError::UnacceptedType)
        };
        assert_eq!(verify_type(accepted, typ), expected, "{accepted:?} {typ:?}");
    }
}

#[test]
fn only_a_trusted_kid_is_accepted() {
    assert_eq!(
        verify(&sign(&OTHER, "at+jwt", &claims()).unwrap()),
        Err(JwtError::UnknownKey)
    );
    for kid in ["", "x", &"k".repeat(10_000), "../../dev/null"] {
        assert_eq!(
            verify_header(&header_with("kid", json!(kid))),
            Err(JwtError::UnknownKey),
            "{kid:.20}"
        );
    }
    let mut without = header();
    without.as_object_mut().unwrap().remove("kid");
    assert_eq!(verify_header(&without), Err(JwtError::UnknownKey));
    let unknown = VerifyingKeys::from_jwks(&[]).unwrap();
    let token = sign(&ES256, "at+jwt", &claims()).unwrap();
    assert_eq!(
        unknown.verify(&token, &EXPECTED, NOW, 0),
        Err(JwtError::UnknownKey)
    );
}

#[test]
fn a_key_in_the_header_is_not_used() {
    let mut header = json!({"alg": "ES256", "typ": "at+jwt", "kid": ES256.kid(), "jku": "https://evil.example/jwks", "x5u": "https://evil.example/x"});
    header["jwk"] = serde_json::to_value(OTHER.public_jwk()).unwrap();
    let input = format!(
        "{}.{}",
        base64url(header.to_string().as_bytes()),
        base64url(claims().to_string().as_bytes())
    );
    let forged = format!(
        "{input}.{}",
        base64url(&OTHER.sign(input.as_bytes()).unwrap())
    );
    assert_eq!(verify(&forged), Err(JwtError::WrongSignature));
    assert_eq!(
        verify_header(&header).map(Value::Object),
        Ok(claims()),
        "signed by the trusted key it is only ignored"
    );
}

#[test]
fn rfc7515_4_1_11_crit_is_refused() {
    for crit in [
        json!(["b64"]),
        json!(["exp"]),
        json!([]),
        json!(null),
        json!("x"),
    ] {
        assert_eq!(
            verify_header(&header_with("crit", crit.clone())),
            Err(JwtError::CriticalExtension),
            "{crit}"
        );
    }
}

#[test]
fn rfc7515_4_headers_that_stand_twice_are_refused() {
    let kid = ES256.kid();
    let deep = format!(
        r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}","x":{}1{}}}"#,
        "[".repeat(40),
        "]".repeat(40)
    );
    for header in [
        format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":["ES256"],"typ":"at+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"ES256","typ":1,"kid":"{kid}"}}"#),
        r#"{"alg":"ES256","typ":"at+jwt","kid":null}"#.to_owned(),
        r#"["ES256"]"#.to_owned(),
        String::new(),
        format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}"}} "x""#),
        deep,
    ] {
        assert_eq!(
            verify(&signed(&header, &claims().to_string())),
            Err(JwtError::MalformedHeader),
            "{header}"
        );
    }
}
