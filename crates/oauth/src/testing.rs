//! Samples for the tests of this crate.

use std::time::Duration;

use meibo_domain::{
    application::{
        Application, ApplicationType, CustomClientMetadata, NewApplication, OidcClientMetadata,
    },
    custom_data::CustomData,
    email::EmailAddress,
    grant::{AccessToken, AuthorizationCode, Grant, RefreshToken},
    ids::{ApiResourceId, ApplicationId, GrantId, SessionId, UserId},
    phone::PhoneNumber,
    profile::{Address, Profile},
    resource::ApiResource,
    scope::ScopeSet,
    session::Session,
    time::Timestamp,
    user::{NewUser, User},
    username::Username,
};
use serde_json::json;

use crate::{
    access_token::{TokenHolder, VerifiedAccessToken},
    resource::KnownResource,
    token::GrantState,
};

pub(crate) const ISSUER: &str = "https://id.example/oidc";
pub(crate) const CALLBACK: &str = "https://app.example/callback";
pub(crate) const SIGNED_OUT: &str = "https://app.example/signed-out";
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const NOW: Timestamp = Timestamp(1_700_000_000_000);

pub(crate) fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

pub(crate) fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).unwrap()
}

pub(crate) fn application(application_type: ApplicationType) -> Application {
    NewApplication {
        name: "App".into(),
        description: None,
        application_type,
        is_third_party: false,
        oidc: OidcClientMetadata {
            redirect_uris: vec![CALLBACK.into(), "https://app.example/cb?tenant=7".into()],
            post_logout_redirect_uris: vec![SIGNED_OUT.into()],
            ..OidcClientMetadata::default()
        },
        custom: CustomClientMetadata::default(),
        custom_data: CustomData::default(),
    }
    .create(ApplicationId::parse("app").unwrap(), NOW)
    .unwrap()
}

pub(crate) fn known_resource(indicator: &str, scope: &str) -> KnownResource {
    KnownResource {
        resource: ApiResource {
            id: ApiResourceId::parse("res").unwrap(),
            version: 1,
            name: "API".into(),
            indicator: indicator.into(),
            is_default: false,
            access_token_ttl: 600,
            created_at: NOW,
        },
        scopes: scopes(scope),
    }
}

pub(crate) fn session() -> Session {
    Session {
        id: SessionId::parse("sess").unwrap(),
        token_hash: "h".into(),
        user_id: UserId::parse("user1").unwrap(),
        auth_time: NOW - Duration::from_secs(100),
        amr: vec!["pwd".into()],
        created_at: NOW - Duration::from_secs(100),
        expires_at: NOW + Duration::from_secs(1000),
        last_used_at: NOW - Duration::from_secs(100),
        user_agent: None,
        address: None,
    }
}

pub(crate) fn grant(scope: &str, resources: &[&str]) -> Grant {
    Grant {
        id: GrantId::parse("grant").unwrap(),
        user_id: UserId::parse("user1").unwrap(),
        application_id: ApplicationId::parse("app").unwrap(),
        session_id: Some(SessionId::parse("sess").unwrap()),
        scopes: scopes(scope),
        resources: resources.iter().map(|text| (*text).to_owned()).collect(),
        auth_time: NOW - Duration::from_secs(100),
        amr: vec!["pwd".into()],
        nonce: Some("n-1".into()),
        created_at: NOW,
        expires_at: NOW + Duration::from_secs(10_000),
    }
}

pub(crate) fn authorization_code() -> AuthorizationCode {
    AuthorizationCode {
        hash: "h".into(),
        grant_id: GrantId::parse("grant").unwrap(),
        application_id: ApplicationId::parse("app").unwrap(),
        redirect_uri: CALLBACK.into(),
        code_challenge: Some(CHALLENGE.into()),
        expires_at: NOW + Duration::from_secs(60),
        consumed_at: None,
    }
}

pub(crate) fn active(grant: &Grant) -> GrantState<'_> {
    GrantState {
        grant,
        user_is_active: true,
    }
}

pub(crate) fn refresh_token() -> RefreshToken {
    RefreshToken {
        hash: "h".into(),
        grant_id: GrantId::parse("grant").unwrap(),
        application_id: ApplicationId::parse("app").unwrap(),
        created_at: NOW,
        chain_started_at: NOW,
        expires_at: NOW + Duration::from_secs(10_000),
        rotated_at: None,
    }
}

pub(crate) fn access_token(scope: &str) -> AccessToken {
    AccessToken {
        hash: "h".into(),
        grant_id: GrantId::parse("grant").unwrap(),
        user_id: UserId::parse("user1").unwrap(),
        application_id: ApplicationId::parse("app").unwrap(),
        scopes: scopes(scope),
        created_at: Some(NOW),
        expires_at: NOW + Duration::from_secs(3600),
    }
}

/// A person's JWT access token for `https://api.example`.
pub(crate) fn persons_jwt(scope: &str) -> VerifiedAccessToken {
    VerifiedAccessToken {
        id: "grant.j1".into(),
        holder: TokenHolder::Person {
            user_id: UserId::parse("user1").unwrap(),
            grant_id: GrantId::parse("grant").unwrap(),
        },
        client_id: ApplicationId::parse("app").unwrap(),
        audience: "https://api.example".into(),
        scopes: scopes(scope),
        issued_at: NOW,
        expires_at: NOW + Duration::from_secs(600),
    }
}

/// A user with every member set.
pub(crate) fn full_user() -> User {
    let text = |text: &str| Some(text.to_owned());
    NewUser {
        username: Some(Username::parse("alice").unwrap()),
        primary_email: Some(EmailAddress::parse("alice@example.com").unwrap()),
        primary_phone: Some(PhoneNumber::parse("819012345678").unwrap()),
        name: text("Alice Example"),
        avatar: text("https://img.example/a.png"),
        profile: Profile {
            family_name: text("Example"),
            given_name: text("Alice"),
            middle_name: text("B"),
            nickname: text("Al"),
            preferred_username: text("al"),
            profile: text("https://alice.example/"),
            website: text("https://www.alice.example/"),
            gender: text("female"),
            birthdate: text("2000-02-29"),
            zoneinfo: text("Asia/Tokyo"),
            locale: text("ja-JP"),
            address: Some(Address {
                street_address: text("1-1 Chiyoda"),
                postal_code: text("100-0001"),
                ..Address::default()
            }),
        },
        custom_data: CustomData::parse(json!({"tier": "gold"}).as_object().unwrap().clone())
            .unwrap(),
    }
    .create(UserId::parse("user1").unwrap(), uuid::Uuid::nil(), NOW)
    .unwrap()
}

/// A user with nothing set.
pub(crate) fn bare_user() -> User {
    NewUser::default()
        .create(UserId::parse("user1").unwrap(), uuid::Uuid::nil(), NOW)
        .unwrap()
}
