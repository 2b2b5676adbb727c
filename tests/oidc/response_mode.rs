//! How the answer travels: OAuth 2.0 Multiple Response Types section 2.1, Form Post section 2.

use url::Url;

use crate::{
    each_setup,
    support::{
        browser::{Browser, authorize_path},
        fixtures::{Client, PASSWORD},
        server::TestServer,
    },
};

/// The sign-in page's form, posted; the address of the sign-in itself is not followed.
async fn sign_in_page(browser: &mut Browser, client: &Client, extra: &[(&str, &str)]) -> String {
    browser.visit(&authorize_path(client, extra)).await.page().0
}

each_setup! {
    async fn a_fragment_carries_the_code_behind_the_hash(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let back = server.browser().sign_in(&client, "sakura", &[("response_mode", "fragment")]).await;
        assert_eq!(back.query(), None);
        let fields = Url::parse(&format!("x:?{}", back.fragment().unwrap())).unwrap();
        let names: Vec<String> = fields.query_pairs().map(|(name, _)| name.into_owned()).collect();
        assert_eq!(names, ["code", "state", "iss"]);
    }
}

each_setup! {
    async fn a_form_is_posted_with_everything_escaped(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let state = r#""><script>alert(1)</script>"#;
        let extra = [("response_mode", "form_post"), ("state", state)];
        let mut browser = server.browser();
        let path = sign_in_page(&mut browser, &client, &extra).await;
        let fields = [("identifier", "sakura"), ("password", PASSWORD)];
        let (_, answer) = browser.submit(&path, &fields).await.page();
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(!answer.header("content-security-policy").contains("form-action"));
        let page = answer.text();
        assert!(page.contains(r#"<form method="post" action="https://app.example/callback""#), "{page}");
        assert!(!page.contains("<script>alert"), "{page}");
        for name in ["code", "state", "iss"] {
            assert!(page.contains(&format!(r#"<input type="hidden" name="{name}""#)), "{name} in {page}");
        }
        // Nothing more is needed than the button: the page works without scripts.
        assert!(page.contains(r#"<button type="submit""#), "{page}");
    }
}

each_setup! {
    async fn errors_travel_as_the_answer_would(server: TestServer) {
        let client = server.spa().await;
        let none = ("prompt", "none");
        let back = server.browser().authorize(&client, &[("response_mode", "fragment"), none]).await.elsewhere();
        assert!(back.fragment().unwrap().contains("error=login_required"), "{back}");
        assert_eq!(back.query(), None);
        let (_, page) = server.browser().authorize(&client, &[("response_mode", "form_post"), none]).await.page();
        assert!(page.text().contains(r#"name="error" value="login_required""#), "{}", page.text());
    }
}
