//! A token that was changed, cut, extended or signed by someone else.

use super::*;

#[test]
fn every_changed_character_is_refused() {
    let token = sign(&ES256, "at+jwt", &claims()).unwrap();
    let alphabet: Vec<char> = ('A'..='Z')
        .chain('a'..='z')
        .chain('0'..='9')
        .chain(['-', '_', '=', '.', '+', ' '])
        .collect();
    for (position, old) in token.char_indices() {
        // the neighbours differ in the lowest bits, which a lax decoder would ignore at the end of a part
        let at = alphabet.iter().position(|c| *c == old).unwrap();
        let neighbours = [
            alphabet[(at + 1) % 64],
            alphabet[(at + 63) % 64],
            '=',
            '.',
            '+',
        ];
        for new in neighbours.into_iter().filter(|new| *new != old) {
            let changed = format!("{}{new}{}", &token[..position], &token[position + 1..]);
            assert!(verify(&changed).is_err(), "{position}: {old} to {new}");
        }
    }
    let last = token.len() - 1;
    for new in alphabet.into_iter().filter(|new| !token.ends_with(*new)) {
        assert!(
            verify(&format!("{}{new}", &token[..last])).is_err(),
            "the last character as {new}"
        );
    }
}

#[test]
fn truncated_extended_and_padded_tokens_are_refused() {
    let token = sign(&ES256, "at+jwt", &claims()).unwrap();
    for length in 0..token.len() {
        assert!(verify(&token[..length]).is_err(), "cut at {length}");
        assert!(
            verify(&token[token.len() - length..]).is_err(),
            "the last {length}"
        );
    }
    let parts: Vec<&str> = token.split('.').collect();
    for (index, part) in parts.iter().enumerate() {
        for suffix in ["=", "==", "A", "AA", "AAAA", " ", "\n", "%3D"] {
            let mut changed = parts.clone();
            let longer = format!("{part}{suffix}");
            changed[index] = &longer;
            assert!(
                verify(&changed.join(".")).is_err(),
                "{suffix:?} after part {index}"
            );
        }
        let mut emptied = parts.clone();
        emptied[index] = "";
        assert!(verify(&emptied.join(".")).is_err(), "part {index} empty");
    }
    for other in [
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.{token}"),
        format!(" {token}"),
        format!("{}.{}", parts[0], parts[1]),
    ] {
        assert_eq!(verify(&other), Err(JwtError::Malformed), "{other}");
    }
}

#[test]
fn parts_of_two_tokens_do_not_mix() {
    let one = sign(&ES256, "at+jwt", &claims()).unwrap();
    let two = sign(&ES256, "at+jwt", &claims_with("sub", Some(json!("admin")))).unwrap();
    let (one, two): (Vec<&str>, Vec<&str>) = (one.split('.').collect(), two.split('.').collect());
    assert_eq!(
        verify(&[one[0], two[1], one[2]].join(".")),
        Err(JwtError::WrongSignature)
    );
}

#[test]
fn rfc7519_6_an_unsigned_token_is_refused() {
    let part = |value: Value| base64url(value.to_string().as_bytes());
    for alg in ["none", "ES256"] {
        let token = format!(
            "{}.{}.",
            part(header_with("alg", json!(alg))),
            part(claims())
        );
        assert!(verify(&token).is_err(), "{alg}");
    }
}

#[test]
fn rfc8725_2_1_a_public_key_is_no_hmac_secret() {
    let jwk = serde_json::to_vec(ES256.public_jwk()).unwrap();
    for alg in ["HS256", "ES256"] {
        let input = format!(
            "{}.{}",
            base64url(header_with("alg", json!(alg)).to_string().as_bytes()),
            base64url(claims().to_string().as_bytes())
        );
        let token = format!(
            "{input}.{}",
            base64url(&hmac_sha256(&jwk, input.as_bytes()))
        );
        assert!(verify(&token).is_err(), "{alg}");
    }
}

#[test]
fn the_length_is_bounded() {
    let room = MAX_TOKEN_BYTES * 3 / 4;
    let long = sign(
        &ES256,
        "at+jwt",
        &claims_with("scope", Some(json!("s".repeat(room)))),
    )
    .unwrap();
    assert_eq!(verify(&long), Err(JwtError::TooLong));
    let fits = sign(
        &ES256,
        "at+jwt",
        &claims_with("scope", Some(json!("s".repeat(room - 1_000)))),
    )
    .unwrap();
    assert!(fits.len() <= MAX_TOKEN_BYTES && verify(&fits).is_ok());
}
