//! The digits of verification codes are in no log, also at trace, whatever happens to them.

use http::Method;
use serde_json::{Value, json};

use crate::support::{
    inbox::{Inbox, Reception},
    process::{Installation, Process},
    tokens::text,
};

const SEND: &str = "/api/verification-codes";
const VERIFY: &str = "/api/verification-codes/verify";
const ANN: &str = "ann@example.com";

/// Does the line have these digits as a number of their own, and not as the fraction of a second?
fn tells(line: &str, digits: &str) -> bool {
    line.match_indices(digits).any(|(place, _)| {
        let before = line[..place].chars().next_back().unwrap_or(' ');
        let after = line[place + digits.len()..].chars().next().unwrap_or(' ');
        !before.is_ascii_digit() && before != '.' && !after.is_ascii_digit()
    })
}

async fn no_digits_are_logged(installation: Installation) {
    let mut process = installation
        .serve(&["--log-level", "trace", "--outbound-allow", "127.0.0.1"])
        .await;
    let machine = installation.create_application("machine-to-machine", &["--management-api"]);
    let admin = process.remote.admin_token(&machine).await;
    let call = async |process: &Process, path: &str, body: Value, status: u16| {
        let answer = process.remote.call(&admin, Method::POST, path, &body).await;
        answer.unwrap().expect(status);
    };
    let inbox = Inbox::start().await;
    let config = inbox.config("email");
    let connector = json!({"connectorId": "http-email", "config": config});
    call(&process, "/api/connectors", connector, 200).await;

    call(&process, SEND, json!({"email": ANN}), 204).await;
    let code = inbox.code_to(ANN).await;
    let guess = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    let typed = |code: &str| json!({"email": ANN, "verificationCode": code});
    call(&process, VERIFY, typed(&guess), 400).await;
    let misplaced = json!({"email": ANN, "verificationCode": [code]});
    call(&process, VERIFY, misplaced, 400).await;
    call(&process, VERIFY, typed(&code), 204).await;
    // One that the provider refuses is tried again.
    inbox.set_reception(Reception::Answering(500));
    call(&process, SEND, json!({"email": ANN}), 204).await;
    inbox.arrived(2).await;
    let refused = text(&inbox.arrivals()[1].payload, "code").to_owned();

    process.terminate();
    assert!(process.ended().await.success());
    let (log, said) = (process.log(), process.said());
    assert!(log.contains(VERIFY), "the requests are not in the log");
    for digits in [&code, &guess, &refused] {
        let line = log
            .lines()
            .chain(said.lines())
            .find(|line| tells(line, digits));
        assert_eq!(line, None, "{digits}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_digits_of_codes_are_logged_even_at_trace_on_sqlite() {
    no_digits_are_logged(Installation::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_digits_of_codes_are_logged_even_at_trace_on_postgres() {
    no_digits_are_logged(Installation::postgres().await).await;
}
