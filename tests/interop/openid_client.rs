//! `openid-client`, which refuses what the specifications do not allow.

use serde_json::json;

use super::{
    client::Client,
    on_both_databases,
    stage::{Stage, TamperedStage},
};
use crate::support::tampering::Defect;

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
    let rows = [
        (
            Defect::DiscoveryIssuer,
            "does not match the expected issuer",
        ),
        (
            Defect::RedirectIssuer,
            r#"unexpected "iss" (issuer) response parameter value"#,
        ),
        (
            Defect::IdTokenNonce,
            r#"unexpected ID Token "nonce" claim value"#,
        ),
        (
            Defect::IdTokenAudience,
            r#"unexpected JWT "aud" (audience) claim value"#,
        ),
        (
            Defect::IdTokenExpired,
            r#"unexpected JWT "exp" (expiration time) claim value"#,
        ),
        (
            Defect::IdTokenSignature,
            "JWT signature verification failed",
        ),
        (Defect::JwksWithoutKey, "OAUTH_KEY_SELECTION_FAILED"),
        (
            Defect::UserinfoSubject,
            r#"unexpected "response" body "sub" property value"#,
        ),
        (
            Defect::TokenWithout("token_type"),
            r#""token_type" property must be a string"#,
        ),
        (
            Defect::TokenWithout("access_token"),
            r#""access_token" property must be a string"#,
        ),
        (
            Defect::TokenWithout("id_token"),
            r#""id_token" property must be a string"#,
        ),
    ];
    let stage = TamperedStage::new().await;
    stage.check_that_notices(&Client::node(SCRIPT), &rows).await;
}
