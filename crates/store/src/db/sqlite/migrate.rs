//! Applying migrations to the file.

use rusqlite::{Connection, TransactionBehavior};

use super::super::error::DbError;
use super::super::migration::{self, Migration};
use super::connection::run;
use super::failure::classify;
use crate::values;

/// Applies what is missing. Each migration is one transaction that takes the write lock first and
/// then looks at what was applied, so that a second process waits and finds it done.
pub(super) fn migrate(
    connection: &mut Connection,
    migrations: &[Migration],
    now_ms: i64,
) -> Result<Vec<Migration>, DbError> {
    let engine = |error: rusqlite::Error| classify(&error);
    let mut done = Vec::new();
    loop {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(engine)?;
        transaction
            .execute_batch(migration::CREATE)
            .map_err(engine)?;
        let applied = run(&transaction, migration::APPLIED.sqlite(), &[])?;
        let pending = migration::plan(&migration::applied(&applied.rows)?, migrations)?;
        let Some(next) = pending.first() else {
            transaction.commit().map_err(engine)?;
            return Ok(done);
        };
        transaction
            .execute_batch(next.for_sqlite())
            .map_err(|error| {
                let Migration { version, name, .. } = next;
                match classify(&error) {
                    DbError::Invalid { reason } => DbError::Invalid {
                        reason: format!("migration {version} ({name}): {reason}"),
                    },
                    other => other,
                }
            })?;
        let record = values![next.version, next.name, now_ms];
        run(&transaction, migration::RECORD.sqlite(), &record)?;
        transaction.commit().map_err(engine)?;
        done.push(*next);
    }
}
