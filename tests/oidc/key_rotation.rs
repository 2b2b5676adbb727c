//! Signing keys take turns, and nobody who follows the key set is refused (OpenID Connect Core section 10.1.1).

use std::{collections::BTreeSet, time::Duration};

use axum::body::Body;
use http::Request;
use meibo_crypto::{
    jwt::{Expected, VerifyingKeys},
    signing_key::{Jwk, SigningAlgorithm},
};
use meibo_domain::{
    application::{ApplicationType, CustomClientMetadata},
    signing_key::{KeyStatus, PUBLISHED_AFTER_USE, PUBLISHED_BEFORE_USE},
};
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        fixtures::{Client, POST_LOGOUT_URI},
        server::{PUBLIC_URL, TestServer, operator},
        tokens::{read_part, text},
    },
};

const ROTATE: &str = "/api/configs/oidc/private-keys/rotate";

async fn jwks(server: &TestServer) -> Value {
    server.get("/oidc/jwks").await.expect(200).json()
}

fn kids(jwks: &Value) -> BTreeSet<String> {
    let keys = jwks["keys"].as_array().unwrap();
    keys.iter().map(|key| text(key, "kid").to_owned()).collect()
}

fn kid(token: &str) -> String {
    text(&read_part(token, 0), "kid").to_owned()
}

/// Does a reader who kept this key set take the ID token?
fn accepts(jwks: &Value, server: &TestServer, token: &str, client: &Client) -> bool {
    let keys: Vec<Jwk> = serde_json::from_value(jwks["keys"].clone()).unwrap();
    let expected = Expected {
        typ: &["JWT"],
        algorithms: SigningAlgorithm::ALL,
        issuer: &format!("{PUBLIC_URL}/oidc"),
        audience: Some(&client.id),
        required: &["sub", "iat"],
    };
    let now = server.clock.now().seconds();
    let keys = VerifyingKeys::from_jwks(&keys).unwrap();
    keys.verify(token, &expected, now, 0).is_ok()
}

each_setup! {
    async fn oidc_core_10_1_1_tokens_verify_across_a_rotation(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let admin = server.admin().await;
        let mut kept = jwks(&server).await;
        for round in 0..3 {
            let before = server.tokens(&client, "sakura", &[("scope", "openid offline_access")]).await;
            let old = text(&before, "id_token").to_owned();
            server.wait(PUBLISHED_BEFORE_USE);
            admin.post(ROTATE, json!({})).await.expect(200);

            let after = server.tokens(&client, "sakura", &[]).await;
            let new = text(&after, "id_token");
            assert_ne!(kid(&old), kid(new));
            assert!(accepts(&kept, &server, new, &client), "{round}: a reader with the former key set");
            kept = jwks(&server).await;
            assert!(accepts(&kept, &server, &old, &client) && accepts(&kept, &server, new, &client));
            assert_eq!(kids(&kept).len(), 2 * (3 + round), "current, next and each previous key of two algorithms");

            // What was given before works on each node: access tokens, refresh tokens, hints.
            for _ in server.apps() {
                admin.get("/api/users").await.expect(200);
                let path = format!("/oidc/session/end?id_token_hint={old}&post_logout_redirect_uri={POST_LOGOUT_URI}");
                assert_eq!(server.get(&path).await.expect(303).location(), POST_LOGOUT_URI);
            }
            server.refresh(&client, text(&before, "refresh_token"), &[]).await.expect(200);
            let restarted = server.restarted().await;
            assert_eq!(jwks(&restarted).await, kept);
            assert_eq!(kid(text(&restarted.tokens(&client, "sakura", &[]).await, "id_token")), kid(new));
        }
    }
}

each_setup! {
    async fn a_previous_key_is_published_while_a_token_of_it_can_live(server: TestServer) {
        let admin = server.admin().await;
        let first = kids(&jwks(&server).await);
        server.wait(PUBLISHED_BEFORE_USE);
        let keys = admin.post(ROTATE, json!({})).await.expect(200).json();
        let previous: BTreeSet<String> = keys.as_array().unwrap().iter()
            .filter(|key| key["status"] == "Previous").map(|key| text(key, "id").to_owned()).collect();
        assert!(previous.len() == 2 && previous.is_subset(&first), "{keys}");
        let all = kids(&jwks(&server).await);
        server.wait(PUBLISHED_AFTER_USE - Duration::from_millis(1));
        server.app().sweep().await;
        assert_eq!(kids(&jwks(&server).await), all);
        server.wait(Duration::from_millis(1));
        server.app().sweep().await;
        for _ in server.apps() {
            let left = kids(&jwks(&server).await);
            assert!(left.is_disjoint(&previous) && left.is_subset(&all) && left.len() == 4, "{left:?}");
        }
    }
}

each_setup! {
    async fn what_a_deleted_key_signed_is_refused(server: TestServer) {
        let machine = server.machine(true).await;
        let old = server.machine_token(&machine, "all").await;
        server.wait(PUBLISHED_BEFORE_USE);
        let old = server.bearer(old);
        for _ in server.apps() {
            old.get("/api/users").await.expect(200);
        }
        let keys = old.post(ROTATE, json!({"signingKeyAlgorithm": "EC"})).await.expect(200).json();
        let previous = keys.as_array().unwrap().iter().find(|key| key["status"] == "Previous").unwrap();
        let admin = server.bearer(server.machine_token(&machine, "all").await);
        let path = format!("/api/configs/oidc/private-keys/{}", text(previous, "id"));
        admin.delete(&path).await.expect(204);
        for _ in server.apps() {
            assert_eq!(old.get("/api/users").await.expect(401).code(), "auth.unauthorized");
            admin.get("/api/users").await.expect(200);
        }
        admin.delete(&path).await.expect(404);
    }
}

each_setup! {
    async fn an_application_asks_for_an_algorithm_and_its_key_is_made(server: TestServer) {
        server.person("sakura").await;
        let admin = server.admin().await;
        for alg in ["ES384", "EdDSA"] {
            let before = kids(&jwks(&server).await).len();
            let custom = CustomClientMetadata { id_token_signed_response_alg: Some(alg.to_owned()), ..Default::default() };
            let made = server.application(ApplicationType::Spa, custom).await;
            let changed = server.traditional().await;
            let body = json!({"customClientMetadata": {"idTokenSignedResponseAlg": alg}});
            admin.patch(&format!("/api/applications/{}", changed.id), body).await.expect(200);
            for client in [made, changed] {
                // On each node.
                for _ in server.apps() {
                    let tokens = server.tokens(&client, "sakura", &[]).await;
                    let id_token = text(&tokens, "id_token");
                    let read = server.read_jwt(id_token, "JWT", &client.id).await;
                    assert_eq!(read.header["alg"], alg);
                    let path = format!("/oidc/session/end?id_token_hint={id_token}&post_logout_redirect_uri={POST_LOGOUT_URI}");
                    assert_eq!(server.get(&path).await.expect(303).location(), POST_LOGOUT_URI);
                }
            }
            assert_eq!(kids(&jwks(&server).await).len(), before + 2, "a current and a next key");
        }
        let body = json!({"name": "x", "type": "SPA", "customClientMetadata": {"idTokenSignedResponseAlg": "ES512"}});
        let refused = admin.post("/api/applications", body).await.expect(400).json();
        assert!(refused.to_string().contains("RS256, ES256, ES384 or EdDSA"), "{refused}");
    }
}

each_setup! {
    async fn two_administrators_at_once_rotate_once(server: TestServer) {
        let admin = server.admin().await;
        for round in 1..=3 {
            server.wait(PUBLISHED_BEFORE_USE);
            let calls = (0..4).map(|_| {
                let admin = admin.clone();
                tokio::spawn(async move { admin.post(ROTATE, json!({"signingKeyAlgorithm": "EC"})).await })
            });
            let answers = futures_util::future::join_all(calls).await;
            let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
            // Who met the other succeeds with it; who came a moment later is told to wait.
            let rotated = answers.iter().filter(|answer| answer.status == 200).count();
            let told = answers.iter().filter(|answer| answer.status == 422 && answer.code() == "signing_key.next_too_young");
            assert!(rotated >= 1 && rotated + told.count() == 4, "{answers:?}");
            let keys = server.app().list_signing_keys(&operator()).await.unwrap();
            let count = |status| keys.iter().filter(|key| key.algorithm == "ES256" && key.status == status).count();
            assert_eq!((count(KeyStatus::Current), count(KeyStatus::Next), count(KeyStatus::Previous)), (1, 1, round));
        }
    }
}

each_setup! {
    /// Keys of an algorithm that two nodes make at the same time, and rotations that wait for nothing.
    async fn an_algorithm_has_one_current_and_one_next_key_whatever_meets(server: TestServer) {
        let admin = server.admin().await;
        let calls = (0..6).map(|number| {
            let admin = admin.clone();
            tokio::spawn(async move {
                let custom = json!({"idTokenSignedResponseAlg": "EdDSA"});
                let made = admin.post("/api/applications", json!({"name": "x", "type": "SPA", "customClientMetadata": custom})).await;
                made.expect(200);
                if number % 2 == 0 {
                    let body = json!({"signingKeyAlgorithm": "EdDSA", "rotationGracePeriod": 0});
                    admin.post(ROTATE, body).await.expect(200);
                }
            })
        });
        for ended in futures_util::future::join_all(calls).await {
            ended.unwrap();
        }
        let keys = server.app().list_signing_keys(&operator()).await.unwrap();
        let count = |status| keys.iter().filter(|key| key.algorithm == "EdDSA" && key.status == status).count();
        assert_eq!((count(KeyStatus::Current), count(KeyStatus::Next)), (1, 1));
        assert!((1..=3).contains(&count(KeyStatus::Previous)), "{keys:?}");
    }
}

each_setup! {
    async fn a_register_without_next_keys_gets_them_at_its_next_start(server: TestServer) {
        server.execute_sql("DELETE FROM signing_keys WHERE status = 'next'").await;
        let before = server.app().list_signing_keys(&operator()).await.unwrap();
        assert_eq!(before.len(), 2);
        let restarted = server.restarted().await;
        let after = restarted.app().list_signing_keys(&operator()).await.unwrap();
        let statuses: Vec<_> = after.iter().map(|key| (key.algorithm.as_str(), key.status)).collect();
        let (current, next) = (KeyStatus::Current, KeyStatus::Next);
        assert_eq!(statuses, [("RS256", current), ("RS256", next), ("ES256", current), ("ES256", next)]);
        assert!(before.iter().all(|key| after.contains(key)), "the keys that sign are the same");
    }
}

each_setup! {
    async fn a_rotation_that_cannot_be_recorded_changes_nothing(server: TestServer) {
        let admin = server.admin().await;
        server.wait(PUBLISHED_BEFORE_USE);
        let before = jwks(&server).await;
        server.execute_sql("ALTER TABLE audit_log RENAME TO elsewhere").await;
        admin.post(ROTATE, json!({})).await.expect(500);
        server.execute_sql("ALTER TABLE elsewhere RENAME TO audit_log").await;
        assert_eq!(jwks(&server).await, before);
        assert_eq!(jwks(&server.restarted().await).await, before);
        admin.post(ROTATE, json!({})).await.expect(200);
    }
}

each_setup! {
    /// RFC 9110 section 13.1.2: who has the set is told so, on every node.
    async fn the_documents_are_read_again_by_their_tags(server: TestServer) {
        for path in ["/oidc/jwks", "/oidc/.well-known/openid-configuration"] {
            let first = server.get(path).await.expect(200);
            let etag = first.header("etag").to_owned();
            assert!(!etag.is_empty());
            for _ in server.apps() {
                let head = server.send(Request::head(path).body(Body::empty()).unwrap()).await.expect(200);
                assert!(head.body.is_empty());
                for name in ["etag", "cache-control", "content-type", "access-control-allow-origin"] {
                    assert_eq!(head.header(name), first.header(name), "{path} {name}");
                }
                let again = Request::get(path).header("if-none-match", &etag).body(Body::empty()).unwrap();
                let again = server.send(again).await.expect(304);
                assert!(again.body.is_empty());
                assert_eq!(again.header("etag"), etag);
                assert_eq!(again.header("cache-control"), first.header("cache-control"));
            }
        }
        let etag = server.get("/oidc/jwks").await.header("etag").to_owned();
        server.wait(PUBLISHED_BEFORE_USE);
        server.admin().await.post(ROTATE, json!({})).await.expect(200);
        for _ in server.apps() {
            let request = Request::get("/oidc/jwks").header("if-none-match", &etag);
            server.send(request.body(Body::empty()).unwrap()).await.expect(200);
        }
    }
}
