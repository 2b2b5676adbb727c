//! A user as the Management API writes and takes it.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Change;

/// A user. Times are in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// The id; the `sub` of the user's tokens.
    pub id: String,
    /// The sign-in name.
    pub username: Option<String>,
    /// The email address.
    pub primary_email: Option<String>,
    /// The phone number in digits, country code first, without `+`.
    pub primary_phone: Option<String>,
    /// The name for display; the claim `name`.
    pub name: Option<String>,
    /// Address of a picture; the claim `picture`.
    pub avatar: Option<String>,
    /// What applications keep about the user.
    #[serde(default)]
    pub custom_data: Map<String, Value>,
    /// The other standard claims.
    #[serde(default)]
    pub profile: Profile,
    /// The last sign-in.
    pub last_sign_in_at: Option<i64>,
    /// When the user was made.
    pub created_at: i64,
    /// When the user last changed.
    pub updated_at: i64,
    /// Whether sign-in is barred.
    #[serde(default)]
    pub is_suspended: bool,
    /// Every other member.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// The standard claims that are not columns of their own. Unset members are not sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    /// Family name or names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Given name or names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Middle name or names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// A casual name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// The name the person wishes to be referred to by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// Address of a profile page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Address of a web page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// `female`, `male`, or another word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// `YYYY-MM-DD`, `0000-MM-DD` or `YYYY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    /// A time zone such as `Asia/Tokyo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// A language tag such as `ja-JP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// The postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Members this version does not know, kept so that writing back loses nothing.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A postal address. Unset members are not sent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Address {
    /// The whole address as on an envelope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// Street, house number and the like; may have several lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// City or town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// State, prefecture or region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A new user; every member is optional.
#[derive(Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateUser {
    /// The sign-in name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The email address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_email: Option<String>,
    /// The phone number, country code first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_phone: Option<String>,
    /// The password in clear.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// The name for display.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Address of a picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<String>,
    /// What applications keep about the user.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub custom_data: Map<String, Value>,
    /// The other standard claims.
    pub profile: Profile,
}

impl fmt::Debug for CreateUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateUser")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// Changes to a user; the default changes nothing.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PatchUser {
    /// The sign-in name.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub username: Change<String>,
    /// The email address.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub primary_email: Change<String>,
    /// The phone number, country code first.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub primary_phone: Change<String>,
    /// The name for display.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub name: Change<String>,
    /// Address of a picture.
    #[serde(skip_serializing_if = "Change::is_keep")]
    pub avatar: Change<String>,
    /// The whole custom data, replacing what is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Map<String, Value>>,
    /// The whole profile, replacing what is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<Profile>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_says_only_what_it_changes() {
        let body = |patch: &PatchUser| serde_json::to_value(patch).unwrap();
        assert_eq!(body(&PatchUser::default()), json!({}));
        let patch = PatchUser {
            name: Change::text("清少納言"),
            avatar: Change::text(""),
            profile: Some(Profile {
                nickname: Some("Sei".to_owned()),
                ..Profile::default()
            }),
            ..PatchUser::default()
        };
        assert_eq!(
            body(&patch),
            json!({ "name": "清少納言", "avatar": null, "profile": { "nickname": "Sei" } })
        );
    }

    #[test]
    fn a_profile_survives_reading_and_writing() {
        let profile = json!({
            "givenName": "Sei", "birthdate": "0966", "future": { "a": 1 },
            "address": { "postalCode": "602", "new": true },
        });
        let read: Profile = serde_json::from_value(profile.clone()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), profile);
        assert_eq!(
            serde_json::from_value::<Profile>(json!({ "gender": null })).unwrap(),
            Profile::default()
        );
    }

    #[test]
    fn debug_shows_no_password() {
        let user = CreateUser {
            password: Some("hush".to_owned()),
            ..CreateUser::default()
        };
        assert!(!format!("{user:?}").contains("hush"));
    }
}
