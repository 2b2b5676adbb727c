//! docs/conformance.md names tests that exist, and every test that is named after a section of a standard.

use std::collections::BTreeSet;

use super::{assert_none, tree};

const TABLE: &str = "docs/conformance.md";

/// The rows of a table: their tests, and what stands before them.
struct Row {
    number: usize,
    section: String,
    demand: String,
    tests: Vec<String>,
}

fn rows(text: &str) -> Vec<Row> {
    text.lines()
        .enumerate()
        .filter_map(|(at, line)| {
            let cells: Vec<&str> = line
                .strip_prefix('|')?
                .trim_end_matches('|')
                .split('|')
                .collect();
            let [section, demand, tests] = cells.as_slice() else {
                panic!("{TABLE}:{}: a row has three cells: {line}", at + 1)
            };
            let is_head = section.trim() == "section" || section.trim().starts_with("---");
            (!is_head).then(|| Row {
                number: at + 1,
                section: section.trim().to_owned(),
                demand: demand.trim().to_owned(),
                tests: tests
                    .split(',')
                    .map(|name| name.trim().trim_matches('`').to_owned())
                    .collect(),
            })
        })
        .collect()
}

/// Names of functions; those that are looked for are tests.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("pub(crate) ").unwrap_or(line);
        let name = line
            .strip_prefix("async ")
            .unwrap_or(line)
            .strip_prefix("fn ")?;
        name.split('(').next()
    })
}

/// Is it named after a section: `rfc6749_4_1_2_…`, `oidc_core_3_1_2_1_…`?
fn names_section(name: &str) -> bool {
    let is_rfc = name
        .strip_prefix("rfc")
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    is_rfc || name.starts_with("oidc_") || name.starts_with("backchannel_logout_")
}

fn table() -> Vec<Row> {
    let text = std::fs::read_to_string(tree::root().join(TABLE)).expect("the table can be read");
    rows(&text)
}

fn all_functions() -> BTreeSet<String> {
    tree::text_files()
        .iter()
        .filter(|file| file.is_rust())
        .flat_map(|file| functions(&file.text).map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn the_conformance_table_names_tests_that_exist() {
    let existing = all_functions();
    let mut offenders = Vec::new();
    for row in table() {
        let place = format!("{TABLE}:{}", row.number);
        if row.section.is_empty() || row.demand.is_empty() {
            offenders.push(format!("{place}: section or demand is empty"));
        }
        let unique: BTreeSet<&String> = row.tests.iter().collect();
        if unique.len() != row.tests.len() {
            offenders.push(format!("{place}: a test stands twice in one row"));
        }
        for name in row.tests.iter().filter(|name| !existing.contains(*name)) {
            offenders.push(format!("{place}: there is no test `{name}`"));
        }
    }
    assert_none(&offenders, "Mend these rows:");
}

#[test]
fn every_test_that_is_named_after_a_section_is_in_the_conformance_table() {
    let listed: BTreeSet<String> = table().into_iter().flat_map(|row| row.tests).collect();
    assert!(listed.len() > 100, "the table is read as one");
    let offenders: Vec<String> = all_functions()
        .into_iter()
        .filter(|name| names_section(name) && !listed.contains(name))
        .collect();
    assert_none(&offenders, &format!("Give these tests a row in {TABLE}:"));
}

#[test]
fn rows_and_names_are_read() {
    let text =
        "| section | demand | test |\n| --- | --- | --- |\n| 4.1 | must | `one`, `two` |\ntext";
    let read = rows(text);
    assert_eq!(read.len(), 1);
    assert_eq!(
        (read[0].number, read[0].tests.as_slice()),
        (3, &["one".to_owned(), "two".to_owned()][..])
    );
    let code = "    async fn rfc1_x(server: TestServer) {\nfn oidc_y() {\n// fn z()\nlet f = 1;";
    assert_eq!(functions(code).collect::<Vec<_>>(), ["rfc1_x", "oidc_y"]);
    assert!(
        names_section("rfc6749_4") && names_section("oidc_core_2") && !names_section("rfc_5869")
    );
}
