//! `/api/users/{userId}/sessions`

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        browser::{Browser, parameter},
        client::ApiClient,
        fixtures::{Client, PASSWORD},
        server::{START, TestServer},
        tokens::text,
    },
};

/// Signs in with a browser that has a name, and gives the tokens.
async fn sign_in(browser: &mut Browser, client: &Client, scope: &str) -> Value {
    let (path, _) = browser.authorize(client, &[("scope", scope)]).await.page();
    let from_here = [
        ("origin", "http://id.example"),
        ("user-agent", "Kamome/7.1 (a browser of this test)"),
    ];
    let fields = [("identifier", "sakura"), ("password", PASSWORD)];
    let answer = browser
        .request_with(Method::POST, &path, &fields, &from_here)
        .await;
    let back = browser.follow(path, answer).await.elsewhere();
    let code = parameter(&back, "code").unwrap();
    browser
        .server
        .redeem(client, &code, &[])
        .await
        .expect(200)
        .json()
}

async fn sessions(admin: &ApiClient, user: &str) -> Vec<Value> {
    let answer = admin.get(&format!("/api/users/{user}/sessions")).await;
    let list = answer.expect(200).json();
    list["sessions"].as_array().unwrap().clone()
}

async fn status_of(server: &TestServer, tokens: &Value) -> u16 {
    let token = text(tokens, "access_token");
    server.bearer(token).get("/oidc/me").await.status.as_u16()
}

each_setup! {
    async fn a_session_tells_where_it_comes_from_and_what_was_granted_in_it(server: TestServer) {
        let admin = server.admin().await;
        let (client, person) = (server.spa().await, server.person("sakura").await);
        let user = person.id.as_str();
        assert_eq!(sessions(&admin, user).await, Vec::<Value>::new());
        let tokens = sign_in(&mut server.browser(), &client, "openid").await;
        let id_token = server.read_jwt(text(&tokens, "id_token"), "JWT", &client.id).await;
        let list = sessions(&admin, user).await;
        let grants = admin.get(&format!("/api/users/{user}/grants")).await.expect(200).json();
        let (sid, now, week) = (id_token.claims["sid"].clone(), START.seconds(), 7 * 86_400);
        let authorizations = json!({client.id.as_str(): {"sid": sid, "grantId": grants["grants"][0]["id"]}});
        assert_eq!(list, [json!({
            "payload": {
                "kind": "Session", "uid": sid, "accountId": user, "loginTs": now, "amr": ["pwd"],
                "iat": now, "exp": now + week, "authorizations": authorizations,
            },
            "lastSubmission": {"signInContext": {"ip": "198.51.100.7", "userAgent": "Kamome/7.1 (a browser of this test)"}},
            "clientId": client.id, "accountId": user, "lastUsedAt": START.0, "expiresAt": (now + week) * 1000,
        })]);
        let path = format!("/api/users/{user}/sessions/{}", sid.as_str().unwrap());
        assert_eq!(admin.get(&path).await.expect(200).json(), list[0]);
    }
}

each_setup! {
    async fn only_living_sessions_of_the_user_are_there(server: TestServer) {
        let admin = server.admin().await;
        let (client, person) = (server.spa().await, server.person("sakura").await);
        let other = server.person("kaede").await;
        sign_in(&mut server.browser(), &client, "openid").await;
        let list = sessions(&admin, person.id.as_str()).await;
        let id = text(&list[0]["payload"], "uid");
        for path in [
            format!("/api/users/{}/sessions/{id}", other.id),
            format!("/api/users/{}/sessions/gone", person.id),
            format!("/api/users/gone/sessions/{id}"),
        ] {
            admin.get(&path).await.expect(404);
            admin.delete(&path).await.expect(404);
        }
        admin.get("/api/users/gone/sessions").await.expect(404);
        server.wait(Duration::from_secs(7 * 86_400));
        assert!(sessions(&admin_again(&server).await, person.id.as_str()).await.is_empty());
    }
}

/// An administrator's token lives for an hour.
async fn admin_again(server: &TestServer) -> ApiClient {
    server.admin().await
}

each_setup! {
    async fn to_end_a_session_ends_what_lasts_no_longer_than_it(server: TestServer) {
        let admin = server.admin().await;
        let (client, person) = (server.spa().await, server.person("sakura").await);
        let (mut ended, mut kept) = (server.browser(), server.browser());
        let online = sign_in(&mut ended, &client, "openid").await;
        let id_token = server.read_jwt(text(&online, "id_token"), "JWT", &client.id).await;
        let offline = ended.authorize(&client, &[("scope", "openid offline_access")]).await.elsewhere();
        let offline = server.redeem(&client, &parameter(&offline, "code").unwrap(), &[]).await.expect(200).json();
        let elsewhere = sign_in(&mut kept, &client, "openid").await;
        let path = format!("/api/users/{}/sessions/{}", person.id, id_token.claims["sid"].as_str().unwrap());
        for wrong in ["", "none", "All"] {
            let answer = admin.delete(&format!("{path}?revokeGrantsTarget={wrong}")).await.expect(400);
            assert_eq!(answer.code(), "guard.invalid_input");
        }
        assert_eq!(status_of(&server, &online).await, 200);
        admin.delete(&path).await.expect(204);
        assert_eq!(status_of(&server, &online).await, 401);
        assert_eq!(status_of(&server, &offline).await, 200);
        assert_eq!(status_of(&server, &elsewhere).await, 200);
        for (browser, is_signed_in) in [(&mut ended, false), (&mut kept, true)] {
            let back = browser.authorize(&client, &[("prompt", "none")]).await.elsewhere();
            assert_eq!(parameter(&back, "code").is_some(), is_signed_in, "{back}");
        }
        server.refresh(&client, text(&offline, "refresh_token"), &[]).await.expect(200);
        admin.delete(&path).await.expect(404);
    }
}

each_setup! {
    async fn it_ends_more_when_told_to(server: TestServer) {
        let admin = server.admin().await;
        let (own, other) = (server.spa().await, server.third_party().await);
        let person = server.person("sakura").await;
        for (target, statuses) in [("firstParty", [401, 200]), ("all", [401, 401])] {
            let mut browser = server.browser();
            let first = sign_in(&mut browser, &own, "openid offline_access").await;
            let (path, page) = browser.asked(&other, "sakura", &[]).await;
            let back = browser.decide(&path, &page, "allow").await.elsewhere();
            let third = server.redeem(&other, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
            let id_token = server.read_jwt(text(&first, "id_token"), "JWT", &own.id).await;
            let path = format!("/api/users/{}/sessions/{}", person.id, id_token.claims["sid"].as_str().unwrap());
            admin.delete(&format!("{path}?revokeGrantsTarget={target}")).await.expect(204);
            assert_eq!([status_of(&server, &first).await, status_of(&server, &third).await], statuses, "{target}");
        }
    }
}

each_setup! {
    async fn what_a_browser_calls_itself_is_bounded_and_harmless(server: TestServer) {
        let admin = server.admin().await;
        let (client, person) = (server.spa().await, server.person("sakura").await);
        for (sent, kept) in [("x".repeat(4000), Some("x".repeat(512))), (" ".to_owned(), None)] {
            let mut browser = server.browser();
            let (path, _) = browser.authorize(&client, &[]).await.page();
            let headers = [("origin", "http://id.example"), ("user-agent", sent.as_str())];
            let fields = [("identifier", "sakura"), ("password", PASSWORD)];
            browser.request_with(Method::POST, &path, &fields, &headers).await.expect(303);
            let list = sessions(&admin, person.id.as_str()).await;
            let found: Vec<&Value> = list.iter().map(|one| &one["lastSubmission"]["signInContext"]["userAgent"]).collect();
            assert!(found.contains(&&json!(kept)), "{found:?}");
        }
    }
}
