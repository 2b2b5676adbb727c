//! PostgreSQL ends connections under load: the next call finds another, and nothing acknowledged is lost.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use serde_json::json;

use crate::support::{
    postgres::connect,
    server::{Setup, TestServer},
};

const END_ALL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// What one writer saw of one user's name.
struct Name {
    path: String,
    acknowledged: usize,
    last_sent: usize,
}

async fn recovers_under_load(setup: Setup) {
    let server = TestServer::start(setup).await;
    let admin = server.admin().await;
    let is_over = Arc::new(AtomicBool::new(false));
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..6 {
        let person = server.person(&format!("writer_{writer}")).await;
        let (admin, is_over) = (admin.clone(), Arc::clone(&is_over));
        writers.spawn(async move {
            let mut name = Name {
                path: format!("/api/users/{}", person.id),
                acknowledged: 0,
                last_sent: 0,
            };
            while !is_over.load(Ordering::SeqCst) {
                name.last_sent += 1;
                let answer = admin
                    .patch(&name.path, json!({"name": name.last_sent.to_string()}))
                    .await;
                match answer.status.as_u16() {
                    200 => name.acknowledged = name.last_sent,
                    503 => assert!(!answer.header("retry-after").is_empty()),
                    status => panic!("{status} {}", answer.text()),
                }
                let read = admin.get(&name.path).await;
                assert!(
                    matches!(read.status.as_u16(), 200 | 503),
                    "{} {}",
                    read.status,
                    read.text()
                );
            }
            name
        });
    }
    let beside = connect(&server.database_url).await;
    let mut ended = 0;
    for _ in 0..25 {
        ended += beside.query(END_ALL, &[]).await.unwrap().len();
        admin.get("/api/users?page_size=1").await;
    }
    assert!(ended > 12, "only {ended} connections were there to end");
    is_over.store(true, Ordering::SeqCst);
    for name in writers.join_all().await {
        let user = admin.get(&name.path).await.expect(200).json();
        let found = user["name"].as_str().unwrap().parse().unwrap_or(0);
        assert!(
            name.acknowledged > 0,
            "nothing was acknowledged under this load"
        );
        // What was refused last may have been committed before its connection ended.
        assert!(
            (name.acknowledged..=name.last_sent).contains(&found),
            "{found} is not {}",
            name.acknowledged
        );
        admin
            .patch(&name.path, json!({"name": "afterwards"}))
            .await
            .expect(200);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_node_recovers_by_itself() {
    recovers_under_load(Setup::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_recover_by_themselves() {
    recovers_under_load(Setup::TwoNodes).await;
}
