//! Every page that a person can meet, on a phone and a desk, in both languages.

use serde_json::{Value, json};

use super::person::PRIMARY;
use crate::support::{
    chromium::{Browser, Screen},
    demo::Demo,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_sound_on_a_phone_in_english() {
    walk(Screen::Phone, "en").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_sound_on_a_phone_in_japanese() {
    walk(Screen::Phone, "ja").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_sound_on_a_desk_in_english() {
    walk(Screen::Desktop, "en").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_sound_on_a_desk_in_japanese() {
    walk(Screen::Desktop, "ja").await;
}

async fn walk(screen: Screen, language: &str) {
    let demo = Demo::start();
    demo.printed.change_sign_in_experience(
        &json!({"signUp": {"identifiers": ["username"], "password": true, "verify": false}}),
    );
    let browser = Browser::open(screen, language).await;
    server_pages(&browser, &demo, language).await;
    account_pages(&browser, &demo, language).await;
    profile_pages(&browser, &demo, language).await;
    consent_page(&browser, &demo, language).await;
    leaving_pages(&browser, &demo, language).await;
}

/// Pages that need nobody.
async fn server_pages(browser: &Browser, demo: &Demo, language: &str) {
    let server = demo.printed.server();
    browser.visit(server).await;
    browser.check_look("home", language).await;
    browser.visit(&format!("{server}/nowhere")).await;
    browser.check_look("not-found", language).await;
    browser
        .visit(&format!(
            "{server}/oidc/auth?client_id=nobody&response_type=code"
        ))
        .await;
    browser.check_look("error", language).await;
    browser.visit(demo.printed.setup_link()).await;
    browser.check_look("setup", language).await;
}

/// From the application to the sign-in page, and what it says when something is wrong.
async fn account_pages(browser: &Browser, demo: &Demo, language: &str) {
    browser.visit(demo.printed.profile_app()).await;
    browser.check_look("profile-app", language).await;
    browser.press("#sign-in").await;
    browser.see("#identifier").await;
    browser.check_look("sign-in", language).await;
    browser
        .sign_in_as(demo.printed.username(), "not the password")
        .await;
    browser.see(".field-error").await;
    browser.check_look("sign-in-error", language).await;

    browser.press(".aside a").await;
    browser.see("#username").await;
    browser.check_look("register", language).await;
    browser
        .type_into("#username", demo.printed.username())
        .await;
    browser.type_into("#password", "short").await;
    browser.press(PRIMARY).await;
    browser.see(".field-error").await;
    browser.check_look("register-error", language).await;
}

/// An application of somebody else asks what it may do.
async fn consent_page(browser: &Browser, demo: &Demo, language: &str) {
    let (server, back) = (demo.printed.server(), "https://other.example/back");
    let application = json!({
        "name": "Other Shop",
        "type": "SPA",
        "isThirdParty": true,
        "oidcClientMetadata": {"redirectUris": [back], "postLogoutRedirectUris": []},
    });
    let made = demo.printed.run_commands_and(&format!(
        "echo; curl -fsS -X POST -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' -d '{application}' {server}/api/applications"
    ));
    let made = made.lines().last().expect("the answer is printed");
    let made: Value = serde_json::from_str(made).expect("the answer is JSON");
    let id = made["id"].as_str().expect("an application has an id");
    let challenge = crate::support::browser::CHALLENGE;
    browser
        .visit(&format!(
            "{server}/oidc/auth?client_id={id}&redirect_uri={back}&response_type=code&prompt=consent\
             &scope=openid%20profile%20email%20offline_access&code_challenge={challenge}&code_challenge_method=S256"
        ))
        .await;
    browser.see("button[value=allow]").await;
    browser.check_look("consent", language).await;
}

/// The example application, signed in.
async fn profile_pages(browser: &Browser, demo: &Demo, language: &str) {
    let profile_app = demo.printed.profile_app();
    browser.visit(profile_app).await;
    browser.press("#sign-in").await;
    browser
        .sign_in_as(demo.printed.username(), demo.printed.password())
        .await;
    browser.see("#save").await;
    browser.check_look("profile", language).await;
    browser.type_into("#birthdate", "soon").await;
    browser.press("#save").await;
    browser.see("#birthdate-problem").await;
    browser.check_look("profile-error", language).await;
    browser.type_into("#birthdate", "1990-05-15").await;
    browser.press("#save").await;
    browser.see("#saved").await;
    browser.check_look("profile-saved", language).await;
    browser.visit(profile_app).await;
    browser.check_look("profile-app-welcome", language).await;
    browser.visit(&format!("{profile_app}/nowhere")).await;
    browser.check_look("profile-app-message", language).await;
}

/// The server asks before it signs a person out whom no application has sent.
async fn leaving_pages(browser: &Browser, demo: &Demo, language: &str) {
    browser
        .visit(&format!("{}/oidc/session/end", demo.printed.server()))
        .await;
    browser.see(PRIMARY).await;
    browser.check_look("sign-out", language).await;
    browser.press(PRIMARY).await;
    browser.see("h1").await;
    browser.check_look("signed-out", language).await;
}
