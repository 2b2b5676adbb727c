//! What the server is told: flags before environment before file, each setting read once, every problem reported.

mod document;
mod environment;
mod file;
mod flags;
mod given;
mod listen;
mod nearest;
mod problem;
mod public_url;
mod settings;
mod values;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use meibo_app::SecretKeySource;
use meibo_crypto::seal::MasterKey;
use meibo_domain::message_limits::MessageLimits;
use meibo_domain::session::SessionLimits;
use meibo_outbound::OutboundAllow;
use meibo_store::db::{DatabaseConfig, Engine};
use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, Targets};
use url::Url;

pub use self::document::settings_table;
pub(crate) use self::flags::{CommonFlags, ServingFlags};
pub(crate) use self::given::Values;
pub(crate) use self::listen::ListenAddress;
pub(crate) use self::problem::{BadSettings, Problem};

use self::given::{Given, Origin};
use crate::telemetry::{LogConfig, LogFormat};

/// The port that is used when none is given.
pub(crate) const DEFAULT_PORT: u16 = 3001;

/// The directory that is used when none is given.
const DEFAULT_DATA_DIR: &str = "meibo-data";

/// Everything that the server is told, read and checked.
pub(crate) struct Config {
    /// At least one.
    pub(crate) listen: Vec<ListenAddress>,
    /// When it was given; otherwise it follows the port.
    pub(crate) public_url: Option<Url>,
    pub(crate) database: DatabaseConfig,
    pub(crate) data_dir: PathBuf,
    /// Does a file that Meibo makes lie in the data directory?
    pub(crate) needs_data_dir: bool,
    pub(crate) secret_key: SecretKeySource,
    pub(crate) log: LogConfig,
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) outbound_allow: OutboundAllow,
    /// Empty when metrics are off.
    pub(crate) metrics_listen: Vec<ListenAddress>,
    pub(crate) max_connections: usize,
    pub(crate) hash_threads: usize,
    pub(crate) shutdown_timeout: Duration,
    pub(crate) session_limits: SessionLimits,
    pub(crate) message_limits: MessageLimits,
    /// Does the demo run? No setting turns this on.
    pub(crate) has_inbox: bool,
    /// What is allowed, but probably not meant.
    pub(crate) warnings: Vec<Problem>,
}

/// Where settings are taken from.
pub(crate) struct Sources<V> {
    pub(crate) flags: Values,
    pub(crate) variables: V,
    pub(crate) log: LogDefaults,
}

/// What is logged, and how, when no setting says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogDefaults {
    pub(crate) format: LogFormat,
    pub(crate) level: Level,
}

impl Config {
    /// Reads every setting.
    ///
    /// # Errors
    /// Every problem that was found; then nothing of the settings counts.
    pub(crate) fn read<V>(sources: Sources<V>) -> Result<Self, BadSettings>
    where
        V: IntoIterator<Item = (OsString, OsString)>,
    {
        let mut problems = Vec::new();
        let mut given = Given::default();
        given.add(Origin::Flag, sources.flags);
        given.add(
            Origin::Environment,
            environment::read(sources.variables, &mut problems),
        );
        let data_dir = add_file(&mut given, &mut problems);
        Self::finish(&given, data_dir, sources.log, problems)
    }

    /// Reads every setting from flags alone.
    ///
    /// # Errors
    /// As [`Config::read`].
    #[cfg(feature = "demo")]
    pub(crate) fn read_flags(flags: Values, log: LogDefaults) -> Result<Self, BadSettings> {
        let mut problems = Vec::new();
        let mut given = Given::default();
        given.add(Origin::Flag, flags);
        let data_dir = given.one(&settings::DATA_DIR, &mut problems, values::path);
        let data_dir = data_dir.unwrap_or_else(|| PathBuf::from(DEFAULT_DATA_DIR));
        Self::finish(&given, data_dir, log, problems)
    }

    fn finish(
        given: &Given,
        data_dir: PathBuf,
        log: LogDefaults,
        mut problems: Vec<Problem>,
    ) -> Result<Self, BadSettings> {
        match assemble(given, data_dir, log, &mut problems) {
            Some(config) if problems.is_empty() => Ok(config),
            _ => Err(BadSettings(problems)),
        }
    }

    /// The public URL, `port` being the one that is listened on.
    pub(crate) fn public_url(&self, port: u16) -> Result<Url, url::ParseError> {
        match &self.public_url {
            Some(url) => Ok(url.clone()),
            None => Url::parse(&format!("http://localhost:{port}")),
        }
    }

    /// The port that is listened on first.
    pub(crate) fn first_port(&self) -> u16 {
        self.listen
            .first()
            .map_or(DEFAULT_PORT, |address| address.port())
    }

    /// Is the database a file that does not exist?
    pub(crate) fn is_database_missing(&self) -> bool {
        self.database
            .sqlite_path()
            .is_some_and(|path| !path.exists())
    }

    /// Makes the data directory if it is needed and missing; only its owner may enter it.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn make_data_dir(&self) -> io::Result<()> {
        use std::os::unix::fs::DirBuilderExt as _;
        if !self.needs_data_dir {
            return Ok(());
        }
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.data_dir)
    }
}

/// Adds the settings of the file, and gives the data directory, which says where the file is when nothing else does.
fn add_file(given: &mut Given, problems: &mut Vec<Problem>) -> PathBuf {
    let data_dir = given.one(&settings::DATA_DIR, problems, values::path);
    let is_settled = given.find(&settings::DATA_DIR).is_some();
    let named = given.one(&settings::CONFIG, problems, values::path);
    let is_named = named.is_some();
    let before_file = data_dir.unwrap_or_else(|| PathBuf::from(DEFAULT_DATA_DIR));
    let path = named.unwrap_or_else(|| before_file.join("meibo.toml"));
    let values = match fs::read_to_string(&path) {
        Ok(text) => file::read(&path, &text, problems),
        Err(error) if !is_named && is_absent(&error) => return before_file,
        Err(error) => {
            problems.push(Problem::new(path.display().to_string(), error.to_string()));
            return before_file;
        }
    };
    if !is_named && values.contains_key(settings::DATA_DIR.name) {
        let name = Origin::File(path.clone()).label(&settings::DATA_DIR);
        let reason = "cannot stand in the file that is found in the data directory itself";
        problems.push(Problem::new(name, reason));
    }
    given.add(Origin::File(path), values);
    if is_settled {
        return before_file;
    }
    given
        .one(&settings::DATA_DIR, problems, values::path)
        .unwrap_or(before_file)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Gives the whole only if every part could be read; what could not is in `problems`.
fn assemble(
    given: &Given,
    data_dir: PathBuf,
    log: LogDefaults,
    problems: &mut Vec<Problem>,
) -> Option<Config> {
    let mut warnings = Vec::new();
    let listen = given.list(&settings::LISTEN, problems, ListenAddress::parse);
    let listen = listen.unwrap_or_else(|| vec![ListenAddress::Localhost(DEFAULT_PORT)]);
    if let Some(found) = given
        .find(&settings::LISTEN)
        .filter(|found| found.is_empty())
    {
        problems.push(found.problem("needs at least one address, as localhost:3001"));
    }
    let public_url = given.one(&settings::PUBLIC_URL, problems, public_url::parse);
    warnings.extend(doubts_about_url(given, &listen, public_url.as_ref()));
    let database = match given.find(&settings::DATABASE) {
        Some(_) => given.one(&settings::DATABASE, problems, values::database),
        None => default_database(&data_dir, problems),
    };
    let engine = database.as_ref().map(DatabaseConfig::engine);
    let key = secret_key(given, &data_dir, engine, problems);
    let needs_data_dir =
        given.find(&settings::DATABASE).is_none() || matches!(&key, Some(SecretKeySource::File(_)));
    let levels = given.list(&settings::LOG_LEVEL, problems, values::log_level);
    let log = LogConfig {
        format: given
            .one(&settings::LOG_FORMAT, problems, values::log_format)
            .unwrap_or(log.format),
        filter: log_filter(log.level, levels.unwrap_or_default()),
    };
    let trusted_proxies = given
        .list(&settings::TRUSTED_PROXIES, problems, values::network)
        .unwrap_or_default();
    let outbound_allow = given
        .list(&settings::OUTBOUND_ALLOW, problems, values::outbound_allow)
        .unwrap_or_default()
        .into_iter()
        .fold(OutboundAllow::default(), OutboundAllow::and);
    let metrics_listen = given
        .list(&settings::METRICS_LISTEN, problems, ListenAddress::parse)
        .unwrap_or_default();
    let max_connections = given
        .one(
            &settings::MAX_CONNECTIONS,
            problems,
            values::number(1..=100_000),
        )
        .unwrap_or(4096);
    let hash_threads = given
        .one(&settings::HASH_THREADS, problems, values::number(1..=64))
        .unwrap_or_else(cores);
    let shutdown_timeout = given
        .one(
            &settings::SHUTDOWN_TIMEOUT,
            problems,
            values::number(0..=3600),
        )
        .unwrap_or(20);
    let mut session = |setting, default: Duration| {
        let seconds = given.one(setting, problems, values::number(60..=31_536_000));
        seconds.map_or(default, Duration::from_secs)
    };
    let default = SessionLimits::default();
    let session_limits = SessionLimits {
        ttl: session(&settings::SESSION_TTL, default.ttl),
        idle_ttl: session(&settings::SESSION_IDLE_TTL, default.idle_ttl),
    };
    Some(Config {
        listen,
        public_url,
        database: database?,
        data_dir,
        needs_data_dir,
        secret_key: key?,
        log,
        trusted_proxies,
        outbound_allow,
        has_inbox: false,
        metrics_listen,
        max_connections,
        hash_threads,
        shutdown_timeout: Duration::from_secs(shutdown_timeout),
        session_limits,
        message_limits: message_limits(given, problems),
        warnings,
    })
}

fn message_limits(given: &Given, problems: &mut Vec<Problem>) -> MessageLimits {
    let default = MessageLimits::default();
    let mut ceiling = |setting, default| {
        let count = given.one(setting, problems, values::number(0..=100_000_000));
        count.unwrap_or(default)
    };
    MessageLimits {
        max_sms_per_hour: ceiling(&settings::MAX_SMS_PER_HOUR, default.max_sms_per_hour),
        max_emails_per_hour: ceiling(&settings::MAX_EMAILS_PER_HOUR, default.max_emails_per_hour),
        sms_countries: given
            .list(&settings::SMS_COUNTRIES, problems, values::country)
            .unwrap_or_default(),
    }
}

fn doubts_about_url(given: &Given, listen: &[ListenAddress], url: Option<&Url>) -> Option<Problem> {
    let label = || {
        given
            .find(&settings::PUBLIC_URL)
            .map_or(settings::PUBLIC_URL.flag(), |found| found.label())
    };
    match url {
        Some(url) if public_url::is_exposed(url) => Some(Problem::new(
            label(),
            "plain http to another machine: passwords and tokens can be read on the way; use https",
        )),
        None if listen.iter().any(|address| !address.is_loopback())
            && given.find(&settings::PUBLIC_URL).is_none() =>
        {
            Some(Problem::new(
                label(),
                "not set while other machines can connect: pages and tokens will name http://localhost",
            ))
        }
        _ => None,
    }
}

fn default_database(data_dir: &Path, problems: &mut Vec<Problem>) -> Option<DatabaseConfig> {
    let path = data_dir.join("meibo.db");
    let read = path
        .to_str()
        .ok_or_else(|| "its path is not UTF-8".to_owned())
        .and_then(|path| values::database(&format!("sqlite:{path}")));
    read.map_err(|reason| {
        let reason = format!("cannot hold the database: {reason}");
        problems.push(Problem::new(settings::DATA_DIR.flag(), reason));
    })
    .ok()
}

/// The key, its file, or with SQLite the file that Meibo makes.
fn secret_key(
    given: &Given,
    data_dir: &Path,
    engine: Option<Engine>,
    problems: &mut Vec<Problem>,
) -> Option<SecretKeySource> {
    let (key, file) = (
        given.find(&settings::SECRET_KEY),
        given.find(&settings::SECRET_KEY_FILE),
    );
    match (key, file) {
        (Some(key), Some(file)) if key.rank == file.rank => {
            let reason = format!("was given beside {}; give one of them", file.label());
            problems.push(key.problem(reason));
            None
        }
        (Some(key), file) if file.as_ref().is_none_or(|file| key.rank < file.rank) => {
            let key = given.one(&settings::SECRET_KEY, problems, values::secret_key);
            key.map(SecretKeySource::Given)
        }
        (_, Some(_)) => {
            let key = given.one(&settings::SECRET_KEY_FILE, problems, read_key_file);
            key.map(SecretKeySource::Given)
        }
        (_, None) if engine == Some(Engine::Postgres) => {
            problems.push(Problem::new(
                settings::SECRET_KEY.variable(),
                "is needed with PostgreSQL, because all nodes must share it; `meibo secret-key generate` prints one",
            ));
            None
        }
        (_, None) => Some(SecretKeySource::File(data_dir.join("secret.key"))),
    }
}

fn read_key_file(path: &str) -> Result<MasterKey, String> {
    // a key is 44 characters; whatever is much longer is another file
    let text = fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))?;
    if text.len() > 1024 {
        return Err("is no key: it has more than 1024 bytes".to_owned());
    }
    MasterKey::parse(&text).map_err(|error| format!("holds no key: {error}"))
}

fn log_filter(default: Level, levels: Vec<(Option<String>, LevelFilter)>) -> Targets {
    let default = Targets::new().with_default(default);
    levels
        .into_iter()
        .fold(default, |filter, (part, level)| match part {
            Some(part) => filter.with_target(part, level),
            None => filter.with_default(level),
        })
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |count| count.get().min(64))
}
