//! A real write error: a process that may not let its files grow. The limit holds for the whole
//! process, so the test runs itself again in one of its own.

use std::process::Command;

use meibo_store::db::{Batch, CommitError, DbError, Sql, Table};
use meibo_store::values;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::place::{INSERT_USER, Place, names, user};

/// Set in the process that does the work.
const INSIDE: &str = "MEIBO_TEST_INSIDE";

/// The signal that comes with such an error would end the process; being ignored is inherited.
const IGNORING_THE_SIGNAL: &str = r#"trap '' XFSZ; exec "$0" "$@""#;

#[test]
fn a_write_error_fails_the_commit_and_recovers() {
    #[allow(
        clippy::disallowed_methods,
        reason = "tells the two processes of this test apart"
    )]
    let is_inside = std::env::var_os(INSIDE).is_some();
    if is_inside {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        return runtime.block_on(inside());
    }
    let this = "write_error::a_write_error_fails_the_commit_and_recovers";
    let output = Command::new("sh")
        .args(["-c", IGNORING_THE_SIGNAL])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", this, "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(said.contains("1 passed"), "{said}");
}

async fn inside() {
    let place = Place::sqlite();
    let db = place.prepared().await;
    let insert = |id: &str, name: &str| {
        let params = values![id, 1, id, name];
        Batch::new().expect(1, Table::Users, &Sql::from(INSERT_USER), params)
    };
    db.commit(insert("a", "a")).await.unwrap();

    let free = getrlimit(Resource::Fsize);
    let tight = Rlimit {
        current: Some(256 << 10),
        maximum: free.maximum,
    };
    setrlimit(Resource::Fsize, tight).unwrap();
    let mut acknowledged = vec!["a".to_owned()];
    let refused = loop {
        let id = format!("row {:04}", acknowledged.len());
        match db.commit(insert(&id, &id)).await {
            Ok(_) => acknowledged.push(id),
            Err(error) => break error,
        }
    };
    let unavailable =
        |error: &CommitError| matches!(error, CommitError::Db(DbError::Unavailable { .. }));
    assert!(unavailable(&refused), "{refused}");
    let again = db
        .commit(insert("b", &"b".repeat(300_000)))
        .await
        .unwrap_err();
    assert!(unavailable(&again), "{again}");
    assert_eq!(names(&db).await, acknowledged, "reads go on");

    setrlimit(Resource::Fsize, free).unwrap();
    db.commit(Batch::new().expect(1, Table::Users, &Sql::from(INSERT_USER), user("z")))
        .await
        .unwrap();
    acknowledged.push("z".to_owned());
    assert_eq!(names(&db).await, acknowledged);
    db.close().await;
    assert_eq!(names(&place.open().await).await, acknowledged);
}
