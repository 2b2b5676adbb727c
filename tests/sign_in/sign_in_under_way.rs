//! A sign-in under way: bound to its browser, finished once, one of several.

use std::time::Duration;

use crate::{
    each_setup,
    support::{browser::parameter, fixtures::PASSWORD, server::TestServer},
};

const RIGHT: [(&str, &str); 2] = [("identifier", "sakura"), ("password", PASSWORD)];

each_setup! {
    async fn two_tabs_both_finish(server: TestServer) {
        let client = server.spa().await;
        let other = server.traditional().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (first, _) = browser.authorize(&client, &[("state", "first")]).await.page();
        let (second, _) = browser.authorize(&other, &[("state", "second")]).await.page();
        assert_ne!(first, second);
        let back = browser.submit(&second, &RIGHT).await.elsewhere();
        assert_eq!(parameter(&back, "state").as_deref(), Some("second"));
        server.redeem(&other, &parameter(&back, "code").unwrap(), &[]).await.expect(200);
        let back = browser.submit(&first, &RIGHT).await.elsewhere();
        assert_eq!(parameter(&back, "state").as_deref(), Some("first"));
        server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200);
    }
}

each_setup! {
    async fn another_browser_can_neither_open_nor_post_nor_finish_it(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut victim = server.browser();
        victim.sign_in(&client, "sakura", &[]).await;
        let mut attacker = server.browser();
        let (path, _) = attacker.authorize(&client, &[]).await.page();
        let id = path.split("id=").nth(1).unwrap();
        // Login CSRF: the victim is led to the attacker's sign-in, signed in or not.
        for mut browser in [victim, server.browser()] {
            browser.get(&path).await.expect(400);
            browser.post(&path, &RIGHT).await.expect(400);
            let answer = browser.get(&format!("/oidc/auth/{id}")).await.expect(400);
            assert_eq!(answer.location(), "");
        }
        attacker.submit(&path, &RIGHT).await.elsewhere();
    }
}

each_setup! {
    async fn it_cannot_be_gone_on_with_before_the_person_has_signed_in(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let id = path.split("id=").nth(1).unwrap();
        let (again, _) = browser.visit(&format!("/oidc/auth/{id}")).await.page();
        assert_eq!(again, path, "back to the page of the same sign-in");
        // With prompt=login an older session does not do either.
        browser.submit(&path, &RIGHT).await.elsewhere();
        let (path, _) = browser.authorize(&client, &[("prompt", "login")]).await.page();
        let id = path.split("id=").nth(1).unwrap();
        let (again, _) = browser.visit(&format!("/oidc/auth/{id}")).await.page();
        assert_eq!(again, path);
    }
}

each_setup! {
    async fn it_is_over_when_it_is_finished(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let id = path.split("id=").nth(1).unwrap().to_owned();
        browser.submit(&path, &RIGHT).await.elsewhere();
        browser.get(&format!("/oidc/auth/{id}")).await.expect(400);
        browser.get(&path).await.expect(400);
        browser.post(&path, &RIGHT).await.expect(400);
        browser.post(&path.replace("/sign-in", "/register"), &[("username", "kaede"), ("password", PASSWORD)])
            .await
            .expect(400);
    }
}

each_setup! {
    async fn it_gives_one_answer_when_gone_on_with_many_times_at_once(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let next = browser.post(&path, &RIGHT).await.expect(303).location().to_owned();
        let tries = (0..20).map(|_| {
            let (mut browser, next) = (browser.clone(), next.clone());
            tokio::spawn(async move { browser.get(&next).await.status.as_u16() })
        });
        let statuses: Vec<u16> =
            futures_util::future::join_all(tries).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [303, 400].contains(status)), "{statuses:?}");
    }
}

each_setup! {
    async fn it_lasts_an_hour(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        server.wait(Duration::from_millis(3_599_999));
        browser.get(&path).await.expect(200);
        server.wait(Duration::from_millis(1));
        browser.get(&path).await.expect(400);
        browser.post(&path, &RIGHT).await.expect(400);
    }
}
