//! What no token does, whatever its members are.

use super::*;

/// A header or claim that is text, and what is not.
fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        proptest::collection::vec("[a-z]{0,4}", 0..3).prop_map(Value::from),
    ]
}

proptest! {
    #[test]
    fn rfc8725_3_1_only_the_keys_own_algorithm(alg in prop_oneof![Just("none".to_owned()), Just("HS256".to_owned()), Just("RS256".to_owned()), "[a-zA-Z]{2}[0-9]{3}", ".{0,6}"]) {
        let accepted = verify_header(&header_with("alg", json!(alg))).is_ok();
        prop_assert_eq!(accepted, alg == "ES256");
    }

    #[test]
    fn rfc8725_3_11_only_the_expected_type(typ in prop_oneof![Just("JWT".to_owned()), Just("logout+jwt".to_owned()), "(application/)?[aA][tT]\\+(jwt|JWT)", ".{0,8}"]) {
        let accepted = verify_header(&header_with("typ", json!(typ))).is_ok();
        let lower = typ.to_ascii_lowercase();
        prop_assert_eq!(accepted, lower == "at+jwt" || lower == "application/at+jwt");
    }

    #[test]
    fn rfc8725_3_10_only_a_trusted_key_id(kid in any_value()) {
        let accepted = verify_header(&header_with("kid", kid.clone())).is_ok();
        prop_assert_eq!(accepted, kid.as_str() == Some(ES256.kid()));
    }

    #[test]
    fn rfc7515_4_1_11_no_extension_is_understood(crit in any_value()) {
        prop_assert!(verify_header(&header_with("crit", crit)).is_err());
    }

    #[test]
    fn rfc7519_4_1_a_claim_of_any_other_value_is_refused(name in prop::sample::select(vec!["iss", "aud", "exp"]), value in any_value()) {
        let good = claims();
        prop_assume!(value != good[name]);
        let is_later = name == "exp" && value.as_i64().is_some_and(|seconds| seconds > NOW);
        prop_assert_eq!(verify_claims(&claims_with(name, Some(value))).is_ok(), is_later);
    }

    #[test]
    fn rfc7519_7_2_a_claim_that_is_taken_away_is_missed(name in prop::sample::select(vec!["iss", "exp", "aud", "sub", "client_id", "iat", "jti"])) {
        prop_assert_eq!(verify_claims(&claims_with(name, None)), Err(JwtError::MissingClaim(name.to_owned())));
    }

    #[test]
    fn rfc7515_5_2_a_flipped_bit_is_refused(place in any::<prop::sample::Index>(), bit in 0..8u8) {
        let token = sign(&ES256, "at+jwt", &claims()).unwrap();
        let mut parts: Vec<Vec<u8>> = token.split('.').map(|part| crate::digest::base64url_decode(part).unwrap()).collect();
        let all: usize = parts.iter().map(Vec::len).sum();
        let mut at = place.index(all);
        for part in &mut parts {
            if let Some(byte) = part.get_mut(at) {
                *byte ^= 1 << bit;
                break;
            }
            at -= part.len();
        }
        let changed: Vec<String> = parts.iter().map(|part| base64url(part)).collect();
        let changed = changed.join(".");
        prop_assert_ne!(&changed, &token);
        prop_assert!(verify(&changed).is_err(), "{}", changed);
    }

    #[test]
    fn rfc8725_2_1_no_public_text_is_a_secret(secret in prop_oneof![Just(ES256.kid().to_owned()), Just(serde_json::to_string(ES256.public_jwk()).unwrap()), ".{0,20}"], alg in prop::sample::select(vec!["HS256", "ES256", "none"])) {
        let input = format!(
            "{}.{}",
            base64url(header_with("alg", json!(alg)).to_string().as_bytes()),
            base64url(claims().to_string().as_bytes())
        );
        let forged = format!("{input}.{}", base64url(&hmac_sha256(secret.as_bytes(), input.as_bytes())));
        prop_assert!(verify(&forged).is_err());
    }
}
