//! `oauth4webapi`, every step by hand, as a public client.

use serde_json::json;

use super::{
    client::Client,
    noticed::BY_OAUTH4WEBAPI,
    on_both_databases,
    stage::{RESOURCE, Stage, TamperedStage},
};

const SCRIPT: &str = "oauth4webapi.mjs";

on_both_databases! {
    async fn works(stage: Stage) {
        let seen = Client::node(SCRIPT).run(&stage.settings).await.succeeded();
        let person = &seen["claims"]["sub"];
        assert_eq!((&seen["userinfo"]["sub"], &seen["accessToken"]["sub"]), (person, person));
        assert_eq!(seen["userinfo"]["name"], "桜");
        assert_eq!(seen["accessToken"]["aud"], RESOURCE);
        assert_eq!(seen["accessToken"]["client_id"], stage.settings["page"]["id"]);
        assert_eq!((&seen["hasIss"], &seen["rotated"]), (&json!(true), &json!(true)));
        assert_eq!(seen["revoked"], "invalid_grant");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_what_is_wrong() {
    let stage = TamperedStage::new().await;
    stage
        .check_that_notices(&Client::node(SCRIPT), BY_OAUTH4WEBAPI)
        .await;
}
