//! Codes that are tried and sent by many at the same moment, from many addresses and on two nodes.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use axum::extract::ConnectInfo;
use futures_util::future::join_all;
use http::{Request, header};
use meibo_store::db::Sql;
use serde_json::json;

use super::verification_codes::{ANN, SEND, VERIFY, code_to, other_than, send, verify};
use crate::{
    each_setup,
    support::{answer::Answer, client::ApiClient, server::TestServer},
};

/// Posts the bodies at the same time, each from an address of its own, and counts what is answered
/// by status and code.
async fn at_once(
    caller: &ApiClient,
    path: &str,
    bodies: impl Iterator<Item = serde_json::Value>,
) -> BTreeMap<String, usize> {
    let calls = bodies.enumerate().map(|(number, body)| {
        let (caller, path) = (caller.clone(), path.to_owned());
        let address = SocketAddr::from(([198, 51, 100, u8::try_from(number).unwrap()], 40000));
        tokio::spawn(async move {
            let request = Request::post(path)
                .header(header::CONTENT_TYPE, "application/json")
                .extension(ConnectInfo(address));
            caller.send(request, body.to_string()).await
        })
    });
    let mut counts = BTreeMap::new();
    for answer in join_all(calls).await {
        *counts.entry(outcome(&answer.unwrap())).or_default() += 1;
    }
    counts
}

fn outcome(answer: &Answer) -> String {
    if answer.body.is_empty() {
        return answer.status.as_str().to_owned();
    }
    answer.code()
}

each_setup! {
    async fn of_many_at_once_with_the_right_code_one_wins(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        for _ in 0..5 {
            let code = code_to(&admin, &inbox, ANN).await;
            let body = json!({"email": ANN, "verificationCode": code});
            let answers = at_once(&admin, VERIFY, (0..20).map(|_| body.clone())).await;
            let expected = BTreeMap::from([("204".to_owned(), 1), ("verification_code.not_found".to_owned(), 19)]);
            assert_eq!(answers, expected);
        }
    }
}

each_setup! {
    async fn no_more_than_ten_guesses_are_looked_at_however_many_come_at_once(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let code = code_to(&admin, &inbox, ANN).await;
        let number: u32 = code.parse().unwrap();
        let guesses = (1..=60).map(|step| json!({"email": ANN, "verificationCode": format!("{:06}", (number + step) % 1_000_000)}));
        let answers = at_once(&admin, VERIFY, guesses).await;
        assert_eq!(answers.get("verification_code.code_mismatch"), Some(&10), "{answers:?}");
        let others = ["verification_code.exceed_max_try", "entity.changed_meanwhile"];
        let refused: usize = others.iter().filter_map(|code| answers.get(*code)).sum();
        assert_eq!(refused, 50, "{answers:?}");
        let late = verify(&admin, ANN, &code).await.expect(400);
        assert_eq!(late.code(), "verification_code.exceed_max_try");
    }
}

each_setup! {
    async fn the_right_code_among_many_guesses_is_one_of_at_most_eleven(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        for round in 0..5_usize {
            let code = code_to(&admin, &inbox, ANN).await;
            let wrong = other_than(&code);
            let guesses = (0..30).map(|place| {
                let typed = if place == round * 7 { &code } else { &wrong };
                json!({"email": ANN, "verificationCode": typed})
            });
            let answers = at_once(&admin, VERIFY, guesses).await;
            let count = |outcome: &str| answers.get(outcome).copied().unwrap_or_default();
            assert!(count("204") <= 1 && count("verification_code.code_mismatch") <= 10, "{answers:?}");
            assert!(count("204") == 1 || count("verification_code.code_mismatch") == 10, "{answers:?}");
        }
    }
}

each_setup! {
    async fn of_many_messages_at_once_ten_are_sent_and_one_code_is_good(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        let answers = at_once(&admin, SEND, (0..20).map(|_| json!({"email": ANN}))).await;
        let expected = BTreeMap::from([("204".to_owned(), 10), ("request.message_rate_limited".to_owned(), 10)]);
        assert_eq!(answers, expected);
        // One host gets a few messages at a time; the others go a moment later.
        for _ in 0..20 {
            server.app().run_due_jobs().await.unwrap();
            server.wait(Duration::from_secs(10));
        }
        let mut codes = Vec::new();
        for _ in 0..10 {
            codes.push(inbox.code_to(ANN).await);
        }
        assert_eq!(inbox.arrivals().len(), 10);
        let sql = Sql::from("SELECT id FROM verification_codes");
        assert_eq!(server.app().database().query(&sql, &[]).await.unwrap().len(), 1);
        let mut good = 0;
        for code in codes {
            good += usize::from(verify(&admin, ANN, &code).await.status == 204);
        }
        assert_eq!(good, 1);
        send(&admin, ANN).await.expect(429);
    }
}

each_setup! {
    async fn two_hundred_wrong_codes_for_a_recipient_in_a_day(server: TestServer) {
        let (admin, inbox) = (server.admin().await, server.with_inbox().await);
        for round in 0..20 {
            let code = code_to(&admin, &inbox, ANN).await;
            for _ in 0..10 {
                let refused = verify(&admin, ANN, &other_than(&code)).await.expect(400);
                assert_eq!(refused.code(), "verification_code.code_mismatch", "{round}");
            }
            server.wait(Duration::from_secs(90));
        }
        let code = code_to(&admin, &inbox, ANN).await;
        let refused = verify(&admin, ANN, &code).await.expect(429);
        assert_eq!(refused.code(), "session.verification_blocked_too_many_attempts");
        assert_eq!(refused.header("retry-after"), (86_400 - 20 * 90).to_string());
        let other = code_to(&admin, &inbox, "bob@example.com").await;
        verify(&admin, "bob@example.com", &other).await.expect(204);
        server.wait(Duration::from_secs(86_400 - 20 * 90));
        let admin = server.admin().await;
        let code = code_to(&admin, &inbox, ANN).await;
        verify(&admin, ANN, &code).await.expect(204);
    }
}
