//! The only place that reads a clock.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Seconds since 1970.
#[allow(
    clippy::disallowed_methods,
    reason = "a client library has no clock handed in; this is its one source"
)]
pub(crate) fn now() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// A moment of the monotonic clock, for the age of caches.
#[allow(
    clippy::disallowed_methods,
    reason = "a client library has no clock handed in; this is its one source"
)]
pub(crate) fn instant() -> Instant {
    Instant::now()
}
