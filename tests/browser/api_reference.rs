//! The reference of the Management API, drawn by a script that must do so from this server alone.

use serde_json::json;
use thirtyfour::By;

use crate::support::chromium::{Browser, Screen};
use crate::support::demo::Demo;

/// Everything that the page has loaded.
const LOADED: &str = "return performance.getEntriesByType('resource').map((entry) => entry.name);";

/// Waits until the section whose id ends like `arguments[0]` stands in the upper half of the screen.
const ARRIVED: &str = r"
const [end, done] = arguments;
const look = () => {
    const top = document.querySelector(`section[id$='${end}']`)?.getBoundingClientRect().top ?? -1;
    if (top >= 0 && top < innerHeight / 2) done(); else requestAnimationFrame(look);
};
look();
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_api_reference_is_drawn_without_other_servers() {
    let demo = Demo::start();
    for screen in Screen::ALL {
        let browser = Browser::open(screen, "en").await;
        browser.visit(demo.printed.api_reference()).await;
        browser.see("h1").await;
        browser.see("section[id$='tag/Users']").await;
        let mut faults = browser.overflow().await;
        faults.extend(browser.missing_glyphs().await);
        faults.extend(browser.complaints().await);
        browser.keep_screenshots("api-reference").await;
        assert!(faults.is_empty(), "{}", faults.join("\n"));

        let loaded = browser.execute(LOADED, Vec::new()).await.unwrap();
        let loaded: Vec<String> = loaded.convert().unwrap();
        let own = format!("{}/", demo.printed.server());
        let foreign: Vec<&String> = loaded.iter().filter(|url| !url.starts_with(&own)).collect();
        assert!(foreign.is_empty(), "{foreign:?}");
        assert!(
            loaded.iter().any(|url| url.ends_with("/api/swagger.json")),
            "{loaded:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_to_a_chapter_of_the_api_reference_leads_there() {
    let demo = Demo::start();
    let browser = Browser::open(Screen::Desktop, "en").await;
    let chapter = format!("{}#tag/Applications", demo.printed.api_reference());
    browser.visit(&chapter).await;
    let arrived = browser
        .execute_async(ARRIVED, vec![json!("tag/Applications")])
        .await;
    browser.keep_screenshot("api-reference-chapter").await;
    arrived.expect("the chapter comes into view");
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_can_be_tried_in_the_api_reference() {
    let demo = Demo::start();
    let browser = Browser::open(Screen::Desktop, "en").await;
    let route = "tag/System/GET/api/status";
    let page = format!("{}#{route}", demo.printed.api_reference());
    browser.visit(&page).await;
    let button = format!("section[id$='{route}'] .show-api-client-button");
    browser.see(&button).await.click().await.unwrap();
    let send = By::XPath("//button[starts-with(normalize-space(), 'Send')]");
    browser.see_by(send).await.click().await.unwrap();
    browser
        .see_by(By::XPath("//*[normalize-space()='204 No Content']"))
        .await;
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}
