//! Consent that was given is remembered as far as it reaches, until it is revoked.

use serde_json::json;

use crate::{
    each_setup,
    support::{
        browser::{Browser, parameter},
        client::ApiClient,
        fixtures::Client,
        server::TestServer,
        tokens::text,
    },
};

/// Asks for `extra` and says yes.
async fn allow(browser: &mut Browser, client: &Client, extra: &[(&str, &str)]) -> String {
    let (path, page) = browser.asked(client, "sakura", extra).await;
    let back = browser.decide(&path, &page, "allow").await.elsewhere();
    parameter(&back, "code").unwrap()
}

/// The error of a request with `prompt=none`; none when it is answered with a code.
async fn silently(
    browser: &mut Browser,
    client: &Client,
    extra: &[(&str, &str)],
) -> Option<String> {
    let extra: Vec<_> = extra.iter().copied().chain([("prompt", "none")]).collect();
    let back = browser.authorize(client, &extra).await.elsewhere();
    parameter(&back, "error")
}

/// A resource `urn:<name>` with the scopes `read` and `write`.
async fn resource(admin: &ApiClient, name: &str) {
    let body = json!({"name": name, "indicator": format!("urn:{name}")});
    let made = admin.post("/api/resources", body).await.expect(201).json();
    for scope in ["read", "write"] {
        let path = format!("/api/resources/{}/scopes", text(&made, "id"));
        admin.post(&path, json!({"name": scope})).await.expect(201);
    }
}

each_setup! {
    async fn oidc_core_3_1_2_6_prompt_none_without_consent_is_consent_required(server: TestServer) {
        let client = server.third_party().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        assert_eq!(silently(&mut browser, &client, &[]).await.as_deref(), Some("login_required"));
        browser.sign_in(&server.spa().await, "sakura", &[]).await;
        assert_eq!(silently(&mut browser, &client, &[]).await.as_deref(), Some("consent_required"));
    }
}

each_setup! {
    async fn what_was_allowed_is_silent_and_more_is_asked_for(server: TestServer) {
        let client = server.third_party().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        allow(&mut browser, &client, &[("scope", "openid profile"), ("prompt", "")]).await;
        for scope in ["openid profile", "openid", "profile"] {
            assert_eq!(silently(&mut browser, &client, &[("scope", scope)]).await, None, "{scope}");
        }
        // In another browser, and on another day, too.
        let mut other = server.browser();
        let back = other.sign_in(&client, "sakura", &[("scope", "openid"), ("prompt", "")]).await;
        assert!(parameter(&back, "code").is_some());

        let wider = [("scope", "openid email"), ("prompt", "")];
        assert_eq!(silently(&mut browser, &client, &[("scope", "openid email")]).await.as_deref(), Some("consent_required"));
        let (_, page) = browser.asked(&client, "sakura", &wider).await;
        assert!(page.text().contains(r#"data-scope="openid""#), "all of it is shown: {}", page.text());
        allow(&mut browser, &client, &wider).await;
        assert_eq!(silently(&mut browser, &client, &[("scope", "openid profile email")]).await, None);
    }
}

each_setup! {
    async fn oidc_core_3_1_2_1_prompt_consent_asks_each_time(server: TestServer) {
        let client = server.third_party().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        for _ in 0..2 {
            allow(&mut browser, &client, &[("scope", "openid"), ("prompt", "consent")]).await;
        }
        for _ in 0..2 {
            let asked = [("scope", "openid"), ("prompt", "login consent")];
            let (path, _) = browser.authorize(&client, &asked).await.page();
            assert!(path.starts_with("/sign-in?"), "{path}");
            let fields = [("identifier", "sakura"), ("password", crate::support::fixtures::PASSWORD)];
            let (path, page) = browser.submit(&path, &fields).await.page();
            assert!(path.starts_with("/consent?"), "{path}");
            let back = browser.decide(&path, &page, "allow").await.elsewhere();
            assert!(parameter(&back, "code").is_some(), "neither page is shown twice");
        }
    }
}

each_setup! {
    async fn a_scope_is_allowed_at_its_own_resource_only(server: TestServer) {
        let admin = server.admin().await;
        for name in ["a", "b"] {
            resource(&admin, name).await;
        }
        let client = server.third_party().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        allow(&mut browser, &client, &[("scope", "openid read"), ("resource", "urn:a"), ("prompt", "")]).await;
        allow(&mut browser, &client, &[("scope", "openid write"), ("resource", "urn:b"), ("prompt", "")]).await;
        for (scope, resource, error) in [
            ("openid read", "urn:a", None),
            ("openid write", "urn:b", None),
            ("openid", "urn:a", None),
            ("openid write", "urn:a", Some("consent_required")),
            ("openid read", "urn:b", Some("consent_required")),
            ("openid read", "urn:a,urn:b", Some("consent_required")),
        ] {
            let found = silently(&mut browser, &client, &[("scope", scope), ("resource", resource)]).await;
            assert_eq!(found.as_deref(), error, "{scope} at {resource}");
        }
    }
}

each_setup! {
    async fn it_belongs_to_one_person_and_one_application(server: TestServer) {
        let (client, other) = (server.third_party().await, server.third_party().await);
        server.person("sakura").await;
        server.person("kaede").await;
        let mut browser = server.browser();
        allow(&mut browser, &client, &[("prompt", "")]).await;
        assert_eq!(silently(&mut browser, &other, &[]).await.as_deref(), Some("consent_required"));
        let mut kaedes = server.browser();
        kaedes.asked(&client, "kaede", &[("prompt", "")]).await;
        assert_eq!(silently(&mut kaedes, &client, &[]).await.as_deref(), Some("consent_required"));
    }
}

each_setup! {
    async fn to_revoke_a_grant_of_a_third_party_forgets_the_consent(server: TestServer) {
        let admin = server.admin().await;
        let client = server.third_party().await;
        let person = server.person("sakura").await;
        let mut browser = server.browser();
        let code = allow(&mut browser, &client, &[]).await;
        let tokens = server.redeem(&client, &code, &[]).await.expect(200).json();
        let path = format!("/api/users/{}/grants", person.id);
        let grants = admin.get(&path).await.expect(200).json();
        let id = text(&grants["grants"][0], "id").to_owned();
        admin.delete(&format!("{path}/{id}")).await.expect(204);
        server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(400);
        server.bearer(text(&tokens, "access_token")).get("/oidc/me").await.expect(401);
        assert_eq!(silently(&mut browser, &client, &[("scope", "openid")]).await.as_deref(), Some("consent_required"));
        admin.delete(&format!("{path}/{id}")).await.expect(404);
    }
}

each_setup! {
    async fn it_outlives_a_restart(server: TestServer) {
        let client = server.third_party().await;
        server.person("sakura").await;
        let mut browser = server.browser();
        allow(&mut browser, &client, &[("prompt", "")]).await;
        browser.server = server.restarted().await;
        assert_eq!(silently(&mut browser, &client, &[("scope", "openid")]).await, None);
    }
}
