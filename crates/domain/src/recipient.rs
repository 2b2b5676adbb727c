//! Where a message goes: one email address or one phone number.

use std::fmt;

use crate::{email::EmailAddress, phone::PhoneNumber};

/// An address that a message can be sent to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// By email.
    Email(EmailAddress),
    /// By text message.
    Phone(PhoneNumber),
}

/// A way to reach somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Email.
    Email,
    /// Text message.
    Sms,
}

impl Channel {
    /// The contract's name of the connectors that serve it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "Email",
            Self::Sms => "Sms",
        }
    }

    /// The channel of a name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Email, Self::Sms]
            .into_iter()
            .find(|channel| channel.as_str() == text)
    }
}

impl Recipient {
    /// How it is reached.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Email(_) => Channel::Email,
            Self::Phone(_) => Channel::Sms,
        }
    }

    /// A recipient that was written down by [`Recipient::to_string`].
    #[must_use]
    pub fn from_stored(channel: Channel, text: String) -> Self {
        match channel {
            Channel::Email => Self::Email(EmailAddress::from_stored(text)),
            Channel::Sms => Self::Phone(PhoneNumber::from_stored(text)),
        }
    }

    /// The form by which codes are found and sends are counted: two spellings of one address share it.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Email(email) => email.key(),
            Self::Phone(phone) => phone.as_str().to_owned(),
        }
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(email) => email.fmt(formatter),
            Self::Phone(phone) => phone.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_share_a_key() {
        let email = |text| Recipient::Email(EmailAddress::parse(text).unwrap());
        assert_eq!(
            email("Ann@EXAMPLE.com").key(),
            email("ann@example.com").key()
        );
        let phone = |text| Recipient::Phone(PhoneNumber::parse(text).unwrap());
        assert_eq!(phone("819012345678").key(), phone("+819012345678").key());
        assert_eq!(phone("819012345678").channel(), Channel::Sms);
        assert_eq!(Channel::parse("Email"), Some(Channel::Email));
        assert_eq!(Channel::parse("email"), None);
    }
}
