//! Things that happen to one person or one sign-in at the same moment.

use futures_util::future::join_all;
use meibo_app::setup::FirstAdministrator;
use meibo_crypto::digest::sha256_base64url;
use meibo_domain::{
    ErrorCode,
    ids::UserId,
    patch::Patch,
    user::{User, UserPatch},
    username::Username,
};
use meibo_store::{db::Batch, settings, users};
use serde_json::json;

use crate::{
    each_setup,
    support::{
        browser::{Arrival, parameter},
        fixtures::PASSWORD,
        server::TestServer,
        tokens::text,
    },
};

async fn stored(server: &TestServer, id: &UserId) -> User {
    users::get(server.app().database(), id)
        .await
        .unwrap()
        .unwrap()
}

each_setup! {
    async fn one_person_signs_in_in_many_browsers(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let sign_ins = (0..8).map(|_| {
            let (mut browser, client) = (server.browser(), client.clone());
            tokio::spawn(async move { browser.sign_in(&client, "sakura", &[]).await })
        });
        for back in join_all(sign_ins).await {
            assert!(parameter(&back.unwrap(), "code").is_some());
        }
    }
}

each_setup! {
    async fn a_form_that_is_posted_many_times_signs_in_or_has_ended(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let posts = (0..8).map(|_| {
            let (mut browser, path) = (browser.clone(), path.clone());
            let fields = [("identifier", "sakura"), ("password", PASSWORD)];
            tokio::spawn(async move { browser.submit(&path, &fields).await })
        });
        let mut answered = 0;
        for arrival in join_all(posts).await {
            match arrival.unwrap() {
                Arrival::Elsewhere(back) => {
                    assert!(parameter(&back, "code").is_some());
                    answered += 1;
                }
                Arrival::Page(path, answer) => assert_eq!(answer.status, 400, "{path}: {}", answer.text()),
            }
        }
        assert_eq!(answered, 1, "a sign-in answers its application once");
    }
}

each_setup! {
    async fn a_change_that_was_decided_before_a_sign_in_leaves_the_sign_in_noted(server: TestServer) {
        let client = server.spa().await;
        let person = server.person("sakura").await;
        let before = stored(&server, &person.id).await;
        server.browser().sign_in(&client, "sakura", &[]).await;
        let noted = stored(&server, &person.id).await;
        assert_eq!(noted.last_sign_in_at, Some(server.clock.now()));
        assert_eq!(noted.version, before.version, "a sign-in is no change of the account");

        let patch = UserPatch { name: Patch::Set("Kaede".to_owned()), ..UserPatch::default() };
        let changed = before.apply(patch, server.clock.now()).unwrap();
        server.app().database().commit(users::update(Batch::new(), &changed)).await.unwrap();
        let after = stored(&server, &person.id).await;
        assert_eq!(after.name.as_deref(), Some("Kaede"));
        assert_eq!((after.last_sign_in_at, after.application_id), (noted.last_sign_in_at, noted.application_id));
    }
}

each_setup! {
    async fn a_token_that_is_repeated_while_its_grant_is_revoked_is_given_or_refused(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        for _ in 0..4 {
            let tokens = server.tokens(&client, "sakura", &[]).await;
            let token = text(&tokens, "refresh_token").to_owned();
            server.refresh(&client, &token, &[]).await.expect(200);
            let requests = (0..12).map(|number| {
                let (server, client, token) = (server.clone(), client.clone(), token.clone());
                tokio::spawn(async move {
                    if number == 4 {
                        let fields = [("client_id", client.id.as_str()), ("token", token.as_str())];
                        server.post_form("/oidc/token/revocation", &fields).await
                    } else {
                        server.refresh(&client, &token, &[]).await
                    }
                })
            });
            for answer in join_all(requests).await {
                let answer = answer.unwrap();
                assert!(matches!(answer.status.as_u16(), 200 | 400), "{} {}", answer.status, answer.text());
            }
            server.refresh(&client, &token, &[]).await.expect(400);
        }
    }
}

each_setup! {
    async fn a_request_that_is_refused_after_the_sign_in_is_answered_once(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let admin = server.admin().await;
        let resource = json!({"name": "Orders", "indicator": "https://orders.example"});
        let made = admin.post("/api/resources", resource).await.expect(201).json();
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[("resource", "https://orders.example")]).await.page();
        admin.delete(&format!("/api/resources/{}", text(&made, "id"))).await.expect(204);
        let fields = [("identifier", "sakura"), ("password", PASSWORD)];
        let resume = browser.post(&path, &fields).await.expect(303).location().to_owned();
        let back = browser.visit(&resume).await.elsewhere();
        assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_target"));
        browser.get(&resume).await.expect(400);
    }
}

each_setup! {
    async fn a_setup_link_that_a_starting_node_wrote_too_late_makes_nobody(server: TestServer) {
        let link = server.app().issue_setup_link().await.unwrap().unwrap();
        let administrator = |name: &str, token: &str| FirstAdministrator {
            token: token.to_owned(),
            username: Username::parse(name).unwrap(),
            password: PASSWORD.to_owned(),
            address: None,
            request_id: None,
        };
        let token = link.rsplit('/').next().unwrap();
        server.app().create_first_administrator(administrator("sakura", token)).await.unwrap();

        let late = settings::set(Batch::new(), "setup.link", &sha256_base64url(b"late"), server.clock.now());
        server.app().database().commit(late).await.unwrap();
        let refused = server.app().create_first_administrator(administrator("kaede", "late")).await.unwrap_err();
        assert_eq!(refused.code(), ErrorCode::SetupLinkUsed);
        assert_eq!(server.app().check_setup_link("late").await.unwrap_err().code(), ErrorCode::SetupLinkUsed);
    }
}
