//! Signing in and out, and what every page carries.

use std::collections::HashMap;

use crate::browser::{Browser, start};
use crate::stub::Instead;

#[tokio::test]
async fn the_first_page_offers_one_thing_and_allows_little() {
    let (stub, browser) = start().await;
    let page = browser.get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.has("id=\"sign-in\"") && !page.has("id=\"sign-out\""));
    assert!(
        page.header("set-cookie").is_empty(),
        "looking leaves nothing behind"
    );
    let policy = page.header("content-security-policy");
    for rule in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        &format!("form-action 'self' {}", stub.endpoint()),
    ] {
        assert!(policy.contains(rule), "{rule}: {policy}");
    }
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert_eq!(page.header("cache-control"), "no-store");
    for (path, kind) in [("/style.css", "text/css"), ("/icon.svg", "image/svg+xml")] {
        assert_eq!(browser.get(path).await.header("content-type"), kind);
    }
    assert_eq!(browser.get("/nowhere").await.status, 404);
}

#[tokio::test]
async fn two_languages() {
    let (_stub, browser) = start().await;
    assert!(
        browser
            .get_in("/", "ja-JP,en;q=0.5")
            .await
            .has("<html lang=\"ja\">")
    );
    assert!(browser.get_in("/", "fr").await.has("<html lang=\"en\">"));
    let chosen = browser.get("/?lang=ja").await;
    assert!(chosen.has("サインイン") && chosen.header("set-cookie").contains("HttpOnly"));
    assert!(
        browser.get_in("/", "en").await.has("<html lang=\"ja\">"),
        "a choice is remembered"
    );
    assert!(
        browser.get("/?lang=%00").await.has("<html lang=\"ja\">"),
        "nonsense is not a choice"
    );
    let location = browser.get("/sign-in").await;
    assert!(location.header("location").contains("ui_locales=ja"));
}

#[tokio::test]
async fn a_sign_in_gets_a_new_id_and_leads_to_the_profile() {
    let (stub, browser) = start().await;
    let before = browser.get("/sign-in").await;
    let after = browser.sign_in(&stub, "sei").await;
    assert_eq!((after.status, after.header("location")), (303, "/profile"));
    let id = |cookie: &str| cookie.split(';').next().unwrap().to_owned();
    assert_ne!(
        id(before.header("set-cookie")),
        id(after.header("set-cookie"))
    );
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(
            after.header("set-cookie").contains(attribute),
            "{attribute}"
        );
    }
    let home = browser.get("/").await;
    assert!(home.has("清少納言") && home.has("id=\"sign-out\"") && home.has("href=\"/profile\""));
    assert_eq!(
        browser
            .get("/callback?code=again&state=again")
            .await
            .header("location"),
        "/profile"
    );
}

#[tokio::test]
async fn callbacks_that_do_not_belong_here() {
    let (stub, browser) = start().await;
    assert_eq!(browser.get("/callback?code=c&state=s").await.status, 400);

    let victim = Browser::new(&browser.app);
    victim.get("/sign-in").await;
    let start = browser.get("/sign-in").await;
    let callback = stub.authorize(&start.header("location").parse().unwrap(), "murasaki");
    let forged = victim
        .get(&format!("/callback?{}", callback.query().unwrap()))
        .await;
    assert_eq!(
        forged.status, 400,
        "another browser's callback signs nobody in"
    );
    assert_eq!(victim.get("/profile").await.header("location"), "/");

    browser.get("/sign-in").await;
    let denied = browser
        .get("/callback?error=access_denied&error_description=%3Cb%3E")
        .await;
    assert!(denied.status == 200 && denied.has("cancelled") && !denied.has("<b>"));
}

#[tokio::test]
async fn without_the_identity_server_nobody_signs_in() {
    let (stub, browser) = start().await;
    stub.break_at(
        "/oidc/.well-known/openid-configuration",
        Instead::Answer(503, String::new()),
    );
    let page = browser.get("/sign-in").await;
    assert!(page.status == 503 && page.has("href=\"/sign-in\""));
    stub.mend();
    assert_eq!(
        browser.sign_in(&stub, "sei").await.status,
        303,
        "it recovers by itself"
    );
}

#[tokio::test]
async fn signing_out_needs_the_token_and_ends_both_sessions() {
    let (stub, browser) = start().await;
    browser.sign_in(&stub, "sei").await;
    let form = |csrf: &str| HashMap::from([("csrf", csrf.to_owned())]);
    assert_eq!(
        browser.post("/sign-out", &form("guessed")).await.status,
        403
    );
    assert_eq!(browser.post("/sign-out", &HashMap::new()).await.status, 400);
    let csrf = browser.get("/").await.csrf();
    let out = browser.post("/sign-out", &form(&csrf)).await;
    assert_eq!(out.status, 303);
    assert!(
        out.header("location")
            .starts_with(&format!("{}/session/end?client_id=app&", stub.issuer()))
    );
    assert_eq!(stub.seen("POST /oidc/token/revocation").len(), 1);
    assert_eq!(browser.get("/profile").await.header("location"), "/");
    assert!(browser.get("/").await.has("id=\"sign-in\""));
}
