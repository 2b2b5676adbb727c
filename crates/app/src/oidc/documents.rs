//! The discovery document, serialised once.

use bytes::Bytes;
use meibo_oauth::discovery;

use crate::App;

/// Documents as they go out.
pub(crate) struct Documents {
    discovery: Bytes,
}

impl Documents {
    pub(crate) fn new(issuer: &str) -> Result<Self, serde_json::Error> {
        Ok(Self {
            discovery: serde_json::to_vec(&discovery::document(issuer))?.into(),
        })
    }
}

impl App {
    /// The discovery document (OpenID Connect Discovery section 4, RFC 8414 section 3), JSON.
    #[must_use]
    pub fn discovery_document(&self) -> Bytes {
        self.documents.discovery.clone()
    }
}
