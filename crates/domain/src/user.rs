//! A user: a customer's account.

mod identifier;

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    Result,
    custom_data::CustomData,
    email::EmailAddress,
    ids::{ApplicationId, UserId},
    password::PasswordAlgorithm,
    patch::Patch,
    phone::PhoneNumber,
    profile::Profile,
    text::{check_text, check_web_url},
    time::Timestamp,
    username::Username,
};

pub use self::identifier::Identifier;

/// Characters that a display name may have.
pub const MAX_NAME_LENGTH: usize = 128;

/// An address that belongs to a user, and since when that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifiable<T> {
    /// The address or number.
    pub value: T,
    /// When it was verified: by a code, or by an administrator's word. An address without is no
    /// identifier, is not unique and never links.
    pub verified_at: Option<Timestamp>,
}

/// A stored password digest.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordDigest {
    /// The digest in its algorithm's own form.
    pub digest: String,
    /// How it was made.
    pub algorithm: PasswordAlgorithm,
    /// When it was set.
    pub updated_at: Timestamp,
}

impl std::fmt::Debug for PasswordDigest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PasswordDigest")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// A customer's account.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// `sub` on `/oidc`, `id` in the Management API.
    pub id: UserId,
    /// `sub` in the login dialect.
    pub login_id: Uuid,
    /// Grows with every change; writes are guarded by it.
    pub version: i64,
    /// Username.
    pub username: Option<Username>,
    /// Primary email address.
    pub primary_email: Option<Verifiable<EmailAddress>>,
    /// Primary phone number.
    pub primary_phone: Option<Verifiable<PhoneNumber>>,
    /// `name`: display name.
    pub name: Option<String>,
    /// `picture`: URL of an image.
    pub avatar: Option<String>,
    /// The other standard claims.
    pub profile: Profile,
    /// The business's own data.
    pub custom_data: CustomData,
    /// The password's digest, when there is one.
    pub password: Option<PasswordDigest>,
    /// A suspended user can neither sign in nor use tokens.
    pub is_suspended: bool,
    /// The first application that the user signed in to.
    pub application_id: Option<ApplicationId>,
    /// The last sign-in.
    pub last_sign_in_at: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When the account was changed last.
    pub updated_at: Timestamp,
}

/// What a new account begins with. Addresses in it count as verified: only an administrator or a
/// proven code hands them in.
#[derive(Debug, Clone, Default)]
pub struct NewUser {
    /// Username.
    pub username: Option<Username>,
    /// Primary email address.
    pub primary_email: Option<EmailAddress>,
    /// Primary phone number.
    pub primary_phone: Option<PhoneNumber>,
    /// Display name, at most 128 characters.
    pub name: Option<String>,
    /// Picture URL.
    pub avatar: Option<String>,
    /// The other standard claims.
    pub profile: Profile,
    /// The business's own data.
    pub custom_data: CustomData,
}

/// What a PATCH changes.
#[derive(Debug, Clone, Default)]
pub struct UserPatch {
    /// Username.
    pub username: Patch<Username>,
    /// Primary email address; a set one counts as verified.
    pub primary_email: Patch<EmailAddress>,
    /// Primary phone number; a set one counts as verified.
    pub primary_phone: Patch<PhoneNumber>,
    /// Display name.
    pub name: Patch<String>,
    /// Picture URL.
    pub avatar: Patch<String>,
    /// Replaces the whole profile.
    pub profile: Option<Profile>,
    /// Replaces the whole object.
    pub custom_data: Option<CustomData>,
}

impl NewUser {
    /// The account as it begins.
    ///
    /// # Errors
    /// `guard.invalid_input` with the path of a member that is out of bounds.
    pub fn create(self, id: UserId, login_id: Uuid, now: Timestamp) -> Result<User> {
        let verified_at = Some(now);
        Ok(User {
            id,
            login_id,
            version: 1,
            username: self.username,
            primary_email: self
                .primary_email
                .map(|value| Verifiable { value, verified_at }),
            primary_phone: self
                .primary_phone
                .map(|value| Verifiable { value, verified_at }),
            name: self.name.map(check_name).transpose()?,
            avatar: self.avatar.map(check_avatar).transpose()?,
            profile: self
                .profile
                .checked()
                .map_err(|error| error.within("profile"))?,
            custom_data: self.custom_data,
            password: None,
            is_suspended: false,
            application_id: None,
            last_sign_in_at: None,
            created_at: now,
            updated_at: now,
        })
    }
}

impl User {
    /// The account after `patch`, its version grown by one.
    ///
    /// # Errors
    /// `guard.invalid_input` with the path of a member that is out of bounds.
    pub fn apply(&self, patch: UserPatch, now: Timestamp) -> Result<Self> {
        let mut user = self.clone();
        user.username = patch.username.apply(user.username);
        user.primary_email = apply_verifiable(patch.primary_email, user.primary_email, now);
        user.primary_phone = apply_verifiable(patch.primary_phone, user.primary_phone, now);
        user.name = patch
            .name
            .empty_clears()
            .try_map(check_name)?
            .apply(user.name);
        user.avatar = patch
            .avatar
            .empty_clears()
            .try_map(check_avatar)?
            .apply(user.avatar);
        if let Some(profile) = patch.profile {
            user.profile = profile.checked().map_err(|error| error.within("profile"))?;
        }
        if let Some(custom_data) = patch.custom_data {
            user.custom_data = custom_data;
        }
        Ok(user.changed(now))
    }

    /// The account with `members` merged into its custom data (shallow).
    ///
    /// # Errors
    /// `guard.invalid_input` when the result is out of bounds.
    pub fn merge_custom_data(&self, members: Map<String, Value>, now: Timestamp) -> Result<Self> {
        let custom_data = self.custom_data.merge(members)?;
        Ok(Self {
            custom_data,
            ..self.clone()
        }
        .changed(now))
    }

    /// The account with `profile` merged into its own (shallow; the address as a whole).
    ///
    /// # Errors
    /// `guard.invalid_input` with the path of a member that is out of bounds.
    pub fn merge_profile(&self, profile: Profile, now: Timestamp) -> Result<Self> {
        let profile = self
            .profile
            .merge(profile)
            .checked()
            .map_err(|error| error.within("profile"))?;
        Ok(Self {
            profile,
            ..self.clone()
        }
        .changed(now))
    }

    /// The account with another password.
    #[must_use]
    pub fn with_password(
        &self,
        digest: String,
        algorithm: PasswordAlgorithm,
        now: Timestamp,
    ) -> Self {
        let password = Some(PasswordDigest {
            digest,
            algorithm,
            updated_at: now,
        });
        Self {
            password,
            ..self.clone()
        }
        .changed(now)
    }

    /// The account suspended, or no longer so.
    #[must_use]
    pub fn with_suspension(&self, is_suspended: bool, now: Timestamp) -> Self {
        Self {
            is_suspended,
            ..self.clone()
        }
        .changed(now)
    }

    /// The verified email address, the only one that may be relied on.
    #[must_use]
    pub fn verified_email(&self) -> Option<&EmailAddress> {
        self.primary_email
            .as_ref()
            .filter(|email| email.verified_at.is_some())
            .map(|email| &email.value)
    }

    /// The verified phone number, the only one that may be relied on.
    #[must_use]
    pub fn verified_phone(&self) -> Option<&PhoneNumber> {
        self.primary_phone
            .as_ref()
            .filter(|phone| phone.verified_at.is_some())
            .map(|phone| &phone.value)
    }

    /// What the person may type to sign in: the username and the verified addresses.
    pub fn identifiers(&self) -> impl Iterator<Item = Identifier> {
        [
            self.username.clone().map(Identifier::Username),
            self.verified_email().cloned().map(Identifier::Email),
            self.verified_phone().cloned().map(Identifier::Phone),
        ]
        .into_iter()
        .flatten()
    }

    /// The words that a password must not be made of.
    #[must_use]
    pub fn personal_words(&self) -> Vec<&str> {
        let profile = &self.profile;
        [
            self.username.as_ref().map(Username::as_str),
            self.primary_email
                .as_ref()
                .map(|email| email.value.as_str()),
            self.primary_phone
                .as_ref()
                .map(|phone| phone.value.digits()),
            self.name.as_deref(),
            profile.nickname.as_deref(),
            profile.family_name.as_deref(),
            profile.given_name.as_deref(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn changed(mut self, now: Timestamp) -> Self {
        self.version += 1;
        self.updated_at = now;
        self
    }
}

/// An address that stays the same keeps the time at which it was verified first.
fn apply_verifiable<T: PartialEq>(
    patch: Patch<T>,
    present: Option<Verifiable<T>>,
    now: Timestamp,
) -> Option<Verifiable<T>> {
    match patch {
        Patch::Keep => present,
        Patch::Clear => None,
        Patch::Set(value) => {
            let verified_at = present
                .filter(|present| present.value == value)
                .and_then(|present| present.verified_at)
                .or(Some(now));
            Some(Verifiable { value, verified_at })
        }
    }
}

fn check_name(name: String) -> Result<String> {
    check_text("name", &name, MAX_NAME_LENGTH)?;
    Ok(name)
}

fn check_avatar(avatar: String) -> Result<String> {
    check_web_url("avatar", &avatar)?;
    Ok(avatar)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> User {
        let new = NewUser {
            username: Some(Username::parse("alice").unwrap()),
            primary_email: Some(EmailAddress::parse("alice@example.com").unwrap()),
            ..NewUser::default()
        };
        new.create(UserId::parse("u1").unwrap(), Uuid::nil(), Timestamp(1000))
            .unwrap()
    }

    #[test]
    fn apply_keeps_clears_and_sets() {
        let patch = UserPatch {
            username: Patch::Clear,
            name: Patch::Set("Alice".into()),
            avatar: Patch::Set(String::new()),
            ..UserPatch::default()
        };
        let changed = user().apply(patch, Timestamp(2000)).unwrap();
        assert_eq!(
            (changed.username, changed.name.as_deref(), changed.avatar),
            (None, Some("Alice"), None)
        );
        assert_eq!(
            (changed.version, changed.updated_at, changed.created_at),
            (2, Timestamp(2000), Timestamp(1000))
        );
    }

    #[test]
    fn an_unchanged_address_keeps_its_proof() {
        let same = UserPatch {
            primary_email: Patch::Set(EmailAddress::parse("alice@example.com").unwrap()),
            ..UserPatch::default()
        };
        let changed = user().apply(same, Timestamp(2000)).unwrap();
        assert_eq!(
            changed.primary_email.unwrap().verified_at,
            Some(Timestamp(1000))
        );
        let other = UserPatch {
            primary_email: Patch::Set(EmailAddress::parse("b@example.com").unwrap()),
            ..UserPatch::default()
        };
        assert_eq!(
            user()
                .apply(other, Timestamp(2000))
                .unwrap()
                .primary_email
                .unwrap()
                .verified_at,
            Some(Timestamp(2000))
        );
    }

    #[test]
    fn only_verified_addresses_are_identifiers() {
        let keys = |user: &User| -> Vec<String> {
            user.identifiers()
                .map(|identifier| identifier.key())
                .collect()
        };
        let mut user = user();
        assert_eq!(keys(&user), ["alice", "alice@example.com"]);
        user.primary_email.as_mut().unwrap().verified_at = None;
        assert_eq!(keys(&user), ["alice"]);
    }

    #[test]
    fn out_of_bounds_names_the_member() {
        for (patch, path) in [
            (
                UserPatch {
                    name: Patch::Set("x".repeat(129)),
                    ..UserPatch::default()
                },
                "name",
            ),
            (
                UserPatch {
                    name: Patch::Set("a\0".into()),
                    ..UserPatch::default()
                },
                "name",
            ),
            (
                UserPatch {
                    avatar: Patch::Set("javascript:1".into()),
                    ..UserPatch::default()
                },
                "avatar",
            ),
            (
                UserPatch {
                    profile: Some(Profile {
                        birthdate: Some("x".into()),
                        ..Profile::default()
                    }),
                    ..UserPatch::default()
                },
                "profile.birthdate",
            ),
        ] {
            assert_eq!(
                user().apply(patch, Timestamp(1)).unwrap_err().violations()[0].path,
                path
            );
        }
    }

    #[test]
    fn a_digest_is_never_printed() {
        let user = user().with_password(
            "$argon2id$secret".into(),
            PasswordAlgorithm::Argon2id,
            Timestamp(1),
        );
        assert!(!format!("{user:?}").contains("secret"));
    }
}
