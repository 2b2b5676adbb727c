//! A token request: the `Authorization` header on the first line (empty for none), the form on the rest.
#![no_main]

use std::time::Duration;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use libfuzzer_sys::fuzz_target;
use meibo_crypto::digest::sha256_base64url;
use meibo_domain::{
    application::{Application, ApplicationSecret},
    grant::{AuthorizationCode, Grant, RefreshToken},
    ids::{ApplicationId, GrantId, SessionId, UserId},
};
use meibo_fuzz::{CALLBACK, NOW, RESOURCE, application, known_resource, scopes};
use meibo_oauth::{
    client_auth::{ClientAuthentication, check},
    revocation::RevocationParameters,
    token::{
        GrantState, GrantType, TokenParameters, authorization_code, client_credentials,
        refresh_token,
    },
};
use percent_encoding::percent_decode_str;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const SECRET: &str = "right";
const GRANTED: &str = "offline_access openid profile read";

fuzz_target!(|text: &str| {
    let (header, form) = text.split_once('\n').unwrap_or(("", text));
    let header = Some(header).filter(|header| !header.is_empty());
    if let Ok(parameters) = RevocationParameters::from_form(form) {
        let again = RevocationParameters::from_form(&parameters.to_form());
        assert!(
            again.is_ok_and(|again| again == parameters),
            "a form is read back as it was"
        );
        let _ = ClientAuthentication::extract(header, &parameters);
    }
    let Ok(parameters) = TokenParameters::from_form(form) else {
        return;
    };
    let again = TokenParameters::from_form(&parameters.to_form());
    assert!(
        again.is_ok_and(|again| again == parameters),
        "a form is read back as it was"
    );
    let Ok(authentication) = ClientAuthentication::extract(header, &parameters) else {
        return;
    };
    let found = application(&authentication.client_id);
    let Ok(application) = check(found.as_ref(), &[secret()], &authentication, NOW) else {
        return;
    };
    assert!(application.id.as_str() == authentication.client_id);
    check_proof(application, header, &parameters);

    let Ok(grant_type) = GrantType::parse(&parameters) else {
        return;
    };
    assert!(parameters.grant_type.as_deref() == Some(grant_type.as_str()));
    let is_machine = !application.application_type.signs_people_in();
    if grant_type.check_allowed(application).is_err() {
        return;
    }
    assert!(is_machine == (grant_type == GrantType::ClientCredentials));
    match grant_type {
        GrantType::AuthorizationCode => redeem(&parameters, application),
        GrantType::RefreshToken => refresh(&parameters, application),
        GrantType::ClientCredentials => act_alone(&parameters),
    }
});

/// A confidential client showed its secret by exactly one way; a public one showed none.
fn check_proof(application: &Application, header: Option<&str>, parameters: &TokenParameters) {
    let basic = header.map(basic_secret);
    let shown = match (basic, &parameters.client_secret) {
        (Some(secret), None) => secret,
        (None, secret) => secret.clone().unwrap_or_default(),
        (Some(_), Some(_)) => panic!("two ways at once"),
    };
    let decoded = percent_decode_str(&shown.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned();
    if application.application_type.is_public() {
        assert!(shown.is_empty(), "a public client has no secret");
    } else {
        assert!(
            shown == SECRET || decoded == SECRET,
            "without its secret: {shown:?}"
        );
    }
}

fn basic_secret(header: &str) -> String {
    let lenient =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let encoded = header
        .split_once(' ')
        .expect("a scheme and credentials")
        .1
        .trim();
    let decoded = GeneralPurpose::new(&alphabet::STANDARD, lenient)
        .decode(encoded)
        .expect("base64");
    let text = String::from_utf8(decoded).expect("UTF-8");
    text.split_once(':').expect("a colon").1.to_owned()
}

fn redeem(parameters: &TokenParameters, application: &Application) {
    let Ok(request) = authorization_code::CodeRequest::read(parameters) else {
        return;
    };
    let grant = grant(application);
    for (challenge, consumed_at) in [
        (Some(CHALLENGE), None),
        (None, None),
        (Some(CHALLENGE), Some(NOW)),
    ] {
        let code = AuthorizationCode {
            hash: "h".into(),
            grant_id: grant.id.clone(),
            application_id: application.id.clone(),
            redirect_uri: CALLBACK.into(),
            code_challenge: challenge.map(str::to_owned),
            expires_at: NOW + Duration::from_secs(60),
            consumed_at,
        };
        let state = GrantState {
            grant: &grant,
            user_is_active: true,
        };
        match authorization_code::check(&code, state, &request, application, NOW) {
            Ok(resource) => {
                assert!(
                    consumed_at.is_none() && resource.is_none_or(|resource| resource == RESOURCE)
                );
                check_code_proof(parameters, challenge);
            }
            Err(refusal) if refusal.revoke_grant => {
                assert!(consumed_at.is_some(), "only a second use revokes");
                check_code_proof(parameters, challenge);
            }
            Err(_) => {}
        }
    }
}

fn check_code_proof(parameters: &TokenParameters, challenge: Option<&str>) {
    assert!(parameters.redirect_uri.as_deref() == Some(CALLBACK));
    let sent = parameters.code_verifier.as_deref();
    assert!(
        sent == challenge.map(|_| VERIFIER),
        "the verifier of the challenge, and none without one"
    );
}

fn refresh(parameters: &TokenParameters, application: &Application) {
    let Ok(request) = refresh_token::RefreshRequest::read(parameters) else {
        return;
    };
    let grant = grant(application);
    for rotated_at in [None, Some(NOW - Duration::from_secs(3600))] {
        let token = RefreshToken {
            hash: "h".into(),
            grant_id: grant.id.clone(),
            application_id: application.id.clone(),
            created_at: NOW,
            chain_started_at: NOW,
            expires_at: NOW + Duration::from_secs(10_000),
            rotated_at,
        };
        let state = GrantState {
            grant: &grant,
            user_is_active: true,
        };
        match refresh_token::check(&token, state, &request, application, NOW) {
            Ok(refresh) => {
                assert!(
                    refresh.scopes.is_subset(&grant.scopes),
                    "scope never widens"
                );
                assert!(refresh.resource.is_none_or(|resource| resource == RESOURCE));
                assert!(
                    rotated_at.is_none(),
                    "a token that was used long ago is gone"
                );
            }
            Err(refusal) => assert!(!refusal.revoke_grant || rotated_at.is_some()),
        }
    }
}

fn act_alone(parameters: &TokenParameters) {
    let Ok(request) = client_credentials::ClientCredentialsRequest::read(parameters) else {
        return;
    };
    let allowed = scopes("read");
    if let Ok(made) = client_credentials::check(&request, Some(&known_resource()), &allowed) {
        assert!(made.audience == RESOURCE && made.scope.is_subset(&allowed));
    }
}

fn grant(application: &Application) -> Grant {
    Grant {
        id: GrantId::parse("grant").expect("an id"),
        user_id: UserId::parse("user1").expect("an id"),
        application_id: application.id.clone(),
        session_id: Some(SessionId::parse("sess").expect("an id")),
        scopes: scopes(GRANTED),
        resources: vec![RESOURCE.into()],
        auth_time: NOW,
        amr: vec!["pwd".into()],
        nonce: None,
        created_at: NOW,
        expires_at: NOW + Duration::from_secs(10_000),
    }
}

fn secret() -> ApplicationSecret {
    ApplicationSecret {
        application_id: ApplicationId::parse("web").expect("an id"),
        name: "Default secret".into(),
        sealed: String::new(),
        hash: sha256_base64url(SECRET.as_bytes()),
        created_at: NOW,
        expires_at: None,
    }
}
