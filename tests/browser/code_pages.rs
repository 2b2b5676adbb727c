//! The pages that prove an address by a code: making an account with it, signing in with it, and choosing
//! another password; on a phone and a desk, in both languages.

use serde_json::json;

use super::person::PRIMARY;
use crate::support::{
    chromium::{Browser, Screen},
    demo::Demo,
};

const EMAIL: &str = "hanako.yamada@example.com";
const PASSWORD: &str = "seven violet umbrellas";
const NEW_PASSWORD: &str = "eight green umbrellas";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn code_pages_are_sound_on_a_phone_in_english() {
    walk(Screen::Phone, "en").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn code_pages_are_sound_on_a_phone_in_japanese() {
    walk(Screen::Phone, "ja").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn code_pages_are_sound_on_a_desk_in_english() {
    walk(Screen::Desktop, "en").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn code_pages_are_sound_on_a_desk_in_japanese() {
    walk(Screen::Desktop, "ja").await;
}

async fn walk(screen: Screen, language: &str) {
    let demo = Demo::start();
    demo.printed.change_sign_in_experience(&json!({
        "signUp": {"identifiers": ["email"], "password": true, "verify": true},
        "termsOfUseUrl": "https://shop.example/terms",
        "privacyPolicyUrl": "https://shop.example/privacy",
        "agreeToTermsPolicy": "ManualRegistrationOnly",
    }));
    let browser = Browser::open(screen, language).await;
    register(&browser, &demo, language).await;
    forget_password(&browser, &demo, language).await;
    sign_in(&browser, &demo, language).await;
}

/// An account with a password and a mark set by hand.
async fn register(browser: &Browser, demo: &Demo, language: &str) {
    browser.visit(demo.printed.profile_app()).await;
    browser.press("#sign-in").await;
    browser.press(".aside a").await;
    browser.see("#identifier").await;
    browser.check_look("register-code", language).await;
    browser.type_into("#identifier", EMAIL).await;
    browser.press(PRIMARY).await;
    browser.see("#code").await;
    browser.check_look("register-code-verify", language).await;
    type_code(browser, demo, 1).await;

    browser.see("#password").await;
    browser.check_look("register-new", language).await;
    browser.type_into("#password", "short").await;
    browser.see("#agreement").await.click().await.unwrap();
    browser.press(PRIMARY).await;
    browser.see(".field-error").await;
    browser.check_look("register-new-error", language).await;
    browser.type_into("#password", PASSWORD).await;
    browser.see("#agreement").await.click().await.unwrap();
    browser.press(PRIMARY).await;
    browser.see("#save").await;
    browser.press("#sign-out").await;
}

/// Another password, found by the link of the sign-in page.
async fn forget_password(browser: &Browser, demo: &Demo, language: &str) {
    browser.press("#sign-in").await;
    browser.press("#forgot-password").await;
    browser.see("#identifier").await;
    browser.check_look("forgot-password", language).await;
    browser.type_into("#identifier", "110").await;
    browser.press(PRIMARY).await;
    browser.see(".field-error").await;
    browser.check_look("forgot-password-error", language).await;
    browser.type_into("#identifier", EMAIL).await;
    browser.press(PRIMARY).await;
    browser.see("#code").await;
    browser.check_look("forgot-password-verify", language).await;
    type_code(browser, demo, 2).await;

    browser.see("#password").await;
    browser.check_look("forgot-password-new", language).await;
    browser.type_into("#password", "short").await;
    browser.press(PRIMARY).await;
    browser.see(".field-error").await;
    browser
        .check_look("forgot-password-new-error", language)
        .await;
    browser.type_into("#password", NEW_PASSWORD).await;
    browser.press(PRIMARY).await;
    browser.see("a.primary").await;
    browser.check_look("forgot-password-done", language).await;
    browser.press("a.primary").await;
    browser.sign_in_as(EMAIL, NEW_PASSWORD).await;
    browser.see("#save").await;
    browser.press("#sign-out").await;
}

/// With a code; the page says so when codes are turned off meanwhile.
async fn sign_in(browser: &Browser, demo: &Demo, language: &str) {
    browser.press("#sign-in").await;
    browser.see("#identifier").await;
    browser.press("#code").await;
    browser.see("#identifier").await;
    browser.check_look("sign-in-code", language).await;
    browser.type_into("#identifier", EMAIL).await;
    browser.press(PRIMARY).await;
    browser.see("#code").await;
    browser.check_look("sign-in-code-verify", language).await;
    demo.printed.change_sign_in_experience(&json!({
        "signIn": {"methods": [
            {"identifier": "email", "password": true, "verificationCode": false, "isPasswordPrimary": true},
        ]},
    }));
    type_code(browser, demo, 3).await;
    browser.see(".notice").await;
    browser.check_look("sign-in-code-closed", language).await;
    browser.press(".ways a").await;
    browser.sign_in_as(EMAIL, NEW_PASSWORD).await;
    browser.see("#save").await;
}

/// Types the code of the `count`th message.
async fn type_code(browser: &Browser, demo: &Demo, count: usize) {
    let code = demo.printed.code_sent_to(EMAIL, count).await;
    browser.type_into("#code", &code).await;
    browser.press(PRIMARY).await;
}
