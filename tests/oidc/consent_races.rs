//! Consent in several tabs and at the same moment.

use futures_util::future::join_all;

use crate::{
    each_setup,
    support::{
        browser::{Arrival, parameter},
        server::TestServer,
        tokens::text,
    },
};

each_setup! {
    async fn two_tabs_both_finish(server: TestServer) {
        let client = server.third_party().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (first, page) = browser.asked(&client, "sakura", &[("state", "1")]).await;
        let (second, other) = browser.asked(&client, "sakura", &[("state", "2"), ("scope", "openid email")]).await;
        assert_ne!(first, second);
        for (path, page, state) in [(second, other, "2"), (first, page, "1")] {
            let back = browser.decide(&path, &page, "allow").await.elsewhere();
            assert_eq!(parameter(&back, "state").as_deref(), Some(state));
            server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200);
        }
        let both = [("scope", "openid email profile"), ("prompt", "none")];
        let back = browser.authorize(&client, &both).await.elsewhere();
        assert!(parameter(&back, "code").is_some(), "both were remembered");
    }
}

each_setup! {
    async fn a_decision_that_is_posted_many_times_answers_once(server: TestServer) {
        let client = server.third_party().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, page) = browser.asked(&client, "sakura", &[]).await;
        let posts = (0..12).map(|number| {
            let (mut browser, path, page) = (browser.clone(), path.clone(), page.clone());
            let decision = if number % 3 == 0 { "deny" } else { "allow" };
            tokio::spawn(async move { browser.decide(&path, &page, decision).await })
        });
        let mut answers = 0;
        for arrival in join_all(posts).await {
            match arrival.unwrap() {
                Arrival::Elsewhere(back) => {
                    let error = parameter(&back, "error");
                    assert!(parameter(&back, "code").is_some() || error.as_deref() == Some("access_denied"), "{back}");
                    answers += 1;
                }
                Arrival::Page(path, answer) => assert_eq!(answer.status, 400, "{path}: {}", answer.text()),
            }
        }
        assert_eq!(answers, 1);
    }
}

each_setup! {
    async fn no_code_survives_a_consent_that_is_revoked_at_the_same_time(server: TestServer) {
        let admin = server.admin().await;
        let client = server.third_party().await;
        let person = server.person("sakura").await;
        let mut browser = server.browser();
        let grants = format!("/api/users/{}/grants", person.id);
        for _ in 0..4 {
            let (path, page) = browser.asked(&client, "sakura", &[]).await;
            browser.decide(&path, &page, "allow").await.elsewhere();
            let list = admin.get(&grants).await.expect(200).json();
            let revoked = format!("{grants}/{}", text(&list["grants"][0], "id"));
            let silent = (0..6).map(|_| {
                let (mut browser, client) = (browser.clone(), client.clone());
                let quiet = [("scope", "openid"), ("prompt", "none")];
                tokio::spawn(async move { browser.authorize(&client, &quiet).await.elsewhere() })
            });
            let revoke = admin.delete(&revoked);
            let (answers, revoke) = tokio::join!(join_all(silent), revoke);
            revoke.expect(204);
            for back in answers {
                let back = back.unwrap();
                let error = parameter(&back, "error");
                assert!(parameter(&back, "code").is_some() || error.as_deref() == Some("consent_required"), "{back}");
            }
            let quiet = [("scope", "openid"), ("prompt", "none")];
            let back = browser.authorize(&client, &quiet).await.elsewhere();
            assert_eq!(parameter(&back, "error").as_deref(), Some("consent_required"));
        }
    }
}
