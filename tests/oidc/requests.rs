//! Parameters of the authorization request that change little or nothing here, and must not be in the
//! way: OpenID Connect Core sections 3.1.2.1 and 5.5.1.1, and what the contract adds.

use crate::{
    each_setup,
    support::{
        browser::{authorize_path, parameter},
        server::TestServer,
        tokens::text,
    },
};

each_setup! {
    async fn oidc_core_3_1_2_1_display_is_taken_and_every_page_is_a_page(server: TestServer) {
        let client = server.spa().await;
        for display in ["page", "popup", "touch", "wap", "hologram"] {
            let (path, page) = server.browser().authorize(&client, &[("display", display)]).await.page();
            assert!(path.starts_with("/sign-in?"), "{display}");
            page.expect(200);
        }
        let document = server.get("/oidc/.well-known/openid-configuration").await.expect(200).json();
        assert_eq!(document["display_values_supported"], serde_json::json!(["page"]));
    }
}

each_setup! {
    async fn oidc_core_5_5_1_1_acr_values_are_a_wish_and_acr_is_what_was_proved(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let document = server.get("/oidc/.well-known/openid-configuration").await.expect(200).json();
        assert_eq!(document["acr_values_supported"], serde_json::json!(["urn:meibo:acr:1"]));
        for wanted in ["", "urn:meibo:acr:1", "urn:mace:incommon:iap:silver urn:meibo:acr:2"] {
            let tokens = server.tokens(&client, "sakura", &[("acr_values", wanted)]).await;
            let id_token = server.read_jwt(text(&tokens, "id_token"), "JWT", &client.id).await;
            assert_eq!(id_token.claims["acr"], "urn:meibo:acr:1", "{wanted}");
            assert_eq!(id_token.claims["amr"], serde_json::json!(["pwd"]));
            let refreshed = server.refresh(&client, text(&tokens, "refresh_token"), &[]).await.expect(200).json();
            let id_token = server.read_jwt(text(&refreshed, "id_token"), "JWT", &client.id).await;
            assert_eq!(id_token.claims["acr"], "urn:meibo:acr:1", "{wanted}");
        }
    }
}

each_setup! {
    async fn oidc_core_3_1_2_1_claims_locales_and_unknown_parameters_are_no_errors(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        for extra in [
            ("claims_locales", "ja fr-CA"),
            ("claims", r#"{"userinfo":{}}"#),
            ("organization_id", "none"),
            ("utm_source", "mail"),
            ("first_screen", "reset_password"),
            ("direct_sign_in", "social:nobody"),
        ] {
            let back = server.browser().sign_in(&client, "sakura", &[extra]).await;
            assert!(parameter(&back, "code").is_some(), "{extra:?}");
        }
    }
}

each_setup! {
    async fn the_contracts_screens_lead_to_what_exists(server: TestServer) {
        let client = server.spa().await;
        for (name, value, page) in [
            ("first_screen", "sign_in", "/sign-in?"),
            ("first_screen", "signIn", "/sign-in?"),
            ("first_screen", "identifier:sign_in", "/sign-in?"),
            ("first_screen", "single_sign_on", "/sign-in?"),
            ("first_screen", "reset_password", "/sign-in?"),
            ("first_screen", "register", "/register?"),
            ("first_screen", "identifier:register", "/register?"),
            ("interaction_mode", "signIn", "/sign-in?"),
            ("interaction_mode", "signUp", "/register?"),
        ] {
            let (path, answer) = server.browser().authorize(&client, &[(name, value)]).await.page();
            assert!(path.starts_with(page), "{value}: {path}");
            answer.expect(200);
        }
        // `first_screen` is newer, and wins.
        let both = [("first_screen", "sign_in"), ("interaction_mode", "signUp")];
        let (path, _) = server.browser().authorize(&client, &both).await.page();
        assert!(path.starts_with("/sign-in?"), "{path}");
    }
}

each_setup! {
    async fn the_page_asks_for_the_identifiers_that_the_application_wants(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        for (identifier, label) in [
            ("", "Username or email address<"),
            ("username", "Username<"),
            ("email", "Email address<"),
            ("username email", "Username or email address<"),
            ("phone", "Phone number<"),
        ] {
            let asked = [("identifier", identifier), ("first_screen", "identifier:sign_in")];
            let (_, page) = server.browser().authorize(&client, &asked).await.page();
            let shown = page.text();
            let field = shown.split(r#"name="identifier""#).next().unwrap();
            let (_, words) = field.rsplit_once("<label").unwrap();
            let (_, words) = words.split_once('>').unwrap();
            assert!(words.starts_with(label), "{identifier}: {words}");
        }
        let back = server.browser().sign_in(&client, "sakura@example.com", &[("identifier", "email")]).await;
        assert!(parameter(&back, "code").is_some());
    }
}

each_setup! {
    async fn rfc6749_4_1_2_a_state_of_1024_bytes_comes_back_exactly_and_a_longer_one_does_not(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let longest = format!("{}é&=+%20\"<>", "s".repeat(1013));
        assert_eq!(longest.len(), 1024);
        for mode in ["query", "fragment"] {
            let extra = [("state", longest.as_str()), ("response_mode", mode)];
            let mut back = server.browser().sign_in(&client, "sakura", &extra).await;
            if mode == "fragment" {
                let fragment = back.fragment().unwrap().to_owned();
                back.set_query(Some(&fragment));
            }
            assert_eq!(parameter(&back, "state").as_deref(), Some(longest.as_str()), "{mode}");
        }
        let longer = format!("{longest}s");
        let back = server.browser().authorize(&client, &[("state", &longer)]).await.elsewhere();
        assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"));
        assert_eq!(parameter(&back, "state"), None);
    }
}

each_setup! {
    async fn rfc9207_2_every_answer_names_its_issuer(server: TestServer) {
        let (own, other) = (server.spa().await, server.third_party().await);
        server.person("sakura").await;
        let mut browser = server.browser();
        let success = browser.sign_in(&own, "sakura", &[]).await;
        let refused = browser.authorize(&own, &[("max_age", "x")]).await.elsewhere();
        let unreadable = browser.visit(&format!("{}&nonce=a&nonce=b", authorize_path(&own, &[]))).await.elsewhere();
        let silent = browser.authorize(&other, &[("prompt", "none")]).await.elsewhere();
        let (path, page) = browser.asked(&other, "sakura", &[]).await;
        let denied = browser.decide(&path, &page, "deny").await.elsewhere();
        for (back, error) in [
            (success, None),
            (refused, Some("invalid_request")),
            (unreadable, Some("invalid_request")),
            (silent, Some("consent_required")),
            (denied, Some("access_denied")),
        ] {
            assert_eq!(parameter(&back, "iss").as_deref(), Some("http://id.example/oidc"), "{back}");
            assert_eq!(parameter(&back, "error").as_deref(), error, "{back}");
            assert_eq!(parameter(&back, "state").as_deref(), Some("some-state"), "{back}");
        }
    }
}
