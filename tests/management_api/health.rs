//! `/healthz`, `/readyz`, and what stands at no address.

use http::Method;
use serde_json::json;

use crate::{each_setup, support::server::TestServer};

each_setup! {
    async fn a_server_without_its_database_lives_and_is_not_ready(server: TestServer) {
        server.get("/healthz").await.expect(200);
        server.get("/readyz").await.expect(200);
        server.get("/api/status").await.expect(204);
        let admin = server.admin().await;
        for app in server.apps() {
            app.database().clone().close().await;
        }
        for _ in 0..2 {
            server.get("/healthz").await.expect(200);
            server.get("/api/status").await.expect(204);
            let refused = server.get("/readyz").await.expect(503);
            assert_eq!(refused.code(), "server.unavailable");
            assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
            let refused = admin.get("/api/users").await.expect(503);
            assert_eq!(refused.code(), "server.unavailable");
            assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
            let refused = admin.post("/api/users", json!({})).await.expect(503);
            assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
            let text = refused.text();
            for word in ["sqlite", "SQL", "postgres", "closed", "/dev/shm"] {
                assert!(!text.contains(word), "{text}");
            }
        }
    }
}

each_setup! {
    async fn an_unknown_address_is_told_in_the_reader_s_form(server: TestServer) {
        for path in ["/api/nothing", "/api/users/a/nothing", "/api/", "/api//users", "/nothing", "/API/users"] {
            let refused = server.get(path).await.expect(404).json();
            assert_eq!(refused["code"], "request.not_found", "{path}");
        }
        let page = |path: &str| http::Request::get(path.to_owned()).header("accept", "text/html");
        let html = server.nobody().send(page("/nothing"), "").await.expect(404);
        assert_eq!(html.header("content-type"), "text/html; charset=utf-8");
        assert!(html.text().contains("request.not_found"));
        let json = server.nobody().send(page("/api/nothing"), "").await.expect(404);
        assert_eq!(json.header("content-type"), "application/json");
    }
}

each_setup! {
    async fn a_method_that_does_not_fit_names_those_that_do(server: TestServer) {
        let admin = server.admin().await;
        for (method, path, allowed) in [
            (Method::PUT, "/api/users", &["GET", "HEAD", "POST"][..]),
            (Method::POST, "/api/users/x", &["GET", "HEAD", "PATCH", "DELETE"]),
            (Method::GET, "/api/users/x/password", &["PATCH"]),
            (Method::DELETE, "/api/swagger.json", &["GET", "HEAD"]),
            (Method::TRACE, "/api/users", &["GET", "HEAD", "POST"]),
        ] {
            let refused = admin.call(method.clone(), path, None).await.expect(405);
            assert_eq!(refused.code(), "request.method_not_allowed", "{method} {path}");
            let mut named: Vec<&str> = refused.header("allow").split(',').map(str::trim).collect();
            named.sort_unstable();
            let mut allowed = allowed.to_vec();
            allowed.sort_unstable();
            assert_eq!(named, allowed, "{method} {path}");
        }
    }
}

each_setup! {
    async fn an_error_is_told_in_the_reader_s_language(server: TestServer) {
        let ask = |language: &str| http::Request::get("/api/users").header("accept-language", language.to_owned());
        let english = server.nobody().send(ask("fr, en;q=0.5"), "").await.expect(401).json();
        let japanese = server.nobody().send(ask("ja-JP, en;q=0.5"), "").await.expect(401).json();
        assert_eq!(english["code"], japanese["code"]);
        assert_ne!(english["message"], japanese["message"]);
        assert!(japanese["message"].as_str().unwrap().chars().any(|letter| ('ぁ'..='ん').contains(&letter)));
    }
}
