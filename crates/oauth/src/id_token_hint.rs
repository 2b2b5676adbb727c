//! `id_token_hint`: an ID token of this server that comes back (OpenID Connect Core section
//! 3.1.2.1, OpenID Connect RP-Initiated Logout section 2). The caller verifies signature and
//! issuer; an expired one is still a hint.

use serde_json::{Map, Value};

/// What the verified claims of a hint say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdTokenHint {
    /// `sub`.
    pub subject: String,
    /// `aud`: the client that it was given to.
    pub audience: String,
}

impl IdTokenHint {
    /// Reads verified claims; `None` when they are not those of an ID token of this server, which
    /// has one string as audience.
    #[must_use]
    pub fn from_claims(claims: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| claims.get(name)?.as_str().map(str::to_owned);
        Some(Self {
            subject: text("sub")?,
            audience: text("aud")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn subject_and_one_audience_are_required() {
        let read = |claims: Value| IdTokenHint::from_claims(claims.as_object().unwrap());
        assert_eq!(
            read(json!({"sub": "u", "aud": "a", "exp": 1})),
            Some(IdTokenHint {
                subject: "u".into(),
                audience: "a".into()
            })
        );
        for bad in [
            json!({"sub": "u"}),
            json!({"aud": "a"}),
            json!({"sub": 1, "aud": "a"}),
            json!({"sub": "u", "aud": ["a"]}),
        ] {
            assert_eq!(read(bad.clone()), None, "{bad}");
        }
    }
}
