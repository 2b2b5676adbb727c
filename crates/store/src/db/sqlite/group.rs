//! Many batches, one COMMIT: each batch in its own savepoint, all durable by the same sync.

use rusqlite::Connection;

use super::super::batch::{Batch, Committed, Statement};
use super::super::error::{CommitError, DbError};
use super::connection::run;
use super::failure::{Failure, classify};

type Outcome = Result<Committed, CommitError>;

/// Why a whole group was given up. Nothing of it is in the database, or, when a COMMIT failed,
/// all of it may be after the next start.
pub(super) struct Abandoned(pub(super) DbError);

/// Why one batch was not carried out.
enum Stop {
    /// It alone; its savepoint was undone.
    Batch(CommitError),
    /// The transaction it shares.
    Group(Abandoned),
}

/// Commits the batches together. A batch that fails by a guard or a constraint leaves the others
/// alone; anything that puts the transaction in doubt gives up all of them. The connection is left
/// outside a transaction, unless even ROLLBACK failed.
pub(super) fn commit(
    connection: &Connection,
    batches: Vec<Batch>,
) -> Result<Vec<Outcome>, Abandoned> {
    let done = attempt(connection, batches);
    if !connection.is_autocommit() {
        // Only after an error; what ROLLBACK answers is seen by `is_autocommit`.
        let _ = control(connection, "ROLLBACK");
    }
    done
}

fn attempt(connection: &Connection, batches: Vec<Batch>) -> Result<Vec<Outcome>, Abandoned> {
    control(connection, "BEGIN IMMEDIATE").map_err(|error| Abandoned(classify(&error)))?;
    let alone = batches.len() == 1;
    let mut outcomes = Vec::with_capacity(batches.len());
    for batch in batches {
        let outcome = if alone {
            statements(connection, batch)
        } else {
            in_savepoint(connection, batch)
        };
        match outcome {
            Ok(committed) => outcomes.push(Ok(committed)),
            Err(Stop::Group(abandoned)) => return Err(abandoned),
            // The transaction holds nothing else: the caller rolls it back.
            Err(Stop::Batch(error)) if alone => return Ok(vec![Err(error)]),
            Err(Stop::Batch(error)) => outcomes.push(Err(error)),
        }
    }
    // When COMMIT fails, the log may hold the group and a later start may find it there.
    control(connection, "COMMIT")
        .map_err(|error| Abandoned(DbError::unknown_outcome(error.to_string())))?;
    Ok(outcomes)
}

fn in_savepoint(connection: &Connection, batch: Batch) -> Result<Committed, Stop> {
    let group = |error| Stop::Group(abandon(connection, &error));
    control(connection, "SAVEPOINT batch").map_err(group)?;
    let outcome = statements(connection, batch);
    if let Err(Stop::Batch(_)) = &outcome {
        control(connection, "ROLLBACK TO batch").map_err(group)?;
    }
    if !matches!(outcome, Err(Stop::Group(_))) {
        control(connection, "RELEASE batch").map_err(group)?;
    }
    outcome
}

fn statements(connection: &Connection, batch: Batch) -> Result<Committed, Stop> {
    let mut committed = Committed::with_places(batch.len());
    for statement in batch.in_lock_order() {
        let Statement {
            index, sql, params, ..
        } = &statement;
        let reply = run(connection, sql.sqlite(), params).map_err(|failure| match failure {
            Failure::Data(error) => Stop::Batch(error.into()),
            Failure::Engine(error) => stop(connection, &error),
        })?;
        if !statement.holds(reply.affected) {
            return Err(Stop::Batch(statement.conflict()));
        }
        committed.set(*index, reply.rows, reply.affected);
    }
    Ok(committed)
}

/// Decides how far an error reaches. SQLite may have rolled back the whole transaction on its own
/// (a full disk, an I/O error); and where the disk is in trouble, nothing is built on it.
fn stop(connection: &Connection, error: &rusqlite::Error) -> Stop {
    match classify(error) {
        DbError::Unavailable { .. } | DbError::Corrupt { .. } => {
            Stop::Group(abandon(connection, error))
        }
        _ if connection.is_autocommit() => Stop::Group(abandon(connection, error)),
        own => Stop::Batch(own.into()),
    }
}

/// Nothing was committed yet: the batches of the group may be tried again.
fn abandon(connection: &Connection, error: &rusqlite::Error) -> Abandoned {
    Abandoned(match classify(error) {
        corrupt @ DbError::Corrupt { .. } => corrupt,
        _ if connection.is_autocommit() => {
            DbError::unavailable(format!("the transaction was rolled back: {error}"))
        }
        _ => DbError::unavailable(error.to_string()),
    })
}

/// Runs a statement of the transaction itself.
fn control(connection: &Connection, sql: &'static str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}
