//! SQLite: one writer thread that commits waiting batches together, a few reader threads, one
//! reader for slow queries, one thread for checkpoints. WAL, synchronous=FULL.
//!
//! Async code meets these threads only through bounded queues and one-shot answers.

mod checkpoint;
mod connection;
mod failure;
mod group;
mod migrate;
mod reader;
mod writer;

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use super::batch::{Batch, Committed};
use super::config::Limits;
use super::error::{CommitError, DbError};
use super::fault::FaultInjection;
use super::migration::Migration;
use super::row::Row;
use super::sql::Sql;
use super::value::Value;
use connection::Access;
use failure::classify;
use reader::Readers;
use writer::Writer;

/// The file, open.
pub(super) struct Sqlite {
    // Readers before the writer: fields are dropped in this order, and the last connection to
    // close removes the log.
    readers: Arc<Readers>,
    slow: Arc<Readers>,
    writer: Arc<Writer>,
    limits: Limits,
}

/// Touches the file's first page, which `SELECT 1` would not.
static READS: Sql = Sql::of_both("SELECT 1", "SELECT count(*) FROM sqlite_schema");

impl Sqlite {
    pub(super) async fn open(
        path: &Path,
        limits: Limits,
        faults: Option<FaultInjection>,
    ) -> Result<Self, DbError> {
        let path = path.to_owned();
        blocking(move || {
            create(&path)?;
            let writer = Writer::start(&path, limits, faults)?;
            let busy = limits.busy_timeout;
            let readers = Readers::start(
                "db-read",
                (&path, Access::Read),
                limits.readers.max(1),
                limits.read_queue,
                busy,
            )?;
            let slow = Readers::start(
                "db-read-slow",
                (&path, Access::Search),
                1,
                limits.slow_queue,
                busy,
            )?;
            let (readers, slow, writer) = (Arc::new(readers), Arc::new(slow), Arc::new(writer));
            Ok(Self {
                readers,
                slow,
                writer,
                limits,
            })
        })
        .await
    }

    pub(super) async fn query(&self, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, DbError> {
        self.readers.query(sql.sqlite(), params).await
    }

    pub(super) async fn query_slow(
        &self,
        sql: &Sql,
        params: &[Value],
    ) -> Result<Vec<Row>, DbError> {
        self.slow
            .query_within(sql.sqlite(), params, self.limits.slow_timeout)
            .await
    }

    pub(super) async fn commit(&self, batch: Batch) -> Result<Committed, CommitError> {
        self.writer.commit(batch).await
    }

    pub(super) async fn migrate(
        &self,
        migrations: &[Migration],
        now_ms: i64,
    ) -> Result<Vec<Migration>, DbError> {
        let migrations = migrations.to_vec();
        self.writer
            .alone(move |connection| migrate::migrate(connection, &migrations, now_ms))
            .await
    }

    pub(super) async fn ping(&self) -> Result<(), DbError> {
        self.query(&READS, &[]).await?;
        self.writer
            .alone(|connection| {
                connection
                    .execute_batch("BEGIN IMMEDIATE; ROLLBACK")
                    .map_err(|error| classify(&error))
            })
            .await
    }

    pub(super) async fn prepare_all(&self, statements: &[(&str, &Sql)]) -> Result<(), DbError> {
        let statements: Vec<(String, Sql)> = statements
            .iter()
            .map(|(name, sql)| ((*name).to_owned(), (*sql).clone()))
            .collect();
        self.writer
            .alone(move |connection| {
                statements
                    .iter()
                    .try_for_each(|(name, sql)| prepare(connection, name, sql))
            })
            .await
    }

    pub(super) async fn close(&self) {
        let (readers, slow, writer) = (
            Arc::clone(&self.readers),
            Arc::clone(&self.slow),
            Arc::clone(&self.writer),
        );
        let closed = blocking(move || {
            readers.stop();
            slow.stop();
            writer.stop();
            Ok(())
        });
        if let Err(error) = closed.await {
            tracing::warn!(%error, "the database was not closed in order");
        }
    }
}

fn prepare(connection: &Connection, name: &str, sql: &Sql) -> Result<(), DbError> {
    let statement =
        connection
            .prepare(sql.sqlite().as_str())
            .map_err(|error| DbError::Invalid {
                reason: format!("{name}: {error}"),
            })?;
    for index in 1..=statement.parameter_count() {
        if statement.parameter_name(index) != Some(format!("?{index}").as_str()) {
            let reason = format!("{name}: placeholder {index} is not written ${index}: {sql}");
            return Err(DbError::Invalid { reason });
        }
    }
    Ok(())
}

/// Creates the file, readable by its owner only, when there is none. The log beside it takes over
/// its mode.
fn create(path: &PathBuf) -> Result<(), DbError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => {
            let path = path.display();
            Err(DbError::unavailable(format!(
                "{path} cannot be created: {error}"
            )))
        }
    }
}

/// Runs what blocks away from the async threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DbError> + Send + 'static,
) -> Result<T, DbError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| DbError::unavailable(format!("it was interrupted: {error}")))?
}
