//! Token substitution and audience: each kind of token opens its own door only.

use meibo_app::api_resources::NewResource;

use crate::{
    each_setup,
    support::{
        server::{TestServer, operator},
        tokens::text,
    },
};

each_setup! {
    async fn only_an_access_token_for_the_management_api_opens_it(server: TestServer) {
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
