//! The one thread that writes. It takes what waits, commits it together, and only then answers.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, TrySendError};
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::super::batch::{Batch, Committed};
use super::super::config::Limits;
use super::super::error::{CommitError, DbError};
use super::super::fault::FaultInjection;
use super::checkpoint::{self, Growth};
use super::connection::{Access, Link};
use super::group;

/// What is done with the connection between two commits, or with the reason why there is none.
type Work = Box<dyn FnOnce(Result<&mut Connection, DbError>) + Send>;

type Reply = oneshot::Sender<Result<Committed, CommitError>>;

/// The writer thread and the queue in front of it.
pub(super) struct Writer {
    queue: Sender<Job>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

enum Job {
    Commit(Batch, Reply),
    /// Work that wants the connection for itself: migrations and checks.
    Alone(Work),
    Stop,
}

impl Writer {
    /// Opens the file for writing and starts the thread, and the one that checkpoints.
    pub(super) fn start(
        path: &Path,
        limits: Limits,
        faults: Option<FaultInjection>,
    ) -> Result<Self, DbError> {
        let (queue, jobs) = crossbeam_channel::bounded(limits.write_queue);
        let link = Link::new(path, Access::Write, limits.busy_timeout);
        let (wake, checkpoints) = checkpoint::start(path, limits.busy_timeout)?;
        let mut desk = Desk {
            link,
            wake,
            faults,
            has_backlog: Arc::default(),
        };
        desk.connection()?;
        let thread = thread::Builder::new()
            .name("db-write".to_owned())
            .spawn(move || {
                desk.serve(&jobs, limits.group);
                drop(jobs);
                desk.finish(checkpoints);
            })
            .map_err(|error| DbError::unavailable(format!("no thread to write: {error}")))?;
        Ok(Self {
            queue,
            thread: Mutex::new(Some(thread)),
        })
    }

    /// Commits a batch. The batch is carried out even when this future is dropped.
    pub(super) async fn commit(&self, batch: Batch) -> Result<Committed, CommitError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Commit(batch, reply))?;
        answer
            .await
            .map_err(|_| DbError::unknown_outcome("the writer ended"))?
    }

    /// Runs `work` between two commits.
    pub(super) async fn alone<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, DbError> + Send + 'static,
    ) -> Result<T, DbError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Alone(Box::new(move |connection| {
            let _ = reply.send(connection.and_then(work));
        })))?;
        answer
            .await
            .map_err(|_| DbError::unknown_outcome("the writer ended"))?
    }

    fn enqueue(&self, job: Job) -> Result<(), DbError> {
        self.queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => DbError::Overloaded,
            TrySendError::Disconnected(_) => DbError::closed(),
        })
    }

    /// Commits what waits, folds the log back and ends the thread. Blocks.
    pub(super) fn stop(&self) {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        // Fails only when the thread has ended already.
        let _ = self.queue.send(Job::Stop);
        if let Some(thread) = thread.take() {
            let _ = thread.join();
        }
    }
}

/// What the writer thread holds.
struct Desk {
    link: Link,
    wake: Sender<()>,
    faults: Option<FaultInjection>,
    /// Set by the hook after a commit when the log has grown too long.
    has_backlog: Arc<AtomicBool>,
}

impl Desk {
    fn serve(&mut self, jobs: &Receiver<Job>, limit: usize) {
        let mut next = jobs.recv().ok();
        while let Some(job) = next.take() {
            match job {
                Job::Stop => return,
                Job::Alone(work) => work(self.connection()),
                Job::Commit(batch, reply) => {
                    let mut batches = vec![batch];
                    let mut replies = vec![reply];
                    while batches.len() < limit {
                        match jobs.try_recv() {
                            Ok(Job::Commit(batch, reply)) => {
                                batches.push(batch);
                                replies.push(reply);
                            }
                            Ok(other) => {
                                next = Some(other);
                                break;
                            }
                            Err(_) => break,
                        }
                    }
                    self.commit(batches, replies);
                }
            }
            if next.is_none() {
                next = jobs.recv().ok();
            }
        }
    }

    fn commit(&mut self, batches: Vec<Batch>, replies: Vec<Reply>) {
        metrics::histogram!("meibo_db_batches_per_commit")
            .record(f64::from(u32::try_from(batches.len()).unwrap_or(u32::MAX)));
        match self.attempt(batches) {
            Ok(outcomes) => {
                for (reply, outcome) in replies.into_iter().zip(outcomes) {
                    let _ = reply.send(outcome);
                }
            }
            Err(error) => {
                let batches = replies.len();
                tracing::warn!(%error, batches, "a commit was given up");
                metrics::counter!("meibo_db_commits_given_up").increment(1);
                for reply in replies {
                    let _ = reply.send(Err(error.clone().into()));
                }
            }
        }
        if self.has_backlog.swap(false, Ordering::Relaxed)
            && let Ok(connection) = self.connection()
            && let Err(error) = checkpoint::fold_back(connection)
        {
            tracing::warn!(%error, "the write-ahead log could not be folded back");
        }
    }

    fn attempt(
        &mut self,
        batches: Vec<Batch>,
    ) -> Result<Vec<Result<Committed, CommitError>>, DbError> {
        let pages = self.faults.as_ref().map(FaultInjection::max_pages);
        let connection = self.connection()?;
        if let Some(pages) = pages {
            connection
                .pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
                .map_err(|error| DbError::unavailable(error.to_string()))?;
        }
        match group::commit(connection, batches) {
            Ok(outcomes) => Ok(outcomes),
            Err(group::Abandoned(error)) => {
                // Whatever state the connection is in: the next group begins with a fresh one.
                self.link.drop_connection();
                Err(error)
            }
        }
    }

    /// The connection, with its hooks in place whenever it was opened anew.
    fn connection(&mut self) -> Result<&mut Connection, DbError> {
        let Self {
            link,
            wake,
            faults,
            has_backlog,
        } = self;
        link.get(|connection| {
            let mut growth = Growth::new(wake.clone());
            let has_backlog = Arc::clone(has_backlog);
            connection.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
                if growth.grew_to(pages) {
                    has_backlog.store(true, Ordering::Relaxed);
                }
                Ok(())
            }))?;
            if let Some(faults) = faults.clone() {
                connection.commit_hook(Some(move || faults.fails_commits()))?;
            }
            Ok(())
        })
    }

    fn finish(mut self, checkpoints: JoinHandle<()>) {
        if let Ok(connection) = self.link.plain() {
            // The hook holds a way to wake the other thread, which ends when there is none left.
            let _ = connection.wal_hook(None::<fn(&mut rusqlite::hooks::Wal, i32) -> _>);
        }
        drop(self.wake);
        let _ = checkpoints.join();
        let folded = self.link.plain().and_then(|connection| {
            connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
                .map_err(|error| DbError::unavailable(error.to_string()))
        });
        if let Err(error) = folded {
            tracing::warn!(%error, "the write-ahead log stays beside the database");
        }
    }
}
