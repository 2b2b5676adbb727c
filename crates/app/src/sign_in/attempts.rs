//! Counting attempts before anything is hashed, and forgetting them.

use std::net::IpAddr;

use meibo_crypto::digest::sha256_base64url;
use meibo_domain::{
    Error, ErrorCode, Result,
    lockout::{AttemptDecision, check_attempt},
    network::neighbourhood,
    user::User,
};
use meibo_store::{
    db::Batch,
    sign_in_attempts::{self, AttemptKeys},
};

use crate::App;

/// The counters of what was typed, known or not, from this network.
pub(super) fn keys(identifier: &str, address: IpAddr) -> AttemptKeys {
    let hash = sha256_base64url(identifier.as_bytes());
    AttemptKeys {
        from_network: format!("n:{hash}:{}", neighbourhood(address)),
        for_identifier: for_identifier(&hash),
        consecutive: Some(consecutive(&hash)),
    }
}

/// The counters of codes for an address from this network, whichever code is guessed. A run of
/// failures shuts nobody out: each code has its own limit, and a code is the way back in.
pub(super) fn code_keys(recipient_key: &str, address: IpAddr) -> AttemptKeys {
    let hash = sha256_base64url(format!("code:{recipient_key}").as_bytes());
    AttemptKeys {
        from_network: format!("n:{hash}:{}", neighbourhood(address)),
        for_identifier: for_identifier(&hash),
        consecutive: None,
    }
}

/// Lets a person try again whom too many failures keep out, by whatever identifier. What single
/// networks have tried is forgotten by itself.
pub(crate) fn release(batch: Batch, user: &User) -> Batch {
    user.identifiers().fold(batch, |batch, identifier| {
        let hash = sha256_base64url(identifier.key().as_bytes());
        let batch = sign_in_attempts::clear_key(batch, &for_identifier(&hash));
        sign_in_attempts::clear_key(batch, &consecutive(&hash))
    })
}

fn for_identifier(hash: &str) -> String {
    format!("i:{hash}")
}

fn consecutive(hash: &str) -> String {
    format!("c:{hash}")
}

impl App {
    /// Reserves an attempt, and waits when there were many for this identifier.
    ///
    /// # Errors
    /// `session.verification_blocked_too_many_attempts`, with the seconds to wait.
    pub(super) async fn reserve_attempt(&self, keys: &AttemptKeys) -> Result<()> {
        let now = self.now();
        let attempts = sign_in_attempts::reserve(&self.db, keys, now).await?;
        match check_attempt(attempts, now) {
            AttemptDecision::Proceed(delay) => {
                if !delay.is_zero() {
                    tokio::time::sleep(delay).await;
                }
                Ok(())
            }
            AttemptDecision::Blocked {
                retry_after_seconds,
            } => Err(Error::new(ErrorCode::TooManyAttempts).retry_after(retry_after_seconds)),
        }
    }
}
