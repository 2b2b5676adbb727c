//! Phone numbers in E.164, as `+` and digits.

mod cost;
mod country;
mod typed;

use std::fmt;

use serde::Serialize;

pub(crate) use self::cost::is_short;
pub use self::country::Country;
use crate::{Error, ErrorCode, Result};

/// An international number: `+`, country code, subscriber number (ITU-T E.164).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Takes the digits of an international number, country code first, with or without `+`.
    ///
    /// # Errors
    /// `guard.invalid_input` when there is anything but digits; `user.invalid_phone` when no
    /// country has such a number.
    pub fn parse(text: &str) -> Result<Self> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        if digits.is_empty()
            || digits.len() > 15
            || !digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Err(Error::invalid(
                "primaryPhone",
                "phone",
                "digits with the country code, such as 819012345678",
            ));
        }
        let number =
            phonenumber::parse(None, format!("+{digits}")).map_err(|_| ErrorCode::InvalidPhone)?;
        Self::of_valid(&number).ok_or_else(|| ErrorCode::InvalidPhone.into())
    }

    /// The number in E.164, when the numbering plan of its country has it.
    fn of_valid(number: &phonenumber::PhoneNumber) -> Option<Self> {
        let format = number.format().mode(phonenumber::Mode::E164);
        phonenumber::is_valid(number).then(|| Self(format.to_string()))
    }

    /// A number that this type wrote to the register before.
    #[must_use]
    pub const fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// `+819012345678`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `819012345678`, as the Management API and the `phone_number` claim of its dialect have it.
    #[must_use]
    pub fn digits(&self) -> &str {
        self.0.strip_prefix('+').unwrap_or(&self.0)
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn international_numbers_only() {
        assert_eq!(
            PhoneNumber::parse("819012345678").unwrap().as_str(),
            "+819012345678"
        );
        assert_eq!(
            PhoneNumber::parse("+819012345678").unwrap().digits(),
            "819012345678"
        );
        for bad in [
            "",
            "+",
            "abc",
            "090-1234-5678",
            "123456789012345678",
            "+81 90 1234 5678",
            "１２３",
        ] {
            let error = PhoneNumber::parse(bad).unwrap_err();
            assert_eq!(error.code(), ErrorCode::InvalidInput, "{bad:?}");
        }
        for bad in ["1", "0000000", "999999999"] {
            assert_eq!(
                PhoneNumber::parse(bad).unwrap_err().code(),
                ErrorCode::InvalidPhone,
                "{bad:?}"
            );
        }
    }
}
