//! `meibo keys` beside a running server.

use serde_json::Value;

use crate::support::{
    process::{Installation, until},
    tokens::{read_part, text},
};

/// The id of the ES256 key that has this status.
fn es256(keys: &Value, status: &str) -> String {
    let keys = keys.as_array().unwrap();
    let key = keys
        .iter()
        .find(|key| key["algorithm"] == "ES256" && key["status"] == status);
    text(key.unwrap(), "id").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_is_taken_up_by_a_running_server() {
    rotate(Installation::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rotation_is_taken_up_by_a_running_server_on_postgres() {
    rotate(Installation::postgres().await).await;
}

async fn rotate(installation: Installation) {
    let process = installation.serve(&[]).await;
    let machine = installation.create_application("machine-to-machine", &["--management-api"]);
    let old = process.remote.admin_token(&machine).await;
    let before = installation
        .run(&["keys", "list", "--json"])
        .succeeded()
        .json();
    assert_eq!(read_part(&old, 0)["kid"], es256(&before, "current"));

    let refused = installation.run(&["keys", "rotate"]).failed(1);
    assert!(refused.stderr.contains("seconds"), "{refused:?}");
    let refused = installation
        .run(&["keys", "rotate", "--algorithm", "HS256"])
        .failed(2);
    assert!(refused.stderr.contains("ES384"), "{refused:?}");
    let again = installation.run(&["keys", "list", "--json"]).succeeded();
    assert_eq!(again.json(), before);

    let ran = installation
        .run(&["keys", "rotate", "--force", "--algorithm", "ES256"])
        .succeeded();
    assert!(ran.stdout.contains("previous"), "{ran:?}");
    let after = installation
        .run(&["keys", "list", "--json"])
        .succeeded()
        .json();
    assert_eq!(es256(&after, "current"), es256(&before, "next"));
    assert_eq!(es256(&after, "previous"), es256(&before, "current"));

    until("the server signs with the key that was next", async || {
        let token = process.remote.admin_token(&machine).await;
        read_part(&token, 0)["kid"] == es256(&after, "current")
    })
    .await;
    let jwks = process.remote.get("/oidc/jwks").await.unwrap().expect(200);
    assert!(jwks.text().contains(&es256(&after, "next")));
    let answer = process.remote.get_as(&old, "/api/users").await.unwrap();
    answer.expect(200);
    drop(process);
    let process = installation.serve(&[]).await;
    let answer = process.remote.get_as(&old, "/api/users").await.unwrap();
    answer.expect(200);
}
