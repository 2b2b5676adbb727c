//! What a session does with its tokens: userinfo, renewal, the way out.

use std::sync::Arc;

use meibo_sdk::{Client, Config, Error, Session, TokenFault};
use serde_json::json;

use crate::sign_in::{API, config, sign_in, start};
use crate::stub::{Instead, Stub};

async fn session(stub: &Stub, client: &Client) -> Session {
    client.session(sign_in(stub, client, "sei").await.unwrap())
}

fn refreshes(stub: &Stub) -> usize {
    let requests = stub.seen("POST /oidc/token");
    requests
        .iter()
        .filter(|seen| seen.form("grant_type").as_deref() == Some("refresh_token"))
        .count()
}

#[tokio::test]
async fn a_token_near_its_end_is_renewed_once_for_fifty_callers() {
    let (stub, client) = start().await;
    stub.set_token_life(json!(30));
    let session = Arc::new(session(&stub, &client).await);
    stub.set_token_life(json!(3600));
    for resource in [None, Some(API)] {
        let before = refreshes(&stub);
        let callers: Vec<_> = (0..50)
            .map(|_| {
                let session = Arc::clone(&session);
                tokio::spawn(async move { session.get_access_token(resource).await })
            })
            .collect();
        let mut tokens = Vec::new();
        for caller in callers {
            tokens.push(caller.await.unwrap().unwrap());
        }
        tokens.dedup();
        assert_eq!(
            (tokens.len(), refreshes(&stub) - before),
            (1, 1),
            "{resource:?}"
        );
    }
    let last = stub.seen("POST /oidc/token").pop().unwrap();
    assert_eq!(last.form("resource").as_deref(), Some(API));
}

#[tokio::test]
async fn different_resources_at_once_take_turns() {
    let (stub, client) = start().await;
    let session = session(&stub, &client).await;
    // The stub rotates strictly: a second use of a refresh token is refused.
    let (one, two, three) = tokio::join!(
        session.get_access_token(Some(API)),
        session.get_access_token(Some("https://stock.example")),
        session.refresh(),
    );
    assert_ne!(one.unwrap(), two.unwrap());
    three.unwrap();
    assert_eq!(refreshes(&stub), 3);
}

#[tokio::test]
async fn one_failure_is_shared_and_not_remembered() {
    let (stub, client) = start().await;
    stub.set_token_life(json!(30));
    let session = session(&stub, &client).await;
    stub.break_at("/oidc/token", Instead::Answer(503, "down".to_owned()));
    let failed = session.get_access_token(None).await.unwrap_err();
    assert!(
        failed.is_unavailable() && !failed.is_signed_out(),
        "{failed:?}"
    );
    stub.mend();
    session.get_access_token(None).await.unwrap();
}

#[tokio::test]
async fn an_ended_grant_means_sign_in_again() {
    let (stub, client) = start().await;
    let session = session(&stub, &client).await;
    stub.revoke_grants();
    let userinfo = session.fetch_user_info().await.unwrap_err();
    assert!(userinfo.is_signed_out(), "{userinfo:?}");
    let refresh = session.refresh().await.unwrap_err();
    assert!(refresh.is_signed_out(), "{refresh:?}");
    assert_eq!(
        session.get_id_token_claims().unwrap().user.sub,
        "sei",
        "cached claims stay readable"
    );
}

#[tokio::test]
async fn a_refresh_brings_new_claims() {
    let (stub, client) = start().await;
    let session = session(&stub, &client).await;
    let mut user = stub.user("sei");
    user["name"] = json!("Sei");
    stub.put_user(user);
    assert_eq!(
        session.get_id_token_claims().unwrap().user.name.as_deref(),
        Some("清少納言")
    );
    session.refresh().await.unwrap();
    assert_eq!(
        session.get_id_token_claims().unwrap().user.name.as_deref(),
        Some("Sei")
    );
}

#[tokio::test]
async fn tokens_of_another_person_are_refused() {
    let (stub, client) = start().await;
    let session = session(&stub, &client).await;
    stub.make_id_tokens(|keys, mut token| {
        token.claims["sub"] = json!("murasaki");
        keys.sign(&token)
    });
    let refused = session.refresh().await;
    assert!(
        matches!(refused, Err(Error::Token(TokenFault::Subject))),
        "{refused:?}"
    );
    assert_eq!(session.get_id_token_claims().unwrap().user.sub, "sei");

    stub.break_at(
        "/oidc/me",
        Instead::Answer(200, r#"{"sub":"murasaki"}"#.to_owned()),
    );
    let refused = session.fetch_user_info().await;
    assert!(
        matches!(refused, Err(Error::Token(TokenFault::Subject))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn an_answer_without_a_life_is_refused() {
    for life in [json!(null), json!(-1)] {
        let (stub, client) = start().await;
        let session = session(&stub, &client).await;
        stub.set_token_life(life);
        let refused = session.refresh().await;
        assert!(
            matches!(refused, Err(Error::Unexpected { .. })),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn signing_out_revokes_and_forgets() {
    let (stub, client) = start().await;
    let session = session(&stub, &client).await;
    let url = session.sign_out_url().await.unwrap();
    assert_eq!(
        url.as_str(),
        format!("{}/session/end?client_id=app", stub.issuer())
    );
    let revoked = stub.seen("POST /oidc/token/revocation");
    assert_eq!(revoked.len(), 1);
    assert!(revoked[0].form("token").unwrap().starts_with("refresh-"));
    assert!(matches!(
        session.get_access_token(None).await,
        Err(Error::SignedOut)
    ));

    let after = Config {
        post_logout_redirect_uri: Some("http://localhost:4000/".to_owned()),
        ..config(&stub)
    };
    let client = Client::new(after).unwrap();
    let session = client.session(sign_in(&stub, &client, "sei").await.unwrap());
    stub.break_at(
        "/oidc/token/revocation",
        Instead::Answer(500, String::new()),
    );
    let url = session.sign_out_url().await.unwrap();
    assert!(
        url.as_str()
            .ends_with("&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A4000%2F"),
        "{url}"
    );
}

#[tokio::test]
async fn each_resource_has_its_own_token_which_is_kept() {
    let (stub, client) = start().await;
    let session = session(&stub, &client).await;
    let orders = session.get_access_token(Some(API)).await.unwrap();
    let stock = "https://stock.example";
    assert_ne!(session.get_access_token(Some(stock)).await.unwrap(), orders);
    let before = refreshes(&stub);
    assert_eq!(session.get_access_token(Some(API)).await.unwrap(), orders);
    assert_eq!(refreshes(&stub), before);

    // Kept and taken up again, as after a restart of the application.
    let kept = serde_json::to_string(&session.tokens()).unwrap();
    let session = client.session(serde_json::from_str(&kept).unwrap());
    assert_eq!(session.get_access_token(Some(API)).await.unwrap(), orders);
    assert_eq!(refreshes(&stub), before);
}

#[tokio::test]
async fn a_refresh_survives_the_request_that_started_it() {
    let (stub, client) = start().await;
    stub.set_token_life(json!(30));
    let session = session(&stub, &client).await;
    stub.set_token_life(json!(3600));
    let started = {
        let session = session.clone();
        tokio::spawn(async move { session.get_access_token(None).await })
    };
    while refreshes(&stub) == 0 {
        tokio::task::yield_now().await;
    }
    started.abort();
    session.get_access_token(None).await.unwrap();
    assert_eq!(
        refreshes(&stub),
        1,
        "the token was not lost with its request"
    );
}

#[tokio::test]
async fn a_sign_in_started_anew_takes_the_place_of_the_one_before() {
    let (stub, client) = start().await;
    let first = client.sign_in_url().await.unwrap();
    let second = client.sign_in_url().await.unwrap();
    let late = stub.authorize(&first.url, "sei");
    let refused = client.handle_callback(&second.session, late.as_str()).await;
    assert!(matches!(refused, Err(Error::Callback(_))), "{refused:?}");
    let callback = stub.authorize(&second.url, "sei");
    client
        .handle_callback(&second.session, callback.as_str())
        .await
        .unwrap();
}
