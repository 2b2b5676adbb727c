//! Proxy and path parsing: another way of writing a path opens no other door.

use axum::body::Body;
use http::{Method, Request};

use crate::{each_setup, support::server::TestServer};

each_setup! {
    async fn odd_paths_to_protected_routes_are_refused(server: TestServer) {
        let person = server.person("sakura").await;
        let id = person.id.as_str();
        for path in [
            "/api//users".to_owned(),
            "//api/users".to_owned(),
            "/api/users/".to_owned(),
            "/api/users;x".to_owned(),
            "/api;x/users".to_owned(),
            "/API/users".to_owned(),
            "/api/%75sers".to_owned(),
            "/api/./users".to_owned(),
            "/oidc/../api/users".to_owned(),
            "/oidc/%2e%2e/api/users".to_owned(),
            "/api%2fusers".to_owned(),
            "/api/users%00".to_owned(),
            format!("/api/users/{id}/"),
            format!("/api/users/{id};x"),
            format!("/api/users/{id}%2f..%2f{id}"),
            format!("/api/users/%2e%2e/users/{id}"),
            "/api/users/%ff".to_owned(),
        ] {
            let request = Request::builder().method(Method::GET).uri(&path).body(Body::empty());
            let Ok(request) = request else { continue };
            let answer = server.send(request).await;
            assert!([400, 401, 404].contains(&answer.status.as_u16()), "{path} {}", answer.status);
            assert!(!answer.text().contains("sakura"), "{path} {}", answer.text());
        }
    }
}

each_setup! {
    async fn a_method_cannot_be_overridden(server: TestServer) {
        let person = server.person("sakura").await;
        let machine = server.machine(true).await;
        let token = server.machine_token(&machine, "all").await;
        let path = format!("/api/users/{}", person.id);
        for name in ["x-http-method-override", "x-http-method", "x-method-override"] {
            let request = Request::get(format!("{path}?_method=DELETE"))
                .header("authorization", format!("Bearer {token}"))
                .header(name, "DELETE");
            server.send(request.body(Body::empty()).unwrap()).await.expect(200);
        }
        server.bearer(&token).get(&path).await.expect(200);
    }
}
