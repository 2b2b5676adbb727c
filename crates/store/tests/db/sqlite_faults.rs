//! What a group of batches does when the disk is full, when COMMIT fails, and when one of its
//! batches is wrong.

use std::pin::Pin;

use meibo_store::db::{Batch, CommitError, Committed, Db, DbError, FaultInjection, Sql, Table};
use meibo_store::values;

use crate::place::{INSERT_USER, Place, TABLES, names, number, poll_once, user};

type Commit = Pin<Box<dyn Future<Output = Result<Committed, CommitError>> + Send>>;

/// Commits the batches as one group: they come while another program holds the write lock and the
/// writer waits for it, or is about to, with something that is never grouped.
async fn in_one_group(place: &Place, db: &Db, batches: Vec<Batch>) -> Vec<Outcome> {
    let beside = place.beside();
    beside.execute_batch("BEGIN IMMEDIATE").unwrap();
    let send = |batch: Batch| -> Commit {
        let db = db.clone();
        let mut commit: Commit = Box::pin(async move { db.commit(batch).await });
        assert!(poll_once(&mut commit).is_none());
        commit
    };
    let mut first: Pin<Box<dyn Future<Output = _>>> = Box::pin(db.migrate(&[TABLES], 0));
    assert!(poll_once(&mut first).is_none());
    let commits: Vec<_> = batches.into_iter().map(send).collect();
    beside.execute_batch("ROLLBACK").unwrap();
    let _ = first.await;
    let mut outcomes = Vec::new();
    for commit in commits {
        outcomes.push(commit.await);
    }
    outcomes
}

type Outcome = Result<Committed, CommitError>;

fn insert(id: &str) -> Batch {
    Batch::new().expect(1, Table::Users, &Sql::from(INSERT_USER), user(id))
}

fn is_unavailable(outcome: &Outcome, expected: bool) -> bool {
    matches!(outcome, Err(CommitError::Db(DbError::Unavailable { retryable, .. }))
        if *retryable == expected)
}

#[tokio::test]
async fn a_wrong_batch_leaves_the_others_of_its_group_alone() {
    let place = Place::sqlite();
    let db = place.prepared().await;
    let nothing = Sql::from("UPDATE users SET name = 'x' WHERE id = 'nobody'");
    let wrong = Sql::from("UPDATE nowhere SET name = 'x'");
    let batches = vec![
        insert("a"),
        insert("b")
            .expect(1, Table::Users, &nothing, values![])
            .conflict("nobody"),
        insert("c"),
        insert("d").run(
            Table::Users,
            &Sql::from(INSERT_USER),
            values!["x", 1, "a", "x"],
        ),
        insert("e").run(Table::Users, &wrong, values![]),
        insert("f"),
    ];
    let outcomes = in_one_group(&place, &db, batches).await;
    assert_eq!(names(&db).await, ["a", "c", "f"]);
    for (index, outcome) in outcomes.iter().enumerate() {
        assert_eq!(
            outcome.is_ok(),
            [0, 2, 5].contains(&index),
            "{index}: {outcome:?}"
        );
    }
    let conflict = CommitError::Conflict {
        guard: 1,
        label: Some("nobody"),
    };
    assert_eq!(outcomes[1].as_ref().unwrap_err(), &conflict);
    let taken = DbError::UniqueViolation {
        columns: "users.username_key".into(),
    };
    assert_eq!(outcomes[3].as_ref().unwrap_err(), &taken.into());
}

#[tokio::test]
async fn disk_full_fails_the_whole_group_and_recovers() {
    let faults = FaultInjection::default();
    let mut place = Place::sqlite();
    place.config = place.config.with_faults(faults.clone());
    let db = place.prepared().await;
    db.commit(insert("before")).await.unwrap();

    faults.limit_pages(1);
    let big = "x".repeat(100_000);
    let grow = Sql::from("INSERT INTO users (id, version, name) VALUES ($1, 1, $2)");
    let batches = vec![
        insert("small"),
        insert("half").run(Table::Users, &grow, values!["big", big]),
        insert("late"),
    ];
    let outcomes = in_one_group(&place, &db, batches).await;
    for outcome in &outcomes {
        assert!(is_unavailable(outcome, true), "{outcome:?}");
    }
    assert_eq!(names(&db).await, ["before"]);

    faults.unlimit_pages();
    db.commit(insert("after")).await.unwrap();
    assert_eq!(names(&db).await, ["after", "before"]);
    let check: String = place
        .beside()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
}

#[tokio::test]
async fn a_failed_commit_fails_the_whole_group_and_recovers() {
    let faults = FaultInjection::default();
    let mut place = Place::sqlite();
    place.config = place.config.with_faults(faults.clone());
    let db = place.prepared().await;

    faults.fail_commits(true);
    let outcomes = in_one_group(&place, &db, vec![insert("a"), insert("b"), insert("c")]).await;
    for outcome in &outcomes {
        assert!(is_unavailable(outcome, false), "{outcome:?}");
    }
    assert_eq!(number(&db, "SELECT count(*) FROM users").await, 0);

    faults.fail_commits(false);
    db.commit(insert("d")).await.unwrap();
    assert_eq!(names(&db).await, ["d"]);
}
