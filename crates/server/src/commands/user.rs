//! `meibo user`: people, from the command line.

use std::fmt::Write as _;

use anyhow::Result;
use clap::{Args, Subcommand};
use meibo_app::App;
use meibo_domain::actor::Actor;
use meibo_domain::email::EmailAddress;
use meibo_domain::page::{Page, PageRequest};
use meibo_domain::search::UserSearch;
use meibo_domain::time::Timestamp;
use meibo_domain::user::{NewUser, User};
use meibo_domain::username::Username;
use serde_json::{Value, json};

use super::password::{Password, PasswordArguments};
use super::{Settings, with_app};
use crate::terminal::print;

/// What `user` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create a person. Without a password one is made and printed.
    Create(Create),
    /// List people, newest first.
    List(List),
    /// Set a person's password, which ends their sessions. Without a password one is made and printed.
    SetPassword(SetPassword),
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    #[command(flatten)]
    identifier: Identifier,
    /// The display name.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    password: PasswordArguments,
    /// Print {"id", "username", "primaryEmail", "password"}; the password is null when it was given.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
struct Identifier {
    /// The username: letters, digits and underscores, not beginning with a digit.
    #[arg(long)]
    username: Option<String>,
    /// The email address; it counts as verified.
    #[arg(long)]
    email: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Print an array of {"id", "username", "primaryEmail", "name", "isSuspended", "createdAt", "lastSignInAt"}, times
    /// in milliseconds since 1970.
    #[arg(long)]
    json: bool,
    /// Which page.
    #[arg(long, value_name = "NUMBER")]
    page: Option<String>,
    /// People on a page, 1 to 100.
    #[arg(long, value_name = "COUNT")]
    page_size: Option<String>,
    /// Only those whose id, name, username, email address or phone number contains this.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SetPassword {
    /// The person's id, username or verified email address.
    user: String,
    #[command(flatten)]
    password: PasswordArguments,
    /// Print {"id", "password"}; the password is null when it was given.
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(settings: &Settings, command: Command) -> Result<()> {
    let text = match command {
        Command::Create(arguments) => {
            let (new, password, json) = arguments.read()?;
            with_app(settings, async |app, actor| {
                create(app, actor, new, password, json).await
            })?
        }
        Command::List(arguments) => {
            let (search, page) = arguments.read()?;
            with_app(settings, async |app, actor| {
                let users = app.list_users(actor, &search, page).await?;
                Ok(show_list(&users, arguments.json))
            })?
        }
        Command::SetPassword(arguments) => with_app(settings, async |app, actor| {
            set_password(app, actor, arguments).await
        })?,
    };
    Ok(print(&text)?)
}

impl Create {
    fn read(self) -> Result<(NewUser, Password, bool)> {
        let Identifier { username, email } = self.identifier;
        let new = NewUser {
            username: username.as_deref().map(Username::parse).transpose()?,
            primary_email: email.as_deref().map(EmailAddress::parse).transpose()?,
            name: self.name,
            ..NewUser::default()
        };
        let personal: Vec<&str> = [&username, &email, &new.name]
            .into_iter()
            .filter_map(Option::as_deref)
            .collect();
        let password = self.password.read(&personal)?;
        Ok((new, password, self.json))
    }
}

impl List {
    fn read(&self) -> Result<(UserSearch, PageRequest)> {
        let page = PageRequest::parse(self.page.as_deref(), self.page_size.as_deref())?;
        let parameters: Vec<_> = self
            .search
            .iter()
            .map(|text| ("search".to_owned(), format!("%{text}%")))
            .collect();
        Ok((UserSearch::parse(&parameters)?, page))
    }
}

async fn create(
    app: &App,
    actor: &Actor,
    new: NewUser,
    password: Password,
    json: bool,
) -> Result<String> {
    let user = app
        .create_user(actor, new, Some(password.text.clone()))
        .await?;
    let shown = password.is_generated.then_some(password.text);
    if json {
        let (id, username, email) = (user.id.as_str(), username(&user), email(&user));
        let view =
            json!({"id": id, "username": username, "primaryEmail": email, "password": shown});
        return Ok(format!("{view}\n"));
    }
    let mut text = format!("created {}\n", describe(&user));
    if let Some(password) = shown {
        let _ = writeln!(text, "password {password}");
    }
    Ok(text)
}

async fn set_password(app: &App, actor: &Actor, arguments: SetPassword) -> Result<String> {
    let user = app.find_user(actor, &arguments.user).await?;
    let password = arguments.password.read(&user.personal_words())?;
    app.set_password(actor, &user.id, password.text.clone())
        .await?;
    let shown = password.is_generated.then_some(password.text);
    if arguments.json {
        return Ok(format!(
            "{}\n",
            json!({"id": user.id.as_str(), "password": shown})
        ));
    }
    let mut text = format!("password set for {}\n", describe(&user));
    if let Some(password) = shown {
        let _ = writeln!(text, "password {password}");
    }
    Ok(text)
}

fn show_list(users: &Page<User>, json: bool) -> String {
    if json {
        let views: Vec<Value> = users.items.iter().map(view).collect();
        return format!("{}\n", Value::Array(views));
    }
    let mut text = String::new();
    for user in &users.items {
        let suspended = if user.is_suspended { "  suspended" } else { "" };
        let _ = writeln!(text, "{}{suspended}", describe(user));
    }
    let _ = writeln!(text, "{} of {}", users.items.len(), users.total);
    text
}

fn view(user: &User) -> Value {
    json!({
        "id": user.id.as_str(),
        "username": username(user),
        "primaryEmail": email(user),
        "name": user.name,
        "isSuspended": user.is_suspended,
        "createdAt": user.created_at.millis(),
        "lastSignInAt": user.last_sign_in_at.map(Timestamp::millis),
    })
}

/// One line: the id, and what the person is known by. Control characters in a name cannot stand in the register.
fn describe(user: &User) -> String {
    let known_by = [username(user), email(user), user.name.as_deref()];
    let known_by: Vec<&str> = known_by.into_iter().flatten().collect();
    format!("{}  {}", user.id, known_by.join("  "))
}

fn username(user: &User) -> Option<&str> {
    user.username.as_ref().map(Username::as_str)
}

fn email(user: &User) -> Option<&str> {
    user.primary_email
        .as_ref()
        .map(|email| email.value.as_str())
}
