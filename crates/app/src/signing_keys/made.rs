//! Making signing keys: each algorithm in use has a current and a next one.

use std::collections::BTreeSet;

use meibo_crypto::signing_key::{SigningAlgorithm, SigningKey};
use meibo_domain::{
    Error, Result,
    actor::Actor,
    application::Application,
    signing_key::{KeyStatus, PublishedKey, find},
    time::Timestamp,
};
use meibo_store::{
    db::Batch,
    resealing::signing_key_context,
    signing_keys::{self, SigningKeyRow},
};
use serde_json::json;

use super::published;
use crate::{App, audit::Audited, outcome::Outcome};

/// The algorithms that every register has keys for: of ID tokens unless told, and of access tokens.
pub(crate) const ALWAYS: &[SigningAlgorithm] = &[SigningAlgorithm::Rs256, SigningAlgorithm::Es256];

/// The algorithms in use that lack a key, and the status that it would have.
fn missing(
    keys: &[PublishedKey],
    wanted: &[SigningAlgorithm],
) -> Vec<(SigningAlgorithm, KeyStatus)> {
    let used: BTreeSet<&str> = keys.iter().map(|key| key.algorithm.as_str()).collect();
    SigningAlgorithm::ALL
        .iter()
        .filter(|algorithm| wanted.contains(algorithm) || used.contains(algorithm.as_str()))
        .flat_map(|algorithm| {
            [KeyStatus::Current, KeyStatus::Next].map(|status| (*algorithm, status))
        })
        .filter(|(algorithm, status)| find(keys, algorithm.as_str(), *status).is_none())
        .collect()
}

/// A new key, made on a thread of its own: RSA takes hundreds of milliseconds.
pub(super) async fn generate(algorithm: SigningAlgorithm) -> Result<SigningKey> {
    tokio::task::spawn_blocking(move || SigningKey::generate(algorithm))
        .await
        .map_err(Error::internal)?
        .map_err(Error::internal)
}

impl App {
    /// Makes the key with which an application's ID tokens are signed, if it is the first to ask for that algorithm.
    pub(crate) async fn require_signing_key(
        &self,
        actor: &Actor,
        application: &Application,
    ) -> Result<()> {
        let custom = &application.custom;
        let asked: Vec<SigningAlgorithm> = [
            &custom.id_token_signed_response_alg,
            &custom.userinfo_signed_response_alg,
        ]
        .into_iter()
        .filter_map(|name| SigningAlgorithm::parse(name.as_deref()?))
        .collect();
        if asked.is_empty() {
            return Ok(());
        }
        self.complete_signing_keys(&asked, Some(actor)).await
    }

    /// Makes the keys that are missing for the algorithms in use and for those `wanted`, and reads all of them.
    /// `actor` is on record for them; at the start nobody is.
    ///
    /// # Errors
    /// The database's; `server.internal` when a key cannot be made or read.
    pub(crate) async fn complete_signing_keys(
        &self,
        wanted: &[SigningAlgorithm],
        actor: Option<&Actor>,
    ) -> Result<()> {
        let known = published(&signing_keys::list(&self.db).await?);
        let mut made = Vec::new();
        for (algorithm, status) in missing(&known, wanted) {
            made.push((generate(algorithm).await?, status));
        }
        if !made.is_empty() {
            self.settle::<_, Error, _>(async || {
                let known = published(&signing_keys::list(&self.db).await?);
                let mut batch = Batch::new();
                for (key, status) in &made {
                    // Another node may have made it a moment ago.
                    if find(&known, key.algorithm().as_str(), *status).is_some() {
                        continue;
                    }
                    batch = self.insert_signing_key(batch, key, *status).await?;
                    if let Some(actor) = actor {
                        let audited = Audited {
                            action: "SigningKey.Created",
                            target_type: "signing_key",
                            target_id: key.kid(),
                            detail: json!({"algorithm": key.algorithm().as_str(), "status": status.as_str()}),
                        };
                        batch = self.audit(batch, actor, self.now(), audited);
                    }
                }
                Ok(Outcome::commit(batch, ()))
            })
            .await?;
        }
        self.reload_signing_keys().await.map(drop)
    }

    /// Adds a key, sealed.
    pub(super) async fn insert_signing_key(
        &self,
        batch: Batch,
        key: &SigningKey,
        status: KeyStatus,
    ) -> Result<Batch> {
        let pkcs8 = key.to_pkcs8().map_err(Error::internal)?;
        let context = signing_key_context(key.kid());
        let (batch, private_sealed) = self.seal(batch, &pkcs8, &context).await?;
        let row = SigningKeyRow {
            key: published_key(key, status, self.now()),
            private_sealed,
            public_jwk: serde_json::to_string(key.public_jwk()).map_err(Error::internal)?,
        };
        Ok(signing_keys::insert(batch, &row))
    }
}

fn published_key(key: &SigningKey, status: KeyStatus, now: Timestamp) -> PublishedKey {
    PublishedKey {
        id: key.kid().to_owned(),
        algorithm: key.algorithm().as_str().to_owned(),
        status,
        created_at: now,
        retired_at: None,
    }
}

#[cfg(test)]
mod tests {
    use meibo_domain::signing_key::SIGNING_ALGORITHMS;

    use super::*;
    use KeyStatus::{Current, Next, Previous};
    use SigningAlgorithm::{EdDsa, Es256, Rs256};

    fn key(algorithm: SigningAlgorithm, status: KeyStatus) -> PublishedKey {
        PublishedKey {
            id: "k".to_owned(),
            algorithm: algorithm.as_str().to_owned(),
            status,
            created_at: Timestamp(0),
            retired_at: None,
        }
    }

    #[test]
    fn each_algorithm_in_use_has_a_current_and_a_next_key() {
        let all = [
            (Rs256, Current),
            (Rs256, Next),
            (Es256, Current),
            (Es256, Next),
        ];
        assert_eq!(missing(&[], ALWAYS), all);
        let complete = all.map(|(algorithm, status)| key(algorithm, status));
        assert_eq!(missing(&complete, ALWAYS), []);
        assert_eq!(missing(&complete[..3], ALWAYS), [(Es256, Next)]);
        assert_eq!(
            missing(&complete, &[EdDsa]),
            [(EdDsa, Current), (EdDsa, Next)]
        );
        assert_eq!(missing(&[key(EdDsa, Current)], &[]), [(EdDsa, Next)]);
        assert_eq!(
            missing(&[key(EdDsa, Previous)], &[]),
            [(EdDsa, Current), (EdDsa, Next)]
        );
    }

    #[test]
    fn every_algorithm_that_applications_choose_can_sign() {
        let names: Vec<_> = SigningAlgorithm::ALL
            .iter()
            .map(|one| one.as_str())
            .collect();
        assert_eq!(names, SIGNING_ALGORITHMS);
    }
}
