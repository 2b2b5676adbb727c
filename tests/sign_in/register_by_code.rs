//! Making an account with a proved address.

use futures_util::future::join_all;
use meibo_domain::{sign_in::PROOF_TTL, sign_in_experience::AgreeToTermsPolicy, user::Identifier};

use crate::{
    each_setup,
    support::{
        browser::parameter,
        fixtures::PASSWORD,
        passwordless::page_of,
        server::{TestServer, operator},
        tokens::text,
    },
};

const REGISTER: &str = "register/code";
const KAEDE: &str = "kaede@example.com";

each_setup! {
    async fn an_address_and_its_code_make_an_account(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.register_by_address(false).await;
        let mut browser = server.browser();
        browser.language = "ja";
        let (page, shown) = browser.authorize(&client, &[("first_screen", "register")]).await.page();
        assert!(page.starts_with("/register/code?"), "{page}");
        assert!(shown.text().contains("アカウントを作成"));
        let verify = browser.ask_for_code(&page, KAEDE).await;
        let message = inbox.message_to(KAEDE).await;
        assert_eq!((message.usage_type.as_str(), text(&message.payload, "locale")), ("Register", "ja"));
        let answer = browser.type_code(&verify, KAEDE, text(&message.payload, "code")).await.expect(303);
        let back = browser.follow(verify, answer).await.elsewhere();
        let code = parameter(&back, "code").unwrap();
        let tokens = server.redeem(&client, &code, &[]).await.expect(200).json();
        let claims = server.read_jwt(text(&tokens, "id_token"), "JWT", &client.id).await.claims;
        let user = server.app().find_user(&operator(), KAEDE).await.unwrap();
        assert_eq!(claims["sub"], user.id.as_str());
        assert_eq!(user.profile.locale.as_deref(), Some("ja"), "the page's language is kept");
        assert!(user.verified_email().is_some() && user.password.is_none());
    }
}

each_setup! {
    async fn with_a_password_the_page_asks_for_one(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.register_by_address(true).await;
        let mut browser = server.browser();
        let page = browser.begin(&client, REGISTER).await;
        let verify = browser.ask_for_code(&page, KAEDE).await;
        let code = inbox.code_to(KAEDE).await;
        let new = page_of(&page, "register/new");
        // Nothing is proved yet.
        browser.post(&new, &[("password", PASSWORD)]).await.expect(400);
        let (path, shown) = browser.submit(&verify, &[("identifier", KAEDE), ("code", &code)]).await.page();
        assert_eq!(path, new);
        assert!(shown.text().contains(r#"autocomplete="new-password""#), "{}", shown.text());
        for (password, words) in [("short", "at least 8 characters"), ("kaede@example.com", "too close")] {
            let answer = browser.post(&new, &[("password", password)]).await.expect(422);
            assert!(answer.text().contains(words), "{}", answer.text());
        }
        browser.get(&new).await.expect(200);
        browser.submit(&new, &[("password", PASSWORD)]).await.elsewhere();
        let mut again = server.browser();
        let page = again.begin(&client, "sign-in").await;
        again.submit(&page, &[("identifier", KAEDE), ("password", PASSWORD)]).await.elsewhere();
    }
}

each_setup! {
    async fn a_proof_is_used_once_and_soon(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.register_by_address(true).await;
        let mut browser = server.browser();
        let page = browser.begin(&client, REGISTER).await;
        let new = page_of(&page, "register/new");
        let verify = browser.ask_for_code(&page, KAEDE).await;
        let code = inbox.code_to(KAEDE).await;
        browser.type_code(&verify, KAEDE, &code).await.expect(303);
        server.wait(PROOF_TTL);
        let answer = browser.post(&new, &[("password", PASSWORD)]).await.expect(400);
        assert!(answer.text().contains("expired"), "{}", answer.text());

        let verify = browser.ask_for_code(&page, KAEDE).await;
        let code = inbox.code_to(KAEDE).await;
        browser.type_code(&verify, KAEDE, &code).await.expect(303);
        let posts = (0..6).map(|_| {
            let (mut browser, new) = (browser.clone(), new.clone());
            tokio::spawn(async move { browser.post(&new, &[("password", PASSWORD)]).await.status.as_u16() })
        });
        let statuses: Vec<u16> = join_all(posts).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
    }
}

each_setup! {
    async fn a_known_address_is_signed_in_and_gets_no_second_account(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.register_by_address(true).await;
        let person = server.person("sakura").await;
        let mut browser = server.browser();
        let page = browser.begin(&client, REGISTER).await;
        let verify = browser.ask_for_code(&page, "SAKURA@example.com").await;
        let code = inbox.code_to("SAKURA@example.com").await;
        browser.submit(&verify, &[("identifier", "SAKURA@example.com"), ("code", &code)]).await.elsewhere();
        let sessions = server.app().list_sessions(&operator(), &person.id).await.unwrap();
        assert_eq!(sessions.len(), 1);
    }
}

each_setup! {
    async fn an_unknown_address_at_the_sign_in_page_is_asked_first(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.register_by_address(false).await;
        let mut browser = server.browser();
        let page = browser.begin(&client, "sign-in/code").await;
        let verify = browser.ask_for_code(&page, KAEDE).await;
        let code = inbox.code_to(KAEDE).await;
        let (path, shown) = browser.submit(&verify, &[("identifier", KAEDE), ("code", &code)]).await.page();
        assert!(path.starts_with("/register/new?"), "{path}");
        assert!(shown.text().contains(KAEDE) && !shown.text().contains("type=\"password\""), "{}", shown.text());
        assert!(server.app().find_user(&operator(), KAEDE).await.is_err(), "nothing is made unasked");
        browser.submit(&path, &[]).await.elsewhere();
        server.app().find_user(&operator(), KAEDE).await.unwrap();
    }
}

each_setup! {
    async fn two_browsers_with_one_address_have_one_account(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.register_by_address(false).await;
        let mut posts = Vec::new();
        for _ in 0..5 {
            let mut browser = server.browser();
            let page = browser.begin(&client, REGISTER).await;
            let verify = browser.ask_for_code(&page, KAEDE).await;
            let code = inbox.code_to(KAEDE).await;
            posts.push(tokio::spawn(async move { browser.type_code(&verify, KAEDE, &code).await.status.as_u16() }));
        }
        for status in join_all(posts).await {
            assert_eq!(status.unwrap(), 303, "each reads the mailbox, so each is signed in");
        }
        let user = server.app().find_user(&operator(), KAEDE).await.unwrap();
        assert_eq!(user.identifiers().collect::<Vec<Identifier>>().len(), 1);
        let sessions = server.app().list_sessions(&operator(), &user.id).await.unwrap();
        assert_eq!(sessions.len(), 5);
    }
}

each_setup! {
    async fn by_default_an_address_makes_no_account(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        let mut browser = server.browser();
        let page = browser.begin(&client, REGISTER).await;
        let (path, _) = browser.visit(&page).await.page();
        assert!(path.starts_with("/sign-in?"), "{path}");
        browser.post(&page, &[("identifier", KAEDE)]).await.expect(422);
        browser.post(&page_of(&page, "register/new"), &[("password", PASSWORD)]).await.expect(400);
        server.app().run_due_jobs().await.unwrap();
        assert!(inbox.arrivals().is_empty());
    }
}

each_setup! {
    async fn who_must_agree_to_the_terms_is_held_to_it(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.register_by_address(false).await;
        server.change_settings(|settings| {
            settings.terms_of_use_url = Some("https://app.example/terms".to_owned());
            settings.agree_to_terms_policy = AgreeToTermsPolicy::Manual;
        }).await;
        let mut browser = server.browser();
        let page = browser.begin(&client, REGISTER).await;
        let verify = browser.ask_for_code(&page, KAEDE).await;
        let code = inbox.code_to(KAEDE).await;
        let (new, shown) = browser.submit(&verify, &[("identifier", KAEDE), ("code", &code)]).await.page();
        assert!(new.starts_with("/register/new?"), "{new}");
        assert!(shown.text().contains(r#"name="agreement""#), "{}", shown.text());
        browser.post(&new, &[]).await.expect(422);
        assert!(server.app().find_user(&operator(), KAEDE).await.is_err());
        browser.submit(&new, &[("agreement", "yes")]).await.elsewhere();

        let page = browser.begin(&client, "sign-in/code").await;
        let verify = browser.ask_for_code(&page, KAEDE).await;
        let code = inbox.code_to(KAEDE).await;
        browser.post(&verify, &[("identifier", KAEDE), ("code", &code)]).await.expect(422);
        let fields = [("identifier", KAEDE), ("code", &code), ("agreement", "yes")];
        browser.submit(&verify, &fields).await.elsewhere();
    }
}
