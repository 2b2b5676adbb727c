//! Making an account.

use futures_util::future::join_all;

use crate::{
    each_setup,
    support::{
        answer::Answer,
        browser::{Browser, parameter},
        fixtures::{Client, PASSWORD},
        server::TestServer,
        tokens::text,
    },
};

async fn register(
    browser: &mut Browser,
    client: &Client,
    username: &str,
    password: &str,
) -> Answer {
    let (path, _) = browser
        .authorize(client, &[("first_screen", "register")])
        .await
        .page();
    browser
        .post(&path, &[("username", username), ("password", password)])
        .await
}

each_setup! {
    async fn a_new_person_is_signed_in_and_goes_on(server: TestServer) {
        let client = server.spa().await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[("first_screen", "register")]).await.page();
        let back = browser.submit(&path, &[("username", " Kaede_1 "), ("password", PASSWORD)]).await.elsewhere();
        let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200).json();
        let claims = server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(200).json();
        assert_eq!(claims["username"], "Kaede_1");
        // From now on by the sign-in page.
        server.tokens(&client, "kaede_1", &[]).await;
    }
}

each_setup! {
    async fn what_is_wrong_is_said_beside_its_field(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        for (username, password, field, words) in [
            ("", PASSWORD, "username", "Please"),
            ("1st", PASSWORD, "username", "letters, digits and underscores"),
            ("name with spaces", PASSWORD, "username", "letters, digits and underscores"),
            ("sakura", PASSWORD, "username", "This username is taken."),
            ("SAKURA", PASSWORD, "username", "This username is taken."),
            ("kaede", "short", "password", "at least 8 characters"),
            ("kaede", "password1", "password", "Many people use this password"),
            ("kaede", "kaede123", "password", "too close to your username"),
            ("kaede", "abababab", "password", "repeats or counts up"),
            ("kaede", "12345678", "password", "Please"),
        ] {
            let answer = register(&mut server.browser(), &client, username, password).await;
            assert!(answer.status.is_client_error(), "{username} {password} {}", answer.status);
            let page = answer.text();
            let error = page.split(&format!(r#"id="{field}-error""#)).nth(1);
            let error = error.unwrap_or_else(|| panic!("{username} {password}: nothing beside {field}: {page}"));
            assert!(error.split("</p>").next().unwrap().contains(words), "{username} {password} {page}");
            assert!(page.contains(r#"aria-invalid="true""#), "{page}");
            assert!(!page.contains(&format!(r#"value="{password}""#)), "a password is never shown again");
            assert!(!answer.headers.contains_key("set-cookie"), "{:?}", answer.headers);
        }
        let long = "長い".repeat(129);
        let answer = register(&mut server.browser(), &client, "kaede", &long).await.expect(422);
        assert!(answer.text().contains("at most 256 characters"), "{}", answer.text());
        let longest = "いろはにほへとちりぬるをわかよた".repeat(16);
        register(&mut server.browser(), &client, "kaede", &longest).await.expect(303);
    }
}

each_setup! {
    async fn one_name_has_one_account_however_many_ask_at_once(server: TestServer) {
        let client = server.spa().await;
        let mut prepared = Vec::new();
        for _ in 0..10 {
            let mut browser = server.browser();
            let (path, _) = browser.authorize(&client, &[("first_screen", "register")]).await.page();
            prepared.push((browser, path));
        }
        let tries = prepared.into_iter().enumerate().map(|(index, (mut browser, path))| {
            let name = if index % 2 == 0 { "kaede" } else { "KAEDE" };
            tokio::spawn(async move { browser.post(&path, &[("username", name), ("password", PASSWORD)]).await })
        });
        let mut made = 0;
        for answer in join_all(tries).await {
            let answer = answer.unwrap();
            if answer.status == 303 {
                made += 1;
            } else {
                assert_eq!(answer.status, 422, "{}", answer.text());
                assert!(answer.text().contains("This username is taken."), "{}", answer.text());
            }
        }
        assert_eq!(made, 1);
    }
}

each_setup! {
    async fn a_registration_belongs_to_the_browser_that_began_it(server: TestServer) {
        let client = server.spa().await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[("first_screen", "register")]).await.page();
        let mut other = server.browser();
        other.authorize(&client, &[]).await;
        other.get(&path).await.expect(400);
        other.post(&path, &[("username", "kaede"), ("password", PASSWORD)]).await.expect(400);
        browser.post(&path, &[("username", "kaede"), ("password", PASSWORD)]).await.expect(303);
    }
}
