//! Which pages of other origins may read answers (contract 1.3, RFC 9700 section 2.6).

use axum::body::Body;
use http::{Method, Request};

use crate::{
    each_setup,
    support::{answer::Answer, browser::parameter, fixtures::Client, server::TestServer},
};

const ENDPOINTS: [&str; 3] = ["/oidc/token", "/oidc/token/revocation", "/oidc/me"];

async fn ask(server: &TestServer, method: Method, path: &str, origin: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("origin", origin);
    server
        .send(
            request
                .header("access-control-request-method", "POST")
                .body(Body::empty())
                .unwrap(),
        )
        .await
}

each_setup! {
    async fn an_application_in_a_browser_may_call(server: TestServer) {
        server.spa().await;
        for path in ENDPOINTS {
            let preflight = ask(&server, Method::OPTIONS, path, "https://app.example").await.expect(204);
            assert_eq!(preflight.header("access-control-allow-origin"), "https://app.example", "{path}");
            assert_eq!(preflight.header("access-control-allow-methods"), "GET, POST");
            assert!(preflight.header("access-control-allow-headers").contains("authorization"));
            let refused = ask(&server, Method::POST, path, "https://app.example").await;
            assert!(refused.status.is_client_error(), "{path}");
            assert_eq!(refused.header("access-control-allow-origin"), "https://app.example", "errors can be read too");
            assert!(refused.headers.get_all("vary").iter().any(|value| value == "Origin"));
            assert_eq!(refused.header("access-control-allow-credentials"), "");
        }
    }
}

each_setup! {
    async fn rfc9700_2_6_no_cors_at_the_authorization_endpoint(server: TestServer) {
        let client = server.spa().await;
        for origin in ["https://evil.example", "https://app.example.evil.example", "http://app.example", "https://app.example:8443", "null"] {
            for path in ENDPOINTS {
                for method in [Method::OPTIONS, Method::POST] {
                    let answer = ask(&server, method, path, origin).await;
                    assert_eq!(answer.header("access-control-allow-origin"), "", "{path} {origin}");
                }
            }
        }
        for path in ["/oidc/auth", "/sign-in", "/api/users", "/oidc/session/end"] {
            let answer = ask(&server, Method::GET, path, "https://app.example").await;
            assert_eq!(answer.header("access-control-allow-origin"), "", "{path}");
        }
        forgotten_with_its_application(&server, &client).await;
    }
}

async fn forgotten_with_its_application(server: &TestServer, client: &Client) {
    let admin = server.admin().await;
    admin
        .delete(&format!("/api/applications/{}", client.id))
        .await
        .expect(204);
    let preflight = ask(
        server,
        Method::OPTIONS,
        "/oidc/token",
        "https://app.example",
    )
    .await;
    assert_eq!(preflight.header("access-control-allow-origin"), "");
}

/// What any page may read, for it is public; and what none may, whoever registered it.
const FOR_ALL: [&str; 4] = [
    "/oidc/jwks",
    "/oidc/.well-known/openid-configuration",
    "/oidc/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/oidc",
];
const FOR_NONE: [&str; 13] = [
    "/oidc/auth",
    "/oidc/auth/nothing",
    "/oidc/session/end",
    "/oidc/session/end/confirm",
    "/oidc/session/end/success",
    "/oidc/token/introspection",
    "/oidc/nothing",
    "/sign-in",
    "/register",
    "/setup/nothing",
    "/api/users",
    "/api/swagger.json",
    "/",
];

each_setup! {
    async fn each_address_is_for_registered_origins_or_for_all_or_for_none(server: TestServer) {
        server.spa().await;
        for (origin, is_registered) in [("https://app.example", true), ("https://evil.example", false), ("null", false)] {
            for method in [Method::GET, Method::POST, Method::OPTIONS] {
                let registered = if is_registered { origin } else { "" };
                // Calls that an endpoint does not take are answered outside of it, and tell nothing.
                let taken = |path| method != Method::GET || path == "/oidc/me";
                let table = ENDPOINTS.map(|path| (path, if taken(path) { registered } else { "" })).into_iter()
                    .chain(FOR_ALL.map(|path| (path, if method == Method::GET { "*" } else { "" })))
                    .chain(FOR_NONE.map(|path| (path, "")));
                for (path, expected) in table {
                    let answer = ask(&server, method.clone(), path, origin).await;
                    let allowed = answer.header("access-control-allow-origin");
                    assert_eq!(allowed, expected, "{method} {path} from {origin}: {}", answer.status);
                    for name in ["access-control-allow-credentials", "access-control-expose-headers"] {
                        assert_eq!(answer.header(name), "", "{method} {path}");
                    }
                }
            }
        }
    }
}

each_setup! {
    async fn tokens_are_read_across_origins(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let back = server.browser().sign_in(&client, "sakura", &[]).await;
        let tokens = server.redeem(&client, &parameter(&back, "code").unwrap(), &[]).await.expect(200);
        assert_eq!(tokens.header("access-control-allow-origin"), "", "no Origin, no header");
        assert_eq!(tokens.header("cache-control"), "no-store");
    }
}
