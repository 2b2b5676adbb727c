//! `meibo keys`: the keys that sign tokens.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::Result;
use clap::{Args, Subcommand};
use meibo_domain::signing_key::{PUBLISHED_BEFORE_USE, PublishedKey, SIGNING_ALGORITHMS};
use serde_json::{Value, json};

use super::{Settings, with_app};
use crate::terminal::print;

/// What `keys` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the published keys: for each algorithm the current, the next and the previous ones.
    List(List),
    /// Let the next key of each algorithm begin to sign, and publish another next one.
    ///
    /// Servers that run take the keys over within 2 seconds. What was signed before stays valid: the former key stays
    /// published for two days.
    Rotate(Rotate),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Print an array of {"id", "algorithm", "status", "createdAt", "retiredAt"}, times in milliseconds since 1970.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Rotate {
    /// Only the keys of this algorithm.
    #[arg(long, value_parser = SIGNING_ALGORITHMS.to_vec())]
    algorithm: Option<String>,
    /// Do not wait until the next key has been published for five minutes. Clients that keep the key set may then
    /// refuse new tokens until they fetch it again.
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(settings: &Settings, command: Command) -> Result<()> {
    let text = match command {
        Command::List(arguments) => with_app(settings, async |app, actor| {
            let keys = app.list_signing_keys(actor).await?;
            Ok(show(&keys, arguments.json))
        })?,
        Command::Rotate(arguments) => with_app(settings, async |app, actor| {
            let published_for = match arguments.force {
                true => Duration::ZERO,
                false => PUBLISHED_BEFORE_USE,
            };
            let algorithm = arguments.algorithm.as_deref();
            let keys = app
                .rotate_signing_keys(actor, algorithm, published_for)
                .await?;
            Ok(show(&keys, false))
        })?,
    };
    Ok(print(&text)?)
}

fn show(keys: &[PublishedKey], json: bool) -> String {
    if json {
        return format!("{}\n", Value::Array(keys.iter().map(view).collect()));
    }
    let mut text = String::new();
    for key in keys {
        let _ = writeln!(
            text,
            "{:<5}  {:<8}  {}",
            key.algorithm,
            key.status.as_str(),
            key.id
        );
    }
    text
}

fn view(key: &PublishedKey) -> Value {
    json!({
        "id": key.id,
        "algorithm": key.algorithm,
        "status": key.status.as_str(),
        "createdAt": key.created_at.millis(),
        "retiredAt": key.retired_at.map(|at| at.millis()),
    })
}
