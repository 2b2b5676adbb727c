//! SQLite's queues are bounded, other programs are waited for, and slow queries are stopped.

use std::time::Duration;

use meibo_store::db::{Batch, CommitError, DbError, Sql, Table};
use meibo_store::values;

use crate::place::{INSERT_USER, Place, names, poll_once, user};

/// Counts to a number, which takes SQLite's machine about ten steps each.
const COUNT_TO: &str = "WITH RECURSIVE n (x) AS \
    (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < $1) SELECT count(*) FROM n";

fn insert(id: &str) -> Batch {
    Batch::new().expect(1, Table::Users, &Sql::from(INSERT_USER), user(id))
}

#[tokio::test]
async fn a_full_write_queue_is_overloaded() {
    let place = Place::sqlite().limit(|limits| (limits.write_queue, limits.group) = (2, 1));
    let db = place.prepared().await;
    let beside = place.beside();
    beside.execute_batch("BEGIN IMMEDIATE").unwrap();
    // One may be with the writer, two wait: the fourth has no place.
    let mut accepted = Vec::new();
    let refused = loop {
        let mut commit = Box::pin(db.commit(insert(&accepted.len().to_string())));
        match poll_once(&mut commit) {
            Some(outcome) => break outcome.unwrap_err(),
            None => accepted.push(commit),
        }
        assert!(
            accepted.len() <= 3,
            "more was accepted than there are places"
        );
    };
    assert_eq!(refused, CommitError::Db(DbError::Overloaded));
    beside.execute_batch("ROLLBACK").unwrap();
    let count = accepted.len();
    for commit in accepted {
        commit.await.unwrap();
    }
    assert_eq!(names(&db).await.len(), count);
    db.commit(insert("later")).await.unwrap();
}

#[tokio::test]
async fn a_full_read_queue_is_overloaded() {
    let place = Place::sqlite().limit(|limits| (limits.readers, limits.read_queue) = (1, 1));
    let db = place.prepared().await;
    let (sql, params) = (Sql::from(COUNT_TO), values![300_000]);
    let mut accepted = Vec::new();
    // One is with the reader, one waits: the third has no place.
    let refused = loop {
        let mut read = Box::pin(db.query(&sql, &params));
        match poll_once(&mut read) {
            Some(outcome) => break outcome.unwrap_err(),
            None => accepted.push(read),
        }
        assert!(
            accepted.len() <= 2,
            "more was accepted than there are places"
        );
    };
    assert_eq!(refused, DbError::Overloaded);
    for read in accepted {
        read.await.unwrap();
    }
    db.query(&sql, &values![1]).await.unwrap();
}

#[tokio::test]
async fn another_writer_is_waited_for_but_not_forever() {
    let place = Place::sqlite().limit(|limits| limits.busy_timeout = Duration::from_millis(50));
    let db = place.prepared().await;
    let beside = place.beside();
    beside.execute_batch("BEGIN IMMEDIATE").unwrap();
    let outcome = db.commit(insert("a")).await;
    assert!(
        matches!(
            &outcome,
            Err(CommitError::Db(DbError::Unavailable {
                retryable: true,
                ..
            }))
        ),
        "{outcome:?}"
    );
    assert!(db.ping().await.is_err());
    assert!(names(&db).await.is_empty(), "reads go on");
    beside.execute_batch("COMMIT").unwrap();
    db.ping().await.unwrap();
    db.commit(insert("a")).await.unwrap();
}

#[tokio::test]
async fn a_slow_query_is_stopped_and_its_reader_goes_on() {
    let place = Place::sqlite().limit(|limits| {
        (limits.slow_queue, limits.slow_timeout) = (1, Duration::from_millis(100));
    });
    let db = place.prepared().await;
    let sql = Sql::from(COUNT_TO);
    let endless = values![i64::MAX];
    let error = db.query_slow(&sql, &endless).await.unwrap_err();
    assert!(matches!(&error, DbError::Unavailable { reason, .. } if reason.contains("longer")));
    // A caller that goes away stops it too, and the quick readers never noticed.
    let mut gone = Box::pin(db.query_slow(&sql, &endless));
    assert!(poll_once(&mut gone).is_none());
    assert_eq!(
        db.query(&sql, &values![10]).await.unwrap()[0].int(0),
        Ok(10)
    );
    drop(gone);
    let rows = loop {
        match db.query_slow(&sql, &values![1000]).await {
            // Its reader has not looked up yet.
            Err(DbError::Overloaded | DbError::Unavailable { .. }) => {
                tokio::task::yield_now().await;
            }
            other => break other.unwrap(),
        }
    };
    assert_eq!(rows[0].int(0), Ok(1000));
}

#[tokio::test]
async fn slow_queries_have_a_queue_of_their_own() {
    let place = Place::sqlite().limit(|limits| limits.slow_queue = 1);
    let db = place.prepared().await;
    let (sql, endless) = (Sql::from(COUNT_TO), values![i64::MAX]);
    let mut scans: Vec<_> = (0..3)
        .map(|_| Box::pin(db.query_slow(&sql, &endless)))
        .collect();
    let refused: Vec<_> = scans.iter_mut().filter_map(poll_once).collect();
    assert!(!refused.is_empty());
    for outcome in refused {
        assert_eq!(outcome.unwrap_err(), DbError::Overloaded);
    }
    assert_eq!(
        db.query(&sql, &values![10]).await.unwrap()[0].int(0),
        Ok(10)
    );
}
