//! The profile this app edits: its members, what they may hold, and their names elsewhere.

use meibo_sdk::{Change, PatchUser, User, UserClaims};
use serde::{Deserialize, Serialize};

use crate::birthdate::is_birthdate;

/// A member of the profile, by the name of its claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Field {
    Name,
    Nickname,
    GivenName,
    FamilyName,
    Picture,
    Gender,
    Birthdate,
}

impl Field {
    /// In the order of the form.
    pub(crate) const ALL: [Self; 7] = [
        Self::Name,
        Self::Nickname,
        Self::FamilyName,
        Self::GivenName,
        Self::Picture,
        Self::Gender,
        Self::Birthdate,
    ];

    /// The claim, which is also the name in the form and in the app's own API.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Nickname => "nickname",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Picture => "picture",
            Self::Gender => "gender",
            Self::Birthdate => "birthdate",
        }
    }

    /// The most characters.
    pub(crate) fn limit(self) -> usize {
        match self {
            Self::Name => 128,
            Self::Nickname | Self::GivenName | Self::FamilyName => 255,
            Self::Picture => 2048,
            Self::Gender => 64,
            Self::Birthdate => 10,
        }
    }

    /// From the path by which the Management API names a member of a user.
    pub(crate) fn from_key_path(path: &str) -> Option<Self> {
        match path {
            "name" => Some(Self::Name),
            "avatar" => Some(Self::Picture),
            "profile.nickname" => Some(Self::Nickname),
            "profile.givenName" => Some(Self::GivenName),
            "profile.familyName" => Some(Self::FamilyName),
            "profile.gender" => Some(Self::Gender),
            "profile.birthdate" => Some(Self::Birthdate),
            _ => None,
        }
    }
}

/// What is wrong with a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    TooLong,
    Control,
    NotWebAddress,
    NotBirthdate,
    /// The identity server did not take it.
    Refused,
}

impl Problem {
    /// The name in the app's own API.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::Control => "control_character",
            Self::NotWebAddress => "not_a_web_address",
            Self::NotBirthdate => "not_a_birthdate",
            Self::Refused => "refused",
        }
    }
}

/// The profile as the form and the app's own API carry it: every member present, empty when unset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Profile {
    pub(crate) name: String,
    pub(crate) nickname: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) picture: String,
    pub(crate) gender: String,
    pub(crate) birthdate: String,
}

impl Profile {
    pub(crate) fn get(&self, field: Field) -> &str {
        match field {
            Field::Name => &self.name,
            Field::Nickname => &self.nickname,
            Field::GivenName => &self.given_name,
            Field::FamilyName => &self.family_name,
            Field::Picture => &self.picture,
            Field::Gender => &self.gender,
            Field::Birthdate => &self.birthdate,
        }
    }

    /// Without space around the members.
    pub(crate) fn trimmed(mut self) -> Self {
        for member in [
            &mut self.name,
            &mut self.nickname,
            &mut self.given_name,
            &mut self.family_name,
            &mut self.picture,
            &mut self.gender,
            &mut self.birthdate,
        ] {
            *member = member.trim().to_owned();
        }
        self
    }

    /// The members that cannot be saved, at most one problem each.
    pub(crate) fn problems(&self) -> Vec<(Field, Problem)> {
        let check = |field: Field| {
            let value = self.get(field);
            let problem = match field {
                _ if value.chars().count() > field.limit() => Problem::TooLong,
                _ if value.contains(char::is_control) => Problem::Control,
                _ if value.is_empty() => return None,
                Field::Picture if !is_web_address(value) => Problem::NotWebAddress,
                Field::Birthdate if !is_birthdate(value) => Problem::NotBirthdate,
                _ => return None,
            };
            Some((field, problem))
        };
        Field::ALL.into_iter().filter_map(check).collect()
    }

    /// The change that brings `user` to this profile.
    ///
    /// `PATCH /api/users/{id}` replaces the member `profile` as a whole, so it is sent merged: what
    /// the form does not know (address, locale, members of a later version) is taken from `user`.
    /// Two people who edit one profile in the same instant can therefore undo each other; for a
    /// person and their own profile that is as it should be: the last save counts.
    pub(crate) fn patch(&self, user: User) -> PatchUser {
        let member = |value: &str| Some(value.to_owned()).filter(|value| !value.is_empty());
        let mut profile = user.profile;
        profile.nickname = member(&self.nickname);
        profile.given_name = member(&self.given_name);
        profile.family_name = member(&self.family_name);
        profile.gender = member(&self.gender);
        profile.birthdate = member(&self.birthdate);
        PatchUser {
            name: Change::text(&self.name),
            avatar: Change::text(&self.picture),
            profile: Some(profile),
            ..PatchUser::default()
        }
    }
}

impl From<&UserClaims> for Profile {
    fn from(claims: &UserClaims) -> Self {
        let text = |claim: &Option<String>| claim.clone().unwrap_or_default();
        Self {
            name: text(&claims.name),
            nickname: text(&claims.nickname),
            given_name: text(&claims.given_name),
            family_name: text(&claims.family_name),
            picture: text(&claims.picture),
            gender: text(&claims.gender),
            birthdate: text(&claims.birthdate),
        }
    }
}

impl From<User> for Profile {
    fn from(user: User) -> Self {
        Self {
            name: user.name.unwrap_or_default(),
            nickname: user.profile.nickname.unwrap_or_default(),
            given_name: user.profile.given_name.unwrap_or_default(),
            family_name: user.profile.family_name.unwrap_or_default(),
            picture: user.avatar.unwrap_or_default(),
            gender: user.profile.gender.unwrap_or_default(),
            birthdate: user.profile.birthdate.unwrap_or_default(),
        }
    }
}

fn is_web_address(text: &str) -> bool {
    url::Url::parse(text)
        .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn user() -> User {
        serde_json::from_value(json!({
            "id": "u", "createdAt": 1, "updatedAt": 1, "name": "Old", "avatar": "https://a.example/p.png",
            "profile": { "nickname": "old", "locale": "ja-JP", "address": { "locality": "京都" }, "later": 1 },
        }))
        .unwrap()
    }

    #[test]
    fn the_patch_keeps_what_the_form_does_not_know() {
        let profile = Profile {
            name: "New".to_owned(),
            given_name: "Sei".to_owned(),
            ..Profile::default()
        };
        assert_eq!(
            serde_json::to_value(profile.patch(user())).unwrap(),
            json!({
                "name": "New", "avatar": null,
                "profile": { "givenName": "Sei", "locale": "ja-JP", "address": { "locality": "京都" }, "later": 1 },
            })
        );
    }

    #[test]
    fn saving_unchanged_changes_nothing() {
        let patch = Profile::from(user()).patch(user());
        assert_eq!(patch.profile, Some(user().profile));
        assert_eq!(
            (patch.name, patch.avatar),
            (Change::text("Old"), Change::text("https://a.example/p.png"))
        );
    }

    #[test]
    fn problems_by_member() {
        let problems = |name: &str, picture: &str, birthdate: &str| {
            Profile {
                name: name.to_owned(),
                picture: picture.to_owned(),
                birthdate: birthdate.to_owned(),
                ..Profile::default()
            }
            .problems()
        };
        assert_eq!(problems("", "", ""), []);
        assert_eq!(
            problems(&"名".repeat(128), "https://a.example/p", "1990-01-02"),
            []
        );
        assert_eq!(
            problems(&"名".repeat(129), "javascript:alert(1)", "soon"),
            [
                (Field::Name, Problem::TooLong),
                (Field::Picture, Problem::NotWebAddress),
                (Field::Birthdate, Problem::NotBirthdate),
            ]
        );
        assert_eq!(
            problems("a\u{0}b", "//a", ""),
            [
                (Field::Name, Problem::Control),
                (Field::Picture, Problem::NotWebAddress)
            ]
        );
    }

    #[test]
    fn every_member_has_its_key_path() {
        let paths = [
            "name",
            "avatar",
            "profile.nickname",
            "profile.givenName",
            "profile.familyName",
            "profile.gender",
            "profile.birthdate",
        ];
        for field in Field::ALL {
            assert!(
                paths
                    .iter()
                    .any(|path| Field::from_key_path(path) == Some(field)),
                "{field:?}"
            );
        }
        assert_eq!(Field::from_key_path("customData"), None);
    }
}
