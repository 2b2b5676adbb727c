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

/// Longer than a running server takes to read a new data key, and to open what it has just loaded.
const SETTLE: Duration = Duration::from_secs(3);

impl App {
    /// Makes a new data key and seals every secret with it. Servers that run meanwhile go on: they
    /// read a new data key when they meet it.
    ///
    /// # Errors
    /// The database's. A rotation that was cut off can be run again.
    pub async fn rotate_data_key(&self) -> Result<RotationReport> {
        let key = DataKey::generate(&self.entropy);
        let wrapped = self.master_key.wrap(&key).map_err(Error::internal)?;
        let batch = data_keys::insert_current(Batch::new(), key.id(), &wrapped, self.now());
        self.commit_audited(batch, "DataKey.Rotated", key.id())
            .await?;
        self.reload_key_ring().await?;

        // Nothing is sealed with the former key from here on: see `App::seal`.
        let resealed = self.reseal_all().await?;
        tokio::time::sleep(SETTLE).await;
        Ok(RotationReport {
            resealed,
            removed_keys: self.remove_unused_keys().await?,
        })
    }

    /// Wraps the data keys under another secret key, which servers must be given at their next
    /// start. Those that run meanwhile hold the data keys and go on; no data key is new, so they
    /// meet none that they could not unwrap.
    ///
    /// # Errors
    /// The database's; nothing has changed then.
    pub async fn exchange_secret_key(&self, new: &MasterKey) -> Result<()> {
        let mut batch = Batch::new();
        for row in data_keys::list(&self.db).await? {
            let key = self
                .master_key
                .unwrap_key(&row.id, &row.wrapped)
                .map_err(Error::internal)?;
            batch = data_keys::rewrap(batch, &row.id, &new.wrap(&key).map_err(Error::internal)?);
        }
        self.commit_audited(batch, "SecretKey.Exchanged", "").await
    }

    async fn commit_audited(&self, batch: Batch, action: &'static str, id: &str) -> Result<()> {
        let audited = Audited {
            action,
            target_type: "data_key",
            target_id: id,
            detail: json!({}),
        };
        let batch = self.audit(batch, &Actor::new(Subject::Operator), self.now(), audited);
        self.commit_plain(batch).await
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
            let mut batch = data_keys::still_current(Batch::new(), ring.current_id());
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
