//! Guessing codes for a long time: bounded for a recipient from one network, loosely from all, and
//! without a way for strangers to shut a person out for good.

use std::time::Duration;

use futures_util::future::join_all;

use crate::{
    each_setup,
    support::{
        answer::Answer,
        browser::Browser,
        fixtures::{Client, PASSWORD},
        inbox::Inbox,
        passwordless::wrong,
        server::{TestServer, operator},
    },
};

const CODE: &str = "sign-in/code";
const SAKURA: &str = "sakura@example.com";
/// After this the tries of a quarter of an hour are forgotten.
const QUARTER: Duration = Duration::from_secs(900);

/// A browser that was sent a code, at its page.
struct Asked {
    browser: Browser,
    page: String,
    code: String,
}

impl Asked {
    async fn from(server: &TestServer, client: &Client, inbox: &Inbox, address: &str) -> Self {
        let mut browser = server.browser();
        browser.address = address.parse().unwrap();
        let page = browser.begin(client, CODE).await;
        let page = browser.ask_for_code(&page, SAKURA).await;
        let code = inbox.code_to(SAKURA).await;
        Self {
            browser,
            page,
            code,
        }
    }

    async fn guess_wrong(&mut self, times: usize) {
        for _ in 0..times {
            let answer = self.type_code(&wrong(&self.code)).await.expect(400);
            assert!(
                answer.text().contains("This code is not right."),
                "{}",
                answer.text()
            );
        }
    }

    async fn type_right(&mut self) -> Answer {
        self.type_code(&self.code.clone()).await
    }

    async fn type_code(&mut self, code: &str) -> Answer {
        self.browser.type_code(&self.page, SAKURA, code).await
    }
}

const HOME: &str = "198.51.100.7:1";
const STRANGER: &str = "203.0.113.9:1";

each_setup! {
    async fn thirty_wrong_codes_from_one_network_in_a_day(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.person("sakura").await;
        for _ in 0..3 {
            Asked::from(&server, &client, &inbox, STRANGER).await.guess_wrong(10).await;
            server.wait(QUARTER);
        }
        let mut stranger = Asked::from(&server, &client, &inbox, "203.0.113.250:1").await;
        let answer = stranger.type_right().await.expect(429);
        assert_eq!(answer.header("retry-after"), (86_400 - 3 * 900).to_string());
        assert!(answer.text().contains("Please try again in 24 hours."), "{}", answer.text());
        let mut at_home = Asked::from(&server, &client, &inbox, HOME).await;
        at_home.type_right().await.expect(303);

        server.wait(Duration::from_secs(86_400 - 3 * 900));
        Asked::from(&server, &client, &inbox, STRANGER).await.type_right().await.expect(303);
    }
}

each_setup! {
    async fn a_right_code_forgets_what_its_network_guessed(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.person("sakura").await;
        for _ in 0..4 {
            let mut at_home = Asked::from(&server, &client, &inbox, HOME).await;
            at_home.guess_wrong(9).await;
            at_home.type_right().await.expect(303);
            server.wait(QUARTER);
        }
    }
}

each_setup! {
    async fn of_guesses_at_once_no_more_are_looked_at_than_the_day_has_left(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.person("sakura").await;
        for count in [10, 10, 6] {
            Asked::from(&server, &client, &inbox, STRANGER).await.guess_wrong(count).await;
            server.wait(QUARTER);
        }
        let mut guesses = Vec::new();
        for _ in 0..5 {
            let asked = Asked::from(&server, &client, &inbox, STRANGER).await;
            for _ in 0..2 {
                let (mut browser, page, code) = (asked.browser.clone(), asked.page.clone(), wrong(&asked.code));
                guesses.push(tokio::spawn(async move { browser.type_code(&page, SAKURA, &code).await.status }));
            }
        }
        let statuses: Vec<u16> =
            join_all(guesses).await.into_iter().map(|status| status.unwrap().as_u16()).collect();
        let count = |status: u16| statuses.iter().filter(|seen| **seen == status).count();
        assert_eq!((count(400), count(429)), (4, 6), "{statuses:?}");
    }
}

each_setup! {
    async fn strangers_with_many_networks_shut_out_new_networks_only_and_for_a_day(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        let person = server.person("sakura").await;
        Asked::from(&server, &client, &inbox, HOME).await.type_right().await.expect(303);
        for round in 0..10 {
            for half in 0..2 {
                let address = format!("203.0.{}.9:1", round * 2 + half);
                Asked::from(&server, &client, &inbox, &address).await.guess_wrong(10).await;
            }
            server.wait(QUARTER);
        }
        let new = "192.0.2.200:1";
        let answer = Asked::from(&server, &client, &inbox, new).await.type_right().await.expect(429);
        assert_eq!(answer.header("retry-after"), (86_400 - 10 * 900).to_string());
        Asked::from(&server, &client, &inbox, HOME).await.type_right().await.expect(303);
        // That the person signed in does not give the strangers another two hundred.
        Asked::from(&server, &client, &inbox, new).await.type_right().await.expect(429);

        server.wait(QUARTER);
        server.app().set_password(&operator(), &person.id, PASSWORD.to_owned()).await.unwrap();
        Asked::from(&server, &client, &inbox, new).await.type_right().await.expect(303);
    }
}
