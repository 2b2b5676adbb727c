//! Which new address a browser's visitor has shown to be theirs.
//!
//! Kept on the server, in the visit, so that no browser can claim it; for exactly one address, for
//! ten minutes, and for one save.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::channel::Channel;

/// As long as the code itself lives, and once more after it was right.
const LIFE: Duration = Duration::from_secs(600);

/// How far an address has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Standing {
    #[default]
    Unknown,
    /// A code was sent to it.
    CodeSent,
    /// The code was right.
    Verified,
}

#[derive(Default)]
pub(crate) struct Proofs(HashMap<Channel, Proof>);

struct Proof {
    address: String,
    standing: Standing,
    at: Instant,
}

impl Proofs {
    /// The address in question from now on; another one of the same channel is forgotten.
    pub(crate) fn put(
        &mut self,
        channel: Channel,
        address: &str,
        standing: Standing,
        now: Instant,
    ) {
        let proof = Proof {
            address: address.to_owned(),
            standing,
            at: now,
        };
        self.0.insert(channel, proof);
    }

    pub(crate) fn standing(&self, channel: Channel, address: &str, now: Instant) -> Standing {
        self.0
            .get(&channel)
            .filter(|proof| proof.address == address && now.duration_since(proof.at) < LIFE)
            .map_or(Standing::Unknown, |proof| proof.standing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn for_one_address_one_channel_and_ten_minutes() {
        #[allow(clippy::disallowed_methods, reason = "any instant will do")]
        let now = Instant::now();
        let mut proofs = Proofs::default();
        let email =
            |proofs: &Proofs, address: &str, now| proofs.standing(Channel::Email, address, now);
        proofs.put(Channel::Email, "a@b.example", Standing::CodeSent, now);
        assert_eq!(email(&proofs, "a@b.example", now), Standing::CodeSent);
        proofs.put(Channel::Email, "a@b.example", Standing::Verified, now);
        assert_eq!(email(&proofs, "a@b.example", now), Standing::Verified);
        assert_eq!(email(&proofs, "A@b.example", now), Standing::Unknown);
        let phone = proofs.standing(Channel::Phone, "a@b.example", now);
        assert_eq!(phone, Standing::Unknown);
        let almost = now + LIFE - Duration::from_secs(1);
        assert_eq!(email(&proofs, "a@b.example", almost), Standing::Verified);
        assert_eq!(email(&proofs, "a@b.example", now + LIFE), Standing::Unknown);

        proofs.put(Channel::Email, "other@b.example", Standing::CodeSent, now);
        assert_eq!(email(&proofs, "a@b.example", now), Standing::Unknown);
    }
}
