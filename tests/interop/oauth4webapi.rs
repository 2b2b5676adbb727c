//! `oauth4webapi`, every step by hand, as a public client.

use serde_json::json;

use super::{
    client::Client,
    on_both_databases,
    stage::{RESOURCE, Stage, TamperedStage},
};
use crate::support::tampering::Defect;

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
    let rows = [
        (
            Defect::DiscoveryIssuer,
            r#"body "issuer" property does not match the expected value"#,
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
