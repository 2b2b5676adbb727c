//! Token revocation: RFC 7009.

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
    async fn a_refresh_token_takes_its_whole_grant_along(server: TestServer) {
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
    async fn an_access_token_goes_alone(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        revoke(&server, &client, text(&tokens, "access_token")).await.expect(200);
        server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(401);
        server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(200);
    }
}

each_setup! {
    async fn tokens_of_others_and_unknown_ones_are_left_alone_and_answered_alike(server: TestServer) {
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
    async fn the_client_has_to_prove_itself(server: TestServer) {
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
