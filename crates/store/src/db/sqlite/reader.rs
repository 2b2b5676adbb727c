//! Threads that read. Each has its own connection; all take from one bounded queue.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError};
use tokio::sync::oneshot;

use super::super::error::DbError;
use super::super::row::Row;
use super::super::sql::Text;
use super::super::value::Value;
use super::connection::{Access, Link, run};
use super::failure::Failure;

/// Virtual machine steps between two looks at whether a slow query is still wanted (about 0.1 ms).
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// One or more reader threads and the queue in front of them.
pub(super) struct Readers {
    queue: Sender<Job>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

enum Job {
    Read(Read),
    Stop,
}

struct Read {
    sql: Text,
    params: Vec<Value>,
    /// Set when the caller of a slow query went away.
    abandoned: Option<Arc<AtomicBool>>,
    reply: oneshot::Sender<Result<Vec<Row>, DbError>>,
}

/// Marks a slow query as no longer wanted when its caller's future is dropped.
struct AbandonOnDrop(Arc<AtomicBool>);

impl Drop for AbandonOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Readers {
    /// Starts `threads` threads named `name`, behind a queue of `queue` reads.
    pub(super) fn start(
        name: &str,
        (path, access): (&Path, Access),
        threads: usize,
        queue: usize,
        busy_timeout: Duration,
    ) -> Result<Self, DbError> {
        let (sender, receiver) = crossbeam_channel::bounded(queue);
        let mut started = Vec::with_capacity(threads);
        for _ in 0..threads {
            let mut link = Link::new(path, access, busy_timeout);
            link.plain()?;
            let jobs = receiver.clone();
            let thread = thread::Builder::new()
                .name(name.to_owned())
                .spawn(move || serve(link, &jobs))
                .map_err(|error| DbError::unavailable(format!("no thread to read: {error}")))?;
            started.push(thread);
        }
        Ok(Self {
            queue: sender,
            threads: Mutex::new(started),
        })
    }

    /// Runs a read on the next free thread.
    pub(super) async fn query(&self, sql: &Text, params: &[Value]) -> Result<Vec<Row>, DbError> {
        self.enqueue(sql, params, None)?
            .await
            .map_err(|_| DbError::closed())?
    }

    /// Runs a read that is stopped after `limit`, or when this future is dropped.
    pub(super) async fn query_within(
        &self,
        sql: &Text,
        params: &[Value],
        limit: Duration,
    ) -> Result<Vec<Row>, DbError> {
        let wanted = AbandonOnDrop(Arc::default());
        let answer = self.enqueue(sql, params, Some(Arc::clone(&wanted.0)))?;
        match tokio::time::timeout(limit, answer).await {
            Ok(answer) => answer.map_err(|_| DbError::closed())?,
            Err(_) => Err(DbError::unavailable(format!(
                "took longer than {limit:?}: {sql}"
            ))),
        }
    }

    fn enqueue(
        &self,
        sql: &Text,
        params: &[Value],
        abandoned: Option<Arc<AtomicBool>>,
    ) -> Result<oneshot::Receiver<Result<Vec<Row>, DbError>>, DbError> {
        let (reply, answer) = oneshot::channel();
        let read = Read {
            sql: sql.clone(),
            params: params.to_vec(),
            abandoned,
            reply,
        };
        match self.queue.try_send(Job::Read(read)) {
            Ok(()) => Ok(answer),
            Err(TrySendError::Full(_)) => Err(DbError::Overloaded),
            Err(TrySendError::Disconnected(_)) => Err(DbError::closed()),
        }
    }

    /// Answers what waits, then ends the threads. Blocks.
    pub(super) fn stop(&self) {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in threads.iter() {
            // Fails only when the threads have ended already.
            let _ = self.queue.send(Job::Stop);
        }
        for thread in threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn serve(mut link: Link, jobs: &Receiver<Job>) {
    while let Ok(Job::Read(read)) = jobs.recv() {
        // A caller that went away while it waited costs nothing more.
        if read.reply.is_closed() {
            continue;
        }
        let answer = answer(&mut link, &read);
        if let Err(DbError::Unavailable { .. } | DbError::Corrupt { .. }) = &answer
            && read.abandoned.is_none()
        {
            link.drop_connection();
        }
        let _ = read.reply.send(answer);
    }
}

fn answer(link: &mut Link, read: &Read) -> Result<Vec<Row>, DbError> {
    let connection = link.plain()?;
    if let Some(abandoned) = &read.abandoned {
        let abandoned = Arc::clone(abandoned);
        let look = move || abandoned.load(Ordering::Relaxed);
        connection
            .progress_handler(STEPS_BETWEEN_LOOKS, Some(look))
            .map_err(Failure::from)?;
    }
    Ok(run(connection, &read.sql, &read.params)?.rows)
}
