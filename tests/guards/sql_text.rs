//! SQL is written in `crates/store` and nowhere else in the product.

use super::{assert_none, tree};

#[test]
fn only_the_store_writes_sql() {
    let offenders: Vec<String> = tree::text_files()
        .iter()
        .filter(|file| file.is_rust() && file.path.starts_with("crates/"))
        .filter(|file| !file.path.starts_with("crates/store/"))
        .flat_map(|file| file.lines_where(is_sql))
        .collect();
    assert_none(&offenders, "Move these statements into crates/store:");
}

fn is_sql(line: &str) -> bool {
    let is_comment = line.trim_start().starts_with("//");
    let opens = ["SELECT ", "INSERT INTO ", "DELETE FROM ", "CREATE TABLE "];
    let is_update = line.contains("UPDATE ") && line.contains(" SET ");
    !is_comment && (is_update || opens.iter().any(|opening| line.contains(opening)))
}

#[test]
fn statements_are_told_from_prose() {
    for (line, expected) in [
        (r#"let sql = "SELECT id FROM users";"#, true),
        (r#""UPDATE users SET name = $1""#, true),
        (r#""DELETE FROM users""#, true),
        ("/// SELECT the row first", false),
        (r#""Select an application""#, false),
        (r#""UPDATE available""#, false),
    ] {
        assert_eq!(is_sql(line), expected, "{line}");
    }
}
