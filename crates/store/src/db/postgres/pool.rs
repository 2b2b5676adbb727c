//! The pool of connections, with a bound on how many calls wait for one.

use std::future::Future;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{ClientWrapper, ManagerConfig, Object, RecyclingMethod, Runtime};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, NoTls};

use super::super::config::Limits;
use super::super::error::DbError;
use super::failure::no_connection;
use super::tls;

/// Connections, and places in front of them.
pub(super) struct Pool {
    connections: deadpool_postgres::Pool,
    /// One for each call that holds a connection or waits for one.
    places: Arc<Semaphore>,
    statement_timeout: Duration,
}

/// A connection lent to one call. Returned to the pool when dropped, unless it was discarded.
pub(super) struct Lease {
    connection: Object,
    _place: OwnedSemaphorePermit,
}

impl Pool {
    pub(super) fn new(target: &tokio_postgres::Config, limits: Limits) -> Result<Self, DbError> {
        let size = limits.connections.max(1);
        let manager = manager(target)?;
        let connections = deadpool_postgres::Pool::builder(manager)
            .max_size(size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(limits.connection_timeout))
            .create_timeout(Some(limits.connection_timeout))
            .build()
            .map_err(|error| DbError::Invalid {
                reason: error.to_string(),
            })?;
        let places = Arc::new(Semaphore::new(size + limits.connection_queue));
        Ok(Self {
            connections,
            places,
            statement_timeout: limits.statement_timeout,
        })
    }

    /// Lends a connection, waiting for one when there is room to wait.
    pub(super) async fn lease(&self) -> Result<Lease, DbError> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| DbError::Overloaded)?;
        let connection = self
            .connections
            .get()
            .await
            .map_err(|error| no_connection(&error))?;
        Ok(Lease {
            connection,
            _place: place,
        })
    }

    /// Waits for one round trip, as long as one may take; `None` when it took longer. Its
    /// connection must then be discarded: the answer may still come.
    pub(super) async fn round_trip<T>(&self, trip: impl Future<Output = T>) -> Option<T> {
        tokio::time::timeout(self.statement_timeout, trip)
            .await
            .ok()
    }

    /// The reason given for a round trip that took too long.
    pub(super) fn too_slow(&self) -> String {
        format!("no answer within {:?}", self.statement_timeout)
    }

    /// Closes the connections that lie idle: after one was lost, they probably are too.
    pub(super) fn discard_idle(&self) {
        self.connections.retain(|_, _| false);
    }

    /// Closes the idle connections now, and the lent ones when they come back.
    pub(super) fn close(&self) {
        self.connections.close();
    }
}

impl Lease {
    /// Closes the connection instead of returning it.
    pub(super) fn discard(self) {
        drop(self.detach());
    }

    /// Takes the connection out of the pool: dropping it closes it, whatever it was doing.
    pub(super) fn detach(self) -> ClientWrapper {
        Object::take(self.connection)
    }
}

impl Deref for Lease {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.connection
    }
}

fn manager(target: &tokio_postgres::Config) -> Result<deadpool_postgres::Manager, DbError> {
    // A closed connection is known to be closed; asking each before use would double the trips.
    let recycling = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let target = target.clone();
    Ok(match target.get_ssl_mode() {
        SslMode::Disable => deadpool_postgres::Manager::from_config(target, NoTls, recycling),
        mode => {
            let tls = tls::connector(mode)?;
            deadpool_postgres::Manager::from_config(target, tls, recycling)
        }
    })
}
