//! Table `signing_keys`. A unique index allows one current and one next key of an algorithm.

use meibo_domain::{
    signing_key::{KeyStatus, PublishedKey},
    time::Timestamp,
};

use crate::{
    db::{Batch, CommitError, Db, DbError, Row, Table},
    statements, values,
};

statements! {
    LIST = "SELECT id, algorithm, status, created_at, retired_at, private_sealed, public_jwk FROM signing_keys \
        ORDER BY created_at DESC, id";
    INSERT = "INSERT INTO signing_keys (id, algorithm, status, created_at, retired_at, private_sealed, public_jwk) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    RETIRE = "UPDATE signing_keys SET status = 'previous', retired_at = $2 WHERE id = $1 AND status = 'current'";
    PROMOTE = "UPDATE signing_keys SET status = 'current' WHERE id = $1 AND status = 'next'";
    DELETE = "DELETE FROM signing_keys WHERE id = $1 AND status = 'previous'";
    DELETE_RETIRED = "DELETE FROM signing_keys WHERE status = 'previous' AND retired_at <= $1";
}

/// A signing key as it is kept.
#[derive(Clone)]
pub struct SigningKeyRow {
    /// What is published of it.
    pub key: PublishedKey,
    /// PKCS #8, sealed.
    pub private_sealed: String,
    /// The public half as a JWK.
    pub public_jwk: String,
}

/// Every signing key, newest first.
///
/// # Errors
/// The database's.
pub async fn list(db: &Db) -> Result<Vec<SigningKeyRow>, DbError> {
    db.query(&LIST, &[]).await?.iter().map(from_row).collect()
}

/// Adds a key; conflicts when the algorithm has one of this status already.
pub fn insert(batch: Batch, row: &SigningKeyRow) -> Batch {
    let params = values![
        row.key.id.as_str(),
        row.key.algorithm.as_str(),
        row.key.status.as_str(),
        row.key.created_at.0,
        row.key.retired_at.map(Timestamp::millis),
        row.private_sealed.as_str(),
        row.public_jwk.as_str(),
    ];
    batch
        .expect(1, Table::SigningKeys, &INSERT, params)
        .conflict("signing_key.made")
}

/// Lets the next key sign in place of the current one; conflicts when either is no longer that. The new next key is
/// inserted after it.
pub fn take_turns(batch: Batch, current: &str, next: &str, now: Timestamp) -> Batch {
    batch
        .expect(1, Table::SigningKeys, &RETIRE, values![current, now.0])
        .conflict("signing_key.rotated")
        .expect(1, Table::SigningKeys, &PROMOTE, values![next])
        .conflict("signing_key.rotated")
}

/// Deletes a previous key; conflicts when it is not there or not previous.
pub fn delete(batch: Batch, id: &str) -> Batch {
    batch
        .expect(1, Table::SigningKeys, &DELETE, values![id])
        .conflict("signing_key.deleted")
}

/// Deletes the previous keys that signed for the last time at `time` or before. Gives how many.
///
/// # Errors
/// The database's.
pub async fn delete_retired(db: &Db, time: Timestamp) -> Result<u64, DbError> {
    let batch = Batch::new().run(Table::SigningKeys, &DELETE_RETIRED, values![time.0]);
    match db.commit(batch).await {
        Ok(committed) => Ok(committed.count(0)),
        // Another node deletes them.
        Err(CommitError::Conflict { .. }) => Ok(0),
        Err(CommitError::Db(error)) => Err(error),
    }
}

fn from_row(row: &Row) -> Result<SigningKeyRow, DbError> {
    Ok(SigningKeyRow {
        key: PublishedKey {
            id: row.text(0)?,
            algorithm: row.text(1)?,
            status: row.parse(2, |word| KeyStatus::parse(&word).ok_or("an unknown status"))?,
            created_at: Timestamp(row.int(3)?),
            retired_at: row.opt_int(4)?.map(Timestamp),
        },
        private_sealed: row.text(5)?,
        public_jwk: row.text(6)?,
    })
}
