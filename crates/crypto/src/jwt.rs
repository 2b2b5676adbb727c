//! Signed JSON Web Tokens (RFC 7519) in JWS compact form (RFC 7515), verified as RFC 8725 asks.

mod claimed;
mod claims;
mod foreign_keys;
mod strict_json;
mod verify;

use serde::Serialize;

use crate::digest::append_base64url;
use crate::signing_key::{KeyError, SigningKey};
pub use claimed::claimed_issuer;
pub use claims::numeric_date;
pub use foreign_keys::{ForeignKeys, ForeignKeysError, MAX_FOREIGN_KEYS};
pub use verify::{Expected, MAX_KID_BYTES, MAX_TOKEN_BYTES, VerifyingKeys};

/// Why a token was not made or not accepted. No variant holds a token or a claim's value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// The claims to sign do not serialise to a JSON object.
    #[error("the claims to sign are not a JSON object")]
    UnsignableClaims,
    /// The key could not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The token is longer than [`MAX_TOKEN_BYTES`].
    #[error("the token is longer than {MAX_TOKEN_BYTES} bytes")]
    TooLong,
    /// Not three parts of canonical base64url without padding.
    #[error("not a compact JWS of three base64url parts")]
    Malformed,
    /// The header is not a JSON object with unique members, or a member of it has the wrong type.
    #[error("the token's header is not a valid JOSE header")]
    MalformedHeader,
    /// The header has `crit`: it demands an extension, and none is supported.
    #[error("the token demands an extension by crit")]
    CriticalExtension,
    /// `alg` is `none`, unknown, or not among the expected ones.
    #[error("the token's alg is not accepted here")]
    UnacceptedAlgorithm,
    /// `kid` is absent, too long or not the id of a trusted key.
    #[error("the token's kid names no trusted key")]
    UnknownKey,
    /// `alg` is another than the key's own.
    #[error("the token's alg is not that of its key")]
    AlgorithmOfAnotherKey,
    /// `typ` is not among the expected ones.
    #[error("the token's typ is not accepted here")]
    UnacceptedType,
    /// The signature does not verify.
    #[error("the token's signature is wrong")]
    WrongSignature,
    /// The payload is not a JSON object with unique members of bounded depth.
    #[error("the token's claims are not a JSON object")]
    MalformedClaims,
    /// A claim that is required is absent, null or empty.
    #[error("the token lacks the claim {0:?}")]
    MissingClaim(String),
    /// A registered claim has the wrong type.
    #[error("the token's claim {0:?} has the wrong type")]
    InvalidClaim(&'static str),
    /// `iss` is not the expected one.
    #[error("the token is of another issuer")]
    WrongIssuer,
    /// `aud` does not contain the expected one.
    #[error("the token is for another audience")]
    WrongAudience,
    /// `exp` has passed.
    #[error("the token has expired")]
    Expired,
    /// `nbf` has not come.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `iat` is in the future.
    #[error("the token was issued in the future")]
    IssuedInFuture,
}

#[derive(Serialize)]
struct Header<'a> {
    alg: &'static str,
    typ: &'a str,
    kid: &'a str,
}

/// A compact JWS of `claims`, which must serialise to a JSON object, with `alg` and `kid` of the key and the given `typ`.
///
/// It works on the caller's thread; how long that takes says [`SigningKey::sign`].
///
/// # Errors
/// [`JwtError::UnsignableClaims`] or [`JwtError::Key`].
pub fn sign(key: &SigningKey, typ: &str, claims: &impl Serialize) -> Result<String, JwtError> {
    let header = Header {
        alg: key.algorithm().as_str(),
        typ,
        kid: key.kid(),
    };
    let header = serde_json::to_vec(&header).map_err(|_| JwtError::UnsignableClaims)?;
    let payload = serde_json::to_vec(claims).map_err(|_| JwtError::UnsignableClaims)?;
    if payload.first() != Some(&b'{') {
        return Err(JwtError::UnsignableClaims);
    }
    // four characters for three bytes, two dots, and the longest signature in use (RSA 2048: 342 characters)
    let capacity = (header.len() + payload.len()).div_ceil(3) * 4 + 352;
    let mut token = String::with_capacity(capacity);
    append_base64url(&mut token, &header);
    token.push('.');
    append_base64url(&mut token, &payload);
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    append_base64url(&mut token, &signature);
    Ok(token)
}

#[cfg(test)]
mod tests;
