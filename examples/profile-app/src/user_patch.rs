//! The change that brings an account at the identity server to a profile.

use meibo_sdk::{Address, Change, PatchUser, User};

use crate::field::Field;
use crate::profile::Profile;

/// The members that differ, and no others; `None` when none does.
///
/// `PATCH /api/users/{id}` replaces the member `profile` as a whole, so that when one of its members
/// differs it is sent merged: what the form does not know (locale, members of a later version) is
/// taken from `user`. Custom data is never sent.
pub(crate) fn user_patch(user: &User, wanted: &Profile) -> Option<PatchUser> {
    let current = Profile::from(user);
    let differs = |field: Field| wanted.get(field) != current.get(field);
    let change = |field: Field| {
        if differs(field) {
            Change::text(wanted.get(field))
        } else {
            Change::Keep
        }
    };
    let is_address_changed = Field::ADDRESS.into_iter().any(differs);
    let is_profile_changed = is_address_changed
        || Field::ABOUT
            .into_iter()
            .any(|field| !matches!(field, Field::Name | Field::Picture) && differs(field));
    let member = |field: Field| Some(wanted.get(field).to_owned()).filter(|text| !text.is_empty());
    let profile = is_profile_changed.then(|| {
        let mut profile = user.profile.clone();
        profile.nickname = member(Field::Nickname);
        profile.family_name = member(Field::FamilyName);
        profile.given_name = member(Field::GivenName);
        profile.gender = member(Field::Gender);
        profile.birthdate = member(Field::Birthdate);
        if is_address_changed {
            let address = Address {
                // It would contradict the new parts.
                formatted: None,
                street_address: member(Field::StreetAddress),
                locality: member(Field::Locality),
                region: member(Field::Region),
                postal_code: member(Field::PostalCode),
                country: member(Field::Country),
                ..profile.address.take().unwrap_or_default()
            };
            profile.address = Some(address).filter(|address| *address != Address::default());
        }
        profile
    });
    Field::identity().any(differs).then(|| PatchUser {
        name: change(Field::Name),
        avatar: change(Field::Picture),
        primary_email: change(Field::Email),
        primary_phone: change(Field::Phone),
        profile,
        ..PatchUser::default()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn user() -> User {
        serde_json::from_value(json!({
            "id": "u", "createdAt": 1, "updatedAt": 1, "name": "Old", "avatar": "https://a.example/p.png",
            "customData": { "tier": "gold" },
            "profile": {
                "nickname": "old", "locale": "ja-JP", "later": 1,
                "address": { "locality": "京都", "formatted": "京都", "floor": 2 },
            },
        }))
        .unwrap()
    }

    fn patch(changes: &[(Field, &str)]) -> Option<Value> {
        let user = user();
        let mut wanted = Profile::from(&user);
        for (field, value) in changes {
            wanted.set(*field, *value);
        }
        user_patch(&user, &wanted).map(|patch| serde_json::to_value(patch).unwrap())
    }

    #[test]
    fn only_what_differs_is_sent() {
        assert_eq!(patch(&[]), None);
        assert_eq!(patch(&[(Field::Age, "30")]), None, "not the server's");
        assert_eq!(
            patch(&[(Field::Name, "New")]),
            Some(json!({ "name": "New" }))
        );
        assert_eq!(
            patch(&[
                (Field::Picture, ""),
                (Field::Email, "a@b.example"),
                (Field::Phone, "8190")
            ]),
            Some(json!({ "avatar": null, "primaryEmail": "a@b.example", "primaryPhone": "8190" }))
        );
    }

    #[test]
    fn a_profile_is_sent_with_what_the_form_does_not_know() {
        assert_eq!(
            patch(&[(Field::Nickname, "")]),
            Some(json!({ "profile": {
                "locale": "ja-JP", "later": 1, "address": { "locality": "京都", "formatted": "京都", "floor": 2 },
            } }))
        );
        assert_eq!(
            patch(&[(Field::Locality, "大津"), (Field::Country, "日本")]),
            Some(json!({ "profile": {
                "nickname": "old", "locale": "ja-JP", "later": 1,
                "address": { "locality": "大津", "country": "日本", "floor": 2 },
            } }))
        );
    }
}
