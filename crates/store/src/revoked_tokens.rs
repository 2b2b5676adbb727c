//! Table `revoked_tokens`: the JWT access tokens that are denied although they have not expired. A
//! row is needed until then and no longer.

use meibo_domain::time::Timestamp;

use crate::{
    db::{Batch, Table},
    statements, values,
};

statements! {
    INSERT = "INSERT INTO revoked_tokens (jti, expires_at) VALUES ($1, $2) ON CONFLICT (jti) DO NOTHING";
}

/// Denies the token with this `jti`, which expires at `expires_at`; it may be denied already.
pub fn insert(batch: Batch, jti: &str, expires_at: Timestamp) -> Batch {
    batch.run(Table::RevokedTokens, &INSERT, values![jti, expires_at.0])
}
