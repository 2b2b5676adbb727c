//! What each surface answers while nothing can be written, and that all of it works again afterwards.

use http::header;
use serde_json::json;

use crate::support::{
    answer::Answer,
    browser::{Browser, authorize_path, parameter},
    client::ApiClient,
    fixtures::{Client, PASSWORD},
    server::TestServer,
    tokens::text,
};

/// Something under way on each surface that writes.
pub(super) struct UnderWay {
    server: TestServer,
    admin: ApiClient,
    machine: Client,
    client: Client,
    user_path: String,
    access_token: String,
    refresh_token: String,
    code: String,
    /// A browser at the sign-in page, and that page's address.
    at_sign_in: (Browser, String),
    session: Browser,
}

impl UnderWay {
    pub(super) async fn begin(server: &TestServer) -> Self {
        let (admin, machine, client) = (
            server.admin().await,
            server.machine(true).await,
            server.spa().await,
        );
        let person = server.person("sakura").await;
        let mut session = server.browser();
        let back = session.sign_in(&client, "sakura", &[]).await;
        let tokens = server
            .redeem(&client, &parameter(&back, "code").unwrap(), &[])
            .await
            .expect(200)
            .json();
        let back = session.authorize(&client, &[]).await.elsewhere();
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        Self {
            user_path: format!("/api/users/{}", person.id),
            access_token: text(&tokens, "access_token").to_owned(),
            refresh_token: text(&tokens, "refresh_token").to_owned(),
            code: parameter(&back, "code").unwrap(),
            at_sign_in: (browser, path),
            server: server.clone(),
            admin,
            machine,
            client,
            session,
        }
    }

    /// Every write is refused with 503 on every surface, and says when to try again.
    pub(super) async fn writes_are_refused(&mut self) {
        let created = self
            .admin
            .post("/api/users", json!({"username": "half_written"}))
            .await;
        let patched = self
            .admin
            .patch(&self.user_path, json!({"name": "half written"}))
            .await;
        for answer in [created, patched] {
            assert_eq!(unavailable(&answer).json()["code"], "server.unavailable");
            assert_eq!(answer.header("content-type"), "application/json");
        }
        let redeemed = self.server.redeem(&self.client, &self.code, &[]).await;
        let refreshed = self
            .server
            .refresh(&self.client, &self.refresh_token, &[])
            .await;
        for answer in [redeemed, refreshed] {
            assert_eq!(
                unavailable(&answer).json()["error"],
                "temporarily_unavailable"
            );
            assert!(answer.json().get("access_token").is_none());
        }
        let (browser, path) = &mut self.at_sign_in;
        let posted = browser
            .post(path, &[("identifier", "sakura"), ("password", PASSWORD)])
            .await;
        let begun = browser.get(&authorize_path(&self.client, &[])).await;
        let silent = self.session.get(&authorize_path(&self.client, &[])).await;
        for answer in [posted, begun, silent] {
            assert!(
                unavailable(&answer)
                    .header("content-type")
                    .starts_with("text/html"),
                "{}",
                answer.text()
            );
        }
    }

    /// What only reads is answered as ever.
    pub(super) async fn reads_go_on(&self) {
        let user = self.admin.get(&self.user_path).await.expect(200).json();
        assert_eq!(user["name"], "Sakura 桜");
        let claims = self
            .server
            .bearer(&self.access_token)
            .get("/oidc/me")
            .await
            .expect(200)
            .json();
        assert_eq!(claims["name"], "Sakura 桜");
        self.admin
            .get("/api/users?search=%25sakura%25")
            .await
            .expect(200);
        self.server.machine_token(&self.machine, "all").await;
        self.server
            .get("/oidc/.well-known/openid-configuration")
            .await
            .expect(200);
        self.server.get("/healthz").await.expect(200);
    }

    /// What cannot even be read is refused in the same way, and no token is blamed for it.
    pub(super) async fn reads_are_refused(&self) {
        let user = self.admin.get(&self.user_path).await;
        assert_eq!(unavailable(&user).json()["code"], "server.unavailable");
        let claims = self.server.bearer(&self.access_token).get("/oidc/me").await;
        assert_eq!(
            unavailable(&claims).json()["error"],
            "temporarily_unavailable"
        );
        for answer in [user, claims] {
            assert_eq!(answer.header("www-authenticate"), "");
        }
    }

    /// What was refused left nothing behind, and works now.
    pub(super) async fn everything_works_again(mut self) {
        self.server.get("/readyz").await.expect(200);
        let found = self
            .admin
            .get("/api/users?search.username=half_written")
            .await
            .expect(200);
        assert_eq!(found.json(), json!([]));
        assert_eq!(found.header("total-number"), "0");
        assert_eq!(
            self.admin.get(&self.user_path).await.expect(200).json()["name"],
            "Sakura 桜"
        );
        self.admin
            .post("/api/users", json!({"username": "half_written"}))
            .await
            .expect(200);
        self.admin
            .patch(&self.user_path, json!({"name": "whole"}))
            .await
            .expect(200);

        let redeemed = self
            .server
            .redeem(&self.client, &self.code, &[])
            .await
            .expect(200)
            .json();
        let claims = self
            .server
            .bearer(text(&redeemed, "access_token"))
            .get("/oidc/me")
            .await
            .expect(200)
            .json();
        assert_eq!(claims["name"], "whole");
        let refreshed = self
            .server
            .refresh(&self.client, &self.refresh_token, &[])
            .await
            .expect(200)
            .json();
        assert_ne!(text(&refreshed, "refresh_token"), self.refresh_token);
        let (browser, path) = &mut self.at_sign_in;
        let back = browser
            .submit(path, &[("identifier", "sakura"), ("password", PASSWORD)])
            .await
            .elsewhere();
        assert!(parameter(&back, "code").is_some(), "{back}");
        assert!(
            parameter(
                &self.session.authorize(&self.client, &[]).await.elsewhere(),
                "code"
            )
            .is_some()
        );
    }
}

fn unavailable(answer: &Answer) -> &Answer {
    assert_eq!(answer.status, 503, "{}", answer.text());
    let seconds: u32 = answer.header(header::RETRY_AFTER.as_str()).parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    answer
}
