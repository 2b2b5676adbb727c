//! Table `client_assertions`: the assertions that clients have used, each until it expires
//! (RFC 7523 section 3, `jti`).

use meibo_domain::time::Timestamp;

use crate::{
    db::{Batch, Db, DbError, Table},
    statements, values,
};

statements! {
    FIND = "SELECT hash FROM client_assertions WHERE hash = $1";
    INSERT = "INSERT INTO client_assertions (hash, expires_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING";
}

/// Has an assertion with this hash been used?
///
/// # Errors
/// The database's.
pub async fn is_used(db: &Db, hash: &str) -> Result<bool, DbError> {
    Ok(db.query_opt(&FIND, &values![hash]).await?.is_some())
}

/// Marks an assertion as used; conflicts when that was done already, on whichever node.
pub fn consume(batch: Batch, hash: &str, expires_at: Timestamp) -> Batch {
    batch
        .expect(
            1,
            Table::ClientAssertions,
            &INSERT,
            values![hash, expires_at.0],
        )
        .conflict("client_assertion.used")
}
