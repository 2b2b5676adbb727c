//! How often the codes of one recipient may be guessed in a day, whichever code it is.
//!
//! Each code has its own tries and a recipient gets few of them, but a day is long. So wrong codes
//! are counted for (recipient, network), tightly, and for the recipient alone, loosely. The loose
//! bound does not hold for a network where a code of the recipient was right before: a stranger with
//! many networks can shut a person out of those that are new to the person, for a day, and of no
//! other.

use std::{net::IpAddr, time::Duration};

use crate::{
    counter::{Bound, Count},
    network::neighbourhood,
    time::{Timestamp, days},
};

/// The time in which wrong codes are counted.
pub const GUESS_WINDOW: Duration = days(1);

/// Wrong codes for one recipient from one network.
pub const MAX_FROM_NETWORK: i64 = 30;

/// Wrong codes for one recipient from wherever.
pub const MAX_FOR_RECIPIENT: i64 = 200;

/// How long a network is known by a right code.
pub const KNOWN_FOR: Duration = days(90);

// Two doors, two counters: who guesses at a back end's shuts nobody out of the pages.
const DOOR_OF_PAGES: &str = "code";
const DOOR_OF_MACHINES: &str = "machine-code";

/// The counters that one code, typed for one recipient, counts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeGuesses {
    /// Wrong codes for the recipient.
    in_all: Bound,
    /// Wrong and right ones from the network; none for a machine, which asks for all of its people.
    here: Option<Here>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Here {
    wrong: Bound,
    right: Bound,
}

impl CodeGuesses {
    /// For a recipient, named by a hash, and the browser's address; `None` for the Management API.
    #[must_use]
    pub fn of(recipient_hash: &str, address: Option<IpAddr>) -> Self {
        let bound = |key: String, max, window| Bound { key, max, window };
        let from = address.map(neighbourhood);
        let door = if from.is_some() {
            DOOR_OF_PAGES
        } else {
            DOOR_OF_MACHINES
        };
        Self {
            in_all: bound(
                format!("{door}:{recipient_hash}"),
                MAX_FOR_RECIPIENT,
                GUESS_WINDOW,
            ),
            here: from.map(|from| Here {
                wrong: bound(
                    format!("code:{recipient_hash}:{from}"),
                    MAX_FROM_NETWORK,
                    GUESS_WINDOW,
                ),
                right: bound(
                    format!("proof:{recipient_hash}:{from}"),
                    i64::MAX,
                    KNOWN_FOR,
                ),
            }),
        }
    }

    /// The counters to be read for [`CodeGuesses::bounds`].
    #[must_use]
    pub fn keys(&self) -> Vec<&str> {
        let here = self.here.iter();
        here.flat_map(|here| [here.wrong.key.as_str(), here.right.key.as_str()])
            .chain([self.in_all.key.as_str()])
            .collect()
    }

    /// What holds for one more code, as it is counted when it is wrong.
    #[must_use]
    pub fn bounds(&self, counts: &[Count], now: Timestamp) -> Vec<Bound> {
        let is_known = |here: &Here| {
            let mut proofs = counts.iter().filter(|count| count.key == here.right.key);
            proofs.any(|count| count.at(now) > 0)
        };
        let mut bounds = Vec::new();
        bounds.extend(self.here.as_ref().map(|here| here.wrong.clone()));
        if !self.here.as_ref().is_some_and(is_known) {
            bounds.push(self.in_all.clone());
        }
        bounds
    }

    /// The counter that a right code ends: what this network guessed wrong. The recipient's own is
    /// kept, for most of it may be a stranger's.
    #[must_use]
    pub fn forgiven(&self) -> Option<&str> {
        self.here.as_ref().map(|here| here.wrong.key.as_str())
    }

    /// The counters of a recipient, by which strangers shut a person out: of networks that are new to
    /// the person, and of back ends.
    #[must_use]
    pub fn of_recipient(recipient_hash: &str) -> [String; 2] {
        [DOOR_OF_PAGES, DOOR_OF_MACHINES].map(|door| format!("{door}:{recipient_hash}"))
    }

    /// The counter of right codes, by which this network is known.
    #[must_use]
    pub fn proofs(&self) -> Option<&Bound> {
        self.here.as_ref().map(|here| &here.right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counter::check_bounds;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn counted(key: &str, count: i64, window: Duration) -> Count {
        Count {
            key: key.into(),
            count,
            ends_at: NOW + window,
        }
    }

    #[test]
    fn who_may_try_another_code() {
        let home = CodeGuesses::of("r", Some("192.0.2.7".parse().unwrap()));
        let machine = CodeGuesses::of("r", None);
        let here = |count| counted("code:r:192.0.2.0/24", count, GUESS_WINDOW);
        let in_all = |count| counted("code:r", count, GUESS_WINDOW);
        let known = || counted("proof:r:192.0.2.0/24", 1, KNOWN_FOR);
        let known_once = || Count {
            ends_at: NOW,
            ..known()
        };
        let day = Err(86_400);
        for (guesses, counts, expected) in [
            (&home, vec![], Ok(())),
            (&home, vec![here(29), in_all(199)], Ok(())),
            (&home, vec![here(30)], day),
            (&home, vec![here(30), known()], day),
            (&home, vec![in_all(200)], day),
            (&home, vec![in_all(200), known()], Ok(())),
            (&home, vec![in_all(200), known_once()], day),
            (&machine, vec![in_all(200), here(30)], Ok(())),
            (
                &machine,
                vec![counted("machine-code:r", 200, GUESS_WINDOW)],
                day,
            ),
        ] {
            let bounds = guesses.bounds(&counts, NOW);
            assert_eq!(check_bounds(&bounds, &counts, NOW), expected, "{counts:?}");
            let keys = guesses.keys();
            assert!(
                bounds
                    .iter()
                    .all(|bound| keys.contains(&bound.key.as_str()))
            );
        }
    }

    #[test]
    fn a_right_code_forgives_its_network_and_makes_it_known() {
        let home = CodeGuesses::of("r", Some("2001:db8::1".parse().unwrap()));
        assert_eq!(home.forgiven(), Some("code:r:2001:db8::/64"));
        assert_eq!(CodeGuesses::of_recipient("r"), ["code:r", "machine-code:r"]);
        assert_eq!(home.proofs().unwrap().key, "proof:r:2001:db8::/64");
        let machine = CodeGuesses::of("r", None);
        assert_eq!((machine.forgiven(), machine.proofs()), (None, None));
    }
}
