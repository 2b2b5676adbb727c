//! Table `audit_log`.

use meibo_domain::event::AuditRecord;

use crate::{
    db::{Batch, Table},
    statements, values,
};

statements! {
    INSERT = "INSERT INTO audit_log (id, at, actor_type, actor_id, action, target_type, target_id, detail, address, \
        request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
}

/// Adds a record, in the same batch as the change that it tells of.
pub fn insert(batch: Batch, id: &str, record: &AuditRecord) -> Batch {
    let actor = &record.actor;
    let params = values![
        id,
        record.at.0,
        actor.subject.kind(),
        actor.subject.id().map(str::to_owned),
        record.action,
        record.target_type,
        record.target_id.as_str(),
        record.detail.to_string(),
        actor.address.map(|address| address.to_string()),
        actor.request_id.clone(),
    ];
    batch.expect(1, Table::AuditLog, &INSERT, params)
}
