//! Rotation of the keys that seal secrets, beside running servers.

use std::time::Duration;

use meibo_crypto::seal::{DataKey, MasterKey, sealed_key_id};
use meibo_domain::{
    Error, Result,
    actor::{Actor, Subject},
};
use meibo_store::{
    data_keys,
    db::{Batch, CommitError},
    resealing,
};
use serde_json::json;

use crate::{App, audit::Audited};

/// What a rotation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RotationReport {
    /// Values sealed anew.
    pub resealed: usize,
    /// Data keys that nothing is sealed with any longer, deleted.
    pub removed_keys: usize,
}

/// Values that one batch seals anew.
const CHUNK: usize = 200;

/// Longer than a running server goes on with the former data key.
const SETTLE: Duration = Duration::from_secs(3);

impl App {
    /// Makes a new data key and seals every secret with it; with `new_master`, also wraps the data
    /// keys under that secret key, which servers must be given at their next start. Servers that
    /// run meanwhile go on: they hold the data keys and read new ones when they meet them.
    ///
    /// # Errors
    /// The database's. A rotation that was cut off can be run again.
    pub async fn rotate_secret_key(&self, new_master: Option<MasterKey>) -> Result<RotationReport> {
        let now = self.now();
        let master = new_master.as_ref().unwrap_or(&self.master_key);
        let wrap = |key: &DataKey| master.wrap(key).map_err(Error::internal);
        let key = DataKey::generate(&self.entropy);
        let mut batch = data_keys::insert_current(Batch::new(), key.id(), &wrap(&key)?, now);
        for row in data_keys::list(&self.db).await? {
            let old = self
                .master_key
                .unwrap_key(&row.id, &row.wrapped)
                .map_err(Error::internal)?;
            batch = data_keys::rewrap(batch, &row.id, &wrap(&old)?);
        }
        let actor = Actor::new(Subject::Operator);
        let detail = json!({"newSecretKey": new_master.is_some()});
        let audited = Audited {
            action: "SecretKey.Rotated",
            target_type: "data_key",
            target_id: key.id(),
            detail,
        };
        batch = self.audit(batch, &actor, now, audited);
        self.commit_plain(batch).await?;
        self.take_over(master).await?;

        let mut resealed = self.reseal_all().await?;
        // A server may have sealed something with the former key a moment ago.
        tokio::time::sleep(SETTLE).await;
        resealed += self.reseal_all().await?;
        Ok(RotationReport {
            resealed,
            removed_keys: self.remove_unused_keys().await?,
        })
    }

    async fn take_over(&self, master: &MasterKey) -> Result<()> {
        let rows = data_keys::list(&self.db).await?;
        let ring = crate::key_ring::unwrap_all(master, &rows).map_err(Error::internal)?;
        self.key_ring.store(std::sync::Arc::new(ring));
        Ok(())
    }

    async fn reseal_all(&self) -> Result<usize> {
        let ring = self.key_ring.load_full();
        let mut resealed = 0;
        let values = resealing::list(&self.db).await?;
        let stale: Vec<_> = values
            .iter()
            .filter(|value| sealed_key_id(value.sealed()) != Some(ring.current_id()))
            .collect();
        for chunk in stale.chunks(CHUNK) {
            let mut batch = Batch::new();
            for value in chunk {
                let plaintext = ring
                    .open(value.sealed(), &value.context())
                    .map_err(Error::internal)?;
                let again = ring
                    .seal(&plaintext, &value.context())
                    .map_err(Error::internal)?;
                batch = value.replace(batch, &again);
                resealed += 1;
            }
            self.commit_plain(batch).await?;
        }
        Ok(resealed)
    }

    async fn remove_unused_keys(&self) -> Result<usize> {
        let values = resealing::list(&self.db).await?;
        let is_used = |id: &str| {
            values
                .iter()
                .any(|value| sealed_key_id(value.sealed()) == Some(id))
        };
        let unused: Vec<_> = data_keys::list(&self.db)
            .await?
            .into_iter()
            .filter(|row| !row.is_current && !is_used(&row.id))
            .collect();
        let batch = unused
            .iter()
            .fold(Batch::new(), |batch, row| data_keys::delete(batch, &row.id));
        self.commit_plain(batch).await?;
        Ok(unused.len())
    }

    async fn commit_plain(&self, batch: Batch) -> Result<()> {
        match self.db.commit(batch).await {
            Ok(_) => Ok(()),
            Err(CommitError::Conflict { .. }) => {
                Err(meibo_domain::ErrorCode::ChangedMeanwhile.into())
            }
            Err(CommitError::Db(error)) => Err(error.into()),
        }
    }
}
