//! The laws of the house that can be read off the tree, each as a test that names its offenders.

mod conformance;
mod dependencies;
mod file_length;
mod gate;
mod generated;
mod leftovers;
mod links;
mod lints;
mod requirements;
mod rooms;
mod spdx;
mod sql_text;
mod test_tables;
pub(crate) mod tree;
mod visited_pages;

/// Fails with one offender a line under a sentence that says what to do.
fn assert_none(offenders: &[String], what_to_do: &str) {
    assert!(
        offenders.is_empty(),
        "{what_to_do}\n  {}",
        offenders.join("\n  ")
    );
}
