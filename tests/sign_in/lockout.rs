//! Guessing a password: decided by (identifier, network), reserved before anything is hashed.

use std::time::Duration;

use futures_util::future::join_all;

use crate::{
    each_setup,
    support::{
        answer::Answer,
        browser::{Arrival, Browser},
        fixtures::{Client, PASSWORD},
        server::{TestServer, operator},
    },
};

async fn guess(browser: &mut Browser, client: &Client, identifier: &str, password: &str) -> Answer {
    let (path, _) = browser
        .authorize(client, &[("prompt", "login")])
        .await
        .page();
    browser
        .post(&path, &[("identifier", identifier), ("password", password)])
        .await
}

each_setup! {
    async fn ten_wrong_guesses_block_the_eleventh_for_a_quarter_of_an_hour(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        for _ in 0..10 {
            guess(&mut browser, &client, "sakura", "wrong").await.expect(422);
        }
        let before = server.hashes();
        for password in ["wrong", PASSWORD] {
            let answer = guess(&mut browser, &client, "Sakura", password).await.expect(429);
            assert_eq!(answer.header("retry-after"), "900");
            assert!(answer.text().contains(r#"role="alert""#), "{}", answer.text());
            assert!(!answer.headers.contains_key("set-cookie"), "nobody is signed in");
        }
        assert_eq!(server.hashes(), before, "nothing is hashed any longer");

        // The neighbours in the same /24 are the same network, the rest of the world is not.
        let mut neighbour = server.browser();
        neighbour.address = "198.51.100.250:1".parse().unwrap();
        guess(&mut neighbour, &client, "sakura", PASSWORD).await.expect(429);
        guess(&mut browser, &client, "other", "wrong").await.expect(422);

        server.wait(Duration::from_millis(899_999));
        guess(&mut browser, &client, "sakura", PASSWORD).await.expect(429);
        server.wait(Duration::from_millis(1));
        guess(&mut browser, &client, "sakura", PASSWORD).await.expect(303);
    }
}

each_setup! {
    async fn strangers_cannot_lock_a_person_out(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut stranger = server.browser();
        stranger.address = "203.0.113.9:1".parse().unwrap();
        for _ in 0..11 {
            guess(&mut stranger, &client, "sakura", "wrong").await;
        }
        guess(&mut stranger, &client, "sakura", PASSWORD).await.expect(429);
        let mut at_home = server.browser();
        let (path, _) = at_home.authorize(&client, &[]).await.page();
        let arrival = at_home.submit(&path, &[("identifier", "sakura"), ("password", PASSWORD)]).await;
        assert!(matches!(arrival, Arrival::Elsewhere(_)));
    }
}

each_setup! {
    async fn a_right_password_forgets_the_wrong_ones(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        for _ in 0..3 {
            for _ in 0..9 {
                guess(&mut browser, &client, "sakura", "wrong").await.expect(422);
            }
            guess(&mut browser, &client, "sakura", PASSWORD).await.expect(303);
        }
    }
}

each_setup! {
    async fn guesses_in_parallel_count(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let before = server.hashes();
        let guesses = (0..30).map(|_| {
            let (mut browser, path) = (browser.clone(), path.clone());
            tokio::spawn(async move { browser.post(&path, &[("identifier", "sakura"), ("password", "wrong")]).await })
        });
        let statuses: Vec<u16> =
            join_all(guesses).await.into_iter().map(|answer| answer.unwrap().status.as_u16()).collect();
        let count = |status: u16| statuses.iter().filter(|seen| **seen == status).count();
        assert_eq!((count(422), count(429)), (10, 20), "{statuses:?}");
        assert_eq!(server.hashes() - before, 10);
    }
}

each_setup! {
    async fn an_unknown_name_is_blocked_like_a_known_one(server: TestServer) {
        let client = server.spa().await;
        let mut browser = server.browser();
        for _ in 0..10 {
            guess(&mut browser, &client, "nobody", "wrong").await.expect(422);
        }
        guess(&mut browser, &client, "nobody", "wrong").await.expect(429);
    }
}

each_setup! {
    async fn a_hundred_failures_in_a_row_wait_for_an_administrator(server: TestServer) {
        let client = server.spa().await;
        let person = server.person("sakura").await;
        let mut browser = server.browser();
        // From ten networks, window by window, so that neither the network's nor the slowing
        // counter is met.
        for round in 0..10 {
            browser.address = format!("203.0.{round}.9:1").parse().unwrap();
            for _ in 0..10 {
                guess(&mut browser, &client, "sakura", "wrong").await.expect(422);
            }
            server.wait(Duration::from_secs(900));
        }
        let mut at_home = server.browser();
        let answer = guess(&mut at_home, &client, "sakura", PASSWORD).await.expect(429);
        assert_eq!(answer.header("retry-after"), "3600");
        server.app().set_password(&operator(), &person.id, PASSWORD.to_owned()).await.unwrap();
        guess(&mut at_home, &client, "sakura", PASSWORD).await.expect(303);
    }
}
