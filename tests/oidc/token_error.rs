//! Refusals of the token endpoint: RFC 6749 section 5.2, with the members of the contract.

use axum::body::Body;
use http::{Method, Request};
use serde_json::json;

use crate::{
    each_setup,
    support::{client::basic, server::TestServer},
};

each_setup! {
    async fn rfc6749_5_2_members_of_a_refusal(server: TestServer) {
        let client = server.spa().await;
        let fields = [("grant_type", "authorization_code"), ("client_id", client.id.as_str())];
        let answer = server.post_form("/oidc/token", &fields).await.expect(400);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(
            answer.json(),
            json!({
                "code": "oidc.invalid_request",
                "message": "The application sent a request that cannot be understood.",
                "error": "invalid_request",
                "error_description": "code is missing",
            })
        );
        let plain = server.post_form("/oidc/token?parse_error=false", &fields).await.expect(400);
        assert_eq!(plain.json(), json!({"error": "invalid_request", "error_description": "code is missing"}));

        let request = Request::post("/oidc/token").header("accept-language", "ja").body(Body::empty()).unwrap();
        let answer = server.send(request).await.expect(401);
        assert_eq!(answer.json()["error"], "invalid_client");
        assert!(!answer.json()["message"].as_str().unwrap().is_ascii(), "{}", answer.text());
        assert_eq!(answer.header("www-authenticate"), "");
    }
}

each_setup! {
    async fn rfc6749_5_2_grant_types_that_do_not_exist(server: TestServer) {
        let client = server.traditional().await;
        let header = basic(&client.id, client.secret());
        for grant_type in [
            "password",
            "implicit",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "AUTHORIZATION_CODE",
        ] {
            let fields = [("grant_type", grant_type), ("username", "sakura"), ("password", "x")];
            let answer = server.post_form_as("/oidc/token", &fields, Some(&header)).await.expect(400);
            assert_eq!(answer.json()["error"], "unsupported_grant_type", "{grant_type}");
        }
        let answer = server.post_form_as("/oidc/token", &[("scope", "openid")], Some(&header)).await.expect(400);
        assert_eq!(answer.json()["error"], "invalid_request");
    }
}

each_setup! {
    async fn rfc6749_5_2_bodies_that_cannot_be_read(server: TestServer) {
        let form = "application/x-www-form-urlencoded";
        let json = "application/json";
        for (content_type, body) in [
            (form, "grant_type=a&grant_type=b&client_id=x"),
            (form, "grant_type=a%00b&client_id=x"),
            (form, "grant_type=%ff&client_id=x"),
            (json, "{"),
            (json, "[]"),
            (json, r#"{"grant_type": {"of": "my own"}}"#),
            (json, r#"{"grant_type": "a", "grant_type": "b"}"#),
            (json, r#"{"grant_type": "a\u0000b"}"#),
            ("text/plain", "grant_type=client_credentials"),
            ("multipart/form-data; boundary=x", "--x--"),
            ("application/x-www-form-urlencoded; charset=shift_jis", "grant_type=a"),
        ] {
            let request = Request::post("/oidc/token").header("content-type", content_type);
            let answer = server.send(request.body(Body::from(body)).unwrap()).await;
            assert_eq!(answer.status, 400, "{content_type} {body}: {}", answer.text());
            assert_eq!(answer.json()["error"], "invalid_request", "{content_type} {body}");
            assert_eq!(answer.header("cache-control"), "no-store");
        }
        server.nobody().call(Method::GET, "/oidc/token", None).await.expect(405);
    }
}

each_setup! {
    async fn rfc6749_2_3_1_secrets_in_the_query_are_not_read(server: TestServer) {
        let machine = server.machine(true).await;
        let path = format!(
            "/oidc/token?grant_type=client_credentials&client_id={}&client_secret={}",
            machine.id,
            machine.secret()
        );
        assert_eq!(server.post_form(&path, &[]).await.expect(401).json()["error"], "invalid_client");
    }
}
