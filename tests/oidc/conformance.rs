//! Demands of the standards that no other file here is about.

use http::Method;
use serde_json::Value;

use crate::{
    each_setup,
    support::{
        browser::{VERIFIER, authorize_path},
        fixtures::{PASSWORD, REDIRECT_URI},
        server::TestServer,
        tokens::{read_part, text},
    },
};

const DISCOVERY: &str = "/oidc/.well-known/openid-configuration";

each_setup! {
    async fn rfc6749_3_2_the_token_endpoint_takes_post_only(server: TestServer) {
        for path in ["/oidc/token", "/oidc/token/revocation"] {
            for method in [Method::GET, Method::PUT, Method::PATCH, Method::DELETE] {
                let answer = server.nobody().call(method.clone(), path, None).await.expect(405);
                assert!(answer.header("allow").contains("POST"), "{method} {path}");
            }
        }
    }
}

each_setup! {
    async fn rfc6749_3_1_empty_and_unknown_parameters_count_for_nothing(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let empty = "&max_age=&response_mode=&id_token_hint=&resource=&request=&registration=";
        let unknown = "&foo=bar&foo=baz&claims=%7B%7D";
        let path = format!("{}{empty}{unknown}", authorize_path(&client, &[]));
        let mut browser = server.browser();
        let (path, _) = browser.visit(&path).await.page();
        let back = browser.submit(&path, &[("identifier", "sakura"), ("password", PASSWORD)]).await.elsewhere();
        let code = crate::support::browser::parameter(&back, "code").unwrap();
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("client_id", client.id.as_str()),
            ("client_secret", ""),
            ("redirect_uri", REDIRECT_URI),
            ("code_verifier", VERIFIER),
            ("resource", ""),
            ("scope", ""),
            ("foo", "bar"),
            ("foo", "baz"),
        ];
        server.post_form("/oidc/token", &fields).await.expect(200);
    }
}

each_setup! {
    async fn rfc8414_3_2_members_have_values_and_belong_to_the_issuer(server: TestServer) {
        let document = server.get(DISCOVERY).await.expect(200).json();
        let issuer = text(&document, "issuer");
        assert!(!issuer.contains(['?', '#']) && !issuer.ends_with('/'), "{issuer}");
        for (name, value) in document.as_object().unwrap() {
            match value {
                Value::Null => panic!("{name} is null"),
                Value::Array(items) => assert!(!items.is_empty(), "{name} has no element and is to be left out"),
                Value::String(url) => assert!(url.starts_with(issuer), "{name} is elsewhere: {url}"),
                Value::Bool(_) => {}
                other => panic!("{name} is {other}"),
            }
        }
    }
}

each_setup! {
    async fn oidc_discovery_4_3_the_issuer_is_that_of_every_token(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let document = server.get(DISCOVERY).await.expect(200).json();
        let tokens = server.tokens(&client, "sakura", &[]).await;
        assert_eq!(read_part(text(&tokens, "id_token"), 1)["iss"], document["issuer"]);
        let machine = server.machine(true).await;
        let token = server.machine_token(&machine, "all").await;
        assert_eq!(read_part(&token, 1)["iss"], document["issuer"]);
        let path = DISCOVERY.strip_prefix("/oidc").unwrap();
        assert!(text(&document, "issuer").ends_with("/oidc"), "{path} is below the issuer");
    }
}

each_setup! {
    async fn oidc_core_3_1_2_1_nonce_comes_back_as_it_was(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        for nonce in ["n", "a b&c=d+é\"'<>\\/名簿", &"x".repeat(512)] {
            let tokens = server.tokens(&client, "sakura", &[("nonce", nonce)]).await;
            assert_eq!(read_part(text(&tokens, "id_token"), 1)["nonce"], nonce);
        }
        let tokens = server.tokens(&client, "sakura", &[]).await;
        assert_eq!(read_part(text(&tokens, "id_token"), 1).get("nonce"), None, "none is made up");
    }
}

each_setup! {
    async fn oidc_core_5_3_2_userinfo_names_the_person_of_the_id_token(server: TestServer) {
        let client = server.spa().await;
        for username in ["sakura", "kaede"] {
            let person = server.person(username).await;
            let tokens = server.tokens(&client, username, &[]).await;
            let answer = server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(200);
            assert_eq!(answer.header("content-type"), "application/json");
            let subject = read_part(text(&tokens, "id_token"), 1)["sub"].clone();
            assert_eq!(subject, person.id.as_str());
            assert_eq!(answer.json()["sub"], subject);
        }
    }
}

each_setup! {
    async fn oidc_core_8_a_public_subject_is_the_same_for_every_client(server: TestServer) {
        server.person("sakura").await;
        let (one, other) = (server.spa().await, server.traditional().await);
        let mut subjects = Vec::new();
        for client in [&one, &other, &one] {
            let tokens = server.tokens(client, "sakura", &[]).await;
            let claims = read_part(text(&tokens, "id_token"), 1);
            assert_eq!(claims["aud"], client.id);
            let subject = text(&claims, "sub").to_owned();
            assert!(subject.is_ascii() && subject.len() <= 255, "section 2: {subject}");
            subjects.push(subject);
        }
        subjects.dedup();
        assert_eq!(subjects.len(), 1);
    }
}

each_setup! {
    async fn oidc_core_10_1_every_token_names_a_published_key(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let machine = server.machine(true).await;
        let keys = server.get("/oidc/jwks").await.expect(200).json();
        let tokens = server.tokens(&client, "sakura", &[]).await;
        for token in [text(&tokens, "id_token"), &server.machine_token(&machine, "all").await] {
            let header = read_part(token, 0);
            let named = keys["keys"].as_array().unwrap().iter().filter(|key| key["kid"] == header["kid"]);
            let algorithms: Vec<&Value> = named.map(|key| &key["alg"]).collect();
            assert_eq!(algorithms, [&header["alg"]]);
        }
    }
}

each_setup! {
    async fn rfc9700_4_12_a_posted_password_is_never_posted_on(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        let (path, _) = browser.authorize(&client, &[]).await.page();
        let answer = browser.post(&path, &[("identifier", "sakura"), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, 303, "307 and 308 would send the password along");
        let back = browser.get(answer.location()).await;
        assert_eq!(back.status, 303);
        assert!(back.location().starts_with(REDIRECT_URI));
        let confirm = browser.post("/oidc/session/end/confirm", &[("decision", "sign_out")]).await;
        assert_eq!(confirm.status, 303);
    }
}

each_setup! {
    async fn rfc6749_10_10_codes_and_tokens_cannot_be_guessed(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let first = server.code(&client, "sakura", &[]).await;
        let second = server.code(&client, "sakura", &[]).await;
        assert_ne!(first, second);
        for code in [&first, &second] {
            // 256 bits; 128 are asked for.
            assert_eq!(code.len(), 43, "{code}");
            assert!(code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        }
        let tokens = server.redeem(&client, &first, &[]).await.expect(200).json();
        for name in ["access_token", "refresh_token"] {
            assert_eq!(text(&tokens, name).len(), 43, "{name}");
            assert_ne!(text(&tokens, name), first);
        }
    }
}
