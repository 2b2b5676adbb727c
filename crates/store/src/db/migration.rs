//! The numbered list of schema changes: what was applied, and what is to be.

use super::error::DbError;
use super::row::Row;
use super::sql::Sql;

/// One schema change. Migrations are numbered upwards from 1, go forward only, and never change
/// once they are released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Its number.
    pub version: i64,
    /// What it does, in a few words.
    pub name: &'static str,
    /// One or more statements, ended by `;`, for both engines.
    pub sql: &'static str,
    /// What SQLite runs instead, where one text cannot serve both.
    pub sqlite: Option<&'static str>,
    /// What PostgreSQL runs instead.
    pub postgres: Option<&'static str>,
}

impl Migration {
    /// A migration with one text for both engines.
    #[must_use]
    pub const fn new(version: i64, name: &'static str, sql: &'static str) -> Self {
        Self {
            version,
            name,
            sql,
            sqlite: None,
            postgres: None,
        }
    }

    pub(super) fn for_sqlite(&self) -> &'static str {
        self.sqlite.unwrap_or(self.sql)
    }

    pub(super) fn for_postgres(&self) -> &'static str {
        self.postgres.unwrap_or(self.sql)
    }
}

/// The table that remembers what was applied; `applied_at` is epoch milliseconds.
pub(super) const CREATE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)";

pub(super) static APPLIED: Sql =
    crate::sql!("SELECT version, name FROM schema_migrations ORDER BY version");

pub(super) static RECORD: Sql =
    crate::sql!("INSERT INTO schema_migrations (version, name, applied_at) VALUES ($1, $2, $3)");

/// Finds a row when the table of [`CREATE`] exists.
pub(super) static SCHEMA_EXISTS: Sql = Sql::of_both(
    "SELECT 'found'::text WHERE to_regclass('schema_migrations') IS NOT NULL",
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'",
);

/// Reads the rows of [`APPLIED`].
pub(super) fn applied(rows: &[Row]) -> Result<Vec<(i64, String)>, DbError> {
    rows.iter()
        .map(|row| Ok((row.int(0)?, row.text(1)?)))
        .collect()
}

/// Decides what is to be applied, given what was: the rest of `known`, in order.
pub(super) fn plan(
    applied: &[(i64, String)],
    known: &[Migration],
) -> Result<Vec<Migration>, DbError> {
    if !known.is_sorted_by(|a, b| a.version < b.version) {
        return Err(invalid("the migrations of this program are not in order"));
    }
    let newest = known.last().map_or(0, |migration| migration.version);
    if let Some((version, _)) = applied.last()
        && *version > newest
    {
        return Err(invalid(format!(
            "the database is at schema version {version}, this program knows {newest} at most; \
             start a newer program"
        )));
    }
    for (index, (version, name)) in applied.iter().enumerate() {
        let expected = known.get(index);
        if expected.is_none_or(|known| known.version != *version || known.name != name) {
            return Err(invalid(format!(
                "the database was given migration {version} ({name}), which is not migration \
                 number {} of this program; it belongs to another program or build",
                index + 1
            )));
        }
    }
    Ok(known.get(applied.len()..).unwrap_or_default().to_vec())
}

fn invalid(reason: impl Into<String>) -> DbError {
    DbError::Invalid {
        reason: reason.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Migration = Migration::new(1, "users", "");
    const SECOND: Migration = Migration::new(2, "grants", "");
    const FOURTH: Migration = Migration::new(4, "keys", "");

    fn plan_after(applied: &[(i64, &str)], known: &[Migration]) -> Result<Vec<i64>, String> {
        let applied: Vec<_> = applied.iter().map(|(v, n)| (*v, (*n).to_owned())).collect();
        plan(&applied, known)
            .map(|rest| rest.iter().map(|migration| migration.version).collect())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_missing_is_planned_in_order() {
        let known = [FIRST, SECOND, FOURTH];
        assert_eq!(plan_after(&[], &known).unwrap(), [1, 2, 4]);
        assert_eq!(plan_after(&[(1, "users")], &known).unwrap(), [2, 4]);
        let all = [(1, "users"), (2, "grants"), (4, "keys")];
        assert!(plan_after(&all, &known).unwrap().is_empty());
    }

    #[test]
    fn a_history_that_is_not_ours_is_refused() {
        let known = [FIRST, SECOND, FOURTH];
        let cases = [
            (vec![(1, "users"), (9, "x")], "at schema version 9"),
            (vec![(1, "other")], "migration 1 (other)"),
            (vec![(1, "users"), (4, "keys")], "migration 4 (keys)"),
            (vec![(1, "users"), (3, "x")], "migration 3 (x)"),
        ];
        for (applied, expected) in cases {
            let message = plan_after(&applied, &known).unwrap_err();
            assert!(message.contains(expected), "{message}");
        }
        let message = plan_after(&[], &[SECOND, FIRST]).unwrap_err();
        assert!(message.contains("not in order"), "{message}");
    }
}
