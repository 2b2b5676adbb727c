//! How many codes one person can have sent, to whatever addresses.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(600);
const MOST: usize = 10;

/// Sends by person. The identity server counts by address; without this, one account could write to
/// any number of strangers.
#[derive(Default)]
pub(crate) struct SendLimit(Mutex<HashMap<String, Vec<Instant>>>);

impl SendLimit {
    /// Counts a send, unless the person had [`MOST`] in the last ten minutes.
    pub(crate) fn allows(&self, user_id: &str, now: Instant) -> bool {
        let mut sends = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for times in sends.values_mut() {
            times.retain(|at| now.duration_since(*at) < WINDOW);
        }
        sends.retain(|_, times| !times.is_empty());
        let times = sends.entry(user_id.to_owned()).or_default();
        let is_allowed = times.len() < MOST;
        if is_allowed {
            times.push(now);
        }
        is_allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_in_ten_minutes_for_each_person() {
        #[allow(clippy::disallowed_methods, reason = "any instant will do")]
        let now = Instant::now();
        let limit = SendLimit::default();
        for _ in 0..MOST {
            assert!(limit.allows("sei", now));
        }
        assert!(!limit.allows("sei", now));
        assert!(limit.allows("murasaki", now));
        assert!(limit.allows("sei", now + WINDOW));
    }
}
