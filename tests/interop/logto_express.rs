//! `@logto/express`, and `@logto/node` below it, in an application with sessions.

use super::{
    client::Client,
    on_both_databases,
    stage::{RESOURCE, Stage, TamperedStage},
};
use crate::support::tampering::Defect;

const SCRIPT: &str = "logto-express.mjs";

on_both_databases! {
    async fn works(stage: Stage) {
        let seen = Client::node(SCRIPT).run(&stage.settings).await.succeeded();
        assert_eq!((&seen["before"], &seen["after"]), (&false.into(), &false.into()));
        assert_eq!(seen["claims"]["username"], "sakura");
        assert_eq!(seen["claims"]["aud"], stage.settings["web"]["id"]);
        assert_eq!(seen["userInfo"]["sub"], seen["claims"]["sub"]);
        assert_eq!(seen["userInfo"]["name"], "桜");
        assert_eq!(seen["accessToken"]["aud"], RESOURCE);
        assert_eq!(seen["accessToken"]["sub"], seen["claims"]["sub"]);
        assert_eq!(seen["next"], "/sign-in");
    }
}

/// It sends no nonce, and compares neither `iss` of the redirect nor `sub` of userinfo.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_what_is_wrong() {
    let rows = [
        (Defect::DiscoveryIssuer, r#"unexpected "iss" claim value"#),
        (Defect::IdTokenAudience, r#"unexpected "aud" claim value"#),
        (
            Defect::IdTokenExpired,
            r#""exp" claim timestamp check failed"#,
        ),
        (Defect::IdTokenSignature, "signature verification failed"),
        (Defect::JwksWithoutKey, "ERR_JWKS_NO_MATCHING_KEY"),
        (Defect::TokenWithout("id_token"), "ERR_JWS_INVALID"),
        (
            Defect::TokenFails,
            "Unexpected response error from the server",
        ),
    ];
    let stage = TamperedStage::new().await;
    stage.check_that_notices(&Client::node(SCRIPT), &rows).await;
}
