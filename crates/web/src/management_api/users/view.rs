//! A user, as answers have it.

use meibo_domain::{custom_data::CustomData, user::User};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::profile::ProfileView;
use crate::management_api::custom_data::CustomDataView;

/// A user.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = User)]
pub(crate) struct UserView {
    /// Id; `sub` in tokens.
    id: String,
    /// Username.
    #[schema(required)]
    username: Option<String>,
    /// Email address.
    #[schema(required)]
    primary_email: Option<String>,
    /// Phone number: digits with the country code, without `+`.
    #[schema(required)]
    primary_phone: Option<String>,
    /// Display name.
    #[schema(required)]
    name: Option<String>,
    /// URL of a picture.
    #[schema(required)]
    avatar: Option<String>,
    /// The business's own data.
    #[schema(value_type = CustomDataView)]
    custom_data: CustomData,
    /// Linked accounts at social providers, by provider.
    #[schema(value_type = Object)]
    identities: Map<String, Value>,
    /// The last sign-in, in epoch milliseconds.
    #[schema(required)]
    last_sign_in_at: Option<i64>,
    /// When the account was made, in epoch milliseconds.
    created_at: i64,
    /// When the account was changed last, in epoch milliseconds.
    updated_at: i64,
    /// The standard claims beside name and picture.
    profile: ProfileView,
    /// The first application that the user signed in to.
    #[schema(required)]
    application_id: Option<String>,
    /// A suspended user can neither sign in nor use tokens.
    is_suspended: bool,
    /// Is there a password?
    has_password: bool,
    /// Linked accounts at enterprise providers; only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    sso_identities: Option<Vec<Value>>,
}

/// Has a user a password?
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HasPassword {
    /// Is there one?
    pub(super) has_password: bool,
}

impl UserView {
    /// The view with the member `ssoIdentities`.
    pub(super) fn with_sso_identities(self) -> Self {
        Self {
            sso_identities: Some(Vec::new()),
            ..self
        }
    }
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id.into(),
            username: user.username.map(|username| username.to_string()),
            primary_email: user.primary_email.map(|email| email.value.to_string()),
            primary_phone: user
                .primary_phone
                .map(|phone| phone.value.digits().to_owned()),
            name: user.name,
            avatar: user.avatar,
            custom_data: user.custom_data,
            identities: Map::new(),
            last_sign_in_at: user.last_sign_in_at.map(|at| at.millis()),
            created_at: user.created_at.millis(),
            updated_at: user.updated_at.millis(),
            profile: user.profile.into(),
            application_id: user.application_id.map(Into::into),
            is_suspended: user.is_suspended,
            has_password: user.password.is_some(),
            sso_identities: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_json_snapshot;
    use meibo_domain::{
        email::EmailAddress,
        ids::{ApplicationId, UserId},
        password::PasswordAlgorithm,
        phone::PhoneNumber,
        profile::{Address, Profile},
        time::Timestamp,
        user::NewUser,
        username::Username,
    };
    use serde_json::json;

    use super::*;

    fn create(new: NewUser) -> User {
        let login_id = "00000000-0000-4000-8000-000000000000".parse().unwrap();
        new.create(UserId::parse("abc").unwrap(), login_id, Timestamp(1000))
            .unwrap()
    }

    #[test]
    fn a_bare_user_has_nulls() {
        assert_json_snapshot!(UserView::from(create(NewUser::default())), @r#"
        {
          "id": "abc",
          "username": null,
          "primaryEmail": null,
          "primaryPhone": null,
          "name": null,
          "avatar": null,
          "customData": {},
          "identities": {},
          "lastSignInAt": null,
          "createdAt": 1000,
          "updatedAt": 1000,
          "profile": {},
          "applicationId": null,
          "isSuspended": false,
          "hasPassword": false
        }
        "#);
    }

    #[test]
    fn a_full_user_shows_no_digest() {
        let address = Address {
            locality: Some("Tokyo".into()),
            ..Address::default()
        };
        let profile = Profile {
            given_name: Some("Sakura".into()),
            address: Some(address),
            ..Profile::default()
        };
        let mut user = create(NewUser {
            username: Some(Username::parse("sakura").unwrap()),
            primary_email: Some(EmailAddress::parse("sakura@example.com").unwrap()),
            primary_phone: Some(PhoneNumber::parse("819012345678").unwrap()),
            name: Some("桜井さくら".into()),
            avatar: Some("https://a.example/s.png".into()),
            profile,
            custom_data: CustomData::parse(json!({"tier": 2}).as_object().unwrap().clone())
                .unwrap(),
        });
        user.application_id = Some(ApplicationId::parse("app").unwrap());
        user.last_sign_in_at = Some(Timestamp(1500));
        let user = user.with_password(
            "$argon2id$x".into(),
            PasswordAlgorithm::Argon2id,
            Timestamp(2000),
        );
        assert_json_snapshot!(UserView::from(user).with_sso_identities(), @r#"
        {
          "id": "abc",
          "username": "sakura",
          "primaryEmail": "sakura@example.com",
          "primaryPhone": "819012345678",
          "name": "桜井さくら",
          "avatar": "https://a.example/s.png",
          "customData": {
            "tier": 2
          },
          "identities": {},
          "lastSignInAt": 1500,
          "createdAt": 1000,
          "updatedAt": 2000,
          "profile": {
            "givenName": "Sakura",
            "address": {
              "locality": "Tokyo"
            }
          },
          "applicationId": "app",
          "isSuspended": false,
          "hasPassword": true,
          "ssoIdentities": []
        }
        "#);
    }
}
