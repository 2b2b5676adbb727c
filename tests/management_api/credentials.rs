//! `/api/users/{userId}/password`, `/has-password`, `/is-suspended`.

use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        browser::{Browser, parameter},
        fixtures::{Client, PASSWORD},
        server::{START, TestServer},
    },
};

/// A person who is signed in at an application, with its tokens.
struct SignedIn {
    path: String,
    client: Client,
    browser: Browser,
    tokens: Value,
}

impl SignedIn {
    async fn new(server: &TestServer) -> Self {
        let client = server.traditional().await;
        let path = format!("/api/users/{}", server.person("sakura").await.id);
        let mut browser = server.browser();
        let back = browser.sign_in(&client, "sakura", &[]).await;
        let tokens = server
            .redeem(&client, &parameter(&back, "code").unwrap(), &[])
            .await
            .expect(200)
            .json();
        Self {
            path,
            client,
            browser,
            tokens,
        }
    }

    /// Is the session gone, and with it every token?
    async fn assert_ended(&mut self, server: &TestServer) {
        let me = server
            .bearer(self.tokens["access_token"].as_str().unwrap())
            .get("/oidc/me")
            .await;
        me.expect(401);
        let refused = server
            .refresh(
                &self.client,
                self.tokens["refresh_token"].as_str().unwrap(),
                &[],
            )
            .await;
        assert_eq!(refused.expect(400).json()["error"], "invalid_grant");
        let (page, _) = self.browser.authorize(&self.client, &[]).await.page();
        assert!(page.starts_with("/sign-in?"), "{page}");
    }
}

/// The status of signing in by the page: 303 when it went well.
async fn sign_in_status(server: &TestServer, client: &Client, password: &str) -> u16 {
    let mut browser = server.browser();
    let (path, _) = browser.authorize(client, &[]).await.page();
    browser
        .post(&path, &[("identifier", "sakura"), ("password", password)])
        .await
        .status
        .as_u16()
}

each_setup! {
    async fn a_suspension_ends_sessions_and_tokens_until_it_is_lifted(server: TestServer) {
        let admin = server.admin().await;
        let mut person = SignedIn::new(&server).await;
        let path = format!("{}/is-suspended", person.path);
        server.wait(std::time::Duration::from_secs(1));
        let suspended = admin.patch(&path, json!({"isSuspended": true})).await.expect(200).json();
        assert_eq!((&suspended["isSuspended"], &suspended["updatedAt"]), (&json!(true), &json!(START.0 + 1000)));
        assert_eq!(admin.get(&person.path).await.json(), suspended);
        person.assert_ended(&server).await;
        assert_ne!(sign_in_status(&server, &person.client, PASSWORD).await, 303);
        admin.patch(&path, json!({"isSuspended": true})).await.expect(200);

        let lifted = admin.patch(&path, json!({"isSuspended": false})).await.expect(200).json();
        assert_eq!(lifted["isSuspended"], false);
        person.assert_ended(&server).await;
        assert_eq!(sign_in_status(&server, &person.client, PASSWORD).await, 303);
        for body in [json!({}), json!({"isSuspended": null}), json!({"isSuspended": "true"}), json!({"isSuspended": 1})] {
            let error = admin.patch(&path, body).await.expect(400).json();
            assert!(error["details"].as_str().unwrap().starts_with("Error in key path \"isSuspended\""), "{error}");
        }
    }
}

each_setup! {
    async fn a_password_is_set_without_the_policy_and_ends_sessions_and_tokens(server: TestServer) {
        let admin = server.admin().await;
        let mut person = SignedIn::new(&server).await;
        let path = format!("{}/password", person.path);
        let changed = admin.patch(&path, json!({"password": "短"})).await.expect(200).json();
        assert_eq!(changed["hasPassword"], true);
        person.assert_ended(&server).await;
        assert_ne!(sign_in_status(&server, &person.client, PASSWORD).await, 303);
        assert_eq!(sign_in_status(&server, &person.client, "短").await, 303);
        for password in [json!(""), json!("x".repeat(257)), json!(null), json!(5)] {
            let error = admin.patch(&path, json!({"password": password})).await.expect(400).json();
            assert!(error["details"].as_str().unwrap().starts_with("Error in key path \"password\""), "{error}");
        }
        admin.patch(&path, json!({"password": "名".repeat(256)})).await.expect(200);
    }
}

each_setup! {
    async fn a_password_is_verified_and_never_shown(server: TestServer) {
        let admin = server.admin().await;
        let made = admin.post("/api/users", json!({"password": "é and more"})).await.expect(200).json();
        let path = format!("/api/users/{}", made["id"].as_str().unwrap());
        let verify = async |password: &str| {
            admin.post(&format!("{path}/password/verify"), json!({"password": password})).await
        };
        assert!(verify("é and more").await.expect(204).body.is_empty());
        verify("e\u{301} and more").await.expect(204);
        for wrong in ["É and more", "é and more ", "", "x", &"x".repeat(1000)] {
            assert_eq!(verify(wrong).await.expect(422).code(), "session.invalid_credentials", "{wrong:.20}");
        }
        assert_eq!(admin.get(&format!("{path}/has-password")).await.expect(200).json(), json!({"hasPassword": true}));
        let text = admin.get(&path).await.text();
        assert!(!text.contains("argon2") && !text.contains("digest"), "{text}");

        let without = admin.post("/api/users", json!({})).await.expect(200).json();
        let path = format!("/api/users/{}", without["id"].as_str().unwrap());
        assert_eq!(admin.get(&format!("{path}/has-password")).await.expect(200).json(), json!({"hasPassword": false}));
        let refused = admin.post(&format!("{path}/password/verify"), json!({"password": "x"})).await.expect(422);
        assert_eq!(refused.code(), "session.invalid_credentials");
    }
}
