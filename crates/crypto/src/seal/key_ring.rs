//! Sealing with the current data key, opening with any known one.

use std::fmt;

use zeroize::Zeroizing;

use super::cipher::Cipher;
use super::{DataKey, SealError};

/// The version mark of a sealed text.
const PREFIX: &str = "v1.";

/// The data keys of an installation: one that seals, all that open.
pub struct KeyRing {
    current: Entry,
    others: Vec<Entry>,
}

struct Entry {
    id: String,
    cipher: Cipher,
}

impl Entry {
    fn new(key: &DataKey) -> Result<Self, SealError> {
        Ok(Self {
            id: key.id().to_owned(),
            cipher: Cipher::new(key.bytes())?,
        })
    }
}

impl KeyRing {
    /// A ring that seals with `current` and also opens what `others` sealed.
    ///
    /// # Errors
    /// [`SealError::Failed`] when the cryptographic library cannot prepare a key.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the keys are wiped as soon as the ring has prepared them"
    )]
    pub fn new(current: DataKey, others: Vec<DataKey>) -> Result<Self, SealError> {
        let others = others.iter().map(Entry::new).collect::<Result<_, _>>()?;
        Ok(Self {
            current: Entry::new(&current)?,
            others,
        })
    }

    /// The id of the key that seals; a row sealed by another key is due for sealing again.
    #[must_use]
    pub fn current_id(&self) -> &str {
        &self.current.id
    }

    /// Encrypts `plaintext` for one place, named by `context` ("table:column:row id").
    ///
    /// Gives `v1.<key id>.<base64url of nonce, ciphertext, tag>`: 4/3 of the plaintext's length and 49 characters more.
    ///
    /// # Errors
    /// [`SealError::Failed`] when the cryptographic library fails.
    pub fn seal(&self, plaintext: &[u8], context: &str) -> Result<String, SealError> {
        let body = self.current.cipher.seal(plaintext, context)?;
        Ok(format!("{PREFIX}{}.{body}", self.current.id))
    }

    /// Decrypts what [`KeyRing::seal`] gave for the same `context`.
    ///
    /// # Errors
    /// [`SealError::Malformed`] for a text of another form, [`SealError::UnknownKey`] when its key is not in the ring,
    /// [`SealError::Refused`] when it was sealed for another place or changed.
    pub fn open(&self, sealed: &str, context: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (id, body) = split(sealed).ok_or(SealError::Malformed)?;
        let entry = std::iter::once(&self.current)
            .chain(&self.others)
            .find(|entry| entry.id == id)
            .ok_or_else(|| SealError::UnknownKey { id: id.to_owned() })?;
        entry.cipher.open(body, context)
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing")
            .field("current", &self.current.id)
            .finish_non_exhaustive()
    }
}

/// The id of the data key that a sealed text needs, or `None` for a text of another form.
#[must_use]
pub fn sealed_key_id(sealed: &str) -> Option<&str> {
    split(sealed).map(|(id, _)| id)
}

fn split(sealed: &str) -> Option<(&str, &str)> {
    let (id, body) = sealed.strip_prefix(PREFIX)?.split_once('.')?;
    let is_id = id.len() == 8
        && id
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_');
    is_id.then_some((id, body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::Entropy;
    use crate::seal::MasterKey;
    use proptest::prelude::*;

    fn ring(seed: u64) -> KeyRing {
        KeyRing::new(DataKey::generate(&Entropy::seeded(seed)), Vec::new()).unwrap()
    }

    #[test]
    fn the_text_names_version_and_key_and_never_repeats() {
        let ring = ring(1);
        let (first, second) = (
            ring.seal(b"secret", "t:c:1").unwrap(),
            ring.seal(b"secret", "t:c:1").unwrap(),
        );
        assert!(
            first.starts_with(&format!("v1.{}.", ring.current_id())),
            "{first}"
        );
        assert_eq!(sealed_key_id(&first), Some(ring.current_id()));
        assert_ne!(first, second);
        assert!(!first.contains("secret"));
    }

    #[test]
    fn another_place_is_refused() {
        let ring = ring(1);
        let sealed = ring.seal(b"secret", "applications:secret:a").unwrap();
        for context in [
            "",
            "applications:secret:b",
            "applications:secret:a ",
            "connectors:secret:a",
        ] {
            assert_eq!(
                ring.open(&sealed, context).unwrap_err(),
                SealError::Refused,
                "{context}"
            );
        }
    }

    #[test]
    fn after_a_rotation_the_old_text_opens_and_the_new_key_seals() {
        let entropy = Entropy::seeded(5);
        let master = MasterKey::generate(&entropy);
        let old = DataKey::generate(&entropy);
        let (old_id, wrapped) = (old.id().to_owned(), master.wrap(&old).unwrap());
        let sealed = KeyRing::new(old, Vec::new())
            .unwrap()
            .seal(b"kept", "t:c:1")
            .unwrap();

        let current = DataKey::generate(&entropy);
        let rotated =
            KeyRing::new(current, vec![master.unwrap_key(&old_id, &wrapped).unwrap()]).unwrap();
        assert_eq!(rotated.open(&sealed, "t:c:1").unwrap().as_slice(), b"kept");
        assert_eq!(sealed_key_id(&sealed), Some(old_id.as_str()));
        assert_ne!(
            sealed_key_id(&rotated.seal(b"kept", "t:c:1").unwrap()),
            Some(old_id.as_str())
        );
    }

    #[test]
    fn an_unknown_key_is_named() {
        let sealed = ring(1).seal(b"secret", "t:c:1").unwrap();
        let id = sealed_key_id(&sealed).unwrap().to_owned();
        assert_eq!(
            ring(2).open(&sealed, "t:c:1").unwrap_err(),
            SealError::UnknownKey { id }
        );
    }

    #[test]
    fn other_forms_are_malformed() {
        let ring = ring(1);
        let id = ring.current_id();
        let cases = [
            "".into(),
            "v1".into(),
            "v1..".into(),
            "secret".into(),
            format!("v2.{id}.AAAA"),
            format!("v1.{id}"),
            "v1.short.AAAA".into(),
        ];
        for text in cases {
            assert_eq!(
                ring.open(&text, "").unwrap_err(),
                SealError::Malformed,
                "{text}"
            );
            assert_eq!(sealed_key_id(&text), None, "{text}");
        }
        for body in ["", "AAAA", "AAA=", "!", &"A".repeat(36)] {
            assert_eq!(
                ring.open(&format!("v1.{id}.{body}"), "").unwrap_err(),
                SealError::Malformed,
                "{body}"
            );
        }
    }

    #[test]
    fn every_changed_character_is_refused() {
        let ring = ring(1);
        let sealed = ring.seal(b"a secret of some length", "t:c:1").unwrap();
        for position in 0..sealed.len() {
            for replacement in ["A", "b", "-", "=", ".", "\u{e9}"] {
                if sealed[position..].starts_with(replacement) {
                    continue;
                }
                let changed = format!(
                    "{}{replacement}{}",
                    &sealed[..position],
                    &sealed[position + 1..]
                );
                assert!(ring.open(&changed, "t:c:1").is_err(), "{changed}");
            }
            assert!(
                ring.open(&sealed[..position], "t:c:1").is_err(),
                "cut at {position}"
            );
        }
    }

    proptest! {
        #[test]
        fn what_was_sealed_opens(plaintext in proptest::collection::vec(any::<u8>(), 0..300), context in ".{0,40}") {
            let ring = ring(9);
            let sealed = ring.seal(&plaintext, &context).unwrap();
            let opened = ring.open(&sealed, &context).unwrap();
            prop_assert_eq!(opened.as_slice(), plaintext.as_slice());
        }

        #[test]
        fn no_text_panics(text in ".{0,60}") {
            prop_assert!(ring(9).open(&text, "").is_err());
        }
    }
}
