//! The schema, as one numbered list for both engines. Released entries never change.

use crate::db::Migration;

/// Every migration, in order.
pub const MIGRATIONS: &[Migration] = &[
    Migration::new(
        1,
        "register",
        include_str!("../migrations/0001_register.sql"),
    ),
    Migration::new(
        2,
        "provider",
        include_str!("../migrations/0002_provider.sql"),
    ),
    Migration::new(
        3,
        "messages",
        include_str!("../migrations/0003_messages.sql"),
    ),
];
