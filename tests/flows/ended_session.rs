//! What an application was granted without `offline_access` ends with the session that it was
//! granted in.

use std::time::Duration;

use meibo_domain::application::{ApplicationType, CustomClientMetadata};

use crate::{
    each_setup,
    support::{
        browser::{Browser, parameter},
        fixtures::{Client, PASSWORD},
        server::TestServer,
        tokens::text,
    },
};

const DAY: Duration = Duration::from_secs(86_400);

/// An application that gets refresh tokens without asking for `offline_access`.
async fn online_application(server: &TestServer) -> Client {
    let custom = CustomClientMetadata {
        always_issue_refresh_token: Some(true),
        ..CustomClientMetadata::default()
    };
    server
        .application(ApplicationType::Traditional, custom)
        .await
}

/// The refresh token that somebody gives the application in this browser.
async fn refresh_token(browser: &mut Browser, client: &Client, username: &str) -> String {
    let online = [("scope", "openid"), ("prompt", "")];
    let back = browser.sign_in(client, username, &online).await;
    let code = parameter(&back, "code").unwrap();
    let tokens = browser
        .server
        .redeem(client, &code, &[])
        .await
        .expect(200)
        .json();
    text(&tokens, "refresh_token").to_owned()
}

async fn sign_in_again(browser: &mut Browser, client: &Client, username: &str) {
    let (path, _) = browser
        .authorize(client, &[("prompt", "login")])
        .await
        .page();
    browser
        .submit(&path, &[("identifier", username), ("password", PASSWORD)])
        .await
        .elsewhere();
}

each_setup! {
    async fn the_same_person_goes_on_and_another_one_ends_it(server: TestServer) {
        let client = online_application(&server).await;
        server.person("sakura").await;
        server.person("kaede").await;
        let mut browser = server.browser();
        let token = refresh_token(&mut browser, &client, "sakura").await;
        sign_in_again(&mut browser, &client, "sakura").await;
        server.refresh(&client, &token, &[]).await.expect(200);
        sign_in_again(&mut browser, &client, "kaede").await;
        let refused = server.refresh(&client, &token, &[]).await.expect(400).json();
        assert_eq!(refused["error"], "invalid_grant");
    }
}

each_setup! {
    async fn a_session_that_runs_out_ends_it_though_the_token_was_renewed(server: TestServer) {
        let client = online_application(&server).await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let token = refresh_token(&mut browser, &client, "sakura").await;
        server.wait(6 * DAY);
        server.refresh(&client, &token, &[]).await.expect(200);
        server.wait(6 * DAY);
        let renewed = server.refresh(&client, &token, &[]).await.expect(200).json();
        let renewed = text(&renewed, "refresh_token");
        assert_ne!(renewed, token);
        server.wait(2 * DAY - Duration::from_millis(1));
        server.refresh(&client, renewed, &[]).await.expect(200);
        server.wait(Duration::from_millis(1));
        server.refresh(&client, renewed, &[]).await.expect(400);
    }
}

each_setup! {
    async fn a_session_in_which_no_application_goes_on_ends_after_a_week(server: TestServer) {
        let client = online_application(&server).await;
        server.person("sakura").await;
        let token = refresh_token(&mut server.browser(), &client, "sakura").await;
        server.wait(7 * DAY);
        let refused = server.refresh(&client, &token, &[]).await.expect(400).json();
        assert_eq!(refused["error"], "invalid_grant");
    }
}
