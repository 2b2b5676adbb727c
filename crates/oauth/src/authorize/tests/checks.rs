use std::time::Duration;

use proptest::prelude::*;

use super::*;

#[test]
fn a_good_request_keeps_what_it_asked_for() {
    let request = request(&[
        ("nonce", "n-1"),
        ("prompt", "consent"),
        ("scope", "openid offline_access read unknown"),
        ("resource", "https://api.example"),
    ]);
    assert_eq!(request.scopes.to_string(), "offline_access openid read");
    assert_eq!(request.resources, ["https://api.example"]);
    assert_eq!(request.code_challenge.as_deref(), Some(CHALLENGE));
    assert_eq!(request.nonce.as_deref(), Some("n-1"));
    assert_eq!(request.redirect_uri.as_str(), CALLBACK);
}

#[test]
fn the_languages_of_a_request_are_tags_and_ten_at_most() {
    let locales = |text: &str| parameters(&[("ui_locales", text)]).ui_locales();
    assert_eq!(locales("ja-JP en <x>  de"), ["ja-JP", "en", "de"]);
    assert_eq!(locales(&"a".repeat(36)), Vec::<String>::new());
    assert_eq!(locales("").len(), 0);
    assert_eq!(locales(&"ja ".repeat(11)).len(), 10);
}

#[test]
fn rfc6749_4_1_2_1_bad_clients_and_addresses_are_never_redirected() {
    let check = |changes: &[(&str, &str)], application: Option<&Application>| {
        check_client_and_redirect(&parameters(changes), application)
            .map(drop)
            .map_err(|error| error.code())
    };
    let spa = application(ApplicationType::Spa);
    let machine = application(ApplicationType::MachineToMachine);
    assert_eq!(check(&[], Some(&spa)), Ok(()));
    assert_eq!(check(&[], None), Err(OAuthErrorCode::InvalidClient));
    assert_eq!(
        check(&[("client_id", "other")], Some(&spa)),
        Err(OAuthErrorCode::InvalidClient)
    );
    assert_eq!(
        check(&[], Some(&machine)),
        Err(OAuthErrorCode::UnauthorizedClient)
    );
    for missing in ["client_id", "redirect_uri"] {
        assert_eq!(
            check(&[(missing, "")], Some(&spa)),
            Err(OAuthErrorCode::InvalidRequest)
        );
    }
    for uri in [
        "https://app.example/callback/",
        "https://app.example/callback?x=1",
        "https://app.example/callback#x",
        "https://app.example/cb",
        "https://app.example/cb?tenant=8",
        "https://APP.example/callback",
        "https://app.example/%63allback",
        "https://app.example.evil.example/callback",
        "https://app.example@evil.example/callback",
        "https://evil.example/https://app.example/callback",
        "https://app.example/callback/../x",
        "http://app.example/callback",
        "https://app.example\\@evil.example/callback",
    ] {
        assert_eq!(
            check(&[("redirect_uri", uri)], Some(&spa)),
            Err(OAuthErrorCode::InvalidRedirectUri),
            "{uri}"
        );
    }
}

#[test]
fn oidc_core_3_1_2_6_request_objects_are_refused() {
    for (name, code) in [
        ("request", OAuthErrorCode::RequestNotSupported),
        ("request_uri", OAuthErrorCode::RequestUriNotSupported),
        ("registration", OAuthErrorCode::RegistrationNotSupported),
    ] {
        assert_eq!(code_of(&[(name, "x")]), code);
    }
}

#[test]
fn rfc6749_3_1_1_the_code_flow_only() {
    for other in ["token", "id_token", "code id_token", "none", "CODE"] {
        assert_eq!(
            code_of(&[("response_type", other)]),
            OAuthErrorCode::UnsupportedResponseType,
            "{other}"
        );
    }
    assert_eq!(
        code_of(&[("response_type", "")]),
        OAuthErrorCode::InvalidRequest
    );
}

#[test]
fn multiple_response_types_2_1_an_allow_list_of_modes() {
    for mode in ResponseMode::ALL {
        assert_eq!(
            request(&[("response_mode", mode.as_str())]).response_mode,
            *mode
        );
    }
    assert_eq!(request(&[]).response_mode, ResponseMode::Query);
    for other in ["web_message", "query.jwt", "Query"] {
        let refusal = check_as(ApplicationType::Spa, &[("response_mode", other)]).unwrap_err();
        assert_eq!(
            refusal.error.code(),
            OAuthErrorCode::UnsupportedResponseMode
        );
        assert_eq!(refusal.response_mode, ResponseMode::Query);
    }
}

#[test]
fn rfc7636_4_3_s256_only_and_required_of_public_clients() {
    let no_challenge = [("code_challenge", ""), ("code_challenge_method", "")];
    for (changes, says) in [
        (
            &no_challenge[..],
            "a public client must send code_challenge (PKCE)",
        ),
        (&[("code_challenge", "")], "code_challenge is missing"),
        (
            &[("code_challenge_method", "")],
            "code_challenge_method must be S256",
        ),
        (
            &[("code_challenge_method", "plain")],
            "code_challenge_method must be S256",
        ),
        (
            &[("code_challenge_method", "s256")],
            "code_challenge_method must be S256",
        ),
        (
            &[("code_challenge", "short")],
            "code_challenge must be the SHA-256 of the verifier as 43 characters of base64url",
        ),
    ] {
        for application_type in [ApplicationType::Spa, ApplicationType::Native] {
            let refusal = check_as(application_type, changes).unwrap_err();
            assert_eq!(
                (refusal.error.code(), refusal.error.description()),
                (OAuthErrorCode::InvalidRequest, says)
            );
        }
    }
    let confidential = check_as(ApplicationType::Traditional, &no_challenge).unwrap();
    assert_eq!(confidential.code_challenge, None);
    let downgraded = check_as(
        ApplicationType::Traditional,
        &[("code_challenge_method", "")],
    );
    assert!(downgraded.is_err(), "a challenge that is sent must hold");
}

#[test]
fn rfc6749_3_3_scopes_that_do_not_exist_are_dropped() {
    let granted = |changes: &[(&str, &str)]| request(changes).scopes.to_string();
    assert_eq!(granted(&[("scope", "openid read x")]), "openid");
    assert_eq!(granted(&[("scope", "")]), "");
    assert_eq!(
        granted(&[("scope", "read x"), ("resource", "https://api.example")]),
        "read"
    );
    assert_eq!(
        code_of(&[("scope", "openid \"x\"")]),
        OAuthErrorCode::InvalidScope
    );
}

#[test]
fn oidc_core_11_offline_access_needs_consent_or_the_setting() {
    let asks = ("scope", "openid offline_access");
    let granted = |prompt: &str| request(&[asks, ("prompt", prompt)]).scopes.to_string();
    assert_eq!(granted(""), "openid");
    assert_eq!(granted("login"), "openid");
    assert_eq!(granted("consent"), "offline_access openid");
    assert_eq!(granted("login consent"), "offline_access openid");
    let mut application = application(ApplicationType::Traditional);
    application.custom.always_issue_refresh_token = Some(true);
    let parameters = parameters(&[asks]);
    let redirect_uri = check_client_and_redirect(&parameters, Some(&application)).unwrap();
    let request = check_request(&parameters, &application, &redirect_uri, &[], None).unwrap();
    assert_eq!(request.scopes.to_string(), "offline_access openid");
}

#[test]
fn rfc8707_2_resources_must_exist() {
    for bad in [
        "https://other.example",
        "https://api.example/",
        "urn:logto:resource:organizations",
        "x",
    ] {
        assert_eq!(
            code_of(&[("resource", bad)]),
            OAuthErrorCode::InvalidTarget,
            "{bad}"
        );
    }
}

#[test]
fn oidc_core_3_1_2_1_prompt_values() {
    let prompts = request(&[("prompt", "consent login login")]).prompts;
    assert!(prompts.consent && prompts.login && !prompts.none && !prompts.select_account);
    assert!(request(&[("prompt", "none")]).prompts.none);
    for bad in ["none login", "consent none", "unknown", "Login"] {
        assert_eq!(
            code_of(&[("prompt", bad)]),
            OAuthErrorCode::InvalidRequest,
            "{bad}"
        );
    }
    for value in PROMPT_VALUES {
        assert!(check_as(ApplicationType::Spa, &[("prompt", value)]).is_ok());
    }
}

#[test]
fn oidc_core_3_1_2_1_max_age_is_a_number_of_seconds() {
    assert_eq!(request(&[("max_age", "0")]).max_age, Some(Duration::ZERO));
    assert_eq!(
        request(&[("max_age", "3600")]).max_age,
        Some(Duration::from_secs(3600))
    );
    for bad in ["-1", "+1", "1.5", "1e3", "abc", " 1", "99999999999"] {
        assert_eq!(
            code_of(&[("max_age", bad)]),
            OAuthErrorCode::InvalidRequest,
            "{bad}"
        );
    }
}

#[test]
fn oidc_core_3_1_2_1_a_hint_must_be_ours() {
    let hint = |audience: &str| IdTokenHint {
        subject: "user1".into(),
        audience: audience.into(),
    };
    let parameters = parameters(&[("id_token_hint", "jwt")]);
    let application = application(ApplicationType::Spa);
    let check = |verified: Option<&IdTokenHint>| {
        let redirect_uri = check_client_and_redirect(&parameters, Some(&application)).unwrap();
        check_request(&parameters, &application, &redirect_uri, &[], verified)
            .map(|request| request.id_token_hint)
            .map_err(|refusal| refusal.error.code())
    };
    assert_eq!(check(Some(&hint("app"))), Ok(Some(hint("app"))));
    assert_eq!(
        check(Some(&hint("other"))),
        Err(OAuthErrorCode::InvalidRequest)
    );
    assert_eq!(check(None), Err(OAuthErrorCode::InvalidRequest));
}

#[test]
fn contract_1_4_first_screen() {
    for (changes, screen) in [
        (&[][..], Screen::SignIn),
        (&[("first_screen", "register")], Screen::Register),
        (&[("first_screen", "identifier:register")], Screen::Register),
        (
            &[("first_screen", "reset_password")],
            Screen::ForgotPassword,
        ),
        (&[("first_screen", "sign_in")], Screen::SignIn),
        (&[("first_screen", "signIn")], Screen::SignIn),
        (&[("first_screen", "identifier:sign_in")], Screen::SignIn),
        (&[("first_screen", "single_sign_on")], Screen::SignIn),
        (&[("interaction_mode", "signUp")], Screen::Register),
        (&[("interaction_mode", "signIn")], Screen::SignIn),
        (
            &[("first_screen", "sign_in"), ("interaction_mode", "signUp")],
            Screen::SignIn,
        ),
    ] {
        assert_eq!(request(changes).screen, screen, "{changes:?}");
    }
}

proptest! {
    #[test]
    fn a_stored_request_is_checked_again_with_the_same_result(
        state in "[^\\p{Cc}]{0,20}",
        scope in "[a-z \"]{0,20}",
        prompt in "(none|login|consent|x| ){0,3}",
        max_age in "[0-9a]{0,4}",
    ) {
        let sent = parameters(&[("state", &state), ("scope", &scope), ("prompt", &prompt), ("max_age", &max_age)]);
        let resumed = AuthorizationParameters::from_form(&sent.to_form()).unwrap();
        prop_assert_eq!(&resumed, &sent);
        let application = application(ApplicationType::Spa);
        let check = |parameters: &AuthorizationParameters| {
            let redirect_uri = check_client_and_redirect(parameters, Some(&application)).unwrap();
            check_request(parameters, &application, &redirect_uri, &[], None).map_err(|refusal| refusal.error.to_string())
        };
        prop_assert_eq!(check(&resumed), check(&sent));
    }

    #[test]
    fn whatever_is_presented_only_a_registered_address_is_taken(uri in "https://app\\.example/callback|https?://(app\\.example|evil\\.example|app\\.example@evil\\.example)(:[0-9]{2,4})?/(callback|cb|\\.\\./callback)?[?#/%]?[a-z=7]{0,8}") {
        let application = application(ApplicationType::Native);
        let checked = check_client_and_redirect(&parameters(&[("redirect_uri", &uri)]), Some(&application));
        prop_assert_eq!(checked.is_ok(), application.oidc.redirect_uris.contains(&uri));
    }
}
