//! The keys that sign tokens and how they take turns: each algorithm has one key that signs, one that is published
//! ahead of its turn, and those whose tokens may still be alive.

use std::time::Duration;

use serde_json::json;

use crate::{
    Error, ErrorCode, Result,
    time::{Timestamp, days, minutes},
};

/// How long a key is published before it signs, unless a rotation is told otherwise. A key set may be kept for less
/// (its `max-age`), so whoever keeps one knows a key before the first token that it signs.
pub const PUBLISHED_BEFORE_USE: Duration = minutes(5);

/// How long a key stays published after its last signature: the longest life of a token (a day, for access tokens and
/// ID tokens alike), and a day more.
pub const PUBLISHED_AFTER_USE: Duration = days(2);

/// The values of `idTokenSignedResponseAlg` and `userinfoSignedResponseAlg`; ID tokens are signed with the first unless told.
pub const SIGNING_ALGORITHMS: &[&str] = &["RS256", "ES256", "ES384", "EdDSA"];

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyStatus {
    /// Signs.
    Current,
    /// Is published, and signs after the next rotation.
    Next,
    /// Signed before; its tokens still verify.
    Previous,
}

impl KeyStatus {
    const ALL: [Self; 3] = [Self::Current, Self::Next, Self::Previous];

    /// The word that is stored: `current`, `next` or `previous`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Next => "next",
            Self::Previous => "previous",
        }
    }

    /// The status of a stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// A signing key as it is published: everything but the key itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedKey {
    /// The key id: the RFC 7638 thumbprint of the public key.
    pub id: String,
    /// The JWS algorithm, such as `ES256`.
    pub algorithm: String,
    /// Whose turn it is.
    pub status: KeyStatus,
    /// When it was made and first published.
    pub created_at: Timestamp,
    /// When it signed for the last time; for a previous key.
    pub retired_at: Option<Timestamp>,
}

/// What a rotation does for one algorithm.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn<'a> {
    /// The next key begins to sign in place of the current one, and another next one is added.
    Take {
        /// Becomes a previous key.
        current: &'a PublishedKey,
        /// Becomes the current key.
        next: &'a PublishedKey,
    },
    /// Somebody else rotated between the request and the decision; once is enough.
    Taken,
}

/// The key of an algorithm that has this status; for `Previous` the first.
#[must_use]
pub fn find<'a>(
    keys: &'a [PublishedKey],
    algorithm: &str,
    status: KeyStatus,
) -> Option<&'a PublishedKey> {
    keys.iter()
        .find(|key| key.algorithm == algorithm && key.status == status)
}

/// Decides whether the keys of `algorithm` take turns. `seen` is the current key as the request found it;
/// `published_for` is how long the next key must have been published.
///
/// # Errors
/// `signing_key.next_too_young`, which says when it may sign; `entity.changed_meanwhile` without a current or next key.
pub fn decide_turn<'a>(
    keys: &'a [PublishedKey],
    algorithm: &str,
    seen: &str,
    published_for: Duration,
    now: Timestamp,
) -> Result<Turn<'a>> {
    let current = find(keys, algorithm, KeyStatus::Current);
    let next = find(keys, algorithm, KeyStatus::Next);
    let (current, next) = current.zip(next).ok_or(ErrorCode::ChangedMeanwhile)?;
    if current.id != seen {
        return Ok(Turn::Taken);
    }
    let ready_at = next.created_at + published_for;
    if now < ready_at {
        let wait = (ready_at - now).as_millis().div_ceil(1000);
        let wait = u32::try_from(wait).unwrap_or(u32::MAX);
        return Err(Error::new(ErrorCode::SigningKeyTooYoung)
            .detail(format!(
                "the next {algorithm} key may sign in {wait} seconds"
            ))
            .data(json!({"algorithm": algorithm, "readyAt": ready_at.millis()}))
            .retry_after(wait));
    }
    Ok(Turn::Take { current, next })
}

/// Lets a previous key be deleted, and no other.
///
/// # Errors
/// `signing_key.in_use`.
pub fn check_deletion(key: &PublishedKey) -> Result<()> {
    match key.status {
        KeyStatus::Previous => Ok(()),
        KeyStatus::Current | KeyStatus::Next => {
            let detail = format!("it is the {} key of {}", key.status.as_str(), key.algorithm);
            Err(Error::new(ErrorCode::SigningKeyInUse).detail(detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::seconds;

    const MADE: Timestamp = Timestamp(1_000_000);

    fn key(id: &str, algorithm: &str, status: KeyStatus) -> PublishedKey {
        PublishedKey {
            id: id.to_owned(),
            algorithm: algorithm.to_owned(),
            status,
            created_at: MADE,
            retired_at: None,
        }
    }

    fn keys() -> Vec<PublishedKey> {
        vec![
            key("r1", "RS256", KeyStatus::Current),
            key("r2", "RS256", KeyStatus::Next),
            key("e0", "ES256", KeyStatus::Previous),
            key("e1", "ES256", KeyStatus::Current),
            key("e2", "ES256", KeyStatus::Next),
        ]
    }

    #[test]
    fn a_key_signs_only_after_it_was_published_long_enough() {
        let keys = keys();
        let decide = |after: Duration, published_for: Duration| {
            decide_turn(&keys, "ES256", "e1", published_for, MADE + after)
        };
        for (after, published_for, expected) in [
            (seconds(300), PUBLISHED_BEFORE_USE, true),
            (Duration::from_millis(299_999), PUBLISHED_BEFORE_USE, false),
            (seconds(0), PUBLISHED_BEFORE_USE, false),
            (seconds(0), Duration::ZERO, true),
            (seconds(300), days(1), false),
        ] {
            let turn = decide(after, published_for);
            assert_eq!(turn.is_ok(), expected, "{after:?} {published_for:?}");
            if let Ok(Turn::Take { current, next }) = turn {
                assert_eq!((current.id.as_str(), next.id.as_str()), ("e1", "e2"));
            }
        }
        let error = decide(Duration::from_millis(100_001), PUBLISHED_BEFORE_USE).unwrap_err();
        assert_eq!(error.code(), ErrorCode::SigningKeyTooYoung);
        assert_eq!(error.retry_after_seconds(), Some(200));
        let ready_at = (MADE + PUBLISHED_BEFORE_USE).millis();
        assert_eq!(error.data_value().unwrap()["readyAt"], ready_at);
    }

    #[test]
    fn who_comes_second_does_not_rotate_again() {
        let keys = keys();
        let turn = decide_turn(&keys, "ES256", "e0", Duration::ZERO, MADE);
        assert_eq!(turn.unwrap(), Turn::Taken);
    }

    #[test]
    fn an_algorithm_without_keys_has_no_turn() {
        let error = decide_turn(&keys(), "EdDSA", "x", Duration::ZERO, MADE).unwrap_err();
        assert_eq!(error.code(), ErrorCode::ChangedMeanwhile);
    }

    #[test]
    fn only_previous_keys_can_be_deleted() {
        for key in keys() {
            let deletable = key.status == KeyStatus::Previous;
            assert_eq!(check_deletion(&key).is_ok(), deletable, "{key:?}");
        }
    }

    #[test]
    fn stored_words_are_read_back() {
        for status in KeyStatus::ALL {
            assert_eq!(KeyStatus::parse(status.as_str()), Some(status));
        }
        assert_eq!(KeyStatus::parse("Current"), None);
    }
}
