//! The first ten minutes.

use serde_json::Value;

use super::person::PRIMARY;
use crate::support::{
    chromium::{Browser, Screen},
    demo::Demo,
};

const NAME: &str = "桜井 さくら子";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_follows_what_the_demo_prints() {
    let demo = Demo::start();
    let browser = Browser::open(Screen::Desktop, "en").await;

    browser.visit(demo.printed.profile_app()).await;
    browser.press("#sign-in").await;
    browser
        .sign_in_as(demo.printed.username(), demo.printed.password())
        .await;

    browser.see("#save").await;
    assert_ne!(browser.typed_in("#name").await, NAME);
    browser.type_into("#name", NAME).await;
    browser.press("#save").await;
    assert_eq!(browser.read("#saved").await, "Saved.");
    assert_eq!(browser.typed_in("#name").await, NAME);
    browser.press(".brand").await;
    assert_eq!(browser.read("h1").await, format!("Hello, {NAME}"));

    let user: Value = serde_json::from_str(&demo.printed.run_commands()).unwrap();
    assert_eq!(user["name"], NAME);
    assert_eq!(user["username"], demo.printed.username());

    // Signed out of both: the application, and the server, which asks for the password again.
    browser.press("#sign-out").await;
    browser.press("#sign-in").await;
    browser.see("#identifier").await;
    browser.see("#password").await;

    demo.interrupt();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_setup_link_makes_the_first_administrator_once() {
    let demo = Demo::start();
    let browser = Browser::open(Screen::Desktop, "en").await;
    let link = demo.printed.setup_link();

    browser.visit(link).await;
    browser.type_into("#username", "keeper").await;
    browser
        .type_into("#password", "seven violet umbrellas")
        .await;
    browser.press(PRIMARY).await;
    browser.see("a.primary").await;
    assert_eq!(browser.read("h1").await, "The server is yours");
    browser.check_look("setup-done", "en").await;

    browser.visit(link).await;
    assert_eq!(browser.read("h1").await, "There is nothing here");
}
