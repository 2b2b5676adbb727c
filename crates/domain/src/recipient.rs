//! Where a message goes: one email address or one phone number.

use std::fmt;

use crate::{
    Error, ErrorCode, Result,
    email::EmailAddress,
    phone::{PhoneNumber, is_short},
    user::Identifier,
};

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
    /// An email address, or the digits of a phone number with its country code, with or without `+`.
    ///
    /// # Errors
    /// `guard.invalid_input` for the member `email` or `phone`; `request.recipient_not_allowed` for
    /// emergency and other short numbers.
    pub fn parse(channel: Channel, text: &str) -> Result<Self> {
        match channel {
            Channel::Email => EmailAddress::parse(text).map(Self::Email).map_err(|_| {
                let expected = "an email address such as name@example.com";
                Error::invalid("email", "email", expected)
            }),
            Channel::Sms => {
                let digits = text.strip_prefix('+').unwrap_or(text);
                let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                if is_number && is_short(digits) {
                    return Err(ErrorCode::RecipientNotAllowed.into());
                }
                PhoneNumber::parse(text).map(Self::Phone).map_err(|_| {
                    let expected = "digits with the country code, such as 819012345678";
                    Error::invalid("phone", "phone", expected)
                })
            }
        }
    }

    /// The one recipient of a request: an email address or a phone number, as [`Recipient::parse`]
    /// reads it.
    ///
    /// # Errors
    /// Those of [`Recipient::parse`]; `guard.invalid_input` for `email` when there is none or both.
    pub fn one_of(email: Option<&str>, phone: Option<&str>) -> Result<Self> {
        match (email, phone) {
            (Some(email), None) => Self::parse(Channel::Email, email),
            (None, Some(phone)) => Self::parse(Channel::Sms, phone),
            _ => Err(Error::invalid("email", "one_of", "either email or phone")),
        }
    }

    /// Are messages sent to it? Not to numbers that cost whoever writes to them, and that no person
    /// reads: premium services, satellites, emergency numbers.
    ///
    /// # Errors
    /// `request.recipient_not_allowed`.
    pub fn check_allowed(&self) -> Result<(), ErrorCode> {
        match self {
            Self::Phone(phone) if phone.is_costly() => Err(ErrorCode::RecipientNotAllowed),
            Self::Phone(_) | Self::Email(_) => Ok(()),
        }
    }

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

    /// The identifier that it is once it is proved.
    #[must_use]
    pub fn identifier(&self) -> Identifier {
        match self {
            Self::Email(email) => Identifier::Email(email.clone()),
            Self::Phone(phone) => Identifier::Phone(phone.clone()),
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
    #[test]
    fn what_is_no_recipient_is_named() {
        let parse = |channel, text: &str| {
            let error = Recipient::parse(channel, text).map(|_| ()).unwrap_err();
            let path = error
                .violations()
                .first()
                .map(|violation| violation.path.clone());
            (error.code(), path.unwrap_or_default())
        };
        for bad in [
            "",
            "a",
            "a@b",
            "a@b.c\r\nBcc: x@y.example",
            "a@b.example\r\n",
            "\na@b.example",
            "a@b.example\0",
            "a@b.example.",
            "a@b.example。",
            "a.@b.example",
            "a@b.example,c@d.example",
            "a@[127.0.0.1]",
        ] {
            assert_eq!(
                parse(Channel::Email, bad),
                (ErrorCode::InvalidInput, "email".into()),
                "{bad:?}"
            );
        }
        for bad in [
            "",
            "+",
            "abc",
            "090-1234-5678",
            "99999999999",
            "+81 90 1234 5678",
            "819012345678\r\n",
            "１１０",
        ] {
            assert_eq!(
                parse(Channel::Sms, bad),
                (ErrorCode::InvalidInput, "phone".into()),
                "{bad:?}"
            );
        }
        for bad in ["110", "911", "+81110", "116117"] {
            assert_eq!(
                parse(Channel::Sms, bad),
                (ErrorCode::RecipientNotAllowed, String::new()),
                "{bad:?}"
            );
        }
    }

    #[test]
    fn costly_numbers_get_no_messages() {
        for (channel, text, allowed) in [
            (Channel::Email, "ann@example.com", Ok(())),
            (Channel::Email, "ann@bücher.example", Ok(())),
            (Channel::Sms, "819012345678", Ok(())),
            (
                Channel::Sms,
                "19002345678",
                Err(ErrorCode::RecipientNotAllowed),
            ),
            (
                Channel::Sms,
                "881612345678",
                Err(ErrorCode::RecipientNotAllowed),
            ),
        ] {
            assert_eq!(
                Recipient::parse(channel, text).unwrap().check_allowed(),
                allowed,
                "{text}"
            );
        }
    }
}
