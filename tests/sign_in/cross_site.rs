//! Cross-site request forgery: our forms are taken from our pages only.

use http::Method;

use crate::{
    each_setup,
    support::{fixtures::PASSWORD, server::TestServer},
};

each_setup! {
    async fn forms_from_other_sites_are_refused_before_anything_happens(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let link = server.app().issue_setup_link().await.unwrap().unwrap();
        let setup = link.strip_prefix("http://id.example").unwrap().to_owned();
        let register = path.replace("/sign-in", "/register");
        let before = server.hashes();
        let fields = [("identifier", "sakura"), ("username", "evil"), ("password", PASSWORD)];
        for headers in [
            &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")][..],
            &[("sec-fetch-site", "same-site"), ("origin", "http://www.id.example")],
            &[("sec-fetch-site", "cross-site")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://id.example.evil.example")],
            &[("origin", "null")],
        ] {
            for path in [&path, &register, &setup, "/oidc/session/end/confirm"] {
                let answer = browser.request_with(Method::POST, path, &fields, headers).await.expect(403);
                assert!(answer.text().contains("request.cross_site"), "{headers:?} {}", answer.text());
                assert!(!answer.headers.contains_key("set-cookie"), "{headers:?} {path}");
            }
        }
        assert_eq!(server.hashes(), before);
        browser.submit(&path, &fields).await.elsewhere();
        browser.post(&setup, &fields).await.expect(200);
    }
}

each_setup! {
    async fn a_browser_without_fetch_metadata_is_known_by_its_origin(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let fields = [("identifier", "sakura"), ("password", PASSWORD)];
        let own = [("origin", "http://id.example")];
        browser.request_with(Method::POST, &path, &fields, &own).await.expect(303);
    }
}
