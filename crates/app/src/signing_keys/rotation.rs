//! Signing keys take turns, by an administrator's request; those whose tokens are all dead are deleted.

use std::time::Duration;

use meibo_crypto::signing_key::SigningAlgorithm;
use meibo_domain::{
    Error, Result,
    actor::Actor,
    signing_key::{
        KeyStatus, PUBLISHED_AFTER_USE, PublishedKey, Turn, check_deletion, decide_turn, find,
    },
};
use meibo_store::{db::Batch, signing_keys};
use serde_json::{Value, json};

use super::{in_order, made::generate, published};
use crate::{App, access::require_management, audit::Audited, outcome::Outcome};

impl App {
    /// The published signing keys, by algorithm: the current, the next, the previous ones.
    ///
    /// # Errors
    /// `auth.forbidden`; the database's.
    pub async fn list_signing_keys(&self, actor: &Actor) -> Result<Vec<PublishedKey>> {
        require_management(actor)?;
        Ok(published(&in_order(signing_keys::list(&self.db).await?)))
    }

    /// Lets the next key of `algorithm`, or of each algorithm in use, begin to sign, and publishes another next one.
    /// The former key stays published while a token of it can be alive. The next key must have been published for
    /// `published_for`. Of two requests at the same time one rotates, and both succeed. Gives the keys.
    ///
    /// # Errors
    /// `signing_key.next_too_young`, and nothing has changed; `guard.invalid_input` for an algorithm that is not in
    /// use; the database's.
    pub async fn rotate_signing_keys(
        &self,
        actor: &Actor,
        algorithm: Option<&str>,
        published_for: Duration,
    ) -> Result<Vec<PublishedKey>> {
        require_management(actor)?;
        self.complete_signing_keys(&[], Some(actor)).await?;
        let keys = self.list_signing_keys(actor).await?;
        let turns: Vec<(SigningAlgorithm, &str)> = SigningAlgorithm::ALL
            .iter()
            .filter(|one| algorithm.is_none_or(|name| name == one.as_str()))
            .filter_map(|one| {
                let current = find(&keys, one.as_str(), KeyStatus::Current)?;
                Some((*one, current.id.as_str()))
            })
            .collect();
        if turns.is_empty() {
            return Err(Error::invalid(
                "signingKeyAlgorithm",
                "algorithm",
                "an algorithm that the register has keys for",
            ));
        }
        // Refused before anything is made; decided again below.
        for (one, seen) in &turns {
            decide_turn(&keys, one.as_str(), seen, published_for, self.now())?;
        }
        let mut made = Vec::new();
        for (one, seen) in turns {
            made.push((generate(one).await?, seen));
        }
        self.settle::<_, Error, _>(async || {
            let keys = published(&signing_keys::list(&self.db).await?);
            let now = self.now();
            let mut batch = Batch::new();
            for (key, seen) in &made {
                let name = key.algorithm().as_str();
                let Turn::Take { current, next } =
                    decide_turn(&keys, name, seen, published_for, now)?
                else {
                    continue;
                };
                batch = signing_keys::take_turns(batch, &current.id, &next.id, now);
                batch = self.insert_signing_key(batch, key, KeyStatus::Next).await?;
                let detail = json!({"algorithm": name, "previous": current.id, "next": key.kid()});
                let audited = audited("SigningKey.Rotated", &next.id, detail);
                batch = self.audit(batch, actor, now, audited);
            }
            Ok(Outcome::commit(batch, ()))
        })
        .await?;
        self.reload_signing_keys().await?;
        self.list_signing_keys(actor).await
    }

    /// Deletes a previous key: what it signed is refused from now on, within 2 s on other nodes.
    ///
    /// # Errors
    /// `entity.not_exists_with_id`, `signing_key.in_use` for a current or next key.
    pub async fn delete_signing_key(&self, actor: &Actor, id: &str) -> Result<()> {
        require_management(actor)?;
        self.settle::<_, Error, _>(async || {
            let keys = published(&signing_keys::list(&self.db).await?);
            let key = keys.iter().find(|key| key.id == id);
            let key = key.ok_or_else(|| Error::not_found(id))?;
            check_deletion(key)?;
            let batch = signing_keys::delete(Batch::new(), id);
            let audited = audited(
                "SigningKey.Deleted",
                id,
                json!({"algorithm": key.algorithm}),
            );
            let batch = self.audit(batch, actor, self.now(), audited);
            Ok(Outcome::commit(batch, ()))
        })
        .await?;
        self.reload_signing_keys().await.map(drop)
    }

    /// Deletes the previous keys that no living token is signed with.
    pub(crate) async fn delete_retired_signing_keys(&self) {
        let until = self.now() - PUBLISHED_AFTER_USE;
        match signing_keys::delete_retired(&self.db, until).await {
            Ok(0) => {}
            Ok(deleted) => tracing::info!(deleted, "previous signing keys are no longer published"),
            Err(error) => {
                tracing::warn!(%error, "previous signing keys could not be deleted; the next sweep tries again");
            }
        }
    }
}

fn audited<'a>(action: &'static str, id: &'a str, detail: Value) -> Audited<'a> {
    Audited {
        action,
        target_type: "signing_key",
        target_id: id,
        detail,
    }
}
