//! How many messages one recipient gets: ten in any 600 seconds (contract 3.2), for whatever purpose.
//!
//! A recipient has ten places. A message takes a place that was never taken or whose message is 600
//! seconds old; that one row changes, so that of messages at the same moment no eleventh finds one.
//! One network has no more than seven of them: a stranger cannot keep a person from getting a code.

use std::time::Duration;

use crate::{
    Error, ErrorCode, Result,
    time::{Timestamp, seconds},
};

/// Messages that one recipient gets in [`SEND_WINDOW`] at most.
pub const MAX_SENDS: i64 = 10;

/// Places of them that one network can have.
pub const MAX_FROM_NETWORK: usize = 7;

/// The time in which they are counted.
pub const SEND_WINDOW: Duration = seconds(600);

/// A message that was sent, or is about to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageSend {
    /// Its place, 0 to 9.
    pub place: i64,
    /// The network that had it sent; empty for a machine.
    pub network: String,
    /// When.
    pub sent_at: Timestamp,
}

/// The place for one more message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FreePlace {
    /// It was never taken.
    New(i64),
    /// What was sent there is old enough.
    Again(MessageSend),
}

/// The place for one more message to a recipient that was sent these, asked for by `network` (empty
/// for a machine, which may have them all). Which place it is does not depend on who asks, so that
/// of two at once one has to look again.
///
/// # Errors
/// `request.message_rate_limited`, with the seconds until a place is free.
pub fn free_place(sends: &[MessageSend], network: &str, now: Timestamp) -> Result<FreePlace> {
    if let Some(free_at) = full_for(sends, network, now) {
        return Err(refused_until(free_at, now));
    }
    let oldest = sends.iter().min_by_key(|send| send.sent_at);
    if let Some(send) = oldest.filter(|send| send.sent_at + SEND_WINDOW <= now) {
        return Ok(FreePlace::Again(send.clone()));
    }
    let is_taken = |place: &i64| sends.iter().any(|send| send.place == *place);
    if let Some(place) = (0..MAX_SENDS).find(|place| !is_taken(place)) {
        return Ok(FreePlace::New(place));
    }
    let free_at = oldest.map_or(now, |send| send.sent_at + SEND_WINDOW);
    Err(refused_until(free_at, now))
}

/// When a network that has all of its places may have another one.
fn full_for(sends: &[MessageSend], network: &str, now: Timestamp) -> Option<Timestamp> {
    let ends = sends.iter().map(|send| (send, send.sent_at + SEND_WINDOW));
    let mut own: Vec<Timestamp> = ends
        .filter(|(send, end)| !network.is_empty() && send.network == network && *end > now)
        .map(|(_, end)| end)
        .collect();
    own.sort_unstable();
    let surplus = own.len().checked_sub(MAX_FROM_NETWORK)?;
    own.get(surplus).copied()
}

fn refused_until(free_at: Timestamp, now: Timestamp) -> Error {
    let seconds = u32::try_from((free_at.0 - now.0).div_euclid(1000) + 1).unwrap_or(1);
    Error::new(ErrorCode::MessageRateLimited).retry_after(seconds)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn take(sends: &mut Vec<MessageSend>, now: Timestamp) -> Result<()> {
        take_from(sends, "", now)
    }

    fn take_from(sends: &mut Vec<MessageSend>, network: &str, now: Timestamp) -> Result<()> {
        let place = match free_place(sends, network, now)? {
            FreePlace::New(place) => place,
            FreePlace::Again(send) => {
                sends.retain(|other| *other != send);
                send.place
            }
        };
        sends.push(MessageSend {
            place,
            network: network.to_owned(),
            sent_at: now,
        });
        Ok(())
    }

    #[test]
    fn three_places_are_beyond_any_one_network() {
        let (mut sends, start) = (Vec::new(), Timestamp(1_000_000));
        for second in 0..7 {
            take_from(&mut sends, "a", start + seconds(second)).unwrap();
        }
        let refused = take_from(&mut sends, "a", start + seconds(7)).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::MessageRateLimited);
        assert_eq!(refused.retry_after_seconds(), Some(594));
        take_from(&mut sends, "b", start + seconds(7)).unwrap();
        take_from(&mut sends, "", start + seconds(8)).unwrap();
        take_from(&mut sends, "b", start + seconds(9)).unwrap();
        assert!(
            take_from(&mut sends, "b", start + seconds(10)).is_err(),
            "ten"
        );
        assert!(take_from(&mut sends, "a", start + seconds(599)).is_err());
        take_from(&mut sends, "a", start + seconds(600)).unwrap();
        assert!(take_from(&mut sends, "a", start + seconds(600)).is_err());
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
        fn no_network_has_more_than_seven_and_nobody_waits_for_another_s(
            steps in prop::collection::vec((0..90_u64, 0..3_usize), 0..80)
        ) {
            let (mut sends, mut now, mut sent) = (Vec::new(), Timestamp(0), Vec::new());
            for (wait, network) in steps {
                now = now + seconds(wait);
                let recent: Vec<&str> =
                    sent.iter().filter(|(at, _)| *at + SEND_WINDOW > now).map(|(_, network)| *network).collect();
                let network = ["a", "b", ""][network];
                let own = recent.iter().filter(|other| **other == network).count();
                let is_sent = take_from(&mut sends, network, now).is_ok();
                prop_assert_eq!(is_sent, recent.len() < 10 && (network.is_empty() || own < 7));
                sent.extend(is_sent.then_some((now, network)));
            }
        }

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
