//! Table `data_keys`: the keys that seal secrets, themselves wrapped under the secret key.

use meibo_domain::time::Timestamp;

use crate::{
    db::{Batch, Db, DbError, Table},
    statements, values,
};

statements! {
    LIST = "SELECT id, wrapped, is_current FROM data_keys ORDER BY is_current DESC, created_at DESC, id";
    INSERT = "INSERT INTO data_keys (id, wrapped, is_current, created_at) VALUES ($1, $2, 1, $3)";
    RETIRE_OTHERS = "UPDATE data_keys SET is_current = 0 WHERE id <> $1";
    REWRAP = "UPDATE data_keys SET wrapped = $2 WHERE id = $1";
    STILL_CURRENT = "UPDATE data_keys SET is_current = 1 WHERE id = $1 AND is_current = 1";
    DELETE = "DELETE FROM data_keys WHERE id = $1 AND is_current = 0";
}

/// A data key as it is kept.
#[derive(Clone)]
pub struct DataKeyRow {
    /// Key id, part of every ciphertext.
    pub id: String,
    /// The key, wrapped under the secret key.
    pub wrapped: String,
    /// Is it the one that new ciphertext is made with?
    pub is_current: bool,
}

/// Every data key, the current one first.
///
/// # Errors
/// The database's.
pub async fn list(db: &Db) -> Result<Vec<DataKeyRow>, DbError> {
    let rows = db.query(&LIST, &[]).await?;
    rows.iter()
        .map(|row| {
            Ok(DataKeyRow {
                id: row.text(0)?,
                wrapped: row.text(1)?,
                is_current: row.bool(2)?,
            })
        })
        .collect()
}

/// Adds a key and makes it the only current one.
pub fn insert_current(batch: Batch, id: &str, wrapped: &str, now: Timestamp) -> Batch {
    batch
        .expect(1, Table::DataKeys, &INSERT, values![id, wrapped, now.0])
        .run(Table::DataKeys, &RETIRE_OTHERS, values![id])
}

/// Stores a key wrapped under another secret key.
pub fn rewrap(batch: Batch, id: &str, wrapped: &str) -> Batch {
    batch.expect(1, Table::DataKeys, &REWRAP, values![id, wrapped])
}

/// Demands that a key is the current one when the batch commits, for the batch stores what was sealed
/// with it: a key that is not current any more may be deleted, and what it sealed would be lost.
pub fn still_current(batch: Batch, id: &str) -> Batch {
    batch
        .expect(1, Table::DataKeys, &STILL_CURRENT, values![id])
        .conflict("data_key.retired")
}

/// Deletes a key that is no longer current.
pub fn delete(batch: Batch, id: &str) -> Batch {
    batch.expect(1, Table::DataKeys, &DELETE, values![id])
}
