//! What the log calls a request.

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::extract::FromRequestParts;
use http::{Extensions, HeaderValue, request::Parts};

/// The longest id that is taken over from a proxy, in characters.
const MAX_LENGTH: usize = 64;

/// The id of a request: in its log lines, in the audit log and in the header `X-Request-Id` of the
/// answer. It names and proves nothing, so it may be guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// Takes over an id: 1 to 64 characters of `A-Za-z0-9._-`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let is_id = (1..=MAX_LENGTH).contains(&text.len()) && text.bytes().all(is_plain);
        is_id.then(|| Self(text.into()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id of the request with these extensions.
    pub(crate) fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// The id as a header value.
    pub(crate) fn header_value(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

/// Empty outside the service's own router.
impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions)
            .cloned()
            .unwrap_or_else(|| Self("".into())))
    }
}

/// Makes ids: the node's name, so that nodes and restarts differ, and a count.
#[derive(Debug)]
pub(crate) struct RequestIds {
    prefix: String,
    next: AtomicU64,
}

impl RequestIds {
    /// Ids of the node of this name.
    pub(crate) fn new(node: String) -> Self {
        Self {
            prefix: node,
            next: AtomicU64::new(1),
        }
    }

    /// The next id.
    pub(crate) fn next(&self) -> RequestId {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        RequestId(format!("{}-{number:x}", self.prefix).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_are_taken_over() {
        for good in [
            "a",
            "7b0e4d5e-90b2-4a3f-8d4f-0a9f0d6c1e11",
            "x_1.2",
            &"a".repeat(64),
        ] {
            assert_eq!(RequestId::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", " ", "a b", "a\n", "a\"", "{}", "é", &"a".repeat(65)] {
            assert_eq!(RequestId::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn made_ids_differ_and_could_be_taken_over() {
        let ids = RequestIds::new("node".to_owned());
        let (one, other) = (ids.next(), ids.next());
        assert_ne!(one, other);
        assert_eq!(RequestId::parse(one.as_str()), Some(one));
    }
}
