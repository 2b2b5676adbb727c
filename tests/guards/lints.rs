//! Every package takes the workspace's lints; without that line none of them holds there.

use std::fs;

use super::{assert_none, tree};

#[test]
fn every_package_takes_the_lints_of_the_workspace() {
    let offenders: Vec<String> = tree::packages(true)
        .iter()
        .map(|package| {
            package["manifest_path"]
                .as_str()
                .expect("a package has a manifest")
        })
        .filter(|manifest| {
            let text = fs::read_to_string(manifest).expect("a manifest can be read");
            let table: toml::Table = text.parse().expect("a manifest is TOML");
            let lints = table.get("lints").and_then(|lints| lints.get("workspace"));
            lints.and_then(toml::Value::as_bool) != Some(true)
        })
        .map(String::from)
        .collect();
    assert_none(
        &offenders,
        "Add `[lints] workspace = true` to these manifests:",
    );
}
