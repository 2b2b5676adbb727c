//! Using a refresh token: RFC 6749 section 6, OpenID Connect Core section 12.

use std::time::Duration;

use meibo_domain::application::{ApplicationType, CustomClientMetadata};
use serde_json::json;

use crate::{
    each_setup,
    support::{
        fixtures::Client,
        server::{START, TestServer, operator},
        tokens::text,
    },
};

const DAY: Duration = Duration::from_secs(86_400);

async fn expect_refused(server: &TestServer, client: &Client, token: &str) {
    let answer = server.refresh(client, token, &[]).await.expect(400);
    assert_eq!(answer.json()["error"], "invalid_grant");
    assert_eq!(answer.header("cache-control"), "no-store");
}

each_setup! {
    async fn oidc_core_12_2_a_refreshed_id_token_is_of_the_same_sign_in(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let first = server.tokens(&client, "sakura", &[("nonce", "n-1")]).await;
        server.wait(Duration::from_secs(1800));
        let answer = server.refresh(&client, text(&first, "refresh_token"), &[]).await.expect(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        let second = answer.json();
        let names: Vec<&str> = second.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["access_token", "id_token", "refresh_token", "scope", "expires_in", "token_type"]);
        assert_ne!(second["access_token"], first["access_token"]);
        assert_eq!(second["scope"], first["scope"]);

        let before = server.read_jwt(text(&first, "id_token"), "JWT", &client.id).await.claims;
        let after = server.read_jwt(text(&second, "id_token"), "JWT", &client.id).await.claims;
        assert_eq!(after["iat"], START.seconds() + 1800);
        for same in ["sub", "aud", "iss", "auth_time", "sid"] {
            assert_eq!(after[same], before[same], "{same}");
        }
        assert_eq!(after.get("nonce"), None, "section 12.2");
        for token in [&first, &second] {
            server.bearer(text(token, "access_token")).get("/oidc/me").await.expect(200);
        }
    }
}

each_setup! {
    async fn rfc6749_6_the_scope_may_become_narrower_and_never_wider(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let first = server.tokens(&client, "sakura", &[]).await;
        let token = text(&first, "refresh_token");
        let narrow = server.refresh(&client, token, &[("scope", "openid")]).await.expect(200).json();
        assert_eq!(narrow["scope"], "openid");
        let claims = server.bearer(text(&narrow, "access_token")).get("/oidc/me").await.expect(200).json();
        assert_eq!(claims.as_object().unwrap().len(), 1, "{claims}");
        for wider in ["openid email", "openid profile all", "phone"] {
            let answer = server.refresh(&client, token, &[("scope", wider)]).await.expect(400);
            assert_eq!(answer.json()["error"], "invalid_scope", "{wider}");
        }
        // The grant is as wide as before, and the refusals used nothing up.
        let again = server.refresh(&client, token, &[]).await.expect(200).json();
        assert_eq!(again["scope"], first["scope"]);
    }
}

each_setup! {
    async fn rfc6749_6_a_token_of_another_client_is_unknown(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let other = server.spa().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        expect_refused(&server, &other, text(&tokens, "refresh_token")).await;
        expect_refused(&server, &client, "no-such-token").await;
        expect_refused(&server, &client, text(&tokens, "access_token")).await;
        let answer = server.refresh(&client, "", &[]).await.expect(400);
        assert_eq!(answer.json()["error"], "invalid_request");
        server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(200);
    }
}

each_setup! {
    async fn a_token_ends_after_fourteen_days_or_as_the_application_says(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let short = CustomClientMetadata { refresh_token_ttl_in_days: Some(1), ..Default::default() };
        let short = server.application(ApplicationType::Traditional, short).await;
        let long_lived = server.tokens(&client, "sakura", &[]).await;
        let one_day = server.tokens(&short, "sakura", &[]).await;
        server.wait(DAY - Duration::from_millis(1));
        // Worn by more than seven tenths: it rotates, and the successor has a day of its own.
        let next = server.refresh(&short, text(&one_day, "refresh_token"), &[]).await.expect(200).json();
        server.wait(DAY);
        expect_refused(&server, &short, text(&next, "refresh_token")).await;
        server.wait(12 * DAY);
        server.refresh(&client, text(&long_lived, "refresh_token"), &[]).await.expect(200);
        let unused = server.tokens(&client, "sakura", &[]).await;
        server.wait(14 * DAY);
        expect_refused(&server, &client, text(&unused, "refresh_token")).await;
    }
}

each_setup! {
    async fn a_single_page_applications_successor_keeps_the_end(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let first = server.tokens(&client, "sakura", &[]).await;
        server.wait(13 * DAY);
        let second = server.refresh(&client, text(&first, "refresh_token"), &[]).await.expect(200).json();
        assert_ne!(second["refresh_token"], first["refresh_token"]);
        server.wait(DAY - Duration::from_millis(1));
        let third = server.refresh(&client, text(&second, "refresh_token"), &[]).await.expect(200).json();
        server.wait(Duration::from_millis(1));
        expect_refused(&server, &client, text(&third, "refresh_token")).await;

        let native = server.application(ApplicationType::Native, CustomClientMetadata::default()).await;
        let first = server.tokens(&native, "sakura", &[]).await;
        server.wait(13 * DAY);
        let second = server.refresh(&native, text(&first, "refresh_token"), &[]).await.expect(200).json();
        server.wait(13 * DAY);
        server.refresh(&native, text(&second, "refresh_token"), &[]).await.expect(200);
    }
}

each_setup! {
    async fn rfc9700_4_14_2_a_grant_ends_however_often_it_is_refreshed(server: TestServer) {
        server.person("sakura").await;
        let client = server.application(ApplicationType::Native, CustomClientMetadata::default()).await;
        let mut tokens = server.tokens(&client, "sakura", &[]).await;
        for _ in 0..17 {
            server.wait(10 * DAY);
            tokens = server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(200).json();
        }
        server.wait(10 * DAY);
        expect_refused(&server, &client, text(&tokens, "refresh_token")).await;
    }
}

each_setup! {
    async fn a_suspended_persons_tokens_end_at_once_and_for_good(server: TestServer) {
        let person = server.person("sakura").await;
        let client = server.spa().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        let code = server.code(&client, "sakura", &[]).await;
        server.app().set_suspension(&operator(), &person.id, true).await.unwrap();
        expect_refused(&server, &client, text(&tokens, "refresh_token")).await;
        server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(401);
        assert_eq!(server.redeem(&client, &code, &[]).await.expect(400).json()["error"], "invalid_grant");
        server.app().set_suspension(&operator(), &person.id, false).await.unwrap();
        expect_refused(&server, &client, text(&tokens, "refresh_token")).await;
        server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(401);
        server.tokens(&client, "sakura", &[]).await;
    }
}

each_setup! {
    async fn a_new_password_ends_sessions_and_grants(server: TestServer) {
        let person = server.person("sakura").await;
        let client = server.spa().await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        let new = "eight green umbrellas".to_owned();
        server.app().set_password(&operator(), &person.id, new).await.unwrap();
        expect_refused(&server, &client, text(&tokens, "refresh_token")).await;
        let back = browser.authorize(&client, &[("prompt", "none")]).await.elsewhere();
        assert_eq!(crate::support::browser::parameter(&back, "error").as_deref(), Some("login_required"));
    }
}

each_setup! {
    async fn an_application_may_always_get_refresh_tokens(server: TestServer) {
        server.person("sakura").await;
        let custom = CustomClientMetadata { always_issue_refresh_token: Some(true), ..Default::default() };
        let client = server.application(ApplicationType::Traditional, custom).await;
        let tokens = server.tokens(&client, "sakura", &[("scope", "openid"), ("prompt", "")]).await;
        assert_eq!(tokens["scope"], json!("openid"));
        server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(200);
    }
}
