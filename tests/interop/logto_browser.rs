//! `@logto/browser` in Chromium, in a page of another site than the server's.

mod page;

use serde_json::{Value, json};

use super::{
    client::says,
    noticed::BY_LOGTO_CLIENT,
    on_both_databases,
    stage::{RESOURCE, Stage, TamperedStage, USERNAME},
};
use crate::support::{
    chromium::{Browser, Screen},
    fixtures::PASSWORD,
    process::until,
};

/// What the page shows, as soon as it shows something.
async fn said(browser: &Browser) -> Value {
    let mut text = String::new();
    until("the page says something", async || {
        let Ok(element) = browser.find(thirtyfour::By::Id("said")).await else {
            return false;
        };
        text = element.text().await.unwrap_or_default();
        !text.is_empty()
    })
    .await;
    serde_json::from_str(&text).unwrap()
}

/// Presses a button that leads nowhere, and gives what the page then says.
async fn ask(browser: &Browser, selector: &str) -> Value {
    browser.see(selector).await.click().await.unwrap();
    said(browser).await
}

on_both_databases! {
    async fn works(stage: Stage) {
        page::serve(&stage).await;
        let home = stage.setting("page", "url");
        let browser = Browser::open(Screen::Desktop, "en").await;
        browser.visit(home).await;
        assert_eq!(said(&browser).await, json!({"isAuthenticated": false}));
        browser.press("#sign-in").await;
        browser.sign_in_as(USERNAME, PASSWORD).await;
        assert_eq!(said(&browser).await, json!({"isAuthenticated": true}));

        let read = ask(&browser, "#read").await;
        assert_eq!(read["claims"]["username"], USERNAME);
        assert_eq!(read["claims"]["aud"], stage.settings["page"]["id"]);
        assert_eq!(read["userInfo"]["sub"], read["claims"]["sub"]);
        assert_eq!(read["userInfo"]["name"], "桜");

        // Nothing but the refresh token is left to get it by.
        browser.refresh().await.unwrap();
        assert_eq!(said(&browser).await, json!({"isAuthenticated": true}));
        let token = ask(&browser, "#token").await;
        assert_eq!(token["aud"], RESOURCE);
        assert_eq!(token["sub"], read["claims"]["sub"]);

        browser.press("#sign-out").await;
        assert_eq!(said(&browser).await, json!({"isAuthenticated": false}));
        browser.press("#sign-in").await;
        browser.see("#password").await;
        assert_eq!(browser.console_errors().await, Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn notices_what_is_wrong() {
    let TamperedStage { stage, proxy } = TamperedStage::new().await;
    page::serve(&stage).await;
    let browser = Browser::open(Screen::Desktop, "en").await;
    let home = stage.setting("page", "url");
    browser.visit(home).await;
    browser.press("#sign-in").await;
    browser.sign_in_as(USERNAME, PASSWORD).await;
    assert_eq!(said(&browser).await, json!({"isAuthenticated": true}));
    // The server knows the browser from here on, so that pressing the button leads straight back.
    for (defect, words) in BY_LOGTO_CLIENT {
        proxy.spoil(Some(*defect));
        browser.visit(home).await;
        said(&browser).await;
        browser.press("#sign-in").await;
        let said = said(&browser).await;
        assert!(says(&said["error"], words), "{defect:?}: {said}");
    }
}
