//! The whole first requirement as a person lives it: an account by an emailed code, the profile page with a new
//! email address and a new phone number, a wrong code, and a sign-in with the new address.

use super::person::PRIMARY;
use crate::support::{
    chromium::{Browser, Screen},
    demo::Demo,
};

const EMAIL: &str = "hana@example.com";
const NEW_EMAIL: &str = "hana@new.example";
const NAME: &str = "花村 はな";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_lives_with_codes_in_english() {
    live("en", "+81 90-1234-5678").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_lives_with_codes_in_japanese() {
    live("ja", "０９０ー１２３４ー５６７８").await;
}

async fn live(language: &str, phone: &str) {
    let demo = Demo::start();
    let browser = Browser::open(Screen::Phone, language).await;
    register(&browser, &demo, language).await;
    change_profile(&browser, &demo, language, phone).await;

    browser.press("#sign-out").await;
    browser.press("#sign-in").await;
    browser.type_into("#identifier", NEW_EMAIL).await;
    browser.press("#code").await;
    browser.see("input[name=code]").await;
    let code = demo.printed.code_sent_to(NEW_EMAIL, 2).await;
    browser.type_into("input[name=code]", &code).await;
    browser.press(PRIMARY).await;
    browser.see("#save").await;
    assert_eq!(browser.typed_in("#email").await, NEW_EMAIL);
    assert_eq!(browser.typed_in("#name").await, NAME);

    browser.press("#sign-out").await;
    browser.press("#sign-in").await;
    browser.see("#identifier").await;
    demo.interrupt();
}

/// From the application's first page to the profile page of an account that did not exist.
async fn register(browser: &Browser, demo: &Demo, language: &str) {
    browser.visit(demo.printed.profile_app()).await;
    browser.press("#sign-in").await;
    browser.see("#identifier").await;
    browser.check_look("code-sign-in", language).await;
    browser.press(".aside a").await;
    browser.see("#identifier").await;
    browser.check_look("code-register", language).await;
    browser.type_into("#identifier", EMAIL).await;
    browser.press(PRIMARY).await;

    browser.see("input[name=code]").await;
    browser.check_look("code-typed", language).await;
    let code = demo.printed.code_sent_to(EMAIL, 1).await;
    browser.type_into("input[name=code]", &another(&code)).await;
    browser.press(PRIMARY).await;
    browser.see(".field-error").await;
    browser.check_look("code-wrong", language).await;
    browser.type_into("input[name=code]", &code).await;
    browser.press(PRIMARY).await;
    browser.see("#save").await;
    assert_eq!(browser.typed_in("#email").await, EMAIL);
}

/// Name, email address and phone number, each address shown to be the person's own before it is saved.
async fn change_profile(browser: &Browser, demo: &Demo, language: &str, phone: &str) {
    browser.type_into("#name", NAME).await;
    browser.type_into("#email", NEW_EMAIL).await;
    browser.press("#send-email").await;
    browser.see("#email_code").await;
    browser.check_look("profile-code", language).await;
    let code = demo.printed.code_sent_to(NEW_EMAIL, 1).await;
    browser.type_into("#email_code", &another(&code)).await;
    browser.press("#check-email").await;
    browser.see("#email_code-problem").await;
    browser.check_look("profile-code-wrong", language).await;
    browser.type_into("#email_code", &code).await;
    browser.press("#check-email").await;
    browser.see("#email-state.is-good").await;

    browser.type_into("#phone", phone).await;
    browser.press("#send-phone").await;
    let code = demo.printed.code_sent_to("819012345678", 1).await;
    browser.type_into("#phone_code", &code).await;
    browser.press("#save").await;
    browser.see("#saved").await;
    browser.check_look("profile-codes-saved", language).await;
    assert_eq!(browser.typed_in("#email").await, NEW_EMAIL);
    assert_eq!(browser.typed_in("#name").await, NAME);
    let shown = browser.typed_in("#phone").await;
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    assert_eq!(digits, "819012345678", "{shown}");
    browser
        .visit(&format!("{}/demo/inbox", demo.printed.server()))
        .await;
    browser.check_look("inbox", language).await;
    browser
        .visit(&format!("{}/profile", demo.printed.profile_app()))
        .await;
}

/// Six other digits.
fn another(code: &str) -> String {
    let turn = |digit: char| if digit == '9' { '0' } else { '9' };
    code.chars().map(turn).collect()
}
