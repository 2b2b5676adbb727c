//! Email addresses: kept as written, compared by a normalised key.

use std::fmt;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;

use crate::{Error, Result};

/// The longest address that is taken, in characters.
pub const MAX_LENGTH: usize = 128;

/// An address with one `@`, an RFC 5321 local part and a domain, ASCII or internationalised.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// Takes an address as a person writes it; surrounding spaces are dropped, line breaks are not.
    ///
    /// # Errors
    /// `guard.invalid_input` for anything that is not one plain address of at most 128 characters.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || {
            Error::invalid(
                "primaryEmail",
                "email",
                "an email address such as name@example.com",
            )
        };
        let text = text.trim_matches(|c: char| c.is_whitespace() && !c.is_control());
        let text: String = text.nfc().collect();
        if text.chars().count() > MAX_LENGTH
            || text.chars().any(|c| c.is_control() || c.is_whitespace())
        {
            return Err(wrong());
        }
        let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
        let ascii = idna::domain_to_ascii_strict(domain).map_err(|_| wrong())?;
        if domain.starts_with('[')
            || ascii.ends_with('.')
            || !ascii.contains('.')
            || local.starts_with('"')
        {
            return Err(wrong());
        }
        if !email_address::EmailAddress::is_valid(&format!("{local}@{ascii}")) {
            return Err(wrong());
        }
        Ok(Self(text))
    }

    /// An address that this type wrote to the register before.
    #[must_use]
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The address as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address with its domain in ASCII (RFC 5890), as mail servers and providers take it. The
    /// part before the `@` stays.
    #[must_use]
    pub fn with_ascii_domain(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let ascii = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned());
        format!("{local}@{ascii}")
    }

    /// What two spellings of one address have in common: NFC, lower case, the domain in ASCII
    /// (RFC 5890). Plus-tags and dots are kept, for they are other mailboxes at most providers.
    #[must_use]
    pub fn key(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let domain = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_lowercase());
        format!("{}@{}", local.to_lowercase(), domain)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_share_a_key() {
        for (one, other) in [
            ("Admin@Example.com", "admin@example.COM"),
            (" a@b.example ", "a@b.example"),
            ("x@bücher.example", "x@xn--bcher-kva.example"),
            ("x@BÜCHER.example", "x@bücher.example"),
            ("ＡＢ@example.com", "ＡＢ@example.com"),
            ("x@例え。テスト", "x@xn--r8jz45g.xn--zckzah"),
        ] {
            assert_eq!(
                EmailAddress::parse(one).unwrap().key(),
                EmailAddress::parse(other).unwrap().key()
            );
        }
    }

    #[test]
    fn different_mailboxes_differ() {
        let key = |text: &str| EmailAddress::parse(text).unwrap().key();
        assert_ne!(key("a+tag@example.com"), key("a@example.com"));
        assert_ne!(
            key("ı@example.com"),
            key("i@example.com"),
            "a dotless i is another letter"
        );
        assert_ne!(
            key("а@example.com"),
            key("a@example.com"),
            "Cyrillic a is another letter"
        );
    }

    #[test]
    fn refuses_what_is_no_single_plain_address() {
        for bad in [
            "",
            "a",
            "@",
            "a@",
            "@b.c",
            "a b@c.de",
            "a@b",
            "a@b.",
            "a@[127.0.0.1]",
            "a@b.c\r\nBcc: x@y.z",
            "a@b.c\0",
            "\"a b\"@c.de",
            "a@b..c",
            "a@b.c.",
            "a@b.c。",
            "a.@b.cd",
            ".a@b.cd",
            "a@-b.cd",
            "a@b.c\r\n",
            "\na@b.c",
            "a@@b.c",
            "a@b.c, d@e.f",
            "<a@b.c>",
            &format!("{}@b.cd", "x".repeat(130)),
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad:?}");
        }
    }
}
