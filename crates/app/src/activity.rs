//! Activity records: buffered, and written every 200 ms. A crash may lose those of the last moment;
//! audit records are never among them.

use std::{
    mem,
    sync::{Mutex, PoisonError},
};

use meibo_domain::event::Activity;
use meibo_store::{activity_log, db::Batch};
use tokio::sync::Notify;

use crate::App;

/// Records that wait at most; beyond them new ones are dropped and counted.
const CAPACITY: usize = 20_000;

/// Records that one batch writes.
const CHUNK: usize = 500;

#[derive(Default)]
pub(crate) struct ActivityBuffer {
    waiting: Mutex<Vec<Activity>>,
    pub(crate) wake: Notify,
}

impl App {
    /// Keeps a record for the next write.
    pub(crate) fn record_activity(&self, activity: Activity) {
        let mut waiting = self
            .activity
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if waiting.len() >= CAPACITY {
            metrics::counter!("meibo_activity_dropped_total").increment(1);
            return;
        }
        waiting.push(activity);
        if waiting.len() == 1 {
            self.activity.wake.notify_one();
        }
    }

    /// Writes what waits. What cannot be written is dropped and counted: the records are kept in
    /// memory for no longer than the database needs to be back.
    pub async fn flush_activity(&self) {
        let records = mem::take(
            &mut *self
                .activity
                .waiting
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        for chunk in records.chunks(CHUNK) {
            let batch = chunk.iter().fold(Batch::new(), |batch, record| {
                activity_log::insert(batch, &self.new_id(), record)
            });
            if let Err(error) = self.db.commit(batch).await {
                metrics::counter!("meibo_activity_dropped_total").increment(chunk.len() as u64);
                tracing::warn!(%error, dropped = chunk.len(), "activity records could not be written");
            }
        }
    }
}
