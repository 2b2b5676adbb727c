//! Which source counts, and what is said about a wrong setting, wherever it stands.

use std::fs;
use std::path::Path;

use meibo_domain::phone::Country;
use tempfile::TempDir;

use super::*;

/// Settings read from flags, variables and the file of a fresh data directory.
struct Bench {
    data_dir: TempDir,
    flags: Vec<(&'static str, Vec<String>)>,
    variables: Vec<(OsString, OsString)>,
}

impl Bench {
    fn new() -> Self {
        let data_dir = tempfile::tempdir().unwrap();
        let flag = data_dir.path().to_str().unwrap().to_owned();
        Self {
            data_dir,
            flags: vec![("data-dir", vec![flag])],
            variables: Vec::new(),
        }
    }

    fn flag(mut self, name: &'static str, value: &str) -> Self {
        self.flags.push((name, vec![value.to_owned()]));
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.into(), value.into()));
        self
    }

    fn file(self, text: &str) -> Self {
        fs::write(self.data_dir.path().join("meibo.toml"), text).unwrap();
        self
    }

    fn read(&self) -> Result<Config, BadSettings> {
        Config::read(Sources {
            flags: self.flags.iter().cloned().collect(),
            variables: self.variables.clone(),
            log: LogDefaults {
                format: LogFormat::Json,
                level: Level::INFO,
            },
        })
    }

    /// The settings, which are right.
    fn config(&self) -> Config {
        self.read().map_err(|bad| bad.to_string()).unwrap()
    }

    /// What is said about the settings, which are wrong.
    fn problems(&self) -> Vec<String> {
        let Err(bad) = self.read() else {
            panic!("nothing was found wrong");
        };
        let path = self.data_dir.path().to_str().unwrap();
        let shorten = |problem: &Problem| problem.to_string().replace(path, "DIR");
        bad.0.iter().map(shorten).collect()
    }
}

fn public_url(config: &Config) -> String {
    config.public_url(config.first_port()).unwrap().to_string()
}

#[test]
fn defaults_are_as_documented() {
    let bench = Bench::new();
    let config = bench.config();
    let dir = bench.data_dir.path();
    assert_eq!(config.listen, [ListenAddress::Localhost(3001)]);
    assert_eq!(public_url(&config), "http://localhost:3001/");
    assert_eq!(
        config.database.sqlite_path(),
        Some(dir.join("meibo.db").as_path())
    );
    assert!(
        matches!(&config.secret_key, SecretKeySource::File(path) if *path == dir.join("secret.key"))
    );
    assert_eq!(config.log.format, LogFormat::Json);
    assert!(config.log.filter.would_enable("meibo", &Level::INFO));
    assert!(!config.log.filter.would_enable("meibo", &Level::DEBUG));
    assert!(config.trusted_proxies.is_empty() && config.metrics_listen.is_empty());
    assert_eq!(config.max_connections, 4096);
    assert_eq!(config.hash_threads, cores());
    assert_eq!(config.shutdown_timeout, Duration::from_secs(20));
    assert_eq!(config.session_limits.ttl, Duration::from_secs(14 * 86_400));
    assert_eq!(
        config.session_limits.idle_ttl,
        Duration::from_secs(7 * 86_400)
    );
    assert_eq!(config.message_limits, MessageLimits::default());
    assert!(config.needs_data_dir && config.warnings.is_empty());
}

#[test]
fn limits_of_messages_are_read() {
    let config = Bench::new()
        .flag("sms-countries", "JP,us")
        .flag("max-sms-per-hour", "0")
        .file("max-emails-per-hour = 50000")
        .config();
    let country = |code| Country::parse(code).unwrap();
    let expected = MessageLimits {
        sms_countries: vec![country("JP"), country("US")],
        max_sms_per_hour: 0,
        max_emails_per_hour: 50_000,
    };
    assert_eq!(config.message_limits, expected);
}

#[test]
fn without_a_data_dir_it_is_in_the_working_directory() {
    let mut bench = Bench::new();
    bench.flags.clear();
    assert_eq!(bench.config().data_dir, Path::new("meibo-data"));
}

#[test]
fn flags_win_over_variables_and_variables_over_the_file() {
    let file = "public-url = 'https://file.example'";
    let bench = Bench::new().file(file);
    assert_eq!(public_url(&bench.config()), "https://file.example/");
    let bench = bench.variable("MEIBO_PUBLIC_URL", "https://variable.example");
    assert_eq!(public_url(&bench.config()), "https://variable.example/");
    let bench = bench.flag("public-url", "https://flag.example");
    assert_eq!(public_url(&bench.config()), "https://flag.example/");
}

#[test]
fn a_list_is_taken_whole_from_one_source() {
    let bench = Bench::new()
        .file("trusted-proxies = ['10.0.0.0/8', '::1']")
        .variable("MEIBO_LISTEN", "127.0.0.1:1, [::1]:2");
    let config = bench.config();
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!(config.listen.len(), 2);
    let bench = bench.flag("trusted-proxies", "192.0.2.0/24");
    assert_eq!(bench.config().trusted_proxies.len(), 1);
}

#[test]
fn a_file_can_be_named_and_may_then_set_the_data_dir() {
    let elsewhere = tempfile::tempdir().unwrap();
    let path = elsewhere.path().join("other.toml");
    fs::write(&path, "data-dir = '/srv/meibo'\nmax-connections = 7").unwrap();
    let mut bench = Bench::new().variable("MEIBO_CONFIG", path.to_str().unwrap());
    assert_eq!(bench.config().max_connections, 7);
    assert_eq!(bench.config().data_dir, bench.data_dir.path());
    bench.flags.clear();
    assert_eq!(bench.config().data_dir, Path::new("/srv/meibo"));
}

#[test]
fn a_file_that_is_found_cannot_move_the_data_dir() {
    let bench = Bench::new().file("data-dir = '/srv/meibo'");
    assert_eq!(
        bench.problems(),
        [
            "data-dir in DIR/meibo.toml: cannot stand in the file that is found in the data directory itself"
        ]
    );
}

#[test]
fn a_named_file_must_exist() {
    let bench = Bench::new().flag("config", "/nowhere/meibo.toml");
    let problems = bench.problems();
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with("/nowhere/meibo.toml: "),
        "{problems:?}"
    );
}

/// For each setting a wrong value, and what must be said about it.
const WRONG: &[(&str, &str, &str)] = &[
    ("listen", "3001", "is not HOST:PORT"),
    ("listen", "localhost:99999", "has no port from 0 to 65535"),
    ("listen", "localhost:3001,", "is empty"),
    ("public-url", "id.example.com", "is not a URL"),
    ("public-url", "https://id.example.com/auth", "has a path"),
    ("database", "mysql://root@db", "sqlite:PATH or postgres://"),
    ("data-dir", "", "is empty; give PATH"),
    ("secret-key", "short", "base64"),
    ("secret-key-file", "/nowhere/key", "cannot be read"),
    ("config", "", "is empty; give PATH"),
    ("log-format", "xml", "give text or json"),
    ("log-level", "loud", "is no log level"),
    ("trusted-proxies", "proxy", "CIDR"),
    ("outbound-allow", "http://rp.internal", "host name"),
    ("metrics-listen", "9100", "is not HOST:PORT"),
    ("max-connections", "0", "from 1 to 100000"),
    ("hash-threads", "many", "from 1 to 64"),
    ("shutdown-timeout", "20s", "from 0 to 3600"),
    ("session-ttl", "14d", "from 60 to 31536000"),
    ("session-idle-ttl", "59", "from 60 to 31536000"),
    ("sms-countries", "UK", "ISO 3166-1"),
    (
        "max-sms-per-hour",
        "many",
        "a whole number from 0 to 100000000",
    ),
    (
        "max-emails-per-hour",
        "-1",
        "a whole number from 0 to 100000000",
    ),
];

#[test]
fn every_wrong_setting_is_named_from_every_source() {
    for setting in settings::ALL {
        assert!(
            WRONG.iter().any(|(name, ..)| *name == setting.name),
            "{}",
            setting.name
        );
    }
    for (name, value, expected) in WRONG {
        let setting = settings::find(name).unwrap();
        let mut benches = vec![
            (setting.flag(), Bench::new().flag(name, value)),
            (
                setting.variable(),
                Bench::new().variable(&setting.variable(), value),
            ),
        ];
        if setting.is_in_file() && *name != "data-dir" {
            let file = Bench::new().file(&format!("{name} = {value:?}"));
            benches.push((format!("{name} in DIR/meibo.toml"), file));
        }
        for (label, mut bench) in benches {
            if *name == "data-dir" && label == setting.variable() {
                bench.flags.clear();
            }
            let problems = bench.problems();
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(
                problems[0].starts_with(&format!("{label}: ")),
                "{problems:?}"
            );
            assert!(problems[0].contains(expected), "{problems:?}");
        }
    }
}

#[test]
fn all_problems_are_reported_together() {
    let bench = Bench::new()
        .flag("hash-threads", "0")
        .variable("MEIBO_COLOUR", "red")
        .variable("MEIBO_LISTEN", "x")
        .file("data_dir = 'd'\nmax-connections = 0");
    let problems = bench.problems();
    for name in [
        "--hash-threads",
        "MEIBO_COLOUR",
        "MEIBO_LISTEN",
        "data_dir in",
        "max-connections in",
    ] {
        assert!(
            problems.iter().any(|problem| problem.starts_with(name)),
            "{name}: {problems:?}"
        );
    }
    assert_eq!(problems.len(), 5, "{problems:?}");
}

#[test]
fn secrets_are_never_repeated() {
    for (name, value) in [
        ("database", "postgres://m:s3cret@db:port/meibo"),
        ("database", "s3cret://m:s3cret@db/meibo/s3cret"),
        ("secret-key", "s3cret"),
        ("secret-key", "s3cret,s3cret"),
    ] {
        let problems = Bench::new().flag(name, value).problems().join("\n");
        assert!(
            !problems.contains("m:s3cret") && !problems.contains("\"s3cret"),
            "{problems}"
        );
        let file = Bench::new().file(&format!("{name} = \"{value}")).problems();
        assert!(!file.join("\n").contains("s3cret"), "{file:?}");
    }
    let pair = Bench::new()
        .flag("secret-key", "s3cret")
        .flag("secret-key-file", "/nowhere");
    assert!(!pair.problems().join("\n").contains("s3cret"));
}

#[test]
fn the_secret_key_comes_from_one_place() {
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, format!("{key}\n")).unwrap();
    let path = file.path().to_str().unwrap();
    let given = |bench: &Bench| match bench.config().secret_key {
        SecretKeySource::Given(read) => *read.to_base64() == key,
        SecretKeySource::File(_) => false,
    };
    assert!(given(&Bench::new().variable("MEIBO_SECRET_KEY", key)));
    assert!(given(&Bench::new().flag("secret-key-file", path)));
    // the nearer source counts, whichever of the two settings it gives
    let nearer_file = Bench::new()
        .flag("secret-key-file", path)
        .variable("MEIBO_SECRET_KEY", "x");
    assert!(given(&nearer_file));
    let nearer_key = Bench::new()
        .flag("secret-key", key)
        .variable("MEIBO_SECRET_KEY_FILE", "/nowhere");
    assert!(given(&nearer_key));
    let both = Bench::new()
        .flag("secret-key", key)
        .flag("secret-key-file", path);
    assert_eq!(
        both.problems(),
        ["--secret-key: was given beside --secret-key-file; give one of them"]
    );
}

#[test]
fn postgresql_needs_a_secret_key() {
    let bench = Bench::new().flag("database", "postgres://m@db/meibo");
    let problems = bench.problems();
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with("MEIBO_SECRET_KEY: is needed with PostgreSQL"),
        "{problems:?}"
    );
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let config = bench.variable("MEIBO_SECRET_KEY", key).config();
    assert!(!config.needs_data_dir && !config.is_database_missing());
}

#[test]
fn the_public_url_follows_the_port_and_doubts_are_told() {
    let doubts = |bench: Bench| -> Vec<String> {
        bench
            .config()
            .warnings
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    let bench = Bench::new().flag("listen", "127.0.0.1:8080");
    assert_eq!(public_url(&bench.config()), "http://localhost:8080/");
    assert!(doubts(bench).is_empty());
    let open = doubts(Bench::new().flag("listen", "0.0.0.0:80"));
    assert!(
        open[0].starts_with("--public-url: not set while other machines can connect"),
        "{open:?}"
    );
    let plain = doubts(Bench::new().variable("MEIBO_PUBLIC_URL", "http://id.example.com"));
    assert!(
        plain[0].starts_with("MEIBO_PUBLIC_URL: plain http"),
        "{plain:?}"
    );
    assert!(doubts(Bench::new().flag("public-url", "https://id.example.com")).is_empty());
}

#[test]
fn an_empty_list_of_addresses_is_refused() {
    assert_eq!(
        Bench::new().file("listen = []").problems(),
        ["listen in DIR/meibo.toml: needs at least one address, as localhost:3001"]
    );
    assert!(
        Bench::new()
            .file("trusted-proxies = []")
            .config()
            .trusted_proxies
            .is_empty()
    );
}

#[test]
fn the_data_dir_is_made_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("a/b");
    let mut bench = Bench::new();
    bench.flags.clear();
    let config = bench.flag("data-dir", path.to_str().unwrap()).config();
    assert!(config.is_database_missing());
    config.make_data_dir().unwrap();
    config.make_data_dir().unwrap();
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o700
    );
}

#[test]
fn log_levels_are_gathered() {
    let bench = Bench::new().flag("log-level", "warn,meibo_store=trace");
    let filter = bench.config().log.filter;
    assert!(filter.would_enable("meibo_store::db", &Level::TRACE));
    assert!(!filter.would_enable("meibo_web", &Level::INFO));
}
