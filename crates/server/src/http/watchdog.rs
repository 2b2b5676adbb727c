//! When a connection is no longer worth keeping.
//!
//! It is looked at once a tick. Nothing here reads a clock: what was counted since the last look decides.

use std::time::Duration;

/// How often each connection is looked at.
pub(super) const TICK: Duration = Duration::from_secs(5);

/// Ticks in which the head of a request must arrive, the first one after connecting included: 10 s, or up to 15 s.
const HEAD_TICKS: u32 = 3;

/// Ticks that a connection without a request under way is kept. Longer than the 60 s after which common proxies close
/// their side, so that no request meets a connection that is being closed.
const IDLE_TICKS: u32 = 16;

/// What was counted on a connection since it began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Bytes that came in.
    pub(super) received: u64,
    /// Bytes that went out.
    pub(super) sent: u64,
    /// Requests whose head arrived.
    pub(super) asked: u64,
    /// Requests that were answered or given up.
    pub(super) answered: u64,
    /// Bytes that had come in when the last request was answered.
    pub(super) received_when_answered: u64,
    /// Does it speak HTTP/2? There bytes also come in between requests.
    pub(super) is_http2: bool,
}

/// Remembers what it saw at the last tick.
#[derive(Debug, Default)]
pub(super) struct Watchdog {
    last: Counts,
    head: u32,
    idle: u32,
}

impl Watchdog {
    /// Looks at the counts of one more tick: is the connection to be closed?
    ///
    /// Requests under way keep it: how long they may take is decided where they are handled.
    pub(super) fn is_over(&mut self, now: Counts) -> bool {
        let last = std::mem::replace(&mut self.last, now);
        if now.asked > now.answered {
            (self.head, self.idle) = (0, 0);
            return false;
        }
        // a part of a head has come, or nothing at all yet
        let awaits_head =
            !now.is_http2 && (now.asked == 0 || now.received > now.received_when_answered);
        let has_asked = now.asked > last.asked;
        self.head = if awaits_head && !has_asked {
            self.head + 1
        } else {
            0
        };
        let is_moving = has_asked || now.sent > last.sent;
        self.idle = if is_moving { 0 } else { self.idle + 1 };
        self.head >= HEAD_TICKS || self.idle >= IDLE_TICKS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tick at which a connection is given up whose counts are `at(tick)`; at most 100.
    fn given_up(at: impl Fn(u64) -> Counts) -> Option<u64> {
        let mut watchdog = Watchdog::default();
        (1..=100).find(|tick| watchdog.is_over(at(*tick)))
    }

    fn answered(requests: u64) -> Counts {
        Counts {
            received: 100 * requests,
            sent: 1000 * requests,
            asked: requests,
            answered: requests,
            received_when_answered: 100 * requests,
            is_http2: false,
        }
    }

    #[test]
    fn silence_before_the_first_request_ends_soon() {
        assert_eq!(given_up(|_| Counts::default()), Some(3));
    }

    #[test]
    fn a_head_that_trickles_in_ends_soon() {
        let trickle = |tick| Counts {
            received: tick,
            ..Counts::default()
        };
        assert_eq!(given_up(trickle), Some(3));
        let second = |tick| Counts {
            received: 100 + tick,
            ..answered(1)
        };
        // the first tick sees the first request
        assert_eq!(given_up(second), Some(4));
    }

    #[test]
    fn an_idle_connection_is_kept_for_a_while() {
        assert_eq!(given_up(|_| answered(1)), Some(17));
        assert_eq!(given_up(answered), None);
    }

    #[test]
    fn a_request_under_way_is_never_cut_off() {
        let waiting = |_| Counts {
            asked: 3,
            answered: 2,
            received: 500,
            ..answered(2)
        };
        assert_eq!(given_up(waiting), None);
    }

    #[test]
    fn a_slow_reader_is_kept_while_it_reads() {
        let reading = |tick| Counts {
            sent: 1000 + tick,
            ..answered(1)
        };
        assert_eq!(given_up(reading), None);
    }

    #[test]
    fn frames_between_http2_requests_are_no_head() {
        let pinging = |tick| Counts {
            received: 100 + 17 * tick,
            is_http2: true,
            ..answered(1)
        };
        assert_eq!(given_up(pinging), Some(17));
    }
}
