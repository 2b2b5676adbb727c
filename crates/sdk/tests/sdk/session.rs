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
