//! The combined profile: what is read from where, and what is said when only one of the two models
//! could be saved.

use rusqlite::Connection;
use serde_json::json;

use crate::browser::{Browser, Page, start_with_database};
use crate::profile::signed_in;
use crate::stub::{Instead, Stub};

const PATCH: &str = "PATCH /api/users/sei";
const CARD: &str = "4242 4242 4242 4242";

/// A change to both models.
const CHANGES: [(&str, &str); 3] = [("name", "Sei"), ("age", "30"), ("payment_method", CARD)];

async fn post(browser: &Browser, page: &Page, changes: &[(&str, &str)]) -> Page {
    browser.post("/profile", &page.form(changes)).await
}

/// Makes the app's own database refuse to be written, or takes that back.
fn refuse_writes(database: &std::path::Path, is_refused: bool) {
    let sql = if is_refused {
        "CREATE TRIGGER refuse BEFORE INSERT ON business_profiles BEGIN SELECT RAISE(ABORT, 'full'); END"
    } else {
        "DROP TRIGGER refuse"
    };
    Connection::open(database)
        .unwrap()
        .execute_batch(sql)
        .unwrap();
}

#[tokio::test]
async fn each_member_goes_to_its_own_model() {
    let (stub, browser, page) = signed_in().await;
    let changes = [
        ("age", "30"),
        ("shipping_address", "京都\r\n一条"),
        ("social_security_number", "123-45-6789"),
        ("payment_method", CARD),
    ];
    assert_eq!(post(&browser, &page, &changes).await.status, 303);
    assert!(
        stub.seen(PATCH).is_empty(),
        "nothing of this is the server's"
    );
    let page = browser.get("/profile").await;
    assert_eq!(
        (page.value("age"), page.value("shipping_address")),
        ("30".into(), "京都\n一条".into())
    );
    for last_four in ["<strong>6789</strong>", "<strong>4242</strong>"] {
        assert!(page.has(last_four), "{last_four}");
    }
    for whole in ["123-45-6789", "123456789", CARD, "4242424242424242"] {
        assert!(!page.has(whole), "{whole}");
    }

    // Empty keeps a number; the box removes it.
    let changes = [
        ("locality", "大津"),
        ("remove_social_security_number", "yes"),
    ];
    assert_eq!(post(&browser, &page, &changes).await.status, 303);
    let sent = stub.seen(PATCH).pop().unwrap().json();
    assert_eq!(sent["profile"]["address"], json!({ "locality": "大津" }));
    assert!(sent.get("customData").is_none());
    assert_eq!(stub.user("sei")["customData"], json!({ "tier": "gold" }));
    let page = browser.get("/profile").await;
    assert!(!page.has("6789") && page.has("<strong>4242</strong>"));
}

#[tokio::test]
async fn every_source_tells_the_same() {
    let (stub, browser, page) = signed_in().await;
    assert_eq!(post(&browser, &page, &CHANGES).await.status, 303);
    for (source, asked) in [
        ("userinfo", [1, 0]),
        ("id_token", [1, 0]),
        ("management", [1, 1]),
        ("nonsense", [1, 0]),
    ] {
        let count = || {
            let lines = ["GET /oidc/me", "GET /api/users/sei"];
            lines.map(|line| stub.seen(line).len())
        };
        let before = count();
        let page = browser.get(&format!("/profile?source={source}")).await;
        assert_eq!(
            ["name", "age", "locality", "email"].map(|field| page.value(field)),
            ["Sei", "30", "京都", "sei@example.com"],
            "{source}"
        );
        let after = count();
        assert_eq!(
            [after[0] - before[0], after[1] - before[1]],
            asked,
            "userinfo tells each time whether the session goes on: {source}"
        );
        // Whatever it was read from, it can be saved from.
        assert_eq!(post(&browser, &page, &[]).await.status, 303, "{source}");
    }
    assert_eq!(
        stub.seen(PATCH).len(),
        1,
        "an unchanged form changes nothing"
    );
}

#[tokio::test]
async fn when_only_the_identity_server_saved_it_is_said_and_the_rest_can_be_sent_again() {
    let (stub, browser, database) = start_with_database().await;
    browser.sign_in(&stub, "sei").await;
    let page = browser.get("/profile").await;
    refuse_writes(&database, true);
    let answer = post(&browser, &page, &CHANGES).await;
    assert_eq!(answer.status, 500);
    assert!(
        answer.has("were saved") && answer.has("was not"),
        "which was, and which was not"
    );
    assert!(!answer.has(CARD), "a number is not shown again");
    assert_eq!(stub.user("sei")["name"], "Sei");
    assert_eq!(answer.value("age"), "30");

    refuse_writes(&database, false);
    let changes = [("payment_method", CARD)];
    assert_eq!(post(&browser, &answer, &changes).await.status, 303);
    assert_eq!(stub.seen(PATCH).len(), 1, "nothing is done twice");
    let page = browser.get("/profile").await;
    assert!(page.value("age") == "30" && page.has("<strong>4242</strong>"));

    // Without a change for the server, nothing was saved at all.
    Connection::open(&database)
        .unwrap()
        .execute_batch("DROP TABLE business_profiles")
        .unwrap();
    let answer = post(&browser, &page, &[("age", "31")]).await;
    assert!(answer.status == 503 && answer.has("Nothing was saved"));
    assert_eq!(browser.get("/profile").await.status, 503);
}

#[tokio::test]
async fn when_the_identity_server_does_not_say_whether_it_saved() {
    let (stub, browser, page) = signed_in().await;
    stub.break_at(PATCH, Instead::Answer(502, String::new()));
    let answer = post(&browser, &page, &CHANGES).await;
    assert!(answer.status == 504 && answer.has("may have been saved or not"));
    assert_eq!(answer.value("name"), "Sei");
    // It had saved: the same again is no conflict with itself.
    stub.mend();
    let mut user = stub.user("sei");
    user["name"] = json!("Sei");
    stub.put_user(user);
    assert_eq!(post(&browser, &answer, &[]).await.status, 303);
    assert_eq!(stub.seen(PATCH).len(), 1, "it was not asked again");
    assert_eq!(browser.get("/profile").await.value("age"), "30");
}

#[tokio::test]
async fn of_two_tabs_the_later_one_is_told() {
    let (stub, browser, first) = signed_in().await;
    let second = browser.get("/profile").await;
    let saved = post(&browser, &first, &[("name", "One"), ("age", "30")]).await;
    assert_eq!(saved.status, 303);
    let told = post(&browser, &second, &[("nickname", "Two")]).await;
    assert_eq!(told.status, 409);
    assert!(told.has("id=\"name-stored\" class=\"stored\">Stored now: One"));
    assert!(told.has("id=\"age-stored\" class=\"stored\">Stored now: 30"));
    assert_eq!(
        (told.value("nickname"), told.value("name")),
        ("Two".into(), "清少納言".into())
    );
    assert_eq!(stub.user("sei")["name"], "One", "nothing was undone");
    assert_eq!(stub.user("sei")["profile"]["nickname"], "Nagiko");

    // Told, the person decides.
    let changes = [("name", "One"), ("age", "30")];
    assert_eq!(post(&browser, &told, &changes).await.status, 303);
    let user = stub.user("sei");
    assert_eq!(
        (&user["name"], &user["profile"]["nickname"]),
        (&json!("One"), &json!("Two"))
    );

    // The own model alone, and a page that the back button brings.
    let old = post(
        &browser,
        &second,
        &[("name", "One"), ("nickname", "Two"), ("age", "31")],
    )
    .await;
    assert_eq!(old.status, 409);
}

#[tokio::test]
async fn a_form_that_is_sent_twice_is_saved_once() {
    let (stub, browser, page) = signed_in().await;
    let form = page.form(&CHANGES);
    let (one, two) = tokio::join!(
        browser.post("/profile", &form),
        browser.post("/profile", &form)
    );
    assert_eq!((one.status, two.status), (303, 303));
    assert_eq!(stub.seen(PATCH).len(), 1);
}

#[tokio::test]
async fn two_changes_at_once_do_not_undo_each_other() {
    let (stub, browser, page) = signed_in().await;
    let one = page.form(&[("name", "One")]);
    let two = page.form(&[("nickname", "Two")]);
    let (one, two) = tokio::join!(
        browser.post("/profile", &one),
        browser.post("/profile", &two)
    );
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    let user = stub.user("sei");
    let is_one = user["name"] == "One" && user["profile"]["nickname"] == "Nagiko";
    let is_two = user["name"] == "清少納言" && user["profile"]["nickname"] == "Two";
    assert!(is_one || is_two, "{user}");
}

#[tokio::test]
async fn people_have_their_own_rows() {
    let (stub, browser, page) = signed_in().await;
    assert_eq!(post(&browser, &page, &CHANGES).await.status, 303);
    let other = Browser::new(&browser.app);
    other.sign_in(&stub, "murasaki").await;
    for path in [
        "/profile",
        "/profile?id=sei&user_id=sei&sub=sei",
        "/profile?source=management&userId=sei",
    ] {
        let page = other.get(path).await;
        assert_eq!(page.value("age"), "", "{path}");
        assert!(
            !page.has("4242") && page.value("email") == "murasaki@example.com",
            "{path}"
        );
    }
    let page = other.get("/profile").await;
    let forged = [
        ("id", "sei"),
        ("user_id", "sei"),
        ("sub", "sei"),
        ("age", "99"),
    ];
    assert_eq!(post(&other, &page, &forged).await.status, 303);
    assert_eq!(browser.get("/profile").await.value("age"), "30");
    assert_eq!(other.get("/profile").await.value("age"), "99");
    assert_eq!(other.get("/profile/sei").await.status, 404);
}

#[tokio::test]
async fn what_was_typed_comes_back_as_text() {
    let (stub, browser, page) = signed_in().await;
    let markup = "<script>alert(1)</script>\"'&";
    let changes = [
        ("name", markup),
        ("street_address", "</textarea><b>x</b>"),
        ("shipping_address", "\n\nfirst"),
        ("age", "old"),
        ("social_security_number", "1"),
        ("gender", "\"><b>"),
    ];
    let answer = post(&browser, &page, &changes).await;
    assert_eq!(answer.status, 422);
    assert!(!answer.has("<script>") && !answer.has("<b>"));
    assert!(answer.has("id=\"age-problem\""));
    assert_eq!(answer.value("street_address"), "</textarea><b>x</b>");
    assert_eq!(answer.value("social_security_number"), "");
    let changes = [
        ("name", "Sei\r\nSet-Cookie: a=b"),
        ("nickname", &"名".repeat(3_400)),
    ];
    let answer = post(&browser, &page, &changes).await;
    assert_eq!(answer.status, 422);
    assert!(answer.has("id=\"name-problem\"") && answer.has("id=\"nickname-problem\""));
    assert!(stub.seen(PATCH).is_empty());
}

#[tokio::test]
async fn fields_that_stand_twice_are_no_form_of_ours() {
    let (stub, browser, page) = signed_in().await;
    let form = page.form(&[]);
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&form)
        .append_pair("name", "again")
        .finish();
    let request = browser.request(reqwest::Method::POST, "/profile");
    let answer = crate::browser::send(request.body(body)).await;
    assert_eq!(answer.status, 400);
    assert!(stub.seen(PATCH).is_empty());
}

#[tokio::test]
async fn the_database_of_a_lost_key_is_not_opened() {
    let (_stub, browser, database) = start_with_database().await;
    assert_eq!(browser.get("/").await.status, 200);
    let key = database.with_extension("key");
    std::fs::remove_file(&key).unwrap();
    let config = crate::browser::config(&Stub::start().await, &database);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let refused = profile_app::serve(config, listener, std::future::pending()).await;
    assert!(
        matches!(refused, Err(profile_app::ServeError::KeyFile(_))),
        "{refused:?}"
    );
    assert!(!key.exists());
}
