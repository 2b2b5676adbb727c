//! How the text of a setting becomes its value. Each error is worded to follow the quoted text.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use ipnet::IpNet;
use meibo_crypto::seal::MasterKey;
use meibo_domain::phone::Country;
use meibo_outbound::OutboundAllow;
use meibo_store::db::DatabaseConfig;
use tracing_subscriber::filter::LevelFilter;

use crate::telemetry::LogFormat;

/// A whole number of `range`.
pub(super) fn number<T>(range: RangeInclusive<T>) -> impl Fn(&str) -> Result<T, String>
where
    T: std::str::FromStr + PartialOrd + Display,
{
    move |text| {
        text.parse()
            .ok()
            .filter(|number| range.contains(number) && !text.starts_with('+'))
            .ok_or_else(|| {
                format!(
                    "is not a whole number from {} to {}",
                    range.start(),
                    range.end()
                )
            })
    }
}

pub(super) fn path(text: &str) -> Result<PathBuf, String> {
    if text.contains('\0') {
        return Err("is no path".to_owned());
    }
    Ok(PathBuf::from(text))
}

/// The setting is secret, so that the whole sentence comes from here.
pub(super) fn database(text: &str) -> Result<DatabaseConfig, String> {
    DatabaseConfig::parse(text).map_err(|error| error.to_string())
}

/// The setting is secret, so that the whole sentence comes from here.
pub(super) fn secret_key(text: &str) -> Result<MasterKey, String> {
    MasterKey::parse(text).map_err(|error| error.to_string())
}

/// A network, or the address of one host.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    text.parse()
        .or_else(|_| text.parse().map(|address: std::net::IpAddr| address.into()))
        .map_err(|_| "is no network; give CIDR notation, as 10.0.0.0/8 or fd00::/8".to_owned())
}

/// A host, a network, or the address of one host.
pub(super) fn outbound_allow(text: &str) -> Result<OutboundAllow, String> {
    OutboundAllow::parse(text).map_err(|error| error.to_string())
}

/// A country with phone numbers.
pub(super) fn country(text: &str) -> Result<Country, String> {
    Country::parse(text).ok_or_else(|| {
        "is no country; give its two letters in ISO 3166-1, as JP, US or GB".to_owned()
    })
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("is no log format; give text or json".to_owned()),
    }
}

/// A level, or the level of one part of the program: `meibo_store=debug`.
pub(super) fn log_level(text: &str) -> Result<(Option<String>, LevelFilter), String> {
    let (part, level) = match text.split_once('=') {
        Some((part, level)) => (Some(part), level),
        None => (None, text),
    };
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_:".contains(&byte))
    };
    let known = ["off", "error", "warn", "info", "debug", "trace"];
    if !known.contains(&level) || !part.is_none_or(is_part) {
        return Err(
            "is no log level; give error, warn, info, debug or trace, or PART=LEVEL as meibo_store=debug".to_owned(),
        );
    }
    let level = level.parse().map_err(|_| "is no log level".to_owned())?;
    Ok((part.map(str::to_owned), level))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_bounds() {
        let read = number(1..=64_usize);
        assert_eq!(read("1"), Ok(1));
        assert_eq!(read("64"), Ok(64));
        for text in [
            "0",
            "65",
            "-1",
            "+1",
            "1.5",
            "x",
            " 1",
            "99999999999999999999",
        ] {
            assert_eq!(
                read(text),
                Err("is not a whole number from 1 to 64".to_owned())
            );
        }
    }

    #[test]
    fn networks_and_single_hosts_are_read() {
        for (text, expected) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("127.0.0.1", "127.0.0.1/32"),
            ("::1", "::1/128"),
            ("fd00::/8", "fd00::/8"),
        ] {
            assert_eq!(network(text).unwrap().to_string(), expected);
        }
        for text in ["10.0.0.0/33", "10.0.0", "proxy", "10.0.0.0/8/8", "*"] {
            assert!(network(text).unwrap_err().contains("10.0.0.0/8"));
        }
    }

    #[test]
    fn countries_are_read() {
        assert_eq!(country("jp").unwrap().as_str(), "JP");
        for text in ["", "UK", "Japan", "+81", "JP US"] {
            assert!(country(text).unwrap_err().contains("ISO 3166-1"), "{text}");
        }
    }

    #[test]
    fn log_levels_are_read() {
        assert_eq!(log_level("debug"), Ok((None, LevelFilter::DEBUG)));
        assert_eq!(
            log_level("meibo_store::db=off"),
            Ok((Some("meibo_store::db".to_owned()), LevelFilter::OFF))
        );
        for text in [
            "loud",
            "meibo_store",
            "=info",
            "a=",
            "a=loud",
            "a b=info",
            "3",
        ] {
            assert!(log_level(text).is_err(), "{text}");
        }
    }

    #[test]
    fn secrets_are_not_repeated() {
        let reason = secret_key("s3cret").unwrap_err();
        assert!(
            reason.contains("32") && !reason.contains("s3cret"),
            "{reason}"
        );
        let reason = database("postgres://m:s3cret@h:port/db").unwrap_err();
        assert!(
            reason.contains("port") && !reason.contains("s3cret"),
            "{reason}"
        );
    }
}
