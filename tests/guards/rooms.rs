//! Who may lean on whom, and which outside crate is named in one room only.

use std::collections::BTreeSet;

use super::{assert_none, tree};

/// Every package of the workspace with those of the workspace it may depend on, its tests included.
const ROOMS: &[(&str, &[&str])] = &[
    ("meibo-domain", &[]),
    ("meibo-crypto", &[]),
    ("meibo-oauth", GROUND),
    ("meibo-store", GROUND),
    ("meibo-pages", GROUND),
    ("meibo-outbound", GROUND),
    (
        "meibo-app",
        &[
            "meibo-domain",
            "meibo-crypto",
            "meibo-oauth",
            "meibo-store",
            "meibo-pages",
            "meibo-outbound",
        ],
    ),
    (
        "meibo-web",
        &[
            "meibo-domain",
            "meibo-crypto",
            "meibo-oauth",
            "meibo-store",
            "meibo-pages",
            "meibo-outbound",
            "meibo-app",
        ],
    ),
    (
        "meibo-server",
        &[
            "meibo-domain",
            "meibo-crypto",
            "meibo-oauth",
            "meibo-store",
            "meibo-pages",
            "meibo-outbound",
            "meibo-app",
            "meibo-web",
            "meibo-sdk",
            "profile-app",
        ],
    ),
    ("meibo-sdk", &[]),
    ("profile-app", &["meibo-sdk"]),
    ("meibo-bench", &["meibo-domain"]),
    (
        "meibo-tests",
        &[
            "meibo-domain",
            "meibo-crypto",
            "meibo-oauth",
            "meibo-store",
            "meibo-pages",
            "meibo-outbound",
            "meibo-app",
            "meibo-web",
            "meibo-server",
            "meibo-sdk",
            "profile-app",
        ],
    ),
];

const GROUND: &[&str] = &["meibo-domain", "meibo-crypto"];

/// Outside crates with the rooms whose shipped code may name them. What stands apart from the product may name any.
const KEPT_IN: &[(&str, &[&str])] = &[
    ("rusqlite", &["meibo-store"]),
    ("tokio-postgres", &["meibo-store"]),
    ("deadpool-postgres", &["meibo-store"]),
    ("aws-lc-rs", &["meibo-crypto", "meibo-sdk"]),
    ("argon2", &["meibo-crypto"]),
    ("jsonwebtoken", &["meibo-crypto", "meibo-sdk"]),
    ("axum", &["meibo-web", "meibo-server"]),
    ("axum-extra", &["meibo-web"]),
    ("askama", &["meibo-pages"]),
    ("reqwest", &["meibo-outbound", "meibo-sdk"]),
];

/// Users of the product: they do as any customer's program may.
const APART: &[&str] = &["meibo-bench", "meibo-tests", "profile-app"];

#[test]
fn rooms_lean_only_on_the_rooms_below() {
    let packages = tree::packages(true);
    let ours: BTreeSet<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    let mut offenders = Vec::new();
    for package in &packages {
        let name = package["name"].as_str().expect("a package has a name");
        let Some((_, may)) = ROOMS.iter().find(|(room, _)| *room == name) else {
            offenders.push(format!("{name} has no row in ROOMS"));
            continue;
        };
        for dependency in dependencies(package) {
            if ours.contains(dependency.name) && !may.contains(&dependency.name) {
                offenders.push(format!("{name} depends on {}", dependency.name));
            }
        }
    }
    assert_none(
        &offenders,
        "A room may not lean on a room beside or above it (ROOMS in this file):",
    );
}

#[test]
fn an_outside_crate_is_named_in_its_room_only() {
    let mut offenders = Vec::new();
    for package in tree::packages(true) {
        let name = package["name"].as_str().expect("a package has a name");
        if APART.contains(&name) {
            continue;
        }
        for dependency in dependencies(&package) {
            let kept_elsewhere = KEPT_IN
                .iter()
                .any(|(outside, rooms)| *outside == dependency.name && !rooms.contains(&name));
            if kept_elsewhere && !dependency.is_for_tests {
                offenders.push(format!("{name} depends on {}", dependency.name));
            }
        }
    }
    assert_none(
        &offenders,
        "These crates are wrapped by one room; ask that room instead (KEPT_IN in this file):",
    );
}

struct Dependency<'a> {
    name: &'a str,
    is_for_tests: bool,
}

fn dependencies(package: &serde_json::Value) -> impl Iterator<Item = Dependency<'_>> {
    let list = package["dependencies"].as_array();
    list.expect("a package lists its dependencies")
        .iter()
        .map(|dependency| Dependency {
            name: dependency["name"]
                .as_str()
                .expect("a dependency has a name"),
            is_for_tests: dependency["kind"] == "dev",
        })
}
