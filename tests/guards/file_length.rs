//! One file holds one idea; a long file holds more than one.

use super::{assert_none, tree};

const LIMIT: usize = 500;

/// Files that may be longer, each with its reason.
const LONGER: &[(&str, &str)] = &[];

#[test]
fn no_rust_file_is_long() {
    let files = tree::text_files();
    let long: Vec<_> = files
        .iter()
        .filter(|file| file.is_rust() && file.text.lines().count() > LIMIT)
        .collect();
    let mut offenders: Vec<String> = long
        .iter()
        .filter(|file| !LONGER.iter().any(|(path, _)| *path == file.path))
        .map(|file| format!("{}: {} lines", file.path, file.text.lines().count()))
        .collect();
    offenders.extend(
        LONGER
            .iter()
            .filter(|(path, _)| !long.iter().any(|file| file.path == *path))
            .map(|(path, _)| format!("{path} is not long any more: take it out of LONGER")),
    );
    assert_none(
        &offenders,
        "Split these by idea (500 lines at most), or give the reason in LONGER:",
    );
}
