//! Committing a batch in two flights: BEGIN with every statement, then COMMIT or ROLLBACK.

use tokio_postgres::Error;

use super::super::batch::{Batch, Committed, Guard, Statement};
use super::super::error::{CommitError, DbError};
use super::failure::{Phase, classify, is_conflict, is_lost};
use super::pool::{Lease, Pool};
use super::wire::{Reply, Sent, control, flight, statement};

/// Why a first flight did not lead to a commit.
enum Refused {
    /// The connection was lost before anything could be committed.
    Lost(DbError),
    Other(CommitError),
}

/// Commits a batch whole or not at all.
pub(super) async fn commit(pool: &Pool, batch: Batch) -> Result<Committed, CommitError> {
    let places = batch.len();
    let statements = batch.in_lock_order();
    if let [only] = statements.as_slice()
        && only.guard == Guard::None
    {
        return alone(pool, only).await;
    }
    // A pooled connection may have died unseen. Nothing is committed before the second flight, so
    // the first may be flown again, once, on a new connection.
    let (lease, replies) = match first_flight(pool, &statements).await {
        Ok(flown) => flown,
        Err(Refused::Lost(_)) => {
            pool.discard_idle();
            first_flight(pool, &statements)
                .await
                .map_err(|refused| match refused {
                    Refused::Lost(error) => error.into(),
                    Refused::Other(error) => error,
                })?
        }
        Err(Refused::Other(error)) => return Err(error),
    };
    let committed = decode(&statements, replies, places);
    if committed.is_err() {
        roll_back(pool, lease).await;
        return Ok(committed?);
    }
    match pool.round_trip(control(&lease, "COMMIT")).await {
        Some(Ok(_)) => Ok(committed?),
        Some(Err(error)) => {
            let refused = if is_conflict(&error) {
                CommitError::Conflict {
                    guard: 0,
                    label: None,
                }
            } else {
                classify(&error, Phase::Committing).into()
            };
            lease.discard();
            Err(refused)
        }
        None => {
            lease.discard();
            Err(DbError::unknown_outcome(pool.too_slow()).into())
        }
    }
}

/// One statement without a guard commits by itself. (With a guard it needs a transaction: it might
/// have changed more rows than it should.)
async fn alone(pool: &Pool, only: &Statement) -> Result<Committed, CommitError> {
    let lease = pool.lease().await?;
    let sql = only.sql.postgres();
    match pool.round_trip(statement(&lease, sql, &only.params)).await {
        Some(Ok(reply)) => Ok(decode(std::slice::from_ref(only), vec![reply], 1)?),
        Some(Err(error)) => {
            if is_lost(&error) {
                lease.discard();
            }
            Err(refusal(only, &error, Phase::Committing))
        }
        None => {
            lease.discard();
            Err(DbError::unknown_outcome(pool.too_slow()).into())
        }
    }
}

/// Leaves an open transaction in which every statement has run and every guard holds.
async fn first_flight(
    pool: &Pool,
    statements: &[Statement],
) -> Result<(Lease, Vec<Reply>), Refused> {
    let lease = pool
        .lease()
        .await
        .map_err(|error| Refused::Other(error.into()))?;
    let mut sent: Vec<Sent<'_>> = Vec::with_capacity(statements.len() + 1);
    sent.push(control(&lease, "BEGIN"));
    for one in statements {
        sent.push(statement(&lease, one.sql.postgres(), &one.params));
    }
    let Some(answers) = pool.round_trip(flight(sent)).await else {
        lease.discard();
        return Err(Refused::Other(DbError::unavailable(pool.too_slow()).into()));
    };
    if let Some(lost) = answers
        .iter()
        .filter_map(|answer| answer.as_ref().err())
        .find(|e| is_lost(e))
    {
        let error = classify(lost, Phase::Open);
        lease.discard();
        return Err(Refused::Lost(error));
    }
    match checked(statements, answers) {
        Ok(replies) => Ok((lease, replies)),
        Err(error) => {
            roll_back(pool, lease).await;
            Err(Refused::Other(error))
        }
    }
}

/// Reads the answers in the order the statements ran: the first that failed, by an error or by its
/// guard, speaks for the batch, as it does on SQLite, where none would have run after it.
fn checked(
    statements: &[Statement],
    answers: Vec<Result<Reply, Error>>,
) -> Result<Vec<Reply>, CommitError> {
    let mut answers = answers.into_iter();
    if let Some(Err(error)) = answers.next() {
        return Err(classify(&error, Phase::Open).into());
    }
    statements
        .iter()
        .zip(answers)
        .map(|(one, answer)| match answer {
            Ok(reply) if one.holds(reply.affected) => Ok(reply),
            Ok(_) => Err(one.conflict()),
            Err(error) => Err(refusal(one, &error, Phase::Open)),
        })
        .collect()
}

fn refusal(one: &Statement, error: &Error, phase: Phase) -> CommitError {
    if is_conflict(error) {
        one.conflict()
    } else {
        classify(error, phase).into()
    }
}

fn decode(
    statements: &[Statement],
    replies: Vec<Reply>,
    places: usize,
) -> Result<Committed, DbError> {
    let mut committed = Committed::with_places(places);
    for (one, reply) in statements.iter().zip(replies) {
        let affected = reply.affected;
        committed.set(one.index, reply.rows(one.sql.postgres())?, affected);
    }
    Ok(committed)
}

/// A connection that cannot even roll back is closed, which rolls back too.
async fn roll_back(pool: &Pool, lease: Lease) {
    if !matches!(
        pool.round_trip(control(&lease, "ROLLBACK")).await,
        Some(Ok(_))
    ) {
        lease.discard();
    }
}
