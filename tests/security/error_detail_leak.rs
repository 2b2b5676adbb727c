//! Error-detail leak between requests: failing requests in parallel show their own details only.

use futures_util::future::join_all;

use crate::{
    each_setup,
    support::{
        browser::authorize_path,
        server::{Setup, TestServer},
    },
};

each_setup! {
    async fn parallel_failures_show_only_their_own_words(server: TestServer) {
        let client = server.spa().await;
        let admin = server.admin().await;
        let tries = (0..40).map(|number| {
            let (server, client, admin) = (server.clone(), client.clone(), admin.clone());
            tokio::spawn(async move {
                let marker = format!("marker{number:03}x");
                let page = match number % 4 {
                    0 => server.browser().get(&format!("/api/users/{marker}")).await,
                    1 => admin.get(&format!("/api/users/{marker}")).await,
                    2 => admin.patch("/api/users/nobody", serde_json::json!({"profile": {"website": marker}})).await,
                    _ => {
                        let mut browser = server.browser();
                        let path = authorize_path(&client, &[("login_hint", &marker)]);
                        let (path, _) = browser.visit(&path).await.page();
                        browser.post(&path, &[("identifier", &marker), ("password", "wrong")]).await
                    }
                };
                (marker, page)
            })
        });
        let mut seen = std::collections::BTreeSet::new();
        for answer in join_all(tries).await {
            let (marker, answer) = answer.unwrap();
            assert!(answer.status.is_client_error(), "{marker} {}", answer.status);
            let text = answer.text();
            let markers = text.match_indices("marker").map(|(place, _)| &text[place..place + marker.len()]);
            assert!(markers.clone().all(|other| other == marker), "{marker} in {text}");
            seen.insert(answer.header("x-request-id").to_owned());
        }
        // Ids are told apart by the time of a node's start, and two nodes of a test start at one instant.
        if server.setup != Setup::TwoNodes {
            assert_eq!(seen.len(), 40, "each request has its own id");
        }
    }
}

each_setup! {
    async fn a_fault_of_ours_shows_its_id_and_nothing_else(server: TestServer) {
        let admin = server.admin().await;
        let person = server.person("sakura").await;
        server.execute_sql(&format!("UPDATE users SET profile = 'no JSON' WHERE id = '{}'", person.id)).await;
        let answer = admin.get(&format!("/api/users/{}", person.id)).await.expect(500);
        let body = answer.json();
        assert_eq!(body["code"], "server.internal");
        assert_eq!(body["data"]["requestId"], answer.header("x-request-id"));
        assert_eq!(body.as_object().unwrap().len(), 3, "{body}");
        assert!(!answer.text().contains("JSON"), "{}", answer.text());
        // The same on a page, and in OAuth's words.
        let client = server.spa().await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let fields = [("identifier", "sakura"), ("password", crate::support::fixtures::PASSWORD)];
        let page = browser.post(&path, &fields).await.expect(500);
        assert!(page.text().contains(page.header("x-request-id")), "{}", page.text());
        assert!(!page.text().contains("users"), "{}", page.text());
    }
}
