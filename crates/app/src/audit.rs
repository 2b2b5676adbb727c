//! Audit records: written in the same batch as the change that they tell of.

use meibo_domain::{actor::Actor, event::AuditRecord, time::Timestamp};
use meibo_store::{audit_log, db::Batch};
use serde_json::Value;

use crate::App;

/// What a record tells.
pub(crate) struct Audited<'a> {
    pub(crate) action: &'static str,
    pub(crate) target_type: &'static str,
    pub(crate) target_id: &'a str,
    /// Names of changed members and the like; never a secret.
    pub(crate) detail: Value,
}

impl App {
    pub(crate) fn audit(
        &self,
        batch: Batch,
        actor: &Actor,
        now: Timestamp,
        audited: Audited<'_>,
    ) -> Batch {
        let record = AuditRecord {
            actor: actor.clone(),
            action: audited.action,
            target_type: audited.target_type,
            target_id: audited.target_id.to_owned(),
            detail: audited.detail,
            at: now,
        };
        audit_log::insert(batch, &self.new_id(), &record)
    }
}
