//! The profile page: what it shows, what it saves, and what it says when it cannot.

use serde_json::json;

use crate::browser::{Browser, Page, start};
use crate::stub::{Instead, Stub};

const PATCH: &str = "PATCH /api/users/sei";

/// Signed in as `sei`, with the profile page.
pub(crate) async fn signed_in() -> (Stub, Browser, Page) {
    let (stub, browser) = start().await;
    browser.sign_in(&stub, "sei").await;
    let page = browser.get("/profile").await;
    assert_eq!(page.status, 200, "{}", page.text);
    (stub, browser, page)
}

#[tokio::test]
async fn the_form_is_filled_from_what_is_known() {
    let (_stub, _browser, page) = signed_in().await;
    assert_eq!(page.value("name"), "清少納言");
    assert_eq!(page.value("nickname"), "Nagiko");
    assert_eq!(page.value("birthdate"), "");
    assert!(page.has("<option value=\"female\" selected>"));
    assert_eq!(page.value("email"), "sei@example.com");
    assert_eq!(
        (page.value("locality").as_str(), page.value("age").as_str()),
        ("京都", "")
    );
    assert!(page.has("id=\"save\"") && !page.has("id=\"saved\""));
}

#[tokio::test]
async fn saving_sends_the_whole_profile_merged_and_shows_it_fresh() {
    let (stub, browser, page) = signed_in().await;
    let changes = [
        ("name", " Sei "),
        ("nickname", ""),
        ("given_name", "Nagiko"),
        ("birthdate", "0966"),
    ];
    let saved = browser.post("/profile", &page.form(&changes)).await;
    assert_eq!((saved.status, saved.header("location")), (303, "/profile"));
    let sent = stub.seen(PATCH);
    assert_eq!(sent.len(), 1);
    assert_eq!(
        sent[0].json(),
        json!({
            "name": "Sei",
            "profile": {
                "givenName": "Nagiko", "gender": "female", "birthdate": "0966",
                "locale": "ja-JP", "address": { "locality": "京都" },
            },
        })
    );
    assert!(
        sent[0]
            .authorization
            .as_deref()
            .unwrap()
            .starts_with("Bearer machine-")
    );
    let page = browser.get("/profile").await;
    assert!(page.has("id=\"saved\""));
    assert_eq!(
        (
            page.value("name"),
            page.value("nickname"),
            page.value("given_name")
        ),
        ("Sei".into(), "".into(), "Nagiko".into())
    );
    assert!(
        !browser.get("/profile").await.has("id=\"saved\""),
        "said once"
    );
}

#[tokio::test]
async fn values_that_cannot_be_saved_are_marked_and_kept() {
    let (stub, browser, page) = signed_in().await;
    let changes = [
        ("picture", "javascript:alert(1)"),
        ("birthdate", "soon"),
        ("name", "<b>\"Sei\"</b>"),
    ];
    let answer = browser.post("/profile", &page.form(&changes)).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.has("id=\"picture-problem\"")
            && answer.has("id=\"birthdate-problem\"")
            && !answer.has("id=\"name-problem\"")
    );
    assert!(answer.has("aria-invalid=\"true\" aria-describedby=\"picture-problem picture-hint\""));
    assert_eq!(answer.value("birthdate"), "soon");
    assert!(!answer.has("<b>"), "typed text stays text");
    assert!(stub.seen(PATCH).is_empty());
}

#[tokio::test]
async fn a_refusal_of_the_identity_server_marks_its_field() {
    let (stub, browser, page) = signed_in().await;
    let body = json!({
        "code": "guard.invalid_input", "message": "No.",
        "details": "Error in key path \"profile.nickname\": (custom) not this",
    });
    stub.break_at(PATCH, Instead::Answer(400, body.to_string()));
    let answer = browser
        .post("/profile", &page.form(&[("nickname", "Nobody")]))
        .await;
    assert_eq!(
        (answer.status, answer.value("nickname").as_str()),
        (422, "Nobody")
    );
    assert!(answer.has("id=\"nickname-problem\"") && !answer.has("id=\"name-problem\""));

    stub.break_at(
        PATCH,
        Instead::Answer(
            422,
            r#"{"code":"user.something","message":"No."}"#.to_owned(),
        ),
    );
    let answer = browser
        .post("/profile", &page.form(&[("name", "Nobody")]))
        .await;
    assert!(
        answer.status == 422 && answer.has("id=\"alert\""),
        "refused without a field"
    );
}

#[tokio::test]
async fn an_outage_is_said_and_nothing_typed_is_lost() {
    let (stub, browser, page) = signed_in().await;
    let typed = page.form(&[("name", "Typed")]);
    for path in ["/oidc/me", "/oidc/token", "/api/users/sei"] {
        stub.mend();
        stub.break_at(path, Instead::Answer(503, String::new()));
        let answer = browser.post("/profile", &typed).await;
        assert_eq!(
            (answer.status, answer.value("name").as_str()),
            (503, "Typed"),
            "{path}"
        );
        assert!(answer.has("id=\"alert\""));
    }
    stub.mend();
    stub.break_at("/oidc/me", Instead::Answer(503, String::new()));
    for source in ["", "?source=id_token", "?source=management"] {
        let page = browser.get(&format!("/profile{source}")).await;
        assert_eq!(page.status, 503, "{source}");
        assert!(!page.has("清少納言"), "nothing is shown unasked: {source}");
    }
    stub.mend();
    assert_eq!(browser.post("/profile", &typed).await.status, 303);
    assert_eq!(stub.user("sei")["name"], "Typed");
}

#[tokio::test]
async fn a_form_of_another_page_saves_nothing() {
    let (stub, browser, page) = signed_in().await;
    let other = Browser::new(&browser.app);
    other.sign_in(&stub, "murasaki").await;
    let foreign = other.get("/profile").await.csrf();
    for csrf in ["", "guessed", foreign.as_str()] {
        assert_eq!(
            browser
                .post("/profile", &page.form(&[("csrf", csrf)]))
                .await
                .status,
            403,
            "{csrf}"
        );
    }
    let mut missing = page.form(&[]);
    missing.remove("csrf");
    assert_eq!(browser.post("/profile", &missing).await.status, 400);
    let stranger = Browser::new(&browser.app);
    assert_eq!(
        stranger
            .post("/profile", &page.form(&[]))
            .await
            .header("location"),
        "/"
    );
    assert!(stub.seen(PATCH).is_empty());
    assert!(stub.seen("PATCH /api/users/murasaki").is_empty());
}

#[tokio::test]
async fn forms_that_cannot_be_read() {
    let (stub, browser, page) = signed_in().await;
    let mut incomplete = page.form(&[]);
    incomplete.remove("nickname");
    assert_eq!(
        browser.post("/profile", &incomplete).await.status,
        400,
        "a missing field is not an emptied one"
    );
    let huge = page.form(&[("name", &"x".repeat(64 * 1024))]);
    assert_eq!(browser.post("/profile", &huge).await.status, 400);
    assert!(stub.seen(PATCH).is_empty());
}

#[tokio::test]
async fn an_ended_session_leads_back_to_the_sign_in() {
    let (stub, browser, _) = signed_in().await;
    stub.revoke_grants();
    assert_eq!(browser.get("/profile").await.header("location"), "/");
    let home = browser.get("/").await;
    assert!(home.has("id=\"sign-in\"") && home.has("Your session has ended"));
    assert!(!browser.get("/").await.has("Your session has ended"));
}

#[tokio::test]
async fn what_was_kept_opens_nothing_after_the_session() {
    for path in [
        "/profile?source=id_token",
        "/profile?source=management",
        "/",
    ] {
        let (stub, browser, _) = signed_in().await;
        stub.revoke_grants();
        let answer = browser.get(path).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/"),
            "{path}"
        );
        assert!(browser.get("/").await.has("id=\"sign-in\""), "{path}");
        assert_eq!(browser.get("/profile").await.header("location"), "/");
    }
    let (stub, browser, page) = signed_in().await;
    stub.revoke_grants();
    for path in ["/profile", "/profile/email/code", "/profile/email/verify"] {
        let answer = browser.post(path, &page.form(&[("name", "Late")])).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/"),
            "{path}"
        );
    }
    assert!(stub.seen(PATCH).is_empty());
}

#[tokio::test]
async fn an_account_that_is_gone_ends_the_session() {
    let (stub, browser, page) = signed_in().await;
    stub.break_at(
        "/api/users/sei",
        Instead::Answer(
            404,
            r#"{"code":"entity.not_exists_with_id","message":"x"}"#.into(),
        ),
    );
    assert_eq!(
        browser
            .post("/profile", &page.form(&[]))
            .await
            .header("location"),
        "/"
    );
    assert!(browser.get("/").await.has("id=\"sign-in\""));
}
