//! Table `signing_keys`.

use meibo_domain::time::Timestamp;

use crate::{
    db::{Batch, Db, DbError, Row, Table},
    statements, values,
};

statements! {
    LIST = "SELECT id, algorithm, status, private_sealed, public_jwk, created_at FROM signing_keys \
        ORDER BY created_at DESC, id";
    INSERT = "INSERT INTO signing_keys (id, algorithm, status, private_sealed, public_jwk, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";
}

/// A signing key as it is kept.
#[derive(Clone)]
pub struct SigningKeyRow {
    /// The key id (RFC 7638 thumbprint).
    pub id: String,
    /// `RS256` or `ES256`.
    pub algorithm: String,
    /// `current`, `next` or `previous`.
    pub status: String,
    /// PKCS #8, sealed.
    pub private_sealed: String,
    /// The public half as a JWK.
    pub public_jwk: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Every signing key, newest first.
///
/// # Errors
/// The database's.
pub async fn list(db: &Db) -> Result<Vec<SigningKeyRow>, DbError> {
    db.query(&LIST, &[]).await?.iter().map(from_row).collect()
}

/// Adds a key.
pub fn insert(batch: Batch, key: &SigningKeyRow) -> Batch {
    let params = values![
        key.id.as_str(),
        key.algorithm.as_str(),
        key.status.as_str(),
        key.private_sealed.as_str(),
        key.public_jwk.as_str(),
        key.created_at.0,
    ];
    batch.expect(1, Table::SigningKeys, &INSERT, params)
}

fn from_row(row: &Row) -> Result<SigningKeyRow, DbError> {
    Ok(SigningKeyRow {
        id: row.text(0)?,
        algorithm: row.text(1)?,
        status: row.text(2)?,
        private_sealed: row.text(3)?,
        public_jwk: row.text(4)?,
        created_at: Timestamp(row.int(5)?),
    })
}
