//! What runs beside requests: jobs, writing activity, deleting what has expired, looking for new keys.

use std::time::Duration;

use meibo_store::expiry;
use tokio::task::JoinHandle;

use crate::App;

/// How long an activity record waits at most.
const FLUSH_EVERY: Duration = Duration::from_millis(200);

/// How often expired rows are deleted.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// How often keys that another process made are looked for: data keys within the time that a rotation waits before it
/// goes on to what needs them, signing keys before what is known of them is too old to be used.
const LOOK_FOR_KEYS_EVERY: Duration = Duration::from_secs(1);

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
        let (flusher, sweeper, key_keeper) = (self.clone(), self.clone(), self.clone());
        let job_runner = self.clone();
        BackgroundTasks(vec![
            tokio::spawn(async move { job_runner.keep_jobs_running().await }),
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
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(LOOK_FOR_KEYS_EVERY).await;
                    // A request that needs them looks again, and tells.
                    if let Err(error) = key_keeper.reload_key_ring().await {
                        tracing::debug!(%error, "new data keys could not be read");
                    }
                    if let Err(error) = key_keeper.reload_signing_keys().await {
                        tracing::debug!(%error, "new signing keys could not be read");
                    }
                }
            }),
        ])
    }

    /// Deletes what has expired, and forgets addresses that have been quiet.
    pub async fn sweep(&self) {
        self.throttle.forget_quiet();
        self.delete_retired_signing_keys().await;
        match expiry::sweep(&self.db, self.now()).await {
            Ok(0) => {}
            Ok(deleted) => tracing::debug!(deleted, "expired rows deleted"),
            Err(error) => {
                tracing::warn!(%error, "expired rows could not be deleted; the next sweep tries again");
            }
        }
    }
}
