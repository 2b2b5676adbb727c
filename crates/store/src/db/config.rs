//! Which database, and how much of it at once.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_postgres::config::Host;

use super::error::DbError;
use super::fault::FaultInjection;

/// The engine behind a [`Db`](super::Db).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file beside the server.
    Sqlite,
    /// A server that several nodes share.
    Postgres,
}

/// Where the database is and how it may be used. Its `Display` and `Debug` never show a password.
#[derive(Clone)]
pub struct DatabaseConfig {
    target: Target,
    faults: Option<FaultInjection>,
    /// Bounds on threads, connections, queues and waiting.
    pub limits: Limits,
}

#[derive(Clone)]
pub(super) enum Target {
    Sqlite(PathBuf),
    Postgres(Box<tokio_postgres::Config>),
}

/// How much happens at once, how much may wait, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// SQLite: reader threads, each with its own connection.
    pub readers: usize,
    /// SQLite: reads that may wait for a reader; beyond them reads are `Overloaded`.
    pub read_queue: usize,
    /// SQLite: batches that may wait for the writer; beyond them commits are `Overloaded`.
    pub write_queue: usize,
    /// SQLite: batches that share one commit at most.
    pub group: usize,
    /// SQLite: how long to wait for another process that holds the file's write lock.
    pub busy_timeout: Duration,
    /// PostgreSQL: connections of the pool.
    pub connections: usize,
    /// PostgreSQL: calls that may wait for a connection; beyond them calls are `Overloaded`.
    pub connection_queue: usize,
    /// PostgreSQL: how long a call waits for a connection.
    pub connection_timeout: Duration,
    /// PostgreSQL: how long one round trip may take before its connection is given up.
    pub statement_timeout: Duration,
    /// Slow queries that run at once on PostgreSQL (on SQLite it is one).
    pub slow_queries: usize,
    /// Slow queries that may wait; beyond them they are `Overloaded`.
    pub slow_queue: usize,
    /// How long a slow query may wait and run in all.
    pub slow_timeout: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            readers: 2,
            read_queue: 1024,
            write_queue: 1024,
            group: 256,
            busy_timeout: Duration::from_secs(5),
            connections: 10,
            connection_queue: 512,
            connection_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(10),
            slow_queries: 2,
            slow_queue: 8,
            slow_timeout: Duration::from_secs(10),
        }
    }
}

impl DatabaseConfig {
    /// Reads `sqlite:PATH` (also `sqlite://PATH`) or `postgres://USER:PASSWORD@HOST:PORT/NAME`
    /// (also `postgresql://`), with default limits.
    ///
    /// PostgreSQL takes libpq's parameters after `?`, among them `sslmode`: `disable`, `prefer`
    /// (encrypts when the server can, checks no certificate) and `require` (the certificate must
    /// be valid for the host and come from the system's authorities or from `SSL_CERT_FILE`).
    ///
    /// # Errors
    /// [`DbError::Invalid`] that names the part that is wrong; never the password.
    pub fn parse(text: &str) -> Result<Self, DbError> {
        let target = match text.split_once(':') {
            Some(("sqlite", path)) => sqlite(path)?,
            Some(("postgres" | "postgresql", _)) => postgres(text)?,
            Some((scheme, _)) if scheme.len() < 20 => {
                return Err(invalid(format!("it begins with `{scheme}:`")));
            }
            _ => return Err(invalid("it has no scheme")),
        };
        Ok(Self {
            target,
            faults: None,
            limits: Limits::default(),
        })
    }

    /// Which engine this asks for.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self.target {
            Target::Sqlite(_) => Engine::Sqlite,
            Target::Postgres(_) => Engine::Postgres,
        }
    }

    /// The SQLite file, or none for PostgreSQL.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        match &self.target {
            Target::Sqlite(path) => Some(path),
            Target::Postgres(_) => None,
        }
    }

    /// Lets a test make the SQLite writer fail; see [`FaultInjection`].
    #[must_use]
    pub fn with_faults(mut self, faults: FaultInjection) -> Self {
        self.faults = Some(faults);
        self
    }

    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    pub(super) fn faults(&self) -> Option<FaultInjection> {
        self.faults.clone()
    }
}

fn sqlite(path: &str) -> Result<Target, DbError> {
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() {
        return Err(invalid("`sqlite:` is not followed by a path"));
    }
    if path.starts_with(':') || path.starts_with("file:") || path.contains(['?', '\0']) {
        return Err(invalid(
            "`sqlite:` takes the path of a file, without options",
        ));
    }
    Ok(Target::Sqlite(PathBuf::from(path)))
}

fn postgres(text: &str) -> Result<Target, DbError> {
    let mut config: tokio_postgres::Config = text.parse().map_err(|error| {
        // The source names the parameter; the error's own text says only "configuration".
        let source = std::error::Error::source(&error).map(ToString::to_string);
        invalid(source.unwrap_or_else(|| "it cannot be read as a URL".to_owned()))
    })?;
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        return Err(invalid("it names no host"));
    }
    if config.get_user().is_none() {
        return Err(invalid("it names no user"));
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_secs(5));
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(Duration::from_secs(10));
    }
    if config.get_application_name().is_none() {
        config.application_name("meibo");
    }
    Ok(Target::Postgres(Box::new(config)))
}

fn invalid(what: impl fmt::Display) -> DbError {
    DbError::Invalid {
        reason: format!(
            "the database setting is wrong: {what}; \
             write sqlite:PATH or postgres://USER:PASSWORD@HOST:PORT/NAME"
        ),
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

/// Where the database is: `sqlite:PATH` or `postgres://HOST:PORT/NAME`.
impl fmt::Display for DatabaseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let config = match &self.target {
            Target::Sqlite(path) => return write!(f, "sqlite:{}", path.display()),
            Target::Postgres(config) => config,
        };
        f.write_str("postgres://")?;
        let ports = config.get_ports();
        for (index, host) in config.get_hosts().iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
            match host {
                Host::Tcp(name) => write!(f, "{comma}{name}:{port}")?,
                Host::Unix(folder) => write!(f, "{comma}{}:{port}", folder.display())?,
            }
        }
        write!(f, "/{}", config.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DatabaseConfig")
            .field(&self.to_string())
            .field(&self.limits)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_settings_are_shown_without_secrets() {
        let cases = [
            ("sqlite:meibo.db", "sqlite:meibo.db"),
            ("sqlite:/var/lib/meibo.db", "sqlite:/var/lib/meibo.db"),
            ("sqlite:///var/lib/meibo.db", "sqlite:/var/lib/meibo.db"),
            ("postgres://m:s3cret@db/meibo", "postgres://db:5432/meibo"),
            (
                "postgresql://m:s3cret@a:1,b:2/meibo?sslmode=require",
                "postgres://a:1,b:2/meibo",
            ),
            (
                "postgres://m@%2Frun%2Fpg/meibo",
                "postgres:///run/pg:5432/meibo",
            ),
        ];
        for (text, shown) in cases {
            let config = DatabaseConfig::parse(text).unwrap();
            assert_eq!(config.to_string(), shown);
            assert!(!format!("{config:?}").contains("s3cret"), "{config:?}");
        }
    }

    #[test]
    fn bad_settings_are_named_without_secrets() {
        let cases = [
            ("", "no scheme"),
            ("meibo.db", "no scheme"),
            ("mysql://root:s3cret@db", "`mysql:`"),
            ("sqlite:", "not followed by a path"),
            ("sqlite::memory:", "the path of a file"),
            ("sqlite:a.db?mode=ro", "the path of a file"),
            ("postgres://m:s3cret@db/meibo?sslmode=maybe", "sslmode"),
            ("postgres://m:s3cret@db/meibo?pool=5", "pool"),
            ("postgres://m:s3cret@db:port/meibo", "port"),
            ("postgres:///meibo?user=m", "no host"),
            ("postgres://db/meibo", "no user"),
        ];
        for (text, expected) in cases {
            let message = DatabaseConfig::parse(text).unwrap_err().to_string();
            assert!(message.contains(expected), "{text}: {message}");
            assert!(!message.contains("s3cret"), "{message}");
        }
    }
}
