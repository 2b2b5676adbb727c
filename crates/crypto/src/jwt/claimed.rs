//! What a token says of itself before anything is verified: enough to find the keys that it must be checked with, and
//! good for nothing else.

use serde_json::{Map, Value};

use super::MAX_TOKEN_BYTES;
use super::strict_json::parse_object;
use super::verify::text;
use crate::digest::base64url_decode;

/// The `iss` that a token claims; `None` when it is no token, or `iss` is absent or not a string.
#[must_use]
pub fn claimed_issuer(token: &str) -> Option<String> {
    let claims = part(token, 1)?;
    claims.get("iss")?.as_str().map(str::to_owned)
}

/// The `kid` and `alg` of a token's header, in this order; `None` when the header cannot be read.
pub(super) fn claimed_key(token: &str) -> Option<(Option<String>, String)> {
    let header = part(token, 0)?;
    let kid = text(&header, "kid").ok()?.map(str::to_owned);
    Some((kid, text(&header, "alg").ok()??.to_owned()))
}

fn part(token: &str, place: usize) -> Option<Map<String, Value>> {
    if token.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let parts: Vec<&str> = token.split('.').take(4).collect();
    match parts.as_slice() {
        [_, _, _] => parse_object(&base64url_decode(parts.get(place)?)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::base64url;

    fn token(header: &str, claims: &str) -> String {
        format!(
            "{}.{}.c2ln",
            base64url(header.as_bytes()),
            base64url(claims.as_bytes())
        )
    }

    #[test]
    fn what_is_claimed_is_read_without_being_believed() {
        let named = token(r#"{"alg":"ES256","kid":"k"}"#, r#"{"iss":"app"}"#);
        assert_eq!(claimed_issuer(&named).as_deref(), Some("app"));
        assert_eq!(
            claimed_key(&named),
            Some((Some("k".into()), "ES256".into()))
        );
        let bare = token(r#"{"alg":"RS256"}"#, "{}");
        assert_eq!(claimed_issuer(&bare), None);
        assert_eq!(claimed_key(&bare), Some((None, "RS256".into())));
    }

    #[test]
    fn what_is_no_token_claims_nothing() {
        for text in [
            "",
            "a.b",
            "e30.e30",
            "e30.e30.e30.e30",
            &token(r#"{"alg":1}"#, r#"{"iss":1}"#),
            &token(r#"{"alg":"ES256","kid":null}"#, r#"{"iss":["app"]}"#),
            &token(r#"["ES256"]"#, r#"{"iss":"a","iss":"b"}"#),
            &token(
                r#"{"alg":"ES256"}"#,
                &format!(r#"{{"iss":"{}"}}"#, "x".repeat(MAX_TOKEN_BYTES)),
            ),
        ] {
            assert_eq!(claimed_issuer(text), None, "{text:.40}");
        }
        assert_eq!(
            claimed_key(&token(r#"{"alg":"ES256","kid":null}"#, "{}")),
            None
        );
        assert_eq!(claimed_key("e30.e30.e30"), None, "alg is required");
    }
}
