//! The keys that sign tokens: sealed at rest, kept parsed, read again when another process changed them.

mod made;
mod rotation;

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use bytes::Bytes;
use meibo_crypto::{
    jwt::{self, Expected, JwtError, VerifyingKeys},
    seal::KeyRing,
    signing_key::{Jwk, SigningAlgorithm, SigningKey},
};
use meibo_domain::{
    Error, Result,
    signing_key::{KeyStatus, PublishedKey},
    time::Timestamp,
};
use meibo_store::{
    resealing::signing_key_context,
    signing_keys::{self, SigningKeyRow},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

pub(crate) use self::made::ALWAYS;
use crate::App;

/// Parsed keys: one that signs for each algorithm, and all that verify.
#[derive(Default)]
pub(crate) struct SigningKeys {
    /// What they were parsed from.
    published: Vec<PublishedKey>,
    current: HashMap<SigningAlgorithm, Arc<SigningKey>>,
    pub(crate) verifying: VerifyingKeys,
    jwks: Bytes,
    /// When they were last seen to be the register's, in epoch milliseconds.
    read_at: AtomicI64,
}

impl SigningKeys {
    fn parse(rows: &[SigningKeyRow], ring: &KeyRing, now: Timestamp) -> Result<Self> {
        let mut current = HashMap::new();
        for row in rows {
            if row.key.status == KeyStatus::Current {
                let key = open(row, ring)?;
                current.insert(key.algorithm(), Arc::new(key));
            }
        }
        let jwks: Vec<Jwk> = rows
            .iter()
            .map(|row| serde_json::from_str(&row.public_jwk).map_err(Error::internal))
            .collect::<Result<_>>()?;
        Ok(Self {
            published: published(rows),
            current,
            verifying: VerifyingKeys::from_jwks(&jwks).map_err(Error::internal)?,
            jwks: serde_json::to_vec(&json!({ "keys": jwks }))
                .map_err(Error::internal)?
                .into(),
            read_at: AtomicI64::new(now.0),
        })
    }
}

fn open(row: &SigningKeyRow, ring: &KeyRing) -> Result<SigningKey> {
    let algorithm = SigningAlgorithm::parse(&row.key.algorithm).ok_or_else(|| {
        let algorithm = &row.key.algorithm;
        Error::internal(format!("{algorithm} is no algorithm of a signing key"))
    })?;
    let pkcs8 = ring
        .open(&row.private_sealed, &signing_key_context(&row.key.id))
        .map_err(Error::internal)?;
    SigningKey::from_pkcs8(algorithm, &pkcs8).map_err(Error::internal)
}

fn published(rows: &[SigningKeyRow]) -> Vec<PublishedKey> {
    rows.iter().map(|row| row.key.clone()).collect()
}

/// In the order of the key set: by algorithm, the current key first, for clients that take the first that fits.
fn in_order(mut rows: Vec<SigningKeyRow>) -> Vec<SigningKeyRow> {
    let place = |name: &str| {
        SigningAlgorithm::ALL
            .iter()
            .position(|algorithm| algorithm.as_str() == name)
    };
    rows.sort_by_key(|row| (place(&row.key.algorithm), row.key.status));
    rows
}

impl App {
    /// The key set (RFC 7517 section 5), JSON.
    pub async fn jwks_document(&self) -> Bytes {
        self.fresh_signing_keys().await.jwks.clone()
    }

    /// Signs a token. ES256 and `EdDSA` take some 20 µs and are done where they are asked for; what takes longer goes
    /// to a thread of its own.
    pub(crate) async fn sign_jwt<C: Serialize + Send + 'static>(
        &self,
        algorithm: SigningAlgorithm,
        typ: &'static str,
        claims: C,
    ) -> Result<String> {
        let key = self.signing_key(algorithm).await?;
        match algorithm {
            SigningAlgorithm::Es256 | SigningAlgorithm::EdDsa => {
                jwt::sign(&key, typ, &claims).map_err(Error::internal)
            }
            SigningAlgorithm::Rs256 | SigningAlgorithm::Es384 => {
                tokio::task::spawn_blocking(move || jwt::sign(&key, typ, &claims))
                    .await
                    .map_err(Error::internal)?
                    .map_err(Error::internal)
            }
        }
    }

    /// The claims of a token that this register signed, if all that `expected` says holds now.
    ///
    /// # Errors
    /// Why it is not accepted.
    pub(crate) async fn verify_jwt(
        &self,
        token: &str,
        expected: &Expected<'_>,
        leeway: i64,
    ) -> Result<Map<String, Value>, JwtError> {
        let keys = self.fresh_signing_keys().await;
        keys.verifying
            .verify(token, expected, self.now().seconds(), leeway)
    }

    async fn signing_key(&self, algorithm: SigningAlgorithm) -> Result<Arc<SigningKey>> {
        if let Some(key) = self.fresh_signing_keys().await.current.get(&algorithm) {
            return Ok(Arc::clone(key));
        }
        // Another node made the first key of this algorithm a moment ago.
        let keys = self.reload_signing_keys().await?;
        let key = keys.current.get(&algorithm).cloned();
        key.ok_or_else(|| Error::internal(format!("the register has no current {algorithm} key")))
    }

    /// The keys, read again when that was too long ago, unless somebody does so already. Those that are known go on
    /// while the database does not answer.
    pub(crate) async fn fresh_signing_keys(&self) -> Arc<SigningKeys> {
        let known = self.signing_keys.load_full();
        let read_at = Timestamp(known.read_at.load(Ordering::Relaxed));
        let now = self.now();
        if read_at <= now && now - read_at < self.cache_age {
            return known;
        }
        let Ok(_turn) = self.reading_signing_keys.try_lock() else {
            return known;
        };
        match self.read_signing_keys().await {
            Ok(keys) => keys,
            Err(error) => {
                tracing::debug!(%error, "the signing keys could not be read again");
                known.read_at.store(now.0, Ordering::Relaxed);
                known
            }
        }
    }

    /// Reads the register's signing keys, and parses them when they are others than before.
    ///
    /// # Errors
    /// The database's; `server.internal` for a key that cannot be opened.
    pub(crate) async fn reload_signing_keys(&self) -> Result<Arc<SigningKeys>> {
        // One at a time, so that who reads first does not store last.
        let _turn = self.reading_signing_keys.lock().await;
        self.read_signing_keys().await
    }

    async fn read_signing_keys(&self) -> Result<Arc<SigningKeys>> {
        let now = self.now();
        let rows = in_order(signing_keys::list(&self.db).await?);
        let known = self.signing_keys.load_full();
        if known.published == published(&rows) {
            known.read_at.store(now.0, Ordering::Relaxed);
            return Ok(known);
        }
        self.reload_key_ring().await?;
        let ring = self.key_ring.load_full();
        let keys = tokio::task::spawn_blocking(move || SigningKeys::parse(&rows, &ring, now));
        let keys = Arc::new(keys.await.map_err(Error::internal)??);
        self.signing_keys.store(Arc::clone(&keys));
        // A key may be gone, and what it signed must not be remembered as verified.
        self.verified_tokens.forget();
        Ok(keys)
    }
}
