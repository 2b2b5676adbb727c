//! `@logto/api`: the Management API as its customers' back ends call it.

use serde_json::json;

use super::{
    client::Client,
    on_both_databases,
    stage::{Stage, TamperedStage},
};
use crate::support::tampering::Defect;

const SCRIPT: &str = "logto-api.mjs";

on_both_databases! {
    async fn works(stage: Stage) {
        let seen = Client::node(SCRIPT).run(&stage.settings).await.succeeded();
        let users = |page: u32, rel: &str| {
            let origin = stage.settings["issuer"].as_str().unwrap().strip_suffix("/oidc").unwrap();
            format!("<{origin}/api/users?page={page}&page_size=1>; rel=\"{rel}\"")
        };
        let link = [users(1, "first"), users(2, "next"), users(2, "last")].join(", ");
        let expected = json!({
            "scope": "all",
            "created": ["kaede", "kaede@example.com", "楓", {"plan": "free"}],
            "isSame": true,
            "patched": [null, {"plan": "paid"}],
            "list": [1, "2", link],
            "suspended": true,
            "gone": [404, "entity.not_exists_with_id"],
            "badEmail": [400, "guard.invalid_input"],
            "badType": [400, "guard.invalid_input"],
            "taken": [422, "user.username_already_in_use"],
            "badPage": [400, "guard.invalid_pagination"],
            "application": ["Shop 2", "SPA", true],
            "applicationGone": [404, "entity.not_exists_with_id"],
            "resource": ["https://stock.example", [[true, "read:stock"]]],
            "resourceGone": [404, "entity.not_exists_with_id"],
        });
        assert_eq!(seen, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_what_is_wrong() {
    let rows = [
        (
            Defect::TokenWithout("access_token"),
            "Invalid response from token endpoint",
        ),
        (Defect::TokenWithout("expires_in"), "missing expires_in"),
        (Defect::TokenFails, "Failed to fetch access token: 500"),
        (Defect::ApiBreaksOff, "SyntaxError"),
    ];
    let stage = TamperedStage::new().await;
    stage.check_that_notices(&Client::node(SCRIPT), &rows).await;
    let mut settings = stage.stage.settings.clone();
    settings["machine"]["secret"] = json!("another");
    stage.proxy.spoil(None);
    let refused = Client::node(SCRIPT).run(&settings).await;
    assert!(
        refused.failed_with("Failed to fetch access token: 401"),
        "{}",
        refused.report()
    );
}
