//! Redirect and logout redirect: parameter pollution, kept fragments, patterns (RFC 9700 section 4.1).

use meibo_domain::application::{ApplicationType, NewApplication, OidcClientMetadata};

use crate::{
    each_setup,
    support::{
        browser::authorize_path,
        client::form,
        fixtures::Client,
        server::{TestServer, operator},
    },
};

/// Variations of the registered `https://app.example/callback`.
const TRICKS: [&str; 26] = [
    "https://app.example/callback/",
    "https://app.example/Callback",
    "https://APP.example/callback",
    "HTTPS://app.example/callback",
    "http://app.example/callback",
    "https://app.example:443/callback",
    "https://app.example/callback?",
    "https://app.example/callback?next=1",
    "https://app.example/callback#",
    "https://app.example/callback#fragment",
    "https://app.example/callback\\",
    "https://app.example\\@evil.example/callback",
    "https://app.example@evil.example/callback",
    "https://user@app.example/callback",
    "https://evil.example/callback#@app.example/callback",
    "https://evil.example\\.app.example/callback",
    "https://app.example.evil.example/callback",
    "https://app.example./callback",
    "https://evilapp.example/callback",
    "https://app.example/x/../callback",
    "https://app.example/%2e%2e/callback",
    "https://app.example%2fcallback",
    "https://app.example/%63allback",
    "//app.example/callback",
    "javascript:alert(1)//https://app.example/callback",
    " https://app.example/callback",
];

each_setup! {
    async fn rfc9700_4_1_3_no_variation_of_a_redirect_uri_is_taken(server: TestServer) {
        let client = server.spa().await;
        let mut browser = server.browser();
        for trick in TRICKS {
            // An error that could be sent back, too: nothing goes to an unchecked address.
            for prompt in ["consent", "none"] {
                let path = authorize_path(&client, &[("redirect_uri", trick), ("prompt", prompt)]);
                let answer = browser.get(&path).await.expect(400);
                assert_eq!(answer.location(), "", "{trick}");
                assert!(answer.text().contains("oidc.invalid_redirect_uri"), "{trick} {}", answer.text());
                assert!(!answer.text().contains(&format!(r#"href="{trick}"#)), "{trick}");
            }
        }
        let wrong = authorize_path(&client, &[("redirect_uri", "https://app.example/callback\r\nset-cookie: a=b")]);
        assert_eq!(browser.get(&wrong).await.expect(400).location(), "");
    }
}

each_setup! {
    async fn oidc_rp_logout_3_no_variation_of_an_address_is_taken(server: TestServer) {
        let client = server.spa().await;
        let mut browser = server.browser();
        for trick in TRICKS {
            let trick = trick.replace("/callback", "/");
            if trick == crate::support::fixtures::POST_LOGOUT_URI {
                continue;
            }
            let fields = [("client_id", client.id.as_str()), ("post_logout_redirect_uri", trick.as_str())];
            let answer = browser.get(&format!("/oidc/session/end?{}", form(&fields))).await.expect(400);
            assert_eq!(answer.location(), "", "{trick}");
        }
    }
}

each_setup! {
    async fn rfc8252_7_3_the_port_of_a_loopback_address_is_free(server: TestServer) {
        let with = |application_type| NewApplication {
            is_third_party: false,
            name: "Loopback".to_owned(),
            description: None,
            application_type,
            oidc: OidcClientMetadata {
                redirect_uris: vec!["http://127.0.0.1/callback".to_owned(), "com.example.app:/callback".to_owned()],
                ..OidcClientMetadata::default()
            },
            custom: Default::default(),
            custom_data: Default::default(),
        };
        for (kind, port_is_free) in [(ApplicationType::Native, true), (ApplicationType::Spa, false)] {
            let rights = Default::default();
            let made = server.app().create_application(&operator(), None, with(kind), rights).await.unwrap();
            let client = Client { id: made.id.to_string(), secret: None };
            for (uri, is_taken) in [
                ("http://127.0.0.1/callback", true),
                ("com.example.app:/callback", true),
                ("http://127.0.0.1:49152/callback", port_is_free),
                ("http://127.0.0.1:49152/other", false),
                ("http://127.0.0.1:49152@evil.example/callback", false),
                ("http://127.0.0.1.evil.example/callback", false),
                ("https://127.0.0.1/callback", false),
                ("http://localhost/callback", false),
            ] {
                let answer = server.browser().get(&authorize_path(&client, &[("redirect_uri", uri)])).await;
                assert_eq!(answer.status.as_u16(), if is_taken { 303 } else { 400 }, "{kind:?} {uri}");
            }
        }
    }
}

each_setup! {
    async fn rfc6749_3_1_2_what_cannot_be_registered(server: TestServer) {
        let admin = server.admin().await;
        for uri in [
            "https://*.example/callback",
            "https://app.example/*",
            "*",
            "javascript:alert(1)",
            "https://app.example/#x",
        ] {
            let body = serde_json::json!({
                "name": "Wild",
                "type": "SPA",
                "oidcClientMetadata": {"redirectUris": [uri], "postLogoutRedirectUris": []},
            });
            let answer = admin.post("/api/applications", body).await.expect(400);
            assert_eq!(answer.code(), "guard.invalid_input", "{uri}");
        }
    }
}
