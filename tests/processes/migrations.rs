//! `meibo migrate` and `meibo check`, before the first start and beside a running server.

use crate::support::process::{Installation, SECRET_KEY};

fn before_and_after_the_first_migration(installation: &Installation) {
    let planned = installation
        .run(&["migrate", "--dry-run"])
        .succeeded()
        .stdout;
    assert!(
        planned.lines().count() >= 1 && planned.contains("0001"),
        "{planned}"
    );
    let unfit = installation.run(&["check"]).failed(1);
    assert!(unfit.stdout.contains("wrong"), "{unfit:?}");

    let applied = installation.run(&["migrate"]).succeeded().stdout;
    assert_eq!(applied.replace("applied", "would be applied"), planned);
    assert_eq!(
        installation.run(&["migrate"]).succeeded().stdout,
        "the schema is up to date\n"
    );
    let fit = installation.run(&["check"]).succeeded().stdout;
    assert!(!fit.contains("wrong"), "{fit}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_is_looked_at_without_being_made() {
    let installation = Installation::sqlite();
    installation.run(&["migrate", "--dry-run"]).succeeded();
    installation.run(&["check"]).failed(1);
    assert!(
        !installation.data_dir().exists(),
        "looking has made something"
    );
    before_and_after_the_first_migration(&installation);
    let _process = installation.serve(&[]).await;
    installation.run(&["check"]).succeeded();
    installation.run(&["migrate"]).succeeded();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_migrated_by_command_and_looked_at_beside_a_server() {
    let installation = Installation::postgres().await;
    before_and_after_the_first_migration(&installation);
    let _process = installation.serve(&[]).await;
    installation.run(&["check"]).succeeded();

    let other_key = installation
        .run(&["secret-key", "generate"])
        .succeeded()
        .stdout;
    let other_key = other_key.trim();
    assert_ne!(other_key, SECRET_KEY);
    let ran = installation
        .clone()
        .variable("MEIBO_SECRET_KEY", other_key)
        .run(&["check"])
        .failed(1);
    assert!(ran.stdout.contains("secret-key"), "{ran:?}");
    assert!(!format!("{ran:?}").contains(other_key), "{ran:?}");
}

/// Both start on an empty database at once: one makes the schema and the keys, both serve.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_may_make_the_schema_together() {
    let installation = Installation::postgres().await;
    let other = crate::support::process::free_port();
    let (first, second) = tokio::join!(installation.serve(&[]), installation.serve_at(other, &[]));
    let keys = first
        .remote
        .get("/oidc/jwks")
        .await
        .unwrap()
        .expect(200)
        .json();
    assert_eq!(
        second
            .remote
            .get("/oidc/jwks")
            .await
            .unwrap()
            .expect(200)
            .json(),
        keys
    );
}
