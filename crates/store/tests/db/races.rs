//! The guards on PostgreSQL, each raced by another node at the worst moment: after the statement
//! that relies on a row was sent, before the other's change is committed.

use futures_util::future::join;
use meibo_store::db::{Batch, CommitError, Committed, Db, Sql, Table, Touch};
use meibo_store::values;
use tokio::task::JoinHandle;
use tokio_postgres::Client;

use crate::place::{INSERT_USER, Place, number, until, user};

const INSERT_GRANT: &str = "INSERT INTO grants (id, user_id) VALUES ($1, $2)";

async fn with_users(db: &Db, ids: &[&str]) {
    for id in ids {
        let insert = Sql::from(INSERT_USER);
        db.commit(Batch::new().run(Table::Users, &insert, user(id)))
            .await
            .unwrap();
    }
}

fn start(db: &Db, batch: Batch) -> JoinHandle<Result<Committed, CommitError>> {
    let db = db.clone();
    tokio::spawn(async move { db.commit(batch).await })
}

/// Waits until somebody waits for a lock.
async fn until_blocked(client: &Client) {
    until("a batch waits for a lock", || async {
        let sql = "SELECT 1 FROM pg_locks JOIN pg_database d ON d.oid = database \
                   WHERE NOT granted AND datname = current_database() \
                   UNION ALL SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
                   AND datname = current_database()";
        !client.query(sql, &[]).await.unwrap().is_empty()
    })
    .await;
}

#[tokio::test]
async fn a_touched_row_that_changes_is_a_conflict() {
    let place = Place::postgres().await;
    let db = place.prepared().await;
    with_users(&db, &["u"]).await;
    let other = place.postgres.as_ref().unwrap().connect().await;
    let watch = place.postgres.as_ref().unwrap().connect().await;

    other
        .batch_execute("BEGIN; UPDATE users SET version = 2 WHERE id = 'u'")
        .await
        .unwrap();
    let batch = Batch::new()
        .touch(Touch {
            table: Table::Users,
            id: "u".into(),
            version: 1,
        })
        .conflict("user.changed")
        .run(
            Table::Grants,
            &Sql::from("INSERT INTO settings VALUES ('relied', 1)"),
            values![],
        );
    let commit = start(&db, batch);
    until_blocked(&watch).await;
    other.batch_execute("COMMIT").await.unwrap();
    let refused = commit.await.unwrap().unwrap_err();
    assert_eq!(
        refused,
        CommitError::Conflict {
            guard: 0,
            label: Some("user.changed")
        }
    );
    assert_eq!(number(&db, "SELECT count(*) FROM settings").await, 0);
}

#[tokio::test]
async fn a_touched_row_cannot_change_until_the_batch_ends() {
    let place = Place::postgres().await;
    let nodes = [place.prepared().await, place.open().await];
    with_users(&nodes[0], &["u"]).await;
    let delete = Sql::from("DELETE FROM grants WHERE user_id = 'u'");
    let bump = Sql::from("UPDATE users SET version = $1 + 1 WHERE id = 'u' AND version = $1");
    for version in 1..=60 {
        let touch = Touch {
            table: Table::Users,
            id: "u".into(),
            version,
        };
        let relying = Batch::new().touch(touch).run(
            Table::Grants,
            &Sql::from(INSERT_GRANT),
            values![format!("g{version}"), "u"],
        );
        let changing = Batch::new()
            .expect(1, Table::Users, &bump, values![version])
            .run(Table::Grants, &delete, values![]);
        let (relied, changed) = join(start(&nodes[0], relying), start(&nodes[1], changing)).await;
        changed.unwrap().unwrap();
        // Whoever came first: what relied on the old version is gone or was refused.
        let left = number(&nodes[0], "SELECT count(*) FROM grants").await;
        assert_eq!(
            left,
            0,
            "at version {version}, relied: {:?}",
            relied.unwrap().map(drop)
        );
    }
}

#[tokio::test]
async fn a_guarded_write_that_comes_second_is_a_conflict() {
    let place = Place::postgres().await;
    let db = place.prepared().await;
    with_users(&db, &["u"]).await;
    let other = place.postgres.as_ref().unwrap().connect().await;
    let watch = place.postgres.as_ref().unwrap().connect().await;

    other
        .batch_execute("BEGIN; UPDATE users SET version = 2 WHERE id = 'u'")
        .await
        .unwrap();
    let update =
        Sql::from("UPDATE users SET version = 2, name = 'b' WHERE id = 'u' AND version = 1");
    let batch = Batch::new()
        .expect(1, Table::Users, &update, values![])
        .conflict("user.version");
    let commit = start(&db, batch);
    until_blocked(&watch).await;
    other.batch_execute("COMMIT").await.unwrap();
    let refused = commit.await.unwrap().unwrap_err();
    assert_eq!(
        refused,
        CommitError::Conflict {
            guard: 0,
            label: Some("user.version")
        }
    );
}

#[tokio::test]
async fn a_deadlock_is_a_conflict() {
    let place = Place::postgres().await;
    let db = place.prepared().await;
    with_users(&db, &["a", "b"]).await;
    let other = place.postgres.as_ref().unwrap().connect().await;
    let watch = place.postgres.as_ref().unwrap().connect().await;

    // The other side is patient, so PostgreSQL ends ours.
    let first = "SET deadlock_timeout = '1min'; BEGIN; UPDATE users SET name = 'x' WHERE id = 'b'";
    other.batch_execute(first).await.unwrap();
    let rename = Sql::from("UPDATE users SET name = 'y' WHERE id = $1");
    let batch = Batch::new()
        .expect(1, Table::Users, &rename, values!["a"])
        .expect(1, Table::Users, &rename, values!["b"])
        .conflict("second");
    let commit = start(&db, batch);
    until_blocked(&watch).await;
    other
        .batch_execute("UPDATE users SET name = 'x' WHERE id = 'a'; COMMIT")
        .await
        .unwrap();
    let refused = commit.await.unwrap().unwrap_err();
    assert_eq!(
        refused,
        CommitError::Conflict {
            guard: 1,
            label: Some("second")
        }
    );
}

#[tokio::test]
async fn a_serialization_failure_is_a_conflict() {
    let place = Place::postgres().await;
    let database = place.postgres.as_ref().unwrap();
    let other = database.connect().await;
    let watch = database.connect().await;
    let name = database.url.rsplit('/').next().unwrap();
    let strict =
        format!("ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'");
    database.maintain(&strict).await;
    let db = place.prepared().await;
    with_users(&db, &["u"]).await;

    other
        .batch_execute("BEGIN; UPDATE users SET name = 'x' WHERE id = 'u'")
        .await
        .unwrap();
    let rename = Sql::from("UPDATE users SET name = 'y' WHERE id = 'u'");
    let two = Batch::new().run(Table::Users, &rename, values![]).run(
        Table::Grants,
        &Sql::from("DELETE FROM grants"),
        values![],
    );
    let one = Batch::new().run(Table::Users, &rename, values![]);
    let (two, one) = (start(&db, two), start(&db, one));
    until("both wait", || async {
        let sql = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
                   AND datname = current_database()";
        watch.query(sql, &[]).await.unwrap().len() == 2
    })
    .await;
    other.batch_execute("COMMIT").await.unwrap();
    for commit in [two, one] {
        let refused = commit.await.unwrap().unwrap_err();
        assert_eq!(
            refused,
            CommitError::Conflict {
                guard: 0,
                label: None
            }
        );
    }
}
