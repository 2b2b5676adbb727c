//! Records of what happened: audit (with the change, never lost) and activity (buffered).

use serde_json::Value;

use crate::{actor::Actor, time::Timestamp};

/// A change by an administrator, of a credential or of a link. Written in the same batch as the
/// change itself.
#[derive(Debug, Clone)]
pub struct AuditRecord {
    /// Who did it.
    pub actor: Actor,
    /// What was done, for example `User.Created`.
    pub action: &'static str,
    /// What it was done to: `user`, `application`, …
    pub target_type: &'static str,
    /// The id of that.
    pub target_id: String,
    /// Names of changed members and the like; never a secret.
    pub detail: Value,
    /// When.
    pub at: Timestamp,
}

/// A token issued, a sign-in or a failed one. Kept in memory for at most 200 ms and then written;
/// a crash may lose those.
#[derive(Debug, Clone)]
pub struct Activity {
    /// What happened, for example `ExchangeTokenBy.RefreshToken`.
    pub key: &'static str,
    /// Did it succeed?
    pub is_success: bool,
    /// The user, when known.
    pub user_id: Option<String>,
    /// The application, when known.
    pub application_id: Option<String>,
    /// Anything else worth knowing; never a secret.
    pub payload: Value,
    /// When.
    pub at: Timestamp,
}
