//! How many codes the pages send, for one sign-in, to one recipient, and from one network.

use std::time::Duration;

use futures_util::future::join_all;
use meibo_domain::{message_limits::MessageLimits, phone::Country};

use crate::{
    each_setup,
    support::{
        browser::Browser,
        fixtures::Client,
        server::{Setup, TestServer},
    },
};

const CODE: &str = "sign-in/code";
const SAKURA: &str = "sakura@example.com";

/// A browser of an address, at the page that asks where a code goes.
async fn at_page(server: &TestServer, client: &Client, address: &str) -> (Browser, String) {
    let mut browser = server.browser();
    browser.address = address.parse().unwrap();
    let page = browser.begin(client, CODE).await;
    (browser, page)
}

/// Asks for a code for each recipient at the same moment; gives how many were let through. The
/// others are told when to come back.
async fn sent_at_once(asking: Vec<(Browser, String, String)>) -> usize {
    let posts = asking.into_iter().map(|(mut browser, page, to)| {
        tokio::spawn(async move { browser.post(&page, &[("identifier", &to)]).await })
    });
    let mut sent = 0;
    for answer in join_all(posts).await {
        let answer = answer.unwrap();
        if answer.status == 303 {
            sent += 1;
            continue;
        }
        let answer = answer.expect(429);
        assert_eq!(answer.header("retry-after"), "3600");
        assert!(
            answer.text().contains("Please try again in 60 minutes."),
            "{}",
            answer.text()
        );
    }
    sent
}

each_setup! {
    async fn one_sign_in_has_six_codes_sent_to_whomever(server: TestServer) {
        let client = server.spa().await;
        let inbox = server.with_inbox().await;
        let (browser, page) = at_page(&server, &client, "198.51.100.7:1").await;
        let asking = (0..50).map(|number| (browser.clone(), page.clone(), format!("person{number}@example.com")));
        assert_eq!(sent_at_once(asking.collect()).await, 6);
        let (mut other, page) = at_page(&server, &client, "198.51.100.7:1").await;
        other.ask_for_code(&page, SAKURA).await;
        inbox.code_to(SAKURA).await;
    }
}

each_setup! {
    async fn one_network_has_so_many_codes_sent_however_many_sign_ins_it_begins(server: TestServer) {
        let client = server.spa().await;
        server.with_inbox().await;
        let mut asking = Vec::new();
        for number in 0..50 {
            let address = format!("[2001:db8:1:2::{number}]:1");
            let (browser, page) = at_page(&server, &client, &address).await;
            asking.push((browser, page, format!("person{number}@example.com")));
        }
        assert_eq!(sent_at_once(asking).await, 30);
        let (mut neighbour, page) = at_page(&server, &client, "[2001:db8:1:3::1]:1").await;
        neighbour.ask_for_code(&page, SAKURA).await;
        server.wait(Duration::from_secs(3600));
        let (mut later, page) = at_page(&server, &client, "[2001:db8:1:2::1]:1").await;
        later.ask_for_code(&page, SAKURA).await;
    }
}

each_setup! {
    async fn a_recipient_has_places_that_no_single_network_takes(server: TestServer) {
        let client = server.spa().await;
        let inbox = server.with_inbox().await;
        // Two sign-ins of one /48, for each has six codes sent at most.
        for (address, count) in [("[2001:db8:1:2::1]:1", 6), ("[2001:db8:1:3::1]:1", 1)] {
            let (mut stranger, page) = at_page(&server, &client, address).await;
            for _ in 0..count {
                stranger.ask_for_code(&page, SAKURA).await;
            }
        }
        let (mut stranger, page) = at_page(&server, &client, "[2001:db8:1:4::1]:1").await;
        let refused = stranger.post(&page, &[("identifier", SAKURA)]).await.expect(429);
        assert!(refused.text().contains("Please try again in 11 minutes."), "{}", refused.text());
        let (mut person, page) = at_page(&server, &client, "198.51.100.7:1").await;
        for _ in 0..3 {
            person.ask_for_code(&page, SAKURA).await;
        }
        person.post(&page, &[("identifier", SAKURA)]).await.expect(429);
        server.wait(Duration::from_secs(601));
        let verify = person.ask_for_code(&page, SAKURA).await;
        let code = inbox.code_to(SAKURA).await;
        person.type_code(&verify, SAKURA, &code).await.expect(404);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_of_another_country_is_refused_beside_its_field() {
    let limits = MessageLimits {
        sms_countries: vec![Country::parse("JP").unwrap()],
        ..MessageLimits::default()
    };
    let server = TestServer::start(Setup::Sqlite).await;
    let server = server.with_message_limits(limits).await;
    let client = server.spa().await;
    server.with_inbox().await;
    let (mut browser, page) = at_page(&server, &client, "198.51.100.7:1").await;
    let refused = browser
        .post(&page, &[("identifier", "+1 415 555 2671")])
        .await
        .expect(422);
    let text = refused.text();
    let error = text.split(r#"id="identifier-error""#).nth(1).unwrap();
    let words = "We cannot send messages to numbers of this country.";
    assert!(
        error.split("</p>").next().unwrap().contains(words),
        "{text}"
    );
    browser.ask_for_code(&page, "+81 90 1234 5678").await;
}
