//! The table of settings: one row gives the flag, the variable, the key of the file, and the document.

/// One setting. Its name is the flag (`--data-dir`), the key of the file (`data-dir`) and, in capitals, the
/// environment variable (`MEIBO_DATA_DIR`).
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    /// In kebab-case.
    pub(crate) name: &'static str,
    /// What a value looks like.
    pub(crate) value: &'static str,
    /// What holds when it is not set, in words.
    pub(crate) default: &'static str,
    /// What it does, in one or two sentences.
    pub(crate) about: &'static str,
    /// May it have several values, comma-separated or given more than once?
    pub(crate) is_list: bool,
    /// Must its value never be shown?
    pub(crate) is_secret: bool,
    /// Which commands take its flag.
    pub(crate) reach: Reach,
}

/// Which commands take the flag of a setting. Variable and file are read by every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Every command, before or after its name.
    Everywhere,
    /// Those that serve, and `check`.
    Serving,
}

impl Setting {
    /// `--data-dir`
    pub(crate) fn flag(&self) -> String {
        format!("--{}", self.name)
    }

    /// `MEIBO_DATA_DIR`
    pub(crate) fn variable(&self) -> String {
        format!("MEIBO_{}", self.name.to_ascii_uppercase().replace('-', "_"))
    }

    /// Can it stand in the file? The one that says where the file is cannot.
    pub(crate) fn is_in_file(&self) -> bool {
        self.name != CONFIG.name
    }
}

const fn everywhere(
    name: &'static str,
    value: &'static str,
    default: &'static str,
    about: &'static str,
) -> Setting {
    Setting {
        name,
        value,
        default,
        about,
        is_list: false,
        is_secret: false,
        reach: Reach::Everywhere,
    }
}

const fn serving(
    name: &'static str,
    value: &'static str,
    default: &'static str,
    about: &'static str,
) -> Setting {
    Setting {
        reach: Reach::Serving,
        ..everywhere(name, value, default, about)
    }
}

pub(crate) static CONFIG: Setting = everywhere(
    "config",
    "PATH",
    "`meibo.toml` in the data directory, if it is there",
    "The TOML file with settings.",
);
pub(crate) static DATA_DIR: Setting = everywhere(
    "data-dir",
    "PATH",
    "`./meibo-data`",
    "The directory of the files that Meibo makes. It is made with mode 0700 when it is missing.",
);
pub(crate) static DATABASE: Setting = Setting {
    // a PostgreSQL URL may hold a password
    is_secret: true,
    ..everywhere(
        "database",
        "URL",
        "`sqlite:` and `meibo.db` in the data directory",
        "The database: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME`.",
    )
};
pub(crate) static SECRET_KEY: Setting = Setting {
    is_secret: true,
    ..everywhere(
        "secret-key",
        "BASE64",
        "none: `secret-key-file` is read",
        "The key that protects the stored secrets: 32 bytes in base64, as `meibo secret-key generate` prints them. \
         PostgreSQL needs it, because all nodes must share it. A flag can be seen in the list of processes: prefer \
         the variable or `secret-key-file`.",
    )
};
pub(crate) static SECRET_KEY_FILE: Setting = everywhere(
    "secret-key-file",
    "PATH",
    "with SQLite `secret.key` in the data directory, made with mode 0600 at the first start",
    "A file that holds the secret key. Give it or `secret-key`, not both.",
);
pub(crate) static PUBLIC_URL: Setting = everywhere(
    "public-url",
    "URL",
    "`http://localhost` with the port of `listen`",
    "The address that people and applications use: http or https and a host, without a path. Tokens carry it as \
     their issuer, so choose it before the first application is connected.",
);
pub(crate) static LISTEN: Setting = Setting {
    is_list: true,
    ..serving(
        "listen",
        "HOST:PORT",
        "`localhost:3001`",
        "Where the server listens: an IP address or `localhost` (IPv4 and IPv6), and a port.",
    )
};
pub(crate) static TRUSTED_PROXIES: Setting = Setting {
    is_list: true,
    ..serving(
        "trusted-proxies",
        "CIDR",
        "none",
        "Networks of the reverse proxies whose `X-Forwarded-For` is believed.",
    )
};
pub(crate) static OUTBOUND_ALLOW: Setting = Setting {
    is_list: true,
    ..serving(
        "outbound-allow",
        "HOST|CIDR",
        "none",
        "Hosts and networks that Meibo may call although they are not on the public internet, as `rp.internal` or \
         `10.0.0.0/8`. Calls go to addresses that applications register, such as `backchannelLogoutUri`.",
    )
};
pub(crate) static METRICS_LISTEN: Setting = Setting {
    is_list: true,
    ..serving(
        "metrics-listen",
        "HOST:PORT",
        "off",
        "Where `/metrics` is served for Prometheus. Keep it away from the public.",
    )
};
pub(crate) static MAX_CONNECTIONS: Setting = serving(
    "max-connections",
    "COUNT",
    "`4096`",
    "Connections served at once, 1 to 100000; further ones wait to be accepted.",
);
pub(crate) static HASH_THREADS: Setting = serving(
    "hash-threads",
    "COUNT",
    "one for each core",
    "Password hashes made at once, 1 to 64. Each takes 19 MiB.",
);
pub(crate) static SESSION_TTL: Setting = serving(
    "session-ttl",
    "SECONDS",
    "`1209600` (14 days)",
    "How long after a sign-in the browser is signed in at most, 60 to 31536000. A session that is there keeps its end \
     until it is used again.",
);
pub(crate) static SESSION_IDLE_TTL: Setting = serving(
    "session-idle-ttl",
    "SECONDS",
    "`604800` (7 days)",
    "How long a signed-in browser may go without authorizing an application (or renewing access that ends with the session) before it is signed out, 60 to 31536000.",
);
pub(crate) static SMS_COUNTRIES: Setting = Setting {
    is_list: true,
    ..serving(
        "sms-countries",
        "COUNTRY",
        "all",
        "The countries whose numbers get text messages, by their codes in ISO 3166-1, as `JP,US`. Name those where your \
         customers are: strangers are paid for messages to numbers that they choose.",
    )
};
pub(crate) static MAX_SMS_PER_HOUR: Setting = serving(
    "max-sms-per-hour",
    "COUNT",
    "`1000`",
    "Text messages that all nodes together send in an hour at most, 0 for any number.",
);
pub(crate) static MAX_EMAILS_PER_HOUR: Setting = serving(
    "max-emails-per-hour",
    "COUNT",
    "`10000`",
    "Emails that all nodes together send in an hour at most, 0 for any number.",
);
pub(crate) static SHUTDOWN_TIMEOUT: Setting = serving(
    "shutdown-timeout",
    "SECONDS",
    "`20`",
    "How long requests may take to finish after SIGTERM or Ctrl-C, 0 to 3600. A second signal ends them at once.",
);
pub(crate) static LOG_FORMAT: Setting = everywhere(
    "log-format",
    "text|json",
    "`text` on a terminal, otherwise `json`",
    "The form of the log lines on the standard error.",
);
pub(crate) static LOG_LEVEL: Setting = Setting {
    is_list: true,
    ..everywhere(
        "log-level",
        "LEVEL",
        "`info`",
        "The least level that is logged: error, warn, info, debug or trace; also for one part, as \
         `info,meibo_store=debug`.",
    )
};

/// Every setting, in the order of the document.
pub(crate) static ALL: &[&Setting] = &[
    &LISTEN,
    &PUBLIC_URL,
    &DATABASE,
    &DATA_DIR,
    &SECRET_KEY,
    &SECRET_KEY_FILE,
    &CONFIG,
    &LOG_FORMAT,
    &LOG_LEVEL,
    &TRUSTED_PROXIES,
    &OUTBOUND_ALLOW,
    &METRICS_LISTEN,
    &MAX_CONNECTIONS,
    &HASH_THREADS,
    &SHUTDOWN_TIMEOUT,
    &SESSION_TTL,
    &SESSION_IDLE_TTL,
    &SMS_COUNTRIES,
    &MAX_SMS_PER_HOUR,
    &MAX_EMAILS_PER_HOUR,
];

/// The setting of a name, as flag and file spell it.
pub(crate) fn find(name: &str) -> Option<&'static Setting> {
    ALL.iter().copied().find(|setting| setting.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_unique_kebab_case() {
        let names: HashSet<_> = ALL.iter().map(|setting| setting.name).collect();
        assert_eq!(names.len(), ALL.len());
        for name in names {
            assert!(
                name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{name}"
            );
        }
    }

    #[test]
    fn every_setting_says_what_it_is() {
        for setting in ALL {
            let name = setting.name;
            assert!(!setting.value.is_empty(), "{name}");
            assert!(!setting.default.is_empty(), "{name}");
            assert!(setting.about.ends_with('.'), "{name}");
            assert_eq!(find(name), Some(*setting));
        }
    }

    #[test]
    fn one_name_is_spelt_three_ways() {
        assert_eq!(DATA_DIR.flag(), "--data-dir");
        assert_eq!(DATA_DIR.variable(), "MEIBO_DATA_DIR");
        assert!(DATA_DIR.is_in_file() && !CONFIG.is_in_file());
    }
}
