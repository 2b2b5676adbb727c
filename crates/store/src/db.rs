//! One storage API over two engines: embedded SQLite and PostgreSQL.
//!
//! Everything above this module speaks [`Sql`] (one text for both engines), [`Value`] (TEXT or
//! BIGINT), [`Batch`] (guarded statements that are committed whole or not at all) and [`Row`].
//! The engine is chosen here, once, by [`DatabaseConfig`].
//!
//! Invariants:
//! - An acknowledged [`Db::commit`] is durable. An answer other than `Ok` never hides a partial
//!   batch; only [`DbError::Unavailable`] with `retryable: false` leaves the outcome unknown.
//! - Nothing here waits without a bound: queues answer [`DbError::Overloaded`] when full.
//! - Dropping the future of a commit does not undo it: the batch runs to its end.

mod batch;
mod config;
mod error;
mod fault;
mod migration;
mod postgres;
mod row;
#[doc(hidden)]
pub mod sql;
mod sqlite;
mod table;
mod value;

use std::sync::Arc;

pub use batch::{Batch, Committed, Touch};
pub use config::{DatabaseConfig, Engine, Limits};
pub use error::{CommitError, DbError};
pub use fault::FaultInjection;
pub use migration::Migration;
pub use row::Row;
pub use sql::Sql;
pub use table::Table;
pub use value::Value;

use config::Target;
use postgres::Postgres;
use sqlite::Sqlite;

/// A database, open. Clones are cheap and share the same connections and threads.
#[derive(Clone)]
pub struct Db(Backend);

#[derive(Clone)]
enum Backend {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

impl Db {
    /// Opens the database and checks that it answers.
    ///
    /// SQLite: creates the file (mode 0600) when it is missing; its folder must exist. PostgreSQL:
    /// makes the first connection of the pool.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when it cannot be reached, [`DbError::Corrupt`] when the file is no
    /// database.
    pub async fn open(config: &DatabaseConfig) -> Result<Self, DbError> {
        Ok(Self(match config.target() {
            Target::Sqlite(path) => Backend::Sqlite(Arc::new(
                Sqlite::open(path, config.limits, config.faults()).await?,
            )),
            Target::Postgres(target) => {
                Backend::Postgres(Arc::new(Postgres::open(target, config.limits).await?))
            }
        }))
    }

    /// Which engine this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match &self.0 {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    /// Runs one SELECT and gives all its rows.
    ///
    /// # Errors
    /// [`DbError::Overloaded`] when the read queue is full; otherwise what the engine answered.
    pub async fn query(&self, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, DbError> {
        value::check(sql, params)?;
        match &self.0 {
            Backend::Sqlite(db) => db.query(sql, params).await,
            Backend::Postgres(db) => db.query(sql, params).await,
        }
    }

    /// Runs one SELECT that finds one row or none.
    ///
    /// # Errors
    /// As [`Db::query`], and [`DbError::Invalid`] when there is more than one row.
    pub async fn query_opt(&self, sql: &Sql, params: &[Value]) -> Result<Option<Row>, DbError> {
        let mut rows = self.query(sql, params).await?;
        if rows.len() > 1 {
            let reason = format!(
                "found {} rows where at most one was expected: {sql}",
                rows.len()
            );
            return Err(DbError::Invalid { reason });
        }
        Ok(rows.pop())
    }

    /// Runs one SELECT that may scan a whole table, apart from the quick ones: on its own reader
    /// (SQLite) or on few connections (PostgreSQL), stopped after [`Limits::slow_timeout`] or when
    /// the caller goes away.
    ///
    /// # Errors
    /// As [`Db::query`]; [`DbError::Unavailable`] when it took too long.
    pub async fn query_slow(&self, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, DbError> {
        value::check(sql, params)?;
        match &self.0 {
            Backend::Sqlite(db) => db.query_slow(sql, params).await,
            Backend::Postgres(db) => db.query_slow(sql, params).await,
        }
    }

    /// Commits a batch whole or not at all, and answers when it is durable.
    ///
    /// # Errors
    /// [`CommitError::Conflict`] when a guard did not hold (read again and decide again), otherwise
    /// the database's error.
    pub async fn commit(&self, batch: Batch) -> Result<Committed, CommitError> {
        if batch.is_empty() {
            return Ok(Committed::default());
        }
        batch.check()?;
        match &self.0 {
            Backend::Sqlite(db) => db.commit(batch).await,
            Backend::Postgres(db) => db.commit(batch).await,
        }
    }

    /// Applies what is missing of `migrations`, each in its own transaction, and gives what was
    /// applied. Nodes that start together wait for one another. `now_ms` is epoch milliseconds.
    ///
    /// # Errors
    /// [`DbError::Invalid`] when the database is newer than this program or its history differs.
    pub async fn migrate(
        &self,
        migrations: &[Migration],
        now_ms: i64,
    ) -> Result<Vec<Migration>, DbError> {
        match &self.0 {
            Backend::Sqlite(db) => db.migrate(migrations, now_ms).await,
            Backend::Postgres(db) => db.migrate(migrations, now_ms).await,
        }
    }

    /// Gives what [`Db::migrate`] would apply, without applying it.
    ///
    /// # Errors
    /// As [`Db::migrate`].
    pub async fn pending(&self, migrations: &[Migration]) -> Result<Vec<Migration>, DbError> {
        let found = self.query(&migration::SCHEMA_EXISTS, &[]).await?;
        let applied = if found.is_empty() {
            Vec::new()
        } else {
            migration::applied(&self.query(&migration::APPLIED, &[]).await?)?
        };
        migration::plan(&applied, migrations)
    }

    /// Checks that the database reads and that its writer can begin a transaction.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] or [`DbError::Overloaded`] when it is not ready.
    pub async fn ping(&self) -> Result<(), DbError> {
        match &self.0 {
            Backend::Sqlite(db) => db.ping().await,
            Backend::Postgres(db) => db.ping().await,
        }
    }

    /// Prepares every statement without running it, and checks that parameters and columns are
    /// TEXT or BIGINT. For the test that holds both engines to one text.
    ///
    /// # Errors
    /// [`DbError::Invalid`] that names the first statement the engine refuses.
    pub async fn prepare_all(&self, statements: &[(&str, &Sql)]) -> Result<(), DbError> {
        match &self.0 {
            Backend::Sqlite(db) => db.prepare_all(statements).await,
            Backend::Postgres(db) => db.prepare_all(statements).await,
        }
    }

    /// Finishes what was accepted and closes the connections; SQLite folds its log back into the
    /// file. Other clones answer [`DbError::Unavailable`] from then on.
    pub async fn close(self) {
        match &self.0 {
            Backend::Sqlite(db) => db.close().await,
            Backend::Postgres(db) => db.close(),
        }
    }
}
