//! Grants and what is issued under them (RFC 6749): codes, refresh tokens, access tokens.

use std::time::Duration;

use crate::{
    ids::{ApplicationId, GrantId, SessionId, UserId},
    scope::ScopeSet,
    time::{Timestamp, days, seconds},
};

/// A grant ends at this age.
pub const GRANT_TTL: Duration = days(180);

/// An authorization code ends at this age (RFC 6749 section 4.1.2 allows ten minutes).
pub const CODE_TTL: Duration = seconds(60);

/// Within this time after its rotation a refresh token still gives the same successor.
pub const ROTATION_GRACE: Duration = seconds(10);

/// No chain of refresh tokens lives longer.
pub const REFRESH_CHAIN_TTL: Duration = days(365);

/// What one person allowed one application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Id.
    pub id: GrantId,
    /// Whose account.
    pub user_id: UserId,
    /// Which application.
    pub application_id: ApplicationId,
    /// The session it was made in; without `offline_access` it ends with that.
    pub session_id: Option<SessionId>,
    /// Scopes of OpenID Connect and of resources, as granted.
    pub scopes: ScopeSet,
    /// Resource indicators that tokens may be asked for.
    pub resources: Vec<String>,
    /// `auth_time` of the session.
    pub auth_time: Timestamp,
    /// How the person proved who they are (RFC 8176).
    pub amr: Vec<String>,
    /// `nonce` of the request, repeated in every ID token of the code.
    pub nonce: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// An authorization code, kept as a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorizationCode {
    /// SHA-256 of the code, base64url.
    pub hash: String,
    /// What it gives.
    pub grant_id: GrantId,
    /// Who may redeem it.
    pub application_id: ApplicationId,
    /// The redirect URI that the token request must repeat.
    pub redirect_uri: String,
    /// S256 challenge (RFC 7636), when the request had one.
    pub code_challenge: Option<String>,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was redeemed.
    pub consumed_at: Option<Timestamp>,
}

/// A refresh token, kept as a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshToken {
    /// SHA-256 of the token, base64url.
    pub hash: String,
    /// What it belongs to.
    pub grant_id: GrantId,
    /// Who may use it.
    pub application_id: ApplicationId,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When the first token of its chain was issued.
    pub chain_started_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When its successor was issued.
    pub rotated_at: Option<Timestamp>,
}

/// An opaque access token, kept as a hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// SHA-256 of the token, base64url.
    pub hash: String,
    /// What it belongs to.
    pub grant_id: GrantId,
    /// Whose account.
    pub user_id: UserId,
    /// Which application.
    pub application_id: ApplicationId,
    /// What it allows.
    pub scopes: ScopeSet,
    /// When it was issued; unknown for one that a former version issued.
    pub created_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What presenting a refresh token leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// It stays and is returned again.
    Keep,
    /// Its one successor is made; the token itself counts as used from now on.
    Rotate {
        /// When the successor ends.
        expires_at: Timestamp,
    },
    /// It was rotated a moment ago (two requests at once): the same successor is given again.
    Repeat,
    /// It was used before: somebody has a copy. The grant is revoked.
    Reused,
    /// Its time is over.
    Expired,
}

/// The settings of an application that rotation depends on.
#[derive(Debug, Clone, Copy)]
pub struct RotationPolicy {
    /// Has the application no secret? Then every use rotates.
    pub is_public: bool,
    /// Is rotation turned on?
    pub is_on: bool,
    /// Does a successor get the remaining life only (single-page applications)?
    pub keeps_expiry: bool,
    /// How long a fresh token lives.
    pub ttl: Duration,
}

impl RefreshToken {
    /// Decides what presenting the token at `now` leads to (decision 18; RFC 9700 section 4.14).
    #[must_use]
    pub fn check_use(&self, policy: RotationPolicy, now: Timestamp) -> Rotation {
        if let Some(rotated_at) = self.rotated_at {
            return if now < rotated_at + ROTATION_GRACE {
                Rotation::Repeat
            } else {
                Rotation::Reused
            };
        }
        if now >= self.expires_at {
            return Rotation::Expired;
        }
        let life = (self.expires_at - self.created_at).as_millis();
        let is_worn = (now - self.created_at).as_millis() * 10 >= life * 7;
        let chain_end = self.chain_started_at + REFRESH_CHAIN_TTL;
        if !policy.is_on || now >= chain_end || !(policy.is_public || is_worn) {
            return Rotation::Keep;
        }
        let expires_at = if policy.keeps_expiry {
            self.expires_at
        } else {
            (now + policy.ttl).min(chain_end)
        };
        Rotation::Rotate { expires_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> RefreshToken {
        RefreshToken {
            hash: "h".into(),
            grant_id: GrantId::parse("g").unwrap(),
            application_id: ApplicationId::parse("a").unwrap(),
            created_at: Timestamp(0),
            chain_started_at: Timestamp(0),
            expires_at: Timestamp(0) + days(14),
            rotated_at: None,
        }
    }

    const PUBLIC: RotationPolicy = RotationPolicy {
        is_public: true,
        is_on: true,
        keeps_expiry: false,
        ttl: days(14),
    };
    const CONFIDENTIAL: RotationPolicy = RotationPolicy {
        is_public: false,
        ..PUBLIC
    };

    #[test]
    fn rotation_table() {
        let at = |duration: Duration| Timestamp(0) + duration;
        let spa = RotationPolicy {
            keeps_expiry: true,
            ..PUBLIC
        };
        let off = RotationPolicy {
            is_on: false,
            ..PUBLIC
        };
        for (policy, now, expected) in [
            (
                PUBLIC,
                days(1),
                Rotation::Rotate {
                    expires_at: at(days(15)),
                },
            ),
            (
                spa,
                days(1),
                Rotation::Rotate {
                    expires_at: at(days(14)),
                },
            ),
            (off, days(1), Rotation::Keep),
            (CONFIDENTIAL, days(9), Rotation::Keep),
            (
                CONFIDENTIAL,
                days(10),
                Rotation::Rotate {
                    expires_at: at(days(24)),
                },
            ),
            (PUBLIC, days(14), Rotation::Expired),
        ] {
            assert_eq!(
                token().check_use(policy, at(now)),
                expected,
                "{policy:?} {now:?}"
            );
        }
    }

    #[test]
    fn a_rotated_token_repeats_for_ten_seconds_and_then_betrays_its_copy() {
        let rotated = RefreshToken {
            rotated_at: Some(Timestamp(0)),
            ..token()
        };
        assert_eq!(
            rotated.check_use(PUBLIC, Timestamp(9_999)),
            Rotation::Repeat
        );
        assert_eq!(
            rotated.check_use(PUBLIC, Timestamp(10_000)),
            Rotation::Reused
        );
        let later = Timestamp(0) + days(20);
        assert_eq!(
            rotated.check_use(PUBLIC, later),
            Rotation::Reused,
            "also after its expiry"
        );
    }

    #[test]
    fn no_chain_outlives_a_year() {
        let old = RefreshToken {
            created_at: Timestamp(0) + days(364),
            expires_at: Timestamp(0) + days(378),
            ..token()
        };
        let day = |number: u64| Timestamp(0) + days(number);
        assert_eq!(
            old.check_use(PUBLIC, day(364)),
            Rotation::Rotate {
                expires_at: day(365)
            }
        );
        assert_eq!(old.check_use(PUBLIC, day(366)), Rotation::Keep);
    }
}
