//! No page goes unseen: a test in a real browser looks at each.

use std::collections::BTreeSet;

use super::{assert_none, tree};
use crate::browser::visited::VISITED;

#[test]
fn every_page_is_looked_at_in_a_browser() {
    let served: BTreeSet<&str> = meibo_web::page_paths().into_iter().collect();
    let visited: BTreeSet<&str> = VISITED.iter().map(|(path, _)| *path).collect();
    let differing: Vec<String> = served
        .symmetric_difference(&visited)
        .map(|path| (*path).to_owned())
        .collect();
    assert_none(
        &differing,
        "Look at these pages in tests/browser, or take them out of its table:",
    );
}

#[test]
fn what_the_table_names_is_looked_at() {
    let tests: String = tree::text_files()
        .into_iter()
        .filter(|file| file.path.starts_with("tests/browser/"))
        .map(|file| file.text)
        .collect();
    let unseen: Vec<String> = VISITED
        .iter()
        .filter(|(_, name)| {
            ["check_look", "keep_screenshots"]
                .iter()
                .all(|look| !tests.contains(&format!("{look}(\"{name}\"")))
        })
        .map(|(path, name)| format!("{path} as {name}"))
        .collect();
    assert_none(&unseen, "No browser test looks at:");
}
