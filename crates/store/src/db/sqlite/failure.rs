//! SQLite's error codes, as the errors both engines share.

use rusqlite::ErrorCode;
use rusqlite::ffi;

use super::super::error::DbError;

/// Why one statement did not run.
#[derive(Debug)]
pub(super) enum Failure {
    /// SQLite refused or could not; the whole transaction may be gone.
    Engine(rusqlite::Error),
    /// SQLite did its work, but a column held what cannot be there.
    Data(DbError),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Engine(error)
    }
}

impl From<Failure> for DbError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Engine(error) => classify(&error),
            Failure::Data(error) => error,
        }
    }
}

/// Reads an error that came before any COMMIT: nothing of it is in the database.
pub(super) fn classify(error: &rusqlite::Error) -> DbError {
    let reason = error.to_string();
    let Some(code) = error.sqlite_error_code() else {
        // A mistake in how the statement is used, such as too few parameters.
        return DbError::Invalid { reason };
    };
    match code {
        ErrorCode::ConstraintViolation => constraint(error, reason),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => DbError::Corrupt { reason },
        ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::OutOfMemory
        | ErrorCode::OperationInterrupted
        | ErrorCode::OperationAborted
        | ErrorCode::PermissionDenied
        | ErrorCode::ReadOnly => DbError::unavailable(reason),
        _ => DbError::Invalid { reason },
    }
}

fn constraint(error: &rusqlite::Error, reason: String) -> DbError {
    match error.sqlite_extended_error_code() {
        Some(
            ffi::SQLITE_CONSTRAINT_UNIQUE
            | ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            | ffi::SQLITE_CONSTRAINT_ROWID,
        ) => DbError::UniqueViolation {
            columns: columns(&reason),
        },
        Some(ffi::SQLITE_CONSTRAINT_FOREIGNKEY) => DbError::ForeignKeyViolation { reason },
        _ => DbError::Invalid { reason },
    }
}

/// `UNIQUE constraint failed: t.a, t.b` -> `t.a,b`.
fn columns(message: &str) -> String {
    let list = message.rsplit_once(": ").map_or(message, |(_, list)| list);
    let mut columns = list.split(", ");
    let first = columns.next().unwrap_or_default();
    columns.fold(first.to_owned(), |joined, column| {
        let column = column.rsplit_once('.').map_or(column, |(_, column)| column);
        joined + "," + column
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_read_out_of_the_message() {
        let cases = [
            (
                "UNIQUE constraint failed: users.username_key",
                "users.username_key",
            ),
            (
                "UNIQUE constraint failed: identities.kind, identities.key",
                "identities.kind,key",
            ),
        ];
        for (message, expected) in cases {
            assert_eq!(columns(message), expected);
        }
    }

    #[test]
    fn codes_have_their_kind() {
        let failure = |code| {
            classify(&rusqlite::Error::SqliteFailure(
                ffi::Error::new(code),
                Some("t.a".into()),
            ))
        };
        for code in [
            ffi::SQLITE_FULL,
            ffi::SQLITE_IOERR_WRITE,
            ffi::SQLITE_BUSY_SNAPSHOT,
        ] {
            assert!(matches!(
                failure(code),
                DbError::Unavailable {
                    retryable: true,
                    ..
                }
            ));
        }
        for code in [ffi::SQLITE_NOTADB, ffi::SQLITE_CORRUPT] {
            assert!(matches!(failure(code), DbError::Corrupt { .. }));
        }
        for code in [
            ffi::SQLITE_ERROR,
            ffi::SQLITE_CONSTRAINT_NOTNULL,
            ffi::SQLITE_TOOBIG,
        ] {
            assert!(matches!(failure(code), DbError::Invalid { .. }));
        }
        let taken = failure(ffi::SQLITE_CONSTRAINT_PRIMARYKEY);
        assert_eq!(
            taken,
            DbError::UniqueViolation {
                columns: "t.a".into()
            }
        );
        let missing = failure(ffi::SQLITE_CONSTRAINT_FOREIGNKEY);
        assert!(matches!(missing, DbError::ForeignKeyViolation { .. }));
    }
}
