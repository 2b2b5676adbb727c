//! Table `activity_log`.

use meibo_domain::event::Activity;

use crate::{
    db::{Batch, Table},
    statements, values,
};

statements! {
    INSERT = "INSERT INTO activity_log (id, at, key, is_success, user_id, application_id, payload) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
}

/// Adds a record.
pub fn insert(batch: Batch, id: &str, activity: &Activity) -> Batch {
    let params = values![
        id,
        activity.at.0,
        activity.key,
        activity.is_success,
        activity.user_id.clone(),
        activity.application_id.clone(),
        activity.payload.to_string(),
    ];
    batch.run(Table::ActivityLog, &INSERT, params)
}
