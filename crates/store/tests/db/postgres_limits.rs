//! PostgreSQL's connections are bounded in number, in who waits for them, and in how long.

use std::time::Duration;

use meibo_store::db::{Batch, CommitError, Db, DbError, Sql, Table};
use tokio_postgres::Client;

use crate::place::{INSERT_USER, Place, names, poll_once, user};

/// Counts without end.
const ENDLESS: &str = "WITH RECURSIVE n (x) AS \
    (SELECT 1 UNION ALL SELECT 1 - x FROM n) SELECT count(*) FROM n";

fn insert(id: &str) -> Batch {
    Batch::new().expect(1, Table::Users, &Sql::from(INSERT_USER), user(id))
}

/// Locks the table, so that writes to it wait.
async fn locked(place: &Place) -> Client {
    let other = place.postgres.as_ref().unwrap().connect().await;
    other
        .batch_execute("BEGIN; LOCK TABLE users IN EXCLUSIVE MODE")
        .await
        .unwrap();
    other
}

fn is_unavailable(outcome: &Result<impl Sized, CommitError>, expected: bool) -> bool {
    matches!(outcome, Err(CommitError::Db(DbError::Unavailable { retryable, .. }))
        if *retryable == expected)
}

#[tokio::test]
async fn more_calls_than_places_are_overloaded() {
    let place = Place::postgres()
        .await
        .limit(|limits| (limits.connections, limits.connection_queue) = (1, 1));
    let db = place.prepared().await;
    let other = locked(&place).await;
    let sent = |id: &'static str| {
        let db: Db = db.clone();
        tokio::spawn(async move { db.commit(insert(id)).await })
    };
    let accepted = [sent("a"), sent("b")];
    // The third finds both places taken as soon as the first two have them.
    let sql = Sql::from("SELECT 'x'");
    let refused = loop {
        let mut third = Box::pin(db.query(&sql, &[]));
        if let Some(Err(error)) = poll_once(&mut third) {
            break error;
        }
        drop(third);
        tokio::task::yield_now().await;
    };
    assert_eq!(refused, DbError::Overloaded);
    other.batch_execute("COMMIT").await.unwrap();
    for commit in accepted {
        commit.await.unwrap().unwrap();
    }
    assert_eq!(names(&db).await, ["a", "b"]);
}

#[tokio::test]
async fn a_connection_is_waited_for_but_not_forever() {
    let place = Place::postgres().await.limit(|limits| {
        limits.connections = 1;
        limits.connection_timeout = Duration::from_millis(100);
    });
    let db = place.prepared().await;
    let other = locked(&place).await;
    let mut first = Box::pin(db.commit(insert("a")));
    let second = loop {
        assert!(poll_once(&mut first).is_none());
        let second = db.query(&Sql::from("SELECT 'x'"), &[]).await;
        if second.is_err() {
            break second;
        }
    };
    let error = second.unwrap_err();
    assert!(matches!(&error, DbError::Unavailable { reason, .. } if reason.contains("in use")));
    other.batch_execute("COMMIT").await.unwrap();
    first.await.unwrap();
    assert_eq!(names(&db).await, ["a"]);
}

#[tokio::test]
async fn a_round_trip_that_takes_too_long_gives_its_connection_up() {
    let place = Place::postgres()
        .await
        .limit(|limits| limits.statement_timeout = Duration::from_millis(300));
    let db = place.prepared().await;
    let other = locked(&place).await;
    let two = db.commit(insert("a").merge(insert("b"))).await;
    assert!(is_unavailable(&two, true), "no COMMIT was sent: {two:?}");
    let unguarded = Batch::new().run(Table::Users, &Sql::from(INSERT_USER), user("c"));
    let one = db.commit(unguarded).await;
    assert!(
        is_unavailable(&one, false),
        "it commits by itself, perhaps later: {one:?}"
    );
    other.batch_execute("COMMIT").await.unwrap();
    db.commit(insert("d")).await.unwrap();
    assert!(!names(&db).await.contains(&"a".to_owned()));
}

#[tokio::test]
async fn slow_queries_are_stopped_and_few() {
    let place = Place::postgres().await.limit(|limits| {
        (limits.slow_queries, limits.slow_queue) = (1, 0);
        limits.slow_timeout = Duration::from_millis(300);
    });
    let db = place.prepared().await;
    let endless = Sql::from(ENDLESS);
    let mut first = Box::pin(db.query_slow(&endless, &[]));
    assert!(poll_once(&mut first).is_none());
    assert_eq!(
        db.query_slow(&endless, &[]).await.unwrap_err(),
        DbError::Overloaded
    );
    assert!(names(&db).await.is_empty(), "quick queries go on");
    let error = first.await.unwrap_err();
    assert!(
        matches!(
            &error,
            DbError::Unavailable {
                retryable: true,
                ..
            }
        ),
        "{error}"
    );
    let rows = db.query_slow(&Sql::from("SELECT 'x'"), &[]).await.unwrap();
    assert_eq!(rows[0].text(0).unwrap(), "x");
    let written = db.query_slow(&Sql::from("DELETE FROM users"), &[]).await;
    assert!(written.is_err(), "slow queries only read");
}
