//! docs/requirements.md names a test that exists for each sentence of the documents that Meibo implements.

use super::{assert_none, test_tables};

const TABLE: &str = "docs/requirements.md";

#[test]
fn the_table_of_requirements_names_tests_that_exist() {
    assert!(
        test_tables::read(TABLE).len() > 30,
        "the table is read as one"
    );
    assert_none(&test_tables::offenders(TABLE), "Mend these rows:");
}
