//! Settings: flag before environment before file, and a start that stops at a wrong one and names it.

use std::fs;

use crate::support::{
    process::{Installation, SECRET_KEY},
    tokens::text,
};

/// The password of databases that settings name.
const PASSWORD: &str = "s3cret-of-the-database";

/// The start ends with code 2, names each of `names`, and repeats nothing of `hidden`.
#[track_caller]
fn refused(installation: &Installation, more: &[&str], names: &[&str], hidden: &[&str]) {
    let arguments: Vec<&str> = ["serve"].iter().chain(more).copied().collect();
    let ran = installation.run(&arguments).failed(2);
    assert_eq!(ran.stdout, "");
    for name in names {
        assert!(
            ran.stderr.contains(name),
            "{name} is not named: {}",
            ran.stderr
        );
    }
    for secret in hidden {
        assert!(!ran.stderr.contains(secret), "{}", ran.stderr);
    }
    assert!(
        !installation.data_dir().join("meibo.db").exists(),
        "a database was made"
    );
}

#[test]
fn wrong_flags_are_named() {
    let installation = Installation::sqlite();
    for (flag, value) in [
        ("--listen", "3001"),
        ("--listen", "example.com:80"),
        ("--listen", "127.0.0.1:99999"),
        ("--database", "mysql://root@localhost/meibo"),
        ("--database", "sqlite:"),
        ("--log-format", "xml"),
        ("--log-level", "loud"),
        ("--trusted-proxies", "proxy"),
        ("--sms-countries", "JP,UK"),
        ("--max-sms-per-hour", "many"),
        ("--max-emails-per-hour", "1e9"),
        ("--outbound-allow", "*.internal"),
        ("--metrics-listen", "9100"),
        ("--hash-threads", "0"),
        ("--shutdown-timeout", "20s"),
        ("--secret-key-file", "/nowhere/secret.key"),
        ("--colour", "red"),
        ("--listn", "127.0.0.1:1"),
    ] {
        refused(&installation, &[flag, value], &[flag], &[]);
    }
    let other = Installation::sqlite_at_default_url();
    for url in [
        "id.example",
        "ftp://id.example",
        "https://id.example/path",
        "https://user:pw@id.example",
    ] {
        let ran = other
            .run(&["serve", "--listen", "127.0.0.1:0", "--public-url", url])
            .failed(2);
        assert!(
            ran.stderr.contains("--public-url") && ran.stderr.contains("https://id.example.com"),
            "{ran:?}"
        );
    }
}

#[test]
fn wrong_variables_are_named() {
    let installation = Installation::sqlite();
    for (name, value) in [
        ("MEIBO_TYPO", "1"),
        ("MEIBO_LISTEN", "x"),
        ("MEIBO_DATABSE", "sqlite:x"),
        ("MEIBO_HASH_THREADS", ""),
    ] {
        refused(
            &installation.clone().variable(name, value),
            &[],
            &[name],
            &[],
        );
    }
    let two = installation
        .variable("MEIBO_TYPO", "1")
        .variable("MEIBO_LOG_FORMAT", "xml");
    refused(
        &two,
        &["--hash-threads", "many"],
        &["MEIBO_TYPO", "MEIBO_LOG_FORMAT", "--hash-threads"],
        &[],
    );
}

#[test]
fn wrong_keys_of_the_file_are_named() {
    for (text, name) in [
        ("colour = 'red'", "colour"),
        ("data_dir = 'x'", "data-dir"),
        ("listen = 3.5", "listen"),
        ("[listen]\nport = 1", "listen"),
        ("log-format = 'xml'", "log-format"),
        ("a = 1\nsecret-key = \"", "line 2"),
    ] {
        let installation = Installation::sqlite();
        fs::create_dir(installation.data_dir()).unwrap();
        fs::write(installation.data_dir().join("meibo.toml"), text).unwrap();
        refused(&installation, &[], &[name, "meibo.toml"], &[]);
        let elsewhere = installation.path("other.toml");
        fs::rename(installation.data_dir().join("meibo.toml"), &elsewhere).unwrap();
        refused(
            &installation,
            &["--config", elsewhere.to_str().unwrap()],
            &[name, "other.toml"],
            &[],
        );
    }
    let installation = Installation::sqlite();
    refused(
        &installation,
        &["--config", "nowhere.toml"],
        &["nowhere.toml"],
        &[],
    );
}

#[test]
fn secrets_in_wrong_settings_are_not_repeated() {
    let installation = Installation::sqlite();
    let wrong_port = format!("postgres://meibo:{PASSWORD}@db:port/meibo");
    let wrong_parameter = format!("postgres://meibo:{PASSWORD}@db/meibo?sslmode=maybe");
    for url in [&wrong_port, &wrong_parameter] {
        refused(
            &installation,
            &["--database", url, "--secret-key", SECRET_KEY],
            &["--database"],
            &[PASSWORD, SECRET_KEY],
        );
        let by_variable = installation.clone().variable("MEIBO_DATABASE", url);
        refused(
            &by_variable,
            &["--secret-key", SECRET_KEY],
            &["MEIBO_DATABASE"],
            &[PASSWORD, SECRET_KEY],
        );
    }
    refused(
        &installation,
        &["--secret-key", PASSWORD],
        &["--secret-key"],
        &[PASSWORD],
    );
    let by_variable = installation.clone().variable("MEIBO_SECRET_KEY", PASSWORD);
    refused(&by_variable, &[], &["MEIBO_SECRET_KEY"], &[PASSWORD]);
    let file = installation.path("key");
    fs::write(&file, PASSWORD).unwrap();
    refused(
        &installation,
        &["--secret-key-file", file.to_str().unwrap()],
        &["--secret-key-file"],
        &[PASSWORD],
    );
}

#[test]
fn postgres_needs_a_secret_key() {
    let url = format!("postgres://meibo:{PASSWORD}@127.0.0.1:1/meibo");
    let installation = Installation::sqlite().variable("MEIBO_DATABASE", &url);
    refused(&installation, &[], &["MEIBO_SECRET_KEY"], &[PASSWORD]);
    // With one, only the database is missing: that is no wrong setting.
    let ran = installation
        .variable("MEIBO_SECRET_KEY", SECRET_KEY)
        .run(&["serve", "--listen", "127.0.0.1:0"])
        .failed(1);
    assert!(ran.stderr.contains("database"), "{ran:?}");
    assert!(
        !ran.stderr.contains(PASSWORD) && !ran.stderr.contains(SECRET_KEY),
        "{ran:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_key_stops_the_start() {
    let installation = Installation::postgres().await;
    drop(installation.serve(&[]).await);
    let other = installation
        .run(&["secret-key", "generate"])
        .succeeded()
        .stdout
        .trim()
        .to_owned();
    let ran = installation
        .variable("MEIBO_SECRET_KEY", &other)
        .run(&["serve", "--listen", "127.0.0.1:0"])
        .failed(1);
    assert!(ran.stderr.contains("secret-key"), "{ran:?}");
    assert!(
        !ran.stderr.contains(&other) && !ran.stderr.contains(SECRET_KEY),
        "{ran:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_in_use_is_named_before_anything_is_made() {
    let running = Installation::sqlite();
    let _process = running.serve(&[]).await;
    let port_taken = running.public_url().replace("http://", "");
    let second = Installation::sqlite();
    let ran = second.run(&["serve", "--listen", &port_taken]).failed(1);
    assert!(
        ran.stderr.contains("--listen") && ran.stderr.contains(&port_taken),
        "{ran:?}"
    );
    assert!(!second.data_dir().exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flag_comes_before_a_variable_before_the_file() {
    let (by_file, by_variable) = (
        Installation::sqlite_at_default_url(),
        "http://variable.example",
    );
    fs::create_dir(by_file.data_dir()).unwrap();
    fs::write(
        by_file.data_dir().join("meibo.toml"),
        "public-url = 'http://file.example'\n",
    )
    .unwrap();
    let with_variable = by_file.clone().variable("MEIBO_PUBLIC_URL", by_variable);
    for (installation, flags, expected) in [
        (&by_file, &[][..], "http://file.example/oidc"),
        (&with_variable, &[], "http://variable.example/oidc"),
        (
            &with_variable,
            &["--public-url", "http://flag.example"],
            "http://flag.example/oidc",
        ),
    ] {
        let process = installation.serve(flags).await;
        let document = process
            .remote
            .get("/oidc/.well-known/openid-configuration")
            .await
            .unwrap()
            .expect(200)
            .json();
        assert_eq!(text(&document, "issuer"), expected);
    }
}

#[test]
fn the_demo_shows_codes_to_this_machine_alone() {
    let installation = Installation::sqlite();
    for listen in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let ran = installation.run(&["demo", "--listen", listen]).failed(2);
        assert_eq!(ran.stdout, "");
        for words in [listen, "every code", "localhost", "ssh -L"] {
            assert!(ran.stderr.contains(words), "{words}: {}", ran.stderr);
        }
    }
}
