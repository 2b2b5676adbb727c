//! One secret, a separate key for each purpose.

use crate::digest::hmac_sha256;

/// The 32-byte key for `purpose`, derived from a high-entropy `secret` by HKDF-SHA-256 without salt (RFC 5869).
///
/// Purposes that differ give keys that say nothing about each other or about the secret.
#[must_use]
pub fn derive_key(secret: &[u8], purpose: &str) -> [u8; 32] {
    // one block of output is exactly one HMAC over the purpose and the block number 1 (section 2.3)
    let pseudorandom_key = hmac_sha256(&[0; 32], secret);
    hmac_sha256(&pseudorandom_key, &[purpose.as_bytes(), &[1]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
    use proptest::prelude::*;

    #[test]
    fn rfc_5869_test_case_3() {
        let hex: String = derive_key(&[0x0b; 22], "")
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(
            hex,
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
        );
    }

    proptest! {
        #[test]
        fn agrees_with_the_library(secret in proptest::collection::vec(any::<u8>(), 1..100), purpose in ".{0,40}") {
            let mut expected = [0; 32];
            Salt::new(HKDF_SHA256, &[]).extract(&secret)
                .expand(&[purpose.as_bytes()], HKDF_SHA256).unwrap()
                .fill(&mut expected).unwrap();
            prop_assert_eq!(derive_key(&secret, &purpose), expected);
        }
    }
}
