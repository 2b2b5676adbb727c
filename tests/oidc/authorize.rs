//! The authorization endpoint: RFC 6749 section 4.1, RFC 7636, RFC 9207, RFC 9700 section 2.1.

use http::Method;

use crate::{
    each_setup,
    support::{
        browser::{VERIFIER, authorize_path, parameter},
        fixtures::REDIRECT_URI,
        server::TestServer,
    },
};

each_setup! {
    async fn rfc9700_2_1_1_public_clients_need_pkce_with_s256(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        for extra in [
            &[("code_challenge", ""), ("code_challenge_method", "")][..],
            &[("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
            &[("code_challenge", VERIFIER), ("code_challenge_method", "")],
            &[("code_challenge", "too-short")],
            &[("code_challenge", "")],
        ] {
            let back = server.browser().authorize(&client, extra).await.elsewhere();
            assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"), "{extra:?}");
            assert!(parameter(&back, "error_description").unwrap().contains("code_challenge"), "{back}");
        }
        let code = server.code(&client, "sakura", &[]).await;
        let answer = server.redeem(&client, &code, &[("code_verifier", "")]).await.expect(400);
        assert_eq!(answer.json()["error"], "invalid_grant");
        server.redeem(&client, &code, &[]).await.expect(200);
    }
}

each_setup! {
    async fn rfc9700_4_8_2_pkce_cannot_be_downgraded(server: TestServer) {
        let client = server.traditional().await;
        server.person("sakura").await;
        let without = [("code_challenge", ""), ("code_challenge_method", "")];
        let code = server.code(&client, "sakura", &without).await;
        let answer = server.redeem(&client, &code, &[]).await.expect(400);
        assert_eq!(answer.json()["error"], "invalid_grant", "a verifier without a challenge");
        server.redeem(&client, &code, &[("code_verifier", "")]).await.expect(200);

        let code = server.code(&client, "sakura", &[]).await;
        server.redeem(&client, &code, &[("code_verifier", "")]).await.expect(400);
        server.redeem(&client, &code, &[]).await.expect(200);
    }
}

each_setup! {
    async fn rfc6749_4_1_2_1_unknown_clients_and_addresses_get_a_page(server: TestServer) {
        let client = server.spa().await;
        let machine = server.machine(false).await;
        let cases: [(&[(&str, &str)], &str); 7] = [
            (&[("client_id", "nobody")], "invalid_client"),
            (&[("client_id", "")], "invalid_request"),
            (&[("client_id", "not/an/id?")], "invalid_client"),
            (&[("client_id", &machine.id)], "unauthorized_client"),
            (&[("redirect_uri", "https://evil.example/callback")], "invalid_redirect_uri"),
            (&[("redirect_uri", "")], "invalid_request"),
            (&[("redirect_uri", "/callback")], "invalid_redirect_uri"),
        ];
        for (extra, code) in cases {
            let mut browser = server.browser();
            let answer = browser.get(&authorize_path(&client, extra)).await.expect(400);
            assert_eq!(answer.location(), "", "{extra:?}");
            assert!(answer.header("content-type").starts_with("text/html"), "{extra:?}");
            assert!(answer.text().contains(&format!("oidc.{code}")), "{extra:?} {}", answer.text());
            assert!(browser.cookies.is_empty(), "nothing begins");
        }
    }
}

each_setup! {
    async fn rfc6749_4_1_2_1_errors_go_back_with_state_and_issuer(server: TestServer) {
        let client = server.spa().await;
        for (extra, error) in [
            (("response_type", "token"), "unsupported_response_type"),
            (("response_type", "code id_token"), "unsupported_response_type"),
            (("response_type", ""), "invalid_request"),
            (("response_mode", "web_message"), "unsupported_response_mode"),
            (("prompt", "none consent"), "invalid_request"),
            (("prompt", "sometimes"), "invalid_request"),
            (("max_age", "-1"), "invalid_request"),
            (("max_age", "an hour"), "invalid_request"),
            (("request", "e30."), "request_not_supported"),
            (("request_uri", "https://app.example/request"), "request_uri_not_supported"),
            (("registration", "{}"), "registration_not_supported"),
            (("resource", "https://unknown.example/"), "invalid_target"),
            (("resource", "not absolute"), "invalid_target"),
            (("id_token_hint", "e30.e30.e30"), "invalid_request"),
            (("scope", "open\"id"), "invalid_scope"),
            (("prompt", "none"), "login_required"),
        ] {
            let back = server.browser().authorize(&client, &[extra]).await.elsewhere();
            assert_eq!(parameter(&back, "error").as_deref(), Some(error), "{extra:?}");
            assert_eq!(parameter(&back, "state").as_deref(), Some("some-state"), "{extra:?}");
            assert_eq!(parameter(&back, "iss").as_deref(), Some("http://id.example/oidc"), "{extra:?}");
            assert!(!parameter(&back, "error_description").unwrap().is_empty(), "{extra:?}");
            assert_eq!(parameter(&back, "code"), None, "{extra:?}");
            assert!(back.as_str().starts_with(REDIRECT_URI), "{back}");
        }
    }
}

each_setup! {
    async fn rfc6749_4_1_2_state_comes_back_as_it_was(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let back = server.browser().sign_in(&client, "sakura", &[("state", "")]).await;
        assert_eq!(parameter(&back, "state"), None);
        let back = server.browser().authorize(&client, &[("state", ""), ("prompt", "none")]).await.elsewhere();
        assert_eq!(parameter(&back, "state"), None);
        let odd = "a b&c=d+é\"'<>";
        let back = server.browser().sign_in(&client, "sakura", &[("state", odd)]).await;
        assert_eq!(parameter(&back, "state").as_deref(), Some(odd), "unchanged");
    }
}

each_setup! {
    async fn rfc6749_3_1_repeated_parameters_are_refused(server: TestServer) {
        let client = server.spa().await;
        // The client hears of it where it is beyond doubt who and where it is.
        for (repeated, state) in [
            ("&prompt=none", Some("some-state")),
            ("&scope=", Some("some-state")),
            ("&display=page&display=popup", Some("some-state")),
            ("&acr_values=a&acr_values=b", Some("some-state")),
            ("&state=other", None),
        ] {
            let path = format!("{}{repeated}", authorize_path(&client, &[]));
            let back = server.browser().visit(&path).await.elsewhere();
            assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"), "{repeated}");
            assert!(parameter(&back, "error_description").unwrap().contains("must not be repeated"), "{back}");
            assert_eq!(parameter(&back, "state").as_deref(), state, "{repeated}");
            assert_eq!(parameter(&back, "iss").as_deref(), Some("http://id.example/oidc"), "{repeated}");
        }
        for repeated in [
            "&client_id=nobody",
            "&redirect_uri=https%3A%2F%2Fevil.example%2F",
            "&redirect_uri=",
        ] {
            let answer = server.browser().get(&format!("{}{repeated}", authorize_path(&client, &[]))).await.expect(400);
            assert_eq!(answer.location(), "", "{repeated}");
            assert!(answer.text().contains("must not be repeated"), "{repeated} {}", answer.text());
        }
        // Unknown ones are nobody's business.
        let path = format!("{}&utm=1&utm=2", authorize_path(&client, &[]));
        let (path, _) = server.browser().visit(&path).await.page();
        assert!(path.starts_with("/sign-in?"), "{path}");
    }
}

each_setup! {
    async fn oidc_core_3_1_2_1_get_and_post(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let path = authorize_path(&client, &[("state", "from a post"), ("nonce", "n-1")]);
        let (endpoint, query) = path.split_once('?').unwrap();
        let fields: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let foreign = [("origin", "https://app.example"), ("sec-fetch-site", "cross-site")];
        let mut browser = server.browser();
        let answer = browser.request_with(Method::POST, endpoint, &fields, &foreign).await.expect(303);
        assert!(answer.location().starts_with("/oidc/auth?"), "{}", answer.location());
        assert!(browser.cookies.is_empty(), "nothing is read or set before the bounce");
        let (path, _) = browser.follow(endpoint.to_owned(), answer).await.page();
        let password = crate::support::fixtures::PASSWORD;
        let back = browser.submit(&path, &[("identifier", "sakura"), ("password", password)]).await.elsewhere();
        assert_eq!(parameter(&back, "state").as_deref(), Some("from a post"));
        let code = parameter(&back, "code").unwrap();
        let tokens = server.redeem(&client, &code, &[]).await.expect(200).json();
        let id_token = server.read_jwt(tokens["id_token"].as_str().unwrap(), "JWT", &client.id).await;
        assert_eq!(id_token.claims["nonce"], "n-1");

        // One parameter in the query and again in the body stays repeated.
        let twice = format!("{endpoint}?state=other");
        let answer = browser.request_with(Method::POST, &twice, &fields, &foreign).await.expect(303);
        let back = browser.follow(twice, answer).await.elsewhere();
        assert_eq!(parameter(&back, "error").as_deref(), Some("invalid_request"));
        assert_eq!(parameter(&back, "state"), None);
    }
}

each_setup! {
    async fn rfc6749_3_3_scopes_that_do_not_exist_are_left_out(server: TestServer) {
        let client = server.spa().await;
        server.person("sakura").await;
        let tokens = server.tokens(&client, "sakura", &[("scope", "openid nonsense all profile")]).await;
        assert_eq!(tokens["scope"], "openid profile");
    }
}
