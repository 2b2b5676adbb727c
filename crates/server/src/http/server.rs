//! Accepts connections, a bounded number at once, and ends them in order.

use std::io;
use std::net::TcpListener as StdListener;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use metrics::{counter, gauge};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::connection::{self, Phase, Serving};
use super::watchdog::TICK;

/// How long is waited when the system has no descriptor or memory for another connection.
const EXHAUSTED: Duration = Duration::from_millis(100);

/// A running server.
pub(crate) struct HttpServer {
    phase: watch::Sender<Phase>,
    /// One for each connection that may be open. All are free again when the last one has ended.
    slots: Arc<Semaphore>,
    max_connections: u32,
}

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// Every request was answered.
    Complete,
    /// Some were cut off: their time was up.
    TimedOut,
    /// Some were cut off: it had to hurry.
    Hurried,
}

impl HttpServer {
    /// Serves `router` on every listener, `max_connections` at once; further ones wait in the system's queue.
    ///
    /// # Errors
    /// A listener is not usable.
    pub(crate) fn start(
        listeners: Vec<StdListener>,
        router: &Router,
        max_connections: usize,
    ) -> io::Result<Self> {
        let server = Self {
            phase: watch::Sender::new(Phase::Open),
            slots: Arc::new(Semaphore::new(max_connections)),
            max_connections: u32::try_from(max_connections).unwrap_or(u32::MAX),
        };
        for listener in listeners {
            let accepting = Accepting {
                listener: TcpListener::from_std(listener)?,
                serving: Serving::new(router.clone(), TICK),
                slots: Arc::clone(&server.slots),
                phase: server.phase.subscribe(),
            };
            tokio::spawn(accepting.run());
        }
        Ok(server)
    }

    /// Stops accepting and waits until the requests under way are answered; after `timeout`, or as soon as `hurry` is
    /// ready, the rest is cut off. When this returns, no request is left.
    pub(crate) async fn stop(self, timeout: Duration, hurry: impl Future<Output = ()>) -> Ended {
        self.phase.send_replace(Phase::Closing);
        let ended = tokio::select! {
            biased;
            () = self.all_closed() => return Ended::Complete,
            () = hurry => Ended::Hurried,
            () = tokio::time::sleep(timeout) => Ended::TimedOut,
        };
        self.phase.send_replace(Phase::Closed);
        self.all_closed().await;
        ended
    }

    /// Connections that could still be accepted.
    #[cfg(test)]
    pub(super) fn slots_left(&self) -> usize {
        self.slots.available_permits()
    }

    async fn all_closed(&self) {
        // fails only for a closed semaphore, and nobody closes this one
        let _ = self.slots.acquire_many(self.max_connections).await;
    }
}

/// One listener.
struct Accepting {
    listener: TcpListener,
    serving: Serving,
    slots: Arc<Semaphore>,
    phase: watch::Receiver<Phase>,
}

impl Accepting {
    async fn run(mut self) {
        loop {
            let accepted = tokio::select! {
                biased;
                _ = self.phase.changed() => return,
                accepted = accept(&self.listener, &self.slots) => accepted,
            };
            let Some((socket, slot)) = accepted else {
                continue;
            };
            self.serve(socket, slot);
        }
    }

    fn serve(&self, socket: TcpStream, slot: OwnedSemaphorePermit) {
        let Ok(peer) = socket.peer_addr() else {
            // gone already
            return;
        };
        // an answer is written as a whole: there is nothing to wait for
        let _ = socket.set_nodelay(true);
        let (serving, phase) = (self.serving.clone(), self.phase.clone());
        tokio::spawn(async move {
            let _slot = slot;
            counter!("http_connections_total").increment(1);
            let _open = OpenConnection::count();
            connection::serve(socket, peer, serving, phase).await;
        });
    }
}

/// Waits for a slot, then for a connection.
async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((socket, _)) => Some((socket, slot)),
        // the peer left while it waited
        Err(error) if is_the_peers(&error) => None,
        Err(error) => {
            tracing::error!(%error, "cannot accept a connection");
            tokio::time::sleep(EXHAUSTED).await;
            None
        }
    }
}

fn is_the_peers(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionRefused
    )
}

/// Counted among the open connections until dropped.
struct OpenConnection;

impl OpenConnection {
    fn count() -> Self {
        gauge!("http_open_connections").increment(1.0);
        Self
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        gauge!("http_open_connections").decrement(1.0);
    }
}
