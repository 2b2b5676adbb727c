//! `/api/users/{userId}/grants`, and the limit of an application's grants.

use std::time::Duration;

use futures_util::future::join_all;
use meibo_domain::application::{ApplicationType, CustomClientMetadata};
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        browser::parameter,
        client::ApiClient,
        fixtures::Client,
        server::{START, TestServer},
        tokens::text,
    },
};

async fn grants(admin: &ApiClient, user: &str, query: &str) -> Vec<Value> {
    let answer = admin.get(&format!("/api/users/{user}/grants{query}")).await;
    answer.expect(200).json()["grants"]
        .as_array()
        .unwrap()
        .clone()
}

async fn limited(server: &TestServer, max: i64) -> Client {
    let custom = CustomClientMetadata {
        max_allowed_grants: Some(max),
        ..CustomClientMetadata::default()
    };
    server.application(ApplicationType::Spa, custom).await
}

each_setup! {
    async fn a_grant_tells_what_it_allows_whom(server: TestServer) {
        let admin = server.admin().await;
        let (client, person) = (server.spa().await, server.person("sakura").await);
        let resource = json!({"name": "Orders", "indicator": "https://orders.example"});
        let made = admin.post("/api/resources", resource).await.expect(201).json();
        let scopes = format!("/api/resources/{}/scopes", text(&made, "id"));
        admin.post(&scopes, json!({"name": "read"})).await.expect(201);
        let asked = [("scope", "openid read"), ("resource", "https://orders.example")];
        let tokens = server.tokens(&client, "sakura", &asked).await;
        let id_token = server.read_jwt(text(&tokens, "id_token"), "JWT", &client.id).await;
        let list = grants(&admin, person.id.as_str(), "").await;
        let id = list[0]["id"].clone();
        let (now, ends) = (START.seconds(), START.seconds() + 180 * 86_400);
        assert_eq!(list, [json!({
            "id": id,
            "payload": {
                "kind": "Grant", "jti": id, "accountId": person.id.as_str(), "clientId": client.id,
                "sessionUid": id_token.claims["sid"], "iat": now, "exp": ends,
                "openid": {"scope": "openid"}, "resources": {"https://orders.example": "read"},
            },
            "expiresAt": ends * 1000,
        })]);
    }
}

each_setup! {
    async fn grants_are_listed_by_whose_application_it_is(server: TestServer) {
        let admin = server.admin().await;
        let (own, other) = (server.spa().await, server.third_party().await);
        let person = server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&own, "sakura", &[]).await;
        let (path, page) = browser.asked(&other, "sakura", &[]).await;
        browser.decide(&path, &page, "allow").await.elsewhere();
        let of = |list: Vec<Value>| -> Vec<String> {
            list.iter().map(|grant| text(&grant["payload"], "clientId").to_owned()).collect()
        };
        let user = person.id.as_str();
        assert_eq!(of(grants(&admin, user, "?appType=firstParty").await), [own.id.as_str()]);
        assert_eq!(of(grants(&admin, user, "?appType=thirdParty").await), [other.id.as_str()]);
        assert_eq!(grants(&admin, user, "").await.len(), 2);
        let wrong = admin.get(&format!("/api/users/{user}/grants?appType=all")).await.expect(400);
        assert_eq!(wrong.code(), "guard.invalid_input");
        admin.get("/api/users/gone/grants").await.expect(404);
        let list = admin.get("/api/applications?isThirdParty=true").await.expect(200).json();
        assert_eq!(list.as_array().unwrap().len(), 1);
        assert_eq!(list[0]["id"], other.id.as_str());
        assert_eq!(list[0]["isThirdParty"], true);
        let list = admin.get("/api/applications?isThirdParty=false&page=1&page_size=1").await.expect(200);
        assert_eq!(list.header("total-number"), "2");
        admin.get("/api/applications?isThirdParty=maybe").await.expect(400);
    }
}

each_setup! {
    async fn a_revoked_grant_takes_everything_with_it_and_nothing_else(server: TestServer) {
        let admin = server.admin().await;
        let (client, person) = (server.spa().await, server.person("sakura").await);
        let other = server.person("kaede").await;
        let first = server.tokens(&client, "sakura", &[]).await;
        server.wait(Duration::from_secs(1));
        let second = server.tokens(&client, "sakura", &[]).await;
        let list = grants(&admin, person.id.as_str(), "").await;
        assert_eq!(list.len(), 2);
        let newest = text(&list[0], "id");
        admin.delete(&format!("/api/users/{}/grants/{newest}", other.id)).await.expect(404);
        admin.delete(&format!("/api/users/{}/grants/{newest}", person.id)).await.expect(204);
        for (tokens, statuses) in [(&first, (200, 200)), (&second, (400, 401))] {
            server.refresh(&client, text(tokens, "refresh_token"), &[]).await.expect(statuses.0);
            server.bearer(text(tokens, "access_token")).get("/oidc/me").await.expect(statuses.1);
        }
        // A code that was not redeemed yet goes with its grant.
        server.wait(Duration::from_secs(1));
        let code = server.code(&client, "sakura", &[]).await;
        let list = grants(&admin, person.id.as_str(), "").await;
        admin.delete(&format!("/api/users/{}/grants/{}", person.id, text(&list[0], "id"))).await.expect(204);
        server.redeem(&client, &code, &[]).await.expect(400);
    }
}

each_setup! {
    async fn the_oldest_grants_end_when_an_application_has_too_many(server: TestServer) {
        let admin = server.admin().await;
        let (client, unlimited) = (limited(&server, 2).await, server.spa().await);
        let (person, other) = (server.person("sakura").await, server.person("kaede").await);
        server.tokens(&unlimited, "sakura", &[]).await;
        server.tokens(&client, "kaede", &[]).await;
        let mut refresh_tokens = Vec::new();
        for _ in 0..4 {
            server.wait(Duration::from_secs(1));
            let tokens = server.tokens(&client, "sakura", &[]).await;
            refresh_tokens.push(text(&tokens, "refresh_token").to_owned());
        }
        for (token, status) in refresh_tokens.iter().zip([400, 400, 200, 200]) {
            server.refresh(&client, token, &[]).await.expect(status);
        }
        assert_eq!(grants(&admin, person.id.as_str(), "").await.len(), 3);
        assert_eq!(grants(&admin, other.id.as_str(), "").await.len(), 1);
    }
}

each_setup! {
    async fn the_limit_holds_for_many_sign_ins_at_once(server: TestServer) {
        let admin = server.admin().await;
        let client = limited(&server, 3).await;
        let person = server.person("sakura").await;
        let other = server.spa().await;
        let mut browsers = Vec::new();
        for _ in 0..20 {
            let mut browser = server.browser();
            browser.sign_in(&other, "sakura", &[]).await;
            browsers.push(browser);
        }
        let sign_ins = browsers.into_iter().map(|mut browser| {
            let client = client.clone();
            tokio::spawn(async move { browser.authorize(&client, &[]).await.elsewhere() })
        });
        for back in join_all(sign_ins).await {
            assert!(parameter(&back.unwrap(), "code").is_some());
        }
        let list = grants(&admin, person.id.as_str(), "").await;
        let at = |application: &Client| {
            list.iter().filter(|grant| grant["payload"]["clientId"] == application.id).count()
        };
        assert_eq!((at(&client), at(&other)), (3, 20));
    }
}

each_setup! {
    async fn the_limit_is_one_to_a_thousand(server: TestServer) {
        let admin = server.admin().await;
        for (max, status) in [(0, 400), (-1, 400), (1001, 400), (1, 200), (1000, 200)] {
            let body = json!({"name": "a", "type": "SPA", "customClientMetadata": {"maxAllowedGrants": max}});
            let answer = admin.post("/api/applications", body).await.expect(status);
            if status == 200 {
                assert_eq!(answer.json()["customClientMetadata"]["maxAllowedGrants"], max);
            }
        }
    }
}
