//! A thread that folds the write-ahead log back into the file, beside the writer and not in the
//! path of its commits.

use std::path::Path;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};
use rusqlite::Connection;

use super::super::error::DbError;
use super::connection::{Access, Link};

/// Pages by which the log grows before it is folded back (4 MB).
const GROWTH: i32 = 1000;

/// Pages at which the writer folds back itself (32 MB). Under writes without a pause the thread
/// never reaches the log's end, and only a log that is folded back to its end starts anew.
const BACKLOG: i32 = 8 * GROWTH;

/// The thread. It ends when every [`Growth`] is gone.
pub(super) fn start(
    path: &Path,
    busy_timeout: Duration,
) -> Result<(Sender<()>, JoinHandle<()>), DbError> {
    let link = Link::new(path, Access::Write, busy_timeout);
    let (wake, woken) = crossbeam_channel::bounded(1);
    let thread = thread::Builder::new()
        .name("db-checkpoint".to_owned())
        .spawn(move || serve(link, &woken))
        .map_err(|error| DbError::unavailable(format!("no thread to checkpoint: {error}")))?;
    Ok((wake, thread))
}

fn serve(mut link: Link, woken: &Receiver<()>) {
    while woken.recv().is_ok() {
        let done = link.plain().and_then(|connection| {
            fold_back(connection).map_err(|error| DbError::unavailable(error.to_string()))
        });
        if let Err(error) = done {
            // The log stays as it is, grows, and is tried again; nothing is lost by it.
            tracing::warn!(%error, "the write-ahead log could not be folded back");
            link.drop_connection();
        }
    }
}

/// Folds back as much as is possible without waiting for anybody.
pub(super) fn fold_back(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))
}

/// Watches the log's length on the writer's connection.
pub(super) struct Growth {
    wake: Sender<()>,
    woken_at: i32,
}

impl Growth {
    pub(super) fn new(wake: Sender<()>) -> Self {
        Self { wake, woken_at: 0 }
    }

    /// Called after each commit with the log's length in pages. Gives whether the writer must fold
    /// back itself.
    pub(super) fn grew_to(&mut self, pages: i32) -> bool {
        if pages < self.woken_at {
            self.woken_at = 0;
        }
        if pages - self.woken_at >= GROWTH {
            self.woken_at = pages;
            // Full means that it is awake already.
            let _ = self.wake.try_send(());
        }
        pages >= BACKLOG
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_thread_wakes_once_for_each_growth() {
        let (wake, woken) = crossbeam_channel::bounded(1);
        let mut growth = Growth::new(wake);
        let wakes = |growth: &mut Growth, pages| {
            let backlog = growth.grew_to(pages);
            (woken.try_recv().is_ok(), backlog)
        };
        assert_eq!(wakes(&mut growth, 999), (false, false));
        assert_eq!(wakes(&mut growth, 1000), (true, false));
        assert_eq!(wakes(&mut growth, 1999), (false, false));
        assert_eq!(wakes(&mut growth, 2000), (true, false));
        // The log started anew.
        assert_eq!(wakes(&mut growth, 3), (false, false));
        assert_eq!(wakes(&mut growth, 1001), (true, false));
        assert_eq!(wakes(&mut growth, 8000), (true, true));
        assert_eq!(wakes(&mut growth, 8001), (false, true));
    }
}
