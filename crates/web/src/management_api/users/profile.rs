//! A profile, as bodies and answers have it.

use meibo_domain::profile::{Address, Profile};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::extract::Object;

/// The standard claims of OpenID Connect beside name and picture. Unset members are left out; in a
/// body, an empty string or null clears a member.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Profile)]
pub(crate) struct ProfileView {
    /// Family name.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    family_name: Option<String>,
    /// Given name.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    given_name: Option<String>,
    /// Middle name.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    middle_name: Option<String>,
    /// Nickname.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    nickname: Option<String>,
    /// The name by which the person wants to be called.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    preferred_username: Option<String>,
    /// URL of the person's page.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    profile: Option<String>,
    /// URL of the person's website.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    website: Option<String>,
    /// Gender; `female` and `male` are the standard's values.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    gender: Option<String>,
    /// `YYYY-MM-DD`, `0000-MM-DD` or `YYYY`.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    birthdate: Option<String>,
    /// Time zone, such as `Asia/Tokyo`.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    zoneinfo: Option<String>,
    /// Language and region, such as `ja-JP`.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    locale: Option<String>,
    /// Postal address.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<AddressView>)]
    address: Option<Object<AddressView>>,
}

/// A postal address. Unset members are left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Address)]
pub(crate) struct AddressView {
    /// The whole address; may have lines.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    formatted: Option<String>,
    /// Street, house, box; may have lines.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    street_address: Option<String>,
    /// City.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    locality: Option<String>,
    /// State, province, prefecture.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    region: Option<String>,
    /// Postal code.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    postal_code: Option<String>,
    /// Country.
    #[serde(
        default,
        deserialize_with = "null_empties",
        skip_serializing_if = "Option::is_none"
    )]
    country: Option<String>,
}

/// Null is the empty value, which clears the member; only absence leaves it.
fn null_empties<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::<T>::deserialize(deserializer).map(|value| Some(value.unwrap_or_default()))
}

impl From<Profile> for ProfileView {
    fn from(profile: Profile) -> Self {
        Self {
            family_name: profile.family_name,
            given_name: profile.given_name,
            middle_name: profile.middle_name,
            nickname: profile.nickname,
            preferred_username: profile.preferred_username,
            profile: profile.profile,
            website: profile.website,
            gender: profile.gender,
            birthdate: profile.birthdate,
            zoneinfo: profile.zoneinfo,
            locale: profile.locale,
            address: profile.address.map(|address| Object(address.into())),
        }
    }
}

impl From<ProfileView> for Profile {
    fn from(view: ProfileView) -> Self {
        Self {
            family_name: view.family_name,
            given_name: view.given_name,
            middle_name: view.middle_name,
            nickname: view.nickname,
            preferred_username: view.preferred_username,
            profile: view.profile,
            website: view.website,
            gender: view.gender,
            birthdate: view.birthdate,
            zoneinfo: view.zoneinfo,
            locale: view.locale,
            address: view.address.map(|Object(address)| address.into()),
        }
    }
}

impl From<Address> for AddressView {
    fn from(address: Address) -> Self {
        Self {
            formatted: address.formatted,
            street_address: address.street_address,
            locality: address.locality,
            region: address.region,
            postal_code: address.postal_code,
            country: address.country,
        }
    }
}

impl From<AddressView> for Address {
    fn from(view: AddressView) -> Self {
        Self {
            formatted: view.formatted,
            street_address: view.street_address,
            locality: view.locality,
            region: view.region,
            postal_code: view.postal_code,
            country: view.country,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn full() -> Value {
        json!({
            "familyName": "桜井", "givenName": "さくら", "middleName": "m", "nickname": "n",
            "preferredUsername": "p", "profile": "https://a.example/p",
            "website": "https://a.example", "gender": "female", "birthdate": "1990-05-15",
            "zoneinfo": "Asia/Tokyo", "locale": "ja-JP",
            "address": {
                "formatted": "1\n2", "streetAddress": "s", "locality": "l", "region": "r",
                "postalCode": "1", "country": "JP",
            },
        })
    }

    fn read(value: Value) -> Profile {
        serde_json::from_value::<ProfileView>(value).unwrap().into()
    }

    #[test]
    fn every_member_comes_back() {
        let profile = read(full()).checked().unwrap();
        assert_eq!(
            serde_json::to_value(ProfileView::from(profile)).unwrap(),
            full()
        );
        assert_eq!(
            serde_json::to_value(ProfileView::default()).unwrap(),
            json!({})
        );
    }

    #[test]
    fn absent_keeps_and_null_or_empty_clears() {
        let merged = |change: Value| read(full()).merge(read(change)).checked().unwrap();
        assert_eq!(merged(json!({})), read(full()));
        for change in [json!({"nickname": null}), json!({"nickname": ""})] {
            assert_eq!(merged(change).nickname, None);
        }
        for change in [json!({"address": null}), json!({"address": {}})] {
            assert_eq!(merged(change).address, None);
        }
        let moved = merged(json!({"address": {"locality": "Kyoto"}}))
            .address
            .unwrap();
        assert_eq!(
            (moved.locality.as_deref(), moved.country),
            (Some("Kyoto"), None)
        );
    }
}
