//! The table of error codes for the user guide.

use std::fmt::Write;

use meibo_domain::ErrorCode;

use crate::respond::status_of;

/// Every code with its status and meaning, as a Markdown table, in the order of the codes.
#[must_use]
pub fn error_table() -> String {
    let mut table = String::from("| code | status | meaning |\n| --- | --- | --- |\n");
    for code in ErrorCode::ALL {
        let (status, meaning) = (status_of(*code).as_u16(), code.summary());
        // Writing to a string cannot fail.
        let _ = writeln!(table, "| `{code}` | {status} | {meaning} |");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_for_each_code() {
        let table = error_table();
        assert_eq!(table.lines().count(), ErrorCode::ALL.len() + 2);
        assert!(
            table.contains("| `request.method_not_allowed` | 405 |"),
            "{table}"
        );
        assert!(
            table.lines().all(|row| row.matches('|').count() == 4),
            "{table}"
        );
    }
}
