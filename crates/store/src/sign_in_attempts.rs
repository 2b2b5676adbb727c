//! Table `sign_in_attempts`: counters of failed sign-ins, shared by all nodes.

use meibo_domain::{
    lockout::{Attempts, MAX_ATTEMPTS, WINDOW},
    time::Timestamp,
};

use crate::{
    db::{Batch, CommitError, Committed, Db, DbError, Table},
    statements, values,
};

statements! {
    RESERVE = "INSERT INTO sign_in_attempts (key, count, window_started_at) VALUES ($1, 1, $2) \
        ON CONFLICT (key) DO UPDATE SET \
        count = CASE WHEN sign_in_attempts.window_started_at <= $3 THEN 1 ELSE sign_in_attempts.count + 1 END, \
        window_started_at = CASE WHEN sign_in_attempts.window_started_at <= $3 THEN excluded.window_started_at \
        ELSE sign_in_attempts.window_started_at END \
        RETURNING count, window_started_at";
    RESERVE_CONSECUTIVE = "INSERT INTO sign_in_attempts (key, count, window_started_at) SELECT $1, 1, $2 \
        WHERE (SELECT count FROM sign_in_attempts WHERE key = $3) <= $4 \
        ON CONFLICT (key) DO UPDATE SET count = sign_in_attempts.count + 1 RETURNING count";
    CLEAR = "DELETE FROM sign_in_attempts WHERE key = $1";
}

/// How often a deadlock with other attempts is tried again.
const MAX_TRIES: u32 = 16;

/// The counters that one attempt counts on. The identifier's hash stands for it, so that the
/// table does not collect what strangers typed.
#[derive(Debug, Clone)]
pub struct AttemptKeys {
    /// For (identifier, network).
    pub from_network: String,
    /// For the identifier in a window.
    pub for_identifier: String,
    /// For the identifier since its last success; none when a run of failures does not count.
    pub consecutive: Option<String>,
}

/// Counts an attempt on its counters, at once and before anything is hashed. One that its network
/// has no right to any longer does not count as a failure in a row: it is never checked, and a
/// single stranger would else lock somebody out.
///
/// # Errors
/// The database's.
pub async fn reserve(db: &Db, keys: &AttemptKeys, now: Timestamp) -> Result<Attempts, DbError> {
    let window = (now - WINDOW).0;
    let mut batch = Batch::new()
        .run(
            Table::SignInAttempts,
            &RESERVE,
            values![keys.from_network.as_str(), now.0, window],
        )
        .run(
            Table::SignInAttempts,
            &RESERVE,
            values![keys.for_identifier.as_str(), now.0, window],
        );
    if let Some(consecutive) = &keys.consecutive {
        let params = values![
            consecutive.as_str(),
            now.0,
            keys.from_network.as_str(),
            MAX_ATTEMPTS,
        ];
        batch = batch.run(Table::SignInAttempts, &RESERVE_CONSECUTIVE, params);
    }
    let mut tries = 0;
    let committed = loop {
        match db.commit(batch.clone()).await {
            Ok(committed) => break committed,
            Err(CommitError::Conflict { .. }) if tries < MAX_TRIES => tries += 1,
            Err(CommitError::Conflict { .. }) => return Err(DbError::Overloaded),
            Err(CommitError::Db(error)) => return Err(error),
        }
    };
    Ok(Attempts {
        from_network: column(&committed, 0, 0)?,
        window_started_at: Timestamp(column(&committed, 0, 1)?),
        for_identifier: column(&committed, 1, 0)?,
        consecutive: committed.first(2).map_or(Ok(0), |row| row.int(0))?,
    })
}

/// Forgets the attempts after a success.
pub fn clear(batch: Batch, keys: &AttemptKeys) -> Batch {
    let batch = clear_key(batch, &keys.from_network);
    let batch = clear_key(batch, &keys.for_identifier);
    match &keys.consecutive {
        Some(consecutive) => clear_key(batch, consecutive),
        None => batch,
    }
}

/// Forgets what a counter has counted.
pub fn clear_key(batch: Batch, key: &str) -> Batch {
    batch.run(Table::SignInAttempts, &CLEAR, values![key])
}

fn column(committed: &Committed, statement: usize, column: usize) -> Result<i64, DbError> {
    let row = committed.first(statement);
    row.ok_or_else(|| DbError::Corrupt {
        reason: "a counter gave no row".into(),
    })?
    .int(column)
}
