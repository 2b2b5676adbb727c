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
}
