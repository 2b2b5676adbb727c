//! What is sent.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use url::Url;

/// Bounds of one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the look-up of the name to the last byte of the reply, a repeated try included.
    pub whole: Duration,
    /// The longest body of a reply, in bytes.
    pub max_body: usize,
}

impl Default for Limits {
    /// 5 s and 64 KiB.
    fn default() -> Self {
        Self {
            whole: Duration::from_secs(5),
            max_body: 64 * 1024,
        }
    }
}

/// One call.
#[derive(Debug, Clone)]
pub struct OutboundRequest {
    pub(crate) url: Url,
    pub(crate) method: Method,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    pub(crate) limits: Limits,
    pub(crate) is_repeatable: bool,
}

impl OutboundRequest {
    /// A GET. It is repeatable.
    #[must_use]
    pub fn get(url: Url) -> Self {
        Self {
            is_repeatable: true,
            ..Self::new(Method::GET, url)
        }
    }

    /// A POST. It is not repeatable unless [`Self::repeatable`] says so.
    #[must_use]
    pub fn post(url: Url) -> Self {
        Self::new(Method::POST, url)
    }

    fn new(method: Method, url: Url) -> Self {
        Self {
            url,
            method,
            headers: Vec::new(),
            body: Bytes::new(),
            limits: Limits::default(),
            is_repeatable: false,
        }
    }

    /// Adds a header; `name` in lower case. The value is never logged.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sets the body and its `Content-Type`.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>, content_type: &'static str) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// Other bounds than the usual ones.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Allows one more try when no connection came about, so that nothing was sent.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.is_repeatable = true;
        self
    }
}
