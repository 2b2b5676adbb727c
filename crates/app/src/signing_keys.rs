//! The keys that sign tokens: sealed at rest, kept parsed.

use std::{collections::HashMap, sync::Arc};

use meibo_crypto::{
    jwt::{self, VerifyingKeys},
    seal::KeyRing,
    signing_key::{Jwk, SigningAlgorithm, SigningKey},
};
use meibo_domain::{Error, Result, time::Timestamp};
use meibo_store::{
    db::{Batch, CommitError, Db, DbError},
    resealing::signing_key_context,
    settings,
    signing_keys::{self, SigningKeyRow},
};
use serde::Serialize;

use crate::{App, StartError};

/// The setting that says that keys were made; two nodes that start together cannot both set it.
const INITIALISED: &str = "signing_keys.initialised";

/// Parsed keys: one that signs for each algorithm, and all that verify.
pub(crate) struct SigningKeys {
    current: HashMap<SigningAlgorithm, Arc<SigningKey>>,
    pub(crate) jwks: Vec<Jwk>,
    pub(crate) verifying: VerifyingKeys,
}

impl SigningKeys {
    fn key(&self, algorithm: SigningAlgorithm) -> Result<Arc<SigningKey>> {
        let key = self.current.get(&algorithm).cloned();
        key.ok_or_else(|| Error::internal(format!("the register has no current {algorithm} key")))
    }
}

/// Reads the register's signing keys, and makes one of each algorithm when it is new.
pub(crate) async fn open(
    db: &Db,
    ring: &KeyRing,
    now: Timestamp,
) -> Result<SigningKeys, StartError> {
    let mut rows = signing_keys::list(db).await?;
    if rows.is_empty() {
        make(db, ring, now).await?;
        rows = signing_keys::list(db).await?;
    }
    parse(&rows, ring).map_err(StartError::Keys)
}

async fn make(db: &Db, ring: &KeyRing, now: Timestamp) -> Result<(), StartError> {
    let mut batch = settings::insert(Batch::new(), INITIALISED, "1", now);
    for algorithm in [SigningAlgorithm::Rs256, SigningAlgorithm::Es256] {
        let row = tokio::task::block_in_place(|| generate(algorithm, ring, now))
            .map_err(StartError::Keys)?;
        batch = signing_keys::insert(batch, &row);
    }
    match db.commit(batch).await {
        // Another node made them a moment ago.
        Ok(_)
        | Err(CommitError::Conflict { .. } | CommitError::Db(DbError::UniqueViolation { .. })) => {
            Ok(())
        }
        Err(CommitError::Db(error)) => Err(error.into()),
    }
}

fn generate(
    algorithm: SigningAlgorithm,
    ring: &KeyRing,
    now: Timestamp,
) -> Result<SigningKeyRow, String> {
    let key = SigningKey::generate(algorithm).map_err(|error| error.to_string())?;
    let pkcs8 = key.to_pkcs8().map_err(|error| error.to_string())?;
    Ok(SigningKeyRow {
        id: key.kid().to_owned(),
        algorithm: algorithm.as_str().to_owned(),
        status: "current".to_owned(),
        private_sealed: ring
            .seal(&pkcs8, &signing_key_context(key.kid()))
            .map_err(|error| error.to_string())?,
        public_jwk: serde_json::to_string(key.public_jwk()).map_err(|error| error.to_string())?,
        created_at: now,
    })
}

fn parse(rows: &[SigningKeyRow], ring: &KeyRing) -> Result<SigningKeys, String> {
    let mut current = HashMap::new();
    for row in rows.iter().filter(|row| row.status == "current") {
        let algorithm = SigningAlgorithm::parse(&row.algorithm)
            .ok_or_else(|| format!("{} is no algorithm of a signing key", row.algorithm))?;
        let pkcs8 = ring
            .open(&row.private_sealed, &signing_key_context(&row.id))
            .map_err(|error| error.to_string())?;
        let key = SigningKey::from_pkcs8(algorithm, &pkcs8).map_err(|error| error.to_string())?;
        current.insert(algorithm, Arc::new(key));
    }
    let jwks: Vec<Jwk> = rows
        .iter()
        .map(|row| serde_json::from_str(&row.public_jwk).map_err(|error| error.to_string()))
        .collect::<Result<_, _>>()?;
    Ok(SigningKeys {
        current,
        verifying: VerifyingKeys::from_jwks(&jwks).map_err(|error| error.to_string())?,
        jwks,
    })
}

impl App {
    /// Signs a token. ES256 takes some 20 µs and is done where it is asked for; RS256 takes ten
    /// times that and goes to a thread of its own.
    pub(crate) async fn sign_jwt<C: Serialize + Send + 'static>(
        &self,
        algorithm: SigningAlgorithm,
        typ: &'static str,
        claims: C,
    ) -> Result<String> {
        let key = self.signing_keys.load().key(algorithm)?;
        if algorithm != SigningAlgorithm::Rs256 {
            return jwt::sign(&key, typ, &claims).map_err(Error::internal);
        }
        tokio::task::spawn_blocking(move || jwt::sign(&key, typ, &claims))
            .await
            .map_err(Error::internal)?
            .map_err(Error::internal)
    }
}
