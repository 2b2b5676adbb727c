//! A batch is committed whole or not at all, and says which guard or constraint stood in its way.

use futures_util::future::join_all;
use meibo_store::db::{Batch, CommitError, Db, DbError, Sql, Table, Touch};
use meibo_store::values;

use crate::place::{INSERT_USER, Place, names, number, on_both_engines, poll_once, until, user};

on_both_engines!(
    answers_come_in_the_order_added,
    a_failed_guard_undoes_the_whole_batch,
    a_touch_holds_for_its_version_only,
    constraints_are_named_alike,
    one_of_fifty_consumes,
    a_dropped_commit_is_carried_out,
    an_empty_batch_does_nothing,
);

fn insert(id: &str) -> Batch {
    Batch::new().expect(1, Table::Users, &Sql::from(INSERT_USER), user(id))
}

async fn answers_come_in_the_order_added(place: Place) {
    let db = place.prepared().await;
    let grant = Sql::from(
        "INSERT INTO grants (id, user_id, number) VALUES ($1, $2, 7), ($1 || '2', $2, 8) \
         RETURNING id, number",
    );
    // The grant is added first and runs second: its user must exist.
    let batch = Batch::new()
        .expect(2, Table::Grants, &grant, values!["g", "u"])
        .merge(insert("u"))
        .run(
            Table::Settings,
            &Sql::from("UPDATE settings SET value = 1"),
            values![],
        );
    let committed = db.commit(batch).await.unwrap();
    assert_eq!(committed.affected, [2, 1, 0]);
    let lengths: Vec<_> = committed.rows.iter().map(Vec::len).collect();
    assert_eq!(lengths, [2, 0, 0]);
    assert_eq!(committed.rows[0][1].text(0).unwrap(), "g2");
    assert_eq!(committed.first(0).unwrap().int(1).unwrap(), 7);
    assert_eq!(committed.count(9), 0);
}

async fn a_failed_guard_undoes_the_whole_batch(place: Place) {
    let db = place.prepared().await;
    db.commit(insert("a").merge(insert("b"))).await.unwrap();
    let rename = Sql::from("UPDATE users SET name = 'renamed' WHERE version = $1");
    for (version, expected) in [(1, 1), (1, 2), (9, 1)] {
        let batch = insert("c")
            .expect(expected, Table::Users, &rename, values![version])
            .conflict("user.version");
        let refused = db.commit(batch).await.unwrap_err();
        assert_eq!(
            refused,
            CommitError::Conflict {
                guard: 1,
                label: Some("user.version")
            }
        );
    }
    // Also alone: here the statement itself had changed two rows.
    let alone = Batch::new().expect(1, Table::Users, &rename, values![1]);
    let refused = db.commit(alone).await.unwrap_err();
    assert_eq!(
        refused,
        CommitError::Conflict {
            guard: 0,
            label: None
        }
    );
    assert_eq!(names(&db).await, ["a", "b"]);
}

async fn a_touch_holds_for_its_version_only(place: Place) {
    let db = place.prepared().await;
    db.commit(insert("a")).await.unwrap();
    let grant = Sql::from("INSERT INTO grants (id, user_id) VALUES ($1, 'a')");
    let batch = |id: &str, version| {
        let touch = Touch {
            table: Table::Users,
            id: "a".into(),
            version,
        };
        Batch::new()
            .run(Table::Grants, &grant, values![id])
            .touch(touch)
            .conflict("user.changed")
    };
    let committed = db.commit(batch("g", 1)).await.unwrap();
    assert_eq!(committed.affected, [1, 1]);
    let refused = db.commit(batch("h", 2)).await.unwrap_err();
    assert_eq!(
        refused,
        CommitError::Conflict {
            guard: 1,
            label: Some("user.changed")
        }
    );
    assert_eq!(number(&db, "SELECT count(*) FROM grants").await, 1);
}

async fn constraints_are_named_alike(place: Place) {
    let db = place.prepared().await;
    let grant =
        Sql::from("INSERT INTO grants (id, user_id, kind, number) VALUES ($1, $2, 'kind', $3)");
    let first = insert("a").run(Table::Grants, &grant, values!["g", "a", 1]);
    db.commit(first).await.unwrap();
    let taken = |columns: &str| DbError::UniqueViolation {
        columns: columns.into(),
    };
    let same_name = Sql::from("INSERT INTO users (id, version, username_key) VALUES ('b', 1, 'a')");
    let cases = [
        (
            Batch::new().run(
                Table::Users,
                &Sql::from(INSERT_USER),
                values!["a", 1, "other", "a"],
            ),
            taken("users.id"),
        ),
        (
            Batch::new().run(Table::Users, &same_name, values![]),
            taken("users.username_key"),
        ),
        (
            Batch::new().run(Table::Grants, &grant, values!["h", "a", 1]),
            taken("grants.kind,number"),
        ),
    ];
    for (batch, expected) in cases {
        // Alone, and beside a statement that must be undone.
        let two = insert("c").merge(batch.clone());
        assert_eq!(db.commit(two).await.unwrap_err(), expected.clone().into());
        assert_eq!(db.commit(batch).await.unwrap_err(), expected.into());
    }
    let orphan = Batch::new().run(Table::Grants, &grant, values!["i", "nobody", 2]);
    let error = db.commit(orphan).await.unwrap_err();
    assert!(
        matches!(error, CommitError::Db(DbError::ForeignKeyViolation { .. })),
        "{error}"
    );
    for wrong in [
        "UPDATE users SET version = NULL",
        "INSERT INTO settings VALUES ('a', 1000)",
    ] {
        let error = db
            .commit(Batch::new().run(Table::Users, &Sql::from(wrong), values![]))
            .await;
        let error = error.unwrap_err();
        assert!(
            matches!(error, CommitError::Db(DbError::Invalid { .. })),
            "{error}"
        );
    }
    assert_eq!(names(&db).await, ["a"]);
}

async fn one_of_fifty_consumes(place: Place) {
    let nodes = [place.prepared().await, place.open().await];
    nodes[0].commit(insert("code")).await.unwrap();
    let consume = Sql::from("UPDATE users SET version = 2 WHERE id = 'code' AND version = 1");
    let attempt = |db: Db| {
        let batch = Batch::new().expect(1, Table::Users, &consume, values![]);
        tokio::spawn(async move { db.commit(batch).await })
    };
    let attempts = (0..50).map(|index| attempt(nodes[index % 2].clone()));
    let outcomes: Vec<_> = join_all(attempts)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for refused in outcomes.into_iter().filter_map(Result::err) {
        assert_eq!(
            refused,
            CommitError::Conflict {
                guard: 0,
                label: None
            }
        );
    }
}

async fn a_dropped_commit_is_carried_out(place: Place) {
    let db = place.prepared().await;
    let mut commit = Box::pin(db.commit(insert("a").merge(insert("b"))));
    assert!(poll_once(&mut commit).is_none());
    drop(commit);
    until("the batch is committed", || async {
        names(&db).await == ["a", "b"]
    })
    .await;
}

async fn an_empty_batch_does_nothing(place: Place) {
    let db = place.open().await;
    assert!(Batch::new().is_empty());
    assert!(db.commit(Batch::new()).await.unwrap().rows.is_empty());
}
