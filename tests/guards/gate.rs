//! The gate runs what the README tells a newcomer to run, and nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{assert_none, tree};

fn read(path: &str) -> String {
    fs::read_to_string(tree::root().join(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
}

#[test]
fn the_gate_is_the_second_command_of_the_readme() {
    let readme = read("README.md");
    for command in ["cargo run --release -- demo", "make deps test"] {
        assert!(
            readme.contains(command),
            "README.md does not tell to run `{command}`"
        );
    }
    let gate = read(".ci/run");
    let commands: Vec<&str> = gate
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter(|line| {
            !["set ", "cd ", "export "]
                .iter()
                .any(|word| line.starts_with(word))
        })
        .collect();
    assert_eq!(commands, ["exec make deps test"]);
}

#[test]
fn scripts_can_be_executed() {
    let offenders: Vec<String> = tree::text_files()
        .iter()
        .filter(|file| file.text.starts_with("#!"))
        .filter(|file| {
            let metadata = fs::metadata(tree::root().join(&file.path));
            metadata.expect("a script is there").permissions().mode() & 0o111 == 0
        })
        .map(|file| file.path.clone())
        .collect();
    assert_none(
        &offenders,
        "Make these scripts executable (git update-index --chmod=+x):",
    );
}
