use std::net::{Ipv4Addr, SocketAddr};

use axum::{Router, body::Body, extract::ConnectInfo, routing::get};
use http::StatusCode;
use http_body_util::BodyExt;
use tower::ServiceExt;
use url::Url;

use super::*;
use crate::respond::Document;

fn router(public_url: &str) -> Router {
    let config = Arc::new(WebConfig {
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        public_url: Url::parse(public_url).unwrap(),
    });
    Router::new()
        .route("/ok", get(async || Document("hello")))
        .route("/panic", get(panics))
        .route(
            "/refused",
            get(async || Failure::from(ErrorCode::UsernameInUse)),
        )
        .route(
            "/api/refused",
            get(async || Failure::from(ErrorCode::UsernameInUse)),
        )
        .route("/slow", get(std::future::pending::<()>))
        .fallback(async || Failure::from(ErrorCode::RouteNotFound))
        .method_not_allowed_fallback(async || Failure::from(ErrorCode::MethodNotAllowed))
        .layer(EdgeLayer::new(
            config,
            "node".to_owned(),
            Box::new(experience),
        ))
}

/// The settings of an operator with a brand, whose pages are Japanese unless asked for otherwise.
fn experience() -> Pin<Box<dyn Future<Output = Arc<SignInExperience>> + Send>> {
    let settings = r#"{"branding":{"logoUrl":"https://cdn.example/logo.svg"},"languageInfo":{"autoDetect":false,"fallbackLanguage":"ja"}}"#;
    let experience = SignInExperience::from_stored(settings).unwrap();
    Box::pin(std::future::ready(Arc::new(experience)))
}

async fn panics() -> Failure {
    panic!("the secret is hunter2");
}

fn request(method: &str, path: &str, headers: &[(&str, &str)]) -> Request {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

async fn send(request: Request) -> (StatusCode, http::HeaderMap, String) {
    let response = router("https://id.example").oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (
        parts.status,
        parts.headers,
        String::from_utf8(bytes.to_vec()).unwrap(),
    )
}

#[tokio::test]
async fn every_answer_has_its_id_and_the_headers() {
    for (path, status) in [
        ("/ok", 200),
        ("/refused", 422),
        ("/nowhere", 404),
        ("/panic", 500),
    ] {
        let (answered, headers, _) = send(request("GET", path, &[])).await;
        assert_eq!(answered, status, "{path}");
        assert_eq!(headers["x-request-id"], "node-1", "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "same-origin", "{path}");
        assert_eq!(
            headers["strict-transport-security"], "max-age=31536000",
            "{path}"
        );
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
    }
}

#[tokio::test]
async fn without_tls_nothing_is_said_of_tls() {
    let response = router("http://localhost:3001")
        .oneshot(request("GET", "/ok", &[]))
        .await
        .unwrap();
    assert!(!response.headers().contains_key("strict-transport-security"));
}

#[tokio::test]
async fn errors_are_json_for_programs_and_pages_for_people() {
    let html = ("accept", "text/html,*/*;q=0.8");
    for (path, headers, is_json) in [
        ("/refused", &[][..], true),
        ("/refused", &[html], false),
        ("/api/refused", &[html], true),
        ("/api/nowhere", &[html], true),
        ("/nowhere", &[html], false),
    ] {
        let (_, answered, body) = send(request("GET", path, headers)).await;
        let content_type = answered["content-type"].to_str().unwrap();
        assert_eq!(
            content_type == "application/json",
            is_json,
            "{path} {headers:?}"
        );
        assert_eq!(body.starts_with('{'), is_json, "{body}");
    }
}

#[tokio::test]
async fn errors_are_told_in_the_readers_language() {
    let message = async |language: &str| {
        let (_, _, body) = send(request("GET", "/refused", &[("accept-language", language)])).await;
        serde_json::from_str::<serde_json::Value>(&body).unwrap()["message"].clone()
    };
    assert_ne!(message("en").await, message("ja").await);
    assert_eq!(message("fr").await, message("en").await);
}

#[tokio::test]
async fn pages_of_errors_bear_the_brand_and_follow_the_language_of_the_settings() {
    let html = ("accept", "text/html");
    for (path, headers, language) in [
        ("/refused", &[html][..], "ja"),
        ("/nowhere", &[html, ("accept-language", "en")], "ja"),
        ("/panic", &[html, ("cookie", "meibo_language=en")], "en"),
    ] {
        let (_, answered, body) = send(request("GET", path, headers)).await;
        assert!(
            body.contains(&format!("lang=\"{language}\"")),
            "{path} {body}"
        );
        assert!(
            body.contains("https://cdn.example/logo.svg"),
            "{path} {body}"
        );
        let policy = answered["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("img-src 'self' https://cdn.example;"),
            "{path} {policy}"
        );
    }
}

#[tokio::test]
async fn a_panic_tells_only_its_request() {
    let (status, _, body) = send(request("GET", "/panic", &[])).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        body.contains("\"requestId\":\"node-1\"") && !body.contains("hunter2"),
        "{body}"
    );
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let (status, headers, body) = send(request("POST", "/ok", &[])).await;
    assert_eq!(
        (status, headers["allow"].to_str().unwrap()),
        (StatusCode::METHOD_NOT_ALLOWED, "GET,HEAD")
    );
    assert!(body.contains("request.method_not_allowed"), "{body}");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_never_ends_is_ended() {
    let (status, headers, body) = send(request("GET", "/slow", &[])).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        headers.contains_key("retry-after") && body.contains("server.overloaded"),
        "{body}"
    );
}

#[tokio::test]
async fn a_known_answer_is_not_sent_again() {
    let (_, headers, body) = send(request("GET", "/ok", &[])).await;
    assert_eq!(body, "\"hello\"");
    let known = [("if-none-match", headers["etag"].to_str().unwrap())];
    let (status, headers, body) = send(request("GET", "/ok", &known)).await;
    assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert!(headers.contains_key("etag") && headers.contains_key("x-request-id"));
}

#[tokio::test]
async fn only_a_trusted_proxy_names_a_request() {
    let id = async |peer: [u8; 4], name: &str| {
        let mut request = request("GET", "/ok", &[("x-request-id", name)]);
        let peer = SocketAddr::from((Ipv4Addr::from(peer), 5000));
        request.extensions_mut().insert(ConnectInfo(peer));
        send(request).await.1["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(id([10, 0, 0, 1], "edge-7").await, "edge-7");
    assert_eq!(id([192, 0, 2, 1], "edge-7").await, "node-1");
    assert_eq!(id([10, 0, 0, 1], "x\"y").await, "node-1");
}

#[test]
fn a_chain_names_every_cause() {
    let error = Error::internal(Error::new(ErrorCode::Unavailable).caused_by("disk full"));
    let text = chain(&error);
    assert!(
        text.contains("server.internal") && text.contains("server.unavailable"),
        "{text}"
    );
    assert!(text.ends_with(": disk full"), "{text}");
}
