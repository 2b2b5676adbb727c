//! What a key map can write: a closed set of profile properties, and the members of custom data by name.

mod refused;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::refused::{NEVER_MAPPED, NeverMapped, RESERVED_CLAIMS};
use super::coerce::Kind;
use crate::{Error, Result, user::MAX_NAME_LENGTH};

/// The longest name of a member of custom data that can be mapped.
pub const MAX_CUSTOM_NAME_LENGTH: usize = 64;

const CUSTOM: &str = "custom_data.";

macro_rules! properties {
    ($($variant:ident $name:literal $kind:expr;)+) => {
        /// A property that a key map can write.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum Property {
            $(#[doc = concat!("`", $name, "`")] $variant,)+
            /// `custom_data.<name>`: one member of the user's custom data.
            CustomData(CustomDataName),
        }

        impl Property {
            /// Every property with a name of its own, the six of the login API first.
            pub const NAMED: &[Property] = &[$(Self::$variant,)+];

            fn name(&self) -> Option<&'static str> {
                match self { $(Self::$variant => Some($name),)+ Self::CustomData(_) => None }
            }

            /// How a value becomes one of this property.
            #[must_use]
            pub const fn kind(&self) -> Kind {
                match self { $(Self::$variant => $kind,)+ Self::CustomData(_) => Kind::Json }
            }
        }
    };
}

properties! {
    Birthday "birthday" Kind::Birthday;
    Nickname "nickname" TEXT;
    FirstName "first_name" TEXT;
    LastName "last_name" TEXT;
    Gender "gender" Kind::Gender;
    ServerCustomId "server_custom_id" Kind::ServerCustomId;
    Name "name" Kind::Text { max: MAX_NAME_LENGTH };
    MiddleName "middle_name" TEXT;
    PreferredUsername "preferred_username" TEXT;
    Profile "profile" Kind::WebAddress;
    Picture "picture" Kind::WebAddress;
    Website "website" Kind::WebAddress;
    Zoneinfo "zoneinfo" Kind::Text { max: 64 };
    Locale "locale" Kind::Text { max: 35 };
    AddressFormatted "address.formatted" Kind::Lines { max: 1024 };
    AddressStreet "address.street_address" Kind::Lines { max: 512 };
    AddressLocality "address.locality" Kind::Lines { max: 255 };
    AddressRegion "address.region" Kind::Lines { max: 255 };
    AddressPostalCode "address.postal_code" Kind::Lines { max: 32 };
    AddressCountry "address.country" Kind::Lines { max: 255 };
    EmailVerified "email_verified" Kind::Flag;
}

const TEXT: Kind = Kind::Text { max: 255 };

/// Other spellings that are taken: the names that OpenID Connect has for three of the six.
const ALIASES: &[(&str, Property)] = &[
    ("birthdate", Property::Birthday),
    ("given_name", Property::FirstName),
    ("family_name", Property::LastName),
];

impl Property {
    /// Reads a name as it stands in an entry.
    ///
    /// # Errors
    /// `guard.invalid_input` for the member `property`; one that can never be mapped says why.
    pub fn parse(text: &str) -> Result<Self> {
        if let Some(name) = text.strip_prefix(CUSTOM) {
            return CustomDataName::parse(name).map(Self::CustomData);
        }
        let named = Self::NAMED
            .iter()
            .find(|property| property.name() == Some(text));
        let alias = || {
            ALIASES
                .iter()
                .find(|(name, _)| *name == text)
                .map(|(_, property)| property)
        };
        if let Some(property) = named.or_else(alias) {
            return Ok(property.clone());
        }
        if let Some(refused) = NEVER_MAPPED.iter().find(|refused| refused.name == text) {
            return Err(Error::invalid("property", "never_mapped", refused.why.en));
        }
        Err(Error::invalid(
            "property",
            "unknown_property",
            "a property such as nickname, birthday or custom_data.<name>; the reference of key maps lists them all",
        ))
    }
}

impl fmt::Display for Property {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CustomData(name) => write!(formatter, "{CUSTOM}{}", name.as_str()),
            _ => formatter.write_str(self.name().unwrap_or_default()),
        }
    }
}

impl TryFrom<String> for Property {
    type Error = Error;
    fn try_from(text: String) -> Result<Self> {
        Self::parse(&text)
    }
}

impl From<Property> for String {
    fn from(property: Property) -> Self {
        property.to_string()
    }
}

/// The name of a member of custom data that a key map writes; in login tokens it is a claim.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomDataName(String);

impl CustomDataName {
    /// Takes 1 to 64 letters, digits, `_` and `-` that are not the name of a claim with a meaning.
    ///
    /// # Errors
    /// `guard.invalid_input` for the member `property`.
    pub fn parse(text: &str) -> Result<Self> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if text.is_empty() || text.len() > MAX_CUSTOM_NAME_LENGTH || !text.bytes().all(is_plain) {
            return Err(Error::invalid(
                "property",
                "custom_data_name",
                "custom_data. and 1 to 64 of letters, digits, '_' and '-'",
            ));
        }
        if RESERVED_CLAIMS.contains(&text) {
            return Err(Error::invalid(
                "property",
                "reserved_claim",
                "another name: this one is a claim of tokens with a meaning of its own",
            ));
        }
        Ok(Self(text.to_owned()))
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> &'static str {
        let error = Property::parse(text).unwrap_err();
        assert_eq!(error.violations()[0].path, "property");
        error.violations()[0].rule
    }

    #[test]
    fn every_property_comes_back_by_its_name() {
        let custom = Property::parse("custom_data.loyalty_level").unwrap();
        for property in Property::NAMED.iter().chain([&custom]) {
            assert_eq!(Property::parse(&property.to_string()).unwrap(), *property);
        }
        let six: Vec<_> = Property::NAMED
            .iter()
            .take(6)
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            six,
            [
                "birthday",
                "nickname",
                "first_name",
                "last_name",
                "gender",
                "server_custom_id"
            ]
        );
        for (alias, property) in ALIASES {
            assert_eq!(Property::parse(alias).unwrap(), *property);
        }
    }

    #[test]
    fn what_decides_who_somebody_is_and_may_do_is_never_mapped() {
        for refused in NEVER_MAPPED {
            assert_eq!(rule(refused.name), "never_mapped", "{}", refused.name);
        }
        for name in [
            "sub",
            "id",
            "username",
            "email",
            "phone_number",
            "password",
            "roles",
            "is_suspended",
            "phone_number_verified",
        ] {
            assert_eq!(rule(name), "never_mapped", "{name}");
        }
        for name in [
            "",
            "Nickname",
            "nick name",
            "custom_data_x",
            "address",
            "address.planet",
        ] {
            assert!(
                matches!(rule(name), "unknown_property" | "never_mapped"),
                "{name}"
            );
        }
    }

    #[test]
    fn a_member_of_custom_data_cannot_pose_as_a_claim() {
        for name in [
            "sub",
            "iss",
            "exp",
            "groups",
            "email",
            "email_verified",
            "type",
            "partner_data",
            "server_custom_id",
            "nickname",
        ] {
            assert_eq!(
                rule(&format!("custom_data.{name}")),
                "reserved_claim",
                "{name}"
            );
        }
        for name in ["", "a.b", "a b", "名", &"x".repeat(65)] {
            assert_eq!(
                rule(&format!("custom_data.{name}")),
                "custom_data_name",
                "{name}"
            );
        }
        for property in Property::NAMED {
            let name = property.to_string();
            let first = name.split('.').next().unwrap();
            assert!(RESERVED_CLAIMS.contains(&first), "{name}");
        }
    }
}
