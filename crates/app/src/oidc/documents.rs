//! The discovery document and the key set, serialised once.

use bytes::Bytes;
use meibo_crypto::signing_key::Jwk;
use meibo_oauth::discovery;
use serde_json::json;

use crate::App;

/// Documents as they go out.
pub(crate) struct Documents {
    discovery: Bytes,
    jwks: Bytes,
}

impl Documents {
    pub(crate) fn new(issuer: &str, jwks: &[Jwk]) -> Result<Self, serde_json::Error> {
        Ok(Self {
            discovery: serde_json::to_vec(&discovery::document(issuer))?.into(),
            jwks: serde_json::to_vec(&json!({ "keys": jwks }))?.into(),
        })
    }
}

impl App {
    /// The discovery document (OpenID Connect Discovery section 4, RFC 8414 section 3), JSON.
    #[must_use]
    pub fn discovery_document(&self) -> Bytes {
        self.documents.load().discovery.clone()
    }

    /// The key set (RFC 7517 section 5), JSON.
    #[must_use]
    pub fn jwks_document(&self) -> Bytes {
        self.documents.load().jwks.clone()
    }
}
