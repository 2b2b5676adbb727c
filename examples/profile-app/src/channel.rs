//! The two ways to reach a person that a code can verify.

use meibo_sdk::Recipient;
use serde::Deserialize;

use crate::field::Field;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Channel {
    Email,
    Phone,
}

impl Channel {
    pub(crate) const ALL: [Self; 2] = [Self::Email, Self::Phone];

    pub(crate) fn field(self) -> Field {
        match self {
            Self::Email => Field::Email,
            Self::Phone => Field::Phone,
        }
    }

    /// The member of the form that holds the code.
    pub(crate) fn code_name(self) -> &'static str {
        match self {
            Self::Email => "email_code",
            Self::Phone => "phone_code",
        }
    }

    pub(crate) fn recipient(self, address: &str) -> Recipient {
        match self {
            Self::Email => Recipient::Email(address.to_owned()),
            Self::Phone => Recipient::Phone(address.to_owned()),
        }
    }
}
