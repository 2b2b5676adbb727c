//! Somebody guesses for so long that password sign-in waits, and an administrator lets the person in.

use std::net::SocketAddr;

use meibo_domain::lockout::{RUN_TTL, WINDOW};

use crate::{
    each_setup,
    support::{
        answer::Answer,
        fixtures::{Client, PASSWORD},
        server::{TestServer, operator},
    },
};

async fn guess(
    server: &TestServer,
    client: &Client,
    from: &str,
    identifier: &str,
    password: &str,
) -> Answer {
    let mut browser = server.browser();
    browser.address = from.parse::<SocketAddr>().unwrap();
    let (path, _) = browser.authorize(client, &[]).await.page();
    browser
        .post(&path, &[("identifier", identifier), ("password", password)])
        .await
}

/// Ten failures from each of so many networks, a window after another, so that nothing slows down.
async fn fail_from(networks: u8, server: &TestServer, client: &Client, identifier: &str) {
    for network in 0..networks {
        for _ in 0..10 {
            let from = format!("203.0.{network}.9:1");
            guess(server, client, &from, identifier, "wrong")
                .await
                .expect(422);
        }
        server.wait(WINDOW);
    }
}

const HOME: &str = "198.51.100.7:50000";

each_setup! {
    async fn guesses_that_their_network_has_no_right_to_are_no_failures_in_a_row(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        for attempt in 0..120 {
            let expected = if attempt < 10 { 422 } else { 429 };
            guess(&server, &client, "203.0.113.9:1", "sakura", "wrong").await.expect(expected);
        }
        guess(&server, &client, HOME, "sakura", PASSWORD).await.expect(303);
    }
}

each_setup! {
    async fn an_administrator_lets_a_locked_out_person_in(server: TestServer) {
        let client = server.spa().await;
        let person = server.person("sakura").await;
        fail_from(10, &server, &client, "sakura").await;
        guess(&server, &client, HOME, "sakura", PASSWORD).await.expect(429);

        let new = "eight green umbrellas".to_owned();
        server.app().set_password(&operator(), &person.id, new.clone()).await.unwrap();
        guess(&server, &client, HOME, "sakura", &new).await.expect(303);
    }
}

each_setup! {
    async fn reinstating_lets_a_person_in_by_every_identifier(server: TestServer) {
        let client = server.spa().await;
        let person = server.person("sakura").await;
        fail_from(10, &server, &client, "Sakura@Example.com").await;
        guess(&server, &client, HOME, "sakura@example.com", PASSWORD).await.expect(429);
        for is_suspended in [true, false] {
            server.app().set_suspension(&operator(), &person.id, is_suspended).await.unwrap();
        }
        guess(&server, &client, HOME, "sakura@example.com", PASSWORD).await.expect(303);
    }
}

each_setup! {
    async fn a_run_of_failures_below_the_limit_is_forgotten_after_a_month(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        fail_from(9, &server, &client, "sakura").await;
        server.wait(RUN_TTL);
        server.app().sweep().await;
        fail_from(10, &server, &client, "sakura").await;
        server.wait(RUN_TTL);
        server.app().sweep().await;
        guess(&server, &client, HOME, "sakura", PASSWORD).await.expect(429);
    }
}
