//! A session: a signed-in browser.

use std::{net::IpAddr, time::Duration};

use crate::{
    ids::{SessionId, UserId},
    time::{Timestamp, days, minutes},
};

/// How long sessions last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// A session ends at this age, whatever happens in it.
    pub ttl: Duration,
    /// A session that is not used for this long ends.
    pub idle_ttl: Duration,
}

impl Default for SessionLimits {
    /// Two weeks, as the contract has it; and one week without use, so that a person who comes back
    /// every week need not sign in, and a browser left behind does not stay signed in for long.
    fn default() -> Self {
        Self {
            ttl: days(14),
            idle_ttl: days(7),
        }
    }
}

impl SessionLimits {
    /// When a session ends that began at `created_at` and was last used at `used_at`.
    #[must_use]
    pub fn expiry(self, created_at: Timestamp, used_at: Timestamp) -> Timestamp {
        (created_at + self.ttl).min(used_at + self.idle_ttl)
    }
}

/// Uses within this time of the last one that was noted are not noted.
const USE_NOTED_AFTER: Duration = minutes(1);

/// Bytes of a user agent that are kept.
const MAX_USER_AGENT_BYTES: usize = 512;

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
    /// When it ends, unless it is used before.
    pub expires_at: Timestamp,
    /// When it was last used: an application was authorized, or renewed access that ends with it.
    /// Noted at most once a minute.
    pub last_used_at: Timestamp,
    /// What the browser called itself at the sign-in, at most 512 bytes.
    pub user_agent: Option<String>,
    /// The network address of the sign-in.
    pub address: Option<IpAddr>,
}

impl Session {
    /// Does it still hold?
    #[must_use]
    pub fn is_alive(&self, now: Timestamp) -> bool {
        now < self.expires_at
    }

    /// The session after a use at `now`; none when the last noted use is less than a minute old.
    #[must_use]
    pub fn used(&self, limits: SessionLimits, now: Timestamp) -> Option<Self> {
        (now - self.last_used_at >= USE_NOTED_AFTER).then(|| Self {
            last_used_at: now,
            expires_at: limits.expiry(self.created_at, now),
            ..self.clone()
        })
    }
}

/// What is kept of a `User-Agent`: visible characters and spaces, at most 512 bytes; none when
/// nothing is left.
#[must_use]
pub fn kept_user_agent(text: &str) -> Option<String> {
    let mut kept: String = text
        .chars()
        .filter(|character| !character.is_control())
        .collect();
    kept.truncate(kept.floor_char_boundary(MAX_USER_AGENT_BYTES));
    let kept = kept.trim();
    (!kept.is_empty()).then(|| kept.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::seconds;

    const LIMITS: SessionLimits = SessionLimits {
        ttl: seconds(1000),
        idle_ttl: seconds(300),
    };

    fn session() -> Session {
        Session {
            id: SessionId::parse("s").unwrap(),
            token_hash: "h".into(),
            user_id: UserId::parse("u").unwrap(),
            auth_time: Timestamp(0),
            amr: vec![],
            created_at: Timestamp(0),
            expires_at: LIMITS.expiry(Timestamp(0), Timestamp(0)),
            last_used_at: Timestamp(0),
            user_agent: None,
            address: None,
        }
    }

    #[test]
    fn use_prolongs_a_session_to_its_absolute_end() {
        let at = Timestamp::from_seconds;
        assert_eq!(session().expires_at, at(300));
        assert_eq!(session().used(LIMITS, at(59)), None);
        let used = session().used(LIMITS, at(60)).unwrap();
        assert_eq!((used.last_used_at, used.expires_at), (at(60), at(360)));
        let used = used.used(LIMITS, at(359)).unwrap();
        assert_eq!(used.expires_at, at(659));
        assert_eq!(used.used(LIMITS, at(900)).unwrap().expires_at, at(1000));
    }

    #[test]
    fn an_idle_limit_above_the_absolute_one_means_nothing() {
        let limits = SessionLimits {
            ttl: seconds(10),
            idle_ttl: seconds(300),
        };
        assert_eq!(
            limits.expiry(Timestamp(0), Timestamp(9_000)),
            Timestamp(10_000)
        );
    }

    #[test]
    fn user_agents_are_bounded_whole_characters() {
        assert_eq!(kept_user_agent(" a\u{0}b\r\n "), Some("ab".into()));
        assert_eq!(kept_user_agent("\u{7f} "), None);
        assert_eq!(kept_user_agent(&"名".repeat(200)).unwrap().len(), 510);
    }

    proptest! {
        #[test]
        fn a_session_never_outlives_its_absolute_limit(uses in proptest::collection::vec(0_i64..400_000, 0..20)) {
            let mut session = session();
            let mut now = Timestamp(0);
            for wait in uses {
                now = Timestamp(now.0 + wait);
                if !session.is_alive(now) {
                    break;
                }
                session = session.used(LIMITS, now).unwrap_or(session);
                prop_assert!(session.expires_at <= session.created_at + LIMITS.ttl);
                prop_assert!(session.expires_at <= now + LIMITS.idle_ttl);
            }
        }
    }
}
