//! The runtime that everything asynchronous runs on.

use std::io;

use tokio::runtime::{Builder, Runtime};

/// Threads for files and names, which nearly nothing here waits for.
const BLOCKING_THREADS: usize = 4;

/// A runtime with a thread for each core, or with one for a command that ends soon.
///
/// # Errors
/// The system cannot start a thread.
pub(crate) fn start(serves: bool) -> io::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    if !serves {
        builder.worker_threads(1);
    }
    builder
        .thread_name("meibo")
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_all()
        .build()
}
