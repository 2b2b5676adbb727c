//! What the workspace may be built from: licences, sources and one crypto stack, by the lists of deny.toml.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::{assert_none, spdx, tree};

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Crates of which two versions in one binary would disagree about the crypto provider.
const ONCE: &[&str] = &["aws-lc-rs", "aws-lc-sys", "jsonwebtoken", "rustls"];

fn deny_toml() -> toml::Table {
    let text = fs::read_to_string(tree::root().join("deny.toml")).expect("deny.toml can be read");
    text.parse().expect("deny.toml is TOML")
}

#[test]
fn every_licence_is_allowed() {
    let allowed: Vec<String> = deny_toml()["licenses"]["allow"]
        .clone()
        .try_into()
        .expect("licenses.allow is a list of licences");
    let mut offenders = Vec::new();
    for package in tree::packages(false) {
        let licence = package["license"].as_str().unwrap_or("no SPDX expression");
        match spdx::is_met(licence, &allowed) {
            Ok(true) => {}
            Ok(false) => offenders.push(format!("{}: {licence}", package["id"])),
            Err(why) => offenders.push(format!("{}: {why}", package["id"])),
        }
    }
    assert_none(
        &offenders,
        "These packages have a licence that licenses.allow in deny.toml does not list; replace them:",
    );
}

#[test]
fn every_package_comes_from_crates_io_or_lies_here() {
    let root = tree::root();
    let offenders: Vec<String> = tree::packages(false)
        .iter()
        .filter(|package| match package["source"].as_str() {
            Some(source) => source != CRATES_IO,
            None => !package["manifest_path"]
                .as_str()
                .is_some_and(|manifest| root.join(manifest).starts_with(&root)),
        })
        .map(|package| format!("{} from {}", package["id"], package["source"]))
        .collect();
    assert_none(
        &offenders,
        "Take packages from crates.io or from this repository:",
    );
}

/// `cargo tree` follows features as the build does; Cargo.lock and `cargo metadata` also name what is never built.
#[test]
fn one_crypto_stack_is_built() {
    let deny = deny_toml();
    let banned: BTreeSet<&str> = deny["bans"]["deny"]
        .as_array()
        .expect("bans.deny is a list")
        .iter()
        .map(|ban| ban["crate"].as_str().expect("a ban names its crate"))
        .collect();
    let listing = tree::cargo(&[
        "tree",
        "--workspace",
        "--all-features",
        "--target=all",
        "--edges=normal,build,dev",
        "--prefix=none",
        "--format={p}",
        "--locked",
    ]);
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in listing.lines() {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            versions.entry(name).or_default().insert(version);
        }
    }
    assert!(
        versions.contains_key("aws-lc-rs"),
        "aws-lc-rs is not in:\n{listing}"
    );

    let offenders: Vec<String> = versions
        .iter()
        .filter(|(name, found)| banned.contains(*name) || (ONCE.contains(name) && found.len() > 1))
        .map(|(name, found)| format!("{name} {found:?}"))
        .collect();
    assert_none(
        &offenders,
        "Only one version of aws-lc-rs may do cryptography; see who asks for these with `cargo tree -i NAME`:",
    );
}
