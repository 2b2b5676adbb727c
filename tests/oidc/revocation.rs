//! Token revocation: RFC 7009.

use std::time::Duration;

use futures_util::future::join_all;
use meibo_domain::resource::MANAGEMENT_API_INDICATOR;

use crate::{
    each_setup,
    support::{answer::Answer, fixtures::Client, server::TestServer, tokens::text},
};

async fn revoke(server: &TestServer, client: &Client, token: &str) -> Answer {
    let mut fields = vec![("client_id", client.id.as_str()), ("token", token)];
    fields.extend(
        client
            .secret
            .as_deref()
            .map(|secret| ("client_secret", secret)),
    );
    server.post_form("/oidc/token/revocation", &fields).await
}

each_setup! {
    async fn rfc7009_2_1_a_refresh_token_takes_its_grant_along(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        let others = server.tokens(&client, "sakura", &[]).await;
        let answer = revoke(&server, &client, text(&tokens, "refresh_token")).await.expect(200);
        assert_eq!(answer.text(), "");
        server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(401);
        server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(400);
        server.bearer(text(&others, "access_token")).get("/oidc/me").await.expect(200);
        revoke(&server, &client, text(&tokens, "refresh_token")).await.expect(200);
    }
}

each_setup! {
    async fn rfc7009_2_1_an_access_token_goes_alone(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        revoke(&server, &client, text(&tokens, "access_token")).await.expect(200);
        server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(401);
        server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(200);
    }
}

each_setup! {
    async fn rfc7009_2_2_unknown_and_foreign_tokens_are_answered_alike(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let stranger = server.traditional().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        let unknown = revoke(&server, &stranger, "no-such-token").await.expect(200);
        for name in ["refresh_token", "access_token", "id_token"] {
            let foreign = revoke(&server, &stranger, text(&tokens, name)).await.expect(200);
            assert_eq!(foreign.body, unknown.body, "{name}");
        }
        server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(200);
        server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(200);
    }
}

each_setup! {
    async fn rfc7009_2_1_the_client_proves_itself(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        let impostor = Client { id: client.id.clone(), secret: Some("wrong".to_owned()) };
        let answer = revoke(&server, &impostor, text(&tokens, "refresh_token")).await.expect(401);
        assert_eq!(answer.json()["error"], "invalid_client");
        let answer = revoke(&server, &client, "").await.expect(400);
        assert_eq!(answer.json()["error"], "invalid_request");
        server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(200);
    }
}

each_setup! {
    async fn rfc7009_2_1_a_jwt_access_token_is_denied_until_it_would_have_expired(server: TestServer) {
        let machine = server.machine(true).await;
        let stranger = server.machine(true).await;
        let token = server.machine_token(&machine, "all").await;
        let other = server.machine_token(&machine, "all").await;
        revoke(&server, &stranger, &token).await.expect(200);
        server.bearer(&token).get("/api/users").await.expect(200);
        let answer = revoke(&server, &machine, &token).await.expect(200);
        assert_eq!(answer.text(), "");
        revoke(&server, &machine, &token).await.expect(200);
        for _ in 0..2 {
            assert_eq!(server.bearer(&token).get("/api/users").await.expect(401).code(), "auth.unauthorized");
        }
        server.bearer(&other).get("/api/users").await.expect(200);
        let restarted = server.restarted().await;
        restarted.bearer(&token).get("/api/users").await.expect(401);

        // Once it has expired nobody needs to know that it was denied.
        server.wait(Duration::from_millis(3_599_999));
        server.app().sweep().await;
        server.bearer(&token).get("/api/users").await.expect(401);
        server.bearer(&other).get("/api/users").await.expect(200);
        // Five minutes longer, for clocks of nodes differ.
        server.wait(Duration::from_millis(1) + Duration::from_secs(300));
        server.app().sweep().await;
        server.bearer(&token).get("/api/users").await.expect(401);
        assert_eq!(denied(&server).await, 0);
    }
}

/// Rows of the deny list.
async fn denied(server: &TestServer) -> usize {
    let sql = meibo_store::db::Sql::from("SELECT jti FROM revoked_tokens");
    let rows = server.app().database().query(&sql, &[]).await.unwrap();
    rows.len()
}

each_setup! {
    async fn rfc7009_2_1_a_persons_jwt_goes_alone(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let asked = [("resource", MANAGEMENT_API_INDICATOR)];
        let code = server.code(&client, "sakura", &asked).await;
        let tokens = server.redeem(&client, &code, &asked).await.expect(200).json();
        let jwt = text(&tokens, "access_token");
        server.bearer(jwt).get("/api/users").await.expect(403);
        revoke(&server, &client, jwt).await.expect(200);
        server.bearer(jwt).get("/api/users").await.expect(401);
        let tokens = server.refresh(&client, text(&tokens, "refresh_token"), &asked).await.expect(200).json();
        server.bearer(text(&tokens, "access_token")).get("/api/users").await.expect(403);
    }
}

each_setup! {
    async fn rfc7009_2_1_a_hint_is_not_needed_and_a_wrong_one_does_no_harm(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        for hint in ["access_token", "refresh_token", "id_token", "anything", ""] {
            let tokens = server.tokens(&client, "sakura", &[]).await;
            let fields = [
                ("client_id", client.id.as_str()),
                ("token", text(&tokens, "refresh_token")),
                ("token_type_hint", hint),
            ];
            server.post_form("/oidc/token/revocation", &fields).await.expect(200);
            server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(400);
            let fields = [("client_id", client.id.as_str()), ("token", text(&tokens, "id_token")), ("token_type_hint", hint)];
            server.post_form("/oidc/token/revocation", &fields).await.expect(200);
        }
    }
}

each_setup! {
    async fn rfc7009_2_1_no_use_succeeds_after_the_revocation_was_answered(server: TestServer) {
        let machine = server.machine(true).await;
        for _ in 0..4 {
            let token = server.machine_token(&machine, "all").await;
            let uses = (0..10).map(|number| {
                let (server, machine, token) = (server.clone(), machine.clone(), token.clone());
                tokio::spawn(async move {
                    if number % 5 == 0 {
                        revoke(&server, &machine, &token).await.expect(200);
                        server.bearer(&token).get("/api/users").await.expect(401);
                    } else {
                        let status = server.bearer(&token).get("/api/users").await.status.as_u16();
                        assert!([200, 401].contains(&status), "{status}");
                    }
                })
            });
            for done in join_all(uses).await {
                done.unwrap();
            }
        }
    }
}
