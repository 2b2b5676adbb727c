//! Where a test's database lives, and the tables it has.

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use meibo_store::db::{DatabaseConfig, Db, Limits, Migration, Sql, Value};
use tempfile::TempDir;

use crate::support::{Database, fast_folder};

/// One empty database, gone when this is dropped.
pub(crate) struct Place {
    pub(crate) config: DatabaseConfig,
    pub(crate) postgres: Option<Database>,
    _folder: Option<TempDir>,
}

/// Tables named as the store's are, so that batches and touches work on them.
pub(crate) const TABLES: Migration = Migration::new(
    1,
    "tables for tests",
    "CREATE TABLE users (
         id TEXT PRIMARY KEY, version BIGINT NOT NULL, username_key TEXT, name TEXT);
     CREATE UNIQUE INDEX users_username_key_key ON users (username_key);
     CREATE TABLE grants (
         id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id), kind TEXT, number BIGINT);
     CREATE UNIQUE INDEX grants_kind_number_key ON grants (kind, number);
     CREATE TABLE scopes (id TEXT PRIMARY KEY, name TEXT, number BIGINT);
     CREATE TABLE settings (name TEXT, value BIGINT NOT NULL CHECK (value < 1000));",
);

impl Place {
    pub(crate) fn sqlite() -> Self {
        let folder = TempDir::new_in(fast_folder()).unwrap();
        let path = folder.path().join("meibo.db");
        let config = DatabaseConfig::parse(&format!("sqlite:{}", path.display())).unwrap();
        Self {
            config,
            postgres: None,
            _folder: Some(folder),
        }
    }

    pub(crate) async fn postgres() -> Self {
        Self::on(Database::new().await)
    }

    pub(crate) fn on(database: Database) -> Self {
        let config = DatabaseConfig::parse(&database.url).unwrap();
        Self {
            config,
            postgres: Some(database),
            _folder: None,
        }
    }

    pub(crate) fn limit(mut self, limit: impl FnOnce(&mut Limits)) -> Self {
        limit(&mut self.config.limits);
        self
    }

    /// One more node on this database.
    pub(crate) async fn open(&self) -> Db {
        Db::open(&self.config).await.unwrap()
    }

    /// The first node, with [`TABLES`].
    pub(crate) async fn prepared(&self) -> Db {
        let db = self.open().await;
        db.migrate(&[TABLES], 0).await.unwrap();
        db
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.config.sqlite_path().unwrap().to_owned()
    }

    /// A connection to the file beside the store's, as another program would have.
    pub(crate) fn beside(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.file()).unwrap()
    }
}

/// Runs each test on both engines.
macro_rules! on_both_engines {
    ($($test:ident),+ $(,)?) => {
        mod on_sqlite {
            $(
                #[tokio::test]
                async fn $test() {
                    super::$test($crate::place::Place::sqlite()).await;
                }
            )+
        }

        mod on_postgres {
            $(
                #[tokio::test]
                async fn $test() {
                    super::$test($crate::place::Place::postgres().await).await;
                }
            )+
        }
    };
}
pub(crate) use on_both_engines;

/// The first column of the first row, a number.
pub(crate) async fn number(db: &Db, sql: &str) -> i64 {
    let row = db.query_opt(&Sql::from(sql), &[]).await.unwrap().unwrap();
    row.int(0).unwrap()
}

pub(crate) async fn names(db: &Db) -> Vec<String> {
    let rows = db
        .query(&Sql::from("SELECT name FROM users ORDER BY name"), &[])
        .await
        .unwrap();
    rows.iter().map(|row| row.text(0).unwrap()).collect()
}

pub(crate) fn user(id: &str) -> Vec<Value> {
    meibo_store::values![id, 1, id, id]
}

pub(crate) const INSERT_USER: &str =
    "INSERT INTO users (id, version, username_key, name) VALUES ($1, $2, $3, $4)";

/// Polls a future once: enough for what it sends without waiting.
pub(crate) fn poll_once<T>(future: impl Future<Output = T> + Unpin) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// Waits until a condition holds, for 30 seconds at most.
pub(crate) async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let waiting = async {
        while !holds().await {
            tokio::task::yield_now().await;
        }
    };
    let limit = Duration::from_secs(30);
    assert!(
        tokio::time::timeout(limit, waiting).await.is_ok(),
        "never came true: {what}"
    );
}
