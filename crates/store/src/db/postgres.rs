//! PostgreSQL: a bounded pool, unnamed statements only, batches in two flights. Any number of
//! nodes may share one database, also through a proxy that pools transactions.

mod commit;
mod failure;
mod migrate;
mod pool;
mod tls;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error};

use super::batch::{Batch, Committed};
use super::config::Limits;
use super::error::{CommitError, DbError};
use super::migration::Migration;
use super::row::Row;
use super::sql::Sql;
use super::value::Value;
use failure::{Phase, classify, is_lost};
use pool::Pool;
use wire::{control, flight, statement};

/// A database server, reached through a pool.
pub(super) struct Postgres {
    pool: Arc<Pool>,
    slow: SlowLane,
}

/// What keeps slow queries from taking all connections.
struct SlowLane {
    /// One for each slow query that runs or waits.
    places: Semaphore,
    /// One for each that runs.
    running: Semaphore,
    timeout: Duration,
    /// Bounds the query at the server too, also after its caller went away.
    begin: String,
}

impl Postgres {
    pub(super) async fn open(
        target: &tokio_postgres::Config,
        limits: Limits,
    ) -> Result<Self, DbError> {
        let running = limits.slow_queries.clamp(1, limits.connections.max(1));
        let milliseconds = limits.slow_timeout.as_millis();
        let begin = format!("BEGIN READ ONLY; SET LOCAL statement_timeout = {milliseconds}");
        let slow = SlowLane {
            places: Semaphore::new(running + limits.slow_queue),
            running: Semaphore::new(running),
            timeout: limits.slow_timeout,
            begin,
        };
        let database = Self {
            pool: Arc::new(Pool::new(target, limits)?),
            slow,
        };
        database.ping().await?;
        Ok(database)
    }

    pub(super) async fn query(&self, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, DbError> {
        // A pooled connection may have died unseen; a read may be sent again.
        match self.read(sql, params).await {
            Err(Unread::Lost(_)) => {
                self.pool.discard_idle();
                self.read(sql, params).await.map_err(Unread::into_error)
            }
            other => other.map_err(Unread::into_error),
        }
    }

    async fn read(&self, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, Unread> {
        let lease = self.pool.lease().await.map_err(Unread::Other)?;
        let text = sql.postgres();
        match self.pool.round_trip(statement(&lease, text, params)).await {
            Some(Ok(reply)) => reply.rows(text).map_err(Unread::Other),
            Some(Err(error)) => {
                let unread = Unread::from(&error);
                if let Unread::Lost(_) = unread {
                    lease.discard();
                }
                Err(unread)
            }
            None => {
                lease.discard();
                Err(Unread::Other(DbError::unavailable(self.pool.too_slow())))
            }
        }
    }

    pub(super) async fn query_slow(
        &self,
        sql: &Sql,
        params: &[Value],
    ) -> Result<Vec<Row>, DbError> {
        let Ok(_place) = self.slow.places.try_acquire() else {
            return Err(DbError::Overloaded);
        };
        let limit = self.slow.timeout;
        tokio::time::timeout(limit, self.scan(sql, params))
            .await
            .unwrap_or_else(|_| {
                Err(DbError::unavailable(format!(
                    "took longer than {limit:?}: {sql}"
                )))
            })
    }

    /// One flight: a transaction is the only place where a proxy keeps the timeout with the query.
    async fn scan(&self, sql: &Sql, params: &[Value]) -> Result<Vec<Row>, DbError> {
        let _running = self
            .slow
            .running
            .acquire()
            .await
            .map_err(|_| DbError::closed())?;
        let lease = self.pool.lease().await?;
        let text = sql.postgres();
        let sent = vec![
            control(&lease, &self.slow.begin),
            statement(&lease, text, params),
            control(&lease, "COMMIT"),
        ];
        let mut answers = flight(sent).await;
        if answers
            .iter()
            .any(|answer| answer.as_ref().is_err_and(is_lost))
        {
            lease.discard();
        }
        // COMMIT after a failed statement rolls back; the statement's answer tells.
        let answer = answers.drain(..).nth(1);
        let reply = answer.ok_or_else(DbError::closed)?;
        reply
            .map_err(|error| classify(&error, Phase::Open))?
            .rows(text)
    }

    /// Runs apart from the caller's future, so that a dropped one leaves no transaction open.
    pub(super) async fn commit(&self, batch: Batch) -> Result<Committed, CommitError> {
        let pool = Arc::clone(&self.pool);
        tokio::spawn(async move { commit::commit(&pool, batch).await })
            .await
            .unwrap_or_else(|error| Err(DbError::unknown_outcome(error.to_string()).into()))
    }

    pub(super) async fn migrate(
        &self,
        migrations: &[Migration],
        now_ms: i64,
    ) -> Result<Vec<Migration>, DbError> {
        migrate::migrate(self.pool.lease().await?.detach(), migrations, now_ms).await
    }

    pub(super) async fn ping(&self) -> Result<(), DbError> {
        let lease = self.pool.lease().await?;
        match self.pool.round_trip(control(&lease, "SELECT 1")).await {
            Some(Ok(_)) => Ok(()),
            Some(Err(error)) => {
                lease.discard();
                Err(classify(&error, Phase::Open))
            }
            None => {
                lease.discard();
                Err(DbError::unavailable(self.pool.too_slow()))
            }
        }
    }

    pub(super) async fn prepare_all(&self, statements: &[(&str, &Sql)]) -> Result<(), DbError> {
        let lease = self.pool.lease().await?;
        for (name, sql) in statements {
            prepare(&lease, name, sql).await?;
        }
        Ok(())
    }

    pub(super) fn close(&self) {
        self.pool.close();
    }
}

/// Why a read gave nothing.
enum Unread {
    /// With its connection.
    Lost(DbError),
    Other(DbError),
}

impl Unread {
    fn into_error(self) -> DbError {
        match self {
            Self::Lost(error) | Self::Other(error) => error,
        }
    }
}

impl From<&Error> for Unread {
    fn from(error: &Error) -> Self {
        let classified = classify(error, Phase::Open);
        if is_lost(error) {
            Self::Lost(classified)
        } else {
            Self::Other(classified)
        }
    }
}

/// The server infers the types, which must be the two that SQLite shares.
async fn prepare(client: &Client, name: &str, sql: &Sql) -> Result<(), DbError> {
    let prepared = client
        .prepare(sql.postgres().as_str())
        .await
        .map_err(|error| DbError::Invalid {
            reason: format!("{name}: {}", classify(&error, Phase::Open)),
        })?;
    let parameters = prepared.params().iter().map(|ty| ("a parameter", ty));
    let columns = prepared
        .columns()
        .iter()
        .map(|column| (column.name(), column.type_()));
    for (what, ty) in parameters.chain(columns) {
        if !matches!(*ty, Type::TEXT | Type::INT8) {
            let reason = format!("{name}: {what} is {ty} where TEXT or BIGINT belongs: {sql}");
            return Err(DbError::Invalid { reason });
        }
    }
    Ok(())
}
