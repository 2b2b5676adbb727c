//! What runs beside requests: writing activity, deleting what has expired.

use std::time::Duration;

use meibo_store::expiry;
use tokio::task::JoinHandle;

use crate::App;

/// How long an activity record waits at most.
const FLUSH_EVERY: Duration = Duration::from_millis(200);

/// How often expired rows are deleted.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Running tasks; they end when this is dropped.
#[must_use = "the tasks end when this is dropped"]
pub struct BackgroundTasks(Vec<JoinHandle<()>>);

impl Drop for BackgroundTasks {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

impl App {
    /// Starts the background tasks.
    pub fn start_background(&self) -> BackgroundTasks {
        let (flusher, sweeper) = (self.clone(), self.clone());
        BackgroundTasks(vec![
            tokio::spawn(async move {
                loop {
                    flusher.activity.wake.notified().await;
                    tokio::time::sleep(FLUSH_EVERY).await;
                    flusher.flush_activity().await;
                }
            }),
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(SWEEP_EVERY).await;
                    sweeper.sweep().await;
                }
            }),
        ])
    }

    /// Deletes what has expired, and forgets addresses that have been quiet.
    pub async fn sweep(&self) {
        self.throttle.forget_quiet();
        match expiry::sweep(&self.db, self.now()).await {
            Ok(0) => {}
            Ok(deleted) => tracing::debug!(deleted, "expired rows deleted"),
            Err(error) => {
                tracing::warn!(%error, "expired rows could not be deleted; the next sweep tries again");
            }
        }
    }
}
