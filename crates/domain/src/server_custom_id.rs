//! The id that a person has on the operator's own server.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The longest id, in characters.
pub const MAX_LENGTH: usize = 255;

/// 1 to 255 of letters `A`-`Z` `a`-`z`, digits, `.`, `-` and `_`. Case counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerCustomId(String);

impl ServerCustomId {
    /// Takes an id as it is written.
    ///
    /// # Errors
    /// `guard.invalid_input` for the member `server_custom_id`.
    pub fn parse(text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        let is_plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
        if text.is_empty() || text.len() > MAX_LENGTH || !text.bytes().all(is_plain) {
            return Err(Error::invalid(
                "server_custom_id",
                "server_custom_id",
                "1 to 255 of letters A-Z and a-z, digits, '.', '-' and '_'",
            ));
        }
        Ok(Self(text))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ServerCustomId {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        Self::parse(text)
    }
}

impl From<ServerCustomId> for String {
    fn from(id: ServerCustomId) -> Self {
        id.0
    }
}

impl fmt::Display for ServerCustomId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alphabet_and_the_length() {
        for good in ["1", "12345678", "a.B-c_9", &"x".repeat(255)] {
            assert_eq!(ServerCustomId::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            " 1",
            "a b",
            "a/b",
            "名",
            "a\u{301}",
            "a\n",
            &"x".repeat(256),
        ] {
            assert!(ServerCustomId::parse(bad).is_err(), "{bad:?}");
        }
    }
}
