//! Pages that bear an operator's brand: its logo, its colour, its links, and a mark to agree by.

use serde_json::json;

use crate::support::chromium::{Browser, Screen};
use crate::support::demo::Demo;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn branded_pages_are_sound_in_english() {
    walk("en").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn branded_pages_are_sound_in_japanese() {
    walk("ja").await;
}

async fn walk(language: &str) {
    let demo = Demo::start();
    let server = demo.printed.server();
    let logo = format!("{server}{}", meibo_pages::assets::url("seal.svg"));
    let settings = json!({
        "branding": {"logoUrl": logo, "favicon": logo},
        "color": {"primaryColor": "#0055bb"},
        "termsOfUseUrl": "https://shop.example/terms",
        "privacyPolicyUrl": "https://shop.example/privacy",
        "supportWebsiteUrl": "https://shop.example/help",
        "supportEmail": "help@shop.example",
        "agreeToTermsPolicy": "Manual",
        "signUp": {"identifiers": ["username"], "password": true, "verify": false},
    });
    demo.printed.change_sign_in_experience(&settings);
    for screen in Screen::ALL {
        let browser = Browser::open(screen, language).await;
        browser.visit(demo.printed.profile_app()).await;
        browser.press("#sign-in").await;
        browser.see("img.logo").await;
        browser.see("#agreement").await;
        let button = browser.see(".primary").await;
        let colour = button.css_value("background-color").await.unwrap();
        assert!(colour.contains("0, 85, 187"), "{colour}");
        browser.check_look("brand-sign-in", language).await;
        browser.press(".aside a").await;
        browser.see("#username").await;
        browser.check_look("brand-register", language).await;
        browser.visit(&format!("{server}/nowhere")).await;
        browser.see("img.logo").await;
        browser.check_look("brand-not-found", language).await;
    }
}
