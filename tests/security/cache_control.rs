//! Answers with tokens, codes, secrets or a person's data are kept by no cache (RFC 6749 section 5.1, RFC 9111
//! section 5.2.2.5); errors neither.

use http::Method;
use serde_json::json;

use crate::{
    each_setup,
    support::{
        answer::Answer,
        browser::{authorize_path, parameter},
        client::basic,
        server::TestServer,
        tokens::text,
    },
};

/// Every answer that must not be kept, named.
async fn answers(server: &TestServer) -> Vec<(&'static str, Answer)> {
    server.person("sakura").await;
    let (client, machine) = (server.spa().await, server.machine(true).await);
    let admin = server.bearer(server.machine_token(&machine, "all").await);
    let code = server.code(&client, "sakura", &[]).await;
    let redeemed = server.redeem(&client, &code, &[]).await.expect(200);
    let tokens = redeemed.json();
    let access_token = text(&tokens, "access_token");
    let refresh_token = text(&tokens, "refresh_token");
    let bearer = server.bearer(access_token);
    let refreshed = server
        .refresh(&client, refresh_token, &[])
        .await
        .expect(200);
    let credentials = [("grant_type", "client_credentials")];
    let good = basic(&machine.id, machine.secret());
    let wrong = basic(&machine.id, "wrong");
    let revoked = [("token", "nothing"), ("client_id", client.id.as_str())];
    let secrets = format!("/api/applications/{}/secrets", machine.id);
    let mut browser = server.browser();
    let (sign_in, page) = browser.authorize(&client, &[]).await.page();
    let post = [("identifier", "sakura"), ("password", "wrong")];
    let refused = browser.post(&sign_in, &post).await.expect(422);
    let mut signed_in = server.browser();
    signed_in.sign_in(&client, "sakura", &[]).await;
    let sign_out = signed_in.get("/oidc/session/end").await.expect(200);
    let setup = server.app().issue_setup_link().await.unwrap().unwrap();
    let setup = setup.strip_prefix("http://id.example").unwrap().to_owned();
    vec![
        ("code redeemed", redeemed),
        ("refreshed", refreshed),
        (
            "code again",
            server.redeem(&client, &code, &[]).await.expect(400),
        ),
        (
            "client credentials",
            server
                .post_form_as("/oidc/token", &credentials, Some(&good))
                .await,
        ),
        (
            "wrong secret",
            server
                .post_form_as("/oidc/token", &credentials, Some(&wrong))
                .await
                .expect(401),
        ),
        ("no grant", server.post_form("/oidc/token", &[]).await),
        ("token by GET", server.get("/oidc/token").await.expect(405)),
        (
            "userinfo",
            server
                .bearer(server_token(server, &client).await)
                .get("/oidc/me")
                .await
                .expect(200),
        ),
        (
            "userinfo of a revoked grant",
            bearer.get("/oidc/me").await.expect(401),
        ),
        (
            "userinfo without a token",
            server.get("/oidc/me").await.expect(401),
        ),
        (
            "revocation",
            server
                .post_form("/oidc/token/revocation", &revoked)
                .await
                .expect(200),
        ),
        (
            "revocation without a client",
            server.post_form("/oidc/token/revocation", &[]).await,
        ),
        (
            "authorization begun",
            server
                .browser()
                .get(&authorize_path(&client, &[]))
                .await
                .expect(303),
        ),
        (
            "authorization refused",
            server
                .browser()
                .get(&authorize_path(&client, &[("prompt", "none")]))
                .await
                .expect(303),
        ),
        (
            "form post",
            server
                .browser()
                .get(&authorize_path(
                    &client,
                    &[("prompt", "none"), ("response_mode", "form_post")],
                ))
                .await
                .expect(200),
        ),
        (
            "authorization of nobody",
            server.browser().get("/oidc/auth").await.expect(400),
        ),
        ("sign-in", page),
        ("wrong password", refused),
        (
            "sign-in that is over",
            server.get("/sign-in?id=nothing").await,
        ),
        ("setup", server.get(&setup).await.expect(200)),
        (
            "setup that is over",
            server.get("/setup/nothing").await.expect(404),
        ),
        ("sign-out", sign_out),
        ("secrets", admin.get(&secrets).await.expect(200)),
        (
            "new secret",
            admin.post(&secrets, json!({"name": "s"})).await.expect(201),
        ),
        (
            "signing keys",
            admin
                .get("/api/configs/oidc/private-keys")
                .await
                .expect(200),
        ),
        ("no token", server.get("/api/users").await.expect(401)),
        (
            "nothing there",
            admin.get("/api/users/nothing").await.expect(404),
        ),
        ("no such page", server.get("/nothing").await.expect(404)),
        (
            "no such method",
            admin
                .call(Method::PUT, "/api/users", None)
                .await
                .expect(405),
        ),
    ]
}

async fn server_token(server: &TestServer, client: &crate::support::fixtures::Client) -> String {
    let back = server.browser().sign_in(client, "sakura", &[]).await;
    let code = parameter(&back, "code").unwrap();
    let tokens = server.redeem(client, &code, &[]).await.expect(200).json();
    text(&tokens, "access_token").to_owned()
}

each_setup! {
    async fn rfc6749_5_1_what_holds_a_secret_is_not_kept(server: TestServer) {
        let mut kept = Vec::new();
        for (name, answer) in answers(&server).await {
            if answer.header("cache-control") != "no-store" {
                kept.push(format!("{name}: {} {:?}", answer.status, answer.header("cache-control")));
            }
        }
        assert!(kept.is_empty(), "{kept:#?}");
    }
}

each_setup! {
    /// RFC 6749 section 5.1 asks for `Pragma` too, for caches of long ago.
    async fn rfc6749_5_1_token_answers_say_it_twice(server: TestServer) {
        let machine = server.machine(false).await;
        let good = basic(&machine.id, machine.secret());
        for authorization in [good.as_str(), "Basic nothing"] {
            let answer = server.post_form_as("/oidc/token", &[("grant_type", "client_credentials")], Some(authorization)).await;
            assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
        }
    }
}
