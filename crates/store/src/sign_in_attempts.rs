//! Table `sign_in_attempts`: counters of failed sign-ins, shared by all nodes.

use meibo_domain::{
    lockout::{Attempts, WINDOW},
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
    CLEAR = "DELETE FROM sign_in_attempts WHERE key = $1";
}

/// The three counters that one attempt counts on. The identifier's hash stands for it, so that the
/// table does not collect what strangers typed.
#[derive(Debug, Clone)]
pub struct AttemptKeys {
    /// For (identifier, network).
    pub from_network: String,
    /// For the identifier in a window.
    pub for_identifier: String,
    /// For the identifier since its last success.
    pub consecutive: String,
}

/// Counts an attempt on all three counters, at once and before anything is hashed.
///
/// # Errors
/// The database's.
pub async fn reserve(db: &Db, keys: &AttemptKeys, now: Timestamp) -> Result<Attempts, DbError> {
    let window = (now - WINDOW).0;
    let batch = Batch::new()
        .run(
            Table::SignInAttempts,
            &RESERVE,
            values![keys.consecutive.as_str(), now.0, i64::MIN],
        )
        .run(
            Table::SignInAttempts,
            &RESERVE,
            values![keys.for_identifier.as_str(), now.0, window],
        )
        .run(
            Table::SignInAttempts,
            &RESERVE,
            values![keys.from_network.as_str(), now.0, window],
        );
    let committed = loop {
        match db.commit(batch.clone()).await {
            Ok(committed) => break committed,
            Err(CommitError::Conflict { .. }) => {}
            Err(CommitError::Db(error)) => return Err(error),
        }
    };
    Ok(Attempts {
        consecutive: column(&committed, 0, 0)?,
        for_identifier: column(&committed, 1, 0)?,
        from_network: column(&committed, 2, 0)?,
        window_started_at: Timestamp(column(&committed, 2, 1)?),
    })
}

/// Forgets the attempts after a success.
pub fn clear(batch: Batch, keys: &AttemptKeys) -> Batch {
    [&keys.consecutive, &keys.for_identifier, &keys.from_network]
        .into_iter()
        .fold(batch, |batch, key| {
            batch.run(Table::SignInAttempts, &CLEAR, values![key.as_str()])
        })
}

fn column(committed: &Committed, statement: usize, column: usize) -> Result<i64, DbError> {
    let row = committed.first(statement);
    row.ok_or_else(|| DbError::Corrupt {
        reason: "a counter gave no row".into(),
    })?
    .int(column)
}
