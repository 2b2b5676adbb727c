//! Bad paths, queries and headers, for every operation: a refusal, never a fault of ours.

use http::{Method, Request};
use meibo_web::management_api::routes;

use super::{
    document::Document,
    operations::{Things, body_of},
};
use crate::{each_setup, support::server::TestServer};

each_setup! {
    async fn an_id_that_cannot_exist_does_not(server: TestServer) {
        let admin = server.admin().await;
        let things = Things::new(&server, &admin).await;
        let (long, document) = ("x".repeat(129), Document::of_this_version());
        for route in routes().iter().filter(|route| route.path.contains('{')) {
            for id in [
                "nobody", "%00", "a%00", "%FF", "%20", "a%2Fb", "%2e%2e", "..", "%25", "%E5%90%8D", "a'b", "1;--", "*", "-1",
                "null", "undefined", "%27%20OR%201=1--", "%0d%0aSet-Cookie:x", &long,
            ] {
                for parameter in ["{userId}", "{id}", "{scopeId}"] {
                    if !route.path.contains(parameter) {
                        continue;
                    }
                    let path = things.path_with(route, parameter, id);
                    let body = body_of(route).map(|body| body.to_string());
                    let refused = admin.call(route.method.clone(), &path, body).await;
                    let refused = refused.expect(404);
                    let wrong = document.check_answer(route, &refused);
                    assert!(wrong.is_empty(), "{} {path}: {wrong:?}", route.method);
                    assert_eq!(refused.code(), "entity.not_exists_with_id", "{} {path}", route.method);
                }
            }
        }
    }
}

each_setup! {
    async fn a_query_has_bounds(server: TestServer) {
        let admin = server.admin().await;
        let things = Things::new(&server, &admin).await;
        let many = "a=1&".repeat(65);
        let long = format!("search={}", "x".repeat(9000));
        let vast = format!("x={}", "y".repeat(60_000));
        let reading = |method: &Method| *method == Method::GET;
        for route in routes().iter().filter(|route| reading(&route.method)) {
            let reads_its_query = route.is_paged || !route.query.is_empty();
            for query in [&many, &long, &vast, "x=%FF", "x=%00", "%C0%80=1"] {
                let answer = admin.get(&format!("{}?{query}", things.path(route))).await;
                if reads_its_query {
                    assert_eq!(answer.expect(400).code(), "request.invalid_input", "{} {query:.40}", route.path);
                } else {
                    assert_eq!(answer.status.as_u16(), route.status, "{} {query:.40}", route.path);
                }
            }
        }
    }
}

each_setup! {
    async fn strange_headers_change_nothing(server: TestServer) {
        let admin = server.admin().await;
        for (name, value) in [
            ("host", "evil.example"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "https"),
            ("forwarded", "host=evil.example;proto=https"),
            ("x-http-method-override", "DELETE"),
            ("x-original-url", "/api/applications"),
            ("accept", "application/xml"),
            ("accept-language", "\u{1f}"),
            ("accept-language", "*;q=9, x-y-z-a-b-c-d, ;;;"),
            ("if-none-match", "\"\u{80}"),
            ("range", "bytes=0-0"),
            ("x-request-id", "a b\tc"),
        ] {
            let Ok(value) = http::HeaderValue::from_bytes(value.as_bytes()) else { continue };
            let answer = admin.send(Request::get("/api/users").header(name, &value), "").await.expect(200);
            assert!(answer.header("link").starts_with("<http://id.example/api/users?"), "{name} {value:?}");
            assert!(!answer.header("x-request-id").contains(' '), "{name}");
        }
    }
}

each_setup! {
    async fn no_other_site_s_scripts_may_read(server: TestServer) {
        let admin = server.admin().await;
        let asked = Request::get("/api/users").header("origin", "https://evil.example");
        let answer = admin.send(asked, "").await.expect(200);
        assert_eq!(answer.header("access-control-allow-origin"), "");
        let preflight = Request::options("/api/users")
            .header("origin", "https://evil.example")
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization");
        let answer = server.nobody().send(preflight, "").await.expect(405);
        assert_eq!(answer.header("access-control-allow-origin"), "");
    }
}
