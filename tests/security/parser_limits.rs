//! Parser and resource limits: odd and oversized input is refused with a 4xx, never a 500.

use axum::body::Body;
use http::{Method, Request};

use crate::{
    each_setup,
    support::{browser::authorize_path, client::form, server::TestServer},
};

/// Sends a body to a path and gives the status.
async fn status(
    server: &TestServer,
    method: &str,
    path: &str,
    content_type: &str,
    body: Vec<u8>,
) -> u16 {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", content_type)
        .header("origin", "http://id.example")
        .header("accept", "text/html")
        .body(Body::from(body))
        .unwrap();
    server.send(request).await.status.as_u16()
}

/// Bodies that no parser should trip over.
fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let (form, json) = ("application/x-www-form-urlencoded", "application/json");
    vec![
        (form, b"a=%00&b=\0".to_vec()),
        (form, b"grant_type=\xff\xfe".to_vec()),
        (form, b"%ff%fe=1".to_vec()),
        (form, b"%".to_vec()),
        (form, b"&&&&=&=&%zz".to_vec()),
        (form, b"a=1&".repeat(200)),
        (
            form,
            format!("password={}", "x".repeat(1 << 20)).into_bytes(),
        ),
        (json, b"[".repeat(100_000)),
        (json, b"{\"a\":".repeat(100_000)),
        (
            json,
            format!("{}1{}", "[".repeat(200), "]".repeat(200)).into_bytes(),
        ),
        (json, b"\xff\xfe{\0}".to_vec()),
        (json, b"{\"a\":\"\\u0000\"}".to_vec()),
        (json, b"{\"a\":\"\\ud800\"}".to_vec()),
        (json, b"{\"a\":1e999999}".to_vec()),
        (json, b"{\"a\":1,\"a\":2}".to_vec()),
        (json, b"null".to_vec()),
        (json, Vec::new()),
        (json, format!("\"{}\"", "x".repeat(2 << 20)).into_bytes()),
        ("", b"x".to_vec()),
        ("application/json; charset=utf-16", b"{}".to_vec()),
    ]
}

each_setup! {
    async fn no_body_makes_a_server_error(server: TestServer) {
        let client = server.spa().await;
        let mut browser = server.browser();
        let (sign_in, _) = browser.authorize(&client, &[]).await.page();
        let register = sign_in.replace("/sign-in", "/register");
        let link = server.app().issue_setup_link().await.unwrap().unwrap();
        let setup = link.strip_prefix("http://id.example").unwrap();
        for path in [
            "/oidc/token",
            "/oidc/token/revocation",
            "/oidc/me",
            "/oidc/session/end/confirm",
            sign_in.as_str(),
            register.as_str(),
            setup,
        ] {
            for (content_type, body) in bodies() {
                let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
                let status = status(&server, "POST", path, content_type, body).await;
                // A confirmation without a decision stays where it is.
                let is_refused = (400..500).contains(&status) || (path.ends_with("/confirm") && status == 303);
                assert!(is_refused, "{path} {content_type} {shown}: {status}");
            }
        }
        for path in ["/oidc/auth", "/oidc/session/end"] {
            for (content_type, body) in bodies() {
                let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
                let status = status(&server, "POST", path, content_type, body).await;
                assert!(status == 303 || (400..500).contains(&status), "{path} {content_type} {shown}: {status}");
            }
        }
        assert_eq!(server.get("/oidc/jwks").await.status, 200);
    }
}

each_setup! {
    async fn no_management_body_makes_a_server_error(server: TestServer) {
        let machine = server.machine(true).await;
        let token = server.machine_token(&machine, "all").await;
        let person = server.person("sakura").await;
        for (method, path) in [
            (Method::POST, "/api/users".to_owned()),
            (Method::PATCH, format!("/api/users/{}", person.id)),
            (Method::PATCH, format!("/api/users/{}/custom-data", person.id)),
            (Method::POST, "/api/applications".to_owned()),
        ] {
            for (content_type, body) in bodies() {
                let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
                let request = Request::builder()
                    .method(method.clone())
                    .uri(&path)
                    .header("authorization", format!("Bearer {token}"))
                    .header("content-type", content_type)
                    .body(Body::from(body))
                    .unwrap();
                let answer = server.send(request).await;
                assert!(answer.status.is_client_error(), "{path} {content_type} {shown}: {}", answer.status);
                assert!(!answer.code().is_empty(), "{path} {shown} {}", answer.text());
            }
        }
    }
}

each_setup! {
    async fn no_query_or_header_makes_a_server_error(server: TestServer) {
        let client = server.spa().await;
        let long = "x".repeat(9000);
        let many = "&a=1".repeat(70);
        let long = format!("state={long}");
        for query in ["%00=1", "state=%00", "state=%ff", "%", "a=%zz", "client_id=%ff", &long, &many] {
            for path in ["/oidc/auth", "/oidc/session/end", "/sign-in", "/register", "/api/users"] {
                let answer = server.get(&format!("{path}?{query}")).await;
                let is_fine = answer.status.is_client_error() || answer.status == 303;
                assert!(is_fine, "{path}?{query:.20} {}", answer.status);
            }
        }
        for state in ["x".repeat(1025), "é".repeat(600)] {
            let path = authorize_path(&client, &[("state", &state)]);
            let answer = server.browser().get(&path).await.expect(303);
            assert!(answer.location().contains("error=invalid_request"), "{}", answer.location());
            assert!(!answer.location().contains("&state="), "{}", answer.location());
        }
        let big = "y".repeat(1 << 20);
        for (name, value) in [
            ("authorization", format!("Bearer {big}").into_bytes()),
            ("authorization", format!("Basic {big}").into_bytes()),
            ("authorization", b"Bearer \xff\xfe".to_vec()),
            ("authorization", b"Basic /////w==".to_vec()),
            ("authorization", b"Bearer".to_vec()),
            ("authorization", Vec::new()),
            ("cookie", format!("meibo_session={big}").into_bytes()),
            ("cookie", b"\xff\xfe=\xff; meibo_session".to_vec()),
            ("cookie", "meibo_session=a; ".repeat(2000).into_bytes()),
            ("accept-language", b"\xff".to_vec()),
            ("accept-language", "en,".repeat(20_000).into_bytes()),
            ("accept-language", b"en;q=NaN, ja;q=1e9, *;q=-1".to_vec()),
            ("x-forwarded-for", ",".repeat(20_000).into_bytes()),
            ("x-request-id", b"\xff\xfe".to_vec()),
            ("content-length", b"-1".to_vec()),
            ("content-type", b"\xff".to_vec()),
            ("if-none-match", b"\xff,*,\"".to_vec()),
        ] {
            for (method, path) in [
                ("GET", "/oidc/me"),
                ("GET", "/oidc/.well-known/openid-configuration"),
                ("GET", "/"),
                ("GET", "/api/users"),
                ("POST", "/oidc/token"),
                ("GET", "/oidc/auth"),
                ("GET", "/sign-in?id=x"),
            ] {
                let request = Request::builder().method(method).uri(path).header(name, value.as_slice());
                let answer = server.send(request.body(Body::empty()).unwrap()).await;
                assert!(!answer.status.is_server_error(), "{name} {method} {path}: {}", answer.status);
            }
        }
    }
}

each_setup! {
    async fn a_long_password_costs_no_more_than_a_short_one(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let before = server.hashes();
        let long = "x".repeat(1 << 20);
        browser.post(&path, &[("identifier", "sakura"), ("password", &long)]).await.expect(413);
        assert_eq!(server.hashes(), before, "refused before anything is hashed");
        browser.post(&path, &[("identifier", "sakura"), ("password", &long[..60_000])]).await.expect(422);
        assert_eq!(server.hashes(), before + 1);
        assert!(form(&[("password", &long)]).len() > 1 << 20);
    }
}
