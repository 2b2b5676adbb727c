//! docs/conformance.md names tests that exist, and every test that is named after a section of a standard.

use std::collections::BTreeSet;

use super::{assert_none, test_tables};

const TABLE: &str = "docs/conformance.md";

/// Is it named after a section: `rfc6749_4_1_2_…`, `oidc_core_3_1_2_1_…`?
fn names_section(name: &str) -> bool {
    let is_rfc = name
        .strip_prefix("rfc")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    is_rfc || name.starts_with("oidc_") || name.starts_with("backchannel_logout_")
}

#[test]
fn the_conformance_table_names_tests_that_exist() {
    assert_none(&test_tables::offenders(TABLE), "Mend these rows:");
}

#[test]
fn every_test_that_is_named_after_a_section_is_in_the_conformance_table() {
    let listed: BTreeSet<String> = test_tables::read(TABLE)
        .into_iter()
        .flat_map(|row| row.tests)
        .collect();
    assert!(listed.len() > 100, "the table is read as one");
    let offenders: Vec<String> = test_tables::all_functions()
        .into_iter()
        .filter(|name| names_section(name) && !listed.contains(name))
        .collect();
    assert_none(&offenders, &format!("Give these tests a row in {TABLE}:"));
}

#[test]
fn names_of_sections_are_told_from_others() {
    assert!(
        names_section("rfc6749_4") && names_section("oidc_core_2") && !names_section("rfc_5869")
    );
}
