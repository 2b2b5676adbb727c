//! Documents that say which test shows what: tables of three cells, the last one names of tests.

use std::collections::BTreeSet;

use super::tree;

/// A row: its tests, and what stands before them.
pub(super) struct Row {
    number: usize,
    /// Where the demand stands: a section, or the sentence itself.
    place: String,
    demand: String,
    pub(super) tests: Vec<String>,
}

fn rows(path: &str, text: &str) -> Vec<Row> {
    text.lines()
        .enumerate()
        .filter_map(|(at, line)| {
            let cells: Vec<&str> = line
                .strip_prefix('|')?
                .trim_end_matches('|')
                .split('|')
                .collect();
            let [place, demand, tests] = cells.as_slice() else {
                panic!("{path}:{}: a row has three cells: {line}", at + 1)
            };
            let is_head = tests.trim() == "test" || place.trim().starts_with("---");
            (!is_head).then(|| Row {
                number: at + 1,
                place: place.trim().to_owned(),
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
pub(super) fn functions(text: &str) -> impl Iterator<Item = &str> {
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

/// The rows of a document of the repository.
pub(super) fn read(path: &str) -> Vec<Row> {
    let text = std::fs::read_to_string(tree::root().join(path));
    rows(
        path,
        &text.unwrap_or_else(|error| panic!("{path}: {error}")),
    )
}

/// The names of all functions of the repository, tests among them.
pub(super) fn all_functions() -> BTreeSet<String> {
    tree::text_files()
        .iter()
        .filter(|file| file.is_rust())
        .flat_map(|file| functions(&file.text).map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

/// What is wrong with the rows of a document: an empty cell, a test twice, a test that does not exist.
pub(super) fn offenders(path: &str) -> Vec<String> {
    let existing = all_functions();
    let mut offenders = Vec::new();
    for row in read(path) {
        let place = format!("{path}:{}", row.number);
        if row.place.is_empty() || row.demand.is_empty() {
            offenders.push(format!("{place}: a cell is empty"));
        }
        let unique: BTreeSet<&String> = row.tests.iter().collect();
        if unique.len() != row.tests.len() {
            offenders.push(format!("{place}: a test stands twice in one row"));
        }
        for name in row.tests.iter().filter(|name| !existing.contains(*name)) {
            offenders.push(format!("{place}: there is no test `{name}`"));
        }
    }
    offenders
}

#[test]
fn rows_and_names_are_read() {
    let text =
        "| section | demand | test |\n| --- | --- | --- |\n| 4.1 | must | `one`, `two` |\ntext";
    let read = rows("x.md", text);
    assert_eq!(read.len(), 1);
    assert_eq!(
        (read[0].number, read[0].tests.as_slice()),
        (3, &["one".to_owned(), "two".to_owned()][..])
    );
    let code = "    async fn rfc1_x(server: TestServer) {\nfn oidc_y() {\n// fn z()\nlet f = 1;";
    assert_eq!(functions(code).collect::<Vec<_>>(), ["rfc1_x", "oidc_y"]);
}
