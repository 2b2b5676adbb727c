//! A bounded pool of low-priority threads, each with its own state.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{Builder, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded};
use tokio::sync::oneshot;

/// Work for one thread; it is handed that thread's state.
type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// The threads and the queue before them. Dropping the pool lets the running jobs finish and joins the threads.
pub(super) struct Pool<S> {
    /// `None` only while the pool is dropped.
    queue: Option<Sender<Job<S>>>,
    threads: Vec<JoinHandle<()>>,
}

/// Every thread is busy and the queue is full: the job was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct QueueFull;

impl<S: Default + 'static> Pool<S> {
    /// Starts `threads` threads named after `name`, before a queue of `capacity` jobs.
    pub(super) fn start(name: &str, threads: usize, capacity: usize) -> io::Result<Self> {
        let (sender, receiver) = bounded(capacity);
        let mut pool = Self {
            queue: Some(sender),
            threads: Vec::with_capacity(threads),
        };
        for number in 0..threads {
            let jobs = receiver.clone();
            let thread = Builder::new()
                .name(format!("{name}-{number}"))
                .spawn(move || work_through(&jobs))?;
            pool.threads.push(thread);
        }
        Ok(pool)
    }

    /// Queues `work`; its result arrives in the receiver, or the receiver is closed if `work` panicked.
    ///
    /// A job whose receiver is gone by its turn is skipped.
    pub(super) fn submit<T, W>(&self, work: W) -> Result<oneshot::Receiver<T>, QueueFull>
    where
        T: Send + 'static,
        W: FnOnce(&mut S) -> T + Send + 'static,
    {
        let (answer, receiver) = oneshot::channel();
        let job: Job<S> = Box::new(move |state| {
            if !answer.is_closed() {
                // whoever asked may leave while the work is done: nobody to tell then
                let _ = answer.send(work(state));
            }
        });
        // the threads outlive the queue's sender, so that a full queue is the only way to fail
        let queue = self.queue.as_ref().ok_or(QueueFull)?;
        queue.try_send(job).map_err(|_| QueueFull)?;
        Ok(receiver)
    }

    /// How many jobs wait for a thread.
    pub(super) fn waiting(&self) -> usize {
        self.queue.as_ref().map_or(0, Sender::len)
    }
}

impl<S> Drop for Pool<S> {
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            // its jobs' panics are caught, and one of the loop itself has ended it as well
            let _ = thread.join();
        }
    }
}

fn work_through<S: Default>(jobs: &Receiver<Job<S>>) {
    lower_priority();
    let mut state = S::default();
    while let Ok(job) = jobs.recv() {
        // a panic costs the job its answer and the thread its state, but never the thread
        if catch_unwind(AssertUnwindSafe(|| job(&mut state))).is_err() {
            state = S::default();
        }
    }
}

/// Lets the threads that answer requests go first. Not being allowed to is no reason to refuse work.
fn lower_priority() {
    // only Linux keeps this value for each thread; elsewhere it would slow the whole process
    #[cfg(target_os = "linux")]
    let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICENESS);
}

/// On Linux's scale from -20 to 19: about a tenth of the share of a thread at 0.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex, mpsc};

    /// Occupies a thread until the returned sender is dropped.
    async fn occupy(pool: &Pool<u32>) -> mpsc::Sender<()> {
        let (release, wait) = mpsc::channel::<()>();
        let (started, running) = oneshot::channel();
        let answer = pool.submit(move |_| {
            let _ = started.send(());
            let _ = wait.recv();
        });
        running.await.unwrap();
        drop(answer);
        release
    }

    #[tokio::test]
    async fn the_state_of_a_thread_is_kept_between_jobs() {
        let pool = Pool::<u32>::start("t", 1, 4).unwrap();
        for expected in 1..=3 {
            let count = pool.submit(|state| {
                *state += 1;
                *state
            });
            assert_eq!(count.unwrap().await, Ok(expected));
        }
    }

    #[tokio::test]
    async fn a_full_queue_refuses_and_recovers() {
        let pool = Pool::<u32>::start("t", 1, 2).unwrap();
        let release = occupy(&pool).await;
        let waiting = [pool.submit(|_| 1).unwrap(), pool.submit(|_| 2).unwrap()];
        assert_eq!(pool.waiting(), 2);
        assert_eq!(pool.submit(|_| 3).unwrap_err(), QueueFull);
        drop(release);
        let [first, second] = waiting;
        assert_eq!((first.await, second.await), (Ok(1), Ok(2)));
        assert_eq!(pool.submit(|_| 4).unwrap().await, Ok(4));
    }

    #[tokio::test]
    async fn a_job_nobody_waits_for_is_skipped() {
        let pool = Pool::<u32>::start("t", 1, 4).unwrap();
        let release = occupy(&pool).await;
        let done = Arc::new(Mutex::new(Vec::new()));
        let note = |name: &'static str| {
            let done = Arc::clone(&done);
            pool.submit(move |_| done.lock().unwrap().push(name))
                .unwrap()
        };
        let (left, stayed) = (note("left"), note("stayed"));
        drop(left);
        drop(release);
        stayed.await.unwrap();
        assert_eq!(*done.lock().unwrap(), ["stayed"]);
    }

    #[tokio::test]
    async fn dropping_the_pool_ends_its_threads() {
        let pool = Pool::<u32>::start("t", 3, 4).unwrap();
        let alive = Arc::new(());
        let held = Arc::clone(&alive);
        // a job that is queued when the pool goes is dropped or skipped with its thread, never left behind
        let _answer = pool.submit(move |_| drop(held)).unwrap();
        drop(pool);
        assert_eq!(Arc::strong_count(&alive), 1);
    }

    #[tokio::test]
    async fn a_panic_costs_the_state_but_not_the_thread() {
        let pool = Pool::<u32>::start("t", 1, 4).unwrap();
        let panicked = pool.submit(|state| {
            *state = 7;
            panic!("on purpose")
        });
        assert!(panicked.unwrap().await.is_err());
        assert_eq!(pool.submit(|state| *state).unwrap().await, Ok(0));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn the_threads_are_named_and_run_at_lower_priority() {
        let before = rustix::process::getpriority_process(None).unwrap();
        let pool = Pool::<u32>::start("t", 1, 1).unwrap();
        let seen = pool.submit(|_| {
            let name = std::thread::current().name().map(str::to_owned);
            (
                name,
                rustix::process::getpriority_process(Some(rustix::thread::gettid())).unwrap(),
            )
        });
        let (name, niceness) = seen.unwrap().await.unwrap();
        assert_eq!(name.as_deref(), Some("t-0"));
        assert!(niceness >= NICENESS, "{niceness}");
        assert_eq!(
            rustix::process::getpriority_process(None).unwrap(),
            before,
            "the caller keeps its own"
        );
    }
}
