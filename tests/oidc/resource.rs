//! Resource indicators for people's tokens: RFC 8707, RFC 9068.

use meibo_app::{api_resources::NewResource, setup::FirstAdministrator};
use meibo_domain::username::Username;
use serde_json::json;

use crate::{
    each_setup,
    support::{
        browser::parameter,
        fixtures::PASSWORD,
        server::{START, TestServer, operator},
        tokens::text,
    },
};

const SHOP: &str = "https://shop.example/api";
const GAME: &str = "urn:game:api";

async fn add_resource(server: &TestServer, indicator: &str, access_token_ttl: Option<i64>) {
    let new = NewResource {
        name: "An API".to_owned(),
        indicator: indicator.to_owned(),
        access_token_ttl,
    };
    let made = server
        .app()
        .create_resource(&operator(), new)
        .await
        .unwrap();
    server
        .app()
        .create_scope(&operator(), &made.id, "read:orders".to_owned(), None)
        .await
        .unwrap();
}

each_setup! {
    async fn rfc9068_2_2_a_token_for_a_resource_is_a_jwt(server: TestServer) {
        let person = server.person("sakura").await;
        add_resource(&server, SHOP, Some(600)).await;
        let client = server.spa().await;
        let asked = [("resource", SHOP), ("scope", "openid offline_access read:orders")];

        let code = server.code(&client, "sakura", &asked).await;
        let tokens = server.redeem(&client, &code, &[("resource", SHOP)]).await.expect(200).json();
        assert_eq!(tokens["expires_in"], 600);
        assert_eq!(tokens["scope"], "", "no role gives the person the scope");
        let token = server.read_jwt(text(&tokens, "access_token"), "at+jwt", SHOP).await;
        assert_eq!((&token.header["typ"], &token.header["alg"]), (&json!("at+jwt"), &json!("ES256")));
        let mut claims = token.claims;
        assert!(claims.remove("jti").unwrap().is_string());
        assert_eq!(
            serde_json::Value::Object(claims),
            json!({
                "sub": person.id.as_str(),
                "iat": START.seconds(),
                "exp": START.seconds() + 600,
                "scope": "",
                "client_id": client.id,
                "iss": "http://id.example/oidc",
                "aud": SHOP,
            })
        );
        // It is for the shop, not for userinfo.
        server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(401);

        let code = server.code(&client, "sakura", &asked).await;
        let tokens = server.redeem(&client, &code, &[]).await.expect(200).json();
        assert!(!text(&tokens, "access_token").contains('.'));
        assert_eq!(tokens["scope"], "offline_access openid", "scopes of the shop are not for this one");
        server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(200);
        let shop = [("resource", SHOP)];
        let refreshed = server.refresh(&client, text(&tokens, "refresh_token"), &shop).await.expect(200).json();
        server.read_jwt(text(&refreshed, "access_token"), "at+jwt", SHOP).await;
        assert!(refreshed["id_token"].is_string());
    }
}

each_setup! {
    async fn rfc8707_2_2_one_granted_resource_a_token(server: TestServer) {
        server.person("sakura").await;
        add_resource(&server, SHOP, None).await;
        add_resource(&server, GAME, None).await;
        let client = server.spa().await;
        let code = server.code(&client, "sakura", &[("resource", SHOP)]).await;
        for wrong in [
            &[("resource", GAME)][..],
            &[("resource", "https://unknown.example/")],
            &[("resource", SHOP), ("resource", GAME)],
        ] {
            let answer = server.redeem(&client, &code, wrong).await.expect(400);
            assert_eq!(answer.json()["error"], "invalid_target", "{wrong:?}");
        }
        server.redeem(&client, &code, &[("resource", SHOP)]).await.expect(200);

        // Several can be granted at once, repeated or with commas.
        let commas = "https://shop.example/api,urn:game:api";
        for both in [&[("resource", SHOP), ("resource", GAME)][..], &[("resource", commas)]] {
            let tokens = server.tokens(&client, "sakura", both).await;
            let refreshed = server.refresh(&client, text(&tokens, "refresh_token"), &[("resource", GAME)]).await;
            server.read_jwt(text(&refreshed.expect(200).json(), "access_token"), "at+jwt", GAME).await;
        }
    }
}

each_setup! {
    async fn without_openid_the_granted_resource_is_meant(server: TestServer) {
        server.person("sakura").await;
        add_resource(&server, SHOP, None).await;
        let client = server.spa().await;
        let tokens = server.tokens(&client, "sakura", &[("resource", SHOP), ("scope", "read:orders")]).await;
        server.read_jwt(text(&tokens, "access_token"), "at+jwt", SHOP).await;
        assert_eq!(tokens.get("id_token"), None);
    }
}

each_setup! {
    async fn an_owner_may_call_the_management_api_in_person(server: TestServer) {
        let link = server.app().issue_setup_link().await.unwrap().unwrap();
        let first = FirstAdministrator {
            token: link.rsplit('/').next().unwrap().to_owned(),
            username: Username::parse("owner").unwrap(),
            password: PASSWORD.to_owned(),
            address: None,
            request_id: None,
        };
        server.app().create_first_administrator(first).await.unwrap();
        server.person("sakura").await;
        let client = server.spa().await;
        let management = meibo_domain::resource::MANAGEMENT_API_INDICATOR;
        let asked = [("resource", management), ("scope", "openid all")];
        for (username, scope, status) in [("owner", "all", 200), ("sakura", "", 403)] {
            let back = server.browser().sign_in(&client, username, &asked).await;
            let code = parameter(&back, "code").unwrap();
            let tokens = server.redeem(&client, &code, &[("resource", management)]).await.expect(200).json();
            assert_eq!(tokens["scope"], scope, "{username}");
            server.bearer(text(&tokens, "access_token")).get("/api/users").await.expect(status);
        }
    }
}

each_setup! {
    async fn a_deleted_resource_gives_nothing_more(server: TestServer) {
        server.person("sakura").await;
        add_resource(&server, SHOP, None).await;
        let client = server.spa().await;
        let tokens = server.tokens(&client, "sakura", &[("resource", SHOP)]).await;
        let all = server.app().list_resources(&operator()).await.unwrap();
        let shop = all.iter().find(|resource| resource.indicator == SHOP).unwrap();
        server.app().delete_resource(&operator(), &shop.id).await.unwrap();
        let token = text(&tokens, "refresh_token");
        let answer = server.refresh(&client, token, &[("resource", SHOP)]).await.expect(400);
        assert_eq!(answer.json()["error"], "invalid_target");
        server.refresh(&client, token, &[]).await.expect(200);
    }
}
