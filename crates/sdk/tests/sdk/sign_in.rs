//! Sign-in from the address to the tokens, and callbacks that must fail.

use std::collections::HashMap;

use meibo_sdk::{
    CallbackFault, Client, Config, Error, SignIn, SignInOptions, SignInSession, Tokens,
};
use serde_json::json;

use crate::stub::{APP, SECRET, Stub};
use crate::wire::new_user;

pub(crate) const REDIRECT: &str = "http://localhost:4000/callback";
pub(crate) const API: &str = "https://orders.example";

pub(crate) fn config(stub: &Stub) -> Config {
    Config {
        app_secret: Some(SECRET.to_owned()),
        scopes: vec!["email".to_owned()],
        resources: vec![API.to_owned()],
        ..Config::new(stub.endpoint(), APP, REDIRECT)
    }
}

/// A stub with the user `sei`, and a client of it.
pub(crate) async fn start() -> (Stub, Client) {
    let stub = Stub::start().await;
    let mut user = new_user("sei");
    user["name"] = json!("清少納言");
    stub.put_user(user);
    let client = Client::new(config(&stub)).unwrap();
    (stub, client)
}

pub(crate) async fn sign_in(stub: &Stub, client: &Client, sub: &str) -> Result<Tokens, Error> {
    let SignIn { url, session } = client.sign_in_url().await?;
    let callback = stub.authorize(&url, sub);
    client.handle_callback(&session, callback.as_str()).await
}

#[tokio::test]
async fn the_address_says_what_the_contract_asks() {
    let (stub, client) = start().await;
    let one = client.sign_in_url().await.unwrap();
    let query: Vec<(String, String)> = one.url.query_pairs().into_owned().collect();
    let value = |name: &str| {
        let mut values = query
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str());
        let value = values.next();
        assert_eq!(values.next(), None, "{name} stands once");
        value
    };
    assert!(
        one.url
            .as_str()
            .starts_with(&format!("{}/auth?", stub.issuer()))
    );
    assert_eq!(value("client_id"), Some(APP));
    assert_eq!(value("redirect_uri"), Some(REDIRECT));
    assert_eq!(value("response_type"), Some("code"));
    assert_eq!(value("prompt"), Some("consent"));
    assert_eq!(value("scope"), Some("openid offline_access profile email"));
    assert_eq!(value("resource"), Some(API));
    assert_eq!(value("code_challenge_method"), Some("S256"));
    for name in ["state", "nonce", "code_challenge"] {
        assert_eq!(value(name).map(str::len), Some(43), "{name}");
    }
    let two = client.sign_in_url().await.unwrap();
    assert_ne!(one.session, two.session);
    assert_eq!(
        stub.seen("GET /oidc/.well-known/openid-configuration")
            .len(),
        1,
        "discovery is cached"
    );
}

#[tokio::test]
async fn wishes_are_sent() {
    let (_stub, client) = start().await;
    let options = SignInOptions {
        prompt: Some("login".to_owned()),
        first_screen: Some("register".to_owned()),
        login_hint: Some("sei@example.com".to_owned()),
        ui_locales: Some("ja en".to_owned()),
    };
    let url = client.sign_in_url_with(&options).await.unwrap().url;
    let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
    let wishes =
        ["prompt", "first_screen", "login_hint", "ui_locales"].map(|name| query[name].as_str());
    assert_eq!(wishes, ["login", "register", "sei@example.com", "ja en"]);
}

#[tokio::test]
async fn a_sign_in_gives_tokens_that_can_be_kept() {
    let (stub, client) = start().await;
    let SignIn { url, session } = client.sign_in_url().await.unwrap();
    let callback = stub.authorize(&url, "sei");
    let kept: SignInSession =
        serde_json::from_str(&serde_json::to_string(&session).unwrap()).unwrap();
    let tokens = client
        .handle_callback(&kept, callback.query().unwrap())
        .await
        .unwrap();

    let kept: Tokens = serde_json::from_str(&serde_json::to_string(&tokens).unwrap()).unwrap();
    let session = client.session(kept);
    let claims = session.get_id_token_claims().unwrap();
    assert_eq!(
        (claims.user.sub.as_str(), claims.user.name.as_deref()),
        ("sei", Some("清少納言"))
    );
    assert_eq!(
        session.fetch_user_info().await.unwrap().name.as_deref(),
        Some("清少納言")
    );
    let requests = stub.seen("POST /oidc/token");
    assert_eq!(requests.len(), 1, "the access token came with the code");
    assert_eq!(
        requests[0].form("client_secret"),
        None,
        "the secret goes in the header only"
    );
}

#[tokio::test]
async fn callbacks_that_do_not_belong_here() {
    let (stub, client) = start().await;
    let SignIn { url, session } = client.sign_in_url().await.unwrap();
    let good = stub.authorize(&url, "sei").to_string();
    let other = client.sign_in_url().await.unwrap().session;
    let state = url
        .query_pairs()
        .find(|(key, _)| key == "state")
        .unwrap()
        .1
        .into_owned();

    let fault = async |session: &SignInSession, callback: &str| match client
        .handle_callback(session, callback)
        .await
    {
        Err(Error::Callback(fault)) => fault,
        other => panic!("{callback}: {other:?}"),
    };
    assert_eq!(fault(&other, &good).await, CallbackFault::State);
    assert_eq!(
        fault(&session, &good.replace(&state, "forged")).await,
        CallbackFault::State
    );
    assert_eq!(
        fault(&session, &good.replace("%2Foidc", "%2Fevil")).await,
        CallbackFault::Issuer
    );
    assert_eq!(
        fault(&session, &format!("code=c&state={state}")).await,
        CallbackFault::Missing("iss")
    );
    assert_eq!(
        fault(&session, &format!("state={state}&iss={}", stub.issuer())).await,
        CallbackFault::Missing("code")
    );
    assert_eq!(
        fault(&session, &good.replace("localhost", "evil.example")).await,
        CallbackFault::RedirectUri
    );
    assert_eq!(fault(&session, "").await, CallbackFault::Missing("state"));
    let denied = fault(
        &session,
        "error=access_denied&error_description=No.&state=x",
    )
    .await;
    assert_eq!(
        denied,
        CallbackFault::Denied {
            error: "access_denied".into(),
            description: "No.".into()
        }
    );
    assert!(
        stub.seen("POST /oidc/token").is_empty(),
        "no code was sent anywhere"
    );

    client.handle_callback(&session, &good).await.unwrap();
    let again = client.handle_callback(&session, &good).await;
    assert!(
        matches!(&again, Err(Error::Api(error)) if error.is_oauth("invalid_grant")),
        "{again:?}"
    );
}

#[tokio::test]
async fn a_code_is_bound_to_its_verifier_and_application() {
    let (stub, client) = start().await;
    let SignIn { url, session } = client.sign_in_url().await.unwrap();
    let callback = stub.authorize(&url, "sei");
    let mut stolen = serde_json::to_value(&session).unwrap();
    stolen["code_verifier"] = json!("guessed");
    let stolen: SignInSession = serde_json::from_value(stolen).unwrap();
    let refused = client.handle_callback(&stolen, callback.as_str()).await;
    assert!(matches!(refused, Err(Error::Api(_))), "{refused:?}");

    let wrong = Client::new(Config {
        app_secret: Some("wrong".to_owned()),
        ..config(&stub)
    })
    .unwrap();
    let refused = sign_in(&stub, &wrong, "sei").await.unwrap_err();
    assert!(
        matches!(&refused, Error::Api(error) if error.status == 401),
        "{refused:?}"
    );
    assert!(
        !refused.is_signed_out(),
        "the application's fault, not the person's"
    );
}

#[test]
fn settings_that_cannot_work() {
    let good = Config::new("http://localhost:3001", "app", REDIRECT);
    let setting = |config: Config| match Client::new(config) {
        Err(Error::Setting { setting, .. }) => setting,
        _ => "none",
    };
    assert_eq!(setting(good.clone()), "none");
    assert_eq!(
        setting(Config {
            endpoint: "localhost".into(),
            ..good.clone()
        }),
        "endpoint"
    );
    assert_eq!(
        setting(Config {
            app_id: String::new(),
            ..good.clone()
        }),
        "app_id"
    );
    assert_eq!(
        setting(Config {
            app_secret: Some(String::new()),
            ..good.clone()
        }),
        "app_secret"
    );
    assert_eq!(
        setting(Config {
            redirect_uri: "/callback".into(),
            ..good.clone()
        }),
        "redirect_uri"
    );
    assert_eq!(
        setting(Config {
            redirect_uri: "http://a/#b".into(),
            ..good.clone()
        }),
        "redirect_uri"
    );
    let bad_logout = Config {
        post_logout_redirect_uri: Some("x".into()),
        ..good.clone()
    };
    assert_eq!(setting(bad_logout), "post_logout_redirect_uri");
    assert_eq!(
        setting(Config {
            resources: vec!["orders".into()],
            ..good
        }),
        "resources"
    );
}
