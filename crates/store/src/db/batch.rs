//! The unit of writing: guarded statements, committed whole or not at all.

use super::error::{CommitError, DbError};
use super::row::Row;
use super::sql::Sql;
use super::table::Table;
use super::value::{self, Value};

/// Statements that are committed together. Built by chaining:
///
/// ```text
/// let batch = Batch::new()
///     .expect(1, Table::AuthorizationCodes, &CONSUME, values![hash, now_ms])
///     .conflict("code.consumed")
///     .run(Table::Grants, &INSERT, values![id, user_id]);
/// ```
///
/// Statements run sorted by table (see [`Table`]), and within a table in the order added. A batch
/// must not depend on another order, and the tables of a foreign key must be declared in order.
#[derive(Clone, Debug, Default)]
#[must_use = "a batch does nothing until it is committed"]
pub struct Batch {
    statements: Vec<Statement>,
}

/// A row that was read and relied on: it must still have this version when the batch commits.
/// The table must have the columns `id` (TEXT) and `version` (BIGINT).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// The table of the row.
    pub table: Table,
    /// The row's `id`.
    pub id: String,
    /// The row's `version` as it was read.
    pub version: i64,
}

/// One statement of a batch.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// Its place in the order added.
    pub(super) index: usize,
    pub(super) table: Table,
    pub(super) sql: Sql,
    pub(super) params: Vec<Value>,
    pub(super) guard: Guard,
    label: Option<&'static str>,
}

/// What must hold for the batch to commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    None,
    /// The statement changed this many rows.
    Rows(u64),
    /// The statement is a [`Touch`]: it found its row.
    Touched,
}

impl Statement {
    /// Whether the guard holds when the statement changed (or, for a touch, found) so many rows.
    pub(super) fn holds(&self, affected: u64) -> bool {
        match self.guard {
            Guard::None => true,
            Guard::Rows(expected) => affected == expected,
            Guard::Touched => affected == 1,
        }
    }

    pub(super) fn conflict(&self) -> CommitError {
        CommitError::Conflict {
            guard: self.index,
            label: self.label,
        }
    }
}

impl Batch {
    /// An empty batch. Committing it does nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a statement that may change any number of rows.
    pub fn run(self, table: Table, sql: &Sql, params: impl Into<Vec<Value>>) -> Self {
        self.push(table, sql.clone(), params.into(), Guard::None)
    }

    /// Adds a statement that must change exactly `rows` rows, or else the batch is a conflict.
    pub fn expect(self, rows: u64, table: Table, sql: &Sql, params: impl Into<Vec<Value>>) -> Self {
        self.push(table, sql.clone(), params.into(), Guard::Rows(rows))
    }

    /// Adds a guard on a row that the batch relies on and does not change itself. (A row that it
    /// changes is guarded by `WHERE version = …` in that statement.) It counts as a statement.
    pub fn touch(self, touch: Touch) -> Self {
        let params = vec![touch.id.into(), touch.version.into()];
        self.push(touch.table, touch.table.touch(), params, Guard::Touched)
    }

    /// Names the conflict of the statement added last, for [`CommitError::Conflict`].
    pub fn conflict(mut self, label: &'static str) -> Self {
        if let Some(last) = self.statements.last_mut() {
            last.label = Some(label);
        }
        self
    }

    /// Appends another batch's statements after this one's.
    pub fn merge(mut self, other: Self) -> Self {
        let before = self.statements.len();
        self.statements
            .extend(other.statements.into_iter().map(|mut statement| {
                statement.index += before;
                statement
            }));
        self
    }

    /// Whether a statement is for `table`.
    #[must_use]
    pub fn is_for(&self, table: Table) -> bool {
        self.statements
            .iter()
            .any(|statement| statement.table == table)
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// How many statements there are, touches included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.statements.len()
    }

    fn push(mut self, table: Table, sql: Sql, params: Vec<Value>, guard: Guard) -> Self {
        let index = self.statements.len();
        self.statements.push(Statement {
            index,
            table,
            sql,
            params,
            guard,
            label: None,
        });
        self
    }

    /// Refuses parameters that one of the engines could not hold.
    pub(super) fn check(&self) -> Result<(), DbError> {
        self.statements
            .iter()
            .try_for_each(|s| value::check(&s.sql, &s.params))
    }

    /// The statements in the order they run.
    pub(super) fn in_lock_order(mut self) -> Vec<Statement> {
        self.statements.sort_by_key(|statement| statement.table);
        self.statements
    }
}

/// What a committed batch gave. Both lists have one entry a statement, in the order they were
/// added to the batch.
#[derive(Clone, Debug, Default)]
pub struct Committed {
    /// The RETURNING rows; empty for a statement without RETURNING.
    pub rows: Vec<Vec<Row>>,
    /// How many rows the statement changed (for a touch: found).
    pub affected: Vec<u64>,
}

impl Committed {
    /// An answer with room for so many statements.
    pub(super) fn with_places(statements: usize) -> Self {
        Self {
            rows: vec![Vec::new(); statements],
            affected: vec![0; statements],
        }
    }

    /// Takes the answer of the statement that was added at `index`.
    pub(super) fn set(&mut self, index: usize, rows: Vec<Row>, affected: u64) {
        if let (Some(place), Some(count)) = (self.rows.get_mut(index), self.affected.get_mut(index))
        {
            *place = rows;
            *count = affected;
        }
    }

    /// The first RETURNING row of a statement, if there is one.
    #[must_use]
    pub fn first(&self, statement: usize) -> Option<&Row> {
        self.rows.get(statement)?.first()
    }

    /// How many rows a statement changed; 0 for one that is not in the batch.
    #[must_use]
    pub fn count(&self, statement: usize) -> u64 {
        self.affected.get(statement).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values;

    #[test]
    fn statements_run_by_table_and_answer_by_place() {
        let sql = Sql::from("SELECT 1");
        let second = Batch::new()
            .run(Table::Users, &sql, values![])
            .conflict("late");
        let batch = Batch::new()
            .run(Table::Grants, &sql, values!["a"])
            .run(Table::Grants, &sql, values!["b"])
            .expect(2, Table::Applications, &sql, values![])
            .merge(second);
        assert_eq!(batch.len(), 4);
        let order: Vec<_> = batch
            .in_lock_order()
            .iter()
            .map(|s| (s.index, s.table))
            .collect();
        let expected = [
            (3, Table::Users),
            (2, Table::Applications),
            (0, Table::Grants),
            (1, Table::Grants),
        ];
        assert_eq!(order, expected);
    }

    #[test]
    fn a_guard_holds_for_its_count_only() {
        let sql = Sql::from("SELECT 1");
        let touch = Touch {
            table: Table::Users,
            id: "u".into(),
            version: 3,
        };
        let statements = Batch::new()
            .run(Table::Users, &sql, values![])
            .expect(2, Table::Users, &sql, values![])
            .touch(touch)
            .conflict("user.changed")
            .in_lock_order();
        let held: Vec<Vec<bool>> = statements
            .iter()
            .map(|s| (0..4).map(|count| s.holds(count)).collect())
            .collect();
        assert_eq!(held[0], [true, true, true, true]);
        assert_eq!(held[1], [false, false, true, false]);
        assert_eq!(held[2], [false, true, false, false]);
        let expected = CommitError::Conflict {
            guard: 2,
            label: Some("user.changed"),
        };
        assert_eq!(statements[2].conflict(), expected);
    }
}
