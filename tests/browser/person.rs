//! What a person does with a page: open, type, press, read. Each step waits until the page has what it needs.

use std::time::Duration;

use thirtyfour::{
    By, WebElement,
    extensions::query::{ElementQueryable as _, ElementWaitable as _},
};

use crate::support::chromium::Browser;

/// How long a step waits for the page, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

/// The one thing to do on a page of the server.
pub(super) const PRIMARY: &str = ".primary";

impl Browser {
    /// Opens an address.
    pub(crate) async fn visit(&self, url: &str) {
        self.goto(url)
            .await
            .unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// The element that a CSS selector finds, as soon as it can be seen.
    pub(crate) async fn see(&self, selector: &str) -> WebElement {
        self.see_by(By::Css(selector)).await
    }

    /// The first element that is found, as soon as it can be seen.
    pub(crate) async fn see_by(&self, by: By) -> WebElement {
        let query = self.query(by.clone()).wait(PATIENCE, PAUSE).and_displayed();
        match query.first().await {
            Ok(element) => element,
            Err(error) => {
                let here = self.current_url().await;
                let here = here.map(String::from).unwrap_or_default();
                panic!("{by} is not on {here}: {error}")
            }
        }
    }

    /// Presses a button or follows a link, and waits until that has led to another page.
    pub(crate) async fn press(&self, selector: &str) {
        let page = self.see("html").await;
        let button = self.see(selector).await;
        if let Err(error) = button.click().await {
            panic!("{selector}: {error}");
        }
        let gone = page.wait_until().wait(PATIENCE, PAUSE).stale().await;
        if let Err(error) = gone {
            panic!("{selector} led nowhere: {error}");
        }
    }

    /// Replaces what stands in a field.
    pub(crate) async fn type_into(&self, selector: &str, text: &str) {
        let field = self.see(selector).await;
        field
            .clear()
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
        field
            .send_keys(text)
            .await
            .unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// What stands in a field.
    pub(crate) async fn typed_in(&self, selector: &str) -> String {
        self.see(selector)
            .await
            .prop("value")
            .await
            .unwrap()
            .unwrap_or_default()
    }

    /// The words of an element.
    pub(crate) async fn read(&self, selector: &str) -> String {
        self.see(selector).await.text().await.unwrap()
    }

    /// Fills the sign-in page in and sends it.
    pub(crate) async fn sign_in_as(&self, username: &str, password: &str) {
        self.type_into("#identifier", username).await;
        self.type_into("#password", password).await;
        self.press(PRIMARY).await;
    }
}
