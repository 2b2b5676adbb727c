//! What the server says about a person (OpenID Connect Core section 5.1).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A person's claims, in an ID token or from userinfo. Which ones are present depends on the
/// scopes and on what the person has; a server's `null` reads as absent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UserClaims {
    /// The person's id at this server; never empty in a verified answer.
    pub sub: String,
    /// The whole name for display.
    pub name: Option<String>,
    /// Given name or names.
    pub given_name: Option<String>,
    /// Family name or names.
    pub family_name: Option<String>,
    /// Middle name or names.
    pub middle_name: Option<String>,
    /// A casual name.
    pub nickname: Option<String>,
    /// The name the person wishes to be referred to by.
    pub preferred_username: Option<String>,
    /// The sign-in name at this server.
    pub username: Option<String>,
    /// Address of a profile page.
    pub profile: Option<String>,
    /// Address of a picture.
    pub picture: Option<String>,
    /// Address of a web page.
    pub website: Option<String>,
    /// `female`, `male`, or another word.
    pub gender: Option<String>,
    /// `YYYY-MM-DD`, `0000-MM-DD` or `YYYY`.
    pub birthdate: Option<String>,
    /// A time zone such as `Asia/Tokyo`.
    pub zoneinfo: Option<String>,
    /// A language tag such as `ja-JP`.
    pub locale: Option<String>,
    /// The email address (scope `email`).
    pub email: Option<String>,
    /// Whether the address was verified.
    pub email_verified: Option<bool>,
    /// The phone number (scope `phone`).
    pub phone_number: Option<String>,
    /// Whether the number was verified.
    pub phone_number_verified: Option<bool>,
    /// The postal address (scope `address`).
    pub address: Option<AddressClaim>,
    /// Every other claim, such as `custom_data` or `roles`.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A postal address as a claim (OpenID Connect Core section 5.1.1). A server that writes the
/// members in camel case is understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AddressClaim {
    /// The whole address as on an envelope.
    pub formatted: Option<String>,
    /// Street, house number and the like; may have several lines.
    #[serde(alias = "streetAddress")]
    pub street_address: Option<String>,
    /// City or town.
    pub locality: Option<String>,
    /// State, prefecture or region.
    pub region: Option<String>,
    /// Postal code.
    #[serde(alias = "postalCode")]
    pub postal_code: Option<String>,
    /// Country.
    pub country: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_in_either_spelling() {
        let read = |address| -> UserClaims {
            serde_json::from_value(json!({ "sub": "u", "address": address })).unwrap()
        };
        let standard = read(json!({ "street_address": "一条", "postal_code": "602", "other": 1 }));
        assert_eq!(
            standard,
            read(json!({ "streetAddress": "一条", "postalCode": "602" }))
        );
        assert_eq!(standard.address.unwrap().postal_code.unwrap(), "602");
        assert_eq!(read(json!(null)).address, None);
    }
}
