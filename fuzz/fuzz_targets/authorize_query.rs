//! The query of an authorization request, from its text to the answer.
#![no_main]

use libfuzzer_sys::fuzz_target;
use meibo_domain::{
    application::{Application, ApplicationType},
    session::Session,
};
use meibo_fuzz::{
    ISSUER, NOW, REDIRECT_URIS, RESOURCE, application, assert_registered, known_resource, session,
};
use meibo_oauth::{
    OAuthErrorCode,
    authorize::{
        AuthorizationParameters, AuthorizationRequest, AuthorizationResponse, AuthorizationStep,
        ConsentState, ResponseMode, SessionState, check_client_and_redirect, check_request, decide,
    },
    id_token_hint::IdTokenHint,
};
use url::{Url, form_urlencoded};

fuzz_target!(|query: &str| {
    let Ok(parameters) = AuthorizationParameters::from_form(query) else {
        return;
    };
    let again = AuthorizationParameters::from_form(&parameters.to_form());
    assert!(
        again.is_ok_and(|again| again == parameters),
        "a kept request is read back as it was"
    );

    let application = application(parameters.client_id.as_deref().unwrap_or_default());
    let redirect_uri = match check_client_and_redirect(&parameters, application.as_ref()) {
        Ok(redirect_uri) => redirect_uri,
        Err(error) => {
            let is_for_a_page = matches!(
                error.code(),
                OAuthErrorCode::InvalidRequest
                    | OAuthErrorCode::InvalidClient
                    | OAuthErrorCode::UnauthorizedClient
                    | OAuthErrorCode::InvalidRedirectUri
            );
            assert!(is_for_a_page, "{error}");
            return;
        }
    };
    let application = application.expect("only a known client passes");
    assert!(application.application_type != ApplicationType::MachineToMachine);
    assert!(parameters.redirect_uri.as_deref() == Some(redirect_uri.as_str()));
    let is_native = application.application_type == ApplicationType::Native;
    assert_registered(redirect_uri.as_str(), REDIRECT_URIS, is_native);

    let hint = hint_of(&parameters);
    let known = [known_resource()];
    match check_request(
        &parameters,
        &application,
        &redirect_uri,
        &known,
        hint.as_ref(),
    ) {
        Err(refusal) => {
            assert!(
                refusal.redirect_uri == redirect_uri,
                "an error goes where the answer would"
            );
            let code = refusal.error.code().as_str();
            check_answer(
                &AuthorizationResponse::error(&refusal, ISSUER),
                &parameters,
                ("error", code),
            );
        }
        Ok(request) => {
            check_accepted(
                &request,
                &parameters,
                application.application_type.is_public(),
            );
            let code = "SplxlOBeZQQYbYS6WxSbIA";
            check_answer(
                &AuthorizationResponse::success(&request, code, ISSUER),
                &parameters,
                ("code", code),
            );
            check_steps(&request, &parameters, &application);
        }
    }
});

/// What the hint's signature would have proved: `own…` is the client's, `other…` another client's, the rest forged.
fn hint_of(parameters: &AuthorizationParameters) -> Option<IdTokenHint> {
    let text = parameters.id_token_hint.as_deref()?;
    let audience = match text.get(..3)? {
        "own" => parameters.client_id.clone()?,
        "oth" => "other".to_owned(),
        _ => return None,
    };
    Some(IdTokenHint {
        subject: text.get(3..)?.to_owned(),
        audience,
    })
}

fn check_accepted(
    request: &AuthorizationRequest,
    parameters: &AuthorizationParameters,
    is_public: bool,
) {
    assert!(parameters.response_type.as_deref() == Some("code"));
    assert!(
        parameters.request.is_none()
            && parameters.request_uri.is_none()
            && parameters.registration.is_none()
    );
    match (&request.code_challenge, &parameters.code_challenge) {
        (Some(kept), Some(sent)) => {
            assert!(kept == sent && kept.len() == 43);
            assert!(parameters.code_challenge_method.as_deref() == Some("S256"));
        }
        (None, None) => assert!(!is_public && parameters.code_challenge_method.is_none()),
        _ => panic!("a challenge was made up or forgotten"),
    }
    let asked: Vec<&str> = parameters
        .scope
        .as_deref()
        .unwrap_or_default()
        .split(' ')
        .collect();
    assert!(
        request.scopes.iter().all(|scope| asked.contains(&scope)),
        "scope only narrows"
    );
    let is_for_api = |scope: &str| scope == "read" || scope == "write";
    assert!(!request.resources.is_empty() || !request.scopes.iter().any(is_for_api));
    assert!(
        request
            .resources
            .iter()
            .all(|indicator| indicator == RESOURCE)
    );
    assert!(request.state == parameters.state && request.nonce == parameters.nonce);
    assert!(
        request
            .id_token_hint
            .as_ref()
            .is_none_or(|hint| Some(&hint.audience) == parameters.client_id.as_ref())
    );
    assert!(
        request.id_token_hint.is_some() == parameters.id_token_hint.is_some(),
        "a hint holds or is refused"
    );
    let prompts = request.prompts;
    assert!(!(prompts.none && (prompts.login || prompts.consent || prompts.select_account)));
}

fn check_steps(
    request: &AuthorizationRequest,
    parameters: &AuthorizationParameters,
    own: &Application,
) {
    let third_party = Application {
        is_third_party: true,
        ..own.clone()
    };
    let alive = session("user1");
    let ended = Session {
        expires_at: NOW,
        ..session("user1")
    };
    for (session, user_is_active) in [
        (None, true),
        (Some(&alive), true),
        (Some(&alive), false),
        (Some(&ended), true),
    ] {
        for (is_resumed, application) in [
            (false, own),
            (true, own),
            (false, &third_party),
            (true, &third_party),
        ] {
            let consent = ConsentState {
                application,
                remembered: None,
                answer: None,
            };
            let state = session.map(|session| SessionState {
                session,
                user_is_active,
            });
            let step = decide(request, state, is_resumed, consent, NOW);
            if request.prompts.none {
                assert!(
                    matches!(
                        step,
                        AuthorizationStep::Issue | AuthorizationStep::Refuse(_)
                    ),
                    "prompt=none shows no page"
                );
            }
            if step == AuthorizationStep::Issue {
                assert!(!application.is_third_party, "nobody was asked");
                assert!(user_is_active && session.is_some_and(|session| session.is_alive(NOW)));
                assert!(
                    request
                        .id_token_hint
                        .as_ref()
                        .is_none_or(|hint| hint.subject == "user1")
                );
                let asks_again = request.prompts.login
                    || request.prompts.select_account
                    || parameters.max_age.as_deref() == Some("0");
                assert!(is_resumed || !asks_again);
            }
        }
    }
}

/// Wherever the answer goes, it goes to the registered address, with `outcome`, the state as it was, and the issuer.
fn check_answer(
    response: &AuthorizationResponse,
    parameters: &AuthorizationParameters,
    outcome: (&str, &str),
) {
    let presented = parameters.redirect_uri.as_deref().expect("it passed");
    let location = response.location();
    assert!(
        location.bytes().all(|byte| byte.is_ascii_graphic()),
        "one header line: {location:?}"
    );
    assert!(location.starts_with(presented));
    let (url, registered) = (
        Url::parse(&location).expect("a URL"),
        Url::parse(presented).expect("a URL"),
    );
    assert!(
        (url.scheme(), url.host_str(), url.port(), url.path())
            == (
                registered.scheme(),
                registered.host_str(),
                registered.port(),
                registered.path()
            )
    );
    let own = registered.query_pairs().count();
    let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let answer: Vec<(String, String)> = match response.mode() {
        ResponseMode::Query => query.into_iter().skip(own).collect(),
        ResponseMode::Fragment => {
            form_urlencoded::parse(url.fragment().expect("a fragment").as_bytes())
                .into_owned()
                .collect()
        }
        ResponseMode::FormPost => response
            .form_fields()
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
    };
    let values = |name: &str| -> Vec<&str> {
        answer
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect()
    };
    assert!(values(outcome.0) == [outcome.1]);
    assert!(values("iss") == [ISSUER]);
    assert!(values("state") == parameters.state.as_deref().into_iter().collect::<Vec<_>>());
    assert!(values("code").is_empty() || values("error").is_empty());
}
