//! What a statement gives: one row, copied out of the engine.

use std::fmt;

use serde::de::DeserializeOwned;

use super::error::DbError;
use super::sql::Text;

/// One row. Columns are numbered from 0 in the order of the SELECT or RETURNING list.
///
/// Every getter answers [`DbError::Corrupt`], with the column's number and the statement, when the
/// column holds another type, NULL where a value was asked for, or does not exist.
#[derive(Clone)]
pub struct Row {
    statement: Text,
    /// The text of all columns, one after the other: one allocation a row.
    text: String,
    cells: Vec<Cell>,
}

#[derive(Clone, Copy)]
enum Cell {
    Null,
    Int(i64),
    Text { start: usize, end: usize },
}

impl Cell {
    fn name(self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Int(_) => "BIGINT",
            Self::Text { .. } => "TEXT",
        }
    }
}

/// Shows the statement, never what the row holds.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Row({} columns of: {})",
            self.cells.len(),
            self.statement
        )
    }
}

impl Row {
    pub(super) fn new(statement: &Text, columns: usize) -> Self {
        let cells = Vec::with_capacity(columns);
        Self {
            statement: statement.clone(),
            text: String::new(),
            cells,
        }
    }

    pub(super) fn push_text(&mut self, value: Option<&str>) {
        let cell = value.map_or(Cell::Null, |value| {
            let start = self.text.len();
            self.text.push_str(value);
            Cell::Text {
                start,
                end: self.text.len(),
            }
        });
        self.cells.push(cell);
    }

    pub(super) fn push_int(&mut self, value: Option<i64>) {
        self.cells.push(value.map_or(Cell::Null, Cell::Int));
    }

    /// How many columns there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether there is no column at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// A TEXT column, borrowed.
    ///
    /// # Errors
    /// See [`Row`]; so for every getter.
    pub fn str(&self, column: usize) -> Result<&str, DbError> {
        self.opt_str(column)?
            .ok_or_else(|| self.unexpected(column, "TEXT"))
    }

    /// A TEXT column that may be NULL, borrowed.
    ///
    /// # Errors
    /// See [`Row`].
    pub fn opt_str(&self, column: usize) -> Result<Option<&str>, DbError> {
        match self.cells.get(column) {
            Some(Cell::Null) => Ok(None),
            Some(&Cell::Text { start, end }) => Ok(self.text.get(start..end)),
            _ => Err(self.unexpected(column, "TEXT")),
        }
    }

    /// A TEXT column.
    ///
    /// # Errors
    /// See [`Row`].
    pub fn text(&self, column: usize) -> Result<String, DbError> {
        self.str(column).map(str::to_owned)
    }

    /// A TEXT column that may be NULL.
    ///
    /// # Errors
    /// See [`Row`].
    pub fn opt_text(&self, column: usize) -> Result<Option<String>, DbError> {
        Ok(self.opt_str(column)?.map(str::to_owned))
    }

    /// A BIGINT column.
    ///
    /// # Errors
    /// See [`Row`].
    pub fn int(&self, column: usize) -> Result<i64, DbError> {
        self.opt_int(column)?
            .ok_or_else(|| self.unexpected(column, "BIGINT"))
    }

    /// A BIGINT column that may be NULL.
    ///
    /// # Errors
    /// See [`Row`].
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, DbError> {
        match self.cells.get(column) {
            Some(Cell::Null) => Ok(None),
            Some(&Cell::Int(number)) => Ok(Some(number)),
            _ => Err(self.unexpected(column, "BIGINT")),
        }
    }

    /// A BIGINT column that holds 0 or 1.
    ///
    /// # Errors
    /// See [`Row`]; also for any other number.
    pub fn bool(&self, column: usize) -> Result<bool, DbError> {
        match self.int(column)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.corrupt(column, &format!("holds {other} where 0 or 1 belongs"))),
        }
    }

    /// A TEXT column, read by `parse`.
    ///
    /// # Errors
    /// See [`Row`]; also when `parse` refuses the text.
    pub fn parse<T, E: std::fmt::Display>(
        &self,
        column: usize,
        parse: impl FnOnce(String) -> Result<T, E>,
    ) -> Result<T, DbError> {
        parse(self.text(column)?).map_err(|error| {
            self.corrupt(
                column,
                &format!("holds a value that cannot be read: {error}"),
            )
        })
    }

    /// A TEXT column that holds JSON, read as `T`.
    ///
    /// # Errors
    /// See [`Row`]; also when the JSON does not read as `T`. The message gives the place in the
    /// text, not the text.
    pub fn json<T: DeserializeOwned>(&self, column: usize) -> Result<T, DbError> {
        self.read_json(column, self.str(column)?)
    }

    /// A TEXT column that holds JSON or NULL, read as `T`.
    ///
    /// # Errors
    /// As [`Row::json`].
    pub fn opt_json<T: DeserializeOwned>(&self, column: usize) -> Result<Option<T>, DbError> {
        self.opt_str(column)?
            .map(|text| self.read_json(column, text))
            .transpose()
    }

    fn read_json<T: DeserializeOwned>(&self, column: usize, text: &str) -> Result<T, DbError> {
        serde_json::from_str(text).map_err(|error| {
            let (line, place) = (error.line(), error.column());
            let reason = format!("holds JSON that cannot be read (line {line}, column {place})");
            self.corrupt(column, &reason)
        })
    }

    fn unexpected(&self, column: usize, expected: &str) -> DbError {
        let found = self.cells.get(column).map_or("nothing", |cell| cell.name());
        self.corrupt(column, &format!("holds {found} where {expected} belongs"))
    }

    fn corrupt(&self, column: usize, reason: &str) -> DbError {
        DbError::Corrupt {
            reason: format!("column {column} {reason}: {}", self.statement),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        let mut row = Row::new(&Text::Declared("SELECT a, b, c,\n d FROM t"), 5);
        row.push_text(Some("名簿"));
        row.push_int(Some(1));
        row.push_text(None);
        row.push_text(Some(r#"{"a":[1,2]}"#));
        row.push_int(Some(2));
        row
    }

    #[test]
    fn columns_come_back_as_they_went_in() {
        let row = row();
        assert_eq!(row.text(0).unwrap(), "名簿");
        assert_eq!(row.int(1).unwrap(), 1);
        assert!(row.bool(1).unwrap());
        assert_eq!(row.opt_text(2).unwrap(), None);
        assert_eq!(row.opt_int(2).unwrap(), None);
        assert_eq!(row.str(3).unwrap(), r#"{"a":[1,2]}"#);
        assert_eq!(row.json::<serde_json::Value>(3).unwrap()["a"][1], 2);
        assert_eq!(row.opt_json::<serde_json::Value>(2).unwrap(), None);
    }

    #[test]
    fn a_wrong_column_is_named_with_its_statement() {
        let row = row();
        let cases = [
            (
                row.text(1).map(drop),
                "column 1 holds BIGINT where TEXT belongs",
            ),
            (
                row.text(2).map(drop),
                "column 2 holds NULL where TEXT belongs",
            ),
            (
                row.int(0).map(drop),
                "column 0 holds TEXT where BIGINT belongs",
            ),
            (
                row.int(9).map(drop),
                "column 9 holds nothing where BIGINT belongs",
            ),
            (
                row.bool(4).map(drop),
                "column 4 holds 2 where 0 or 1 belongs",
            ),
            (
                row.json::<i64>(3).map(drop),
                "column 3 holds JSON that cannot be read (line 1,",
            ),
        ];
        for (answer, expected) in cases {
            let message = answer.unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
            assert!(message.contains("SELECT a, b, c, d FROM t"), "{message}");
            assert!(!message.contains('名'), "{message}");
        }
    }
}
