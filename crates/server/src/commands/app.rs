//! `meibo app`: applications, from the command line.

use std::fmt::Write as _;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use meibo_app::App;
use meibo_app::applications::{ApplicationFilter, Rights};
use meibo_domain::actor::Actor;
use meibo_domain::application::{
    Application, ApplicationType, CustomClientMetadata, NewApplication, OidcClientMetadata,
};
use meibo_domain::custom_data::CustomData;
use meibo_domain::ids::ApplicationId;
use meibo_domain::page::Page;
use serde_json::{Value, json};

use super::{Settings, with_app};
use crate::terminal::print;

/// What `app` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create an application; one with a server gets a secret.
    Create(Create),
    /// List applications, newest first.
    List(List),
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What it is.
    #[arg(long = "type", value_enum)]
    kind: Kind,
    /// Its name, shown on pages.
    #[arg(long)]
    name: String,
    /// Its id (client_id); made when it is not given.
    #[arg(long)]
    id: Option<String>,
    /// Where people are sent back to after signing in; repeatable.
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// Where people may be sent after signing out; repeatable.
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    post_logout_redirect_uris: Vec<String>,
    /// It belongs to somebody else: people are asked before it gets anything (not machine-to-machine).
    #[arg(long)]
    third_party: bool,
    /// Let it use the Management API (machine-to-machine only).
    #[arg(long)]
    management_api: bool,
    /// Let it use the login API (machine-to-machine only).
    #[arg(long)]
    login_api: bool,
    /// Print {"id", "secret"}; the secret is null for applications without one.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Print an array of {"id", "name", "type", "createdAt"}, times in milliseconds since 1970.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A back end that acts for itself.
    MachineToMachine,
    /// A web application with a server.
    Traditional,
    /// A single-page application.
    Spa,
    /// An installed application.
    Native,
}

impl From<Kind> for ApplicationType {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::MachineToMachine => Self::MachineToMachine,
            Kind::Traditional => Self::Traditional,
            Kind::Spa => Self::Spa,
            Kind::Native => Self::Native,
        }
    }
}

pub(crate) fn run(settings: &Settings, command: Command) -> Result<()> {
    let text = match command {
        Command::Create(arguments) => with_app(settings, async |app, actor| {
            create(app, actor, arguments).await
        })?,
        Command::List(arguments) => with_app(settings, async |app, actor| {
            let page = app
                .list_applications(actor, None, &ApplicationFilter::default())
                .await?;
            Ok(show_list(&page, arguments.json))
        })?,
    };
    Ok(print(&text)?)
}

async fn create(app: &App, actor: &Actor, arguments: Create) -> Result<String> {
    let id = arguments.id.map(ApplicationId::parse).transpose()?;
    let new = NewApplication {
        name: arguments.name,
        description: None,
        application_type: arguments.kind.into(),
        is_third_party: arguments.third_party,
        oidc: OidcClientMetadata {
            redirect_uris: arguments.redirect_uris,
            post_logout_redirect_uris: arguments.post_logout_redirect_uris,
            ..OidcClientMetadata::default()
        },
        custom: CustomClientMetadata::default(),
        custom_data: CustomData::default(),
    };
    let rights = Rights {
        management_api: arguments.management_api,
        login_api: arguments.login_api,
    };
    let application = app.create_application(actor, id, new, rights).await?;
    let secret = match application.application_type.is_public() {
        true => None,
        false => first_secret(app, actor, &application.id).await?,
    };
    if arguments.json {
        let view = json!({"id": application.id.as_str(), "secret": secret});
        return Ok(format!("{view}\n"));
    }
    let mut text = format!("created {}\n", describe(&application));
    if let Some(secret) = secret {
        let _ = writeln!(text, "secret {secret}");
    }
    Ok(text)
}

/// The secret that an application began with.
pub(super) async fn first_secret(
    app: &App,
    actor: &Actor,
    id: &ApplicationId,
) -> Result<Option<String>> {
    let secrets = app.list_secrets(actor, id).await?;
    Ok(secrets.into_iter().next().map(|secret| secret.value))
}

fn show_list(applications: &Page<Application>, json: bool) -> String {
    if json {
        let views: Vec<Value> = applications.items.iter().map(view).collect();
        return format!("{}\n", Value::Array(views));
    }
    let mut text = String::new();
    for application in &applications.items {
        let _ = writeln!(text, "{}", describe(application));
    }
    let _ = writeln!(
        text,
        "{} of {}",
        applications.items.len(),
        applications.total
    );
    text
}

fn view(application: &Application) -> Value {
    json!({
        "id": application.id.as_str(),
        "name": application.name,
        "type": application.application_type.as_str(),
        "createdAt": application.created_at.millis(),
    })
}

fn describe(application: &Application) -> String {
    let kind = application.application_type.as_str();
    format!("{}  {kind}  {}", application.id, application.name)
}
