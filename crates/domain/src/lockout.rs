//! How often a password may be guessed.
//!
//! Attempts are reserved in the database before anything is hashed, so that guesses in parallel
//! count too. Two counters for each identifier, known or not: one for (identifier, network), which
//! blocks; one for the identifier alone, which only slows down, so that strangers cannot lock
//! somebody out. A third one counts the attempts that their network's limit let through since the
//! last success; after 100 in a row, password sign-in waits for a code or an administrator
//! (NIST SP 800-63B-4, 3.2.2).

use std::time::Duration;

use crate::time::{Timestamp, days, minutes};

/// Failed attempts for one (identifier, network) in a window.
pub const MAX_ATTEMPTS: i64 = 10;

/// The window.
pub const WINDOW: Duration = minutes(15);

/// Failed attempts in a row for one identifier, from wherever.
pub const MAX_CONSECUTIVE: i64 = 100;

/// A run of failures that has not reached its limit is forgotten when it began so long ago.
pub const RUN_TTL: Duration = days(30);

/// Attempts for one identifier in a window after which answers slow down.
pub const SLOW_AFTER: i64 = 20;

/// The counters after this attempt was reserved, itself included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// For (identifier, network) in the present window.
    pub from_network: i64,
    /// When that window began.
    pub window_started_at: Timestamp,
    /// For the identifier in the present window.
    pub for_identifier: i64,
    /// For the identifier since the last success; 0 when the network's limit is passed, for then the
    /// attempt is not counted here.
    pub consecutive: i64,
}

/// What a reserved attempt may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptDecision {
    /// Hash after waiting this long (zero for nearly everybody).
    Proceed(Duration),
    /// Refuse without hashing; try again after so many seconds.
    Blocked {
        /// Seconds until the window ends.
        retry_after_seconds: u32,
    },
}

/// Decides whether a reserved attempt may go on.
#[must_use]
pub fn check_attempt(attempts: Attempts, now: Timestamp) -> AttemptDecision {
    if attempts.from_network > MAX_ATTEMPTS {
        let left = (attempts.window_started_at + WINDOW) - now;
        return AttemptDecision::Blocked {
            retry_after_seconds: u32::try_from(left.as_secs()).unwrap_or(u32::MAX).max(1),
        };
    }
    if attempts.consecutive > MAX_CONSECUTIVE {
        return AttemptDecision::Blocked {
            retry_after_seconds: 3600,
        };
    }
    let over = u32::try_from(
        attempts
            .for_identifier
            .saturating_sub(SLOW_AFTER)
            .clamp(0, 20),
    )
    .unwrap_or(0);
    AttemptDecision::Proceed(Duration::from_millis(100) * over)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let attempts = Attempts {
            from_network: 1,
            window_started_at: Timestamp(0),
            for_identifier: 1,
            consecutive: 1,
        };
        let now = Timestamp(60_000);
        for (attempts, expected) in [
            (attempts, AttemptDecision::Proceed(Duration::ZERO)),
            (
                Attempts {
                    from_network: 10,
                    ..attempts
                },
                AttemptDecision::Proceed(Duration::ZERO),
            ),
            (
                Attempts {
                    from_network: 11,
                    ..attempts
                },
                AttemptDecision::Blocked {
                    retry_after_seconds: 840,
                },
            ),
            (
                Attempts {
                    for_identifier: 25,
                    ..attempts
                },
                AttemptDecision::Proceed(Duration::from_millis(500)),
            ),
            (
                Attempts {
                    for_identifier: 9_000,
                    ..attempts
                },
                AttemptDecision::Proceed(Duration::from_secs(2)),
            ),
            (
                Attempts {
                    consecutive: 101,
                    ..attempts
                },
                AttemptDecision::Blocked {
                    retry_after_seconds: 3600,
                },
            ),
        ] {
            assert_eq!(check_attempt(attempts, now), expected, "{attempts:?}");
        }
    }
}
