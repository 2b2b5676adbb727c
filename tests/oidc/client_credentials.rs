//! `grant_type=client_credentials`: RFC 6749 section 4.4, RFC 8707, RFC 9068.

use serde_json::json;

use crate::{
    each_setup,
    support::{
        answer::Answer,
        fixtures::Client,
        server::{START, TestServer},
        tokens::text,
    },
};

const MANAGEMENT: &str = meibo_domain::resource::MANAGEMENT_API_INDICATOR;

async fn ask(server: &TestServer, client: &Client, extra: &[(&str, &str)]) -> Answer {
    let mut fields = vec![
        ("grant_type", "client_credentials"),
        ("client_id", client.id.as_str()),
    ];
    fields.extend(
        client
            .secret
            .as_deref()
            .map(|secret| ("client_secret", secret)),
    );
    fields.extend(extra);
    server.post_form("/oidc/token", &fields).await
}

each_setup! {
    async fn rfc6749_4_4_3_a_machine_gets_an_access_token_alone(server: TestServer) {
        let client = server.machine(true).await;
        let answer = ask(&server, &client, &[("resource", MANAGEMENT), ("scope", "all")]).await.expect(200);
        assert_eq!(answer.header("cache-control"), "no-store");
        let tokens = answer.json();
        let names: Vec<&str> = tokens.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["access_token", "scope", "expires_in", "token_type"]);
        assert_eq!((&tokens["scope"], &tokens["expires_in"]), (&json!("all"), &json!(3600)));

        let token = server.read_jwt(text(&tokens, "access_token"), "at+jwt", MANAGEMENT).await;
        assert_eq!(token.header["typ"], "at+jwt");
        assert_eq!(token.header["alg"], "ES256");
        let mut claims = token.claims;
        assert_eq!(claims.remove("jti").unwrap().as_str().unwrap().len(), 21);
        assert_eq!(
            serde_json::Value::Object(claims),
            json!({
                "sub": client.id,
                "iat": START.seconds(),
                "exp": START.seconds() + 3600,
                "scope": "all",
                "client_id": client.id,
                "iss": "http://id.example/oidc",
                "aud": MANAGEMENT,
            })
        );
        server.bearer(text(&tokens, "access_token")).get("/api/users").await.expect(200);
    }
}

each_setup! {
    async fn rfc6749_5_1_the_scope_that_was_granted_is_told(server: TestServer) {
        let client = server.machine(false).await;
        let tokens = ask(&server, &client, &[("resource", MANAGEMENT), ("scope", "all")]).await.expect(200).json();
        assert_eq!(tokens["scope"], "");
        let token = server.read_jwt(text(&tokens, "access_token"), "at+jwt", MANAGEMENT).await;
        assert_eq!(token.claims["scope"], "");
        let answer = server.bearer(text(&tokens, "access_token")).get("/api/users").await.expect(403);
        assert_eq!(answer.code(), "auth.forbidden");

        // Nor does the right give a scope that was not asked for.
        let client = server.machine(true).await;
        let tokens = ask(&server, &client, &[("resource", MANAGEMENT)]).await.expect(200).json();
        assert_eq!(tokens["scope"], "");
        let tokens = ask(&server, &client, &[("resource", MANAGEMENT), ("scope", "all more")]).await.expect(200).json();
        assert_eq!(tokens["scope"], "all");
    }
}

each_setup! {
    async fn rfc8707_2_a_machines_token_is_for_one_existing_resource(server: TestServer) {
        let client = server.machine(true).await;
        for extra in [
            &[][..],
            &[("scope", "all")],
            &[("resource", "https://unknown.example/")],
            &[("resource", "not absolute")],
            &[("resource", MANAGEMENT), ("resource", "urn:meibo:resource:login-api")],
            &[("resource", "https://default.logto.app/api,urn:meibo:resource:login-api")],
        ] {
            let answer = ask(&server, &client, extra).await.expect(400);
            assert_eq!(answer.json()["error"], "invalid_target", "{extra:?}");
            assert_eq!(answer.code(), "oidc.invalid_target", "{extra:?}");
        }
        let answer = ask(&server, &client, &[("organization_id", "o")]).await.expect(403);
        assert_eq!(answer.json()["error"], "access_denied");
    }
}

each_setup! {
    async fn rfc6749_4_4_machines_alone_act_for_themselves(server: TestServer) {
        let traditional = server.traditional().await;
        let spa = server.spa().await;
        for client in [&traditional, &spa] {
            let answer = ask(&server, client, &[("resource", MANAGEMENT)]).await.expect(400);
            assert_eq!(answer.json()["error"], "unauthorized_client");
        }
        // And a machine redeems and refreshes nothing.
        let machine = server.machine(true).await;
        let answer = server.redeem(&machine, "some-code", &[]).await.expect(400);
        assert_eq!(answer.json()["error"], "unauthorized_client");
        let answer = server.refresh(&machine, "some-token", &[]).await.expect(400);
        assert_eq!(answer.json()["error"], "unauthorized_client");
    }
}
