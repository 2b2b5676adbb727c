//! Jobs: work that is promised with a change and done after it, at least once.

use std::time::Duration;

use crate::time::{Timestamp, minutes, seconds};

/// How long one node may hold a job without finishing it; then another takes it up.
pub const LOCK_TTL: Duration = seconds(60);

/// Days after which a job that was given up is deleted.
pub const DEAD_DAYS: u64 = 30;

/// Tries of a message: an hour of them, which is the longest life of a code.
const MESSAGE_TRIES: i64 = 63;

/// Waits between tries: fast at first, two days in all.
const DELAYS: [Duration; 9] = [
    seconds(5),
    seconds(30),
    minutes(2),
    minutes(10),
    minutes(60),
    minutes(3 * 60),
    minutes(8 * 60),
    minutes(12 * 60),
    minutes(24 * 60),
];

/// Wait of a job for which there was no place: calls under way end within seconds.
const BUSY_DELAY: Duration = seconds(1);

/// The longest wait that another server may ask for: nothing that a message holds is of use longer.
const MAX_ASKED_WAIT: Duration = minutes(60);

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Tells an application that a session has ended (OpenID Connect Back-Channel Logout).
    BackchannelLogout,
    /// Hands a message to the connector of its channel.
    SendMessage,
}

impl JobKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::BackchannelLogout, Self::SendMessage];

    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BackchannelLogout => "backchannel_logout",
            Self::SendMessage => "send_message",
        }
    }

    /// The wait after the failed try numbered `attempts` (from 1); none after the last. What a message
    /// holds is of use for minutes, so it is tried every minute.
    fn wait_after(self, attempts: i64) -> Option<Duration> {
        let index = usize::try_from(attempts.saturating_sub(1)).unwrap_or(0);
        match (self, attempts) {
            (Self::BackchannelLogout, _) => DELAYS.get(index).copied(),
            (Self::SendMessage, ..=2) => DELAYS.get(index).copied(),
            (Self::SendMessage, ..MESSAGE_TRIES) => Some(minutes(1)),
            (Self::SendMessage, _) => None,
        }
    }

    /// The kind of a stored name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }
}

/// A job that this node has taken up. Its id stays the same through every try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Id; for receivers the key by which they know a repetition.
    pub id: String,
    /// What to do.
    pub kind: JobKind,
    /// With what: JSON, or a ciphertext of it.
    pub payload: String,
    /// Tries, this one included; those that found no place do not count.
    pub attempts: i64,
    /// When it was promised.
    pub created_at: Timestamp,
}

/// Why a job is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobFailure {
    /// It was not tried: this node calls as many others as it may, or the same one as often as it may.
    Busy,
    /// It may succeed later.
    Later(String),
    /// It may succeed later; the other server asked not to be called before so long.
    AskedToWait(String, Duration),
    /// It never will.
    Never(String),
}

/// What follows a failed try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterFailure {
    /// This try at another time; it does not count.
    TryLater(Timestamp),
    /// Another try at this time.
    TryAgain(Timestamp),
    /// Nothing; the job is kept with its error for people to look at.
    GiveUp,
}

/// Decides what follows a failure of the try numbered `attempts` (from 1) of a job of `kind`. `random` spreads tries
/// that failed together over a quarter of their wait, and those without a place over as long as it. A wait that the
/// other server asks for holds when it is the longer one, up to an hour.
#[must_use]
pub fn after_failure(
    kind: JobKind,
    failure: &JobFailure,
    attempts: i64,
    random: u16,
    now: Timestamp,
) -> AfterFailure {
    let spread = |over: Duration| over.mul_f64(f64::from(random) / f64::from(u16::MAX));
    match (failure, kind.wait_after(attempts)) {
        (JobFailure::Busy, _) => AfterFailure::TryLater(now + BUSY_DELAY + spread(BUSY_DELAY)),
        (JobFailure::Later(_), Some(delay)) => {
            AfterFailure::TryAgain(now + delay + spread(delay / 4))
        }
        (JobFailure::AskedToWait(_, asked), Some(delay)) => AfterFailure::TryAgain(
            now + delay.max(*asked).min(MAX_ASKED_WAIT.max(delay)) + spread(delay / 4),
        ),
        (JobFailure::Later(_) | JobFailure::AskedToWait(..), None) | (JobFailure::Never(_), _) => {
            AfterFailure::GiveUp
        }
    }
}

impl JobFailure {
    /// What went wrong, for `last_error`.
    #[must_use]
    pub fn reason(&self) -> &str {
        match self {
            Self::Busy => "too many calls are under way",
            Self::Later(reason) | Self::AskedToWait(reason, _) | Self::Never(reason) => reason,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::days;

    const LOGOUT: JobKind = JobKind::BackchannelLogout;

    fn later() -> JobFailure {
        JobFailure::Later("down".into())
    }

    #[test]
    fn waits_grow_and_end() {
        let mut now = Timestamp(0);
        let mut tries = 1;
        while let AfterFailure::TryAgain(next) = after_failure(LOGOUT, &later(), tries, 0, now) {
            now = next;
            tries += 1;
        }
        assert_eq!(tries, 10);
        assert!(
            now > Timestamp(0) + days(1) && now < Timestamp(0) + days(3),
            "{now:?}"
        );
    }

    #[test]
    fn a_message_is_tried_every_minute_for_an_hour() {
        let mut now = Timestamp(0);
        let mut tries = vec![now];
        let mut attempts = 1;
        while let AfterFailure::TryAgain(next) =
            after_failure(JobKind::SendMessage, &later(), attempts, 0, now)
        {
            now = next;
            tries.push(now);
            attempts += 1;
        }
        let within = |limit: Duration| {
            tries
                .iter()
                .filter(|at| **at < Timestamp(0) + limit)
                .count()
        };
        assert_eq!(within(minutes(1)), 3);
        assert_eq!(within(minutes(10)), 12);
        assert!(now >= Timestamp(0) + minutes(60), "{now:?}");
        let longest = tries.windows(2).map(|pair| pair[1].0 - pair[0].0).max();
        assert_eq!(longest, Some(60_000));
    }

    #[test]
    fn tries_that_failed_together_are_spread() {
        for (random, expected) in [(0, 5_000), (u16::MAX / 2, 5_624), (u16::MAX, 6_250)] {
            assert_eq!(
                after_failure(LOGOUT, &later(), 1, random, Timestamp(0)),
                AfterFailure::TryAgain(Timestamp(expected)),
                "{random}"
            );
        }
    }

    #[test]
    fn a_server_that_asks_for_time_gets_it() {
        let mail = JobKind::SendMessage;
        for (kind, attempts, asked, expected) in [
            (mail, 1, seconds(1), Some(5)),
            (mail, 1, seconds(300), Some(300)),
            (mail, 9, seconds(45), Some(60)),
            (mail, 9, days(400), Some(3600)),
            (mail, MESSAGE_TRIES, seconds(1), None),
            (LOGOUT, 9, seconds(1), Some(86_400)),
        ] {
            let failure = JobFailure::AskedToWait("status 429".into(), asked);
            let after = after_failure(kind, &failure, attempts, 0, Timestamp(0));
            let expected = match expected {
                Some(wait) => AfterFailure::TryAgain(Timestamp(0) + seconds(wait)),
                None => AfterFailure::GiveUp,
            };
            assert_eq!(after, expected, "{kind:?} {attempts} {asked:?}");
        }
        let failure = JobFailure::AskedToWait("status 429".into(), seconds(300));
        assert_eq!(
            after_failure(mail, &failure, 1, u16::MAX, Timestamp(0)),
            AfterFailure::TryAgain(Timestamp(301_250)),
            "never before"
        );
    }

    #[test]
    fn what_found_no_place_waits_a_moment_and_is_never_given_up() {
        for attempts in [1, 9, 10, 11, i64::MAX] {
            for (random, expected) in [(0, 1_000), (u16::MAX, 2_000)] {
                assert_eq!(
                    after_failure(LOGOUT, &JobFailure::Busy, attempts, random, Timestamp(0)),
                    AfterFailure::TryLater(Timestamp(expected)),
                    "{attempts} {random}"
                );
            }
        }
    }

    #[test]
    fn what_never_succeeds_is_not_tried_again() {
        let never = JobFailure::Never("no".into());
        assert_eq!(
            after_failure(LOGOUT, &never, 1, 0, Timestamp(0)),
            AfterFailure::GiveUp
        );
    }

    #[test]
    fn kinds_have_names_of_their_own() {
        for kind in JobKind::ALL {
            assert_eq!(JobKind::parse(kind.as_str()), Some(*kind));
        }
        assert_eq!(JobKind::parse(""), None);
    }
}
