//! Proof Key for Code Exchange, S256 only (RFC 7636; `plain` is refused as RFC 9700 section 2.1.1
//! advises).

use meibo_crypto::digest;

/// The one `code_challenge_method`.
pub const S256: &str = "S256";

/// Is it a challenge that S256 can give: 32 bytes in base64url without padding (section 4.2)?
#[must_use]
pub fn is_challenge(text: &str) -> bool {
    digest::base64url_decode(text).is_some_and(|bytes| bytes.len() == 32)
}

/// Is it 43 to 128 unreserved characters (section 4.1)?
#[must_use]
pub fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// Is `challenge` the S256 of `verifier` (section 4.6)? Takes the same time wherever they differ.
#[must_use]
pub fn verify(verifier: &str, challenge: &str) -> bool {
    is_verifier(verifier)
        && digest::equal(
            digest::sha256_base64url(verifier.as_bytes()).as_bytes(),
            challenge.as_bytes(),
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn rfc7636_appendix_b() {
        assert!(is_verifier(VERIFIER) && is_challenge(CHALLENGE));
        assert!(verify(VERIFIER, CHALLENGE));
        assert!(!verify(CHALLENGE, VERIFIER));
        assert!(!verify(VERIFIER, VERIFIER), "plain");
    }

    #[test]
    fn rfc7636_4_1_and_4_2_forms() {
        for bad in [
            "",
            &VERIFIER[1..],
            &format!("{}=", &VERIFIER[1..]),
            &format!("{VERIFIER} "),
            &"a".repeat(129),
            &format!("{VERIFIER}é"),
        ] {
            assert!(!is_verifier(bad), "{bad}");
        }
        for bad in [
            "",
            &CHALLENGE[1..],
            &format!("{CHALLENGE}="),
            &format!("{}N", &CHALLENGE[..42]),
            &"a".repeat(64),
        ] {
            assert!(!is_challenge(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn rfc7636_4_6_only_the_verifier_itself_verifies(verifier in "[A-Za-z0-9._~-]{43,128}", other in "[A-Za-z0-9._~-]{43,128}") {
            let challenge = digest::sha256_base64url(verifier.as_bytes());
            prop_assert!(is_challenge(&challenge) && verify(&verifier, &challenge));
            prop_assert_eq!(verify(&other, &challenge), other == verifier);
        }

        #[test]
        fn rfc7636_4_1_length_and_characters(text in "[A-Za-z0-9._~-]{0,140}", place in any::<prop::sample::Index>(), odd in "[^A-Za-z0-9._~-]") {
            prop_assert_eq!(is_verifier(&text), (43..=128).contains(&text.len()));
            let mut changed = text.clone();
            changed.insert_str(place.index(text.len() + 1), &odd);
            prop_assert!(!is_verifier(&changed));
            prop_assert!(!verify(&changed, &digest::sha256_base64url(changed.as_bytes())), "the right hash of a malformed verifier");
        }

        #[test]
        fn rfc7636_4_2_a_changed_challenge_verifies_nothing(verifier in "[A-Za-z0-9._~-]{43,128}", place in 0..43usize, other in "[A-Za-z0-9_-]") {
            let challenge = digest::sha256_base64url(verifier.as_bytes());
            let changed = format!("{}{other}{}", &challenge[..place], &challenge[place + 1..]);
            prop_assert_eq!(verify(&verifier, &changed), changed == challenge);
            prop_assert!(!verify(&challenge, &challenge), "plain");
        }
    }
}
