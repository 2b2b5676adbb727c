//! `@logto/express`, and `@logto/node` below it, in an application with sessions.

use super::{
    client::Client,
    noticed::BY_LOGTO_CLIENT,
    on_both_databases,
    stage::{RESOURCE, Stage, TamperedStage},
};

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_what_is_wrong() {
    let stage = TamperedStage::new().await;
    stage
        .check_that_notices(&Client::node(SCRIPT), BY_LOGTO_CLIENT)
        .await;
}
