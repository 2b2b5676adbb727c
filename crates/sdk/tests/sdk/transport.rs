//! Servers that answer too much, too late, or something else.

use std::time::Duration;

use meibo_sdk::{Client, Config, Error, HttpOptions};
use serde_json::json;

use crate::sign_in::{config, sign_in, start};
use crate::stub::{Instead, Stub};

const DISCOVERY: &str = "/oidc/.well-known/openid-configuration";

fn client(stub: &Stub, http: HttpOptions) -> Client {
    Client::new(Config {
        http,
        ..config(stub)
    })
    .unwrap()
}

#[tokio::test]
async fn a_hanging_server_times_out_everywhere() {
    let stub = Stub::start().await;
    let http = HttpOptions {
        total_timeout: Duration::from_millis(200),
        ..HttpOptions::default()
    };
    for path in [DISCOVERY, "/oidc/token", "/oidc/jwks"] {
        stub.mend();
        stub.break_at(path, Instead::Hang);
        let failed = sign_in(&stub, &client(&stub, http.clone()), "sei")
            .await
            .unwrap_err();
        assert!(
            matches!(failed, Error::Timeout { .. }),
            "{path}: {failed:?}"
        );
        assert!(failed.is_unavailable());
    }
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::new(Config::new(endpoint, "app", "http://localhost/callback")).unwrap();
    let failed = client.sign_in_url().await.unwrap_err();
    assert!(
        matches!(failed, Error::Unreachable { .. }) && failed.is_unavailable(),
        "{failed:?}"
    );
}

#[tokio::test]
async fn long_answers_are_cut_off() {
    let stub = Stub::start().await;
    let http = HttpOptions {
        max_body: 64 * 1024,
        ..HttpOptions::default()
    };
    let announced = Instead::Answer(200, " ".repeat(65 * 1024));
    for long in [announced, Instead::Chunks(65), Instead::Chunks(usize::MAX)] {
        stub.break_at(DISCOVERY, long);
        let failed = client(&stub, http.clone()).sign_in_url().await.unwrap_err();
        assert!(
            matches!(failed, Error::TooLarge { limit: 65_536, .. }),
            "{failed:?}"
        );
    }
}

#[tokio::test]
async fn answers_that_are_something_else() {
    let (stub, _) = start().await;
    let other_issuer = json!({
        "issuer": "http://evil.example/oidc", "authorization_endpoint": "http://e", "token_endpoint": "http://e",
        "userinfo_endpoint": "http://e", "jwks_uri": "http://e",
    });
    let answers = [
        "",
        "[]",
        "{}",
        "<html>",
        "null",
        "\u{0}",
        &other_issuer.to_string(),
    ];
    for path in [DISCOVERY, "/oidc/token", "/oidc/jwks"] {
        for body in answers {
            stub.mend();
            stub.break_at(path, Instead::Answer(200, body.to_owned()));
            let failed = sign_in(&stub, &client(&stub, HttpOptions::default()), "sei")
                .await
                .unwrap_err();
            assert!(
                matches!(failed, Error::Unexpected { .. }),
                "{path} {body}: {failed:?}"
            );
        }
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (stub, client) = start().await;
    stub.break_at(
        "/oidc/token",
        Instead::Redirect(format!("{}/elsewhere", stub.endpoint())),
    );
    let failed = sign_in(&stub, &client, "sei").await.unwrap_err();
    assert!(matches!(failed, Error::Unexpected { .. }), "{failed:?}");
    assert!(stub.seen("GET /elsewhere").is_empty() && stub.seen("POST /elsewhere").is_empty());
}

#[tokio::test]
async fn errors_never_show_a_secret() {
    let (stub, client) = start().await;
    for instead in [
        Instead::Answer(400, "app-secret".to_owned()),
        Instead::Answer(200, "app-secret".to_owned()),
    ] {
        stub.break_at("/oidc/token", instead);
        let failed = sign_in(&stub, &client, "sei").await.unwrap_err();
        assert!(
            !format!("{failed} {failed:?}").contains("app-secret"),
            "{failed:?}"
        );
    }
}
