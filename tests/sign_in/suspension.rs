//! People who were suspended or deleted.

use crate::{
    each_setup,
    support::{
        browser::parameter,
        fixtures::PASSWORD,
        server::{TestServer, operator},
    },
};

each_setup! {
    async fn a_suspended_person_is_told_so_with_the_right_password_only(server: TestServer) {
        let client = server.spa().await;
        let person = server.person("sakura").await;
        server.app().set_suspension(&operator(), &person.id, true).await.unwrap();
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let answer = browser.post(&path, &[("identifier", "sakura"), ("password", "wrong")]).await.expect(422);
        assert!(!answer.text().contains("suspended"));
        let answer = browser.post(&path, &[("identifier", "sakura"), ("password", PASSWORD)]).await.expect(401);
        assert!(answer.text().contains("This account is suspended."), "{}", answer.text());
        assert!(!browser.cookies.contains_key("meibo_session"));
        server.app().set_suspension(&operator(), &person.id, false).await.unwrap();
        browser.submit(&path, &[("identifier", "sakura"), ("password", PASSWORD)]).await.elsewhere();
    }
}

each_setup! {
    async fn a_live_session_ends_with_suspension_or_deletion(server: TestServer) {
        let client = server.spa().await;
        for (name, is_deleted) in [("sakura", false), ("kaede", true)] {
            let person = server.person(name).await;
            let mut browser = server.browser();
            browser.sign_in(&client, name, &[]).await;
            if is_deleted {
                server.app().delete_user(&operator(), &person.id).await.unwrap();
            } else {
                server.app().set_suspension(&operator(), &person.id, true).await.unwrap();
            }
            let back = browser.authorize(&client, &[("prompt", "none")]).await.elsewhere();
            assert_eq!(parameter(&back, "error").as_deref(), Some("login_required"), "{name}");
            let (path, _) = browser.authorize(&client, &[]).await.page();
            assert!(path.starts_with("/sign-in?"), "{path}");
            if !is_deleted {
                server.app().set_suspension(&operator(), &person.id, false).await.unwrap();
                let back = browser.authorize(&client, &[("prompt", "none")]).await.elsewhere();
                assert_eq!(parameter(&back, "error").as_deref(), Some("login_required"), "sessions do not come back");
            }
        }
    }
}

each_setup! {
    async fn between_password_and_code_the_account_is_looked_at_again(server: TestServer) {
        let client = server.spa().await;
        for (name, is_deleted) in [("sakura", false), ("kaede", true)] {
            let person = server.person(name).await;
            let mut browser = server.browser();
            let (path, _) = browser.authorize(&client, &[]).await.page();
            let answer = browser.post(&path, &[("identifier", name), ("password", PASSWORD)]).await.expect(303);
            if is_deleted {
                server.app().delete_user(&operator(), &person.id).await.unwrap();
            } else {
                server.app().set_suspension(&operator(), &person.id, true).await.unwrap();
            }
            let (again, _) = browser.follow(path.clone(), answer).await.page();
            assert_eq!(again, path, "signing in begins anew");
        }
    }
}
