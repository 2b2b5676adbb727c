//! Values of properties, and where on a user they stand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::property::{CustomDataName, Property};
use crate::{
    profile::{Address, Profile},
    server_custom_id::ServerCustomId,
    user::User,
};

/// A value that a property can have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PropertyValue {
    /// Text; never empty.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// Any other JSON.
    Json(Value),
}

impl PropertyValue {
    /// As JSON.
    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.clone()),
            Self::Flag(flag) => Value::Bool(*flag),
            Self::Json(value) => value.clone(),
        }
    }

    /// The text, when it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Flag(_) => None,
            Self::Json(value) => value.as_str(),
        }
    }
}

/// The values that a user's mappable properties have now.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PropertyValues {
    values: BTreeMap<Property, PropertyValue>,
    /// Bytes of custom data that no map can write.
    unmappable_bytes: usize,
}

impl PropertyValues {
    /// The values of a user. `email_verified` is whether the user's primary address is verified, when the
    /// call is about that address; none otherwise, and then no map can verify anything.
    #[must_use]
    pub fn of(
        user: &User,
        server_custom_id: Option<&ServerCustomId>,
        email_verified: Option<bool>,
    ) -> Self {
        let mut values = Self::default();
        let mut profile = user.profile.clone();
        for property in Property::NAMED {
            let text = match property {
                Property::Name => user.name.clone(),
                Property::Picture => user.avatar.clone(),
                Property::ServerCustomId => server_custom_id.map(ToString::to_string),
                Property::EmailVerified => None,
                _ => slot(&mut profile, property).and_then(Option::take),
            };
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                values.set(property.clone(), PropertyValue::Text(text));
            }
        }
        if let Some(is_verified) = email_verified {
            values.set(Property::EmailVerified, PropertyValue::Flag(is_verified));
        }
        for (name, value) in user.custom_data.members() {
            match CustomDataName::parse(name) {
                Ok(name) if !value.is_null() => {
                    values.set(
                        Property::CustomData(name),
                        PropertyValue::Json(value.clone()),
                    );
                }
                _ => values.unmappable_bytes += name_bytes(name) + value.to_string().len(),
            }
        }
        values
    }

    /// The value of `property`, when it has one.
    #[must_use]
    pub fn get(&self, property: &Property) -> Option<&PropertyValue> {
        self.values.get(property)
    }

    /// Gives `property` a value.
    pub fn set(&mut self, property: Property, value: PropertyValue) {
        self.values.insert(property, value);
    }

    /// The properties that have a value, in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&Property, &PropertyValue)> {
        self.values.iter()
    }

    /// Compact JSON bytes of the members of custom data, with names and separators.
    pub(super) fn custom_data_bytes(&self) -> usize {
        let members = self
            .values
            .iter()
            .filter_map(|(property, value)| match property {
                Property::CustomData(name) => Some(member_bytes(name, value)),
                _ => None,
            });
        2 + self.unmappable_bytes + members.sum::<usize>()
    }
}

/// Bytes of one member of custom data as compact JSON, with a comma.
pub(super) fn member_bytes(name: &CustomDataName, value: &PropertyValue) -> usize {
    name_bytes(name.as_str()) + value.to_value().to_string().len()
}

/// A name with quotes, colon and comma; an escaped character takes six bytes at most.
fn name_bytes(name: &str) -> usize {
    let escaped = |byte: u8| byte < 0x20 || matches!(byte, b'"' | b'\\');
    let bytes = name.bytes().map(|byte| if escaped(byte) { 6 } else { 1 });
    4 + bytes.sum::<usize>()
}

/// Where a property stands in a profile; none for what stands elsewhere.
pub(super) fn slot<'p>(
    profile: &'p mut Profile,
    property: &Property,
) -> Option<&'p mut Option<String>> {
    Some(match property {
        Property::Birthday => &mut profile.birthdate,
        Property::Nickname => &mut profile.nickname,
        Property::FirstName => &mut profile.given_name,
        Property::LastName => &mut profile.family_name,
        Property::Gender => &mut profile.gender,
        Property::MiddleName => &mut profile.middle_name,
        Property::PreferredUsername => &mut profile.preferred_username,
        Property::Profile => &mut profile.profile,
        Property::Website => &mut profile.website,
        Property::Zoneinfo => &mut profile.zoneinfo,
        Property::Locale => &mut profile.locale,
        Property::AddressFormatted => &mut address(profile).formatted,
        Property::AddressStreet => &mut address(profile).street_address,
        Property::AddressLocality => &mut address(profile).locality,
        Property::AddressRegion => &mut address(profile).region,
        Property::AddressPostalCode => &mut address(profile).postal_code,
        Property::AddressCountry => &mut address(profile).country,
        Property::Name
        | Property::Picture
        | Property::ServerCustomId
        | Property::EmailVerified
        | Property::CustomData(_) => return None,
    })
}

fn address(profile: &mut Profile) -> &mut Address {
    profile.address.get_or_insert_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_empty_profile_has_no_values() {
        assert_eq!(PropertyValues::default().iter().count(), 0);
        assert_eq!(PropertyValues::default().custom_data_bytes(), 2);
    }

    #[test]
    fn the_bytes_of_custom_data_are_never_underestimated() {
        let mut values = PropertyValues::default();
        let mut written = serde_json::Map::new();
        for (name, value) in [
            ("a", json!("x\"y")),
            ("long-name_1", json!([1, {"b": null}])),
        ] {
            written.insert(name.to_owned(), value.clone());
            let name = CustomDataName::parse(name).unwrap();
            values.set(Property::CustomData(name), PropertyValue::Json(value));
        }
        let bytes = Value::Object(written).to_string().len();
        assert!((bytes..=bytes + 2).contains(&values.custom_data_bytes()));
    }
}
