//! How long and how often a code can be tried, and how many are sent.

use std::time::Duration;

use futures_util::future::join_all;

use crate::{
    each_setup,
    support::{
        passwordless::wrong,
        server::{TestServer, operator},
    },
};

const CODE: &str = "sign-in/code";
const SAKURA: &str = "sakura@example.com";

each_setup! {
    async fn a_wrong_code_may_be_corrected_and_ten_make_one_wait(server: TestServer) {
        let mut sakura = server.code_for("sakura").await;
        for _ in 0..9 {
            let answer = sakura.mistype().await.expect(400);
            assert!(answer.text().contains(r#"aria-describedby="code-error"#), "{}", answer.text());
            assert!(answer.text().contains("This code is not right."));
        }
        sakura.type_it().await.expect(303);

        let client = server.spa().await;
        sakura.begin_again(&client).await;
        for _ in 0..10 {
            sakura.mistype().await.expect(400);
        }
        let answer = sakura.type_it().await.expect(429);
        assert_eq!(answer.header("retry-after"), "900");
        assert!(answer.text().contains("in 15 minutes"), "{}", answer.text());
        // From another network the same code is worthless too.
        sakura.browser.address = "203.0.113.9:1".parse().unwrap();
        let answer = sakura.type_it().await.expect(400);
        assert!(answer.text().contains("tried too often"), "{}", answer.text());
        sakura.ask_again().await;
        sakura.type_it().await.expect(303);
    }
}

each_setup! {
    async fn guesses_in_parallel_are_bounded_over_many_codes(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        server.person("sakura").await;
        let mut guesses = Vec::new();
        for _ in 0..4 {
            let mut browser = server.browser();
            let page = browser.begin(&client, CODE).await;
            let verify = browser.ask_for_code(&page, SAKURA).await;
            let code = inbox.code_to(SAKURA).await;
            for _ in 0..6 {
                let (mut browser, verify, code) = (browser.clone(), verify.clone(), wrong(&code));
                guesses.push(tokio::spawn(async move { browser.type_code(&verify, SAKURA, &code).await }));
            }
        }
        let statuses: Vec<u16> =
            join_all(guesses).await.into_iter().map(|answer| answer.unwrap().status.as_u16()).collect();
        let looked_at = statuses.iter().filter(|status| **status != 429).count();
        assert_eq!(looked_at, 10, "{statuses:?}");
    }
}

each_setup! {
    async fn a_code_ends_after_its_time(server: TestServer) {
        let mut sakura = server.code_for("sakura").await;
        server.wait(Duration::from_secs(600));
        let answer = sakura.type_it().await.expect(400);
        assert!(answer.text().contains("This code has expired."), "{}", answer.text());
        // The page sends another, which replaces it.
        let older = sakura.code.clone();
        sakura.ask_again().await;
        if sakura.code != older {
            sakura.type_code(&older).await.expect(400);
        }
        sakura.type_it().await.expect(303);
    }
}

each_setup! {
    async fn of_many_posts_of_one_code_one_signs_in(server: TestServer) {
        let sakura = server.code_for("sakura").await;
        let posts = (0..8).map(|_| {
            let (mut browser, verify, code) = (sakura.browser.clone(), sakura.verify.clone(), sakura.code.clone());
            tokio::spawn(async move { browser.type_code(&verify, SAKURA, &code).await.status.as_u16() })
        });
        let statuses: Vec<u16> = join_all(posts).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
        let sessions = server.app().list_sessions(&operator(), &sakura.person.id).await.unwrap();
        assert_eq!(sessions.len(), 1);
    }
}

each_setup! {
    async fn ten_messages_to_an_address_and_then_a_pause(server: TestServer) {
        let (client, inbox) = (server.spa().await, server.with_inbox().await);
        let (mut other, mut browser) = (server.browser(), server.browser());
        other.address = "203.0.113.9:1".parse().unwrap();
        let page = other.begin(&client, CODE).await;
        for _ in 0..6 {
            other.ask_for_code(&page, SAKURA).await;
        }
        let page = browser.begin(&client, CODE).await;
        for _ in 0..4 {
            browser.ask_for_code(&page, SAKURA).await;
        }
        let answer = browser.post(&page, &[("identifier", SAKURA)]).await.expect(429);
        let seconds: u32 = answer.header("retry-after").parse().unwrap();
        let words = format!("Too many codes were sent. Please try again in {} minutes.", seconds.div_ceil(60));
        assert!(seconds > 590 && answer.text().contains(&words), "{seconds} {}", answer.text());
        assert!(answer.text().contains(&format!(r#"value="{SAKURA}""#)), "what was typed stays");
        browser.ask_for_code(&page, "other@example.com").await;
        server.wait(Duration::from_secs(601));
        let verify = browser.ask_for_code(&page, SAKURA).await;
        // The ten others came too late to be of use; none of them is sent.
        let code = inbox.code_to(SAKURA).await;
        assert_eq!(inbox.arrivals().len(), 1);
        browser.type_code(&verify, SAKURA, &code).await.expect(404);
    }
}
