//! `meibo check`: everything that would stop a start, found without starting and without changing anything.

use std::fmt::{Display, Write as _};
use std::fs;

use anyhow::{Result, bail};
use meibo_app::SecretKeySource;
use meibo_crypto::seal::{MasterKey, SealError};
use meibo_store::data_keys::{self, DataKeyRow};
use meibo_store::db::{Db, DbError};
use meibo_store::migrations::MIGRATIONS;

use super::Settings;
use crate::config::Config;
use crate::runtime;
use crate::terminal::print;

/// Prints a line for each thing that was looked at.
pub(crate) fn run(settings: &Settings) -> Result<()> {
    let mut report = Report::default();
    match settings.for_command() {
        Ok(config) => {
            for warning in &config.warnings {
                report.doubt(&warning.name, &warning.reason);
            }
            report.good("settings", "read");
            runtime::start(false)?.block_on(look_at_database(&config, &mut report));
        }
        Err(bad) => {
            for problem in &bad.0 {
                report.wrong(&problem.name, &problem.reason);
            }
        }
    }
    print(&report.text)?;
    match report.problems {
        0 => Ok(()),
        1 => bail!("1 problem was found"),
        count => bail!("{count} problems were found"),
    }
}

async fn look_at_database(config: &Config, report: &mut Report) {
    if config.is_database_missing() {
        let database = &config.database;
        report.wrong(
            "database",
            format!("{database} does not exist yet; `meibo serve` or `meibo migrate` makes it"),
        );
        return;
    }
    let db = match Db::open(&config.database).await {
        Ok(db) => db,
        Err(error) => return report.wrong("database", error),
    };
    match db.ping().await {
        Ok(()) => report.good("database", format!("{} reads and writes", config.database)),
        Err(error) => report.wrong("database", error),
    }
    match db.pending(MIGRATIONS).await {
        Ok(pending) if pending.is_empty() => {
            report.good("schema", "up to date");
            look_at_secret_key(config, data_keys::list(&db).await, report);
        }
        Ok(pending) => report.wrong(
            "schema",
            format!(
                "not up to date; `meibo migrate` applies what is missing ({})",
                pending.len()
            ),
        ),
        Err(error) => report.wrong("schema", error),
    }
    db.close().await;
}

fn look_at_secret_key(
    config: &Config,
    rows: Result<Vec<DataKeyRow>, DbError>,
    report: &mut Report,
) {
    let rows = match rows {
        Ok(rows) => rows,
        Err(error) => return report.wrong("secret-key", error),
    };
    let from_file;
    let key = match &config.secret_key {
        SecretKeySource::Given(key) => key,
        SecretKeySource::File(path) => {
            let read = fs::read_to_string(path)
                .map_err(|error| error.to_string())
                .and_then(|text| MasterKey::parse(&text).map_err(|error| error.to_string()));
            match read {
                Ok(key) => {
                    from_file = key;
                    &from_file
                }
                Err(_) if rows.is_empty() && !path.exists() => {
                    return report.good("secret-key", "made at the first start");
                }
                Err(reason) => {
                    return report.wrong("secret-key", format!("{}: {reason}", path.display()));
                }
            }
        }
    };
    match rows
        .iter()
        .try_for_each(|row| key.unwrap_key(&row.id, &row.wrapped).map(drop))
    {
        Ok(()) => report.good("secret-key", "fits the database"),
        Err(SealError::Refused) => {
            report.wrong("secret-key", "the database was made with another one");
        }
        Err(error) => report.wrong("secret-key", error),
    }
}

#[derive(Default)]
struct Report {
    text: String,
    problems: usize,
}

impl Report {
    fn good(&mut self, name: &str, what: impl Display) {
        self.line("ok", name, what);
    }

    fn doubt(&mut self, name: &str, what: impl Display) {
        self.line("warning", name, what);
    }

    fn wrong(&mut self, name: &str, what: impl Display) {
        self.problems += 1;
        self.line("wrong", name, what);
    }

    fn line(&mut self, verdict: &str, name: &str, what: impl Display) {
        let _ = writeln!(self.text, "{verdict:<8} {name}: {what}");
    }
}
