//! Client authentication by assertions: RFC 7523 sections 2.2 and 3, OpenID Connect Core section 9,
//! RFC 8725.

use std::time::Duration;

use futures_util::future::join_all;
use meibo_crypto::{
    digest::{base64url, hmac_sha256},
    signing_key::{SigningAlgorithm, SigningKey},
};
use meibo_domain::{
    application::{ApplicationPatch, ApplicationType, OidcClientMetadata},
    ids::ApplicationId,
};
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::{
        answer::Answer,
        assertion::{SigningClient, TYPE, key_set},
        client::basic,
        server::{TestServer, operator},
        tokens::text,
    },
};

const TOKEN: &str = "/oidc/token";
const MACHINE: ApplicationType = ApplicationType::MachineToMachine;

/// Every failure looks like this.
#[track_caller]
fn assert_refused(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 401, "{what}: {}", answer.text());
    let body = answer.json();
    assert_eq!(body["error"], "invalid_client", "{what}");
    assert_eq!(
        body["error_description"], "client authentication failed",
        "{what}"
    );
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
}

async fn change(server: &TestServer, client: &SigningClient, oidc: OidcClientMetadata) {
    let id = ApplicationId::parse(client.client.id.as_str()).unwrap();
    let patch = ApplicationPatch {
        oidc: Some(oidc),
        ..ApplicationPatch::default()
    };
    server
        .app()
        .update_application(&operator(), &id, patch)
        .await
        .unwrap();
}

each_setup! {
    async fn rfc7523_2_2_an_assertion_proves_the_client_at_every_endpoint(server: TestServer) {
        server.person("sakura").await;
        for algorithm in [SigningAlgorithm::Es256, SigningAlgorithm::Rs256] {
            let client = server.signing_client(ApplicationType::Traditional, algorithm).await;
            let code = server.code(&client.client, "sakura", &[]).await;
            let tokens = client.redeem(&server, &code).await.expect(200).json();
            let token = text(&tokens, "access_token");
            let told = client.introspect(&server, token, "1").await.expect(200).json();
            assert_eq!(told["active"], true);
            let fields = [("token", token)];
            client.post(&server, "/oidc/token/revocation", &fields, &client.assertion("2")).await.expect(200);
            let told = client.introspect(&server, token, "3").await.expect(200).json();
            assert_eq!(told["active"], false);
        }
    }
}

each_setup! {
    async fn rfc7523_3_who_it_is_for_and_from(server: TestServer) {
        let client = server.signing_client(MACHINE, SigningAlgorithm::Es256).await;
        let token_endpoint = "http://id.example/oidc/token";
        for (number, audience) in [json!("http://id.example/oidc"), json!(token_endpoint), json!(["x", token_endpoint])].iter().enumerate() {
            let mut claims = client.claims(&format!("aud {number}"));
            claims["aud"] = audience.clone();
            client.ask(&server, &SigningClient::sign_with(&client.key, "JWT", &claims)).await.expect(200);
        }
        // client_id may be sent too, when it is the same (RFC 7521 section 4.2).
        let named = async |client_id: &str, jti: &str| {
            let fields = [
                ("grant_type", "client_credentials"),
                ("resource", meibo_domain::resource::MANAGEMENT_API_INDICATOR),
                ("client_id", client_id),
            ];
            client.post(&server, TOKEN, &fields, &client.assertion(jti)).await
        };
        named(&client.client.id, "named").await.expect(200);
        let other = server.signing_client(MACHINE, SigningAlgorithm::Es256).await;
        for name in [other.client.id.as_str(), "nobody"] {
            assert_refused(&named(name, "other").await, name);
        }
    }
}

each_setup! {
    async fn rfc7523_3_every_refusal_looks_the_same(server: TestServer) {
        let client = server.signing_client(MACHINE, SigningAlgorithm::Es256).await;
        let now = server.clock.now().seconds();
        let stranger = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
        let sign = |claims: &Value| SigningClient::sign_with(&client.key, "JWT", claims);
        for (name, value) in [
            ("iss", json!("nobody")),
            ("iss", json!("http://id.example/oidc")),
            ("sub", json!("nobody")),
            ("aud", json!("https://other.example/oidc")),
            ("aud", json!(["https://other.example/oidc"])),
            ("aud", json!("http://id.example/oidc/")),
            ("exp", json!(now - 30)),
            ("exp", json!(now + 631)),
            ("exp", json!("never")),
            ("iat", json!(now + 31)),
            ("iat", json!(now - 631)),
            ("nbf", json!(now + 31)),
            ("jti", json!(1)),
            ("jti", json!("x".repeat(257))),
        ] {
            let mut claims = client.claims("refused");
            claims[name] = value.clone();
            assert_refused(&client.ask(&server, &sign(&claims)).await, &format!("{name} is {value}"));
        }
        for typ in ["at+jwt", "logout+jwt", "dpop+jwt"] {
            let assertion = SigningClient::sign_with(&client.key, typ, &client.claims("typ"));
            assert_refused(&client.ask(&server, &assertion).await, typ);
        }
        let foreign = SigningClient::sign_with(&stranger, "JWT", &client.claims("foreign"));
        assert_refused(&client.ask(&server, &foreign).await, "another key");
        // RFC 8725 sections 3.1 and 3.2: none, and the public key taken for a secret.
        let part = |value: &Value| base64url(value.to_string().as_bytes());
        let unsigned = |alg: &str| {
            let header = json!({"alg": alg, "typ": "JWT", "kid": client.key.kid()});
            format!("{}.{}", part(&header), part(&client.claims("unsigned")))
        };
        let public = json!(client.key.public_jwk()).to_string();
        let hmac = hmac_sha256(public.as_bytes(), unsigned("HS256").as_bytes());
        let by_secret = hmac_sha256(client.client.secret().as_bytes(), unsigned("HS256").as_bytes());
        for (what, assertion) in [
            ("none", format!("{}.", unsigned("none"))),
            ("hmac with the public key", format!("{}.{}", unsigned("HS256"), base64url(&hmac))),
            ("client_secret_jwt", format!("{}.{}", unsigned("HS256"), base64url(&by_secret))),
            ("no token", "x".to_owned()),
            ("empty parts", "..".to_owned()),
            ("a key of its own", {
                let header = json!({"alg": "ES256", "typ": "JWT", "kid": client.key.kid(), "jwk": stranger.public_jwk()});
                let input = format!("{}.{}", part(&header), part(&client.claims("embedded")));
                let signature = stranger.sign(input.as_bytes()).unwrap();
                format!("{input}.{}", base64url(&signature))
            }),
        ] {
            assert_refused(&client.ask(&server, &assertion).await, what);
        }
        client.ask(&server, &client.assertion("good")).await.expect(200);
    }
}

each_setup! {
    async fn rfc7523_2_2_the_type_of_the_assertion_is_said(server: TestServer) {
        let client = server.signing_client(MACHINE, SigningAlgorithm::Es256).await;
        let grant = [("grant_type", "client_credentials"), ("client_id", client.client.id.as_str())];
        let assertion = client.assertion("1");
        for proof in [
            &[("client_assertion", assertion.as_str())][..],
            &[("client_assertion", &assertion), ("client_assertion_type", "")],
            &[("client_assertion", &assertion), ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer")],
            &[("client_assertion_type", TYPE)],
            &[],
        ] {
            let fields = [&grant[..], proof].concat();
            assert_refused(&server.post_form(TOKEN, &fields).await, &format!("{proof:?}"));
        }
        // One way at a time.
        let header = basic(&client.client.id, client.client.secret());
        let fields = [("client_assertion", assertion.as_str()), ("client_assertion_type", TYPE)];
        let both = server.post_form_as(TOKEN, &fields, Some(&header)).await.expect(400);
        assert_eq!(both.json()["error"], "invalid_request");
        client.ask(&server, &assertion).await.expect(200);
    }
}

each_setup! {
    async fn oidc_core_9_who_registered_one_way_has_no_other(server: TestServer) {
        let signing = server.signing_client(MACHINE, SigningAlgorithm::Es256).await;
        let grant = [
            ("grant_type", "client_credentials"),
            ("resource", meibo_domain::resource::MANAGEMENT_API_INDICATOR),
        ];
        let header = basic(&signing.client.id, signing.client.secret());
        assert_refused(&server.post_form_as(TOKEN, &grant, Some(&header)).await, "a secret");
        let posted = [&grant[..], &[("client_id", signing.client.id.as_str()), ("client_secret", signing.client.secret())]].concat();
        assert_refused(&server.post_form(TOKEN, &posted).await, "a posted secret");

        // Keys alone do not make a client one that signs.
        let oidc = OidcClientMetadata { jwks: Some(key_set(&[&signing.key])), ..OidcClientMetadata::default() };
        change(&server, &signing, oidc).await;
        assert_refused(&signing.ask(&server, &signing.assertion("1")).await, "not registered");
        server.post_form_as(TOKEN, &grant, Some(&header)).await.expect(200);
    }
}

each_setup! {
    async fn rfc7523_3_an_assertion_is_used_once_whichever_node_is_asked(server: TestServer) {
        let client = server.signing_client(MACHINE, SigningAlgorithm::Es256).await;
        for round in 0..3 {
            let assertion = client.assertion(&format!("{round}"));
            let asks = (0..20).map(|_| {
                let (server, client, assertion) = (server.clone(), client.clone(), assertion.clone());
                tokio::spawn(async move { client.ask(&server, &assertion).await })
            });
            let mut successes = 0;
            for answer in join_all(asks).await {
                let answer = answer.unwrap();
                if answer.status == 200 {
                    successes += 1;
                } else {
                    assert_refused(&answer, "used");
                }
            }
            assert_eq!(successes, 1);
            let restarted = server.restarted().await;
            assert_refused(&client.ask(&restarted, &assertion).await, "after a restart");
            // The same id in another assertion of this client is the same.
            let mut claims = client.claims(&format!("{round}"));
            claims["exp"] = json!(claims["exp"].as_i64().unwrap() + 1);
            assert_refused(&client.ask(&server, &SigningClient::sign_with(&client.key, "JWT", &claims)).await, "same jti");
        }
        // Another client's id is its own.
        let other = server.signing_client(MACHINE, SigningAlgorithm::Es256).await;
        other.ask(&server, &other.assertion("0")).await.expect(200);
    }
}

each_setup! {
    async fn rfc7523_3_a_used_assertion_is_remembered_for_as_long_as_it_holds(server: TestServer) {
        let client = server.signing_client(MACHINE, SigningAlgorithm::Es256).await;
        let used = client.assertion("used");
        client.ask(&server, &used).await.expect(200);
        // It would be taken until 30 s after its end, for clocks differ.
        server.wait(Duration::from_millis(89_999));
        server.app().sweep().await;
        client.ask(&server, &client.assertion("unused")).await.expect(200);
        assert_refused(&client.ask(&server, &used).await, "used");
        // And it is remembered five minutes longer, for clocks of nodes differ.
        server.wait(Duration::from_secs(2) + Duration::from_secs(300));
        server.app().sweep().await;
        assert_refused(&client.ask(&server, &used).await, "expired");
        let rows = meibo_store::db::Sql::from("SELECT hash FROM client_assertions");
        assert_eq!(server.app().database().query(&rows, &[]).await.unwrap().len(), 1, "the later one");
    }
}

each_setup! {
    async fn a_changed_key_set_holds_at_once(server: TestServer) {
        let client = server.signing_client(MACHINE, SigningAlgorithm::Es256).await;
        let next = SigningKey::generate(SigningAlgorithm::Rs256).unwrap();
        let by_next = |jti: &str| SigningClient::sign_with(&next, "JWT", &client.claims(jti));
        let oidc = |keys: &[&SigningKey]| OidcClientMetadata {
            token_endpoint_auth_method: Some("private_key_jwt".to_owned()),
            jwks: Some(key_set(keys)),
            ..OidcClientMetadata::default()
        };
        assert_refused(&client.ask(&server, &by_next("1")).await, "not registered yet");
        change(&server, &client, oidc(&[&client.key, &next])).await;
        for turn in ["2", "3"] {
            client.ask(&server, &by_next(turn)).await.expect(200);
            client.ask(&server, &client.assertion(&format!("old {turn}"))).await.expect(200);
        }
        change(&server, &client, oidc(&[&next])).await;
        for turn in ["4", "5"] {
            assert_refused(&client.ask(&server, &client.assertion(turn)).await, "no longer registered");
            client.ask(&server, &by_next(&format!("new {turn}"))).await.expect(200);
        }
    }
}
