//! The userinfo endpoint: OpenID Connect Core section 5.3, RFC 6750.

use std::time::Duration;

use axum::body::Body;
use http::Request;
use serde_json::json;

use crate::{
    each_setup,
    support::{
        server::{TestServer, operator},
        tokens::text,
    },
};

each_setup! {
    async fn rfc6750_2_a_token_in_the_header_or_in_a_form(server: TestServer) {
        let person = server.person("sakura").await;
        let client = server.spa().await;
        let tokens = server.tokens(&client, "sakura", &[("scope", "openid email")]).await;
        let token = text(&tokens, "access_token");
        let expected =
            json!({"sub": person.id.as_str(), "email": "sakura@example.com", "email_verified": true});
        let answer = server.bearer(token).get("/oidc/me").await.expect(200);
        assert_eq!(answer.json(), expected);
        assert_eq!(answer.header("cache-control"), "no-store");
        let header = format!("bearer {token}");
        assert_eq!(server.post_form_as("/oidc/me", &[], Some(&header)).await.expect(200).json(), expected);
        assert_eq!(server.post_form("/oidc/me", &[("access_token", token)]).await.expect(200).json(), expected);

        // One way at a time, and never in the query.
        let twice = server.post_form_as("/oidc/me", &[("access_token", token)], Some(&header)).await.expect(400);
        assert_eq!(twice.json()["error"], "invalid_request");
        let answer = server.get(&format!("/oidc/me?access_token={token}")).await.expect(401);
        assert_eq!(answer.header("www-authenticate"), "Bearer", "no error where no token was sent");
        assert_eq!(answer.json()["error"], "invalid_token");
    }
}

each_setup! {
    async fn rfc6750_3_1_wrong_and_expired_tokens_are_refused(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        let code = server.code(&client, "sakura", &[]).await;
        let machine = server.machine(true).await;
        let jwt = server.machine_token(&machine, "all").await;
        for wrong in [
            "wrong",
            text(&tokens, "refresh_token"),
            text(&tokens, "id_token"),
            code.as_str(),
            jwt.as_str(),
            "two words",
            "é",
        ] {
            let request = Request::get("/oidc/me").header("authorization", format!("Bearer {wrong}").into_bytes());
            let answer = server.send(request.body(Body::empty()).unwrap()).await;
            let error = if wrong.is_ascii() { "invalid_token" } else { "invalid_request" };
            assert_eq!(answer.json()["error"], error, "{wrong}");
            let challenge = answer.header("www-authenticate");
            assert!(challenge.starts_with("Bearer error="), "{wrong}: {challenge}");
        }
        let access_token = text(&tokens, "access_token");
        server.wait(Duration::from_millis(3_599_999));
        server.bearer(access_token).get("/oidc/me").await.expect(200);
        server.wait(Duration::from_millis(1));
        let answer = server.bearer(access_token).get("/oidc/me").await.expect(401);
        assert!(answer.header("www-authenticate").contains(r#"error="invalid_token""#));
        assert_eq!(answer.code(), "oidc.invalid_token");
    }
}

each_setup! {
    async fn a_person_who_was_deleted_or_suspended_has_no_claims(server: TestServer) {
        let sakura = server.person("sakura").await;
        let kaede = server.person("kaede").await;
        let client = server.spa().await;
        let of_sakura = server.tokens(&client, "sakura", &[]).await;
        let of_kaede = server.tokens(&client, "kaede", &[]).await;
        server.app().set_suspension(&operator(), &sakura.id, true).await.unwrap();
        server.app().delete_user(&operator(), &kaede.id).await.unwrap();
        for tokens in [of_sakura, of_kaede] {
            server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(401);
            server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(400);
        }
    }
}

each_setup! {
    async fn claims_are_as_they_are_now(server: TestServer) {
        let person = server.person("sakura").await;
        let client = server.spa().await;
        let tokens = server.tokens(&client, "sakura", &[("scope", "openid profile")]).await;
        let admin = server.admin().await;
        let path = format!("/api/users/{}", person.id);
        admin.patch(&path, json!({"name": null, "username": "sakura_2"})).await.expect(200);
        let claims = server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(200).json();
        assert_eq!(claims.get("name"), None);
        assert_eq!(claims["username"], "sakura_2");
        assert_eq!(claims["preferred_username"], "sakura_2");
    }
}
