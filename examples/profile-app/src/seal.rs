//! Numbers at rest: AES-256-GCM under a key that is not in the database.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{error::Unspecified, rand};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::number::Number;

const KEY_BYTES: usize = 32;

/// Seals and opens. Each ciphertext belongs to one person and one number: moved to another row or
/// column it does not open.
pub(crate) struct Seal(RandomizedNonceKey);

impl Seal {
    /// Takes 32 bytes as base64url.
    pub(crate) fn from_base64(key: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(key.trim()).ok()?;
        if bytes.len() != KEY_BYTES {
            return None;
        }
        RandomizedNonceKey::new(&AES_256_GCM, &bytes).ok().map(Self)
    }

    /// Reads the key file. Makes it, readable for its owner only, while there is no database yet:
    /// a lost key is an error and not an occasion to make another.
    pub(crate) fn from_file(path: &Path, has_database: bool) -> io::Result<Self> {
        let broken = || {
            io::Error::new(
                io::ErrorKind::InvalidData,
                "no key of 32 bytes in base64url",
            )
        };
        if !has_database && !path.try_exists()? {
            let mut bytes = [0_u8; KEY_BYTES];
            rand::fill(&mut bytes).map_err(|_| io::Error::other("no random bytes"))?;
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)?;
            writeln!(file, "{}", URL_SAFE_NO_PAD.encode(bytes))?;
            file.sync_all()?;
        }
        Self::from_base64(&fs::read_to_string(path)?).ok_or_else(broken)
    }

    /// `number` of the person `user_id` as base64url.
    pub(crate) fn seal(
        &self,
        user_id: &str,
        kind: Number,
        number: &str,
    ) -> Result<String, Unspecified> {
        let mut text = number.as_bytes().to_vec();
        let place = Aad::from(place(user_id, kind));
        let nonce = self.0.seal_in_place_append_tag(place, &mut text)?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.append(&mut text);
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The number, or `None` when it was sealed for another place, with another key, or changed.
    pub(crate) fn open(&self, user_id: &str, kind: Number, sealed: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, text) = bytes.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let place = Aad::from(place(user_id, kind));
        let opened = self.0.open_in_place(nonce, place, &mut text).ok()?;
        String::from_utf8(opened.to_vec()).ok()
    }
}

fn place(user_id: &str, kind: Number) -> Vec<u8> {
    format!("{}\0{user_id}", kind.name()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(byte: u8) -> Seal {
        Seal::from_base64(&URL_SAFE_NO_PAD.encode([byte; KEY_BYTES])).unwrap()
    }

    #[test]
    fn opens_in_its_place_only() {
        let sealed = seal(1)
            .seal("sei", Number::Payment, "4242424242424242")
            .unwrap();
        let open = |byte, user: &str, kind, text: &str| seal(byte).open(user, kind, text);
        let number = open(1, "sei", Number::Payment, &sealed);
        assert_eq!(number.as_deref(), Some("4242424242424242"));
        assert!(!sealed.contains("4242"));
        assert_eq!(open(2, "sei", Number::Payment, &sealed), None);
        assert_eq!(open(1, "murasaki", Number::Payment, &sealed), None);
        assert_eq!(open(1, "sei", Number::SocialSecurity, &sealed), None);
        for broken in ["", "A", "????", &sealed[..sealed.len() - 4]] {
            assert_eq!(open(1, "sei", Number::Payment, broken), None, "{broken}");
        }
        let again = seal(1)
            .seal("sei", Number::Payment, "4242424242424242")
            .unwrap();
        assert_ne!(again, sealed, "equal numbers do not look equal");
    }

    #[test]
    fn keys_of_another_length_are_none() {
        for bad in ["", "short", "????"] {
            assert!(Seal::from_base64(bad).is_none(), "{bad}");
        }
    }
}
