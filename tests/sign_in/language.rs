//! Which language a page is in: chosen by hand, asked for by the application, or the browser's.

use meibo_domain::sign_in_experience::FallbackLanguage;

use crate::{
    each_setup,
    support::{browser::Browser, fixtures::Client, server::TestServer},
};

async fn language_of_sign_in(browser: &mut Browser, client: &Client, ui_locales: &str) -> String {
    let extra = [("prompt", "login"), ("ui_locales", ui_locales)];
    let (_, page) = browser.authorize(client, &extra).await.page();
    page.header("content-language").to_owned()
}

each_setup! {
    async fn the_browser_is_asked_unless_the_application_or_the_person_says_otherwise(server: TestServer) {
        let client = server.spa().await;
        for (accept, ui_locales, expected) in [
            ("ja", "", "ja"),
            ("ja-JP,ja;q=0.9,en;q=0.8", "", "ja"),
            ("en;q=0.5, ja;q=0.9", "", "ja"),
            ("fr, ja;q=0", "", "en"),
            ("fr", "", "en"),
            ("", "", "en"),
            ("en", "ja", "ja"),
            ("ja", "fr en-GB", "en"),
            ("ja", "fr", "ja"),
            ("ja", "<script>", "ja"),
        ] {
            let mut browser = server.browser();
            browser.language = accept;
            assert_eq!(language_of_sign_in(&mut browser, &client, ui_locales).await, expected, "{accept} {ui_locales}");
        }
    }
}

each_setup! {
    async fn a_choice_by_hand_is_kept_and_stands_above_everything(server: TestServer) {
        let client = server.spa().await;
        let mut browser = server.browser();
        let (path, page) = browser.authorize(&client, &[]).await.page();
        assert!(page.text().contains(&format!(r#"href="{path}&#38;lang=ja""#)), "{}", page.text());
        let page = browser.get(&format!("{path}&lang=ja")).await.expect(200);
        assert_eq!(page.header("content-language"), "ja");
        assert!(page.text().contains(&format!(r#"action="{path}""#)), "the form goes on without the choice");
        assert_eq!(language_of_sign_in(&mut browser, &client, "en").await, "ja");
        browser.get(&format!("{path}&lang=xx")).await.expect(200);
        assert_eq!(language_of_sign_in(&mut browser, &client, "").await, "ja", "no language, no change");
        browser.get(&format!("{path}&lang=en")).await.expect(200);
        browser.language = "ja";
        assert_eq!(language_of_sign_in(&mut browser, &client, "ja").await, "en");
    }
}

each_setup! {
    async fn an_error_page_is_in_the_chosen_language(server: TestServer) {
        let mut browser = server.browser();
        browser.get("/?lang=ja").await.expect(200);
        let page = browser.get("/sign-in?id=gone").await.expect(400);
        assert!(page.text().contains(r#"<html lang="ja">"#), "{}", page.text());
    }
}

each_setup! {
    async fn an_error_page_follows_the_settings_and_bears_the_brand(server: TestServer) {
        server.change_settings(|settings| {
            settings.language_info.auto_detect = false;
            settings.language_info.fallback_language = FallbackLanguage::Ja;
            settings.branding.logo_url = Some("https://cdn.example/logo.svg".to_owned());
        }).await;
        let mut browser = server.browser();
        for (path, status) in [("/nowhere", 404), ("/sign-in?id=gone", 400)] {
            let page = browser.get(path).await.expect(status);
            assert!(page.text().contains(r#"<html lang="ja">"#), "{}", page.text());
            assert!(page.text().contains("https://cdn.example/logo.svg"), "{}", page.text());
            let policy = page.header("content-security-policy");
            assert!(policy.contains("img-src 'self' https://cdn.example;"), "{policy}");
        }
    }
}
