//! What a sign-in gave, to be kept.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::token_endpoint::TokenResponse;
use crate::{Result, time};

/// An access token is renewed when fewer seconds than this are left.
pub(crate) const MARGIN: i64 = 60;

/// The tokens of one signed-in person. Serialise it to keep it, in storage that nobody else can
/// read or change: the ID token in it is not verified again. What is inside may change.
#[derive(Clone, Serialize, Deserialize)]
pub struct Tokens {
    pub(crate) id_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) access_tokens: Vec<AccessToken>,
}

/// One access token, of the resource it is for; `None`: the opaque one for userinfo.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    pub(crate) resource: Option<String>,
    pub(crate) value: String,
    /// Seconds since 1970.
    pub(crate) expires_at: i64,
}

impl Tokens {
    pub(crate) fn new(id_token: String, response: TokenResponse) -> Self {
        let mut tokens = Self {
            id_token,
            refresh_token: response.refresh_token,
            access_tokens: Vec::new(),
        };
        // A token of unknown life is fetched again rather than trusted.
        let lifetime = response.expires_in.unwrap_or(0);
        tokens.put(None, response.access_token, lifetime);
        tokens
    }

    /// The access token for `resource` if it lives for another minute.
    pub(crate) fn fresh(&self, resource: Option<&str>, now: i64) -> Option<&str> {
        let token = self
            .access_tokens
            .iter()
            .find(|token| token.resource.as_deref() == resource)?;
        (token.expires_at.saturating_sub(MARGIN) > now).then_some(token.value.as_str())
    }

    fn put(&mut self, resource: Option<String>, value: String, lifetime: i64) {
        let expires_at = time::now().saturating_add(lifetime);
        self.access_tokens
            .retain(|token| token.resource != resource);
        self.access_tokens.push(AccessToken {
            resource,
            value,
            expires_at,
        });
    }

    /// Takes over what a refresh gave; a response may leave out the ID and the refresh token.
    pub(crate) fn renew(
        &mut self,
        resource: Option<&str>,
        response: TokenResponse,
    ) -> Result<String> {
        let lifetime = response.lifetime()?;
        if let Some(id_token) = response.id_token {
            self.id_token = id_token;
        }
        if response.refresh_token.is_some() {
            self.refresh_token = response.refresh_token;
        }
        self.put(
            resource.map(str::to_owned),
            response.access_token.clone(),
            lifetime,
        );
        Ok(response.access_token)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(
        value: &str,
        expires_in: Option<i64>,
        refresh_token: Option<&str>,
    ) -> TokenResponse {
        TokenResponse {
            access_token: value.to_owned(),
            token_type: "Bearer".to_owned(),
            expires_in,
            id_token: None,
            refresh_token: refresh_token.map(str::to_owned),
        }
    }

    #[test]
    fn freshness_and_renewal() {
        let mut tokens = Tokens::new("id".to_owned(), response("one", Some(3600), Some("r1")));
        let now = time::now();
        assert_eq!(tokens.fresh(None, now), Some("one"));
        assert_eq!(tokens.fresh(None, now + 3539 - 10), Some("one"));
        assert_eq!(tokens.fresh(None, now + 3541), None);
        assert_eq!(tokens.fresh(Some("api"), now), None);
        assert_eq!(
            tokens
                .renew(Some("api"), response("two", Some(600), None))
                .unwrap(),
            "two"
        );
        assert_eq!(tokens.fresh(Some("api"), now), Some("two"));
        assert_eq!(
            tokens.refresh_token.as_deref(),
            Some("r1"),
            "a response without one keeps the old"
        );
        tokens
            .renew(None, response("three", Some(30), Some("r2")))
            .unwrap();
        assert_eq!(tokens.fresh(None, now), None, "too short a life to cache");
        assert_eq!(
            (tokens.refresh_token.as_deref(), tokens.access_tokens.len()),
            (Some("r2"), 2)
        );
    }

    #[test]
    fn a_token_without_a_life_is_refused_or_not_cached() {
        let mut tokens = Tokens::new("id".to_owned(), response("one", None, None));
        assert_eq!(tokens.fresh(None, time::now()), None);
        for life in [None, Some(-1)] {
            assert!(
                tokens
                    .renew(None, response("two", life, Some("r2")))
                    .is_err()
            );
        }
        assert_eq!(
            tokens.refresh_token, None,
            "a refused answer changes nothing"
        );
    }

    #[test]
    fn debug_shows_nothing() {
        let tokens = Tokens::new(
            "idtoken".to_owned(),
            response("access", Some(1), Some("refresh")),
        );
        assert_eq!(format!("{tokens:?}"), "Tokens { .. }");
    }
}
