//! Rebuilds the crate when a template, a locale or an asset is added or changed.
#![allow(clippy::print_stdout, reason = "cargo reads a build script's output")]

fn main() {
    for folder in ["templates", "locales", "static"] {
        println!("cargo::rerun-if-changed=../../{folder}");
    }
}
