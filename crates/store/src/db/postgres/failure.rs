//! PostgreSQL's SQLSTATE codes, as the errors both engines share.

use deadpool_postgres::{PoolError, TimeoutType};
use tokio_postgres::Error;
use tokio_postgres::error::DbError as Answer;

use super::super::error::DbError;

/// When an error came, which decides what may have been committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Before any COMMIT was sent, or in a read.
    Open,
    /// While a COMMIT, or a statement that commits by itself, was under way.
    Committing,
}

/// Whether the connection is of no more use: it was lost, or the server is about to close it, or
/// it leads to a server that takes no writes.
pub(super) fn is_lost(error: &Error) -> bool {
    match error.as_db_error() {
        None => true,
        Some(answer) => {
            let code = answer.code().code();
            code.starts_with("08") || code.starts_with("57P") || code == "25006"
        }
    }
}

/// Whether PostgreSQL ended this transaction so that another could go on.
pub(super) fn is_conflict(error: &Error) -> bool {
    matches!(
        error.code().map(|code| code.code()),
        Some("40001" | "40P01")
    )
}

pub(super) fn classify(error: &Error, phase: Phase) -> DbError {
    let Some(answer) = error.as_db_error() else {
        // The library's own words: a lost connection, a refused one, a failed TLS handshake.
        return unavailable(phase, with_sources(error));
    };
    let code = answer.code().code();
    // Not the detail: it quotes the row.
    let reason = format!("{} (SQLSTATE {code})", answer.message());
    match code {
        "23505" => DbError::UniqueViolation {
            columns: columns(answer),
        },
        "23503" | "23001" => DbError::ForeignKeyViolation {
            reason: answer.constraint().unwrap_or_default().to_owned(),
        },
        "XX001" | "XX002" => DbError::Corrupt { reason },
        _ if is_lost(error) => unavailable(phase, reason),
        // Refused before or instead of the commit, so nothing was committed: 28 and 3D at
        // connecting, 40 rolled back, 53 out of resources, 55 locks, 57014 timed out, 58 and XX
        // the server's own trouble.
        _ => match code.get(..2) {
            Some("28" | "3D" | "40" | "53" | "55" | "57" | "58" | "XX") => {
                DbError::unavailable(reason)
            }
            _ => DbError::Invalid { reason },
        },
    }
}

fn unavailable(phase: Phase, reason: String) -> DbError {
    match phase {
        Phase::Open => DbError::unavailable(reason),
        Phase::Committing => DbError::unknown_outcome(reason),
    }
}

/// A pool that gave no connection: nothing was sent.
pub(super) fn no_connection(error: &PoolError) -> DbError {
    match error {
        PoolError::Backend(error) => match classify(error, Phase::Open) {
            DbError::Unavailable { reason, retryable } => DbError::Unavailable {
                reason: format!("no connection: {reason}"),
                retryable,
            },
            other => DbError::unavailable(format!("no connection: {other}")),
        },
        PoolError::Timeout(TimeoutType::Wait) => {
            DbError::unavailable("all connections stayed in use for too long")
        }
        PoolError::Timeout(_) => DbError::unavailable("connecting took too long"),
        PoolError::Closed => DbError::closed(),
        other => DbError::unavailable(format!("no connection: {other}")),
    }
}

/// The columns of a unique violation as `<table>.<column>[,<column>]`.
fn columns(answer: &Answer) -> String {
    let table = answer.table().unwrap_or_default();
    let index = answer.constraint().unwrap_or_default();
    let listed = answer.detail().and_then(listed);
    named(table, listed.as_deref(), index)
}

/// `Key (kind, key)=(…) already exists.`, in any language -> `kind,key`.
fn listed(detail: &str) -> Option<String> {
    let (before, _) = detail.split_once(")=(")?;
    let (_, columns) = before.split_once('(')?;
    Some(columns.replace(", ", ","))
}

/// The detail is withheld from a user who may not read the table; then the index's name, which
/// follows a rule, gives the column.
fn named(table: &str, listed: Option<&str>, index: &str) -> String {
    let columns = listed.unwrap_or_else(|| {
        let columns = index
            .strip_prefix(table)
            .unwrap_or(index)
            .trim_start_matches('_');
        columns.strip_suffix("_key").unwrap_or(columns)
    });
    format!("{table}.{columns}")
}

fn with_sources(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text = format!("{text}: {cause_text}");
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unique_columns_are_named_as_on_sqlite() {
        let cases = [
            (
                "Key (username_key)=(bob) already exists.",
                "users.username_key",
            ),
            (
                "Key (kind, key)=(a, b)=(c) already exists.",
                "users.kind,key",
            ),
            (
                "キー (kind, key)=(a, b) はすでに存在します。",
                "users.kind,key",
            ),
        ];
        for (detail, expected) in cases {
            let listed = listed(detail);
            assert_eq!(named("users", listed.as_deref(), "users_x_key"), expected);
        }
        assert_eq!(named("users", None, "users_username_key"), "users.username");
        assert_eq!(
            named("users", None, "users_username_key_key"),
            "users.username_key"
        );
    }
}
