//! Table `settings`: single values by key. Keys that begin with `sealed.` hold ciphertext.

use meibo_domain::time::Timestamp;

use crate::{
    db::{Batch, Db, DbError, Table},
    statements, values,
};

statements! {
    GET = "SELECT value FROM settings WHERE key = $1";
    SET = "INSERT INTO settings (key, value, updated_at) VALUES ($1, $2, $3) \
        ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at";
    INSERT = "INSERT INTO settings (key, value, updated_at) VALUES ($1, $2, $3)";
    INSERT_FIRST = "INSERT INTO settings (key, value, updated_at) VALUES ($1, $2, $3) \
        ON CONFLICT (key) DO NOTHING";
    REPLACE = "UPDATE settings SET value = $3, updated_at = $4 WHERE key = $1 AND value = $2";
    TAKE = "DELETE FROM settings WHERE key = $1 AND value = $2";
}

/// The value of a key.
///
/// # Errors
/// The database's.
pub async fn get(db: &Db, key: &str) -> Result<Option<String>, DbError> {
    db.query_opt(&GET, &values![key])
        .await?
        .map(|row| row.text(0))
        .transpose()
}

/// Sets a value, whatever it was.
pub fn set(batch: Batch, key: &str, value: &str, now: Timestamp) -> Batch {
    batch.run(Table::Settings, &SET, values![key, value, now.0])
}

/// Sets a value that is not set yet; a unique violation otherwise.
pub fn insert(batch: Batch, key: &str, value: &str, now: Timestamp) -> Batch {
    batch.expect(1, Table::Settings, &INSERT, values![key, value, now.0])
}

/// Sets a value that was not set when it was read; conflicts when it is meanwhile.
pub fn insert_first(batch: Batch, key: &str, value: &str, now: Timestamp) -> Batch {
    let params = values![key, value, now.0];
    batch
        .expect(1, Table::Settings, &INSERT_FIRST, params)
        .conflict("setting.set_meanwhile")
}

/// Replaces a value that is as it was read; conflicts when it is not, so that no change is lost.
pub fn replace(batch: Batch, key: &str, read: &str, value: &str, now: Timestamp) -> Batch {
    let params = values![key, read, value, now.0];
    batch
        .expect(1, Table::Settings, &REPLACE, params)
        .conflict("setting.changed")
}

/// Removes a value that is as it was read; conflicts otherwise, so that one caller wins.
pub fn take(batch: Batch, key: &str, value: &str) -> Batch {
    batch
        .expect(1, Table::Settings, &TAKE, values![key, value])
        .conflict("setting.taken")
}
