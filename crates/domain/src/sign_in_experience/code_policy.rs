//! How long verification codes live and how often one may be tried.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Error, Result, verification_code::VerificationCodePolicy};

/// The life of a verification code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CodePolicy {
    /// Seconds until it ends, 60 to 3,600.
    pub expiration_duration: i64,
    /// Tries until it is worthless, 1 to 100.
    pub max_retry_attempts: i64,
}

impl Default for CodePolicy {
    fn default() -> Self {
        Self {
            expiration_duration: 600,
            max_retry_attempts: 10,
        }
    }
}

impl CodePolicy {
    /// The same, as codes are checked by it.
    #[must_use]
    pub const fn limits(self) -> VerificationCodePolicy {
        VerificationCodePolicy {
            ttl: Duration::from_secs(self.expiration_duration.unsigned_abs()),
            max_tries: self.max_retry_attempts,
        }
    }

    pub(super) fn check(self) -> Result<()> {
        for (member, value, low, high) in [
            ("expirationDuration", self.expiration_duration, 60, 3600),
            ("maxRetryAttempts", self.max_retry_attempts, 1, 100),
        ] {
            if !(low..=high).contains(&value) {
                let path = format!("verificationCodePolicy.{member}");
                return Err(Error::invalid(path, "range", format!("{low} to {high}")));
            }
        }
        Ok(())
    }
}
