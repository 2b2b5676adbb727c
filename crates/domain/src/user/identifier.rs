//! What a person types to sign in.

use crate::{Error, Result, email::EmailAddress, phone::PhoneNumber, username::Username};

/// What a person types to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Identifier {
    /// A username.
    Username(Username),
    /// An email address; only a verified one finds an account.
    Email(EmailAddress),
    /// A phone number; only a verified one finds an account.
    Phone(PhoneNumber),
}

impl Identifier {
    /// Reads what was typed: with `@` an email address, otherwise a username.
    ///
    /// # Errors
    /// `guard.invalid_input` when it can be neither.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.contains('@') {
            EmailAddress::parse(text).map(Self::Email)
        } else {
            Username::parse(text).map(Self::Username)
        }
        .map_err(|_| Error::invalid("identifier", "identifier", "a username or an email address"))
    }

    /// Reads what was typed on a page: as [`Identifier::parse`], or a phone number in any usual
    /// spelling, its country guessed from the first of `languages` (BCP 47) that makes sense of it.
    /// No username begins with a digit.
    ///
    /// # Errors
    /// `guard.invalid_input` when it can be none of them.
    pub fn parse_typed<'l>(
        text: &str,
        languages: impl IntoIterator<Item = &'l str>,
    ) -> Result<Self> {
        Self::parse(text).or_else(|error| {
            languages
                .into_iter()
                .find_map(|language| PhoneNumber::parse_typed(text, language).ok())
                .map(Self::Phone)
                .ok_or(error)
        })
    }

    /// The form by which attempts are counted and accounts are found.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Username(username) => username.key(),
            Self::Email(email) => email.key(),
            Self::Phone(phone) => phone.as_str().to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_told_apart() {
        assert!(matches!(
            Identifier::parse(" alice ").unwrap(),
            Identifier::Username(_)
        ));
        assert!(matches!(
            Identifier::parse("A@b.example").unwrap(),
            Identifier::Email(_)
        ));
        assert_eq!(Identifier::parse("ALICE").unwrap().key(), "alice");
        assert!(Identifier::parse("not a name").is_err());
        assert!(Identifier::parse("").is_err());
    }

    #[test]
    fn a_phone_number_is_read_as_people_type_it() {
        let phone = |text, languages: &[&str]| {
            Identifier::parse_typed(text, languages.iter().copied()).map(|typed| typed.key())
        };
        for (text, languages) in [
            ("090-1234-5678", &["ja"][..]),
            ("+81 90 1234 5678", &["en"]),
            ("090-1234-5678", &["en", "ja"]),
        ] {
            assert_eq!(phone(text, languages).unwrap(), "+819012345678", "{text}");
        }
        assert_eq!(phone("alice", &["ja"]).unwrap(), "alice");
        assert_eq!(phone("A@b.example", &["ja"]).unwrap(), "a@b.example");
        assert!(phone("090-1234-5678", &[]).is_err());
        assert!(phone("not a name", &["ja"]).is_err());
    }
}
