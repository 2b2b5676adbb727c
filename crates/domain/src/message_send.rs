//! How many messages one recipient gets: ten in any 600 seconds (contract 3.2), for whatever purpose.
//!
//! A recipient has ten places. A message takes a place that was never taken or whose message is 600
//! seconds old; that one row changes, so that of messages at the same moment no eleventh finds one.

use std::time::Duration;

use crate::{
    Error, ErrorCode, Result,
    time::{Timestamp, seconds},
};

/// Messages that one recipient gets in [`SEND_WINDOW`] at most.
pub const MAX_SENDS: i64 = 10;

/// The time in which they are counted.
pub const SEND_WINDOW: Duration = seconds(600);

/// A message that was sent, or is about to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageSend {
    /// Its place, 0 to 9.
    pub place: i64,
    /// When.
    pub sent_at: Timestamp,
}

/// The place for one more message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FreePlace {
    /// It was never taken.
    New(i64),
    /// What was sent there is old enough.
    Again(MessageSend),
}

/// The place for one more message to a recipient that was sent these.
///
/// # Errors
/// `request.message_rate_limited`, with the seconds until a place is free.
pub fn free_place(sends: &[MessageSend], now: Timestamp) -> Result<FreePlace> {
    let oldest = sends.iter().min_by_key(|send| send.sent_at);
    if let Some(send) = oldest.filter(|send| send.sent_at + SEND_WINDOW <= now) {
        return Ok(FreePlace::Again(*send));
    }
    let is_taken = |place: &i64| sends.iter().any(|send| send.place == *place);
    if let Some(place) = (0..MAX_SENDS).find(|place| !is_taken(place)) {
        return Ok(FreePlace::New(place));
    }
    let free_at = oldest.map_or(now, |send| send.sent_at + SEND_WINDOW);
    let seconds = u32::try_from((free_at.0 - now.0).div_euclid(1000) + 1).unwrap_or(1);
    Err(Error::new(ErrorCode::MessageRateLimited).retry_after(seconds))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn take(sends: &mut Vec<MessageSend>, now: Timestamp) -> Result<()> {
        let place = match free_place(sends, now)? {
            FreePlace::New(place) => place,
            FreePlace::Again(send) => {
                sends.retain(|other| *other != send);
                send.place
            }
        };
        sends.push(MessageSend {
            place,
            sent_at: now,
        });
        Ok(())
    }

    #[test]
    fn the_eleventh_waits_until_the_first_is_old() {
        let (mut sends, start) = (Vec::new(), Timestamp(1_000_000));
        for second in 0..10 {
            take(&mut sends, start + seconds(second)).unwrap();
        }
        let refused = take(&mut sends, start + seconds(10)).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::MessageRateLimited);
        assert_eq!(refused.retry_after_seconds(), Some(591));
        assert!(take(&mut sends, start + seconds(599)).is_err());
        take(&mut sends, start + seconds(600)).unwrap();
        assert!(
            take(&mut sends, start + seconds(600)).is_err(),
            "the second is not old yet"
        );
        take(&mut sends, start + seconds(601)).unwrap();
        assert_eq!(sends.len(), 10);
    }

    proptest! {
        #[test]
        fn never_more_than_ten_in_any_window(waits in prop::collection::vec(0..200_u64, 0..80)) {
            let (mut sends, mut now, mut sent) = (Vec::new(), Timestamp(0), Vec::new());
            for wait in waits {
                now = now + seconds(wait);
                let recent = sent.iter().filter(|at| **at + SEND_WINDOW > now).count();
                let is_sent = take(&mut sends, now).is_ok();
                prop_assert_eq!(is_sent, recent < 10);
                sent.extend(is_sent.then_some(now));
            }
        }
    }
}
