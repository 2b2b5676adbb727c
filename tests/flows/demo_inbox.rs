//! The inbox of the demo: what would be sent is shown on a page, and no other server has it.

use http::Request;
use meibo_store::db::Sql;
use serde_json::json;

use crate::{
    each_setup,
    support::{
        answer::Answer,
        server::{PUBLIC_URL, Setup, TestServer},
    },
};

/// The page, as a browser asks for it that reaches the demo under this name.
async fn inbox(server: &TestServer, host: &str) -> Answer {
    let request = Request::get("/demo/inbox").header("host", host);
    server.nobody().send(request, "").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_shows_messages_in_the_reader_s_language() {
    let server = TestServer::start_demo(Setup::Sqlite).await;
    let admin = server.admin().await;
    let empty = inbox(&server, "localhost:3001").await.expect(200).text();
    assert!(empty.contains("Nothing has arrived yet"), "{empty}");
    for channel in ["email", "sms"] {
        let body = json!({"connectorId": format!("inbox-{channel}")});
        admin.post("/api/connectors", body).await.expect(200);
    }
    let to_phone = json!({"phone": "819012345678", "config": {}, "locale": "ja"});
    admin
        .post("/api/connectors/inbox-sms/test", to_phone)
        .await
        .expect(204);
    server.wait(std::time::Duration::from_secs(60));
    let to_address = json!({"email": "<b>a</b>@example.com", "config": {}});
    admin
        .post("/api/connectors/inbox-email/test", to_address)
        .await
        .expect(400);
    let to_address = json!({"email": "ann@example.com", "config": {}});
    admin
        .post("/api/connectors/inbox-email/test", to_address)
        .await
        .expect(204);
    let page = inbox(&server, "127.0.0.1:3001").await.expect(200).text();
    for stranger in [
        "attacker.example",
        "192.168.0.7:3001",
        "localhost.attacker.example",
        "id.example",
    ] {
        inbox(&server, stranger).await.expect(404);
    }
    server.get("/demo/inbox").await.expect(404);
    let place = |words: &str| {
        page.find(words)
            .unwrap_or_else(|| panic!("{words}: {page}"))
    };
    assert!(
        place("Your verification code: 000000") < place("検証コード: 000000"),
        "the newest first"
    );
    assert!(place("ann@example.com") < place("+819012345678"));
    place("2026-01-02 03:05:05 UTC");
    let japanese = Request::get("/demo/inbox")
        .header("host", "[::1]:3001")
        .header("accept-language", "ja");
    let japanese = server.nobody().send(japanese, "").await.expect(200).text();
    assert!(
        japanese.contains("デモの受信箱") && japanese.contains("lang=\"ja\""),
        "{japanese}"
    );
    let sql =
        Sql::from("SELECT COUNT(id), COUNT(DISTINCT channel) FROM inbox WHERE subject <> content");
    let rows = server.app().database().query(&sql, &[]).await.unwrap();
    assert_eq!((rows[0].int(0).unwrap(), rows[0].int(1).unwrap()), (2, 2));
}

each_setup! {
    async fn another_server_has_no_inbox(server: TestServer) {
        let admin = server.admin().await;
        server.get("/demo/inbox").await.expect(404);
        for factory in ["inbox-email", "inbox-sms"] {
            let refused = admin.post("/api/connectors", json!({"connectorId": factory})).await.expect(422);
            assert_eq!(refused.code(), "connector.not_found_with_connector_id");
            admin.get(&format!("/api/connector-factories/{factory}")).await.expect(404);
            let test = json!({"email": "ann@example.com", "config": {}});
            admin.post(&format!("/api/connectors/{factory}/test"), test).await.expect(404);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connector_of_the_demo_is_nothing_to_another_server() {
    let demo = TestServer::start_demo(Setup::Sqlite).await;
    let admin = demo.admin().await;
    let made = admin
        .post(
            "/api/connectors",
            json!({"connectorId": "inbox-email", "id": "demo"}),
        )
        .await;
    made.expect(200);
    let server = demo.restarted().await;
    let admin = server.admin().await;
    assert_eq!(
        admin.get("/api/connectors").await.expect(200).json(),
        json!([])
    );
    admin.get("/api/connectors/demo").await.expect(404);
    admin.delete("/api/connectors/demo").await.expect(404);
    assert!(
        !server
            .app()
            .has_connector(meibo_domain::recipient::Channel::Email)
            .await
            .unwrap()
    );
    let own =
        json!({"connectorId": "http-email", "config": {"endpoint": format!("{PUBLIC_URL}/mail")}});
    admin.post("/api/connectors", own).await.expect(200);
    assert_eq!(
        admin
            .get("/api/connectors")
            .await
            .json()
            .as_array()
            .unwrap()
            .len(),
        1
    );
}
