//! Token malleability: truncate, extend, flip, pad; every change of a token makes it worthless.

use crate::{
    each_setup,
    support::{server::TestServer, tokens::text},
};

/// The token changed in every way that a reader might overlook.
fn changed(token: &str) -> Vec<String> {
    let mut all = vec![
        token[..token.len() - 1].to_owned(),
        token[1..].to_owned(),
        format!("{token}A"),
        format!("{token}="),
        format!("{token}=="),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.e30"),
        token.to_uppercase(),
        token.replace('.', ""),
        token.replace(['-', '_'], "+"),
    ];
    // One character after another, spread over the whole; the last one of a part may only differ
    // in bits that base64 leaves unused.
    let step = (token.len() / 24).max(1);
    for place in (0..token.len()).step_by(step).chain([token.len() - 1]) {
        for with in ["A", "B", "g", "_"] {
            let mut other = token.to_owned();
            other.replace_range(place..=place, with);
            all.push(other);
        }
    }
    all.retain(|other| other != token);
    all
}

each_setup! {
    async fn no_changed_access_token_opens_the_management_api(server: TestServer) {
        let machine = server.machine(true).await;
        let token = server.machine_token(&machine, "all").await;
        server.bearer(&token).get("/api/users").await.expect(200);
        for other in changed(&token) {
            let answer = server.bearer(&other).get("/api/users").await;
            assert_eq!(answer.status, 401, "{other}");
            assert_eq!(answer.code(), "auth.unauthorized", "{other}");
        }
        let parts: Vec<&str> = token.split('.').collect();
        let unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0";
        for other in [
            format!("{unsigned}.{}.", parts[1]),
            format!("{}.{}.", parts[0], parts[1]),
            format!("{unsigned}.{}.{}", parts[1], parts[2]),
            format!("{}.{}", parts[0], parts[1]),
        ] {
            server.bearer(&other).get("/api/users").await.expect(401);
        }
        server.bearer(&token).get("/api/users").await.expect(200);
    }
}

each_setup! {
    async fn no_changed_opaque_token_or_code_is_taken(server: TestServer) {
        server.person("sakura").await;
        let client = server.traditional().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        let code = server.code(&client, "sakura", &[]).await;
        for other in changed(text(&tokens, "access_token")) {
            server.bearer(&other).get("/oidc/me").await.expect(401);
        }
        for other in changed(text(&tokens, "refresh_token")) {
            server.refresh(&client, &other, &[]).await.expect(400);
        }
        for other in changed(&code) {
            server.redeem(&client, &other, &[]).await.expect(400);
        }
        server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(200);
        server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(200);
        server.redeem(&client, &code, &[]).await.expect(200);
    }
}

each_setup! {
    async fn no_changed_id_token_is_a_hint(server: TestServer) {
        server.person("sakura").await;
        let client = server.spa().await;
        let tokens = server.tokens(&client, "sakura", &[]).await;
        for other in changed(text(&tokens, "id_token")) {
            let extra = [("id_token_hint", other.as_str()), ("prompt", "none")];
            let back = server.browser().authorize(&client, &extra).await.elsewhere();
            assert!(back.query().unwrap().contains("error=invalid_request"), "{other}");
        }
    }
}
