//! OpenID Connect Discovery section 4, RFC 8414 section 3, RFC 7517 section 5.

use std::collections::BTreeSet;

use http::Method;
use meibo_crypto::digest::sha256_base64url;
use serde_json::{Value, json};

use crate::{
    each_setup,
    support::server::{PUBLIC_URL, TestServer},
};

const OPENID: &str = "/oidc/.well-known/openid-configuration";

each_setup! {
    async fn rfc8414_3_both_well_known_addresses_give_one_document(server: TestServer) {
        let openid = server.get(OPENID).await.expect(200);
        assert_eq!(openid.header("content-type"), "application/json");
        assert_eq!(openid.header("access-control-allow-origin"), "*");
        assert_eq!(openid.header("x-content-type-options"), "nosniff");
        assert!(openid.header("cache-control").contains("max-age="));
        // The second node's turn too.
        assert_eq!(server.get(OPENID).await.expect(200).body, openid.body);
        for other in ["/oidc/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/oidc"] {
            assert_eq!(server.get(other).await.expect(200).body, openid.body, "{other}");
        }
        let document = openid.json();
        assert_eq!(document["issuer"], "http://id.example/oidc");
        assert_eq!(document["response_types_supported"], json!(["code"]));
        assert_eq!(document["response_modes_supported"], json!(["query", "fragment", "form_post"]));
        assert_eq!(
            document["grant_types_supported"],
            json!(["authorization_code", "refresh_token", "client_credentials"])
        );
        assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(document["id_token_signing_alg_values_supported"], json!(["RS256", "ES256", "ES384", "EdDSA"]));
        assert_eq!(document["userinfo_signing_alg_values_supported"], document["id_token_signing_alg_values_supported"]);
        assert_eq!(document["authorization_response_iss_parameter_supported"], true);
    }
}

each_setup! {
    async fn oidc_discovery_3_every_advertised_endpoint_answers(server: TestServer) {
        let document = server.get(OPENID).await.expect(200).json();
        let mut endpoints = BTreeSet::new();
        for (name, value) in document.as_object().unwrap() {
            if !name.ends_with("_endpoint") && name != "jwks_uri" {
                continue;
            }
            endpoints.insert(name.as_str());
            let path = value.as_str().unwrap().strip_prefix(PUBLIC_URL).unwrap();
            let get = server.get(path).await.status.as_u16();
            let post = server.post_form(path, &[]).await.status.as_u16();
            assert!(![404, 405].contains(&get) || ![404, 405].contains(&post), "{name}: {get} {post}");
            assert!(get < 500 && post < 500, "{name}: {get} {post}");
        }
        let expected = [
            "authorization_endpoint",
            "end_session_endpoint",
            "introspection_endpoint",
            "jwks_uri",
            "revocation_endpoint",
            "token_endpoint",
            "userinfo_endpoint",
        ];
        assert_eq!(endpoints, BTreeSet::from(expected));
    }
}

each_setup! {
    async fn oidc_discovery_3_what_is_not_there_is_not_advertised(server: TestServer) {
        let document = server.get(OPENID).await.expect(200).json();
        for absent in [
            "pushed_authorization_request_endpoint",
            "device_authorization_endpoint",
            "registration_endpoint",
            "dpop_signing_alg_values_supported",
        ] {
            assert_eq!(document[absent], Value::Null, "{absent}");
        }
        for path in ["/oidc/request", "/oidc/device/auth", "/oidc/reg"] {
            server.post_form(path, &[]).await.expect(404);
        }
        let text = document.to_string();
        for word in ["implicit", "password", "plain", "id_token\"", "urn:ietf:params"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
        // Everything that a scope is said to exist for can be asked for.
        let client = server.spa().await;
        server.person("sakura").await;
        let scopes: Vec<&str> =
            document["scopes_supported"].as_array().unwrap().iter().map(|scope| scope.as_str().unwrap()).collect();
        let tokens = server.tokens(&client, "sakura", &[("scope", &scopes.join(" "))]).await;
        let granted: BTreeSet<&str> = tokens["scope"].as_str().unwrap().split(' ').collect();
        assert_eq!(granted, scopes.into_iter().collect());
    }
}

each_setup! {
    async fn oidc_discovery_3_the_key_set_has_public_keys_only(server: TestServer) {
        let answer = server.get("/oidc/jwks").await.expect(200);
        assert_eq!(answer.header("content-type"), "application/jwk-set+json");
        assert_eq!(answer.header("cache-control"), "public, max-age=240, must-revalidate");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert_eq!(server.get("/oidc/jwks").await.expect(200).body, answer.body);
        let document = answer.json();
        let mut algorithms = BTreeSet::new();
        for key in document["keys"].as_array().unwrap() {
            algorithms.insert(key["alg"].as_str().unwrap());
            assert_eq!(key["use"], "sig");
            // RFC 7638 section 3: the required members in the order of their names.
            let (members, canonical) = match key["kty"].as_str().unwrap() {
                "RSA" => (
                    ["alg", "e", "kid", "kty", "n", "use"].as_slice(),
                    format!(r#"{{"e":{},"kty":"RSA","n":{}}}"#, key["e"], key["n"]),
                ),
                "EC" => (
                    ["alg", "crv", "kid", "kty", "use", "x", "y"].as_slice(),
                    format!(r#"{{"crv":{},"kty":"EC","x":{},"y":{}}}"#, key["crv"], key["x"], key["y"]),
                ),
                other => panic!("a key of the type {other}"),
            };
            assert_eq!(key["kid"], sha256_base64url(canonical.as_bytes()));
            let present: BTreeSet<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(present, members.iter().copied().collect(), "no member of a private key");
        }
        assert_eq!(algorithms, BTreeSet::from(["ES256", "RS256"]));
    }
}

each_setup! {
    async fn oidc_discovery_4_1_documents_are_read_with_get(server: TestServer) {
        for path in [OPENID, "/oidc/jwks"] {
            let answer = server.nobody().call(Method::DELETE, path, None).await.expect(405);
            assert!(answer.header("allow").contains("GET"), "{:?}", answer.headers);
        }
        let answer = server.nobody().call(Method::GET, "/oidc/nothing", None).await.expect(404);
        assert_eq!(answer.code(), "request.not_found");
    }
}
