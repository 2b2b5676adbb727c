//! Verifying a token against the trusted keys.

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value};

use super::strict_json::parse_object;
use super::{JwtError, claims};
use crate::digest::base64url_decode;
use crate::signing_key::{Jwk, KeyError, SigningAlgorithm, VerifyingKey};

/// The longest token that is looked at, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// The longest `kid` that is looked up, in bytes.
pub const MAX_KID_BYTES: usize = 128;

/// What a token must be to be accepted. One kind of token, one `Expected` (RFC 8725 section 3.12).
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// Accepted `typ` values, compared without case and without the prefix `application/`. `JWT` among them also accepts
    /// a token without `typ`, as ID tokens may be.
    pub typ: &'a [&'a str],
    /// Accepted `alg` values; the key must be of the same one.
    pub algorithms: &'a [SigningAlgorithm],
    /// The exact `iss`.
    pub issuer: &'a str,
    /// The value that `aud` must be or contain; `None` leaves the audience to the caller.
    pub audience: Option<&'a str>,
    /// Claims that must be present, not null and not empty, beside `iss` and `exp`, which always must.
    pub required: &'a [&'a str],
}

/// The trusted public keys by key id, parsed once; none at first.
#[derive(Default)]
pub struct VerifyingKeys(HashMap<String, VerifyingKey>);

impl VerifyingKeys {
    /// Parses every key of a set. A token is only ever verified with one of these; keys or addresses of keys in its own
    /// header (`jwk`, `jku`, `x5c`, `x5u`) are not looked at.
    ///
    /// # Errors
    /// [`KeyError::UnusableJwk`] or [`KeyError::DuplicateKid`] for the first bad key.
    pub fn from_jwks(jwks: &[Jwk]) -> Result<Self, KeyError> {
        let mut keys = HashMap::with_capacity(jwks.len());
        for jwk in jwks {
            if jwk.kid.is_empty() || jwk.kid.len() > MAX_KID_BYTES {
                return Err(KeyError::UnusableJwk {
                    kid: jwk.kid.clone(),
                    detail: "kid must have 1 to 128 bytes",
                });
            }
            if keys
                .insert(jwk.kid.clone(), VerifyingKey::parse(jwk)?)
                .is_some()
            {
                return Err(KeyError::DuplicateKid {
                    kid: jwk.kid.clone(),
                });
            }
        }
        Ok(Self(keys))
    }

    /// The claims of `token`, if it is signed by a trusted key and everything `expected` says holds at `now_seconds`
    /// (seconds since the epoch), with `leeway` seconds of tolerance for `exp`, `nbf` and `iat`.
    ///
    /// Claims are read only after the signature verified.
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
            let key = kid
                .filter(|kid| kid.len() <= MAX_KID_BYTES)
                .and_then(|kid| self.0.get(kid))
                .ok_or(JwtError::UnknownKey)?;
            if key.algorithm() != algorithm {
                return Err(JwtError::AlgorithmOfAnotherKey);
            }
            Ok(key)
        })
    }
}

/// The claims of `token`, when `find` has a key for its `kid` and `alg`, the key verifies it and `expected` holds.
pub(super) fn verify_with<'k>(
    token: &str,
    expected: &Expected<'_>,
    now_seconds: i64,
    leeway: i64,
    find: impl FnOnce(Option<&str>, SigningAlgorithm) -> Result<&'k VerifyingKey, JwtError>,
) -> Result<Map<String, Value>, JwtError> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(JwtError::TooLong);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(JwtError::Malformed)?;
    let (header, payload) = signed.split_once('.').ok_or(JwtError::Malformed)?;
    let decode = |part| base64url_decode(part).ok_or(JwtError::Malformed);
    let (header, payload, signature) = (decode(header)?, decode(payload)?, decode(signature)?);

    let header = parse_object(&header).ok_or(JwtError::MalformedHeader)?;
    let algorithm = check_header(&header, expected)?;
    let key = find(text(&header, "kid")?, algorithm)?;
    if !key.verify(signed.as_bytes(), &signature) {
        return Err(JwtError::WrongSignature);
    }
    let claims = parse_object(&payload).ok_or(JwtError::MalformedClaims)?;
    claims::check(&claims, expected, now_seconds, leeway)?;
    Ok(claims)
}

/// The algorithm of a header that demands no extension and has an expected `alg` and `typ`.
fn check_header(
    header: &Map<String, Value>,
    expected: &Expected<'_>,
) -> Result<SigningAlgorithm, JwtError> {
    if header.contains_key("crit") {
        return Err(JwtError::CriticalExtension);
    }
    let algorithm = text(header, "alg")?
        .and_then(SigningAlgorithm::parse)
        .filter(|algorithm| expected.algorithms.contains(algorithm))
        .ok_or(JwtError::UnacceptedAlgorithm)?;
    if !is_accepted_type(text(header, "typ")?, expected.typ) {
        return Err(JwtError::UnacceptedType);
    }
    Ok(algorithm)
}

impl fmt::Debug for VerifyingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// A header member that must be a string when it is there.
pub(super) fn text<'h>(
    header: &'h Map<String, Value>,
    name: &str,
) -> Result<Option<&'h str>, JwtError> {
    header
        .get(name)
        .map(|value| value.as_str().ok_or(JwtError::MalformedHeader))
        .transpose()
}

fn is_accepted_type(given: Option<&str>, accepted: &[&str]) -> bool {
    let given = given.map_or("JWT", without_prefix);
    accepted
        .iter()
        .any(|typ| without_prefix(typ).eq_ignore_ascii_case(given))
}

/// A media type without `application/`, which may be left out when no other slash follows (RFC 7515 section 4.1.9).
fn without_prefix(typ: &str) -> &str {
    match typ.split_once('/') {
        Some((kind, rest)) if kind.eq_ignore_ascii_case("application") && !rest.contains('/') => {
            rest
        }
        _ => typ,
    }
}
