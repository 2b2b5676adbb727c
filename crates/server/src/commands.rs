//! The commands, and what they have in common: settings, and the application opened beside a running server.

pub(crate) mod app;
pub(crate) mod check;
#[cfg(feature = "demo")]
pub(crate) mod demo;
pub(crate) mod keys;
pub(crate) mod migrate;
mod password;
pub(crate) mod secret_key;
pub(crate) mod serve;
pub(crate) mod user;

use std::time::Duration;

use anyhow::{Context as _, Result};
use meibo_app::{App, AppConfig, SignInRate};
use meibo_crypto::entropy::Entropy;
use meibo_crypto::password::PasswordHasherConfig;
use meibo_domain::actor::{Actor, Subject};
use meibo_domain::password::PasswordPolicy;
use meibo_domain::time::Clock;
#[cfg(feature = "demo")]
use meibo_outbound::OutboundAllow;
use meibo_outbound::OutboundConfig;
use tracing::Level;
use url::Url;

use crate::config::{BadSettings, Config, LogDefaults, Sources, Values};
#[cfg(feature = "demo")]
use crate::config::{ListenAddress, Problem};
use crate::runtime;
use crate::telemetry::{LogFormat, Logging};

/// How old cached configuration may be on a node that did not make a change.
const CACHE_AGE: Duration = Duration::from_secs(2);

/// Sign-ins that may wait for each hash thread: about two seconds' work, after which it is better to be told to come
/// again.
const HASHES_WAITING: usize = 128;

/// The flags of this command line; environment and file are read when they are needed.
pub(crate) struct Settings(Values);

impl Settings {
    pub(crate) fn new(flags: Values) -> Self {
        Self(flags)
    }

    /// The settings of a command that serves, which logs what it does.
    fn for_server(&self) -> Result<Config, BadSettings> {
        self.read(LogDefaults {
            format: LogFormat::of_stderr(),
            level: Level::INFO,
        })
    }

    /// The settings of a command that a person waits for, which logs only what is wrong.
    fn for_command(&self) -> Result<Config, BadSettings> {
        self.read(LogDefaults {
            format: LogFormat::Text,
            level: Level::WARN,
        })
    }

    /// The settings of the demo. Only its directory and the log can be chosen, and neither environment nor file is
    /// read, so that a demo never touches a register that one of them names.
    #[cfg(feature = "demo")]
    fn for_demo(&self, listen: ListenAddress) -> Result<Config, BadSettings> {
        let allowed = ["data-dir", "log-format", "log-level"];
        let strangers = self.0.keys().filter(|name| !allowed.contains(name));
        let mut problems: Vec<Problem> = strangers
            .map(|name| Problem::new(format!("--{name}"), "cannot be chosen for the demo"))
            .collect();
        if !listen.is_loopback() {
            problems.push(Problem::new(
                format!("--listen {listen}"),
                "other machines could read every code in the demo's inbox; give a port of localhost, and reach it from \
                 elsewhere by `ssh -L`, or use `meibo serve` with connectors that send messages",
            ));
        }
        if !problems.is_empty() {
            return Err(BadSettings(problems));
        }
        let mut flags = self.0.clone();
        flags.insert("listen", vec![listen.to_string()]);
        flags
            .entry("data-dir")
            .or_insert_with(|| vec![".meibo-demo".to_owned()]);
        let config = Config::read_flags(
            flags,
            LogDefaults {
                format: LogFormat::Text,
                level: Level::WARN,
            },
        )?;
        Ok(Config {
            // the example application is on this machine
            outbound_allow: OutboundAllow::loopback(),
            has_inbox: true,
            ..config
        })
    }

    fn read(&self, log: LogDefaults) -> Result<Config, BadSettings> {
        #[allow(
            clippy::disallowed_methods,
            reason = "the one place that reads the environment"
        )]
        let variables = std::env::vars_os();
        Config::read(Sources {
            flags: self.0.clone(),
            variables,
            log,
        })
    }
}

/// What the application is opened with.
fn app_config(config: Config, public_url: Url, hash_threads: usize) -> AppConfig {
    AppConfig {
        database: config.database,
        secret_key: config.secret_key,
        public_url,
        clock: Clock::System,
        entropy: Entropy::system(),
        hashing: PasswordHasherConfig {
            threads: hash_threads,
            queue: hash_threads.saturating_mul(HASHES_WAITING),
            ..PasswordHasherConfig::default()
        },
        cache_age: CACHE_AGE,
        password_policy: PasswordPolicy::default(),
        sign_in_rate: SignInRate::default(),
        outbound: OutboundConfig {
            allow: config.outbound_allow,
            ..OutboundConfig::default()
        },
        session_limits: config.session_limits,
        message_limits: config.message_limits,
        has_inbox: config.has_inbox,
    }
}

/// Opens the application, runs `command` as the operator, and closes it.
fn with_app<T>(
    settings: &Settings,
    command: impl AsyncFnOnce(&App, &Actor) -> Result<T>,
) -> Result<T> {
    let config = settings.for_command()?;
    let _logging = Logging::start(&config.log)?;
    config.make_data_dir()?;
    let public_url = config.public_url(config.first_port())?;
    runtime::start(false)?.block_on(async {
        let app = App::open(app_config(config, public_url, 1)).await?;
        let result = command(&app, &Actor::new(Subject::Operator)).await;
        app.close().await;
        result
    })
}

/// Reads at most `limit` bytes of one line from the standard input.
fn read_line(what: &str, limit: u64) -> Result<String> {
    use std::io::{BufRead as _, Read as _};
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .take(limit)
        .read_line(&mut line)
        .with_context(|| format!("cannot read {what} from the standard input"))?;
    let line = line.strip_suffix('\n').unwrap_or(&line);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}
