//! `openid-client`, which refuses what the specifications do not allow.

use serde_json::json;

use super::{
    client::Client,
    noticed::BY_OAUTH4WEBAPI,
    on_both_databases,
    stage::{Stage, TamperedStage},
};

const SCRIPT: &str = "openid-client.mjs";

on_both_databases! {
    async fn works(stage: Stage) {
        let seen = Client::node(SCRIPT).run(&stage.settings).await.succeeded();
        let person = &seen["claims"]["sub"];
        assert_eq!(seen["claims"]["aud"], stage.settings["web"]["id"]);
        assert_eq!(seen["userinfo"]["username"], "sakura");
        assert_eq!((&seen["userinfo"]["sub"], &seen["refreshed"]), (person, person));
        assert_eq!(seen["reused"], json!(["invalid_grant", "invalid_grant"]));
        assert_eq!(seen["revoked"], "invalid_grant");
        assert_eq!(seen["tokenTypes"], json!(["bearer", "bearer", "bearer", "bearer"]));
        assert_eq!(seen["introspection"], json!([true, person, false]));
        assert_eq!(seen["privateKeyJwt"], "bearer");
        let home = format!("{}/", stage.setting("web", "postLogoutUri"));
        assert_eq!(seen["ended"], json!([home, true]));
        assert_eq!(seen["afterwards"], "/sign-in");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_what_is_wrong() {
    let stage = TamperedStage::new().await;
    stage
        .check_that_notices(&Client::node(SCRIPT), BY_OAUTH4WEBAPI)
        .await;
}
