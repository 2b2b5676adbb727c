//! Is a token alive? Asked by introspection, userinfo and the Management API, and read from the
//! register each time: a suspended or deleted person's tokens, those of an ended grant or a deleted
//! application, and revoked ones are dead at once.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use meibo_crypto::{
    digest::{sha256, sha256_base64url},
    jwt::Expected,
    signing_key::SigningAlgorithm,
};
use meibo_domain::{Result, grant::AccessToken};
use meibo_oauth::access_token::{REQUIRED_CLAIMS, TYPE, TokenHolder, VerifiedAccessToken};
use meibo_store::live_tokens::{self, Live};

use crate::App;

/// Tokens remembered at most; a full memory starts anew.
const CAPACITY: usize = 10_000;

/// Verified tokens by the SHA-256 of their text, until they expire: what they say never changes.
#[derive(Default)]
pub(crate) struct VerifiedTokens(RwLock<HashMap<[u8; 32], Arc<VerifiedAccessToken>>>);

impl VerifiedTokens {
    /// Forgets everything, for a key may be trusted no longer.
    pub(crate) fn forget(&self) {
        let mut tokens = self.0.write().unwrap_or_else(PoisonError::into_inner);
        tokens.clear();
    }
}

impl App {
    /// What a JWT access token of this server says, for whichever resource it is; none when it does
    /// not verify or has expired. Whether it is alive says [`App::jwt_status`].
    pub(crate) async fn verify_access_token(
        &self,
        token: &str,
    ) -> Option<Arc<VerifiedAccessToken>> {
        // A key that another node deleted takes what it signed with it.
        let keys = self.fresh_signing_keys().await;
        let now = self.now();
        let hash = sha256(token.as_bytes());
        let known = self
            .verified_tokens
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&hash)
            .cloned();
        if let Some(known) = known {
            return (now < known.expires_at).then_some(known);
        }
        let expected = Expected {
            typ: &[TYPE],
            algorithms: &[SigningAlgorithm::Es256],
            issuer: &self.issuer,
            audience: None,
            required: REQUIRED_CLAIMS,
        };
        let claims = keys
            .verifying
            .verify(token, &expected, now.seconds(), 0)
            .inspect_err(|error| tracing::debug!(%error, "not an access token of this server"))
            .ok()?;
        let verified = Arc::new(VerifiedAccessToken::from_claims(&claims)?);
        let mut tokens = self
            .verified_tokens
            .0
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        // Under the lock by which a change of keys forgets: what other keys verified is not remembered.
        if Arc::ptr_eq(&keys, &self.signing_keys.load_full()) {
            if tokens.len() >= CAPACITY {
                tokens.clear();
            }
            tokens.insert(hash, Arc::clone(&verified));
        }
        Some(verified)
    }

    /// What the register says of a verified token; none when it is dead. One statement.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn jwt_status(&self, token: &VerifiedAccessToken) -> Result<Option<Live<()>>> {
        match &token.holder {
            TokenHolder::Person { user_id, grant_id } => {
                let whose = (grant_id, user_id, &token.client_id);
                Ok(live_tokens::find_persons_jwt(&self.db, whose, &token.id, self.now()).await?)
            }
            TokenHolder::Machine => {
                let is_alive =
                    live_tokens::is_machines_jwt_alive(&self.db, &token.client_id, &token.id)
                        .await?;
                Ok(is_alive.then_some(Live {
                    token: (),
                    username: None,
                }))
            }
        }
    }

    /// The opaque access token of this text, if it is alive. One statement.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn live_access_token(&self, token: &str) -> Result<Option<Live<AccessToken>>> {
        let hash = sha256_base64url(token.as_bytes());
        Ok(live_tokens::find_access_token(&self.db, &hash, self.now()).await?)
    }
}
