//! A user's standard claims on `/oidc`: OpenID Connect Core sections 5.1 and 5.4, contract 1.8.
//! What is unset is left out; null would be a value (section 5.3.2).

use meibo_domain::{profile::Profile, scope::ScopeSet, user::User, username::Username};
use serde_json::{Map, Value};

use crate::scope;

/// Claims by scope, in the order of the contract; also the list of the discovery document.
pub(crate) const BY_SCOPE: &[(&str, &[&str])] = &[
    (
        scope::PROFILE,
        &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
            "username",
            "created_at",
        ],
    ),
    (scope::EMAIL, &["email", "email_verified"]),
    (scope::PHONE, &["phone_number", "phone_number_verified"]),
    (scope::ADDRESS, &["address"]),
    (scope::CUSTOM_DATA, &["custom_data"]),
    (scope::ROLES, &["roles"]),
];

/// Adds the claims that `scopes` give, without `custom_data`, which only userinfo has.
pub(crate) fn add(
    claims: &mut Map<String, Value>,
    user: &User,
    scopes: &ScopeSet,
    roles: &[String],
) {
    if scopes.contains(scope::PROFILE) {
        add_profile(claims, user);
    }
    if scopes.contains(scope::EMAIL)
        && let Some(email) = &user.primary_email
    {
        claims.insert("email".into(), email.value.as_str().into());
        claims.insert("email_verified".into(), email.verified_at.is_some().into());
    }
    if scopes.contains(scope::PHONE)
        && let Some(phone) = &user.primary_phone
    {
        claims.insert("phone_number".into(), phone.value.digits().into());
        claims.insert(
            "phone_number_verified".into(),
            phone.verified_at.is_some().into(),
        );
    }
    if scopes.contains(scope::ADDRESS) {
        add_address(claims, &user.profile);
    }
    if scopes.contains(scope::ROLES) {
        claims.insert("roles".into(), roles.into());
    }
}

fn add_profile(claims: &mut Map<String, Value>, user: &User) {
    let profile = &user.profile;
    let username = user.username.as_ref().map(Username::as_str);
    for (name, value) in [
        ("name", user.name.as_deref()),
        ("family_name", profile.family_name.as_deref()),
        ("given_name", profile.given_name.as_deref()),
        ("middle_name", profile.middle_name.as_deref()),
        ("nickname", profile.nickname.as_deref()),
        (
            "preferred_username",
            profile.preferred_username.as_deref().or(username),
        ),
        ("profile", profile.profile.as_deref()),
        ("picture", user.avatar.as_deref()),
        ("website", profile.website.as_deref()),
        ("gender", profile.gender.as_deref()),
        ("birthdate", profile.birthdate.as_deref()),
        ("zoneinfo", profile.zoneinfo.as_deref()),
        ("locale", profile.locale.as_deref()),
        ("username", username),
    ] {
        if let Some(value) = value {
            claims.insert(name.into(), value.into());
        }
    }
    claims.insert("updated_at".into(), user.updated_at.millis().into());
    claims.insert("created_at".into(), user.created_at.millis().into());
}

/// The members of OpenID Connect Core section 5.1.1.
fn add_address(claims: &mut Map<String, Value>, profile: &Profile) {
    let Some(address) = &profile.address else {
        return;
    };
    let members: Map<String, Value> = [
        ("formatted", &address.formatted),
        ("street_address", &address.street_address),
        ("locality", &address.locality),
        ("region", &address.region),
        ("postal_code", &address.postal_code),
        ("country", &address.country),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name.to_owned(), value.as_deref()?.into())))
    .collect();
    if !members.is_empty() {
        claims.insert("address".into(), Value::Object(members));
    }
}
