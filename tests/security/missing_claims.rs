//! Missing claims treated as fine: each claim is dropped in turn at every consumer of a JWT.

use meibo_app::applications::Rights;
use meibo_crypto::{
    jwt,
    signing_key::{SigningAlgorithm, SigningKey},
};
use meibo_domain::application::ApplicationType;
use serde_json::{Map, Value, json};

use crate::{
    each_setup,
    support::{
        client::form,
        fixtures::new_application,
        server::{START, TestServer},
    },
};

/// A key that the service trusts and the test can sign with; the service knows it after a restart.
async fn trusted_key(server: &TestServer, algorithm: SigningAlgorithm) -> SigningKey {
    let key = SigningKey::generate(algorithm).unwrap();
    let jwk = serde_json::to_string(key.public_jwk()).unwrap();
    let insert = format!(
        "INSERT INTO signing_keys (id, algorithm, status, private_sealed, public_jwk, created_at) \
         VALUES ('{}', '{}', 'previous', '', '{jwk}', 0)",
        key.kid(),
        algorithm.as_str()
    );
    server.execute_sql(&insert).await;
    key
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("{other} is no object"),
    }
}

/// The claims without each one of them, and with each one as null and as the empty string.
fn crippled(claims: &Map<String, Value>) -> Vec<(String, Map<String, Value>)> {
    let mut all = Vec::new();
    for name in claims.keys() {
        let mut without = claims.clone();
        without.remove(name);
        all.push((format!("without {name}"), without));
        for nothing in [Value::Null, json!(""), json!([]), json!({})] {
            let mut empty = claims.clone();
            empty.insert(name.clone(), nothing.clone());
            all.push((format!("{name} is {nothing}"), empty));
        }
    }
    all
}

each_setup! {
    async fn rfc9068_4_an_access_token_that_lacks_a_claim_opens_nothing(server: TestServer) {
        let machine = server.machine(true).await;
        let key = trusted_key(&server, SigningAlgorithm::Es256).await;
        let server = server.restarted().await;
        let claims = object(json!({
            "jti": "1",
            "sub": machine.id,
            "iat": START.seconds(),
            "exp": START.seconds() + 600,
            "scope": "all",
            "client_id": machine.id,
            "iss": "http://id.example/oidc",
            "aud": "https://default.logto.app/api",
        }));
        let sign = |claims: &Map<String, Value>| jwt::sign(&key, "at+jwt", claims).unwrap();
        server.bearer(sign(&claims)).get("/api/users").await.expect(200);
        for (what, claims) in crippled(&claims) {
            let answer = server.bearer(sign(&claims)).get("/api/users").await;
            let expected = if what.contains("scope") { [401, 403] } else { [401, 401] };
            assert!(expected.contains(&answer.status.as_u16()), "{what}: {}", answer.status);
        }
        for (name, value) in [
            ("iss", json!("http://id.example/oidc/")),
            ("iss", json!("https://id.example/oidc")),
            ("aud", json!("https://default.logto.app/api/")),
            ("aud", json!(["https://shop.example/"])),
            ("exp", json!(START.seconds())),
            ("exp", json!("4102444800")),
            ("iat", json!(START.seconds() + 1)),
            ("nbf", json!(START.seconds() + 1)),
            ("sub", json!("nobody")),
            ("client_id", json!("nobody")),
        ] {
            let mut other = claims.clone();
            other.insert(name.to_owned(), value.clone());
            let answer = server.bearer(sign(&other)).get("/api/users").await;
            assert_eq!(answer.status, 401, "{name} is {value}");
        }
        for typ in ["JWT", "", "logout+jwt", "dpop+jwt"] {
            let token = jwt::sign(&key, typ, &claims).unwrap();
            server.bearer(token).get("/api/users").await.expect(401);
        }
    }
}

each_setup! {
    async fn oidc_core_2_an_id_token_that_lacks_a_claim_is_no_hint(server: TestServer) {
        let client = server.spa().await;
        let person = server.person("sakura").await;
        let key = trusted_key(&server, SigningAlgorithm::Rs256).await;
        let server = server.restarted().await;
        let claims = object(json!({
            "sub": person.id.as_str(),
            "aud": client.id,
            "exp": START.seconds() + 600,
            "iat": START.seconds(),
            "iss": "http://id.example/oidc",
        }));
        let mut browser = server.browser();
        browser.sign_in(&client, "sakura", &[]).await;
        let sign = |claims: &Map<String, Value>| jwt::sign(&key, "JWT", claims).unwrap();
        let hinted = [("id_token_hint", &*sign(&claims)), ("prompt", "none")];
        let back = browser.authorize(&client, &hinted).await.elsewhere();
        assert!(back.query().unwrap().contains("code="), "{back}");
        for (what, claims) in crippled(&claims) {
            let token = sign(&claims);
            let back = browser.authorize(&client, &[("id_token_hint", &*token), ("prompt", "none")]).await.elsewhere();
            assert!(back.query().unwrap().contains("error="), "{what}: {back}");
            let fields = [("id_token_hint", &*token), ("client_id", client.id.as_str())];
            browser.get(&format!("/oidc/session/end?{}", form(&fields))).await.expect(400);
        }
        let access_token = jwt::sign(&key, "at+jwt", &claims).unwrap();
        let extra = [("id_token_hint", &*access_token), ("prompt", "none")];
        let back = browser.authorize(&client, &extra).await.elsewhere();
        assert!(back.query().unwrap().contains("error=invalid_request"), "{back}");
    }
}

each_setup! {
    async fn a_client_assertion_that_lacks_a_claim_proves_nothing(server: TestServer) {
        let key = SigningKey::generate(SigningAlgorithm::Es256).unwrap();
        let mut new = new_application(ApplicationType::MachineToMachine);
        new.oidc.token_endpoint_auth_method = Some("private_key_jwt".to_owned());
        new.oidc.jwks = Some(object(json!({"keys": [key.public_jwk()]})));
        let client = server.register(new, Rights { management_api: true, login_api: false }).await;
        let claims = |number: usize| object(json!({
            "iss": client.id, "sub": client.id, "aud": "http://id.example/oidc", "jti": number.to_string(),
            "exp": START.seconds() + 60,
        }));
        let ask = async |claims: &Map<String, Value>| {
            let assertion = jwt::sign(&key, "JWT", claims).unwrap();
            let fields = [
                ("grant_type", "client_credentials"),
                ("resource", "https://default.logto.app/api"),
                ("client_id", client.id.as_str()),
                ("client_assertion", assertion.as_str()),
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ];
            server.post_form("/oidc/token", &fields).await
        };
        ask(&claims(0)).await.expect(200);
        for (number, (what, claims)) in crippled(&claims(1)).into_iter().enumerate() {
            let mut claims = claims;
            // Whatever is missing, it is not that the assertion was used before.
            if claims.get("jti").is_some_and(|jti| jti == "1") {
                claims.insert("jti".to_owned(), json!(format!("{number}-of-all")));
            }
            let answer = ask(&claims).await;
            assert_eq!(answer.status, 401, "{what}");
            assert_eq!(answer.json()["error"], "invalid_client", "{what}");
        }
        ask(&claims(1)).await.expect(200);
    }
}
