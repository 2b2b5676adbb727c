//! The files of the repository, and what Cargo knows of the workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Folders that hold what was built or fetched, not what was written; in a linked worktree `.git` is a file.
const NOT_OURS: &[&str] = &[".git", ".meibo-demo", "node_modules", "target"];

/// A text file of the repository.
pub(crate) struct TextFile {
    /// Relative to the repository, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl TextFile {
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    pub(crate) fn is_markdown(&self) -> bool {
        self.path.ends_with(".md")
    }

    /// `path:line: text` for each line that `is_offending` picks.
    pub(crate) fn lines_where(&self, is_offending: impl Fn(&str) -> bool) -> Vec<String> {
        self.text
            .lines()
            .enumerate()
            .filter(|(_, line)| is_offending(line))
            .map(|(number, line)| format!("{}:{}: {}", self.path, number + 1, line.trim()))
            .collect()
    }
}

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the test package lies one folder below the root")
        .to_path_buf()
}

/// Every UTF-8 file of the repository, in order of path. Links are not followed.
pub(crate) fn text_files() -> Vec<TextFile> {
    let root = root();
    let mut files = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the repository can be read") {
            let entry = entry.expect("an entry of the repository can be read");
            let kind = entry.file_type().expect("an entry has a type");
            let path = entry.path();
            let name = entry.file_name();
            if NOT_OURS.iter().any(|not_ours| name == *not_ours) {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file()
                && let Ok(bytes) = fs::read(&path)
                && let Ok(text) = String::from_utf8(bytes)
            {
                let path = path.strip_prefix(&root).expect("it lies below the root");
                files.push(TextFile {
                    path: path.to_string_lossy().into_owned(),
                    text,
                });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The standard output of `cargo` at the root; fails the test with its standard error.
pub(crate) fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("cargo can be started");
    assert!(
        output.status.success(),
        "cargo {} failed:\n{}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}

/// `packages` of `cargo metadata`: every package of Cargo.lock, or only our own.
pub(crate) fn packages(only_ours: bool) -> Vec<Value> {
    let mut arguments = vec!["metadata", "--format-version", "1", "--locked"];
    if only_ours {
        arguments.push("--no-deps");
    }
    let mut metadata: Value =
        serde_json::from_str(&cargo(&arguments)).expect("cargo metadata prints JSON");
    let packages = serde_json::from_value(metadata["packages"].take());
    packages.expect("cargo metadata lists packages")
}
