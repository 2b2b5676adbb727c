//! What the demo needs in its register: made once, brought up to date at every start.

use anyhow::{Context as _, Result};
use meibo_app::App;
use meibo_app::api_resources::NewResource;
use meibo_app::applications::Rights;
use meibo_app::connectors::NewConnector;
use meibo_crypto::entropy::Entropy;
use meibo_domain::actor::{Actor, Subject};
use meibo_domain::application::{
    ApplicationPatch, ApplicationType, CustomClientMetadata, NewApplication, OidcClientMetadata,
};
use meibo_domain::custom_data::CustomData;
use meibo_domain::email::EmailAddress;
use meibo_domain::ids::ApplicationId;
use meibo_domain::profile::Profile;
use meibo_domain::recipient::Channel;
use meibo_domain::sign_in_experience::{
    IdentifierKind, Settings, SignInExperience, SignInExperiencePatch, SignUp,
};
use meibo_domain::user::{NewUser, User};
use meibo_domain::username::Username;
use meibo_domain::{Error, ErrorKind};
use serde_json::{Map, Value};
use url::Url;

use crate::commands::app::first_secret;
use crate::commands::password;

/// The id of the example application.
pub(super) const PROFILE_APP: &str = "profile-app";

/// The id of the machine application that its back end acts as.
pub(super) const BACK_END: &str = "profile-backend";

const USERNAME: &str = "sakura";
const EMAIL: &str = "sakura@example.com";

/// Where everything is, without a slash at the end.
pub(super) struct Addresses {
    pub(super) server: String,
    pub(super) profile_app: String,
    /// The indicator of the example application's own API.
    pub(super) api: String,
}

impl Addresses {
    pub(super) fn new(server: &Url, profile_app_port: u16) -> Result<Self> {
        let profile_app = format!("http://localhost:{profile_app_port}");
        Ok(Self {
            server: server.origin().ascii_serialization(),
            api: format!("{profile_app}/api"),
            profile_app,
        })
    }
}

/// What the person at the terminal and the example application must know.
pub(super) struct Demo {
    pub(super) user: User,
    /// New at every start.
    pub(super) password: String,
    pub(super) app_secret: String,
    pub(super) machine_secret: String,
}

/// Makes what is missing and corrects what another start has made for other ports.
pub(super) async fn fill(app: &App, addresses: &Addresses) -> Result<Demo> {
    let actor = Actor::new(Subject::Operator);
    let resources = app.list_resources(&actor).await?;
    if !resources
        .iter()
        .any(|resource| resource.indicator == addresses.api)
    {
        let resource = NewResource {
            name: "Profile app".to_owned(),
            indicator: addresses.api.clone(),
            access_token_ttl: None,
        };
        app.create_resource(&actor, resource).await?;
    }
    let oidc = OidcClientMetadata {
        redirect_uris: vec![format!("{}/callback", addresses.profile_app)],
        post_logout_redirect_uris: vec![format!("{}/", addresses.profile_app)],
        ..OidcClientMetadata::default()
    };
    let signing_in = ("Profile app", ApplicationType::Traditional);
    let machine = ("Profile app's back end", ApplicationType::MachineToMachine);
    let app_secret = application(app, &actor, PROFILE_APP, signing_in, oidc).await?;
    let machine_secret = application(
        app,
        &actor,
        BACK_END,
        machine,
        OidcClientMetadata::default(),
    )
    .await?;
    inbox(app, &actor).await?;
    accounts_by_email(app, &actor).await?;
    let (user, password) = person(app, &actor).await?;
    Ok(Demo {
        user,
        password,
        app_secret,
        machine_secret,
    })
}

/// Makes or corrects an application and gives its secret. A machine application may use the Management API.
async fn application(
    app: &App,
    actor: &Actor,
    id: &str,
    (name, application_type): (&str, ApplicationType),
    oidc: OidcClientMetadata,
) -> Result<String> {
    let id = ApplicationId::parse(id)?;
    match found(app.get_application(actor, &id).await)? {
        None => {
            let new = NewApplication {
                is_third_party: false,
                name: name.to_owned(),
                description: Some("Made by the demo.".to_owned()),
                application_type,
                oidc,
                custom: CustomClientMetadata::default(),
                custom_data: CustomData::default(),
            };
            let rights = Rights {
                management_api: application_type == ApplicationType::MachineToMachine,
                login_api: false,
            };
            app.create_application(actor, Some(id.clone()), new, rights)
                .await?;
        }
        Some((application, _)) if application.oidc != oidc => {
            let patch = ApplicationPatch {
                oidc: Some(oidc),
                ..ApplicationPatch::default()
            };
            app.update_application(actor, &id, patch).await?;
        }
        Some(_) => {}
    }
    let secret = first_secret(app, actor, &id).await?;
    secret
        .with_context(|| format!("the application {id} has no secret any more; start with --fresh"))
}

/// Messages are shown in the demo's inbox, unless somebody has set up another connector.
async fn inbox(app: &App, actor: &Actor) -> Result<()> {
    let present = app.list_connectors(actor).await?;
    for (channel, factory_id) in [(Channel::Email, "inbox-email"), (Channel::Sms, "inbox-sms")] {
        if present.iter().any(|one| one.connector.channel() == channel) {
            continue;
        }
        let new = NewConnector {
            factory_id: factory_id.to_owned(),
            id: None,
            config: Map::new(),
            metadata: Map::new(),
        };
        app.create_connector(actor, new).await?;
    }
    Ok(())
}

/// Accounts are made with an email address and a code, unless somebody has said how they are made.
async fn accounts_by_email(app: &App, actor: &Actor) -> Result<()> {
    let present = app.get_sign_in_experience(actor).await?;
    if present != SignInExperience::default() {
        return Ok(());
    }
    let sign_up = SignUp {
        identifiers: vec![IdentifierKind::Email],
        password: false,
        verify: true,
        ..present.sign_up.clone()
    };
    let given = Map::from_iter([("signUp".to_owned(), Value::Null)]);
    let settings = Settings {
        sign_up,
        ..Settings::default()
    };
    let patch = SignInExperiencePatch::new(&given, &settings)?;
    app.update_sign_in_experience(actor, &patch).await?;
    Ok(())
}

/// Finds or makes the person, and gives them a new password, so that what is printed is true.
async fn person(app: &App, actor: &Actor) -> Result<(User, String)> {
    let password = password::generate(&Entropy::system()).text;
    let mut known = found(app.find_user(actor, USERNAME).await)?;
    if known.is_none() {
        known = found(app.find_user(actor, EMAIL).await)?;
    }
    if let Some(user) = known {
        let user = app.set_password(actor, &user.id, password.clone()).await?;
        return Ok((user, password));
    }
    let new = NewUser {
        username: Some(Username::parse(USERNAME)?),
        primary_email: Some(EmailAddress::parse(EMAIL)?),
        name: Some("桜井さくら".to_owned()),
        profile: Profile {
            family_name: Some("桜井".to_owned()),
            given_name: Some("さくら".to_owned()),
            ..Profile::default()
        },
        ..NewUser::default()
    };
    let user = app.create_user(actor, new, Some(password.clone())).await?;
    Ok((user, password))
}

/// What exists; not existing is no failure.
fn found<T>(result: Result<T, Error>) -> Result<Option<T>, Error> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
