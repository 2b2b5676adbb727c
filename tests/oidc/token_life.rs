//! A person's tokens die at once, everywhere that reads state: introspection, userinfo, the
//! Management API (RFC 7009 section 2.1, RFC 9700 section 4.14, OpenID Connect Core section 11).

use std::time::Duration;

use meibo_app::setup::FirstAdministrator;
use meibo_domain::{
    application::{ApplicationType, CustomClientMetadata},
    ids::{ApplicationId, UserId},
    resource::MANAGEMENT_API_INDICATOR,
    username::Username,
};
use serde_json::json;

use crate::{
    each_setup,
    support::{
        browser::{Browser, parameter},
        client::basic,
        fixtures::{Client, PASSWORD},
        server::{TestServer, operator},
        tokens::text,
    },
};

/// An administrator with tokens of every kind.
struct Holder {
    browser: Browser,
    user_id: UserId,
    client: Client,
    opaque: String,
    jwt: String,
    refresh: String,
    /// Another client, which asks about the tokens.
    resource_server: Client,
}

impl Holder {
    /// The register's first administrator, signed in to an application with this scope.
    async fn new(server: &TestServer, scope: &str) -> Self {
        let custom = CustomClientMetadata {
            always_issue_refresh_token: Some(true),
            ..CustomClientMetadata::default()
        };
        let client = server
            .application(ApplicationType::Traditional, custom)
            .await;
        let link = server.app().issue_setup_link().await.unwrap().unwrap();
        let first = FirstAdministrator {
            token: link.rsplit_once('/').unwrap().1.to_owned(),
            username: Username::parse("sakura").unwrap(),
            password: PASSWORD.to_owned(),
            address: None,
            request_id: None,
        };
        let user_id = server
            .app()
            .create_first_administrator(first)
            .await
            .unwrap()
            .id;
        let mut browser = server.browser();
        let asked = [
            ("scope", scope),
            ("prompt", ""),
            ("resource", MANAGEMENT_API_INDICATOR),
        ];
        let back = browser.sign_in(&client, "sakura", &asked).await;
        let code = parameter(&back, "code").unwrap();
        let tokens = server.redeem(&client, &code, &[]).await.expect(200).json();
        let refresh = text(&tokens, "refresh_token").to_owned();
        let resource = [("resource", MANAGEMENT_API_INDICATOR)];
        let refreshed = server
            .refresh(&client, &refresh, &resource)
            .await
            .expect(200)
            .json();
        Self {
            browser,
            user_id,
            client,
            opaque: text(&tokens, "access_token").to_owned(),
            jwt: text(&refreshed, "access_token").to_owned(),
            refresh,
            resource_server: server.machine(false).await,
        }
    }

    async fn is_active(&self, server: &TestServer, asking: &Client, token: &str) -> bool {
        let header = basic(&asking.id, asking.secret());
        let fields = [("token", token)];
        let answer = server
            .post_form_as("/oidc/token/introspection", &fields, Some(&header))
            .await;
        let told = answer.expect(200).json();
        assert!(
            told["active"] == true || told == json!({"active": false}),
            "{told}"
        );
        told["active"] == true
    }

    /// What each token still opens: opaque and JWT.
    async fn opens(&self, server: &TestServer) -> (bool, bool) {
        let mut opened = (Vec::new(), Vec::new());
        // Each node's turn.
        for _ in 0..2 {
            opened
                .0
                .push(server.bearer(&self.opaque).get("/oidc/me").await.status == 200);
            opened.0.push(
                self.is_active(server, &self.resource_server, &self.opaque)
                    .await,
            );
            opened
                .1
                .push(server.bearer(&self.jwt).get("/api/users").await.status == 200);
            opened.1.push(
                self.is_active(server, &self.resource_server, &self.jwt)
                    .await,
            );
        }
        let one = |all: Vec<bool>| {
            assert!(all.iter().all(|each| *each == all[0]), "{all:?}");
            all[0]
        };
        (one(opened.0), one(opened.1))
    }
}

const ONLINE: &str = "openid all";
const OFFLINE: &str = "openid offline_access all";

each_setup! {
    async fn rfc7009_2_1_tokens_end_with_their_grant(server: TestServer) {
        let holder = Holder::new(&server, ONLINE).await;
        assert_eq!(holder.opens(&server).await, (true, true));
        assert!(holder.is_active(&server, &holder.client, &holder.refresh).await);
        let header = basic(&holder.client.id, holder.client.secret());
        let fields = [("token", holder.refresh.as_str())];
        server.post_form_as("/oidc/token/revocation", &fields, Some(&header)).await.expect(200);
        assert_eq!(holder.opens(&server).await, (false, false));
        assert!(!holder.is_active(&server, &holder.client, &holder.refresh).await);
    }
}

each_setup! {
    async fn tokens_end_with_a_suspension(server: TestServer) {
        let holder = Holder::new(&server, OFFLINE).await;
        server.app().set_suspension(&operator(), &holder.user_id, true).await.unwrap();
        assert_eq!(holder.opens(&server).await, (false, false));
        assert!(!holder.is_active(&server, &holder.client, &holder.refresh).await);
    }
}

each_setup! {
    async fn tokens_end_with_the_person(server: TestServer) {
        let holder = Holder::new(&server, OFFLINE).await;
        server.app().delete_user(&operator(), &holder.user_id).await.unwrap();
        assert_eq!(holder.opens(&server).await, (false, false));
        assert!(!holder.is_active(&server, &holder.client, &holder.refresh).await);
    }
}

each_setup! {
    async fn tokens_end_with_the_application(server: TestServer) {
        let holder = Holder::new(&server, OFFLINE).await;
        let id = ApplicationId::parse(holder.client.id.as_str()).unwrap();
        server.app().delete_application(&operator(), &id).await.unwrap();
        assert_eq!(holder.opens(&server).await, (false, false));
    }
}

each_setup! {
    async fn oidc_core_11_without_offline_access_tokens_end_with_the_session(server: TestServer) {
        let mut holder = Holder::new(&server, ONLINE).await;
        let path = format!("/oidc/session/end?client_id={}&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F", holder.client.id);
        holder.browser.get(&path).await.expect(303);
        assert_eq!(holder.opens(&server).await, (false, false));
        assert!(!holder.is_active(&server, &holder.client, &holder.refresh).await);
    }
}

each_setup! {
    async fn oidc_core_11_with_offline_access_they_go_on(server: TestServer) {
        let mut holder = Holder::new(&server, OFFLINE).await;
        let path = format!("/oidc/session/end?client_id={}&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F", holder.client.id);
        holder.browser.get(&path).await.expect(303);
        assert_eq!(holder.opens(&server).await, (true, true));
    }
}

each_setup! {
    async fn oidc_core_11_a_session_that_expires_takes_its_tokens_along(server: TestServer) {
        let holder = Holder::new(&server, ONLINE).await;
        assert_eq!(holder.opens(&server).await, (true, true));
        // The session is made to end before the tokens do; nothing has swept it away yet.
        server.execute_sql(&format!("UPDATE sessions SET expires_at = {}", server.clock.now().0)).await;
        assert_eq!(holder.opens(&server).await, (false, false));
    }
}

each_setup! {
    async fn tokens_end_in_their_own_time(server: TestServer) {
        let holder = Holder::new(&server, OFFLINE).await;
        server.wait(Duration::from_millis(3_599_999));
        assert_eq!(holder.opens(&server).await, (true, true));
        server.wait(Duration::from_millis(1));
        assert_eq!(holder.opens(&server).await, (false, false));
    }
}
