//! Running jobs: taken up by one node at a time, tried until done or given up.
//!
//! A job is written in the batch that promises it, so a crash loses none; a crash while one runs
//! leaves its lock, which ends, and another node runs it again. So each runs at least once.

use std::{sync::Arc, time::Duration};

use meibo_domain::job::{AfterFailure, Job, JobFailure, JobKind, after_failure};
use meibo_store::{
    db::{Batch, DbError},
    jobs,
};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use crate::App;

/// Jobs that one node runs at once.
const AT_ONCE: u32 = 32;

/// How often a node looks for jobs of others, and for those whose time has come.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long a stop waits for jobs that run.
const STOP_WITHIN: Duration = Duration::from_secs(3);

/// What the node knows of its jobs.
pub(crate) struct JobRunner {
    node: String,
    wake: Notify,
    places: Arc<Semaphore>,
}

impl JobRunner {
    /// `node` is a name that no other node has.
    pub(crate) fn new(node: String) -> Self {
        Self {
            node,
            wake: Notify::new(),
            places: Arc::new(Semaphore::new(AT_ONCE as usize)),
        }
    }

    /// A job was committed: it need not wait for the next look.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Waits for the jobs that run; none may be started meanwhile.
    pub(crate) async fn stop(&self) {
        let _ = tokio::time::timeout(STOP_WITHIN, self.all_places()).await;
    }

    async fn all_places(&self) {
        // The semaphore is never closed.
        drop(self.places.acquire_many(AT_ONCE).await);
    }

    /// At least one place, and as many as are free.
    async fn free_places(&self) -> Vec<OwnedSemaphorePermit> {
        let mut places = Vec::new();
        places.extend(Arc::clone(&self.places).acquire_owned().await.ok());
        while let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            places.push(place);
        }
        places
    }
}

impl App {
    /// Starts jobs as they become due, for ever.
    pub(crate) async fn keep_jobs_running(&self) {
        loop {
            let _ = tokio::time::timeout(LOOK_EVERY, self.jobs.wake.notified()).await;
            if let Err(error) = self.start_due_jobs().await {
                tracing::warn!(%error, "jobs could not be read; the next look tries again");
            }
        }
    }

    /// Runs the jobs that are due now, and waits until each was tried once.
    ///
    /// # Errors
    /// The database's.
    pub async fn run_due_jobs(&self) -> meibo_domain::Result<()> {
        self.start_due_jobs().await?;
        self.jobs.all_places().await;
        Ok(())
    }

    async fn start_due_jobs(&self) -> Result<(), DbError> {
        loop {
            let places = self.jobs.free_places().await;
            let wanted = places.len();
            let claimed = jobs::claim(&self.db, &self.jobs.node, wanted, self.now()).await?;
            let are_all = claimed.len() < wanted;
            for (job, place) in claimed.into_iter().zip(places) {
                let app = self.clone();
                tokio::spawn(async move {
                    app.run_job(&job).await;
                    drop(place);
                });
            }
            if are_all {
                return Ok(());
            }
        }
    }

    async fn run_job(&self, job: &Job) {
        let done = match job.kind {
            JobKind::BackchannelLogout => self.deliver_logout(job).await,
            JobKind::SendMessage => self.deliver_message(job).await,
        };
        let batch = match done {
            Ok(()) => jobs::finish(Batch::new(), job, &self.jobs.node),
            Err(failure) => self.settle_failure(job, &failure),
        };
        if let Err(error) = self.db.commit(batch).await {
            tracing::warn!(job = job.id, %error, "a job's end could not be written; it runs again");
        }
    }

    fn settle_failure(&self, job: &Job, failure: &JobFailure) -> Batch {
        let now = self.now();
        let (node, reason) = (self.jobs.node.as_str(), failure.reason());
        let (id, kind, attempts) = (job.id.as_str(), job.kind.as_str(), job.attempts);
        let random = u16::from_be_bytes(self.entropy.bytes());
        match after_failure(job.kind, failure, attempts, random, now) {
            AfterFailure::TryLater(run_at) => {
                tracing::debug!(job = id, kind, reason, "a job waits for a place");
                jobs::put_back(Batch::new(), job, node, run_at)
            }
            AfterFailure::TryAgain(run_at) => {
                tracing::info!(
                    job = id,
                    kind,
                    attempts,
                    reason,
                    "a job failed and is tried again"
                );
                jobs::postpone(Batch::new(), job, node, run_at, reason)
            }
            AfterFailure::GiveUp => {
                metrics::counter!("meibo_jobs_given_up_total", "kind" => kind).increment(1);
                tracing::warn!(job = id, kind, attempts, reason, "a job is given up");
                jobs::give_up(Batch::new(), job, node, now, reason)
            }
        }
    }
}
