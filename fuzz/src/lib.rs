//! The register that the targets ask: a few applications, their redirect URIs and one API resource.

use std::time::Duration;

use meibo_domain::{
    application::{
        Application, ApplicationType, CustomClientMetadata, NewApplication, OidcClientMetadata,
    },
    custom_data::CustomData,
    ids::{ApiResourceId, ApplicationId, SessionId, UserId},
    resource::ApiResource,
    scope::ScopeSet,
    session::Session,
    time::Timestamp,
};
use meibo_oauth::resource::KnownResource;

/// The issuer of every answer.
pub const ISSUER: &str = "https://id.example/oidc";
/// The redirect URI of most requests.
pub const CALLBACK: &str = "https://app.example/callback";
/// The one resource.
pub const RESOURCE: &str = "https://api.example";
/// The present.
pub const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// The redirect URIs of every application that signs people in.
pub const REDIRECT_URIS: &[&str] = &[
    CALLBACK,
    "https://app.example/cb?tenant=7",
    "http://127.0.0.1/cb",
    "http://[::1]:8080/cb?x",
    "com.example.app:/callback",
];

/// The application of `client_id`: `spa`, `native`, `web` or `machine`.
pub fn application(client_id: &str) -> Option<Application> {
    let application_type = match client_id {
        "spa" => ApplicationType::Spa,
        "native" => ApplicationType::Native,
        "web" => ApplicationType::Traditional,
        "machine" => ApplicationType::MachineToMachine,
        _ => return None,
    };
    Some(application_with(client_id, application_type, REDIRECT_URIS))
}

/// An application with these redirect URIs.
///
/// # Panics
/// One of them cannot be registered.
pub fn application_with(
    id: &str,
    application_type: ApplicationType,
    redirect_uris: &[&str],
) -> Application {
    let uris = || redirect_uris.iter().map(|uri| (*uri).to_owned()).collect();
    NewApplication {
        name: "App".into(),
        description: None,
        application_type,
        is_third_party: false,
        oidc: OidcClientMetadata {
            redirect_uris: uris(),
            post_logout_redirect_uris: uris(),
            ..OidcClientMetadata::default()
        },
        custom: CustomClientMetadata::default(),
        custom_data: CustomData::default(),
    }
    .create(ApplicationId::parse(id).expect("an id"), NOW)
    .expect("an application")
}

/// The one resource, with the scopes `read` and `write`.
pub fn known_resource() -> KnownResource {
    KnownResource {
        resource: ApiResource {
            id: ApiResourceId::parse("res").expect("an id"),
            version: 1,
            name: "API".into(),
            indicator: RESOURCE.into(),
            is_default: false,
            access_token_ttl: 600,
            created_at: NOW,
        },
        scopes: scopes("read write"),
    }
}

/// The scopes of a text that is right.
pub fn scopes(text: &str) -> ScopeSet {
    ScopeSet::parse(text).expect("scopes")
}

/// A session of `user` that began a hundred seconds ago.
pub fn session(user: &str) -> Session {
    Session {
        id: SessionId::parse("sess").expect("an id"),
        token_hash: "h".into(),
        user_id: UserId::parse(user).expect("an id"),
        auth_time: NOW - Duration::from_secs(100),
        amr: vec!["pwd".into()],
        created_at: NOW - Duration::from_secs(100),
        expires_at: NOW + Duration::from_secs(1000),
        last_used_at: NOW,
        user_agent: None,
        address: None,
    }
}

/// The public part of `http://<loopback>[:port]`, taken apart by another parser than the register's: host, path and
/// query, when it is such an address.
pub fn loopback_parts(uri: &str) -> Option<(String, String, Option<String>)> {
    let url = url::Url::parse(uri).ok()?;
    let host = url.host_str()?.to_owned();
    let is_loopback = ["127.0.0.1", "[::1]", "localhost"].contains(&host.as_str());
    let is_plain =
        url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    (url.scheme() == "http" && is_loopback && is_plain)
        .then(|| (host, url.path().to_owned(), url.query().map(str::to_owned)))
}

/// Asserts that `presented` is one of `registered`, or differs from one by the port of a loopback address where
/// `port_is_free`.
///
/// # Panics
/// It is not.
pub fn assert_registered(presented: &str, registered: &[&str], port_is_free: bool) {
    let is_exact = registered.contains(&presented);
    let differs_by_port = || {
        let parts = loopback_parts(presented);
        parts.is_some() && registered.iter().any(|uri| loopback_parts(uri) == parts)
    };
    assert!(
        is_exact || (port_is_free && differs_by_port()),
        "{presented:?} was taken for one of {registered:?}"
    );
}
