//! Migrations are applied once, in order, by however many nodes start together.

use futures_util::future::join_all;
use meibo_store::db::{DbError, Migration, Sql};

use crate::place::{Place, TABLES, number, on_both_engines};

on_both_engines!(
    applied_once,
    applied_once_by_nodes_that_start_together,
    a_newer_database_is_refused,
    a_failed_migration_leaves_nothing,
);

const SECOND: Migration = Migration {
    version: 2,
    name: "one text for each engine",
    sql: "THIS IS RUN BY NEITHER",
    sqlite: Some("CREATE TABLE roles (id TEXT); INSERT INTO settings VALUES ('second', 2);"),
    postgres: Some("CREATE TABLE roles (id TEXT); INSERT INTO settings VALUES ('second', 2);"),
};

async fn applied_once(place: Place) {
    let db = place.open().await;
    assert_eq!(
        db.pending(&[TABLES, SECOND]).await.unwrap(),
        [TABLES, SECOND]
    );
    assert_eq!(db.migrate(&[TABLES], 1000).await.unwrap(), [TABLES]);
    assert_eq!(db.pending(&[TABLES, SECOND]).await.unwrap(), [SECOND]);
    assert_eq!(db.migrate(&[TABLES, SECOND], 2000).await.unwrap(), [SECOND]);
    assert_eq!(db.migrate(&[TABLES, SECOND], 3000).await.unwrap(), []);
    assert_eq!(db.pending(&[TABLES, SECOND]).await.unwrap(), []);
    let rows = db
        .query(
            &Sql::from("SELECT version, name, applied_at FROM schema_migrations"),
            &[],
        )
        .await
        .unwrap();
    let found: Vec<_> = rows
        .iter()
        .map(|row| (row.int(0).unwrap(), row.int(2).unwrap()))
        .collect();
    assert_eq!(found, [(1, 1000), (2, 2000)]);
    assert_eq!(rows[1].text(1).unwrap(), SECOND.name);
}

async fn applied_once_by_nodes_that_start_together(place: Place) {
    let mut nodes = Vec::new();
    for _ in 0..4 {
        nodes.push(place.open().await);
    }
    let list = [TABLES, SECOND];
    let applied = join_all(nodes.iter().map(|db| db.migrate(&list, 1))).await;
    let mut applied: Vec<i64> = applied
        .into_iter()
        .flat_map(Result::unwrap)
        .map(|migration| migration.version)
        .collect();
    applied.sort_unstable();
    assert_eq!(applied, [1, 2]);
    assert_eq!(number(&nodes[3], "SELECT count(*) FROM settings").await, 1);
}

async fn a_newer_database_is_refused(place: Place) {
    let db = place.open().await;
    db.migrate(&[TABLES, SECOND], 1).await.unwrap();
    for error in [
        db.migrate(&[TABLES], 2).await.unwrap_err(),
        db.pending(&[TABLES]).await.unwrap_err(),
    ] {
        assert!(matches!(&error, DbError::Invalid { reason } if reason.contains("newer program")));
    }
}

async fn a_failed_migration_leaves_nothing(place: Place) {
    let db = place.open().await;
    let broken = Migration::new(
        2,
        "broken",
        "CREATE TABLE half (id TEXT); CREATE TABLE users (a TEXT)",
    );
    let error = db.migrate(&[TABLES, broken], 1).await.unwrap_err();
    assert!(matches!(&error, DbError::Invalid { reason } if reason.contains("2 (broken)")));
    assert_eq!(db.pending(&[TABLES, SECOND]).await.unwrap(), [SECOND]);
    assert!(
        db.query(&Sql::from("SELECT id FROM half"), &[])
            .await
            .is_err()
    );
    db.migrate(&[TABLES, SECOND], 2).await.unwrap();
}
