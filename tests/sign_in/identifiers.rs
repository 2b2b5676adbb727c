//! What can be typed to sign in.

use crate::{
    each_setup,
    support::{
        browser::{Arrival, Browser},
        fixtures::{Client, PASSWORD},
        server::TestServer,
    },
};

async fn try_sign_in(browser: &mut Browser, client: &Client, identifier: &str) -> Arrival {
    let (path, _) = browser.authorize(client, &[]).await.page();
    browser
        .submit(&path, &[("identifier", identifier), ("password", PASSWORD)])
        .await
}

each_setup! {
    async fn a_username_or_a_verified_email_in_any_case(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        for typed in ["sakura", "SAKURA", " sakura ", "sakura@example.com", "Sakura@EXAMPLE.com"] {
            let arrival = try_sign_in(&mut server.browser(), &client, typed).await;
            assert!(matches!(arrival, Arrival::Elsewhere(_)), "{typed}");
        }
    }
}

each_setup! {
    async fn an_unverified_email_signs_nobody_in(server: TestServer) {
        let client = server.spa().await;
        let person = server.person("sakura").await;
        let unverify = format!(
            "UPDATE users SET email_verified_at = NULL, verified_email_key = NULL WHERE id = '{}'",
            person.id
        );
        server.execute_sql(&unverify).await;
        let (_, page) = try_sign_in(&mut server.browser(), &client, "sakura@example.com").await.page();
        assert_eq!(page.status, 422);
        try_sign_in(&mut server.browser(), &client, "sakura").await.elsewhere();
        // It is said to be unverified where it is told.
        let tokens = server.tokens(&client, "sakura", &[("scope", "openid email")]).await;
        let claims = server.bearer(tokens["access_token"].as_str().unwrap()).get("/oidc/me").await.expect(200).json();
        assert_eq!(claims["email"], "sakura@example.com");
        assert_eq!(claims["email_verified"], false);
        // Somebody else can have it verified.
        server.execute_sql("UPDATE users SET username = NULL, username_key = NULL").await;
        let second = server.person("sakura").await;
        assert_eq!(second.verified_email().unwrap().as_str(), "sakura@example.com");
        try_sign_in(&mut server.browser(), &client, "sakura@example.com").await.elsewhere();
    }
}

each_setup! {
    async fn the_password_is_verified_whole_and_as_typed(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        for wrong in [
            format!("{PASSWORD} "),
            format!(" {PASSWORD}"),
            PASSWORD.to_uppercase(),
            PASSWORD[..PASSWORD.len() - 1].to_owned(),
            format!("{PASSWORD}\u{0}"),
        ] {
            let mut browser = server.browser();
            let (path, _) = browser.authorize(&client, &[]).await.page();
            let answer = browser.post(&path, &[("identifier", "sakura"), ("password", &wrong)]).await;
            assert!(answer.status.is_client_error(), "{wrong:?} {}", answer.status);
        }
    }
}
