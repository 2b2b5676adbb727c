//! The crate `openidconnect`, as an installed application.

use serde_json::json;

use super::{
    client::Client,
    on_both_databases,
    stage::{Stage, TamperedStage},
};
use crate::support::tampering::Defect;

on_both_databases! {
    async fn works(stage: Stage) {
        let seen = Client::rust().run(&stage.settings).await.succeeded();
        for name in ["rotated", "refreshed", "revoked"] {
            assert_eq!(seen[name], json!(true), "{name}");
        }
        assert_eq!(seen["claims"]["aud"], json!([stage.setting("native", "id")]));
        assert_eq!(seen["userinfo"]["sub"], seen["subject"]);
        assert_eq!(seen["userinfo"]["name"], "桜");
    }
}

/// `iss` of the redirect, and whether there is an ID token at all, are its caller's to look at.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_what_is_wrong() {
    let rows = [
        (Defect::DiscoveryIssuer, "unexpected issuer URI"),
        (Defect::IdTokenNonce, "nonce mismatch"),
        (Defect::IdTokenAudience, "Invalid audiences"),
        (Defect::IdTokenExpired, "ID token expired"),
        (Defect::IdTokenSignature, "bad signature"),
        (Defect::JwksWithoutKey, "No matching key found"),
        (Defect::UserinfoSubject, "Invalid subject"),
        (
            Defect::TokenWithout("token_type"),
            "missing field `token_type`",
        ),
        (
            Defect::TokenWithout("access_token"),
            "missing field `access_token`",
        ),
    ];
    let stage = TamperedStage::new().await;
    stage.check_that_notices(&Client::rust(), &rows).await;
}
