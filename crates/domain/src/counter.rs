//! Counters: how often something happened in a window, known to every node.
//!
//! A window begins with the first event after the former one has ended, and ends by itself. What is
//! one too many is not counted.

use std::time::Duration;

use crate::time::Timestamp;

/// At most so many events of one counter in a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The counter's name.
    pub key: String,
    /// Events in a window.
    pub max: i64,
    /// How long a window lasts.
    pub window: Duration,
}

/// What a counter has counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The counter's name.
    pub key: String,
    /// Events in the window, which may be over.
    pub count: i64,
    /// When the window ends.
    pub ends_at: Timestamp,
}

impl Count {
    /// What it tells now: 0 after the end of its window.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> i64 {
        if now < self.ends_at { self.count } else { 0 }
    }
}

/// Is there room for one more event under every bound? A counter without a count has counted nothing.
///
/// # Errors
/// The seconds, at least 1, until the last of the full windows has ended.
pub fn check_bounds(bounds: &[Bound], counts: &[Count], now: Timestamp) -> Result<(), u32> {
    let full = counts.iter().filter(|count| {
        let is_full = |bound: &Bound| bound.key == count.key && count.at(now) >= bound.max;
        bounds.iter().any(is_full)
    });
    match full.map(|count| seconds_until(count.ends_at, now)).max() {
        Some(seconds) => Err(seconds),
        None => Ok(()),
    }
}

/// Whole seconds until `at`, rounded up; at least 1.
fn seconds_until(at: Timestamp, now: Timestamp) -> u32 {
    let millis = (at - now).as_millis();
    u32::try_from(millis.div_ceil(1000))
        .unwrap_or(u32::MAX)
        .max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{minutes, seconds};

    fn bound(key: &str, max: i64) -> Bound {
        Bound {
            key: key.into(),
            max,
            window: minutes(60),
        }
    }

    fn count(key: &str, count: i64, ends_at: Timestamp) -> Count {
        Count {
            key: key.into(),
            count,
            ends_at,
        }
    }

    #[test]
    fn the_longest_wait_of_the_full_ones_counts() {
        let now = Timestamp(1_000_000);
        let bounds = [bound("a", 3), bound("b", 2), bound("c", 1)];
        let (soon, late) = (now + seconds(10), now + minutes(30));
        for (counts, expected) in [
            (vec![], Ok(())),
            (vec![count("a", 2, late), count("b", 1, late)], Ok(())),
            (vec![count("a", 3, soon)], Err(10)),
            (vec![count("a", 3, soon), count("b", 2, late)], Err(1800)),
            (vec![count("a", 3, late), count("b", 2, soon)], Err(1800)),
            (vec![count("a", 3, now)], Ok(())),
            (vec![count("a", 3, Timestamp(now.0 + 1))], Err(1)),
            (vec![count("another", 99, late)], Ok(())),
        ] {
            assert_eq!(check_bounds(&bounds, &counts, now), expected, "{counts:?}");
        }
    }

    #[test]
    fn what_may_never_happen_needs_no_count() {
        assert_eq!(
            check_bounds(&[], &[count("a", 3, Timestamp(9))], Timestamp(1)),
            Ok(())
        );
    }
}
