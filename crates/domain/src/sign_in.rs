//! A sign-in: the attempt under way, from the authorization request to the answer.

mod proof;
mod typed_address;
mod ways;

pub use self::{
    proof::{AddressProof, Intent, PROOF_TTL},
    typed_address::parse_typed_address,
    ways::{AfterProof, Channels, SignInWays, decide_after_proof},
};

use std::time::Duration;

use crate::{
    consent::ConsentAnswer,
    ids::{SessionId, SignInId},
    time::{Timestamp, minutes},
};

/// A sign-in that nobody finishes ends at this age.
pub const SIGN_IN_TTL: Duration = minutes(60);

/// The attempt under way. It belongs to one browser, told by a cookie whose hash it keeps, so that
/// nobody can finish a sign-in that somebody else began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Id, part of the pages' addresses.
    pub id: SignInId,
    /// SHA-256 of the browser cookie's value, base64url.
    pub browser_hash: String,
    /// The authorization request as received, form-encoded; it is checked again when resumed.
    pub request: String,
    /// The session that the person signed in to for this request; it satisfies `prompt=login`.
    pub session_id: Option<SessionId>,
    /// What the person said on the consent page.
    pub consent: Option<ConsentAnswer>,
    /// The address that a code was sent to last, proved or not yet.
    pub proof: Option<AddressProof>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl SignIn {
    /// May `browser_hash` go on with it?
    #[must_use]
    pub fn is_open_to(&self, browser_hash: &str, now: Timestamp) -> bool {
        now < self.expires_at && self.browser_hash == browser_hash
    }
}
