//! People and applications that tests begin with.

use meibo_domain::{
    application::{ApplicationType, CustomClientMetadata, NewApplication, OidcClientMetadata},
    custom_data::CustomData,
    email::EmailAddress,
    user::{NewUser, User},
    username::Username,
};

use super::server::{TestServer, operator};

/// The redirect URI of every application that signs people in.
pub(crate) const REDIRECT_URI: &str = "https://app.example/callback";

/// Where people go after signing out.
pub(crate) const POST_LOGOUT_URI: &str = "https://app.example/";

/// The password of every person.
pub(crate) const PASSWORD: &str = "seven violet umbrellas";

/// An application and its secret, if it has one.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: Option<String>,
}

impl Client {
    pub(crate) fn secret(&self) -> &str {
        self.secret.as_deref().unwrap()
    }
}

impl TestServer {
    /// A person with a username, `<username>@example.com` verified, and [`PASSWORD`].
    pub(crate) async fn person(&self, username: &str) -> User {
        let new = NewUser {
            username: Some(Username::parse(username).unwrap()),
            primary_email: Some(EmailAddress::parse(&format!("{username}@example.com")).unwrap()),
            name: Some("Sakura 桜".to_owned()),
            ..NewUser::default()
        };
        self.app()
            .create_user(&operator(), new, Some(PASSWORD.to_owned()))
            .await
            .unwrap()
    }

    /// A machine application, with or without the management right.
    pub(crate) async fn machine(&self, has_management_right: bool) -> Client {
        let rights = meibo_app::applications::Rights {
            management_api: has_management_right,
            login_api: false,
        };
        self.application_with(
            ApplicationType::MachineToMachine,
            CustomClientMetadata::default(),
            rights,
            false,
        )
        .await
    }

    pub(crate) async fn spa(&self) -> Client {
        self.application(ApplicationType::Spa, CustomClientMetadata::default())
            .await
    }

    pub(crate) async fn traditional(&self) -> Client {
        self.application(
            ApplicationType::Traditional,
            CustomClientMetadata::default(),
        )
        .await
    }

    pub(crate) async fn application(
        &self,
        kind: ApplicationType,
        custom: CustomClientMetadata,
    ) -> Client {
        let rights = meibo_app::applications::Rights::default();
        self.application_with(kind, custom, rights, false).await
    }

    /// A single-page application of somebody else.
    pub(crate) async fn third_party(&self) -> Client {
        self.third_party_with(ApplicationType::Spa, CustomClientMetadata::default())
            .await
    }

    pub(crate) async fn third_party_with(
        &self,
        kind: ApplicationType,
        custom: CustomClientMetadata,
    ) -> Client {
        let rights = meibo_app::applications::Rights::default();
        self.application_with(kind, custom, rights, true).await
    }

    async fn application_with(
        &self,
        application_type: ApplicationType,
        custom: CustomClientMetadata,
        rights: meibo_app::applications::Rights,
        is_third_party: bool,
    ) -> Client {
        let made = NewApplication {
            is_third_party,
            custom,
            ..new_application(application_type)
        };
        self.register(made, rights).await
    }

    /// An application as given, and its secret.
    pub(crate) async fn register(
        &self,
        new: NewApplication,
        rights: meibo_app::applications::Rights,
    ) -> Client {
        let made = self
            .app()
            .create_application(&operator(), None, new, rights)
            .await
            .unwrap();
        let secrets = self
            .app()
            .list_secrets(&operator(), &made.id)
            .await
            .unwrap();
        Client {
            id: made.id.to_string(),
            secret: secrets.first().map(|secret| secret.value.clone()),
        }
    }

    /// An access token for the Management API.
    pub(crate) async fn machine_token(&self, machine: &Client, scope: &str) -> String {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", machine.id.as_str()),
            ("client_secret", machine.secret()),
            ("resource", meibo_domain::resource::MANAGEMENT_API_INDICATOR),
            ("scope", scope),
        ];
        let answer = self.post_form("/oidc/token", &fields).await.expect(200);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }
}

/// An application with the usual redirect URIs and nothing else.
pub(crate) fn new_application(application_type: ApplicationType) -> NewApplication {
    let oidc = if application_type.signs_people_in() {
        OidcClientMetadata {
            redirect_uris: vec![REDIRECT_URI.to_owned()],
            post_logout_redirect_uris: vec![POST_LOGOUT_URI.to_owned()],
            ..OidcClientMetadata::default()
        }
    } else {
        OidcClientMetadata::default()
    };
    NewApplication {
        name: "Test application".to_owned(),
        description: None,
        application_type,
        is_third_party: false,
        oidc,
        custom: CustomClientMetadata::default(),
        custom_data: CustomData::default(),
    }
}
