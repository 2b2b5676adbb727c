//! Public keys of another party (RFC 7517), read leniently: what cannot be used is passed over (section 5), what can be
//! used is held to the same bounds as our own keys.

use std::fmt;

use serde_json::{Map, Value, json};

use super::claimed::claimed_key;
use super::verify::verify_with;
use super::{Expected, JwtError, MAX_KID_BYTES};
use crate::signing_key::{Jwk, SigningAlgorithm, VerifyingKey};

/// Keys that one set may have, usable or not.
pub const MAX_FOREIGN_KEYS: usize = 50;

/// Why a key set was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ForeignKeysError {
    /// Not an object whose member `keys` is a list of objects.
    #[error("not a JWK Set: an object whose member keys is a list of keys")]
    NotASet,
    /// More than [`MAX_FOREIGN_KEYS`].
    #[error("the JWK Set has more than {MAX_FOREIGN_KEYS} keys")]
    TooMany,
}

/// The usable public keys of a set, parsed once, in their order.
pub struct ForeignKeys(Vec<ForeignKey>);

struct ForeignKey {
    kid: Option<String>,
    key: VerifyingKey,
}

impl ForeignKeys {
    /// Reads a JWK Set. Passed over are keys for encryption, of an unknown `kty`, curve or `alg`, symmetric ones, and
    /// those that the bounds of a verifying key exclude. `alg` and `use` may be absent, unlike in our own set.
    ///
    /// # Errors
    /// [`ForeignKeysError`] for what is no set at all; a set without a usable key is read and empty.
    pub fn parse(set: &Value) -> Result<Self, ForeignKeysError> {
        let keys = set.get("keys").and_then(Value::as_array);
        let keys = keys.ok_or(ForeignKeysError::NotASet)?;
        if keys.len() > MAX_FOREIGN_KEYS {
            return Err(ForeignKeysError::TooMany);
        }
        let mut usable = Vec::new();
        for key in keys {
            usable.extend(read(key.as_object().ok_or(ForeignKeysError::NotASet)?));
        }
        Ok(Self(usable))
    }

    /// Reads a JWK Set from JSON text.
    ///
    /// # Errors
    /// As [`ForeignKeys::parse`].
    pub fn from_json(text: &[u8]) -> Result<Self, ForeignKeysError> {
        let set = serde_json::from_slice(text).map_err(|_| ForeignKeysError::NotASet)?;
        Self::parse(&set)
    }

    /// Is there no usable key?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Would one of the keys be tried for `token`, by what its header says?
    #[must_use]
    pub fn has_key_for(&self, token: &str) -> bool {
        claimed_key(token).is_some_and(|(kid, alg)| {
            SigningAlgorithm::parse(&alg)
                .is_some_and(|algorithm| self.find(kid.as_deref(), algorithm).is_ok())
        })
    }

    /// The claims of `token`, as [`super::VerifyingKeys::verify`] has it. A token without `kid` is taken when exactly
    /// one key has its algorithm.
    ///
    /// # Errors
    /// The [`JwtError`] of the first check that fails.
    pub fn verify(
        &self,
        token: &str,
        expected: &Expected<'_>,
        now_seconds: i64,
        leeway: i64,
    ) -> Result<Map<String, Value>, JwtError> {
        verify_with(token, expected, now_seconds, leeway, |kid, algorithm| {
            self.find(kid, algorithm)
        })
    }

    fn find(
        &self,
        kid: Option<&str>,
        algorithm: SigningAlgorithm,
    ) -> Result<&VerifyingKey, JwtError> {
        let mut fitting = self
            .0
            .iter()
            .filter(|one| one.key.algorithm() == algorithm)
            .filter(|one| kid.is_none() || one.kid.as_deref() == kid);
        match (kid, fitting.next(), fitting.next()) {
            (Some(_), Some(one), _) | (None, Some(one), None) => Ok(&one.key),
            (Some(kid), None, _) if self.0.iter().any(|one| one.kid.as_deref() == Some(kid)) => {
                Err(JwtError::AlgorithmOfAnotherKey)
            }
            _ => Err(JwtError::UnknownKey),
        }
    }
}

impl fmt::Debug for ForeignKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|one| &one.kid))
            .finish()
    }
}

/// The key, if it is a public one for signatures of one of our algorithms.
fn read(key: &Map<String, Value>) -> Option<ForeignKey> {
    let kid = match key.get("kid") {
        None => None,
        Some(kid) => Some(kid.as_str().filter(|kid| kid.len() <= MAX_KID_BYTES)?),
    };
    if key.get("use").is_some_and(|given| given != "sig") || !may_verify(key) {
        return None;
    }
    let key = SigningAlgorithm::ALL
        .iter()
        .filter(|algorithm| {
            key.get("alg")
                .is_none_or(|given| given == algorithm.as_str())
        })
        .find_map(|algorithm| {
            // Of its members only those of the public key count; ours name the algorithm.
            let mut complete = key.clone();
            complete.insert("use".into(), json!("sig"));
            complete.insert("alg".into(), json!(algorithm));
            complete.insert("kid".into(), json!(kid.unwrap_or_default()));
            let jwk: Jwk = serde_json::from_value(Value::Object(complete)).ok()?;
            VerifyingKey::parse(&jwk).ok()
        })?;
    Some(ForeignKey {
        kid: kid.map(str::to_owned),
        key,
    })
}

/// `key_ops` (RFC 7517 section 4.3) allows verifying when it is there.
fn may_verify(key: &Map<String, Value>) -> bool {
    key.get("key_ops").is_none_or(|operations| {
        operations
            .as_array()
            .is_some_and(|operations| operations.iter().any(|operation| operation == "verify"))
    })
}

#[cfg(test)]
mod tests;
