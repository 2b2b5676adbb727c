//! The app's own database: one row a person, in one SQLite file.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::business::{Business, SealedNumber};
use crate::number::Number;
use crate::profile::Submission;
use crate::seal::Seal;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS business_profiles (
        user_id TEXT PRIMARY KEY,
        version INTEGER NOT NULL,
        age TEXT NOT NULL,
        shipping_address TEXT NOT NULL,
        social_security_number TEXT,
        social_security_number_last4 TEXT,
        payment_method TEXT,
        payment_method_last4 TEXT
    ) STRICT";

const READ: &str = "
    SELECT version, age, shipping_address, social_security_number, social_security_number_last4,
        payment_method, payment_method_last4
    FROM business_profiles WHERE user_id = ?1";

const SAVE: &str = "
    INSERT INTO business_profiles (version, age, shipping_address, social_security_number,
        social_security_number_last4, payment_method, payment_method_last4, user_id)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
    ON CONFLICT (user_id) DO UPDATE SET version = ?1, age = ?2, shipping_address = ?3,
        social_security_number = ?4, social_security_number_last4 = ?5, payment_method = ?6,
        payment_method_last4 = ?7
    WHERE version = ?1 - 1";

/// Why the database did not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the call was abandoned")]
    Abandoned(#[from] tokio::task::JoinError),
    #[error("a number could not be sealed")]
    Seal,
    #[error("the row was changed by somebody else meanwhile")]
    Changed,
}

#[derive(Clone)]
pub(crate) struct BusinessDb {
    inner: Arc<(Mutex<Connection>, Seal)>,
}

impl BusinessDb {
    /// Opens the file, and makes it when there is none.
    pub(crate) fn open(path: &Path, seal: Seal) -> Result<Self, rusqlite::Error> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(2))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self {
            inner: Arc::new((Mutex::new(connection), seal)),
        })
    }

    /// The person's row; version 0 when there is none.
    pub(crate) async fn read(&self, user_id: &str) -> Result<Business, DatabaseError> {
        let user_id = user_id.to_owned();
        self.on_thread(move |connection| {
            let row = connection.query_row(READ, [&user_id], business);
            Ok(row.optional()?.unwrap_or_default())
        })
        .await
    }

    /// The row that `submission` makes of `current`; `None` when it is the same.
    pub(crate) fn changed(
        &self,
        user_id: &str,
        current: &Business,
        submission: &Submission,
    ) -> Result<Option<Business>, DatabaseError> {
        current
            .changed_by(user_id, submission, &self.inner.1)
            .map_err(|_| DatabaseError::Seal)
    }

    /// Writes the row in place of the version before it.
    pub(crate) async fn save(&self, user_id: &str, row: Business) -> Result<(), DatabaseError> {
        let user_id = user_id.to_owned();
        self.on_thread(move |connection| {
            let number = |number| row.numbers.get(&number);
            let (social, payment) = (number(Number::SocialSecurity), number(Number::Payment));
            let rows = connection.execute(
                SAVE,
                params![
                    row.version,
                    row.age,
                    row.shipping_address,
                    social.map(|kept| &kept.sealed),
                    social.map(|kept| &kept.last_four),
                    payment.map(|kept| &kept.sealed),
                    payment.map(|kept| &kept.last_four),
                    user_id,
                ],
            )?;
            match rows {
                1 => Ok(()),
                _ => Err(DatabaseError::Changed),
            }
        })
        .await
    }

    /// SQLite waits for the disk: on a thread that may wait.
    async fn on_thread<T: Send + 'static>(
        &self,
        call: impl FnOnce(&Connection) -> Result<T, DatabaseError> + Send + 'static,
    ) -> Result<T, DatabaseError> {
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || {
            let connection = inner.0.lock().unwrap_or_else(PoisonError::into_inner);
            call(&connection)
        })
        .await?
    }
}

fn business(row: &Row<'_>) -> rusqlite::Result<Business> {
    let mut business = Business {
        version: row.get(0)?,
        age: row.get(1)?,
        shipping_address: row.get(2)?,
        ..Business::default()
    };
    for (number, sealed, last_four) in [
        (Number::SocialSecurity, row.get(3)?, row.get(4)?),
        (Number::Payment, row.get(5)?, row.get(6)?),
    ] {
        if let (Some(sealed), Some(last_four)) = (sealed, last_four) {
            business
                .numbers
                .insert(number, SealedNumber { sealed, last_four });
        }
    }
    Ok(business)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use meibo_sdk::Change;

    use super::*;
    use crate::field::Field;
    use crate::profile::Profile;

    fn submission(age: &str, payment: Change<String>) -> Submission {
        let mut profile = Profile::default();
        profile.set(Field::Age, age);
        Submission {
            profile,
            numbers: BTreeMap::from([(Number::Payment, payment)]),
            version: None,
        }
    }

    fn open(folder: &Path) -> BusinessDb {
        let path = folder.join("own.sqlite");
        let has_database = path.exists();
        let seal = Seal::from_file(&folder.join("own.key"), has_database).unwrap();
        BusinessDb::open(&path, seal).unwrap()
    }

    #[tokio::test]
    async fn rows_are_kept_sealed_and_survive_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let card = "4242424242424242";
        let wanted = submission("30", Change::Set(card.to_owned()));
        let db = open(folder.path());
        let none = db.read("sei").await.unwrap();
        let row = db.changed("sei", &none, &wanted).unwrap().unwrap();
        db.save("sei", row).await.unwrap();
        drop(db);

        let db = open(folder.path());
        let row = db.read("sei").await.unwrap();
        assert_eq!((row.version, &*row.age), (1, "30"));
        assert_eq!(row.last_four(Number::Payment), Some("4242"));
        assert!(db.changed("sei", &row, &wanted).unwrap().is_none());
        assert!(db.read("murasaki").await.unwrap().age.is_empty());

        let removed = submission("30", Change::Clear);
        let next = db.changed("sei", &row, &removed).unwrap().unwrap();
        db.save("sei", next).await.unwrap();
        let row = db.read("sei").await.unwrap();
        assert_eq!((row.version, row.last_four(Number::Payment)), (2, None));

        for file in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            let is_there = bytes.windows(card.len()).any(|at| at == card.as_bytes());
            assert!(!is_there, "the number is nowhere in clear");
        }
    }

    #[tokio::test]
    async fn of_two_changes_of_one_version_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (open(folder.path()), open(folder.path()));
        let seen = one.read("sei").await.unwrap();
        let row = |age| {
            let wanted = submission(age, Change::Keep);
            one.changed("sei", &seen, &wanted).unwrap().unwrap()
        };
        one.save("sei", row("30")).await.unwrap();
        let refused = two.save("sei", row("31")).await;
        assert!(matches!(refused, Err(DatabaseError::Changed)));
        assert_eq!(two.read("sei").await.unwrap().age, "30");
    }

    #[tokio::test]
    async fn a_lost_key_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        drop(open(folder.path()));
        let key = folder.path().join("own.key");
        assert_eq!(
            std::os::unix::fs::MetadataExt::mode(&key.metadata().unwrap()) & 0o777,
            0o600
        );
        std::fs::remove_file(&key).unwrap();
        assert!(Seal::from_file(&key, true).is_err() && !key.exists());
    }
}
