//! Who may call what: every operation of the route table, by everybody who may not, and by who may.

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use meibo_domain::{
    ids::ApplicationId,
    resource::MANAGEMENT_API_INDICATOR,
    role::{LOGIN_API_ROLE, OWNER_ROLE},
};
use meibo_store::{db::Batch, roles};
use serde_json::{Value, json};

use super::operations::{Things, call, guarded};
use crate::{
    each_setup,
    support::{browser::parameter, client::ApiClient, fixtures::Client, server::TestServer},
};

/// Calls every guarded operation and compares status and code.
async fn refused_everywhere(
    caller: &ApiClient,
    things: &Things,
    status: u16,
    code: &str,
    why: &str,
) {
    for route in guarded() {
        let answer = call(caller, &route, things).await;
        let got = (answer.status.as_u16(), answer.code());
        assert_eq!(
            got,
            (status, code.to_owned()),
            "{why}: {} {}",
            route.method,
            route.path
        );
        let challenge = match code {
            "auth.unauthorized" => "Bearer error=\"invalid_token\"",
            "auth.forbidden" => "Bearer error=\"insufficient_scope\"",
            _ => "Bearer",
        };
        assert_eq!(answer.header("www-authenticate"), challenge, "{why}");
        assert_eq!(answer.header("cache-control"), "no-store", "{why}");
    }
}

/// The tokens of a person who signs in at `client` with `parameters`.
async fn tokens_of_person(
    server: &TestServer,
    client: &Client,
    parameters: &[(&str, &str)],
) -> Value {
    let back = server.browser().sign_in(client, "sakura", parameters).await;
    let resource: Vec<_> = parameters
        .iter()
        .copied()
        .filter(|(name, _)| *name == "resource")
        .collect();
    server
        .redeem(client, &parameter(&back, "code").unwrap(), &resource)
        .await
        .expect(200)
        .json()
}

each_setup! {
    async fn nobody_may_call_anything(server: TestServer) {
        let admin = server.admin().await;
        let things = Things::new(&server, &admin).await;
        refused_everywhere(&server.nobody(), &things, 401, "auth.authorization_header_missing", "no header").await;
        for route in guarded() {
            let (method, path) = (route.method.clone(), things.path(&route));
            for scheme in ["Basic YTpi", "bearer", "Bearer", "Digest x", "Token abc", "\u{1}"] {
                let Ok(value) = http::HeaderValue::from_str(scheme) else { continue };
                let request = http::Request::builder().method(method.clone()).uri(&path).header("authorization", value);
                let refused = server.nobody().send(request, "").await.expect(401);
                let code = refused.code();
                if scheme.eq_ignore_ascii_case("bearer") {
                    assert_eq!(code, "auth.unauthorized", "{scheme}");
                } else {
                    assert_eq!(code, "auth.authorization_token_type_not_supported", "{scheme}");
                    assert_eq!(refused.json()["data"], json!({"supportedTypes": ["Bearer"]}));
                }
            }
        }
        assert_eq!(admin.get("/api/users").await.header("total-number"), "1", "nothing was done");
    }
}

each_setup! {
    async fn a_token_of_another_kind_is_no_access(server: TestServer) {
        let admin = server.admin().await;
        let things = Things::new(&server, &admin).await;
        server.person("sakura").await;
        let client = server.traditional().await;
        let tokens = tokens_of_person(&server, &client, &[]).await;
        for name in ["access_token", "id_token", "refresh_token"] {
            let caller = server.bearer(tokens[name].as_str().unwrap());
            refused_everywhere(&caller, &things, 401, "auth.unauthorized", name).await;
        }
        let machine = server.machine(true).await;
        let other = admin.post("/api/resources", json!({"name": "O", "indicator": "https://other.example"})).await;
        other.expect(201);
        let fields = [
            ("grant_type", "client_credentials"), ("client_id", machine.id.as_str()),
            ("client_secret", machine.secret()), ("resource", "https://other.example"), ("scope", "all"),
        ];
        let token = server.post_form("/oidc/token", &fields).await.expect(200).json();
        let caller = server.bearer(token["access_token"].as_str().unwrap());
        refused_everywhere(&caller, &things, 401, "auth.unauthorized", "another audience").await;
        for garbage in ["x", "a.b.c", "null", &"x".repeat(20_000), "eyJhbGciOiJub25lIn0.e30."] {
            refused_everywhere(&server.bearer(garbage), &things, 401, "auth.unauthorized", "garbage").await;
        }
    }
}

each_setup! {
    async fn a_changed_token_is_no_access(server: TestServer) {
        let machine = server.machine(true).await;
        let token = server.machine_token(&machine, "all").await;
        server.bearer(&token).get("/api/users").await.expect(200);
        let parts: Vec<&str> = token.split('.').collect();
        let [header, claims, signature] = parts[..] else { panic!("{} parts", parts.len()) };
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let decode = |part: &str| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        let with = |mut value: Value, name: &str, member: Value| { value[name] = member; part(value) };
        let flipped = |text: &str| {
            let mut letters: Vec<char> = text.chars().collect();
            letters[10] = if letters[10] == 'A' { 'B' } else { 'A' };
            letters.into_iter().collect::<String>()
        };
        for (what, forged) in [
            ("no signature", format!("{header}.{claims}.")),
            ("alg none", format!("{}.{claims}.", with(decode(header), "alg", json!("none")))),
            ("alg none with signature", format!("{}.{claims}.{signature}", with(decode(header), "alg", json!("none")))),
            ("alg HS256", format!("{}.{claims}.{signature}", with(decode(header), "alg", json!("HS256")))),
            ("typ JWT", format!("{}.{claims}.{signature}", with(decode(header), "typ", json!("JWT")))),
            ("other kid", format!("{}.{claims}.{signature}", with(decode(header), "kid", json!("x")))),
            ("longer life", format!("{header}.{}.{signature}", with(decode(claims), "exp", json!(9_999_999_999_i64)))),
            ("other subject", format!("{header}.{}.{signature}", with(decode(claims), "sub", json!("x")))),
            ("flipped signature", format!("{header}.{claims}.{}", flipped(signature))),
            ("flipped claims", format!("{header}.{}.{signature}", flipped(claims))),
            ("cut", token[..token.len() - 1].to_owned()),
            ("padded", format!("{token}=")),
            ("extended", format!("{token}.x")),
            ("twice", format!("{token}{token}")),
        ] {
            let refused = server.bearer(forged).get("/api/users").await.expect(401);
            assert_eq!(refused.code(), "auth.unauthorized", "{what}");
        }
        let two = http::Request::get("/api/users").header("authorization", "Bearer x");
        assert_eq!(server.bearer(&token).send(two, "").await.expect(401).code(), "auth.unauthorized", "two headers");
        let in_query = server.get(&format!("/api/users?access_token={token}")).await.expect(401);
        assert_eq!(in_query.code(), "auth.authorization_header_missing");
    }
}

each_setup! {
    async fn an_expired_token_is_no_access(server: TestServer) {
        let machine = server.machine(true).await;
        let token = server.machine_token(&machine, "all").await;
        let things = Things::new(&server, &server.bearer(&token)).await;
        server.wait(Duration::from_secs(3599));
        server.bearer(&token).get("/api/users").await.expect(200);
        server.wait(Duration::from_secs(1));
        refused_everywhere(&server.bearer(&token), &things, 401, "auth.unauthorized", "expired").await;
    }
}

each_setup! {
    async fn a_machine_without_the_right_is_forbidden_everything(server: TestServer) {
        let admin = server.admin().await;
        let things = Things::new(&server, &admin).await;
        let without = server.machine(false).await;
        let token = server.machine_token(&without, "all").await;
        refused_everywhere(&server.bearer(token), &things, 403, "auth.forbidden", "no right").await;
        let with = server.machine(true).await;
        let token = server.machine_token(&with, "").await;
        refused_everywhere(&server.bearer(token), &things, 403, "auth.forbidden", "no scope").await;
        let login_only = server.machine(false).await;
        give(&server, |batch| {
            roles::give_to_application(batch, &ApplicationId::parse(login_only.id.as_str()).unwrap(), LOGIN_API_ROLE)
        }).await;
        let token = server.machine_token(&login_only, "all").await;
        refused_everywhere(&server.bearer(token), &things, 403, "auth.forbidden", "the other right").await;
        assert_eq!(admin.get("/api/users").await.header("total-number"), "1", "nothing was done");
    }
}

each_setup! {
    async fn a_machine_with_the_right_may_call_everything(server: TestServer) {
        let admin = server.admin().await;
        for route in guarded() {
            let things = Things::new(&server, &admin).await;
            let answer = call(&admin, &route, &things).await;
            assert_eq!(answer.status.as_u16(), route.status, "{} {} {}", route.method, route.path, answer.text());
        }
    }
}

each_setup! {
    async fn a_token_ends_with_its_application(server: TestServer) {
        let admin = server.admin().await;
        let machine = server.machine(true).await;
        let token = server.machine_token(&machine, "all").await;
        server.bearer(&token).get("/api/users").await.expect(200);
        admin.delete(&format!("/api/applications/{}", machine.id)).await.expect(204);
        for _ in 0..2 {
            assert_eq!(server.bearer(&token).get("/api/users").await.expect(401).code(), "auth.unauthorized");
        }
    }
}

each_setup! {
    async fn a_person_needs_the_role_and_an_account_that_is_active(server: TestServer) {
        let admin = server.admin().await;
        let person = server.person("sakura").await;
        let client = server.traditional().await;
        let asked = [("scope", "openid all"), ("resource", MANAGEMENT_API_INDICATOR)];
        let without = tokens_of_person(&server, &client, &asked).await;
        let caller = server.bearer(without["access_token"].as_str().unwrap());
        let things = Things::new(&server, &admin).await;
        refused_everywhere(&caller, &things, 403, "auth.forbidden", "no role").await;

        give(&server, |batch| roles::give_to_user(batch, &person.id, OWNER_ROLE)).await;
        let tokens = tokens_of_person(&server, &client, &asked).await;
        let owner = server.bearer(tokens["access_token"].as_str().unwrap());
        owner.get("/api/users").await.expect(200);
        let own_path = format!("/api/users/{}", person.id);
        assert_eq!(owner.delete(&own_path).await.expect(400).code(), "user.cannot_delete_self");
        refused_everywhere(&caller, &things, 403, "auth.forbidden", "a token from before the role").await;

        admin.patch(&format!("{own_path}/is-suspended"), json!({"isSuspended": true})).await.expect(200);
        for _ in 0..2 {
            assert_eq!(owner.get("/api/users").await.expect(401).code(), "auth.unauthorized");
        }
        admin.delete(&own_path).await.expect(204);
        assert_eq!(owner.get("/api/users").await.expect(401).code(), "auth.unauthorized");
    }
}

/// Gives a role, for which there is no operation yet.
async fn give(server: &TestServer, role: impl FnOnce(Batch) -> Batch) {
    server
        .app()
        .database()
        .commit(role(Batch::new()))
        .await
        .unwrap();
}
