//! Token introspection: RFC 7662.

use std::time::Duration;

use http::Method;
use meibo_app::api_resources::NewResource;
use meibo_domain::{
    application::{ApplicationType, CustomClientMetadata},
    ids::ApplicationId,
    resource::MANAGEMENT_API_INDICATOR,
};
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        answer::Answer,
        browser::parameter,
        client::basic,
        fixtures::Client,
        server::{START, TestServer, operator},
        tokens::{read_part, text},
    },
};

const PATH: &str = "/oidc/token/introspection";
const SHOP: &str = "https://shop.example/api";

/// What `client` is told of `token`.
async fn introspect(server: &TestServer, client: &Client, token: &str) -> Value {
    let header = basic(&client.id, client.secret());
    let answer = server
        .post_form_as(PATH, &[("token", token)], Some(&header))
        .await
        .expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "application/json");
    answer.json()
}

fn inactive() -> Value {
    json!({"active": false})
}

/// A person's tokens: `access_token` for the shop.
async fn shop_tokens(server: &TestServer, client: &Client) -> Value {
    let new = NewResource {
        name: "Shop".to_owned(),
        indicator: SHOP.to_owned(),
        access_token_ttl: Some(600),
    };
    server
        .app()
        .create_resource(&operator(), new)
        .await
        .unwrap();
    let shop = [("resource", SHOP)];
    let code = server.code(client, "sakura", &shop).await;
    server.redeem(client, &code, &shop).await.expect(200).json()
}

each_setup! {
    async fn rfc7662_2_2_an_opaque_access_token_is_described(server: TestServer) {
        let person = server.person("sakura").await;
        let client = server.spa().await;
        let tokens = server.tokens(&client, "sakura", &[("scope", "openid profile")]).await;
        let resource_server = server.machine(false).await;
        let told = introspect(&server, &resource_server, text(&tokens, "access_token")).await;
        assert_eq!(told, json!({
            "active": true, "scope": "openid profile", "client_id": client.id, "username": "sakura",
            "token_type": "Bearer", "exp": START.seconds() + 3600, "iat": START.seconds(),
            "sub": person.id.as_str(), "aud": "http://id.example/oidc/me", "iss": "http://id.example/oidc",
        }));
        server.wait(Duration::from_secs(3600));
        assert_eq!(introspect(&server, &resource_server, text(&tokens, "access_token")).await, inactive());
    }
}

each_setup! {
    async fn rfc7662_2_2_a_jwt_access_token_is_described(server: TestServer) {
        let person = server.person("sakura").await;
        let client = server.spa().await;
        let resource_server = server.traditional().await;
        let tokens = shop_tokens(&server, &client).await;
        let token = text(&tokens, "access_token");
        let claims = read_part(token, 1);
        let expected = json!({
            "active": true, "client_id": client.id, "username": "sakura", "token_type": "Bearer",
            "exp": START.seconds() + 600, "iat": START.seconds(), "sub": person.id.as_str(), "aud": SHOP,
            "iss": "http://id.example/oidc", "jti": claims["jti"],
        });
        for _ in 0..2 {
            assert_eq!(introspect(&server, &resource_server, token).await, expected);
        }

        let machine = server.machine(true).await;
        let token = server.machine_token(&machine, "all").await;
        let told = introspect(&server, &resource_server, &token).await;
        assert_eq!((&told["active"], &told["scope"]), (&json!(true), &json!("all")));
        assert_eq!((&told["sub"], &told["client_id"]), (&json!(machine.id), &json!(machine.id)));
        assert_eq!((&told["aud"], told.get("username")), (&json!(MANAGEMENT_API_INDICATOR), None));
        server.wait(Duration::from_secs(3600));
        assert_eq!(introspect(&server, &resource_server, &token).await, inactive());
    }
}

each_setup! {
    async fn rfc7662_2_2_a_refresh_token_is_described_to_the_client_that_holds_it(server: TestServer) {
        let person = server.person("sakura").await;
        let client = server.traditional().await;
        let stranger = server.traditional().await;
        let tokens = server.tokens(&client, "sakura", &[("scope", "openid offline_access")]).await;
        let token = text(&tokens, "refresh_token");
        let told = introspect(&server, &client, token).await;
        assert_eq!(told, json!({
            "active": true, "scope": "offline_access openid", "client_id": client.id, "username": "sakura",
            "exp": START.seconds() + 14 * 86_400, "iat": START.seconds(), "sub": person.id.as_str(),
            "iss": "http://id.example/oidc",
        }));
        assert_eq!(introspect(&server, &stranger, token).await, inactive());
        server.wait(Duration::from_secs(14 * 86_400));
        assert_eq!(introspect(&server, &client, token).await, inactive());
    }
}

each_setup! {
    async fn rfc7662_2_2_a_third_party_learns_of_its_own_tokens_only(server: TestServer) {
        server.person("sakura").await;
        let (kind, custom) = (ApplicationType::Traditional, CustomClientMetadata::default());
        let client = server.third_party_with(kind, custom.clone()).await;
        let stranger = server.third_party_with(kind, custom).await;
        let own = server.traditional().await;
        let mut browser = server.browser();
        let (page, shown) = browser.asked(&client, "sakura", &[]).await;
        let back = browser.decide(&page, &shown, "allow").await.elsewhere();
        let theirs = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        let ours = server.tokens(&own, "sakura", &[]).await;
        let for_the_shop = shop_tokens(&server, &own).await;
        for (tokens, kind, told) in [
            (&theirs, "access_token", [true, false, true]),
            (&theirs, "refresh_token", [true, false, false]),
            (&ours, "access_token", [false, false, true]),
            (&ours, "refresh_token", [false, false, true]),
            (&for_the_shop, "access_token", [false, false, true]),
        ] {
            for (asking, is_told) in [&client, &stranger, &own].into_iter().zip(told) {
                let answer = introspect(&server, asking, text(tokens, kind)).await;
                assert_eq!(answer["active"], is_told, "{kind} {answer}");
                assert!(is_told || answer == inactive(), "{answer}");
            }
        }
    }
}

each_setup! {
    async fn rfc7662_2_2_a_rotated_refresh_token_is_not_active(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        server.wait(Duration::from_secs(11 * 86_400));
        let refreshed = server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(200).json();
        assert_eq!(introspect(&server, &client, text(&tokens, "refresh_token")).await, inactive());
        let successor = introspect(&server, &client, text(&refreshed, "refresh_token")).await;
        assert_eq!(successor["active"], true);
    }
}

each_setup! {
    async fn rfc7662_2_2_an_unknown_token_is_inactive(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let tokens = shop_tokens(&server, &client).await;
        let code = server.code(&client, "sakura", &[]).await;
        let jwt = text(&tokens, "access_token");
        let (head, signature) = jwt.rsplit_once('.').unwrap();
        for token in [
            "no-such-token",
            ".",
            "..",
            "a.b.c",
            "' OR 1=1 --",
            "\u{540d}",
            &"x".repeat(16_384),
            text(&tokens, "id_token"),
            &code,
            client.secret(),
            &format!("{head}."),
            &format!("{head}.{}", signature.to_uppercase()),
            &format!("{jwt}."),
            &text(&tokens, "refresh_token").to_lowercase(),
        ] {
            assert_eq!(introspect(&server, &client, token).await, inactive(), "{token:.60}");
        }
        assert_eq!(introspect(&server, &client, jwt).await["active"], true);
    }
}

/// Asks with the proof left to the caller.
async fn ask(server: &TestServer, proof: &[(&str, &str)], header: Option<&str>) -> Answer {
    let fields = [&[("token", "x")], proof].concat();
    server.post_form_as(PATH, &fields, header).await
}

each_setup! {
    async fn rfc7662_2_1_the_client_has_to_prove_itself(server: TestServer) {
        let client = server.traditional().await;
        let public = server.spa().await;
        let (id, secret) = (client.id.as_str(), client.secret());
        for (proof, header) in [
            (&[][..], None),
            (&[("client_id", id)], None),
            (&[("client_id", id), ("client_secret", "wrong")], None),
            (&[("client_id", "nobody"), ("client_secret", secret)], None),
            (&[("client_id", public.id.as_str())], None),
            (&[("client_id", public.id.as_str()), ("client_secret", secret)], None),
            (&[], Some(basic(id, "wrong"))),
            (&[], Some(basic(&public.id, ""))),
            (&[], Some("Bearer abc".to_owned())),
        ] {
            let answer = ask(&server, proof, header.as_deref()).await.expect(401);
            assert_eq!(answer.json()["error"], "invalid_client", "{proof:?}");
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("www-authenticate").is_empty(), header.is_none());
        }
        ask(&server, &[("client_id", id), ("client_secret", secret)], None).await.expect(200);
        ask(&server, &[], Some(&basic(id, secret))).await.expect(200);
        let both = ask(&server, &[("client_secret", secret)], Some(&basic(id, secret))).await.expect(400);
        assert_eq!(both.json()["error"], "invalid_request");
        let without = server.post_form_as(PATH, &[], Some(&basic(id, secret))).await.expect(400);
        assert_eq!(without.json()["error"], "invalid_request");
        let twice = [("token", "a"), ("token", "b")];
        server.post_form_as(PATH, &twice, Some(&basic(id, secret))).await.expect(400);
        server.nobody().call(Method::GET, PATH, None).await.expect(405);

        let application = ApplicationId::parse(id).unwrap();
        let ends = server.clock.now() + Duration::from_secs(60);
        let made = server.app().create_secret(&operator(), &application, "short".to_owned(), Some(ends)).await.unwrap();
        server.wait(Duration::from_secs(60));
        let late = ask(&server, &[], Some(&basic(id, &made.value))).await.expect(400);
        assert_eq!(late.json()["error"], "invalid_request");
    }
}

each_setup! {
    async fn rfc7662_2_1_a_hint_changes_nothing(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let tokens = shop_tokens(&server, &client).await;
        let opaque = server.tokens(&client, "sakura", &[]).await;
        for token in [text(&tokens, "access_token"), text(&opaque, "access_token"), text(&opaque, "refresh_token")] {
            let expected = introspect(&server, &client, token).await;
            assert_eq!(expected["active"], true);
            for hint in ["access_token", "refresh_token", "pat", "", "名"] {
                let fields = [("token", token), ("token_type_hint", hint)];
                let header = basic(&client.id, client.secret());
                let told = server.post_form_as(PATH, &fields, Some(&header)).await.expect(200).json();
                assert_eq!(told, expected, "{hint}");
            }
        }
    }
}

each_setup! {
    async fn pages_of_other_origins_learn_nothing(server: TestServer) {
        let client = server.traditional().await;
        for method in [Method::POST, Method::OPTIONS] {
            let request = http::Request::builder()
                .method(method)
                .uri(PATH)
                .header("origin", "https://app.example")
                .header("authorization", basic(&client.id, client.secret()))
                .header("content-type", "application/x-www-form-urlencoded")
                .body("token=x".into())
                .unwrap();
            let answer = server.send(request).await;
            assert_eq!(answer.header("access-control-allow-origin"), "");
        }
    }
}
