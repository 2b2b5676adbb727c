//! Redeeming a code: RFC 6749 section 4.1.3, RFC 7636 section 4.6, RFC 9700 section 4.5.

use std::time::Duration;

use futures_util::future::join_all;
use meibo_domain::application::ApplicationType;
use serde_json::json;

use crate::{
    each_setup,
    support::{client::basic, fixtures::REDIRECT_URI, server::TestServer, tokens::text},
};

each_setup! {
    async fn rfc6749_5_1_a_code_gives_tokens_that_are_not_kept(server: TestServer) {
        server.person("sakura").await;
        let confidential = server.traditional().await;
        let code = server.code(&confidential, "sakura", &[]).await;
        let answer = server.redeem(&confidential, &code, &[]).await.expect(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("pragma"), "no-cache");
        assert_eq!(answer.header("content-type"), "application/json");
        let tokens = answer.json();
        let names: Vec<&str> = tokens.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["access_token", "id_token", "refresh_token", "scope", "expires_in", "token_type"]);
        assert_eq!(text(&tokens, "access_token").len(), 43);
        assert_eq!(tokens["scope"], "offline_access openid profile");
        assert_eq!(tokens["expires_in"], 3600);
        assert_eq!(tokens["token_type"], "Bearer");

        // The same by the header, which the SDKs send beside client_id in the form.
        let code = server.code(&confidential, "sakura", &[]).await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("client_id", confidential.id.as_str()),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", crate::support::browser::VERIFIER),
        ];
        let header = basic(&confidential.id, confidential.secret());
        server.post_form_as("/oidc/token", &fields, Some(&header)).await.expect(200);

        for kind in [ApplicationType::Spa, ApplicationType::Native] {
            let public = server.application(kind, Default::default()).await;
            let tokens = server.tokens(&public, "sakura", &[]).await;
            assert!(tokens["id_token"].is_string(), "{kind:?}");
        }
    }
}

each_setup! {
    async fn the_request_may_be_json(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let code = server.code(&client, "sakura", &[]).await;
        let body = json!({
            "grant_type": "authorization_code",
            "code": code,
            "client_id": client.id,
            "client_secret": client.secret(),
            "redirect_uri": REDIRECT_URI,
            "code_verifier": crate::support::browser::VERIFIER,
            "resource": null,
        });
        let answer = server.nobody().post("/oidc/token", body).await.expect(200);
        assert!(answer.json()["access_token"].is_string());
    }
}

each_setup! {
    async fn rfc6749_4_1_3_a_code_is_bound_to_client_address_and_verifier(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let other = server.spa().await;
        let code = server.code(&client, "sakura", &[]).await;
        let other_verifier = "x".repeat(43);
        for (who, extra, error) in [
            (&client, ("code_verifier", other_verifier.as_str()), "invalid_grant"),
            (&client, ("code_verifier", "short"), "invalid_request"),
            (&client, ("redirect_uri", "https://app.example/callback/"), "invalid_grant"),
            (&client, ("redirect_uri", ""), "invalid_request"),
            (&client, ("code", "no-such-code"), "invalid_grant"),
            (&client, ("code", ""), "invalid_request"),
            (&other, ("state", ""), "invalid_grant"),
        ] {
            let answer = server.redeem(who, &code, &[extra]).await.expect(400);
            assert_eq!(answer.json()["error"], error, "{extra:?}");
            assert_eq!(answer.header("cache-control"), "no-store", "{extra:?}");
        }
        // Wrong tries burn nothing: only a second use by the right client does.
        server.redeem(&client, &code, &[]).await.expect(200);
    }
}

each_setup! {
    async fn rfc6749_4_1_2_a_code_lives_one_minute(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let code = server.code(&client, "sakura", &[]).await;
        server.wait(Duration::from_millis(59_999));
        server.redeem(&client, &code, &[]).await.expect(200);
        let code = server.code(&client, "sakura", &[]).await;
        server.wait(Duration::from_secs(60));
        assert_eq!(server.redeem(&client, &code, &[]).await.expect(400).json()["error"], "invalid_grant");
    }
}

each_setup! {
    async fn rfc6749_4_1_2_a_second_use_revokes_what_the_first_gave(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let code = server.code(&client, "sakura", &[]).await;
        let tokens = server.redeem(&client, &code, &[]).await.expect(200).json();
        let refresh_token = text(&tokens, "refresh_token");
        let refreshed = server.refresh(&client, refresh_token, &[]).await.expect(200).json();

        // A code that leaked without its verifier ends nothing.
        let other_verifier = "y".repeat(43);
        server.redeem(&client, &code, &[("code_verifier", &other_verifier)]).await.expect(400);
        server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(200);

        assert_eq!(server.redeem(&client, &code, &[]).await.expect(400).json()["error"], "invalid_grant");
        for access_token in [text(&tokens, "access_token"), text(&refreshed, "access_token")] {
            server.bearer(access_token).get("/oidc/me").await.expect(401);
        }
        for token in [refresh_token, text(&refreshed, "refresh_token")] {
            let answer = server.refresh(&client, token, &[]).await.expect(400);
            assert_eq!(answer.json()["error"], "invalid_grant");
        }
        // And so it stays.
        assert_eq!(server.redeem(&client, &code, &[]).await.expect(400).json()["error"], "invalid_grant");
    }
}

each_setup! {
    async fn rfc6749_4_1_2_code_is_single_use(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        for round in 0..3 {
            let code = server.code(&client, "sakura", &[]).await;
            let tries = (0..50).map(|_| {
                let (server, client, code) = (server.clone(), client.clone(), code.clone());
                tokio::spawn(async move { server.redeem(&client, &code, &[]).await })
            });
            let answers: Vec<_> = join_all(tries).await.into_iter().map(Result::unwrap).collect();
            let winners: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
            assert_eq!(winners.len(), 1, "round {round}");
            for loser in answers.iter().filter(|answer| answer.status != 200) {
                assert_eq!(loser.status, 400, "{}", loser.text());
                assert_eq!(loser.json()["error"], "invalid_grant");
            }
            // The others were second uses, so the winner's tokens are gone as well.
            let tokens = winners[0].json();
            server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(401);
            server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(400);
        }
    }
}
