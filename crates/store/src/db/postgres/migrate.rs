//! Applying migrations to a database that several nodes share.

use deadpool_postgres::ClientWrapper;
use tokio_postgres::{Client, Error};

use super::super::error::DbError;
use super::super::migration::{self, Migration};
use super::failure::{Phase, classify};
use super::wire::statement;
use crate::values;

/// Held by the node that migrates, for the length of each migration's transaction, so that it also
/// holds behind a proxy that hands transactions to different connections. The number is ours.
const BEGIN: &str = "BEGIN; SELECT pg_advisory_xact_lock(470169740911)";

/// Applies what is missing, each migration in one transaction under the lock. A node that waited
/// finds the work done. The connection is closed at the end, so that a caller that goes away in
/// the middle leaves no transaction open.
pub(super) async fn migrate(
    client: ClientWrapper,
    migrations: &[Migration],
    now_ms: i64,
) -> Result<Vec<Migration>, DbError> {
    let mut done = Vec::new();
    while let Some(applied) = step(&client, migrations, now_ms).await? {
        done.push(applied);
    }
    Ok(done)
}

/// Applies the next migration, or gives none when there is none.
async fn step(
    client: &Client,
    migrations: &[Migration],
    now_ms: i64,
) -> Result<Option<Migration>, DbError> {
    let open = |error: Error| classify(&error, Phase::Open);
    client.batch_execute(BEGIN).await.map_err(open)?;
    // It would also notice that it exists already, each time.
    client
        .batch_execute("SET LOCAL client_min_messages = warning")
        .await
        .map_err(open)?;
    client
        .batch_execute(migration::CREATE)
        .await
        .map_err(open)?;
    let sql = &migration::APPLIED;
    let rows = statement(client, sql.postgres(), &[])
        .await
        .map_err(open)?
        .rows(sql.postgres())?;
    let pending = migration::plan(&migration::applied(&rows)?, migrations)?;
    let next = pending.first().copied();
    if let Some(next) = next {
        client
            .batch_execute(next.for_postgres())
            .await
            .map_err(|error| {
                let Migration { version, name, .. } = next;
                match classify(&error, Phase::Open) {
                    DbError::Invalid { reason } => DbError::Invalid {
                        reason: format!("migration {version} ({name}): {reason}"),
                    },
                    other => other,
                }
            })?;
        let record = values![next.version, next.name, now_ms];
        statement(client, migration::RECORD.postgres(), &record)
            .await
            .map_err(open)?;
    }
    client
        .batch_execute("COMMIT")
        .await
        .map_err(|error| classify(&error, Phase::Committing))?;
    Ok(next)
}
