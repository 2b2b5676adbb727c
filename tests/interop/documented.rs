//! The documents name the versions that the locks do.

use std::fs;

use serde_json::Value;

use super::stage::repository;

fn read(path: &str) -> String {
    fs::read_to_string(repository(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// The version of a crate in the lock of `interop/rust`.
fn locked(lock: &str, name: &str) -> String {
    let lock: toml::Table = lock.parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    let found = packages
        .iter()
        .find(|package| package["name"].as_str() == Some(name));
    found.unwrap()["version"].as_str().unwrap().to_owned()
}

#[test]
fn documents_name_the_versions_that_are_tested() {
    let lock: Value = serde_json::from_str(&read("interop/node/package-lock.json")).unwrap();
    let mut expected = vec![(
        "openidconnect",
        locked(&read("interop/rust/Cargo.lock"), "openidconnect"),
    )];
    for name in [
        "openid-client",
        "oauth4webapi",
        "@logto/express",
        "@logto/browser",
        "@logto/api",
    ] {
        let package = &lock["packages"][format!("node_modules/{name}")];
        expected.push((name, package["version"].as_str().unwrap().to_owned()));
    }
    for document in ["docs/en/clients.md", "docs/ja/clients.md"] {
        let text = read(document);
        for (name, version) in &expected {
            let named = text.lines().any(|line| {
                line.starts_with(&format!("| `{name}`")) && line.contains(&format!("| {version} |"))
            });
            assert!(named, "{document} does not name {name} {version}");
        }
    }
}

/// Where packages come from is the registry's own address or nothing: a lock that names a mirror works nowhere else.
#[test]
fn the_lock_names_no_mirror() {
    let lock: Value = serde_json::from_str(&read("interop/node/package-lock.json")).unwrap();
    let packages = lock["packages"].as_object().unwrap();
    assert!(packages.len() > 50);
    for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
        assert!(package["integrity"].is_string(), "{path} has no integrity");
        if let Some(from) = package["resolved"].as_str() {
            assert!(
                from.starts_with("https://registry.npmjs.org/"),
                "{path}: {from}"
            );
        }
    }
}
