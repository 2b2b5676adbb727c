//! The profile that this app edits: what a page shows whole, and what is typed into it.

use std::collections::BTreeMap;

use meibo_sdk::{Change, User, UserClaims};
use url::Url;

use crate::birthdate::is_birthdate;
use crate::field::Field;
use crate::language::Language;
use crate::number::Number;
use crate::phone;
use crate::problem::Problem;

/// The members of [`Field`] as texts; empty when unset.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Profile(BTreeMap<Field, String>);

/// What a person wants their profile to be.
pub(crate) struct Submission {
    pub(crate) profile: Profile,
    /// The numbers as typed.
    pub(crate) numbers: BTreeMap<Number, Change<String>>,
    /// [`Known::version`](crate::known::Known::version) of what they saw; `None`: whatever is there
    /// is replaced.
    pub(crate) version: Option<String>,
}

impl Submission {
    /// What happens to `number`.
    pub(crate) fn number(&self, number: Number) -> &Change<String> {
        self.numbers.get(&number).unwrap_or(&Change::Keep)
    }
}

impl Profile {
    /// The member; empty when unset.
    pub(crate) fn get(&self, field: Field) -> &str {
        self.0.get(&field).map_or("", String::as_str)
    }

    pub(crate) fn set(&mut self, field: Field, value: impl Into<String>) {
        self.0.insert(field, value.into());
    }

    fn with(mut self, field: Field, value: Option<impl Into<String>>) -> Self {
        if let Some(value) = value {
            self.set(field, value);
        }
        self
    }

    /// Every member by `value` of its name; `None` when a member is missing, since a missing one
    /// is not an emptied one.
    pub(crate) fn read(mut value: impl FnMut(&'static str) -> Option<String>) -> Option<Self> {
        Field::all()
            .map(|field| Some((field, value(field.name())?)))
            .collect::<Option<_>>()
            .map(Self)
    }

    /// As it is stored: without space around the members, lines ended by `\n`, the phone number in
    /// digits when it can be read, the age without leading zeros.
    pub(crate) fn normalised(self, language: Language) -> Self {
        let normalise = |(field, value): (Field, String)| {
            let value = value.trim().replace("\r\n", "\n");
            let value = match field {
                Field::Phone => phone::digits_of(&value, language).unwrap_or(value),
                Field::Age => value.parse::<u32>().map_or(value, |age| age.to_string()),
                _ => value,
            };
            (field, value)
        };
        Self(self.0.into_iter().map(normalise).collect())
    }

    /// The members that cannot be saved, one problem each.
    pub(crate) fn problems(&self) -> Vec<(Field, Problem)> {
        Field::all()
            .filter_map(|field| Some((field, self.problem(field)?)))
            .collect()
    }

    /// What is wrong with one member.
    pub(crate) fn problem(&self, field: Field) -> Option<Problem> {
        let value = self.get(field);
        let is_control = |c: char| c.is_control() && !(c == '\n' && field.has_lines());
        let wrong_kind = match field {
            _ if value.chars().count() > field.limit() => return Some(Problem::TooLong),
            _ if value.contains(is_control) => return Some(Problem::Control),
            _ if value.is_empty() => return None,
            Field::Picture if !is_web_address(value) => Problem::NotWebAddress,
            Field::Birthdate if !is_birthdate(value) => Problem::NotBirthdate,
            Field::Email if !is_email(value) => Problem::NotEmail,
            Field::Phone if !value.bytes().all(|byte| byte.is_ascii_digit()) => Problem::NotPhone,
            Field::Age if !value.parse::<u32>().is_ok_and(|age| age <= 150) => Problem::NotAge,
            _ => return None,
        };
        Some(wrong_kind)
    }

    /// Whether the members `fields` are the same in both.
    pub(crate) fn agrees(&self, other: &Self, mut fields: impl Iterator<Item = Field>) -> bool {
        fields.all(|field| self.get(field) == other.get(field))
    }
}

impl From<&UserClaims> for Profile {
    fn from(claims: &UserClaims) -> Self {
        let address = claims.address.clone().unwrap_or_default();
        Self::default()
            .with(Field::Email, claims.email.clone())
            .with(Field::Phone, claims.phone_number.clone())
            .with(Field::Name, claims.name.clone())
            .with(Field::Nickname, claims.nickname.clone())
            .with(Field::FamilyName, claims.family_name.clone())
            .with(Field::GivenName, claims.given_name.clone())
            .with(Field::Picture, claims.picture.clone())
            .with(Field::Gender, claims.gender.clone())
            .with(Field::Birthdate, claims.birthdate.clone())
            .with(Field::StreetAddress, address.street_address)
            .with(Field::Locality, address.locality)
            .with(Field::Region, address.region)
            .with(Field::PostalCode, address.postal_code)
            .with(Field::Country, address.country)
    }
}

impl From<&User> for Profile {
    fn from(user: &User) -> Self {
        let profile = &user.profile;
        let address = profile.address.clone().unwrap_or_default();
        Self::default()
            .with(Field::Email, user.primary_email.clone())
            .with(Field::Phone, user.primary_phone.clone())
            .with(Field::Name, user.name.clone())
            .with(Field::Nickname, profile.nickname.clone())
            .with(Field::FamilyName, profile.family_name.clone())
            .with(Field::GivenName, profile.given_name.clone())
            .with(Field::Picture, user.avatar.clone())
            .with(Field::Gender, profile.gender.clone())
            .with(Field::Birthdate, profile.birthdate.clone())
            .with(Field::StreetAddress, address.street_address)
            .with(Field::Locality, address.locality)
            .with(Field::Region, address.region)
            .with(Field::PostalCode, address.postal_code)
            .with(Field::Country, address.country)
    }
}

fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// The shape only: that somebody reads it, the code shows.
fn is_email(text: &str) -> bool {
    let has_space =
        text.contains(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>'));
    match text.split_once('@') {
        Some((local, domain)) => {
            !has_space
                && !local.is_empty()
                && !domain.contains('@')
                && domain.contains('.')
                && domain.split('.').all(|label| !label.is_empty())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn profile(field: Field, value: &str) -> Profile {
        Profile::default().with(field, Some(value))
    }

    #[test]
    fn problems_by_member() {
        for (field, value, problem) in [
            (Field::Name, "", None),
            (Field::Name, &*"名".repeat(128), None),
            (Field::Name, &*"名".repeat(129), Some(Problem::TooLong)),
            (Field::Name, &*"x".repeat(10_000), Some(Problem::TooLong)),
            (Field::Name, "<b>Sei</b>", None),
            (Field::Name, "a\u{0}b", Some(Problem::Control)),
            (Field::Name, "Sei\nBcc: a@b.example", Some(Problem::Control)),
            (Field::StreetAddress, "一条\n戻橋", None),
            (Field::ShippingAddress, "a\tb", Some(Problem::Control)),
            (Field::Picture, "https://a.example/p", None),
            (
                Field::Picture,
                "javascript:alert(1)",
                Some(Problem::NotWebAddress),
            ),
            (Field::Picture, "//a", Some(Problem::NotWebAddress)),
            (Field::Birthdate, "1990-01-02", None),
            (Field::Birthdate, "soon", Some(Problem::NotBirthdate)),
            (Field::Email, "sei@example.com", None),
            (Field::Email, "清@例え.jp", None),
            (Field::Email, "sei@example", Some(Problem::NotEmail)),
            (Field::Email, "a@b.c, d@e.f", Some(Problem::NotEmail)),
            (Field::Email, "a@b@c.d", Some(Problem::NotEmail)),
            (Field::Email, "a@b.c\r\nBcc: d@e.f", Some(Problem::Control)),
            (Field::Phone, "819012345678", None),
            (Field::Phone, "my phone", Some(Problem::NotPhone)),
            (Field::Age, "0", None),
            (Field::Age, "151", Some(Problem::NotAge)),
            (Field::Age, "-1", Some(Problem::NotAge)),
            (Field::Age, "１８", Some(Problem::NotAge)),
        ] {
            assert_eq!(
                profile(field, value).problem(field),
                problem,
                "{field:?} {value:.40}"
            );
        }
    }

    #[test]
    fn it_is_normalised_as_it_is_stored() {
        let normalised = |field, value| {
            let profile = profile(field, value).normalised(Language::Japanese);
            profile.get(field).to_owned()
        };
        assert_eq!(normalised(Field::Name, " Sei "), "Sei");
        assert_eq!(normalised(Field::Phone, "090-1234-5678"), "819012345678");
        assert_eq!(normalised(Field::Phone, "later"), "later");
        assert_eq!(normalised(Field::ShippingAddress, "a\r\nb\r\n"), "a\nb");
        assert_eq!(normalised(Field::Age, "018"), "18");
    }

    #[test]
    fn both_sources_tell_the_same() {
        let user: User = serde_json::from_value(json!({
            "id": "u", "createdAt": 1, "updatedAt": 1, "name": "清少納言", "avatar": "https://a.example/p",
            "primaryEmail": "sei@example.com", "primaryPhone": "819012345678",
            "profile": { "nickname": "Nagiko", "familyName": "清原", "givenName": "諾子", "gender": "female",
                "birthdate": "0966", "address": { "streetAddress": "一条", "locality": "京都", "region": "京都府",
                "postalCode": "602", "country": "日本" } },
        }))
        .unwrap();
        let claims: UserClaims = serde_json::from_value(json!({
            "sub": "u", "name": "清少納言", "picture": "https://a.example/p", "email": "sei@example.com",
            "phone_number": "819012345678", "nickname": "Nagiko", "family_name": "清原", "given_name": "諾子",
            "gender": "female", "birthdate": "0966", "address": { "street_address": "一条", "locality": "京都",
            "region": "京都府", "postal_code": "602", "country": "日本" },
        }))
        .unwrap();
        let profile = Profile::from(&user);
        assert!(profile == Profile::from(&claims));
        assert!(Field::identity().all(|field| !profile.get(field).is_empty()));
    }
}
