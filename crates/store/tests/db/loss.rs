//! Connections that end: the next call finds another, and an outcome is never made up.

use meibo_store::db::{Batch, CommitError, DatabaseConfig, Db, DbError, Sql, Table};
use meibo_store::values;

use crate::place::{INSERT_USER, Place, names, user};
use crate::support::free_port;

const END_ALL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

fn insert(id: &str) -> Batch {
    Batch::new().expect(1, Table::Users, &Sql::from(INSERT_USER), user(id))
}

#[tokio::test]
async fn ended_connections_are_replaced_unseen() {
    let place = Place::postgres().await;
    let db = place.prepared().await;
    let other = place.postgres.as_ref().unwrap().connect().await;
    let sql = Sql::from("SELECT name FROM users");
    for round in 0..20 {
        // Several connections, so that more than one dead one lies in the pool.
        let reads = (0..5).map(|_| db.query(&sql, &[]));
        for read in futures_util::future::join_all(reads).await {
            read.unwrap();
        }
        other.query(END_ALL, &[]).await.unwrap();
        if round % 2 == 0 {
            names(&db).await;
        } else {
            db.commit(insert(&round.to_string())).await.unwrap();
        }
    }
    assert_eq!(names(&db).await.len(), 10);
    db.ping().await.unwrap();
}

#[tokio::test]
async fn a_connection_ended_before_commit_leaves_nothing() {
    let place = Place::postgres().await;
    let db = place.prepared().await;
    // The batch ends its own connection after it wrote.
    let end = Sql::from(
        "INSERT INTO settings SELECT 'ended', 1 WHERE pg_terminate_backend(pg_backend_pid())",
    );
    let outcome = db
        .commit(insert("a").expect(1, Table::Settings, &end, values![]))
        .await;
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
    let alone = db
        .commit(Batch::new().run(Table::Settings, &end, values![]))
        .await;
    assert!(
        matches!(
            &alone,
            Err(CommitError::Db(DbError::Unavailable {
                retryable: false,
                ..
            }))
        ),
        "it commits by itself, so the outcome is not known: {alone:?}"
    );
    assert!(names(&db).await.is_empty());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named_without_the_password() {
    let url = format!("postgres://meibo:s3cret@127.0.0.1:{}/meibo", free_port());
    let error = Db::open(&DatabaseConfig::parse(&url).unwrap())
        .await
        .err()
        .unwrap();
    let message = error.to_string();
    assert!(message.contains("no connection"), "{message}");
    assert!(message.contains("refused"), "{message}");
    assert!(!message.contains("s3cret"), "{message}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let place = Place::postgres().await;
    let url = format!("{}_not", place.postgres.as_ref().unwrap().url);
    let error = Db::open(&DatabaseConfig::parse(&url).unwrap())
        .await
        .err()
        .unwrap();
    assert!(matches!(error, DbError::Unavailable { .. }));
    assert!(error.to_string().contains("does not exist"), "{error}");
}
