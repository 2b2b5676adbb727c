//! Real time: what a benchmark measures, and the one place that reads it.

use std::time::{Duration, Instant, SystemTime};

/// The monotonic clock.
#[allow(clippy::disallowed_methods, reason = "a benchmark measures real time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The wall clock, for the date of a report and the claims of a token.
#[allow(
    clippy::disallowed_methods,
    reason = "a report is dated, a token has times"
)]
pub(crate) fn wall() -> SystemTime {
    SystemTime::now()
}

/// Blocks this thread for `length`.
#[allow(
    clippy::disallowed_methods,
    reason = "the orchestrator waits outside any runtime"
)]
pub(crate) fn pause(length: Duration) {
    std::thread::sleep(length);
}
