//! Messages on their way: tried again as themselves, and given up without telling a secret.

use std::time::Duration;

use meibo_store::db::{Row, Sql};
use serde_json::json;

use crate::{
    each_setup,
    support::{client::ApiClient, inbox::Reception, server::TestServer, tokens::text},
};

const CODES: &str = "/api/verification-codes";

async fn ask(admin: &ApiClient) {
    let body = json!({"email": "ann@example.com"});
    admin.post(CODES, body).await.expect(204);
}

/// Tries, last error, and whether it was given up, of each message in the table.
async fn waiting(server: &TestServer) -> Vec<(i64, String, bool)> {
    let sql =
        Sql::from("SELECT attempts, last_error, failed_at FROM jobs WHERE kind = 'send_message'");
    let read = |row: &Row| {
        let error = row.opt_text(1).unwrap().unwrap_or_default();
        (
            row.int(0).unwrap(),
            error,
            row.opt_int(2).unwrap().is_some(),
        )
    };
    let rows = server.app().database().query(&sql, &[]).await.unwrap();
    rows.iter().map(read).collect()
}

each_setup! {
    async fn a_message_is_tried_again_as_itself(server: TestServer) {
        let (inbox, admin) = (server.with_inbox().await, server.admin().await);
        for (reception, said) in [
            (Reception::Answering(429), "status 429"),
            (Reception::Answering(500), "status 500"),
            (Reception::Dropping, "cannot be read"),
        ] {
            inbox.set_reception(reception);
            let before = inbox.arrivals().len();
            ask(&admin).await;
            server.app().run_due_jobs().await.unwrap();
            let left = waiting(&server).await;
            assert!(matches!(&left[..], [(1, error, false)] if error.contains(said)), "{reception:?}: {left:?}");
            server.app().run_due_jobs().await.unwrap();
            assert_eq!(inbox.arrivals().len(), before + 1, "it is not its time yet");
            inbox.set_reception(Reception::Taking);
            server.wait(Duration::from_secs(10));
            let taken = inbox.message_to("ann@example.com").await;
            let arrivals = inbox.arrivals();
            assert_eq!((&arrivals[before].id, &arrivals[before].payload), (&taken.id, &taken.payload));
            assert_eq!(waiting(&server).await, []);
        }
        assert_eq!(inbox.taken_ids().len(), 3);
    }
}

each_setup! {
    async fn a_refused_message_is_given_up_and_its_error_tells_no_secret(server: TestServer) {
        let (inbox, admin) = (server.with_inbox().await, server.admin().await);
        inbox.set_reception(Reception::Answering(400));
        ask(&admin).await;
        server.app().run_due_jobs().await.unwrap();
        let left = waiting(&server).await;
        let [(1, error, true)] = &left[..] else { panic!("{left:?}") };
        assert_eq!(error, "the provider refused the message (status 400)");
        let refused = inbox.arrivals()[0].clone();
        let code = text(&refused.payload, "code");
        let sql = Sql::from("SELECT payload || COALESCE(last_error, '') FROM jobs");
        let kept = server.app().database().query(&sql, &[]).await.unwrap()[0].text(0).unwrap();
        for secret in [code, "ann@example.com", "Bearer inbox"] {
            assert!(!kept.contains(secret), "{secret} is in {kept}");
        }
        server.wait(Duration::from_secs(3600));
        server.app().run_due_jobs().await.unwrap();
        assert_eq!(inbox.arrivals().len(), 1);
    }
}

each_setup! {
    async fn a_message_whose_connector_is_gone_is_given_up(server: TestServer) {
        let (inbox, admin) = (server.with_inbox().await, server.admin().await);
        ask(&admin).await;
        let connectors = admin.get("/api/connectors?target=http-email").await.json();
        admin.delete(&format!("/api/connectors/{}", text(&connectors[0], "id"))).await.expect(204);
        server.app().run_due_jobs().await.unwrap();
        let left = waiting(&server).await;
        assert!(matches!(&left[..], [(1, error, true)] if error.contains("was deleted")), "{left:?}");
        assert!(inbox.arrivals().is_empty());
        let refused = admin.post(CODES, json!({"email": "ann@example.com"})).await.expect(501);
        assert_eq!(refused.code(), "connector.not_found");
        inbox.set_up(&admin).await;
        ask(&admin).await;
        inbox.message_to("ann@example.com").await;
    }
}
