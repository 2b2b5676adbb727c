//! `prompt`, `max_age` and hints (OpenID Connect Core section 3.1.2.1), and `offline_access` (section 11).

use std::time::Duration;

use serde_json::Value;

use crate::{
    each_setup,
    support::{
        browser::{Arrival, Browser, parameter},
        fixtures::{Client, PASSWORD},
        server::{START, TestServer},
        tokens::text,
    },
};

/// The tokens of the code in a redirect.
async fn redeem(server: &TestServer, client: &Client, arrival: Arrival) -> Value {
    let code = parameter(&arrival.elsewhere(), "code").unwrap();
    server.redeem(client, &code, &[]).await.expect(200).json()
}

/// The sign-in page is shown; the person signs in once more.
async fn sign_in_again(browser: &mut Browser, client: &Client, extra: &[(&str, &str)]) -> Arrival {
    let (path, _) = browser.authorize(client, extra).await.page();
    assert!(path.starts_with("/sign-in?"), "{path}");
    browser
        .submit(&path, &[("identifier", "sakura"), ("password", PASSWORD)])
        .await
}

each_setup! {
    async fn oidc_core_3_1_2_1_prompt_none(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        for prompt in ["consent", "none", ""] {
            let back = browser.authorize(&client, &[("prompt", prompt)]).await.elsewhere();
            assert!(parameter(&back, "code").is_some(), "{prompt}");
        }
        // A week without use later the session is over.
        server.wait(Duration::from_secs(7 * 86_400));
        let back = browser.authorize(&client, &[("prompt", "none")]).await.elsewhere();
        assert_eq!(parameter(&back, "error").as_deref(), Some("login_required"));
    }
}

each_setup! {
    async fn oidc_core_3_1_2_1_prompt_login_and_select_account(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        for prompt in ["login", "select_account", "login consent"] {
            server.wait(Duration::from_secs(60));
            let back = sign_in_again(&mut browser, &client, &[("prompt", prompt)]).await;
            let tokens = redeem(&server, &client, back).await;
            let id_token = server.read_jwt(text(&tokens, "id_token"), "JWT", &client.id).await;
            assert_eq!(id_token.claims["auth_time"], server.clock.now().seconds(), "{prompt}");
        }
    }
}

each_setup! {
    async fn oidc_core_3_1_2_1_max_age_and_auth_time(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        server.wait(Duration::from_secs(100));
        let tokens = redeem(&server, &client, browser.authorize(&client, &[("max_age", "100")]).await).await;
        let id_token = server.read_jwt(text(&tokens, "id_token"), "JWT", &client.id).await;
        assert_eq!(id_token.claims["auth_time"], START.seconds());
        let back = browser.authorize(&client, &[("max_age", "99"), ("prompt", "none")]).await.elsewhere();
        assert_eq!(parameter(&back, "error").as_deref(), Some("login_required"));
        let back = sign_in_again(&mut browser, &client, &[("max_age", "99")]).await;
        let tokens = redeem(&server, &client, back).await;
        let id_token = server.read_jwt(text(&tokens, "id_token"), "JWT", &client.id).await;
        assert_eq!(id_token.claims["auth_time"], START.seconds() + 100);
    }
}

each_setup! {
    async fn oidc_core_11_offline_access_counts_only_with_prompt_consent(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let scope = ("scope", "openid offline_access");
        let with = server.tokens(&client, "sakura", &[scope, ("prompt", "consent")]).await;
        assert_eq!(with["scope"], "offline_access openid");
        assert!(with["refresh_token"].is_string());
        for prompt in ["", "login"] {
            let without = server.tokens(&client, "sakura", &[scope, ("prompt", prompt)]).await;
            assert_eq!(without["scope"], "openid", "{prompt}");
            assert_eq!(without.get("refresh_token"), None, "{prompt}");
        }
        let not_asked_for = server.tokens(&client, "sakura", &[("scope", "openid"), ("prompt", "consent")]).await;
        assert_eq!(not_asked_for.get("refresh_token"), None);
    }
}

each_setup! {
    async fn oidc_core_3_1_2_1_id_token_hint(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        server.person("kaede").await;
        let sakura = server.tokens(&client, "sakura", &[]).await;
        let hint = ("id_token_hint", text(&sakura, "id_token"));
        let mut browser = server.browser();
        browser.sign_in(&client, "kaede", &[]).await;
        let back = browser.authorize(&client, &[hint, ("prompt", "none")]).await.elsewhere();
        assert_eq!(parameter(&back, "error").as_deref(), Some("login_required"));
        // Signing in as somebody else than expected does not do either.
        let (path, _) = browser.authorize(&client, &[hint]).await.page();
        let back = browser.submit(&path, &[("identifier", "kaede"), ("password", PASSWORD)]).await.elsewhere();
        assert_eq!(parameter(&back, "error").as_deref(), Some("login_required"));
        let back = sign_in_again(&mut browser, &client, &[hint]).await.elsewhere();
        assert!(parameter(&back, "code").is_some());
        // An ID token of another application is no hint here.
        let other = server.traditional().await;
        let back = browser.authorize(&other, &[hint]).await.elsewhere();
        assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"));
    }
}

each_setup! {
    async fn the_first_screen_and_the_identifier_are_wishes(server: TestServer) {
        let client = server.spa().await;
        for (name, value, page) in [
            ("first_screen", "register", "/register?"),
            ("first_screen", "identifier:register", "/register?"),
            ("interaction_mode", "signUp", "/register?"),
            ("first_screen", "sign_in", "/sign-in?"),
            ("first_screen", "of my own", "/sign-in?"),
        ] {
            let (path, answer) = server.browser().authorize(&client, &[(name, value)]).await.page();
            assert!(path.starts_with(page), "{value}: {path}");
            assert_eq!(answer.status, 200);
        }
        let hint = [("login_hint", "sakura@example.com")];
        let (_, page) = server.browser().authorize(&client, &hint).await.page();
        assert!(page.text().contains(r#"value="sakura@example.com""#), "{}", page.text());
    }
}
