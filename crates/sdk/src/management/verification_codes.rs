//! Showing that somebody reads an address, before it is saved.

use reqwest::Method;
use serde::Serialize;

use super::ManagementApi;
use crate::Result;

/// Where a code goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Recipient {
    /// An email address.
    Email(String),
    /// A phone number in digits, country code first, without `+`.
    Phone(String),
}

/// What [`ManagementApi::verification_codes`] gives: a code of six digits is sent to an address,
/// and what was typed is compared with it. No account is needed, and none is changed: what a
/// verified address is good for is for the caller to remember, bound to exactly this address.
///
/// What the server refuses is told apart by [`Error::verification_fault`](crate::Error::verification_fault).
pub struct VerificationCodes<'a>(pub(super) &'a ManagementApi);

/// A code with the address that it is said to have been sent to.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Presented<'a> {
    #[serde(flatten)]
    recipient: &'a Recipient,
    verification_code: &'a str,
}

impl VerificationCodes<'_> {
    /// Sends a new code, by the server's message template `Generic`; earlier codes for the address
    /// end. The code lives for ten minutes unless the server is set otherwise.
    ///
    /// # Errors
    /// [`VerificationFault`](crate::VerificationFault) `NoConnector`, `NotSent` or
    /// `TooManyMessages`; as for every call, see [`ManagementApi`].
    pub async fn send(&self, to: &Recipient) -> Result<()> {
        let url = self.0.url(&["verification-codes"])?;
        self.0.call(Method::POST, &url, Some(to)).await.map(drop)
    }

    /// Takes what was typed, once: a code that was right is used up.
    ///
    /// # Errors
    /// [`VerificationFault`](crate::VerificationFault) `WrongCode`, `NoCode`, `Expired`,
    /// `TooManyTries` or `OtherRecipient`; as for every call, see [`ManagementApi`].
    pub async fn verify(&self, recipient: &Recipient, code: &str) -> Result<()> {
        let url = self.0.url(&["verification-codes", "verify"])?;
        let presented = Presented {
            recipient,
            verification_code: code,
        };
        self.0
            .call(Method::POST, &url, Some(&presented))
            .await
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{json, to_value};

    use super::*;

    #[test]
    fn bodies_name_one_address() {
        let recipient = &Recipient::Email("sei@example.com".to_owned());
        let presented = Presented {
            recipient,
            verification_code: "123456",
        };
        assert_eq!(
            to_value(presented).unwrap(),
            json!({ "email": "sei@example.com", "verificationCode": "123456" })
        );
        let phone = Recipient::Phone("819012345678".to_owned());
        assert_eq!(to_value(phone).unwrap(), json!({ "phone": "819012345678" }));
    }
}
