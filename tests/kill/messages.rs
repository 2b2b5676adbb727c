//! SIGKILL while a thousand messages wait: each is sent at least once, and again only as itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use http::Method;
use serde_json::json;

use crate::support::{
    inbox::{Inbox, Reception},
    process::Installation,
};

const MESSAGES: usize = 1_000;

/// The inbox is on this machine.
const SERVE: &[&str] = &["--outbound-allow", "127.0.0.1"];

/// How often the server is killed while it sends.
const KILLS: usize = 3;

/// Longer than a job of a killed server stays locked.
const LIMIT: Duration = Duration::from_secs(240);

async fn no_waiting_message_is_lost(installation: Installation) {
    let machine = installation.create_application("machine-to-machine", &["--management-api"]);
    let inbox = Inbox::start().await;
    inbox.set_reception(Reception::Hanging);
    let mut process = installation.serve(SERVE).await;
    let token = process.remote.admin_token(&machine).await;
    let remote = process.remote.clone();
    let connector = json!({"connectorId": "http-email", "config": inbox.config("email")});
    let made = remote.call(&token, Method::POST, "/api/connectors", &connector);
    made.await.unwrap().expect(200);
    // The provider answers nothing, and yet every request is answered.
    let asking = stream::iter(0..MESSAGES).for_each_concurrent(16, |number| {
        let (remote, token) = (remote.clone(), token.clone());
        async move {
            let body = json!({"email": format!("person_{number}@example.com")});
            let asked = remote.call(&token, Method::POST, "/api/verification-codes", &body);
            asked.await.unwrap().expect(204);
        }
    });
    asking.await;
    assert!(inbox.taken_ids().is_empty(), "nothing was taken yet");
    process.kill();
    inbox.set_reception(Reception::Taking);
    process = installation.serve(SERVE).await;
    for kill in 1..=KILLS {
        inbox.taken(MESSAGES * kill / (KILLS + 2), LIMIT).await;
        process.kill();
        process = installation.serve(SERVE).await;
    }
    inbox.taken(MESSAGES, LIMIT).await;
    let mut ids: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for arrival in inbox.arrivals() {
        let content = (arrival.id, arrival.payload["code"].to_string());
        ids.entry(arrival.to).or_default().insert(content);
    }
    assert_eq!(ids.len(), MESSAGES);
    for (to, ids) in ids {
        assert_eq!(ids.len(), 1, "{to} got different messages: {ids:?}");
    }
    drop(process);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_waiting_message_is_lost_on_sqlite() {
    no_waiting_message_is_lost(Installation::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_waiting_message_is_lost_on_postgres() {
    no_waiting_message_is_lost(Installation::postgres().await).await;
}
