//! The members of a profile: their names, limits, and which model each belongs to.

/// A member that a page shows whole. The two numbers that it does not are in
/// [`Number`](crate::number::Number).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Email,
    Phone,
    Name,
    Nickname,
    FamilyName,
    GivenName,
    Picture,
    Gender,
    Birthdate,
    StreetAddress,
    Locality,
    Region,
    PostalCode,
    Country,
    Age,
    ShippingAddress,
}

impl Field {
    /// The ways to reach the person: changed only when verified.
    pub(crate) const CONTACT: [Self; 2] = [Self::Email, Self::Phone];
    /// Claims about the person.
    pub(crate) const ABOUT: [Self; 7] = [
        Self::Name,
        Self::Nickname,
        Self::FamilyName,
        Self::GivenName,
        Self::Picture,
        Self::Gender,
        Self::Birthdate,
    ];
    /// The parts of the claim `address`.
    pub(crate) const ADDRESS: [Self; 5] = [
        Self::PostalCode,
        Self::Country,
        Self::Region,
        Self::Locality,
        Self::StreetAddress,
    ];
    /// What is this app's own business, in its own database.
    pub(crate) const BUSINESS: [Self; 2] = [Self::Age, Self::ShippingAddress];

    /// The members that the identity server keeps.
    pub(crate) fn identity() -> impl Iterator<Item = Self> {
        Self::CONTACT
            .into_iter()
            .chain(Self::ABOUT)
            .chain(Self::ADDRESS)
    }

    /// Every member, in the order of the form.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        Self::identity().chain(Self::BUSINESS)
    }

    /// The name in the form and in the app's own API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Name => "name",
            Self::Nickname => "nickname",
            Self::FamilyName => "family_name",
            Self::GivenName => "given_name",
            Self::Picture => "picture",
            Self::Gender => "gender",
            Self::Birthdate => "birthdate",
            Self::StreetAddress => "street_address",
            Self::Locality => "locality",
            Self::Region => "region",
            Self::PostalCode => "postal_code",
            Self::Country => "country",
            Self::Age => "age",
            Self::ShippingAddress => "shipping_address",
        }
    }

    /// The most characters.
    pub(crate) fn limit(self) -> usize {
        match self {
            Self::Email | Self::Name => 128,
            Self::Phone => 32,
            Self::Nickname | Self::FamilyName | Self::GivenName => 255,
            Self::Locality | Self::Region | Self::Country => 255,
            Self::Picture => 2048,
            Self::Gender => 64,
            Self::Birthdate => 10,
            Self::StreetAddress | Self::ShippingAddress => 512,
            Self::PostalCode => 32,
            Self::Age => 3,
        }
    }

    /// Whether it may have several lines.
    pub(crate) fn has_lines(self) -> bool {
        matches!(self, Self::StreetAddress | Self::ShippingAddress)
    }

    /// The token by which browsers fill it in.
    pub(crate) fn autocomplete(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "tel",
            Self::Name => "name",
            Self::Nickname => "nickname",
            Self::FamilyName => "family-name",
            Self::GivenName => "given-name",
            Self::Picture => "photo",
            Self::Gender => "sex",
            Self::Birthdate => "bday",
            Self::StreetAddress => "street-address",
            Self::Locality => "address-level2",
            Self::Region => "address-level1",
            Self::PostalCode => "postal-code",
            Self::Country => "country-name",
            Self::Age => "off",
            Self::ShippingAddress => "shipping street-address",
        }
    }

    /// From the path by which the Management API names a member of a user.
    pub(crate) fn from_key_path(path: &str) -> Option<Self> {
        match path {
            "primaryEmail" => Some(Self::Email),
            "primaryPhone" => Some(Self::Phone),
            "name" => Some(Self::Name),
            "avatar" => Some(Self::Picture),
            "profile.nickname" => Some(Self::Nickname),
            "profile.familyName" => Some(Self::FamilyName),
            "profile.givenName" => Some(Self::GivenName),
            "profile.gender" => Some(Self::Gender),
            "profile.birthdate" => Some(Self::Birthdate),
            "profile.address.streetAddress" => Some(Self::StreetAddress),
            "profile.address.locality" => Some(Self::Locality),
            "profile.address.region" => Some(Self::Region),
            "profile.address.postalCode" => Some(Self::PostalCode),
            "profile.address.country" => Some(Self::Country),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_member_stands_once() {
        let names: BTreeSet<_> = Field::all().map(Field::name).collect();
        assert_eq!((names.len(), Field::all().count()), (16, 16));
    }

    #[test]
    fn every_member_of_the_identity_server_has_its_key_path() {
        let paths = [
            "primaryEmail",
            "primaryPhone",
            "name",
            "avatar",
            "profile.nickname",
            "profile.familyName",
            "profile.givenName",
            "profile.gender",
            "profile.birthdate",
            "profile.address.streetAddress",
            "profile.address.locality",
            "profile.address.region",
            "profile.address.postalCode",
            "profile.address.country",
        ];
        let found: Vec<_> = paths
            .map(Field::from_key_path)
            .into_iter()
            .flatten()
            .collect();
        assert!(Field::identity().all(|field| found.contains(&field)));
        assert_eq!(Field::from_key_path("customData"), None);
    }
}
