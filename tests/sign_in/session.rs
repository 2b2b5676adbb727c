//! The session: OWASP ASVS 7, session fixation.

use std::time::Duration;

use futures_util::future::join_all;

use crate::{
    each_setup,
    support::{
        browser::{Browser, parameter},
        fixtures::{Client, PASSWORD},
        server::{START, TestServer, operator},
    },
};

const SESSION: &str = "meibo_session";

/// How long a session may go unused.
const WEEK: Duration = Duration::from_secs(7 * 86_400);

async fn is_signed_in(browser: &mut Browser, client: &Client) -> bool {
    let back = browser
        .authorize(client, &[("prompt", "none")])
        .await
        .elsewhere();
    parameter(&back, "code").is_some()
}

each_setup! {
    async fn each_sign_in_has_a_new_session_and_ends_the_browsers_old_one(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        let old = browser.clone();
        let (path, _) = browser.authorize(&client, &[("prompt", "login")]).await.page();
        assert!(is_signed_in(&mut old.clone(), &client).await, "until the new sign-in succeeds");
        browser.submit(&path, &[("identifier", "sakura"), ("password", PASSWORD)]).await.elsewhere();
        assert_ne!(browser.cookies[SESSION], old.cookies[SESSION]);
        assert!(browser.cookies[SESSION].len() >= 43, "at least 128 bits");
        assert!(is_signed_in(&mut browser, &client).await);
        assert!(!is_signed_in(&mut old.clone(), &client).await);
    }
}

each_setup! {
    async fn a_session_token_that_was_planted_is_not_taken_over(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let planted = "A".repeat(43);
        let mut victim = server.browser();
        victim.cookies.insert(SESSION.to_owned(), planted.clone());
        victim.sign_in(&client, "sakura", &[]).await;
        assert_ne!(victim.cookies[SESSION], planted);
        let mut attacker = server.browser();
        attacker.cookies.insert(SESSION.to_owned(), planted);
        assert!(!is_signed_in(&mut attacker, &client).await);
    }
}

each_setup! {
    async fn a_session_that_is_used_ends_fourteen_days_after_the_sign_in(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        for _ in 0..2 {
            server.wait(WEEK - Duration::from_millis(1));
            assert!(is_signed_in(&mut browser, &client).await);
        }
        server.wait(Duration::from_millis(1));
        assert!(is_signed_in(&mut browser, &client).await);
        server.wait(Duration::from_millis(1));
        assert!(!is_signed_in(&mut browser, &client).await, "use does not prolong it further");
    }
}

each_setup! {
    async fn a_session_that_nobody_uses_for_a_week_ends(server: TestServer) {
        let client = server.spa().await;
        let person = server.person("sakura").await;
        let mut browser = server.browser();
        let back = browser.sign_in(&client, "sakura", &[("scope", "openid")]).await;
        let online = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        // A use within a minute is not noted, one after it is.
        for (after, ends_at) in [(59, WEEK), (1, WEEK + Duration::from_secs(60))] {
            server.wait(Duration::from_secs(after));
            assert!(is_signed_in(&mut browser, &client).await);
            let sessions = server.app().list_sessions(&operator(), &person.id).await.unwrap();
            assert_eq!(sessions[0].session.expires_at, START + ends_at, "{after}");
        }
        server.wait(WEEK - Duration::from_millis(1));
        assert!(is_signed_in(&mut browser.clone(), &client).await);
        server.wait(WEEK);
        assert!(!is_signed_in(&mut browser, &client).await);
        let token = online["access_token"].as_str().unwrap();
        server.bearer(token).get("/oidc/me").await.expect(401);
    }
}

each_setup! {
    async fn many_uses_at_once_are_noted_and_none_is_refused(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        server.wait(Duration::from_secs(3600));
        let uses = (0..16).map(|_| {
            let (mut browser, client) = (browser.clone(), client.clone());
            tokio::spawn(async move { is_signed_in(&mut browser, &client).await })
        });
        for use_of_it in join_all(uses).await {
            assert!(use_of_it.unwrap());
        }
        server.wait(WEEK - Duration::from_millis(1));
        assert!(is_signed_in(&mut browser, &client).await);
    }
}

each_setup! {
    async fn cookies_that_cannot_be_read_sign_nobody_in(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut signed_in = server.browser();
        signed_in.sign_in(&client, "sakura", &[]).await;
        let token = signed_in.cookies[SESSION].clone();
        let flipped = if token.starts_with('A') { "B" } else { "A" };
        for wrong in [
            String::new(),
            token[..42].to_owned(),
            format!("{token}A"),
            format!("{token}="),
            format!("\"{token}"),
            format!("{flipped}{}", &token[1..]),
            "%00".to_owned(),
            "x".repeat(8000),
        ] {
            let mut browser = server.browser();
            browser.cookies.insert(SESSION.to_owned(), wrong.clone());
            assert!(!is_signed_in(&mut browser, &client).await, "{wrong:?}");
        }
    }
}

each_setup! {
    async fn another_person_in_the_same_browser_ends_what_was_granted_in_the_session(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        server.person("kaede").await;
        let mut browser = server.browser();
        let back = browser.sign_in(&client, "sakura", &[("scope", "openid")]).await;
        let online = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        let token = online["access_token"].as_str().unwrap().to_owned();
        for (name, status) in [("sakura", 200), ("kaede", 401)] {
            let (path, _) = browser.authorize(&client, &[("prompt", "login")]).await.page();
            browser.submit(&path, &[("identifier", name), ("password", PASSWORD)]).await.elsewhere();
            server.bearer(&token).get("/oidc/me").await.expect(status);
        }
    }
}

each_setup! {
    async fn two_people_in_two_browsers_do_not_meet(server: TestServer) {
        let client = server.spa().await;
        let sakura = server.person("sakura").await;
        let kaede = server.person("kaede").await;
        for (name, person) in [("sakura", sakura), ("kaede", kaede)] {
            let tokens = server.tokens(&client, name, &[]).await;
            let token = server.read_jwt(tokens["id_token"].as_str().unwrap(), "JWT", &client.id).await;
            assert_eq!(token.claims["sub"], person.id.as_str());
        }
    }
}
