//! The flow against a loopback server that behaves as a strict OpenID Provider does.

use std::collections::HashMap;
use std::sync::Mutex;

use axum::extract::{Query, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use std::sync::Arc;
use tokio::net::TcpListener;

use super::*;

type Fields = HashMap<String, String>;
type Attempt = Arc<Mutex<Fields>>;

fn redirect(to: &str, cookie: &str) -> Response {
    (
        StatusCode::SEE_OTHER,
        [(LOCATION, to), (SET_COOKIE, cookie)],
    )
        .into_response()
}

async fn authorize(State(attempt): State<Attempt>, Query(query): Query<Fields>) -> Response {
    *attempt.lock().unwrap() = query;
    redirect("/sign-in?from=a%26b", "attempt=42; Path=/; HttpOnly")
}

async fn page() -> Html<&'static str> {
    Html(
        r#"<form method="post" action="?again=1"><button>Sign in</button><input type=hidden name=csrf value="&amp;7">
           <input name=identifier><input name=password type=password></form>"#,
    )
}

async fn password(headers: HeaderMap, Form(form): Form<Fields>) -> Response {
    let is_ours = headers[COOKIE] == "attempt=42"
        && form["csrf"] == "&7"
        && headers["x-forwarded-for"] == "10.1.2.3";
    if is_ours
        && headers["origin"]
            .to_str()
            .unwrap()
            .ends_with(headers["host"].to_str().unwrap())
    {
        match form["password"].as_str() {
            "right" => redirect("/oidc/auth/42", "session=7"),
            _ => page().await.into_response(),
        }
    } else {
        (StatusCode::FORBIDDEN, "not from this page").into_response()
    }
}

async fn resume(State(attempt): State<Attempt>, headers: HeaderMap) -> Response {
    assert_eq!(headers[COOKIE], "attempt=42; session=7");
    let attempt = attempt.lock().unwrap();
    let mut back = Url::parse(&attempt["redirect_uri"]).unwrap();
    back.query_pairs_mut()
        .append_pair("code", "the code")
        .append_pair("state", &attempt["state"]);
    redirect(back.as_str(), "attempt=; Max-Age=0")
}

async fn token(State(attempt): State<Attempt>, Form(form): Form<Fields>) -> Response {
    let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, form["code_verifier"].as_bytes()));
    assert_eq!(
        (form["code"].as_str(), form["client_id"].as_str()),
        ("the code", "app")
    );
    assert_eq!(attempt.lock().unwrap()["code_challenge"], challenge);
    r#"{"access_token":"a","id_token":"i","refresh_token":"r"}"#.into_response()
}

async fn sign_in_with(password_typed: &str) -> Result<()> {
    let router = Router::new()
        .route("/oidc/auth", get(authorize))
        .route("/oidc/auth/42", get(resume))
        .route("/oidc/token", post(token))
        .route("/sign-in", get(page).post(password))
        .with_state(Attempt::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut connection = Connection::open(server).await.unwrap();
    let sign_in = SignIn {
        server,
        client_id: "app",
        identifier: "yuki",
        password: password_typed,
        from: "10.1.2.3",
    };
    sign_in.run(&mut connection).await
}

#[tokio::test]
async fn the_right_password_ends_with_tokens() {
    sign_in_with("right").await.unwrap();
}

#[tokio::test]
async fn the_wrong_password_says_what_was_shown() {
    let error = sign_in_with("wrong").await.unwrap_err().to_string();
    assert!(
        error.starts_with("the password led to no code: http://127.0.0.1:"),
        "{error}"
    );
    assert!(error.contains("gave status 200, body: <form"), "{error}");
}

#[test]
fn a_callback_needs_our_state_and_a_code() {
    let callback = |query: &str| Url::parse(&format!("{REDIRECT_URI}?{query}")).unwrap();
    assert_eq!(code(&callback("code=a%20b&state=s"), "s").unwrap(), "a b");
    for query in ["code=x", "code=x&state=t", "error=access_denied&state=s"] {
        assert!(code(&callback(query), "s").is_err(), "{query}");
    }
}
