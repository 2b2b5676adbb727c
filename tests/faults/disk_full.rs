//! SQLite's disk is full, or its commits fail. The faults are injected where the engine meets real ones.

use serde_json::json;

use super::refusals::UnderWay;
use crate::support::server::{Setup, TestServer};

/// Does the database still hold together, by SQLite's own look?
fn integrity(server: &TestServer) -> String {
    let path = server.database_url.strip_prefix("sqlite:").unwrap();
    let beside = rusqlite::Connection::open(path).unwrap();
    beside
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failed_commits_are_503_everywhere_and_leave_nothing() {
    let server = TestServer::start(Setup::Sqlite).await;
    let mut under_way = UnderWay::begin(&server).await;
    server.faults.fail_commits(true);
    under_way.writes_are_refused().await;
    under_way.reads_go_on().await;
    server.faults.fail_commits(false);
    under_way.everything_works_again().await;
    assert_eq!(integrity(&server), "ok");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_what_needs_room_and_keeps_what_was_acknowledged() {
    let server = TestServer::start(Setup::Sqlite).await;
    let admin = server.admin().await;
    let keepsake = "x".repeat(3_000);
    let user = |number: usize| json!({"username": format!("user_{number}"), "customData": {"keepsake": keepsake}});
    server.faults.limit_pages(1);
    let mut acknowledged = Vec::new();
    // What the file holds already may be filled up before a page more is needed.
    let refused = loop {
        let answer = admin.post("/api/users", user(acknowledged.len())).await;
        if answer.status != 200 {
            break answer;
        }
        acknowledged.push(answer.json()["id"].as_str().unwrap().to_owned());
        assert!(acknowledged.len() < 100, "the disk never was full");
    };
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(refused.code(), "server.unavailable");
    assert!(!refused.header("retry-after").is_empty());
    for id in &acknowledged {
        admin.get(&format!("/api/users/{id}")).await.expect(200);
    }

    server.faults.unlimit_pages();
    admin
        .post("/api/users", user(acknowledged.len()))
        .await
        .expect(200);
    let all = admin.get("/api/users?page=1&page_size=1").await.expect(200);
    assert_eq!(
        all.header("total-number"),
        (acknowledged.len() + 1).to_string()
    );
    assert_eq!(integrity(&server), "ok");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_at_once_are_told_the_truth_while_commits_fail_now_and_then() {
    let server = TestServer::start(Setup::Sqlite).await;
    let admin = server.admin().await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let (admin, faults) = (admin.clone(), server.faults.clone());
        writers.spawn(async move {
            let mut acknowledged = Vec::new();
            for number in 0..30 {
                // Each writer breaks and mends the disk for all of them.
                faults.fail_commits((writer + number) % 3 == 0);
                let username = format!("writer_{writer}_{number}");
                let answer = admin
                    .post("/api/users", json!({"username": username}))
                    .await;
                match answer.status.as_u16() {
                    200 => acknowledged.push(username),
                    503 => assert_eq!(answer.code(), "server.unavailable"),
                    status => panic!("{status} {}", answer.text()),
                }
            }
            acknowledged
        });
    }
    let acknowledged: Vec<String> = writers.join_all().await.concat();
    server.faults.fail_commits(false);
    for username in &acknowledged {
        let found = admin
            .get(&format!("/api/users?search.username={username}&mode=exact"))
            .await
            .expect(200);
        assert_eq!(found.header("total-number"), "1", "{username}");
    }
    // An injected failure is certain, so nothing else may be there.
    let all = admin.get("/api/users?page_size=1").await.expect(200);
    assert_eq!(all.header("total-number"), acknowledged.len().to_string());
    assert_eq!(integrity(&server), "ok");
}
