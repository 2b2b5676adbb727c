//! `meibo migrate`: the schema, brought up to date by itself or before servers are updated.

use std::fmt::Write as _;

use anyhow::Result;
use clap::Args;
use meibo_domain::time::Clock;
use meibo_store::db::{Db, Migration};
use meibo_store::migrations::MIGRATIONS;

use super::Settings;
use crate::runtime;
use crate::telemetry::Logging;
use crate::terminal::print;

/// What `migrate` takes.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Only list what would be applied.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(settings: &Settings, arguments: &Arguments) -> Result<()> {
    let config = settings.for_command()?;
    let _logging = Logging::start(&config.log)?;
    let is_missing = config.is_database_missing();
    if arguments.dry_run && is_missing {
        // looking must not make the file
        return Ok(print(&describe("would be applied", MIGRATIONS))?);
    }
    if !arguments.dry_run {
        config.make_data_dir()?;
    }
    let text = runtime::start(false)?.block_on(async {
        let db = Db::open(&config.database).await?;
        let text = if arguments.dry_run {
            describe("would be applied", &db.pending(MIGRATIONS).await?)
        } else {
            let now = Clock::System.now();
            describe("applied", &db.migrate(MIGRATIONS, now.millis()).await?)
        };
        db.close().await;
        anyhow::Ok(text)
    })?;
    Ok(print(&text)?)
}

fn describe(done: &str, migrations: &[Migration]) -> String {
    if migrations.is_empty() {
        return "the schema is up to date\n".to_owned();
    }
    let mut text = String::new();
    for migration in migrations {
        let _ = writeln!(text, "{:04} {}: {done}", migration.version, migration.name);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_listed_by_number() {
        let list = [
            Migration::new(1, "register", ""),
            Migration::new(12, "more", ""),
        ];
        assert_eq!(
            describe("applied", &list),
            "0001 register: applied\n0012 more: applied\n"
        );
        assert_eq!(describe("applied", &[]), "the schema is up to date\n");
    }
}
