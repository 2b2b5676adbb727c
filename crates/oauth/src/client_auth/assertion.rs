//! `private_key_jwt`: a client proves itself by a token that it signed (RFC 7523 sections 2.2 and 3,
//! OpenID Connect Core section 9, RFC 8725).

use std::time::Duration;

use meibo_crypto::{
    digest::sha256_base64url,
    jwt::{Expected, ForeignKeys, JwtError, numeric_date},
    signing_key::SigningAlgorithm,
};
use meibo_domain::{
    Error,
    application::{Application, TokenEndpointAuthMethod},
    ids::ApplicationId,
    time::{Timestamp, minutes, seconds},
};
use serde_json::{Map, Value};

use crate::{OAuthError, discovery::path};

/// The value of `client_assertion_type` (RFC 7523 section 2.2).
pub const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How far ahead `exp` may be, and how long ago `iat`.
const MAX_LIFE: Duration = minutes(10);

/// By how much a client's clock may differ from ours.
const LEEWAY: Duration = seconds(30);

/// The longest `jti`, in bytes.
const MAX_JTI_BYTES: usize = 256;

/// `typ` of an assertion's header: none or the general one, as most clients send, or its own.
const TYPES: &[&str] = &["JWT", "client-authentication+jwt"];

/// Why an assertion was refused. For the log: the client is told `invalid_client` and no more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AssertionError {
    /// The client did not register `private_key_jwt`.
    #[error("the application does not use private_key_jwt")]
    NotRegistered,
    /// The client's keys cannot be read where it publishes them.
    #[error("the keys of the application cannot be read")]
    NoKeys,
    /// Not signed by the client, or a claim is missing or out of its time.
    #[error(transparent)]
    Jwt(#[from] JwtError),
    /// `sub` is not the client.
    #[error("sub is not the client")]
    WrongSubject,
    /// `aud` is neither the issuer nor the token endpoint.
    #[error("aud is neither the issuer nor the token endpoint")]
    WrongAudience,
    /// `exp` is too far ahead, or `iat` too long ago.
    #[error("the assertion is meant to live longer than ten minutes")]
    LivesTooLong,
    /// `jti` is not a short text.
    #[error("jti is not a text of at most {MAX_JTI_BYTES} bytes")]
    MalformedId,
}

impl From<AssertionError> for OAuthError {
    fn from(_: AssertionError) -> Self {
        Self::invalid_client()
    }
}

/// An assertion that holds, to be used once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedAssertion {
    /// SHA-256 of client and `jti`, base64url: nothing with the same one may be taken again.
    pub hash: String,
    /// When it needs to be remembered no longer.
    pub expires_at: Timestamp,
}

/// Does the assertion prove that the request comes from `application`, whose registered keys are
/// `keys`? `issuer` is this server's. The caller sees to it that the result is used once.
///
/// # Errors
/// [`AssertionError`], which becomes `invalid_client` whatever it is.
pub fn check(
    application: &Application,
    keys: &ForeignKeys,
    assertion: &str,
    issuer: &str,
    now: Timestamp,
) -> Result<CheckedAssertion, AssertionError> {
    if application.token_endpoint_auth_method() != TokenEndpointAuthMethod::PrivateKeyJwt {
        return Err(AssertionError::NotRegistered);
    }
    let expected = Expected {
        typ: TYPES,
        algorithms: SigningAlgorithm::ALL,
        issuer: application.id.as_str(),
        audience: None,
        required: &["sub", "aud", "jti"],
    };
    let leeway = i64::try_from(LEEWAY.as_secs()).unwrap_or(0);
    let claims = keys.verify(assertion, &expected, now.seconds(), leeway)?;
    check_claims(&claims, application, issuer, now)
}

fn check_claims(
    claims: &Map<String, Value>,
    application: &Application,
    issuer: &str,
    now: Timestamp,
) -> Result<CheckedAssertion, AssertionError> {
    if claims.get("sub").and_then(Value::as_str) != Some(application.id.as_str()) {
        return Err(AssertionError::WrongSubject);
    }
    if !is_for_us(claims.get("aud"), issuer) {
        return Err(AssertionError::WrongAudience);
    }
    let time = |name| Ok::<_, JwtError>(numeric_date(claims, name)?.map(Timestamp::from_seconds));
    let expires_at = time("exp")?.ok_or(AssertionError::LivesTooLong)?;
    let is_old = time("iat")?.is_some_and(|issued_at| issued_at + MAX_LIFE + LEEWAY < now);
    if is_old || expires_at > now + MAX_LIFE + LEEWAY {
        return Err(AssertionError::LivesTooLong);
    }
    let jti = claims
        .get("jti")
        .and_then(Value::as_str)
        .filter(|jti| jti.len() <= MAX_JTI_BYTES)
        .ok_or(AssertionError::MalformedId)?;
    Ok(CheckedAssertion {
        hash: one_time_hash(&application.id, jti),
        // A second more: `exp` was cut to whole seconds.
        expires_at: expires_at + LEEWAY + seconds(1),
    })
}

/// `aud` is the issuer or the token endpoint, or contains one of them (OpenID Connect Core section 9).
fn is_for_us(audience: Option<&Value>, issuer: &str) -> bool {
    let token_endpoint = format!("{issuer}{}", path::TOKEN);
    let is_ours = |value: &Value| {
        value
            .as_str()
            .is_some_and(|text| text == issuer || text == token_endpoint)
    };
    match audience {
        Some(Value::Array(many)) => many.iter().any(is_ours),
        Some(one) => is_ours(one),
        None => false,
    }
}

/// A client chooses its own ids, so they are told apart by client; an id has no NUL.
fn one_time_hash(client_id: &ApplicationId, jti: &str) -> String {
    sha256_base64url(format!("{client_id}\0{jti}").as_bytes())
}

/// The usable keys of a registered set.
///
/// # Errors
/// `guard.invalid_input` for `oidcClientMetadata.jwks` when there is none.
pub fn registered_keys(application: &Application) -> meibo_domain::Result<Option<ForeignKeys>> {
    let Some(jwks) = &application.oidc.jwks else {
        return Ok(None);
    };
    let keys = ForeignKeys::parse(&Value::Object(jwks.clone())).ok();
    match keys.filter(|keys| !keys.is_empty()) {
        Some(keys) => Ok(Some(keys)),
        None => {
            let algorithms: Vec<&str> = SigningAlgorithm::ALL
                .iter()
                .map(|algorithm| algorithm.as_str())
                .collect();
            Err(Error::invalid(
                "oidcClientMetadata.jwks",
                "jwks",
                format!(
                    "at least one public key for signatures by {}; RSA with 2048 to 8192 bits",
                    algorithms.join(", ")
                ),
            ))
        }
    }
}

#[cfg(test)]
mod tests;
