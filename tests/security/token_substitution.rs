//! Token substitution and audience: each kind of token opens its own door only.

use meibo_app::api_resources::NewResource;
use meibo_crypto::signing_key::SigningAlgorithm;
use meibo_domain::application::{ApplicationType, CustomClientMetadata};
use serde_json::json;

use crate::{
    each_setup,
    support::{
        assertion::{SigningClient, TYPE},
        client::form,
        server::{TestServer, operator},
        tokens::text,
    },
};

each_setup! {
    async fn rfc9068_4_only_an_access_token_for_this_audience_is_taken(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let new = NewResource {
            name: "Shop".to_owned(),
            indicator: "https://shop.example/api".to_owned(),
            access_token_ttl: None,
        };
        server.app().create_resource(&operator(), new).await.unwrap();
        let shop = ("resource", "https://shop.example/api");
        let code = server.code(&client, "sakura", &[shop]).await;
        let for_shop = server.redeem(&client, &code, &[shop]).await.expect(200).json();
        let opaque = server.tokens(&client, "sakura", &[]).await;
        for token in [
            text(&for_shop, "access_token"),
            text(&for_shop, "id_token"),
            text(&for_shop, "refresh_token"),
            text(&opaque, "access_token"),
            client.secret(),
        ] {
            let answer = server.bearer(token).get("/api/users").await.expect(401);
            assert_eq!(answer.code(), "auth.unauthorized");
        }
    }
}

each_setup! {
    async fn a_code_is_no_refresh_token_and_the_other_way_round(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        let code = server.code(&client, "sakura", &[]).await;
        server.refresh(&client, &code, &[]).await.expect(400);
        server.redeem(&client, text(&tokens, "refresh_token"), &[]).await.expect(400);
        server.redeem(&client, text(&tokens, "access_token"), &[]).await.expect(400);
        server.redeem(&client, &code, &[]).await.expect(200);
    }
}

each_setup! {
    async fn a_machine_that_lost_its_right_or_was_deleted_is_out_at_once(server: TestServer) {
        let machine = server.machine(true).await;
        let token = server.machine_token(&machine, "all").await;
        server.bearer(&token).get("/api/users").await.expect(200);
        server.execute_sql(&format!("DELETE FROM application_roles WHERE application_id = '{}'", machine.id)).await;
        server.bearer(&token).get("/api/users").await.expect(403);
        let id = meibo_domain::ids::ApplicationId::parse(machine.id.as_str()).unwrap();
        server.app().delete_application(&operator(), &id).await.unwrap();
        server.bearer(&token).get("/api/users").await.expect(401);
    }
}

each_setup! {
    async fn a_session_cookie_opens_no_api(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        browser.get("/api/users").await.expect(401);
        browser.get("/oidc/me").await.expect(401);
        let token = browser.cookies["meibo_session"].clone();
        server.bearer(&token).get("/oidc/me").await.expect(401);
    }
}

each_setup! {
    async fn only_its_own_assertion_proves_a_client(server: TestServer) {
        let client = server.signing_client(ApplicationType::Traditional, SigningAlgorithm::Es256).await;
        let other = server.signing_client(ApplicationType::MachineToMachine, SigningAlgorithm::Es256).await;
        server.person("sakura").await;
        let code = server.code(&client.client, "sakura", &[]).await;
        let tokens = client.redeem(&server, &code).await.expect(200).json();
        let access_token = other.machine_token(&server, "all").await;
        let of_other = |jti: &str| other.assertion(jti);
        // The other client's claims with our client's name, and ours signed by the other client.
        let mut renamed = other.claims("2");
        renamed["iss"] = json!(client.client.id);
        renamed["sub"] = json!(client.client.id);
        let forged = SigningClient::sign_with(&other.key, "JWT", &renamed);
        for wrong in [
            text(&tokens, "id_token"),
            text(&tokens, "access_token"),
            text(&tokens, "refresh_token"),
            access_token.as_str(),
            code.as_str(),
            client.client.secret(),
            of_other("1").as_str(),
            forged.as_str(),
        ] {
            let fields = [
                ("client_id", client.client.id.as_str()),
                ("token", text(&tokens, "access_token")),
                ("client_assertion", wrong),
                ("client_assertion_type", TYPE),
            ];
            for path in ["/oidc/token/introspection", "/oidc/token/revocation", "/oidc/token"] {
                let answer = server.post_form(path, &fields).await.expect(401);
                assert_eq!(answer.json()["error"], "invalid_client", "{path}");
            }
        }
        // An assertion opens nothing else.
        let assertion = client.assertion("3");
        server.bearer(&assertion).get("/oidc/me").await.expect(401);
        server.bearer(&assertion).get("/api/users").await.expect(401);
        client.introspect(&server, text(&tokens, "access_token"), "4").await.expect(200);
    }
}

each_setup! {
    async fn signed_userinfo_is_no_id_token(server: TestServer) {
        let custom = CustomClientMetadata {
            userinfo_signed_response_alg: Some("RS256".to_owned()),
            ..CustomClientMetadata::default()
        };
        let client = server.application(ApplicationType::Spa, custom).await;
        server.person("sakura").await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        let signed = server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(200).text();
        let hinted = [("id_token_hint", signed.as_str()), ("prompt", "none")];
        let back = server.browser().authorize(&client, &hinted).await.elsewhere();
        assert!(back.query().unwrap().contains("error=invalid_request"), "{back}");
        let fields = [("id_token_hint", signed.as_str()), ("client_id", client.id.as_str())];
        server.get(&format!("/oidc/session/end?{}", form(&fields))).await.expect(400);
        server.bearer(&signed).get("/oidc/me").await.expect(401);
    }
}
