//! The checks of the registered claims (RFC 7519 section 4.1).

use serde_json::{Map, Value};

use super::{Expected, JwtError};

type Claims = Map<String, Value>;

/// Each check in the order of its answer: what is there, who it is from and for, when it holds.
pub(super) fn check(
    claims: &Claims,
    expected: &Expected<'_>,
    now: i64,
    leeway: i64,
) -> Result<(), JwtError> {
    check_present(claims, expected.required)?;
    check_issuer(claims, expected.issuer)?;
    check_audience(claims, expected.audience)?;
    check_times(claims, now, leeway.max(0))
}

fn check_present(claims: &Claims, required: &[&str]) -> Result<(), JwtError> {
    for name in ["iss", "exp"].iter().chain(required) {
        let is_missing = match claims.get(*name) {
            None | Some(Value::Null) => true,
            Some(Value::String(text)) => text.is_empty(),
            Some(Value::Array(items)) => items.is_empty(),
            Some(Value::Object(members)) => members.is_empty(),
            Some(_) => false,
        };
        if is_missing {
            return Err(JwtError::MissingClaim((*name).to_owned()));
        }
    }
    Ok(())
}

fn check_issuer(claims: &Claims, issuer: &str) -> Result<(), JwtError> {
    match claims.get("iss") {
        Some(Value::String(given)) if given == issuer => Ok(()),
        Some(Value::String(_)) => Err(JwtError::WrongIssuer),
        _ => Err(JwtError::InvalidClaim("iss")),
    }
}

/// A string or an array of strings (section 4.1.3), whatever is expected.
fn check_audience(claims: &Claims, audience: Option<&str>) -> Result<(), JwtError> {
    let given: Vec<&str> = match claims.get("aud") {
        None => Vec::new(),
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many
            .iter()
            .map(Value::as_str)
            .collect::<Option<_>>()
            .ok_or(JwtError::InvalidClaim("aud"))?,
        Some(_) => return Err(JwtError::InvalidClaim("aud")),
    };
    match audience {
        None => Ok(()),
        Some(_) if given.is_empty() => Err(JwtError::MissingClaim("aud".to_owned())),
        Some(wanted) if given.contains(&wanted) => Ok(()),
        Some(_) => Err(JwtError::WrongAudience),
    }
}

fn check_times(claims: &Claims, now: i64, leeway: i64) -> Result<(), JwtError> {
    let latest_start = now.saturating_add(leeway);
    let not_before = numeric_date(claims, "nbf")?;
    let issued_at = numeric_date(claims, "iat")?;
    let expires_at =
        numeric_date(claims, "exp")?.ok_or_else(|| JwtError::MissingClaim("exp".to_owned()))?;
    if expires_at <= now.saturating_sub(leeway) {
        return Err(JwtError::Expired);
    }
    if not_before.is_some_and(|start| start > latest_start) {
        return Err(JwtError::NotYetValid);
    }
    if issued_at.is_some_and(|start| start > latest_start) {
        return Err(JwtError::IssuedInFuture);
    }
    Ok(())
}

/// The claim `name` in seconds since the epoch (section 2, "NumericDate"), a fraction cut off; `None` when it is absent.
///
/// # Errors
/// [`JwtError::InvalidClaim`] for anything but a number that has its own `f64`.
pub fn numeric_date(claims: &Claims, name: &'static str) -> Result<Option<i64>, JwtError> {
    /// Every whole number up to here has its own `f64`.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let Some(value) = claims.get(name) else {
        return Ok(None);
    };
    if let Some(seconds) = value.as_i64() {
        return Ok(Some(seconds));
    }
    match value.as_f64() {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the guard keeps it within i64"
        )]
        Some(seconds) if seconds.abs() <= EXACT => Ok(Some(seconds.floor() as i64)),
        _ => Err(JwtError::InvalidClaim(name)),
    }
}
