//! A forgotten password.

use meibo_domain::{lockout::WINDOW, sign_in::PROOF_TTL};

use crate::{
    each_setup,
    support::{
        browser::{Browser, parameter},
        fixtures::{Client, PASSWORD},
        inbox::Inbox,
        passwordless::page_of,
        server::{TestServer, operator},
        tokens::text,
    },
};

const SAKURA: &str = "sakura@example.com";
const NEW: &str = "eight green umbrellas";

/// Proves the address; gives the page for the password.
async fn proved(browser: &mut Browser, client: &Client, inbox: &Inbox) -> String {
    let page = browser.begin(client, "forgot-password").await;
    let verify = browser.ask_for_code(&page, SAKURA).await;
    let message = inbox.message_to(SAKURA).await;
    assert_eq!(message.usage_type, "ForgotPassword");
    let code = text(&message.payload, "code");
    let (path, _) = browser
        .submit(&verify, &[("identifier", SAKURA), ("code", code)])
        .await
        .page();
    assert!(path.starts_with("/forgot-password/new?"), "{path}");
    path
}

each_setup! {
    async fn another_password_ends_every_session(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        let person = server.person("sakura").await;
        let mut elsewhere = server.browser();
        let back = elsewhere.sign_in(&client, "sakura", &[]).await;
        let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();

        let mut browser = server.browser();
        let (page, shown) = browser.authorize(&client, &[("first_screen", "reset_password")]).await.page();
        assert!(page.starts_with("/forgot-password?"), "{page}");
        assert!(shown.expect(200).text().contains("Choose another password"));
        let new = proved(&mut browser, &client, &inbox).await;
        for (password, words) in [("short", "at least 8 characters"), ("sakura@example.com", "too close")] {
            let answer = browser.post(&new, &[("password", password)]).await.expect(422);
            assert!(answer.text().contains(words), "{}", answer.text());
        }
        let (done, shown) = browser.submit(&new, &[("password", NEW)]).await.page();
        assert!(done.starts_with("/forgot-password/done?"), "{done}");
        assert!(shown.text().contains("signed out everywhere"), "{}", shown.text());
        assert!(!browser.cookies.contains_key("meibo_session"), "nobody is signed in by it");
        assert!(server.app().list_sessions(&operator(), &person.id).await.unwrap().is_empty());
        server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(400);

        // The back button: the proof was used.
        let again = browser.post(&new, &[("password", "nine purple umbrellas")]).await.expect(400);
        assert!(again.text().contains("it was used already"), "{}", again.text());
        let (path, _) = browser.visit(&new).await.page();
        assert!(path.starts_with("/forgot-password?"), "{path}");

        let sign_in = page_of(&done, "sign-in");
        browser.post(&sign_in, &[("identifier", SAKURA), ("password", PASSWORD)]).await.expect(422);
        browser.submit(&sign_in, &[("identifier", SAKURA), ("password", NEW)]).await.elsewhere();
    }
}

each_setup! {
    async fn a_code_lets_in_again_whom_too_many_failures_keep_out(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.person("sakura").await;
        for is_reset in [true, false] {
            let password = if is_reset { PASSWORD } else { NEW };
            for network in 0..10 {
                for _ in 0..10 {
                    let mut stranger = server.browser();
                    stranger.address = format!("203.0.{network}.9:1").parse().unwrap();
                    let page = stranger.begin(&client, "sign-in").await;
                    stranger.post(&page, &[("identifier", SAKURA), ("password", "wrong")]).await.expect(422);
                }
                server.wait(WINDOW);
            }
            let mut browser = server.browser();
            let page = browser.begin(&client, "sign-in").await;
            browser.post(&page, &[("identifier", SAKURA), ("password", password)]).await.expect(429);
            if is_reset {
                let new = proved(&mut browser, &client, &inbox).await;
                browser.post(&new, &[("password", NEW)]).await.expect(303);
            } else {
                let code_page = page_of(&page, "sign-in/code");
                let verify = browser.ask_for_code(&code_page, SAKURA).await;
                let code = inbox.code_to(SAKURA).await;
                browser.type_code(&verify, SAKURA, &code).await.expect(303);
            }
            let mut at_home = server.browser();
            let page = at_home.begin(&client, "sign-in").await;
            at_home.submit(&page, &[("identifier", "sakura"), ("password", NEW)]).await.elsewhere();
        }
    }
}

each_setup! {
    async fn a_proof_is_for_a_while_and_for_its_purpose(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.register_by_address(false).await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let new = proved(&mut browser, &client, &inbox).await;
        // It makes no account, and in another browser it is nothing.
        browser.post(&page_of(&new, "register/new"), &[]).await.expect(400);
        let mut other = server.browser();
        other.begin(&client, "sign-in").await;
        other.post(&new, &[("password", NEW)]).await.expect(400);
        server.wait(PROOF_TTL);
        let answer = browser.post(&new, &[("password", NEW)]).await.expect(400);
        assert!(answer.text().contains("expired"), "{}", answer.text());

        // One that was proved for an account sets no password.
        let page = browser.begin(&client, "sign-in/code").await;
        let verify = browser.ask_for_code(&page, "kaede@example.com").await;
        let code = inbox.code_to("kaede@example.com").await;
        browser.type_code(&verify, "kaede@example.com", &code).await.expect(303);
        browser.post(&page_of(&page, "forgot-password/new"), &[("password", NEW)]).await.expect(400);
    }
}

each_setup! {
    async fn nobody_has_the_address(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        let mut browser = server.browser();
        let page = browser.begin(&client, "forgot-password").await;
        let verify = browser.ask_for_code(&page, "nobody@example.com").await;
        let code = inbox.code_to("nobody@example.com").await;
        let answer = browser.type_code(&verify, "nobody@example.com", &code).await.expect(404);
        assert!(answer.text().contains("No account has this address."), "{}", answer.text());
    }
}
