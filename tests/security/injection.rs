//! Injection in names and templates: what people and administrators type is shown, never obeyed.

use meibo_domain::application::{ApplicationType, NewApplication, OidcClientMetadata};
use serde_json::json;

use crate::{
    each_setup,
    support::{
        browser::parameter,
        fixtures::{Client, PASSWORD, REDIRECT_URI},
        server::{TestServer, operator},
    },
};

/// Names that somebody may try.
const NAMES: [&str; 7] = [
    r#"<script>alert(1)</script>"#,
    r#""><img src=x onerror=alert(1)>"#,
    "{{ 7 * 7 }} {% raw %} ${7*7} { $application }",
    "'; DROP TABLE users; --",
    "\u{202e}moc.elpmaxe\u{202c}",
    "zero\u{200b}width &amp; &#x3c;b&#x3e;",
    "]]> --> */ %s %n",
];

/// The name as a page shows it: escaped, and without characters that hide or turn others.
fn as_shown(name: &str) -> String {
    let mut shown = String::new();
    for character in name.chars() {
        match character {
            '&' => shown.push_str("&#38;"),
            '<' => shown.push_str("&#60;"),
            '>' => shown.push_str("&#62;"),
            '"' => shown.push_str("&#34;"),
            '\'' => shown.push_str("&#39;"),
            '\u{200b}' | '\u{202c}' | '\u{202e}' => {}
            other => shown.push(other),
        }
    }
    shown
}

each_setup! {
    async fn a_persons_name_is_shown_escaped(server: TestServer) {
        let person = server.person("sakura").await;
        let admin = server.admin().await;
        let client = server.spa().await;
        let path = format!("/api/users/{}", person.id);
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        for name in NAMES {
            let answer = admin.patch(&path, json!({"name": name})).await;
            if answer.status == 400 {
                continue;
            }
            assert_eq!(answer.expect(200).json()["name"], name, "kept as it is");
            let tokens = server.tokens(&client, "sakura", &[]).await;
            let claims = server.bearer(tokens["access_token"].as_str().unwrap()).get("/oidc/me").await.expect(200);
            assert_eq!(claims.json()["name"], name);
            let page = browser.get("/oidc/session/end").await.expect(200).text();
            assert!(page.contains(&as_shown(name)), "{name} in {page}");
            assert!(!page.contains("<script>alert") && !page.contains("<img src=x"), "{page}");
        }
        for name in ["line\r\nSet-Cookie: a=b", "nul\u{0}", "bell\u{7}"] {
            let answer = admin.patch(&path, json!({"name": name})).await.expect(400);
            assert_eq!(answer.code(), "guard.invalid_input", "{}", answer.text());
        }
    }
}

each_setup! {
    async fn an_applications_name_is_shown_escaped(server: TestServer) {
        for name in NAMES {
            let new = NewApplication {
            is_third_party: false,
                name: name.to_owned(),
                description: None,
                application_type: ApplicationType::Spa,
                oidc: OidcClientMetadata {
                    redirect_uris: vec![REDIRECT_URI.to_owned()],
                    ..OidcClientMetadata::default()
                },
                custom: Default::default(),
                custom_data: Default::default(),
            };
            let Ok(made) = server.app().create_application(&operator(), None, new, Default::default()).await else {
                continue;
            };
            let client = Client { id: made.id.to_string(), secret: None };
            let (_, page) = server.browser().authorize(&client, &[]).await.page();
            let text = page.text();
            assert!(!text.contains("<script>alert") && !text.contains("<img src=x"), "{text}");
            assert!(text.contains(&as_shown(name)), "{name} in {text}");
            assert!(!text.contains('\u{202e}'), "nothing turns the sentence around");
        }
    }
}

each_setup! {
    async fn what_was_typed_comes_back_escaped(server: TestServer) {
        let client = server.spa().await;
        for typed in NAMES {
            let mut browser = server.browser();
            let (path, page) = browser.authorize(&client, &[("login_hint", typed)]).await.page();
            assert!(!page.text().contains("<script>alert") && !page.text().contains("<img src=x"), "{}", page.text());
            let page = browser.post(&path, &[("identifier", typed), ("password", PASSWORD)]).await.expect(422);
            assert!(!page.text().contains("<script>alert") && !page.text().contains("<img src=x"), "{}", page.text());
            let register = path.replace("/sign-in", "/register");
            let page = browser.post(&register, &[("username", typed), ("password", PASSWORD)]).await;
            assert!(page.status.is_client_error(), "{typed}");
            assert!(!page.text().contains("<script>alert") && !page.text().contains("<img src=x"), "{}", page.text());
        }
        // Details of a refusal too.
        let path = "/oidc/auth?client_id=%3Cscript%3Ealert(1)%3C/script%3E&%3Cscript%3Ealert(2)=1";
        let page = server.browser().get(path).await.expect(400);
        assert!(!page.text().contains("<script>alert"), "{}", page.text());
    }
}

each_setup! {
    async fn line_breaks_reach_no_header(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let state = "a\r\nSet-Cookie: evil=1";
        let back = server.browser().authorize(&client, &[("state", state)]).await.elsewhere();
        assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"), "control characters are refused");
        assert!(!back.as_str().contains("evil"), "and not repeated: {back}");
        let answer = server.browser().get("/?lang=ja%0d%0aSet-Cookie:%20evil=1").await.expect(200);
        assert!(!answer.headers.contains_key("set-cookie"), "{:?}", answer.headers);
    }
}
