use base64::{Engine as _, engine::general_purpose::STANDARD};
use meibo_crypto::digest;
use meibo_domain::{
    application::{Application, ApplicationSecret, ApplicationType},
    ids::ApplicationId,
};
use proptest::prelude::*;

use super::*;
use crate::{
    OAuthErrorCode,
    testing::{NOW, application, pairs},
};

fn basic(credentials: &str) -> String {
    format!("Basic {}", STANDARD.encode(credentials))
}

fn extract(
    header: Option<&str>,
    form: &[(&str, &str)],
) -> Result<ClientAuthentication, OAuthError> {
    ClientAuthentication::extract(header, &TokenParameters::parse(&pairs(form)).unwrap())
}

fn secret(text: &str, expires_at: Option<i64>) -> ApplicationSecret {
    ApplicationSecret {
        application_id: ApplicationId::parse("app").unwrap(),
        name: "Default secret".into(),
        sealed: String::new(),
        hash: digest::sha256_base64url(text.as_bytes()),
        created_at: NOW,
        expires_at: expires_at
            .map(|seconds| meibo_domain::time::Timestamp::from_seconds(NOW.seconds() + seconds)),
    }
}

fn run(
    application: Option<&Application>,
    header: Option<&str>,
    form: &[(&str, &str)],
) -> Result<(), (OAuthErrorCode, String)> {
    let secrets = [
        secret("old", Some(-1)),
        secret("right", None),
        secret("a+b%25 :ü", Some(1)),
    ];
    extract(header, form)
        .and_then(|authentication| check(application, &secrets, &authentication, NOW).map(drop))
        .map_err(|error| (error.code(), error.description().to_owned()))
}

fn failed() -> Result<(), (OAuthErrorCode, String)> {
    Err((
        OAuthErrorCode::InvalidClient,
        "client authentication failed".to_owned(),
    ))
}

#[test]
fn contract_1_3_basic_and_post_are_interchangeable() {
    let web = application(ApplicationType::Traditional);
    assert_eq!(run(Some(&web), Some(&basic("app:right")), &[]), Ok(()));
    assert_eq!(
        run(
            Some(&web),
            Some(&basic("app:right")),
            &[("client_id", "app")]
        ),
        Ok(()),
        "the node client sends both"
    );
    assert_eq!(
        run(
            Some(&web),
            None,
            &[("client_id", "app"), ("client_secret", "right")]
        ),
        Ok(())
    );
    let unpadded = basic("app:right").trim_end_matches('=').to_owned();
    assert_eq!(run(Some(&web), Some(&unpadded), &[]), Ok(()));
    let lower = basic("app:right").replacen("Basic", "basic", 1);
    assert_eq!(run(Some(&web), Some(&lower), &[]), Ok(()));
}

#[test]
fn rfc6749_2_3_1_secrets_may_be_encoded_or_not() {
    let web = application(ApplicationType::Traditional);
    assert_eq!(run(Some(&web), Some(&basic("app:a+b%25 :ü")), &[]), Ok(()));
    assert_eq!(
        run(Some(&web), Some(&basic("app:a%2Bb%2525+%3A%C3%BC")), &[]),
        Ok(())
    );
    assert_eq!(run(Some(&web), Some(&basic("%61pp:right")), &[]), Ok(()));
}

#[test]
fn rfc6749_5_2_every_failure_looks_the_same() {
    let web = application(ApplicationType::Traditional);
    let spa = application(ApplicationType::Spa);
    let posted = |secret| [("client_id", "app"), ("client_secret", secret)];
    for (application, header, form) in [
        (None, None, &posted("right")[..]),
        (None, None, &[("client_id", "app")]),
        (Some(&web), None, &posted("wrong")),
        (Some(&web), None, &posted("Right")),
        (Some(&web), None, &posted("right ")),
        (Some(&web), None, &[("client_id", "app")]),
        (Some(&web), None, &[]),
        (Some(&web), Some(basic("app:")), &[]),
        (Some(&web), Some(basic("other:right")), &[]),
        (Some(&web), Some(basic("no colon")), &[]),
        (Some(&web), Some(basic("app\0:right")), &[]),
        (Some(&web), Some("Basic".to_owned()), &[]),
        (Some(&web), Some("Basic !!!!".to_owned()), &[]),
        (Some(&web), Some("Basic /////w==".to_owned()), &[]),
        (Some(&web), Some("Bearer abc".to_owned()), &[]),
        (
            Some(&web),
            Some(basic(&format!("app:{}", "x".repeat(3000)))),
            &[],
        ),
        (
            Some(&web),
            None,
            &[("client_id", "app"), ("client_assertion", "jwt")],
        ),
        (
            Some(&web),
            None,
            &[
                ("client_id", "app"),
                ("client_assertion_type", assertion::TYPE),
            ],
        ),
        (
            Some(&web),
            None,
            &[
                ("client_id", "app"),
                ("client_assertion", "jwt"),
                (
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:saml2-bearer",
                ),
            ],
        ),
        (
            Some(&web),
            None,
            &[
                ("client_assertion", "jwt"),
                ("client_assertion_type", assertion::TYPE),
            ],
        ),
        (
            Some(&web),
            None,
            &[
                ("client_id", "app"),
                ("client_assertion", "jwt"),
                ("client_assertion_type", assertion::TYPE),
            ],
        ),
        (
            Some(&spa),
            None,
            &[
                ("client_id", "app"),
                ("client_assertion", "jwt"),
                ("client_assertion_type", assertion::TYPE),
            ],
        ),
        (Some(&spa), None, &posted("right")),
        (Some(&spa), Some(basic("app:right")), &[]),
    ] {
        assert_eq!(
            run(application, header.as_deref(), form),
            failed(),
            "{header:?} {form:?}"
        );
    }
}

#[test]
fn rfc6749_2_1_public_clients_name_themselves() {
    for application_type in [ApplicationType::Spa, ApplicationType::Native] {
        let public = application(application_type);
        assert_eq!(run(Some(&public), None, &[("client_id", "app")]), Ok(()));
        assert_eq!(run(Some(&public), Some(&basic("app:")), &[]), Ok(()));
        assert_eq!(
            run(Some(&public), None, &[("client_id", "other")]),
            failed()
        );
    }
}

#[test]
fn rfc6749_2_3_one_way_and_one_client() {
    let web = application(ApplicationType::Traditional);
    let header = basic("app:right");
    for form in [
        &[("client_secret", "right")][..],
        &[("client_id", "app"), ("client_secret", "right")],
        &[("client_assertion", "jwt")],
        &[("client_id", "other")],
    ] {
        let (code, _) = run(Some(&web), Some(&header), form).unwrap_err();
        assert_eq!(code, OAuthErrorCode::InvalidRequest, "{form:?}");
    }
    let two = [
        ("client_id", "app"),
        ("client_secret", "right"),
        ("client_assertion", "jwt"),
    ];
    assert_eq!(
        run(Some(&web), None, &two).unwrap_err().0,
        OAuthErrorCode::InvalidRequest
    );
}

#[test]
fn contract_1_3_a_secret_whose_time_is_over_says_so() {
    let web = application(ApplicationType::Traditional);
    assert_eq!(
        run(Some(&web), Some(&basic("app:old")), &[]),
        Err((
            OAuthErrorCode::InvalidRequest,
            "client secret has expired".to_owned()
        ))
    );
}

#[test]
fn an_application_without_secrets_lets_nobody_in() {
    let web = application(ApplicationType::Traditional);
    let authentication = extract(Some(&basic("app:right")), &[]).unwrap();
    assert!(check(Some(&web), &[], &authentication, NOW).is_err());
}

#[test]
fn oidc_core_9_who_signs_assertions_has_no_other_way() {
    let mut signs = application(ApplicationType::Traditional);
    signs.oidc.token_endpoint_auth_method = Some("private_key_jwt".into());
    for (header, form) in [
        (Some(basic("app:right")), &[][..]),
        (None, &[("client_id", "app"), ("client_secret", "right")]),
        (Some(basic("app:old")), &[]),
        (None, &[("client_id", "app")]),
    ] {
        assert_eq!(
            run(Some(&signs), header.as_deref(), form),
            failed(),
            "{form:?}"
        );
    }
}

#[test]
fn secrets_are_not_printed() {
    let printed = format!("{:?}", extract(Some(&basic("app:right")), &[]).unwrap());
    assert!(!printed.contains("right"));
}

proptest! {
    #[test]
    fn only_the_secret_itself_opens(presented in "[a-zA-Z0-9]{0,6}|right|old") {
        let web = application(ApplicationType::Traditional);
        let by_header = run(Some(&web), Some(&basic(&format!("app:{presented}"))), &[]);
        let by_form = run(Some(&web), None, &[("client_id", "app"), ("client_secret", &presented)]);
        prop_assert_eq!(by_header.is_ok(), presented == "right");
        prop_assert_eq!(by_header, by_form);
    }

    #[test]
    fn no_header_makes_it_panic(header in "(Basic )?\\PC{0,80}") {
        let _: Result<ClientAuthentication, OAuthError> = extract(Some(&header), &[]);
    }
}
