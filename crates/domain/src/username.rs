//! Usernames: a letter or underscore, then letters, digits and underscores, at most 128.

use std::fmt;

use serde::Serialize;

use crate::{Error, Result};

/// A username, kept as written and compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Username(String);

impl Username {
    /// Takes `^[A-Za-z_][A-Za-z0-9_]{0,127}$`.
    ///
    /// # Errors
    /// `guard.invalid_input` for the member `username`.
    pub fn parse(text: &str) -> Result<Self> {
        let mut bytes = text.bytes();
        let first = bytes
            .next()
            .is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        if !first
            || text.len() > 128
            || !bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        {
            return Err(Error::invalid(
                "username",
                "username",
                "1 to 128 letters, digits and underscores, not beginning with a digit",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// A username that this type wrote to the register before.
    #[must_use]
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The username as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two spellings of one username have in common.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for Username {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_are_usernames() {
        for good in ["a", "_", "Alice_1", &"x".repeat(128)] {
            assert_eq!(Username::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "1a",
            "a-b",
            "a b",
            "é",
            "名",
            "a@b",
            "a\n",
            "a\0",
            &"x".repeat(129),
        ] {
            assert!(Username::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(Username::parse("ALICE").unwrap().key(), "alice");
    }
}
