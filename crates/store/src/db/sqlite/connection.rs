//! One connection to the file: how it is opened, and how a statement runs on it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};

use super::super::error::DbError;
use super::super::row::Row;
use super::super::sql::Text;
use super::super::value::Value;
use super::failure::{Failure, classify};

/// After a reset the log file is cut back to this many bytes.
const LOG_LIMIT: i64 = 32 << 20;

/// Prepared statements a connection keeps: more than there are statements in the program.
const CACHED_STATEMENTS: usize = 512;

/// What a connection may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    /// Read, by statements whose best plan depends on the values: how a LIKE pattern begins.
    Search,
    Write,
}

/// A connection that is opened when it is first needed, and again after it broke.
pub(super) struct Link {
    path: PathBuf,
    access: Access,
    busy_timeout: Duration,
    connection: Option<Connection>,
}

impl Link {
    /// A connection that is not open yet.
    pub(super) fn new(path: &Path, access: Access, busy_timeout: Duration) -> Self {
        Self {
            path: path.to_owned(),
            access,
            busy_timeout,
            connection: None,
        }
    }

    /// The connection of one that needs no preparation.
    pub(super) fn plain(&mut self) -> Result<&mut Connection, DbError> {
        self.get(|_| Ok(()))
    }

    /// The connection. `on_open` is called with a new one before it is given out.
    pub(super) fn get(
        &mut self,
        on_open: impl FnOnce(&mut Connection) -> rusqlite::Result<()>,
    ) -> Result<&mut Connection, DbError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.connect(on_open).map_err(|error| {
                let path = self.path.display();
                match classify(&error) {
                    DbError::Corrupt { reason } => DbError::Corrupt {
                        reason: format!("{path}: {reason}"),
                    },
                    _ => DbError::unavailable(format!("{path} cannot be opened: {error}")),
                }
            })?,
        };
        Ok(self.connection.insert(connection))
    }

    /// Gives the connection up; the next [`Link::get`] opens another.
    pub(super) fn drop_connection(&mut self) {
        self.connection = None;
    }

    fn connect(
        &self,
        on_open: impl FnOnce(&mut Connection) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<Connection> {
        let flags = match self.access {
            Access::Read | Access::Search => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
        };
        let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(self.busy_timeout)?;
        connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
        // Otherwise SQLite prepares a kept statement anew whenever a value is bound that a range or
        // a pattern depends on, which takes several times as long as to run it.
        let plans_stay = self.access != Access::Search;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, plans_stay)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        // LIKE as PostgreSQL has it; statements that ignore case lower both sides.
        connection.pragma_update(None, "case_sensitive_like", true)?;
        connection.pragma_update(None, "cache_size", -2048)?;
        if self.access == Access::Write {
            connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| {
                let mode: String = row.get(0)?;
                if mode == "wal" {
                    Ok(())
                } else {
                    Err(no_log(&mode))
                }
            })?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "foreign_keys", true)?;
            connection.pragma_update(None, "wal_autocheckpoint", 0)?;
            connection.pragma_update_and_check(
                None,
                "journal_size_limit",
                LOG_LIMIT,
                |_| Ok(()),
            )?;
        }
        fold_every_letter(&connection)?;
        on_open(&mut connection)?;
        Ok(connection)
    }
}

/// Gives LOWER the letters beyond ASCII, which SQLite's own leaves as they are, so that a search
/// without case finds what it finds on PostgreSQL.
fn fold_every_letter(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8
        | FunctionFlags::SQLITE_DETERMINISTIC
        | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("lower", 1, flags, |context| {
        let text = context.get_raw(0).as_str_or_null()?;
        Ok(text.map(|text| {
            if text.is_ascii() {
                text.to_ascii_lowercase()
            } else {
                // Letter by letter: what a letter becomes must not depend on its place in the text.
                text.chars().flat_map(char::to_lowercase).collect()
            }
        }))
    })
}

fn no_log(mode: &str) -> rusqlite::Error {
    let reason = format!("its file system takes no write-ahead log (journal mode is {mode})");
    rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN),
        Some(reason),
    )
}

/// What one statement gave.
pub(super) struct Reply {
    pub(super) rows: Vec<Row>,
    pub(super) affected: u64,
}

/// Runs one statement to its end. `affected` counts rows changed, or rows given when the
/// statement gives rows.
pub(super) fn run(connection: &Connection, sql: &Text, params: &[Value]) -> Result<Reply, Failure> {
    let mut statement = connection.prepare_cached(sql.as_str())?;
    // By number, which `?n` guarantees to be the number that was written.
    for (index, value) in params.iter().enumerate() {
        match value {
            Value::Text(text) => statement.raw_bind_parameter(index + 1, text.as_deref())?,
            Value::Int(number) => statement.raw_bind_parameter(index + 1, number)?,
        }
    }
    let columns = statement.column_count();
    if columns == 0 {
        let affected = statement.raw_execute()?;
        return Ok(Reply {
            rows: Vec::new(),
            affected: u64::try_from(affected).unwrap_or(0),
        });
    }
    let mut rows = Vec::new();
    let mut found = statement.raw_query();
    while let Some(source) = found.next()? {
        let mut row = Row::new(sql, columns);
        for column in 0..columns {
            copy(&mut row, column, source.get_ref(column)?, sql)?;
        }
        rows.push(row);
    }
    let affected = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    Ok(Reply { rows, affected })
}

fn copy(row: &mut Row, column: usize, value: ValueRef<'_>, sql: &Text) -> Result<(), Failure> {
    let wrong = |what: &str| {
        let reason = format!("column {column} holds {what}: {sql}");
        Failure::Data(DbError::Corrupt { reason })
    };
    match value {
        ValueRef::Null => row.push_int(None),
        ValueRef::Integer(number) => row.push_int(Some(number)),
        ValueRef::Text(bytes) => {
            row.push_text(Some(
                std::str::from_utf8(bytes).map_err(|_| wrong("text not UTF-8"))?,
            ));
        }
        ValueRef::Real(_) => return Err(wrong("a fraction where TEXT or BIGINT belongs")),
        ValueRef::Blob(_) => return Err(wrong("bytes where TEXT or BIGINT belongs")),
    }
    Ok(())
}
