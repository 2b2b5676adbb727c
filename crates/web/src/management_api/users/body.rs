//! What the routes of users take.

use meibo_domain::{
    Error, ErrorCode, Result,
    custom_data::CustomData,
    email::EmailAddress,
    patch::Patch,
    phone::PhoneNumber,
    user::{NewUser, UserPatch},
    username::Username,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::profile::ProfileView;
use crate::extract::Object;

/// A new user. Every member may be left out; an empty string and null are the same as that. An
/// address given here counts as verified.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateUser {
    /// A letter or underscore, then letters, digits and underscores; at most 128. Unique, whatever
    /// the case.
    username: Option<String>,
    /// Email address, at most 128 characters. Unique, whatever the case.
    primary_email: Option<String>,
    /// Phone number: digits with the country code. Unique.
    primary_phone: Option<String>,
    /// Display name, at most 128 characters.
    name: Option<String>,
    /// URL of a picture.
    avatar: Option<String>,
    /// Password, 1 to 256 characters. The password policy is not applied.
    password: Option<String>,
    /// Digest of a password from elsewhere. Digests cannot be imported yet.
    password_digest: Option<String>,
    /// How the digest was made.
    password_algorithm: Option<String>,
    /// The standard claims beside name and picture.
    #[schema(value_type = Option<ProfileView>)]
    profile: Option<Object<ProfileView>>,
    /// The business's own data, at most 64 KiB and 32 levels.
    #[schema(value_type = Option<Object>)]
    custom_data: Option<Map<String, Value>>,
}

/// What changes of a user. A member that is left out stays; an empty string or null clears it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UpdateUser {
    /// Username.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    username: Patch<String>,
    /// Email address; a new one counts as verified.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    primary_email: Patch<String>,
    /// Phone number; a new one counts as verified.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    primary_phone: Patch<String>,
    /// Display name.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    name: Patch<String>,
    /// URL of a picture.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    avatar: Patch<String>,
    /// Replaces the whole profile.
    #[schema(value_type = Option<ProfileView>)]
    profile: Option<Object<ProfileView>>,
    /// Replaces the whole object.
    #[schema(value_type = Option<Object>)]
    custom_data: Option<Map<String, Value>>,
}

/// What is merged into a profile.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct MergeProfile {
    /// The members that replace those of the same name.
    #[schema(value_type = ProfileView)]
    pub(super) profile: Object<ProfileView>,
}

/// A password.
#[derive(Deserialize, ToSchema)]
pub(crate) struct Password {
    /// 1 to 256 characters.
    pub(super) password: String,
}

/// Is a user suspended?
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SetSuspension {
    /// Is the user suspended from now on?
    pub(super) is_suspended: bool,
}

impl CreateUser {
    /// The new user, and the password when there is one.
    ///
    /// # Errors
    /// `guard.invalid_input` and `user.invalid_phone` for a member that is wrong;
    /// `user.password_and_digest`, `user.password_algorithm_required` and
    /// `user.password_digest_invalid` for a digest.
    pub(super) fn parse(self) -> Result<(NewUser, Option<String>)> {
        check_digest(&self)?;
        let new = NewUser {
            username: given(self.username)
                .map(|text| Username::parse(&text))
                .transpose()?,
            primary_email: given(self.primary_email)
                .map(|text| EmailAddress::parse(&text))
                .transpose()?,
            primary_phone: given(self.primary_phone)
                .map(|text| PhoneNumber::parse(&text))
                .transpose()?,
            name: given(self.name),
            avatar: given(self.avatar),
            profile: self
                .profile
                .map(|Object(profile)| profile.into())
                .unwrap_or_default(),
            custom_data: self
                .custom_data
                .map(CustomData::parse)
                .transpose()?
                .unwrap_or_default(),
        };
        Ok((new, self.password))
    }
}

impl UpdateUser {
    /// The change.
    ///
    /// # Errors
    /// `guard.invalid_input` and `user.invalid_phone` for a member that is wrong.
    pub(super) fn parse(self) -> Result<UserPatch> {
        Ok(UserPatch {
            username: self
                .username
                .empty_clears()
                .try_map(|text| Username::parse(&text))?,
            primary_email: self
                .primary_email
                .empty_clears()
                .try_map(|text| EmailAddress::parse(&text))?,
            primary_phone: self
                .primary_phone
                .empty_clears()
                .try_map(|text| PhoneNumber::parse(&text))?,
            name: self.name,
            avatar: self.avatar,
            profile: self.profile.map(|Object(profile)| profile.into()),
            custom_data: self.custom_data.map(CustomData::parse).transpose()?,
        })
    }
}

fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

/// No digest can be taken yet; what is wrong with the request comes before that.
fn check_digest(body: &CreateUser) -> Result<()> {
    match (
        &body.password_digest,
        &body.password,
        &body.password_algorithm,
    ) {
        (None, _, _) => Ok(()),
        (Some(_), Some(_), _) => Err(ErrorCode::PasswordAndDigest.into()),
        (Some(_), None, None) => Err(ErrorCode::PasswordAlgorithmRequired.into()),
        (Some(_), None, Some(_)) => {
            let detail = "digests cannot be imported yet; give the password, or none";
            Err(Error::new(ErrorCode::PasswordDigestInvalid).detail(detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn create(value: Value) -> Result<(NewUser, Option<String>)> {
        serde_json::from_value::<CreateUser>(value).unwrap().parse()
    }

    #[test]
    fn empty_and_null_are_left_out() {
        for value in [
            json!({}),
            json!({"username": "", "primaryEmail": "", "primaryPhone": "", "name": "", "avatar": ""}),
            json!({"username": null, "name": null, "avatar": null, "profile": null, "password": null}),
        ] {
            let (new, password) = create(value).unwrap();
            assert!(new.username.is_none() && new.primary_email.is_none() && new.name.is_none());
            assert!(new.primary_phone.is_none() && new.avatar.is_none() && password.is_none());
        }
    }

    #[test]
    fn a_wrong_member_is_named() {
        for (value, path) in [
            (json!({"username": "1a"}), "username"),
            (json!({"primaryEmail": "a"}), "primaryEmail"),
            (json!({"primaryPhone": "090-1234"}), "primaryPhone"),
            (
                json!({"customData": {"a": "x".repeat(70_000)}}),
                "customData",
            ),
        ] {
            assert_eq!(create(value).unwrap_err().violations()[0].path, path);
        }
        let unknown = create(json!({"primaryPhone": "1"})).unwrap_err();
        assert_eq!(unknown.code(), ErrorCode::InvalidPhone);
    }

    #[test]
    fn digests() {
        for (value, code) in [
            (
                json!({"passwordDigest": "d", "password": "p"}),
                ErrorCode::PasswordAndDigest,
            ),
            (
                json!({"passwordDigest": "d"}),
                ErrorCode::PasswordAlgorithmRequired,
            ),
            (
                json!({"passwordDigest": "d", "passwordAlgorithm": "Bcrypt"}),
                ErrorCode::PasswordDigestInvalid,
            ),
        ] {
            assert_eq!(create(value).unwrap_err().code(), code);
        }
    }

    #[test]
    fn a_change_keeps_clears_and_sets() {
        let value = json!({"username": null, "primaryEmail": "", "primaryPhone": "819012345678"});
        let patch = serde_json::from_value::<UpdateUser>(value)
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(
            (patch.username, patch.primary_email),
            (Patch::Clear, Patch::Clear)
        );
        let phone = PhoneNumber::parse("819012345678").unwrap();
        assert_eq!(
            (patch.primary_phone, patch.name),
            (Patch::Set(phone), Patch::Keep)
        );
        assert!(patch.profile.is_none() && patch.custom_data.is_none());
    }
}
