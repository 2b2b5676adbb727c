//! The operator's secret key: it never encrypts data, only the data keys.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::cipher::Cipher;
use super::{DataKey, SealError};
use crate::entropy::Entropy;

/// The version mark of a wrapped key.
const PREFIX: &str = "v1.";

/// The 256-bit key given by the operator; every node of an installation has the same one.
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// Why a text is not a master key. It never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MasterKeyError {
    /// The text is neither base64 nor base64url.
    #[error(
        "the secret key is not base64; give 32 random bytes, as `openssl rand -base64 32` prints them"
    )]
    NotBase64,
    /// The text decodes to another number of bytes than 32.
    #[error(
        "the secret key has {bytes} bytes, but must have 32; `openssl rand -base64 32` makes one"
    )]
    WrongLength {
        /// How many bytes the text decodes to.
        bytes: usize,
    },
}

impl MasterKey {
    /// Reads 32 bytes written as base64 or base64url, padded or not; white space around them is ignored.
    ///
    /// # Errors
    /// [`MasterKeyError`] when the text is not base64 or has another length.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let text = text.trim();
        let decoded = [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
            .iter()
            .find_map(|engine| engine.decode(text).ok())
            .map(Zeroizing::new)
            .ok_or(MasterKeyError::NotBase64)?;
        let bytes =
            <[u8; 32]>::try_from(decoded.as_slice()).map_err(|_| MasterKeyError::WrongLength {
                bytes: decoded.len(),
            })?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    /// A new random key.
    #[must_use]
    pub fn generate(entropy: &Entropy) -> Self {
        Self(Zeroizing::new(entropy.bytes()))
    }

    /// The key as 44 characters of padded base64, as [`MasterKey::parse`] reads it.
    #[must_use]
    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(self.0.as_slice()))
    }

    /// The data key encrypted for storage: `v1.` and base64url, bound to the key's id.
    ///
    /// # Errors
    /// [`SealError::Failed`] when the cryptographic library fails.
    pub fn wrap(&self, key: &DataKey) -> Result<String, SealError> {
        let body = Cipher::new(&self.0)?.seal(key.bytes(), &wrap_context(key.id()))?;
        Ok(format!("{PREFIX}{body}"))
    }

    /// The data key that was wrapped under `id`.
    ///
    /// # Errors
    /// [`SealError::Malformed`] for a text [`MasterKey::wrap`] did not write, [`SealError::Refused`] when this is not the
    /// master key, or not the id, that it was wrapped with.
    pub fn unwrap_key(&self, id: &str, wrapped: &str) -> Result<DataKey, SealError> {
        let body = wrapped.strip_prefix(PREFIX).ok_or(SealError::Malformed)?;
        let opened = Cipher::new(&self.0)?.open(body, &wrap_context(id))?;
        let bytes = <[u8; 32]>::try_from(opened.as_slice()).map_err(|_| SealError::Malformed)?;
        Ok(DataKey::from_parts(id.to_owned(), Zeroizing::new(bytes)))
    }
}

fn wrap_context(id: &str) -> String {
    format!("data-key:{id}")
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MasterKey").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_base64_spelling_of_32_bytes_is_read() {
        let bytes = [0xfb; 32];
        for engine in [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD] {
            let text = engine.encode(bytes);
            assert_eq!(
                *MasterKey::parse(&format!(" {text}\n")).unwrap().0,
                bytes,
                "{text}"
            );
        }
    }

    #[test]
    fn anything_else_is_refused_with_the_reason() {
        let spell = |len: usize| STANDARD.encode(vec![7; len]);
        let cases = [
            (String::new(), MasterKeyError::WrongLength { bytes: 0 }),
            (spell(31), MasterKeyError::WrongLength { bytes: 31 }),
            (spell(33), MasterKeyError::WrongLength { bytes: 33 }),
            (
                "correct horse battery staple".into(),
                MasterKeyError::NotBase64,
            ),
            (format!("{}=", spell(32)), MasterKeyError::NotBase64),
            ("+_".repeat(22), MasterKeyError::NotBase64),
        ];
        for (text, error) in cases {
            assert_eq!(MasterKey::parse(&text).unwrap_err(), error, "{text:?}");
        }
    }

    #[test]
    fn a_generated_key_is_read_back() {
        let key = MasterKey::generate(&Entropy::seeded(1));
        assert_eq!(key.to_base64().len(), 44);
        assert_eq!(MasterKey::parse(&key.to_base64()).unwrap().0, key.0);
    }

    #[test]
    fn a_wrapped_key_opens_only_with_its_master_key_and_id() {
        let entropy = Entropy::seeded(2);
        let (master, other) = (MasterKey::generate(&entropy), MasterKey::generate(&entropy));
        let key = DataKey::generate(&entropy);
        let wrapped = master.wrap(&key).unwrap();
        let opened = master.unwrap_key(key.id(), &wrapped).unwrap();
        assert_eq!((opened.id(), opened.bytes()), (key.id(), key.bytes()));
        assert_eq!(
            other.unwrap_key(key.id(), &wrapped).unwrap_err(),
            SealError::Refused
        );
        assert_eq!(
            master.unwrap_key("AAAAAAAA", &wrapped).unwrap_err(),
            SealError::Refused
        );
        for text in [
            "",
            "v1.",
            "v2.AAAA",
            "v1.AAAA",
            &wrapped[3..],
            &format!("{wrapped}="),
        ] {
            assert_eq!(
                master.unwrap_key(key.id(), text).unwrap_err(),
                SealError::Malformed,
                "{text}"
            );
        }
    }

    #[test]
    fn debug_shows_no_key() {
        let entropy = Entropy::seeded(3);
        assert_eq!(
            format!("{:?}", MasterKey::generate(&entropy)),
            "MasterKey { .. }"
        );
        let key = DataKey::generate(&entropy);
        assert_eq!(
            format!("{key:?}"),
            format!("DataKey {{ id: {:?}, .. }}", key.id())
        );
    }
}
