//! `/api/configs/oidc/private-keys`

use std::collections::BTreeSet;

use meibo_domain::signing_key::PUBLISHED_BEFORE_USE;
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        server::{START, TestServer},
        tokens::text,
    },
};

const KEYS: &str = "/api/configs/oidc/private-keys";
const ROTATE: &str = "/api/configs/oidc/private-keys/rotate";

/// The algorithm and status of each key, in the order of the answer.
fn turns(keys: &Value) -> Vec<(&str, &str)> {
    let keys = keys.as_array().unwrap().iter();
    keys.map(|key| (text(key, "algorithm"), text(key, "status")))
        .collect()
}

each_setup! {
    async fn keys_are_listed_without_their_private_half(server: TestServer) {
        let admin = server.admin().await;
        let keys = admin.get(KEYS).await.expect(200).json();
        assert_eq!(turns(&keys), [("RS256", "Current"), ("RS256", "Next"), ("ES256", "Current"), ("ES256", "Next")]);
        let jwks = server.get("/oidc/jwks").await.expect(200).json();
        for (key, jwk) in keys.as_array().unwrap().iter().zip(jwks["keys"].as_array().unwrap()) {
            let members: BTreeSet<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(members, BTreeSet::from(["id", "createdAt", "signingKeyAlgorithm", "algorithm", "status", "retiredAt"]));
            assert_eq!((&key["id"], &key["algorithm"], &key["signingKeyAlgorithm"]), (&jwk["kid"], &jwk["alg"], &jwk["kty"]));
            assert_eq!((&key["createdAt"], &key["retiredAt"]), (&json!(START.0), &Value::Null));
        }
    }
}

each_setup! {
    async fn a_key_that_was_published_too_late_does_not_sign_yet(server: TestServer) {
        let admin = server.admin().await;
        server.wait(PUBLISHED_BEFORE_USE);
        let rotated = admin.post(ROTATE, json!({"signingKeyAlgorithm": "EC"})).await.expect(200).json();
        let expected = [("RS256", "Current"), ("RS256", "Next"), ("ES256", "Current"), ("ES256", "Next"), ("ES256", "Previous")];
        assert_eq!(turns(&rotated), expected);
        let at = START + PUBLISHED_BEFORE_USE;
        assert_eq!((&rotated[3]["createdAt"], &rotated[4]["retiredAt"]), (&json!(at.0), &json!(at.0)));

        for body in [json!({"signingKeyAlgorithm": "ES256"}), json!({"signingKeyAlgorithm": "EC", "rotationGracePeriod": 1}), json!({})] {
            let refused = admin.post(ROTATE, body).await.expect(422);
            assert_eq!(refused.code(), "signing_key.next_too_young");
            let seconds: i64 = refused.header("retry-after").parse().unwrap();
            assert_eq!(refused.json()["data"]["readyAt"], at.0 + 1000 * seconds);
        }
        assert_eq!(admin.get(KEYS).await.expect(200).json(), rotated, "also of the algorithm that could have");
        admin.post(ROTATE, json!({"signingKeyAlgorithm": "RSA"})).await.expect(200);
        admin.post(ROTATE, json!({"signingKeyAlgorithm": "ES256", "rotationGracePeriod": 0})).await.expect(200);
    }
}

each_setup! {
    async fn what_cannot_be_is_refused(server: TestServer) {
        let admin = server.admin().await;
        let keys = admin.get(KEYS).await.expect(200).json();
        for (body, member) in [
            (json!({"signingKeyAlgorithm": "HS256"}), "signingKeyAlgorithm"),
            (json!({"signingKeyAlgorithm": "none"}), "signingKeyAlgorithm"),
            (json!({"signingKeyAlgorithm": ""}), "signingKeyAlgorithm"),
            (json!({"signingKeyAlgorithm": "ES384"}), "signingKeyAlgorithm"),
            (json!({"signingKeyAlgorithm": 1}), "signingKeyAlgorithm"),
            (json!({"rotationGracePeriod": -1}), "rotationGracePeriod"),
            (json!({"rotationGracePeriod": 86_401}), "rotationGracePeriod"),
            (json!({"rotationGracePeriod": "0"}), "rotationGracePeriod"),
        ] {
            let refused = admin.post(ROTATE, body).await.expect(400);
            assert_eq!(refused.code(), "guard.invalid_input");
            assert!(refused.text().contains(member), "{}", refused.text());
        }
        for key in keys.as_array().unwrap() {
            let refused = admin.delete(&format!("{KEYS}/{}", text(key, "id"))).await.expect(422);
            assert_eq!(refused.code(), "signing_key.in_use");
        }
        admin.delete(&format!("{KEYS}/nothing")).await.expect(404);
        for path in ["/api/configs/oidc/cookie-keys", "/api/configs/oidc/cookie-keys/rotate"] {
            assert_eq!(admin.get(path).await.expect(404).code(), "request.not_found", "cookies are not signed");
        }
        assert_eq!(admin.get(KEYS).await.expect(200).json(), keys);
    }
}
