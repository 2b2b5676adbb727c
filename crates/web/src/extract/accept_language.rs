//! The reader's language by the header `Accept-Language` (RFC 9110 section 12.5.4).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::{HeaderMap, header, request::Parts};
use meibo_pages::Language;

/// The language that the header asks for; English without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AcceptLanguage(pub Language);

impl AcceptLanguage {
    /// The header's text, when there is one that can be read.
    #[must_use]
    pub fn header(headers: &HeaderMap) -> Option<&str> {
        headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()
    }

    /// The language for a value of the header.
    #[must_use]
    pub fn negotiate(value: Option<&str>) -> Self {
        Self(Language::negotiate::<&str>(&[], None, value))
    }
}

impl<S: Sync> FromRequestParts<S> for AcceptLanguage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::negotiate(Self::header(&parts.headers)))
    }
}
