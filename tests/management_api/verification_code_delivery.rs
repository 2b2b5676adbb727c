//! Messages with codes go out after the answer: a provider that is slow or down is not felt, and
//! what it knows is nowhere else.

use std::time::Duration;

use http::Method;
use meibo_store::db::Sql;

use super::{
    secrecy::{contains, everything},
    verification_codes::{ANN, VERIFY, code_to, other_than, send, verify},
};
use crate::{
    each_setup,
    support::{
        inbox::Reception,
        server::{Setup, TestServer},
    },
};

async fn run_jobs(server: &TestServer) {
    for app in server.apps() {
        app.run_due_jobs().await.unwrap();
    }
}

/// Tries and last error of what waits.
async fn waiting(server: &TestServer) -> Vec<(i64, String)> {
    let sql = Sql::from("SELECT attempts, last_error FROM jobs WHERE failed_at IS NULL");
    let rows = server.app().database().query(&sql, &[]).await.unwrap();
    let read = rows.iter().map(|row| {
        let error = row.opt_text(1).unwrap();
        (row.int(0).unwrap(), error.unwrap_or_default())
    });
    read.collect()
}

each_setup! {
    async fn a_provider_that_never_answers_holds_nobody_up(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        inbox.set_reception(Reception::Hanging);
        let _background: Vec<_> = server.apps().map(meibo_app::App::start_background).collect();
        send(&admin, ANN).await.expect(204);
        inbox.arrived(1).await;
        // One hangs now; the next is answered and handed over all the same.
        inbox.set_reception(Reception::Taking);
        send(&admin, "bob@example.com").await.expect(204);
        let code = inbox.code_to("bob@example.com").await;
        verify(&admin, "bob@example.com", &code).await.expect(204);
    }
}

each_setup! {
    async fn a_provider_that_is_down_gets_the_message_when_it_is_back(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        inbox.set_reception(Reception::Answering(503));
        send(&admin, ANN).await.expect(204);
        run_jobs(&server).await;
        let failed = waiting(&server).await;
        assert!(failed.len() == 1 && failed[0].0 == 1, "{failed:?}");
        inbox.set_reception(Reception::Taking);
        server.wait(Duration::from_secs(60));
        let code = inbox.code_to(ANN).await;
        let ids: Vec<String> = inbox.arrivals().into_iter().map(|arrival| arrival.id).collect();
        assert!(ids.len() == 2 && ids[0] == ids[1], "a repetition is known by its id: {ids:?}");
        verify(&admin, ANN, &code).await.expect(204);
        assert_eq!(waiting(&server).await, []);
    }
}

each_setup! {
    async fn a_provider_that_is_down_for_five_minutes_gets_the_message(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        inbox.set_reception(Reception::Answering(503));
        send(&admin, ANN).await.expect(204);
        run_jobs(&server).await;
        for _ in 0..4 {
            // A minute and what is spread over it.
            server.wait(Duration::from_secs(75));
            run_jobs(&server).await;
        }
        inbox.set_reception(Reception::Taking);
        server.wait(Duration::from_secs(75));
        let code = inbox.code_to(ANN).await;
        verify(&admin, ANN, &code).await.expect(204);
    }
}

each_setup! {
    async fn a_provider_that_asks_for_time_gets_it(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        // 300 seconds from START, and from then another 90.
        for (wait, short_of_it) in [("300", 290), ("Fri, 02 Jan 2026 03:10:40 GMT", 80)] {
            inbox.set_reception(Reception::AskingToWait(wait));
            let before = inbox.arrivals().len();
            if before == 0 {
                send(&admin, ANN).await.expect(204);
            }
            run_jobs(&server).await;
            assert_eq!(inbox.arrivals().len(), before + 1, "{wait}");
            let failed = waiting(&server).await;
            assert!(failed.len() == 1 && failed[0].1.contains("status 429"), "{failed:?}");
            server.wait(Duration::from_secs(short_of_it));
            run_jobs(&server).await;
            assert_eq!(inbox.arrivals().len(), before + 1, "not before {wait}");
            // What is spread over the usual wait comes on top.
            server.wait(Duration::from_secs(15));
        }
        inbox.set_reception(Reception::Taking);
        server.wait(Duration::from_secs(15));
        let code = inbox.code_to(ANN).await;
        verify(&admin, ANN, &code).await.expect(204);
    }
}

each_setup! {
    async fn a_code_that_came_too_late_is_not_sent(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        inbox.set_reception(Reception::Answering(503));
        send(&admin, ANN).await.expect(204);
        run_jobs(&server).await;
        inbox.set_reception(Reception::Taking);
        server.wait(Duration::from_secs(600));
        run_jobs(&server).await;
        assert_eq!(inbox.arrivals().len(), 1, "only the first try");
        assert_eq!(waiting(&server).await, []);
    }
}

each_setup! {
    async fn the_digits_are_nowhere_in_clear(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let taken = code_to(&admin, &inbox, "taken@example.com").await;
        verify(&admin, "taken@example.com", &taken).await.expect(204);
        let tried = code_to(&admin, &inbox, "tried@example.com").await;
        let guess = other_than(&tried);
        verify(&admin, "tried@example.com", &guess).await.expect(400);
        inbox.set_reception(Reception::Answering(500));
        send(&admin, "waiting@example.com").await.expect(204);
        run_jobs(&server).await;
        for app in server.apps() {
            app.flush_activity().await;
        }
        let bytes = everything(&server).await;
        assert!(contains(&bytes, "tried@example.com"), "what is no secret is found");
        let waiting = inbox.arrivals().last().unwrap().payload["code"].as_str().unwrap().to_owned();
        for digits in [&taken, &tried, &guess, &waiting] {
            assert!(digits.len() == 6 && !contains(&bytes, digits), "{digits} is in the database");
        }
        assert!(!contains(&bytes, "\"code\""), "nor is a payload in clear");
        inbox.set_reception(Reception::Taking);
        server.wait(Duration::from_secs(60));
        assert_eq!(inbox.code_to("waiting@example.com").await, waiting);
    }
}

each_setup! {
    async fn no_answer_tells_the_digits(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let code = code_to(&admin, &inbox, ANN).await;
        let body = format!(r#"{{"email":"{ANN}","verificationCode":["{code}"]}}"#);
        for answer in [
            send(&admin, ANN).await,
            verify(&admin, ANN, &code).await,
            verify(&admin, "nobody@example.com", &code).await,
            verify(&admin, "no address", &code).await,
            admin.call(Method::POST, VERIFY, Some(body)).await,
        ] {
            let text = format!("{:?} {}", answer.headers, answer.text());
            assert!(!text.contains(&code), "{text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sent_on_one_node_and_verified_on_the_other() {
    let server = TestServer::start(Setup::TwoNodes).await;
    let (admin, inbox) = (server.admin().await, server.with_inbox().await);
    // Requests go to the nodes in turn; one more in between shifts the turn.
    for shift in [false, true] {
        let code = code_to(&admin, &inbox, ANN).await;
        if shift {
            server.get("/oidc/jwks").await.expect(200);
        }
        verify(&admin, ANN, &code).await.expect(204);
    }
}
