//! A session: a signed-in browser.

use std::time::Duration;

use crate::{
    ids::{SessionId, UserId},
    time::{Timestamp, days},
};

/// A session ends at this age, whatever happens in it.
pub const SESSION_TTL: Duration = days(14);

/// A signed-in browser. Its cookie's hash is the look-up key; the id is `sid` in ID tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// `sid`.
    pub id: SessionId,
    /// SHA-256 of the cookie's value, base64url.
    pub token_hash: String,
    /// Whose it is.
    pub user_id: UserId,
    /// When the person last proved who they are (`auth_time`).
    pub auth_time: Timestamp,
    /// How (RFC 8176): `pwd`, …
    pub amr: Vec<String>,
    /// When it began.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Session {
    /// Does it still hold?
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }
}
