//! The back end's own API: whose token opens it, and for whom.

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::{API, Browser, Page, send, start};
use crate::signing::{Alg, Token};
use crate::stub::{Instead, Stub};
use crate::wire::now;

async fn get(browser: &Browser, token: &str) -> Page {
    send(
        browser
            .request(Method::GET, "/api/profile")
            .bearer_auth(token),
    )
    .await
}

async fn put(browser: &Browser, token: &str, body: &Value) -> Page {
    send(
        browser
            .request(Method::PUT, "/api/profile")
            .bearer_auth(token)
            .body(body.to_string()),
    )
    .await
}

fn token(stub: &Stub, sub: &str) -> String {
    stub.sign(&stub.access_token(sub, API))
}

fn profile(name: &str) -> Value {
    profile_of("sei@example.com", name)
}

fn profile_of(email: &str, name: &str) -> Value {
    json!({
        "email": email, "phone": "", "name": name, "nickname": "", "given_name": "", "family_name": "", "picture": "",
        "gender": "", "birthdate": "", "street_address": "", "locality": "", "region": "", "postal_code": "",
        "country": "", "age": "", "shipping_address": "",
    })
}

#[tokio::test]
async fn reads_and_replaces_the_bearers_profile() {
    let (stub, browser) = start().await;
    let token = token(&stub, "sei");
    let read = get(&browser, &token).await;
    assert_eq!(read.status, 200);
    let read: Value = serde_json::from_str(&read.text).unwrap();
    assert_eq!(
        (&read["name"], &read["nickname"], &read["birthdate"]),
        (&json!("清少納言"), &json!("Nagiko"), &json!(""))
    );
    assert_eq!(put(&browser, &token, &profile("Sei")).await.status, 200);
    let user = stub.user("sei");
    assert_eq!(user["name"], "Sei");
    assert_eq!(user["profile"], json!({ "locale": "ja-JP" }));
    assert_eq!(user["customData"], json!({ "tier": "gold" }), "another's");
}

#[tokio::test]
async fn a_token_reaches_no_other_person() {
    let (stub, browser) = start().await;
    let before = stub.user("sei");
    let mut body = profile_of("murasaki@example.com", "Changed");
    body["id"] = json!("sei");
    body["sub"] = json!("sei");
    assert_eq!(
        put(&browser, &token(&stub, "murasaki"), &body).await.status,
        200
    );
    assert_eq!(stub.user("sei"), before);
    assert_eq!(stub.user("murasaki")["name"], "Changed");
    let path = send(
        browser
            .request(Method::PUT, "/api/profile/sei")
            .bearer_auth(token(&stub, "murasaki")),
    )
    .await;
    assert_eq!(path.status, 404);
    // A subject made to climb out of its path stays one segment, and finds nobody.
    assert_eq!(
        put(&browser, &token(&stub, "x/../sei"), &body).await.status,
        404
    );
    assert_eq!(stub.user("sei"), before);
}

#[tokio::test]
async fn tokens_that_do_not_open_it() {
    let (stub, browser) = start().await;
    let good = stub.access_token("sei", API);
    let claims = |name: &str, value: Value| {
        let mut token = good.clone();
        token.claims[name] = value;
        stub.sign(&token)
    };
    let signed = token(&stub, "sei");
    let refused = [
        claims("aud", json!("https://orders.example")),
        claims("aud", json!("https://default.logto.app/api")),
        claims("iss", json!("https://evil.example/oidc")),
        claims("exp", json!(now() - 600)),
        claims("sub", good.claims["client_id"].clone()),
        stub.sign(&Token::new(Alg::Es256, "JWT", good.claims.clone())),
        stub.sign(&good.clone().resigned(Alg::None)),
        stub.sign(&good.clone().resigned(Alg::Hs256WithPublicKey)),
        signed[..signed.len() - 6].to_owned(),
        "opaque-1".to_owned(),
        String::new(),
    ];
    for token in refused {
        let answer = put(&browser, &token, &profile("Intruder")).await;
        assert_eq!(answer.status, 401, "{token}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        assert_eq!(get(&browser, &token).await.status, 401, "{token}");
    }
    let nobody = send(browser.request(Method::GET, "/api/profile")).await;
    assert_eq!(nobody.status, 401);
    // A signed-in browser's cookie is no key to the API.
    browser.sign_in(&stub, "sei").await;
    assert_eq!(
        send(browser.request(Method::GET, "/api/profile"))
            .await
            .status,
        401
    );
    assert!(stub.seen("PATCH /api/users/sei").is_empty());
}

#[tokio::test]
async fn bodies_that_cannot_be_saved() {
    let (stub, browser) = start().await;
    let token = token(&stub, "sei");
    let send_text = async |text: String| {
        send(
            browser
                .request(Method::PUT, "/api/profile")
                .bearer_auth(&token)
                .body(text),
        )
        .await
        .status
    };
    for bad in ["", "[]", "null", "{}", "{\"name\":\"x\"}", "\u{0}", "{"] {
        assert_eq!(send_text(bad.to_owned()).await, 400, "{bad}");
    }
    assert_eq!(
        send_text(profile("x").to_string().replace("\"x\"", "7")).await,
        400
    );
    assert_eq!(send_text("[".repeat(20_000)).await, 400);
    assert_eq!(send_text(" ".repeat(64 * 1024)).await, 413);
    let mut wrong = profile("x");
    wrong["birthdate"] = json!("soon");
    wrong["picture"] = json!("ftp://a.example");
    let answer = put(&browser, &token, &wrong).await;
    assert_eq!(answer.status, 422);
    let answer: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(
        answer["members"],
        json!({ "picture": "not_a_web_address", "birthdate": "not_a_birthdate" })
    );
    assert!(stub.seen("PATCH /api/users/sei").is_empty());
}

#[tokio::test]
async fn an_outage_is_503_with_retry_after() {
    let (stub, browser) = start().await;
    stub.break_at("/api/users/sei", Instead::Answer(500, String::new()));
    let answer = get(&browser, &token(&stub, "sei")).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
}

#[tokio::test]
async fn the_apps_own_members_are_replaced_and_numbers_never_come_back() {
    let (stub, browser) = start().await;
    let token = token(&stub, "sei");
    let mut body = profile("Sei");
    body["age"] = json!("30");
    body["shipping_address"] = json!("京都\r\n一条");
    body["payment_method"] = json!("4242-4242-4242-4242");
    let answer = put(&browser, &token, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let kept: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(
        (&kept["age"], &kept["shipping_address"]),
        (&json!("30"), &json!("京都\n一条"))
    );
    assert_eq!(kept["payment_method_last4"], "4242");
    assert_eq!(kept["social_security_number_last4"], Value::Null);
    assert!(!answer.has("42424242") && !get(&browser, &token).await.has("42424242"));

    body["payment_method"] = json!("");
    let answer = put(&browser, &token, &body).await;
    let kept: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(kept["payment_method_last4"], Value::Null);
    body["payment_method"] = json!("1234");
    let answer = put(&browser, &token, &body).await;
    assert_eq!(answer.status, 422);
    assert!(answer.has("\"payment_method\":\"not_a_card_number\""));
}

#[tokio::test]
async fn an_address_that_nobody_verified_is_not_saved() {
    let (stub, browser) = start().await;
    for (member, value) in [("email", "new@example.com"), ("phone", "+81 90 1234 5678")] {
        let mut body = profile("Sei");
        body[member] = json!(value);
        let answer = put(&browser, &token(&stub, "sei"), &body).await;
        assert_eq!(answer.status, 422);
        let answer: Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(answer["members"], json!({ member: "not_verified" }));
    }
    assert!(stub.seen("PATCH /api/users/sei").is_empty());
}

#[tokio::test]
async fn a_version_that_has_passed_is_409_with_what_is_there() {
    let (stub, browser) = start().await;
    let token = token(&stub, "sei");
    let read: Value = serde_json::from_str(&get(&browser, &token).await.text).unwrap();
    let mut body = profile("One");
    body["version"] = read["version"].clone();
    assert_eq!(put(&browser, &token, &body).await.status, 200);
    assert_eq!(put(&browser, &token, &body).await.status, 200, "sent twice");
    body["name"] = json!("Two");
    let answer = put(&browser, &token, &body).await;
    assert_eq!(answer.status, 409);
    let answer: Value = serde_json::from_str(&answer.text).unwrap();
    assert_eq!(answer["profile"]["name"], "One");
    assert_eq!(stub.user("sei")["name"], "One");
}
