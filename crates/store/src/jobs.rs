//! Table `jobs`.

use meibo_domain::{
    job::{Job, JobKind, LOCK_TTL},
    time::Timestamp,
};

use crate::{
    db::{Batch, CommitError, Db, DbError, Row, Table},
    statements, values,
};

statements! {
    INSERT = "INSERT INTO jobs (id, kind, payload, run_at, attempts, locked_by, locked_until, last_error, failed_at, \
        created_at) VALUES ($1, $2, $3, $4, 0, NULL, NULL, NULL, NULL, $4)";
    // The condition stands outside too: of two nodes that pick the same row, the second one waits,
    // looks at it again, and leaves it.
    CLAIM = "UPDATE jobs SET locked_by = $1, locked_until = $2, attempts = attempts + 1 \
        WHERE id IN (SELECT id FROM jobs WHERE run_at <= $3 AND failed_at IS NULL \
        AND (locked_until IS NULL OR locked_until <= $3) AND $5 LIKE '% ' || kind || ' %' \
        ORDER BY run_at LIMIT $4) \
        AND run_at <= $3 AND failed_at IS NULL AND (locked_until IS NULL OR locked_until <= $3) \
        RETURNING id, kind, payload, attempts, created_at";
    FINISH = "DELETE FROM jobs WHERE id = $1 AND locked_by = $2 AND attempts = $3";
    POSTPONE = "UPDATE jobs SET run_at = $4, last_error = $5, locked_by = NULL, locked_until = NULL \
        WHERE id = $1 AND locked_by = $2 AND attempts = $3";
    // A later claim still has a greater number than any that is held: each of those was counted.
    PUT_BACK = "UPDATE jobs SET run_at = $4, attempts = attempts - 1, locked_by = NULL, locked_until = NULL \
        WHERE id = $1 AND locked_by = $2 AND attempts = $3";
    GIVE_UP = "UPDATE jobs SET failed_at = $4, last_error = $5, locked_by = NULL, locked_until = NULL \
        WHERE id = $1 AND locked_by = $2 AND attempts = $3";
}

/// Promises a job, to be run as soon as the batch is committed. `payload` is JSON, or a ciphertext of it.
pub fn insert(batch: Batch, id: &str, kind: JobKind, payload: &str, now: Timestamp) -> Batch {
    let params = values![id, kind.as_str(), payload, now.0];
    batch.expect(1, Table::Jobs, &INSERT, params)
}

/// Takes up to `limit` jobs that are due, for [`LOCK_TTL`]; the oldest first. A job whose holder has
/// not finished it by then is due again. Kinds that only a newer version knows are left to it.
///
/// # Errors
/// The database's.
pub async fn claim(db: &Db, node: &str, limit: usize, now: Timestamp) -> Result<Vec<Job>, DbError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let kinds: Vec<&str> = JobKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let kinds = format!(" {} ", kinds.join(" "));
    let params = values![node, (now + LOCK_TTL).0, now.0, limit, kinds];
    let batch = Batch::new().run(Table::Jobs, &CLAIM, params);
    match db.commit(batch).await {
        Ok(committed) => committed.rows.iter().flatten().map(from_row).collect(),
        // Another node is taking the same ones.
        Err(CommitError::Conflict { .. }) => Ok(Vec::new()),
        Err(CommitError::Db(error)) => Err(error),
    }
}

/// The job is done. Changes nothing when another node has taken it up meanwhile.
pub fn finish(batch: Batch, job: &Job, node: &str) -> Batch {
    let params = values![job.id.as_str(), node, job.attempts];
    batch.run(Table::Jobs, &FINISH, params)
}

/// The job is tried again at `run_at`. Changes nothing when another node has taken it up meanwhile.
pub fn postpone(batch: Batch, job: &Job, node: &str, run_at: Timestamp, reason: &str) -> Batch {
    let params = values![job.id.as_str(), node, job.attempts, run_at.0, reason];
    batch.run(Table::Jobs, &POSTPONE, params)
}

/// The job was not tried, and is due again at `run_at`: neither its tries nor its last error change.
/// Changes nothing when another node has taken it up meanwhile.
pub fn put_back(batch: Batch, job: &Job, node: &str, run_at: Timestamp) -> Batch {
    let params = values![job.id.as_str(), node, job.attempts, run_at.0];
    batch.run(Table::Jobs, &PUT_BACK, params)
}

/// The job is not tried again, and kept with its error. Changes nothing when another node has taken
/// it up meanwhile.
pub fn give_up(batch: Batch, job: &Job, node: &str, now: Timestamp, reason: &str) -> Batch {
    let params = values![job.id.as_str(), node, job.attempts, now.0, reason];
    batch.run(Table::Jobs, &GIVE_UP, params)
}

fn from_row(row: &Row) -> Result<Job, DbError> {
    let kind = row.text(1)?;
    Ok(Job {
        id: row.text(0)?,
        kind: JobKind::parse(&kind).ok_or_else(|| DbError::Corrupt {
            reason: format!("a job of the unknown kind {kind:?}"),
        })?,
        payload: row.text(2)?,
        attempts: row.int(3)?,
        created_at: Timestamp(row.int(4)?),
    })
}
