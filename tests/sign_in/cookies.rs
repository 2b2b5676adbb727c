//! Attributes of the cookies (RFC 6265bis section 4.1).

use crate::{
    each_setup,
    support::{
        browser::authorize_path,
        fixtures::PASSWORD,
        server::{Setup, TestServer},
    },
};

each_setup! {
    async fn cookies_are_kept_from_scripts_and_other_sites(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let answer = browser.get(&authorize_path(&client, &[])).await.expect(303);
        let expected = ("meibo_browser", vec!["HttpOnly", "Path=/", "SameSite=Lax"]);
        assert_eq!(attributes(answer.header("set-cookie")), expected);
        let path = answer.location().to_owned();
        let fields = [("identifier", "sakura"), ("password", PASSWORD)];
        let answer = browser.post(&path, &fields).await.expect(303);
        assert_eq!(
            attributes(answer.header("set-cookie")),
            ("meibo_session", vec!["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=Lax"])
        );
        let answer = browser.get("/?lang=ja").await.expect(200);
        assert_eq!(
            attributes(answer.header("set-cookie")),
            ("meibo_language", vec!["HttpOnly", "Max-Age=31536000", "Path=/", "SameSite=Lax"])
        );
    }
}

/// The name and the sorted attributes of a `Set-Cookie` line.
fn attributes(line: &str) -> (&str, Vec<&str>) {
    let mut parts = line.split("; ");
    let name = parts.next().unwrap().split('=').next().unwrap();
    let mut attributes: Vec<&str> = parts.collect();
    attributes.sort_unstable();
    (name, attributes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_https_they_are_bound_to_the_host_and_secure() {
    let server = TestServer::start_at(Setup::Sqlite, "https://id.example").await;
    let client = server.spa().await;
    server.person("sakura").await;
    let mut browser = server.browser();
    let answer = browser.get(&authorize_path(&client, &[])).await.expect(303);
    let (name, seen) = attributes(answer.header("set-cookie"));
    assert_eq!(name, "__Host-meibo_browser");
    assert_eq!(seen, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
    assert!(!answer.header("strict-transport-security").is_empty());
    let own = [
        ("origin", "https://id.example"),
        ("sec-fetch-site", "same-origin"),
    ];
    let fields = [("identifier", "sakura"), ("password", PASSWORD)];
    let path = answer.location().to_owned();
    let answer = browser
        .request_with(http::Method::POST, &path, &fields, &own)
        .await
        .expect(303);
    let (name, seen) = attributes(answer.header("set-cookie"));
    assert_eq!(name, "__Host-meibo_session");
    assert!(seen.contains(&"Secure"), "{seen:?}");
    // A cookie without the prefix, which any subdomain could have set, is not read.
    let token = browser.cookies.remove("__Host-meibo_session").unwrap();
    browser.cookies.insert("meibo_session".to_owned(), token);
    let answer = browser
        .get(&authorize_path(&client, &[("prompt", "none")]))
        .await
        .expect(303);
    assert!(
        answer.location().contains("error=login_required"),
        "{}",
        answer.location()
    );
}
