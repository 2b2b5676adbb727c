//! A new email or phone: verified with a code before it is saved, by this visit, for this address.

use serde_json::json;

use crate::browser::{Browser, Page, start};
use crate::profile::signed_in;
use crate::stub::{Instead, Stub};

const NEW: &str = "sei@new.example";
const SEND: &str = "POST /api/verification-codes";
const VERIFY: &str = "POST /api/verification-codes/verify";
const PATCH: &str = "PATCH /api/users/sei";

fn last_sent(stub: &Stub, address: &str) -> String {
    stub.codes(|codes| codes.last_sent(address)).unwrap()
}

/// Types `NEW` and presses "Send code".
async fn send(browser: &Browser, page: &Page) -> Page {
    let form = page.form(&[("email", NEW)]);
    browser.post("/profile/email/code", &form).await
}

/// Types `code` and presses "Check code".
async fn check(browser: &Browser, page: &Page, code: &str) -> Page {
    let form = page.form(&[("email_code", code)]);
    browser.post("/profile/email/verify", &form).await
}

async fn save(browser: &Browser, page: &Page, changes: &[(&str, &str)]) -> Page {
    browser.post("/profile", &page.form(changes)).await
}

#[tokio::test]
async fn a_new_email_is_verified_and_then_saved() {
    let (stub, browser, page) = signed_in().await;
    let typed = page.form(&[("email", NEW), ("name", "Typed")]);
    let sent = browser.post("/profile/email/code", &typed).await;
    assert_eq!(sent.status, 200);
    assert!(sent.has("id=\"notice\"") && sent.has(NEW) && sent.has("id=\"email_code\""));
    assert!(sent.has("autocomplete=\"one-time-code\""));
    assert_eq!(
        sent.value("name"),
        "Typed",
        "nothing typed elsewhere is lost"
    );
    assert_eq!(stub.seen(SEND)[0].json(), json!({ "email": NEW }));

    let code = last_sent(&stub, NEW);
    let checked = check(&browser, &sent, &format!(" {code} ")).await;
    assert_eq!(checked.status, 200);
    assert!(
        checked.has("id=\"email-state\" class=\"state is-good\"")
            && !checked.has("id=\"email_code\"")
    );
    assert!(stub.seen(PATCH).is_empty(), "a code saves nothing");

    assert_eq!(save(&browser, &checked, &[]).await.status, 303);
    let sent = stub.seen(PATCH).pop().unwrap().json();
    assert_eq!(sent, json!({ "name": "Typed", "primaryEmail": NEW }));
    let page = browser.get("/profile").await;
    assert_eq!(page.value("email"), NEW);
    assert!(page.has("id=\"saved\"") && page.has("id=\"email-state\""));
}

#[tokio::test]
async fn saving_checks_a_code_that_was_only_typed() {
    let (stub, browser, page) = signed_in().await;
    let sent = send(&browser, &page).await;
    let wrong = save(&browser, &sent, &[("email_code", "000000")]).await;
    assert!(wrong.status == 422 && wrong.has("id=\"email_code-problem\""));
    assert!(stub.seen(PATCH).is_empty());
    let code = last_sent(&stub, NEW);
    assert_eq!(
        save(&browser, &wrong, &[("email_code", &code)])
            .await
            .status,
        303
    );
    assert_eq!(stub.user("sei")["primaryEmail"], NEW);
}

#[tokio::test]
async fn a_phone_in_any_usual_spelling() {
    let (stub, browser, _) = signed_in().await;
    let page = browser.get("/profile?lang=ja").await;
    let form = page.form(&[("phone", "０９０ー１２３４ー５６７８")]);
    let sent = browser.post("/profile/phone/code", &form).await;
    assert_eq!(
        stub.seen(SEND)[0].json(),
        json!({ "phone": "819012345678" })
    );
    assert_eq!(sent.value("phone"), "+819012345678", "as it was understood");
    // The same number, spelled differently, is the one that was verified.
    let code = last_sent(&stub, "819012345678");
    let changes = [("phone", "+81 90-1234-5678"), ("phone_code", &*code)];
    assert_eq!(save(&browser, &sent, &changes).await.status, 303);
    assert_eq!(stub.user("sei")["primaryPhone"], "819012345678");

    let page = browser.get("/profile?lang=en").await;
    let form = page.form(&[("phone", "090-1234-5678")]);
    let refused = browser.post("/profile/phone/code", &form).await;
    assert!(refused.status == 422 && refused.has("id=\"phone-problem\""));
    assert_eq!(save(&browser, &page, &[("phone", "")]).await.status, 303);
    assert_eq!(stub.user("sei")["primaryPhone"], json!(null));
}

#[tokio::test]
async fn an_address_without_a_code_is_not_saved() {
    let (stub, browser, page) = signed_in().await;
    let answer = save(&browser, &page, &[("email", NEW), ("name", "Typed")]).await;
    assert_eq!(answer.status, 422);
    assert!(answer.has("id=\"email-problem\"") && answer.value("email") == NEW);
    let answer = save(&browser, &page, &[("email", NEW), ("age", "old")]).await;
    assert!(answer.status == 422 && answer.has("Send a code before you save"));

    // Verified is the address that was typed then, not the one that is typed now.
    let sent = send(&browser, &page).await;
    let checked = check(&browser, &sent, &last_sent(&stub, NEW)).await;
    for other in [
        "other@new.example",
        "Sei@new.example",
        "sei@new.example.evil.example",
    ] {
        let answer = save(&browser, &checked, &[("email", other)]).await;
        assert_eq!(answer.status, 422, "{other}");
    }
    assert!(stub.seen(PATCH).is_empty());
    assert_eq!(save(&browser, &checked, &[]).await.status, 303);

    // And for one save: later the same address needs a new code.
    let page = browser.get("/profile").await;
    assert_eq!(save(&browser, &page, &[("email", "")]).await.status, 303);
    let page = browser.get("/profile").await;
    assert_eq!(save(&browser, &page, &[("email", NEW)]).await.status, 422);
}

#[tokio::test]
async fn each_way_a_code_fails_is_told() {
    let (stub, browser, page) = signed_in().await;
    let problem = |page: &Page, status: u16, words: &str| {
        assert!(
            page.status == status && page.has(words),
            "{} {words}",
            page.status
        );
        assert_eq!(page.value("email"), NEW);
    };
    let sent = send(&browser, &page).await;
    problem(&check(&browser, &sent, "").await, 422, "Enter the code");
    for _ in 0..10 {
        problem(&check(&browser, &sent, "000000").await, 422, "not the code");
    }
    let right = last_sent(&stub, NEW);
    problem(&check(&browser, &sent, &right).await, 429, "too often");
    let sent = send(&browser, &page).await;
    stub.codes(|codes| codes.expire());
    let right = last_sent(&stub, NEW);
    problem(&check(&browser, &sent, &right).await, 422, "too old");
    stub.break_at(VERIFY, Instead::Answer(503, String::new()));
    problem(
        &check(&browser, &sent, &right).await,
        503,
        "cannot be reached",
    );
    stub.mend();

    let form = page.form(&[("email", "unsent@new.example"), ("email_code", "123456")]);
    let never_sent = browser.post("/profile/email/verify", &form).await;
    assert!(never_sent.status == 422 && never_sent.has("No code is waiting"));

    for _ in 2..10 {
        assert_eq!(send(&browser, &page).await.status, 200);
    }
    problem(&send(&browser, &page).await, 429, "Too many codes");
    let other = start_other(&browser, &stub).await;
    let page = other.get("/profile").await;
    stub.codes(|codes| codes.has_no_connector = true);
    problem(&send(&other, &page).await, 501, "cannot send codes");
}

async fn start_other(browser: &Browser, stub: &Stub) -> Browser {
    let other = Browser::new(&browser.app);
    other.sign_in(stub, "murasaki").await;
    other
}

#[tokio::test]
async fn one_person_cannot_write_to_any_number_of_strangers() {
    let (stub, browser, page) = signed_in().await;
    for number in 0..12 {
        let address = format!("stranger{number}@example.com");
        let form = page.form(&[("email", &address)]);
        let answer = browser.post("/profile/email/code", &form).await;
        let expected = if number < 10 { 200 } else { 429 };
        assert_eq!(answer.status, expected, "{number}");
    }
    assert_eq!(stub.seen(SEND).len(), 10);
}

#[tokio::test]
async fn what_is_no_address_is_sent_nowhere() {
    let (stub, browser, page) = signed_in().await;
    let bad = [
        "",
        "sei",
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example\nSubject: hello",
        "<a@b.example>",
        &format!("{}@b.example", "x".repeat(10_000)),
    ];
    for address in bad {
        let form = page.form(&[("email", address)]);
        let answer = browser.post("/profile/email/code", &form).await;
        assert!(
            answer.status == 422 && answer.has("id=\"email-problem\""),
            "{address:.40}"
        );
    }
    let same = browser.post("/profile/email/code", &page.form(&[])).await;
    assert!(same.status == 422 && same.has("needs no code"));
    let form = page.form(&[]);
    assert_eq!(browser.post("/profile/fax/code", &form).await.status, 404);
    assert!(stub.seen(SEND).is_empty());
}

#[tokio::test]
async fn an_address_of_somebody_else_is_refused_and_the_rest_stays() {
    let (stub, browser, page) = signed_in().await;
    let taken = "murasaki@example.com";
    let form = page.form(&[("email", taken), ("age", "30")]);
    let sent = browser.post("/profile/email/code", &form).await;
    let code = last_sent(&stub, taken);
    let answer = save(&browser, &sent, &[("email_code", &code)]).await;
    assert!(answer.status == 422 && answer.has("Another account uses this"));
    assert_eq!(answer.value("age"), "30");
    assert_eq!(
        browser.get("/profile").await.value("age"),
        "",
        "nothing was saved"
    );
}

#[tokio::test]
async fn another_persons_proof_is_worth_nothing_here() {
    let (stub, browser, page) = signed_in().await;
    let sent = send(&browser, &page).await;
    let checked = check(&browser, &sent, &last_sent(&stub, NEW)).await;
    assert_eq!(checked.status, 200);

    // The same person in another browser, another person with the verified form, and a code that
    // another browser asked for.
    let twin = Browser::new(&browser.app);
    twin.sign_in(&stub, "sei").await;
    let page = twin.get("/profile").await;
    assert_eq!(save(&twin, &page, &[("email", NEW)]).await.status, 422);
    let other = start_other(&browser, &stub).await;
    let page = other.get("/profile").await;
    assert_eq!(save(&other, &page, &[("email", NEW)]).await.status, 422);
    let foreign = [("csrf", &*checked.csrf()), ("email", NEW)];
    assert_eq!(save(&other, &page, &foreign).await.status, 403);
    let third = "third@new.example";
    let form = sent.form(&[("email", third)]);
    assert_eq!(browser.post("/profile/email/code", &form).await.status, 200);
    let guess = page.form(&[("email", third), ("email_code", &last_sent(&stub, third))]);
    let before = stub.seen(VERIFY).len();
    let answer = other.post("/profile/email/verify", &guess).await;
    assert_eq!((answer.status, stub.seen(VERIFY).len()), (422, before));
    assert!(stub.seen(PATCH).is_empty());
    assert!(stub.seen("PATCH /api/users/murasaki").is_empty());

    // Signed out and in again, the proof is gone.
    browser.sign_in(&stub, "sei").await;
    let page = browser.get("/profile").await;
    assert_eq!(save(&browser, &page, &[("email", NEW)]).await.status, 422);
}

#[tokio::test]
async fn codes_need_a_signed_in_visit_and_its_form() {
    let (stub, browser, page) = signed_in().await;
    let (_, stranger) = start().await;
    let mut forged = page.form(&[("email", NEW)]);
    assert_eq!(
        stranger
            .post("/profile/email/code", &forged)
            .await
            .header("location"),
        "/"
    );
    for path in ["/profile/email/code", "/profile/email/verify"] {
        forged.insert("csrf", "guessed".to_owned());
        assert_eq!(browser.post(path, &forged).await.status, 403);
        assert_eq!(browser.get(path).await.status, 405);
    }
    stub.revoke_grants();
    let ended = send(&browser, &page).await;
    assert_eq!(ended.header("location"), "/");
    assert!(stub.seen(SEND).is_empty());
}
