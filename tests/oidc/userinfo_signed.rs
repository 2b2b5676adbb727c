//! Signed userinfo: OpenID Connect Core section 5.3.2.

use meibo_crypto::{
    jwt::{Expected, JwtError, VerifyingKeys},
    signing_key::{Jwk, SigningAlgorithm},
};
use meibo_domain::application::{ApplicationType, CustomClientMetadata};
use serde_json::json;

use crate::{
    each_setup,
    support::{
        server::TestServer,
        tokens::{read_part, text},
    },
};

each_setup! {
    async fn oidc_core_5_3_2_the_answer_is_signed_as_the_application_wants_it(server: TestServer) {
        let person = server.person("sakura").await;
        for algorithm in [SigningAlgorithm::Rs256, SigningAlgorithm::Es256] {
            let custom = CustomClientMetadata {
                userinfo_signed_response_alg: Some(algorithm.as_str().to_owned()),
                ..CustomClientMetadata::default()
            };
            let client = server.application(ApplicationType::Spa, custom).await;
            let tokens = server.tokens(&client, "sakura", &[("scope", "openid email")]).await;
            let answer = server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(200);
            assert_eq!(answer.header("content-type"), "application/jwt");
            assert_eq!(answer.header("cache-control"), "no-store");
            let signed = answer.text();
            assert_eq!(read_part(&signed, 0)["alg"], algorithm.as_str());
            assert_eq!(read_part(&signed, 1), json!({
                "sub": person.id.as_str(), "email": "sakura@example.com", "email_verified": true,
                "iss": "http://id.example/oidc", "aud": client.id,
            }));
            // Everything about the token is right but that it never expires, which is looked at after
            // the signature: so the signature is right too.
            let jwks = server.get("/oidc/jwks").await.expect(200).json();
            let keys: Vec<Jwk> = serde_json::from_value(jwks["keys"].clone()).unwrap();
            let expected = Expected {
                typ: &["JWT"],
                algorithms: &[algorithm],
                issuer: "http://id.example/oidc",
                audience: Some(&client.id),
                required: &[],
            };
            let keys = VerifyingKeys::from_jwks(&keys).unwrap();
            let now = server.clock.now().seconds();
            assert_eq!(keys.verify(&signed, &expected, now, 0), Err(JwtError::MissingClaim("exp".to_owned())));

            let refused = server.bearer("wrong").get("/oidc/me").await.expect(401);
            assert_eq!(refused.header("content-type"), "application/json", "errors stay JSON");
        }
    }
}

each_setup! {
    async fn oidc_core_5_3_2_json_unless_told(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        let answer = server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(200);
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

each_setup! {
    async fn rfc9068_4_a_jwt_is_told_which_token_is_taken(server: TestServer) {
        let machine = server.machine(true).await;
        let token = server.machine_token(&machine, "all").await;
        let answer = server.bearer(&token).get("/oidc/me").await.expect(401).json();
        assert_eq!(answer["error"], "invalid_token");
        assert!(answer["error_description"].as_str().unwrap().contains("opaque access token"), "{answer}");
    }
}
