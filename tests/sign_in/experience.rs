//! The pages follow the settings of the sign-in experience.

use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        answer::Answer,
        browser::Browser,
        fixtures::{Client, PASSWORD},
        server::TestServer,
    },
};

const TERMS: &str = "https://shop.example/terms";
const PRIVACY: &str = "https://shop.example/privacy?a=1&b=2";

impl TestServer {
    /// Changes the settings as an administrator does.
    async fn set_experience(&self, body: Value) {
        let admin = self.admin().await;
        admin.patch("/api/sign-in-exp", body).await.expect(200);
    }
}

/// The page that a fresh browser of `language` comes to, and its address.
async fn arrive(
    server: &TestServer,
    client: &Client,
    language: &'static str,
    extra: &[(&str, &str)],
) -> (Browser, String, Answer) {
    let mut browser = server.browser();
    browser.language = language;
    let (path, page) = browser.authorize(client, extra).await.page();
    (browser, path, page)
}

const TO_REGISTER: &[(&str, &str)] = &[("first_screen", "register")];

each_setup! {
    async fn a_brand_is_on_every_page_and_only_its_origins_may_send_pictures(server: TestServer) {
        let client = server.spa().await;
        server.set_experience(json!({
            "branding": {
                "logoUrl": "https://cdn.example/logo.svg?v=1&w=2", "darkLogoUrl": "https://dark.example/logo.svg",
                "favicon": "https://cdn.example/icon.svg",
            },
            "color": {"primaryColor": "#0055bb"},
        })).await;
        for extra in [&[][..], TO_REGISTER] {
            let (_, path, page) = arrive(&server, &client, "en", extra).await;
            let html = page.text();
            for part in [
                r#"<img class="logo" src="https://cdn.example/logo.svg?v=1&#38;w=2" alt="id.example">"#,
                r#"<source srcset="https://dark.example/logo.svg" media="(prefers-color-scheme: dark)">"#,
                r#"<link rel="icon" href="https://cdn.example/icon.svg">"#,
                r#"<link rel="stylesheet" href="/brand.css">"#,
                " · id.example</title>",
            ] {
                assert!(html.contains(part), "{path}: {part} {html}");
            }
            assert!(!html.contains("Meibo") && !html.contains(" style="), "{html}");
            let policy = page.header("content-security-policy");
            assert!(policy.contains("; img-src 'self' https://cdn.example https://dark.example; "), "{policy}");
            assert!(policy.contains("style-src 'self';") && policy.contains("script-src 'self';"), "{policy}");
        }
        let css = server.get("/brand.css").await.expect(200);
        assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
        assert!(css.text().contains("--accent: #0055bb;"), "{}", css.text());
        let ask = || http::Request::get("/brand.css").header("if-none-match", css.header("etag"));
        server.nobody().send(ask(), "").await.expect(304);
        server.set_experience(json!({"color": {"primaryColor": "#006633", "isDarkModeEnabled": false}})).await;
        let changed = server.nobody().send(ask(), "").await.expect(200);
        assert!(changed.text().contains("#006633") && !changed.text().contains("dark"), "{}", changed.text());
        let (_, _, page) = arrive(&server, &client, "en", &[]).await;
        let html = page.text();
        assert!(html.contains(r#"<meta name="color-scheme" content="light">"#) && !html.contains("(prefers-color-scheme: dark)"), "{html}");
    }
}

each_setup! {
    async fn without_a_brand_nothing_comes_from_elsewhere(server: TestServer) {
        let (_, _, page) = arrive(&server, &server.spa().await, "en", &[]).await;
        assert!(page.header("content-security-policy").contains("; img-src 'self'; "));
        let html = page.text();
        for elsewhere in ["=\"http", "=\"//", "<img", "/brand.css", "class=\"links\""] {
            let found = html.replace("xmlns=\"http", "").contains(elsewhere);
            assert!(!found, "{elsewhere}: {html}");
        }
    }
}

each_setup! {
    async fn links_stand_at_the_foot_in_both_languages(server: TestServer) {
        let client = server.spa().await;
        server.set_experience(json!({
            "termsOfUseUrl": TERMS, "privacyPolicyUrl": PRIVACY,
            "supportEmail": "help@shop.example", "supportWebsiteUrl": "https://shop.example/help",
        })).await;
        for (language, words) in [
            ("en", ["Terms of use", "Privacy policy", "Help", "Contact us"]),
            ("ja", ["利用規約", "プライバシーポリシー", "ヘルプ", "お問い合わせ"]),
        ] {
            let (_, _, page) = arrive(&server, &client, language, &[]).await;
            let html = page.text();
            let hrefs = [TERMS, "https://shop.example/privacy?a=1&#38;b=2", "https://shop.example/help", "mailto:help@shop.example"];
            for (word, href) in words.iter().zip(hrefs) {
                assert!(html.contains(&format!(r#"<a href="{href}">{word}</a>"#)), "{word}: {html}");
            }
            assert!(!html.contains(r#"name="agreement""#), "going on is agreement enough");
        }
    }
}

each_setup! {
    async fn who_must_agree_is_asked_and_held_to_it(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let account = [("username", "kaede"), ("password", PASSWORD)];
        let known = [("identifier", "sakura"), ("password", PASSWORD)];
        for (policy, asks_at_sign_in) in [("ManualRegistrationOnly", false), ("Manual", true)] {
            server.set_experience(json!({"termsOfUseUrl": TERMS, "agreeToTermsPolicy": policy})).await;
            for (language, sentence, demand) in [
                ("en", "I agree to the terms of use.", "Please tick the box to agree"),
                ("ja", "利用規約に同意します。", "同意のチェックを入れてください"),
            ] {
                let (mut browser, path, page) = arrive(&server, &client, language, TO_REGISTER).await;
                let field = r#"<input type="checkbox" id="agreement" name="agreement" value="yes" required"#;
                assert!(page.text().contains(field) && page.text().contains(sentence), "{}", page.text());
                let refused = browser.post(&path, &account).await.expect(422);
                assert!(refused.text().contains(demand), "{}", refused.text());
                let (mut browser, path, page) = arrive(&server, &client, language, &[]).await;
                assert_eq!(page.text().contains(field), asks_at_sign_in, "{}", page.text());
                if asks_at_sign_in {
                    let refused = browser.post(&path, &known).await.expect(422);
                    assert!(refused.text().contains(demand), "{}", refused.text());
                    let agreed = [known[0], known[1], ("agreement", "yes")];
                    browser.post(&path, &agreed).await.expect(303);
                } else {
                    browser.post(&path, &known).await.expect(303);
                }
            }
        }
        let (mut browser, path, _) = arrive(&server, &client, "en", TO_REGISTER).await;
        browser.post(&path, &[account[0], account[1], ("agreement", "yes")]).await.expect(303);
    }
}

each_setup! {
    async fn a_closed_page_is_the_other_one(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        for (mode, extra, open, closed, fields) in [
            ("SignIn", TO_REGISTER, "/sign-in", "/register", [("username", "kaede"), ("password", PASSWORD)]),
            ("Register", &[][..], "/register", "/sign-in", [("identifier", "sakura"), ("password", PASSWORD)]),
        ] {
            server.set_experience(json!({"signInMode": mode})).await;
            let (mut browser, path, page) = arrive(&server, &client, "en", extra).await;
            assert!(path.starts_with(open), "{mode}: {path}");
            assert!(!page.text().contains(closed), "{mode}: no way to what is closed {}", page.text());
            let refused = browser.post(&path.replace(open, closed), &fields).await.expect(422);
            assert!(refused.text().contains("user.sign_in_method_not_enabled"), "{}", refused.text());
        }
    }
}

each_setup! {
    /// An identifier that does not sign in looks like a wrong password, whoever has it.
    async fn only_the_methods_sign_in(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let by_email = json!({"identifier": "email", "password": true, "verificationCode": true});
        server.set_experience(json!({
            "signIn": {"methods": [by_email]}, "signUp": {"identifiers": ["email"], "password": true, "verify": true},
        })).await;
        let mut seen = Vec::new();
        for (identifier, password) in [("sakura", PASSWORD), ("sakura", "wrong"), ("nobody", PASSWORD), ("nobody@example.com", PASSWORD)] {
            let (mut browser, path, page) = arrive(&server, &client, "en", &[]).await;
            assert!(page.text().contains("Email address") && !page.text().contains("Username"), "{}", page.text());
            let hashes = server.hashes();
            let answer = browser.post(&path, &[("identifier", identifier), ("password", password)]).await.expect(422);
            assert_eq!(server.hashes() - hashes, 1, "{identifier}");
            let same = answer.text().replace(&path, "").replace(&path.replace("/sign-in", "/register"), "");
            seen.push(same.replace(&format!("value=\"{identifier}\""), "").replace(path.split("id=").nth(1).unwrap(), ""));
        }
        assert!(seen.iter().all(|page| *page == seen[0]), "{seen:#?}");
        let (mut browser, path, _) = arrive(&server, &client, "en", &[]).await;
        browser.post(&path, &[("identifier", "sakura@example.com"), ("password", PASSWORD)]).await.expect(303);
    }
}

each_setup! {
    async fn languages_follow_the_settings_unless_somebody_chose(server: TestServer) {
        let client = server.spa().await;
        for (auto_detect, fallback, header, ui_locales, expected) in [
            (true, "ja", "fr", "", "ja"),
            (true, "ja", "en", "", "en"),
            (false, "ja", "en", "", "ja"),
            (false, "en", "ja", "", "en"),
            (false, "en", "en", "ja", "ja"),
        ] {
            let info = json!({"autoDetect": auto_detect, "fallbackLanguage": fallback});
            server.set_experience(json!({"languageInfo": info})).await;
            let (mut browser, path, page) = arrive(&server, &client, header, &[("ui_locales", ui_locales)]).await;
            assert_eq!(page.header("content-language"), expected, "{info} {header} {ui_locales}");
            for (by_hand, tag) in [("en", "en"), ("ja", "ja")] {
                let page = browser.get(&format!("{path}&lang={by_hand}")).await.expect(200);
                assert_eq!(page.header("content-language"), tag);
            }
        }
    }
}

each_setup! {
    async fn a_browser_without_a_sign_in_goes_where_it_is_told(server: TestServer) {
        let mut browser = server.browser();
        browser.get("/sign-in?id=gone").await.expect(400);
        server.set_experience(json!({"unknownSessionRedirectUrl": "https://shop.example/start?from=id"})).await;
        for path in ["/sign-in?id=gone", "/register", "/consent?id=gone"] {
            let sent = browser.get(path).await.expect(303);
            assert_eq!(sent.location(), "https://shop.example/start?from=id", "{path}");
        }
        browser.post("/sign-in?id=gone", &[("identifier", "a"), ("password", "b")]).await.expect(400);
    }
}

each_setup! {
    async fn the_stricter_password_policy_is_told_and_applied(server: TestServer) {
        let client = server.spa().await;
        server.set_experience(json!({"passwordPolicy": {"length": {"min": 12, "max": 64}}})).await;
        let (mut browser, path, page) = arrive(&server, &client, "en", TO_REGISTER).await;
        assert!(page.text().contains("At least 12 characters"), "{}", page.text());
        for (password, words) in [("kz8-mounta", "at least 12 characters".to_owned()), (&"kz8-tea ".repeat(9), "at most 64 characters".to_owned())] {
            let refused = browser.post(&path, &[("username", "kaede"), ("password", password)]).await.expect(422);
            assert!(refused.text().contains(&words), "{}", refused.text());
        }
    }
}
