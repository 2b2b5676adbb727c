//! SHA-256, HMAC-SHA-256, comparison in constant time, and the base64url text that secrets are stored as.

use aws_lc_rs::{constant_time, digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The SHA-256 of `data` (FIPS 180-4).
#[must_use]
pub fn sha256(data: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, data).as_ref());
    out
}

/// The SHA-256 of `data` as 43 characters of base64url: how tokens, codes and secrets are stored and looked up.
///
/// Only for values with at least 128 bits of entropy; what a person chose goes through [`crate::password`].
#[must_use]
pub fn sha256_base64url(data: &[u8]) -> String {
    base64url(&sha256(data))
}

/// The HMAC-SHA-256 of `data` under `key` (RFC 2104); a key of any length.
#[must_use]
pub fn hmac_sha256(key: &[u8], data: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), data).as_ref());
    out
}

/// Whether two byte strings are equal, in a time that depends on their length alone.
///
/// Different lengths answer `false` at once: compare digests where the length itself is secret.
#[must_use]
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

/// `data` as base64url without padding (RFC 4648 section 5).
#[must_use]
pub fn base64url(data: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(data)
}

/// The bytes of a base64url text, or `None` for padding, foreign characters or set bits after the last byte.
///
/// Every byte string has therefore exactly one accepted text.
#[must_use]
pub fn base64url_decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Appends `data` to `text` as base64url.
pub(crate) fn append_base64url(text: &mut String, data: &[u8]) {
    URL_SAFE_NO_PAD.encode_string(data, text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sha256_of_abc_is_that_of_fips_180_4() {
        assert_eq!(
            sha256_base64url(b"abc"),
            "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"
        );
    }

    #[test]
    fn the_pkce_example_of_rfc_7636_appendix_b() {
        assert_eq!(
            sha256_base64url(b"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn hmac_of_rfc_4231_case_2() {
        let tag = hmac_sha256(b"Jefe", b"what do ya want for nothing?");
        let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn only_the_canonical_text_decodes() {
        assert_eq!(base64url_decode("TQ"), Some(b"M".to_vec()));
        assert_eq!(base64url_decode(""), Some(Vec::new()));
        for other in [
            "TQ==",
            "TQ=",
            "TR",
            "T",
            "T Q",
            "TQ\n",
            "+/+/",
            "_-_-\u{e9}",
        ] {
            assert_eq!(base64url_decode(other), None, "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn base64url_round_trips(data in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(base64url_decode(&base64url(&data)), Some(data));
        }

        #[test]
        fn what_decodes_encodes_to_itself(text in "[A-Za-z0-9_=-]{0,12}") {
            if let Some(data) = base64url_decode(&text) {
                prop_assert_eq!(base64url(&data), text);
            }
        }

        #[test]
        fn equal_agrees_with_the_plain_comparison(a in proptest::collection::vec(0..2u8, 0..5), b in proptest::collection::vec(0..2u8, 0..5)) {
            prop_assert_eq!(equal(&a, &b), a == b);
        }
    }
}
