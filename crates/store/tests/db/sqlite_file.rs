//! The file and the log beside it: how they are made, kept short, shared and closed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use futures_util::future::join_all;
use meibo_store::db::{Batch, DatabaseConfig, Db, DbError, Sql, Table};
use meibo_store::values;

use crate::place::{INSERT_USER, Place, names, poll_once, user};

fn insert(id: &str) -> Batch {
    Batch::new().expect(1, Table::Users, &Sql::from(INSERT_USER), user(id))
}

fn log(place: &Place) -> std::path::PathBuf {
    place.file().with_extension("db-wal")
}

#[tokio::test]
async fn only_its_owner_reads_the_file_and_its_log() {
    let place = Place::sqlite();
    let _db = place.prepared().await;
    for path in [place.file(), log(&place)] {
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
    }
}

#[tokio::test]
async fn commits_are_synced_and_keys_are_enforced() {
    let place = Place::sqlite();
    let db = place.prepared().await;
    let settings = [("synchronous", 2), ("foreign_keys", 1)];
    for (name, expected) in settings {
        let sql = Sql::from(format!("SELECT * FROM pragma_{name}"));
        let committed = db
            .commit(Batch::new().run(Table::Users, &sql, values![]))
            .await
            .unwrap();
        assert_eq!(committed.first(0).unwrap().int(0), Ok(expected), "{name}");
    }
    let mode = db
        .query(&Sql::from("SELECT * FROM pragma_journal_mode"), &[])
        .await
        .unwrap();
    assert_eq!(mode[0].text(0).unwrap(), "wal");
    let written = db
        .query(&Sql::from("DELETE FROM users RETURNING id"), &[])
        .await;
    assert!(written.is_err(), "readers only read");
}

#[tokio::test]
async fn what_cannot_be_opened_is_named() {
    let place = Place::sqlite();
    let missing = place.file().with_file_name("missing").join("meibo.db");
    let config = DatabaseConfig::parse(&format!("sqlite:{}", missing.display())).unwrap();
    let error = Db::open(&config).await.err().unwrap();
    assert!(matches!(&error, DbError::Unavailable { reason, .. } if reason.contains("missing")));

    fs::write(place.file(), "name,age\nbob,7\n".repeat(100)).unwrap();
    let error = Db::open(&place.config).await.err().unwrap();
    assert!(
        matches!(&error, DbError::Corrupt { reason } if reason.contains("meibo.db")),
        "{error}"
    );
}

#[tokio::test]
async fn closing_commits_what_waits_and_folds_the_log_back() {
    let place = Place::sqlite();
    let db = place.prepared().await;
    let other = db.clone();
    let mut waiting: Vec<_> = ["a", "b", "c"]
        .map(|id| Box::pin(db.commit(insert(id))))
        .into_iter()
        .collect();
    for commit in &mut waiting {
        assert!(poll_once(commit).is_none());
    }
    other.clone().close().await;
    for commit in waiting {
        commit.await.unwrap();
    }
    assert!(!log(&place).exists(), "the last connection removes the log");
    assert!(other.query(&Sql::from("SELECT 1"), &[]).await.is_err());
    assert!(other.commit(insert("d")).await.is_err());
    assert_eq!(names(&place.open().await).await, ["a", "b", "c"]);
}

#[tokio::test]
async fn another_process_may_write_too() {
    let place = Place::sqlite();
    let server = place.prepared().await;
    let command_line = place.open().await;
    command_line.commit(insert("a")).await.unwrap();
    server.commit(insert("b")).await.unwrap();
    command_line.close().await;
    assert_eq!(names(&server).await, ["a", "b"]);
    server.commit(insert("c")).await.unwrap();
    assert_eq!(names(&server).await, ["a", "b", "c"]);
}

#[tokio::test]
async fn the_log_stays_short_under_writes_without_a_pause() {
    let place = Place::sqlite();
    let db = place.prepared().await;
    let update = Sql::from("UPDATE users SET name = $2 WHERE id = $1");
    // Several at once, so that the writer always finds the next one waiting.
    let writers = ["a", "b", "c", "d"].map(async |id| {
        db.commit(insert(id)).await.unwrap();
        let mut longest = 0;
        for index in 0..100 {
            // Another text each time: pages that stay the same are not written.
            let name = format!("{index:08}").repeat(1 << 16);
            let batch = Batch::new().expect(1, Table::Users, &update, values![id, name]);
            db.commit(batch).await.unwrap();
            longest = longest.max(fs::metadata(log(&place)).unwrap().len());
        }
        longest
    });
    let longest = join_all(writers).await.into_iter().max().unwrap();
    assert!(
        longest > 4 << 20,
        "the writer does not fold back for each commit: {longest}"
    );
    assert!(longest < 64 << 20, "the log grew to {longest} bytes");
}
