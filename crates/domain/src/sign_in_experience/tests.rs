//! What is taken, and what is refused where.

use serde_json::{Value, json};

use super::*;
use crate::verification_code::VerificationCodePolicy;

/// The settings after a PATCH, or the path and the rule of what is wrong.
fn patched(value: &Value) -> Result<SignInExperience, (String, &'static str)> {
    let settings: Settings = serde_json::from_value(value.clone()).unwrap();
    SignInExperiencePatch::new(value.as_object().unwrap(), &settings)
        .unwrap()
        .apply(&SignInExperience::default())
        .map_err(|error| {
            let violation = &error.violations()[0];
            (violation.path.clone(), violation.rule)
        })
}

fn method(identifier: &str, password: bool, verification_code: bool) -> Value {
    json!({"identifier": identifier, "password": password, "verificationCode": verification_code})
}

fn methods(methods: &[Value]) -> Value {
    json!({ "signIn": { "methods": methods } })
}

fn sign_up(identifiers: &[&str], password: bool, verify: bool) -> Value {
    json!({"signUp": {"identifiers": identifiers, "password": password, "verify": verify}})
}

/// One body of two.
fn both(mut one: Value, other: &Value) -> Value {
    let members = other.as_object().unwrap().clone();
    one.as_object_mut().unwrap().extend(members);
    one
}

#[test]
fn a_fresh_register() {
    let fresh = SignInExperience::default();
    assert_eq!(
        SignInExperience::parse(fresh.deref().clone()).unwrap(),
        fresh
    );
    assert!(fresh.is_sign_in_open() && fresh.is_registration_open());
    for identifier in IdentifierKind::ALL {
        assert!(fresh.sign_in.takes_password(*identifier));
        let takes_code = fresh.sign_in.takes_code(*identifier);
        assert_eq!(takes_code, *identifier != IdentifierKind::Username);
    }
    let limits = fresh.verification_code_policy.limits();
    assert_eq!(limits, VerificationCodePolicy::default());
    assert!(fresh.sign_up.takes(IdentifierKind::Username) && !fresh.sign_up.verify);
    assert!(!fresh.asks_agreement_at_registration());
    assert!(fresh.allows_forgot_password(ForgotPasswordMethod::Email));
}

#[test]
fn settings_that_hold_together() {
    let by_code = methods(&[method("email", false, true)]);
    for value in [
        json!({}),
        methods(&[method("username", true, false)]),
        both(by_code.clone(), &sign_up(&["email"], false, true)),
        both(by_code, &json!({"signInMode": "SignIn"})),
        sign_up(&["email", "phone"], true, true),
        sign_up(&["username", "email"], true, true),
        both(sign_up(&[], false, false), &json!({"signInMode": "SignIn"})),
        json!({"termsOfUseUrl": "https://shop.example/terms#now", "privacyPolicyUrl": ""}),
        json!({"termsOfUseUrl": null, "branding": {"logoUrl": ""}, "supportEmail": ""}),
        json!({"unknownSessionRedirectUrl": "https://shop.example/?again=1"}),
        json!({"verificationCodePolicy": {"expirationDuration": 60, "maxRetryAttempts": 1}}),
        json!({"passwordPolicy": {"length": {"min": 15}}}),
        json!({"forgotPasswordMethods": []}),
        json!({"languageInfo": {"autoDetect": false, "fallbackLanguage": "ja"}}),
    ] {
        let taken = patched(&value);
        assert!(taken.is_ok(), "{value}: {taken:?}");
    }
}

#[test]
fn settings_that_do_not() {
    let only_username = methods(&[method("username", true, false)]);
    let twice = methods(&[method("email", true, true), method("email", true, false)]);
    for (value, path, rule) in [
        (methods(&[]), "signIn.methods", "required"),
        (twice, "signIn.methods.1.identifier", "duplicate"),
        (
            methods(&[method("email", false, false)]),
            "signIn.methods.0.password",
            "no_proof",
        ),
        (
            methods(&[method("username", true, true)]),
            "signIn.methods.0.verificationCode",
            "unreachable",
        ),
        (
            methods(&[method("email", true, true)]),
            "signUp.identifiers.0",
            "no_sign_in",
        ),
        (
            both(only_username, &sign_up(&["email"], true, true)),
            "signUp.identifiers.0",
            "no_sign_in",
        ),
        (
            both(
                methods(&[method("email", true, false)]),
                &sign_up(&["email"], false, true),
            ),
            "signUp.identifiers.0",
            "no_sign_in",
        ),
        (
            sign_up(&["email"], true, false),
            "signUp.verify",
            "unverified",
        ),
        (
            sign_up(&["phone", "username"], true, false),
            "signUp.verify",
            "unverified",
        ),
        (
            sign_up(&["username"], false, false),
            "signUp.identifiers.0",
            "no_sign_in",
        ),
        (
            both(
                sign_up(&["username"], false, false),
                &json!({"signInMode": "SignIn"}),
            ),
            "signUp.password",
            "no_proof",
        ),
        (
            sign_up(&["email", "email"], true, true),
            "signUp.identifiers.1",
            "duplicate",
        ),
        (sign_up(&[], true, false), "signUp.identifiers", "required"),
        (
            json!({"signUp": {"identifiers": ["username"], "password": true, "verify": false, "secondaryIdentifiers": [{"identifier": "email"}]}}),
            "signUp.secondaryIdentifiers",
            "not_offered",
        ),
        (
            json!({"termsOfUseUrl": "javascript:alert(1)"}),
            "termsOfUseUrl",
            "url",
        ),
        (
            json!({"privacyPolicyUrl": "/privacy"}),
            "privacyPolicyUrl",
            "url",
        ),
        (
            json!({"supportWebsiteUrl": "ftp://a.example"}),
            "supportWebsiteUrl",
            "url",
        ),
        (json!({"supportEmail": "nobody"}), "supportEmail", "email"),
        (
            json!({"unknownSessionRedirectUrl": "https://u:p@a.example"}),
            "unknownSessionRedirectUrl",
            "url",
        ),
        (
            json!({"branding": {"logoUrl": "data:image/png;base64,AA"}}),
            "branding.logoUrl",
            "url",
        ),
        (
            json!({"branding": {"darkFavicon": format!("https://a.example/{}", "x".repeat(2048))}}),
            "branding.darkFavicon",
            "too_long",
        ),
        (
            json!({"color": {"primaryColor": "#fff"}}),
            "color.primaryColor",
            "contrast",
        ),
        (
            json!({"verificationCodePolicy": {"expirationDuration": 59}}),
            "verificationCodePolicy.expirationDuration",
            "range",
        ),
        (
            json!({"verificationCodePolicy": {"expirationDuration": 3601}}),
            "verificationCodePolicy.expirationDuration",
            "range",
        ),
        (
            json!({"verificationCodePolicy": {"maxRetryAttempts": 0}}),
            "verificationCodePolicy.maxRetryAttempts",
            "range",
        ),
        (
            json!({"verificationCodePolicy": {"maxRetryAttempts": 101}}),
            "verificationCodePolicy.maxRetryAttempts",
            "range",
        ),
        (
            json!({"passwordPolicy": {"length": {"min": 7}}}),
            "passwordPolicy.length.min",
            "range",
        ),
        (
            json!({"passwordPolicy": {"length": {"min": 70, "max": 64}}}),
            "passwordPolicy.length.min",
            "range",
        ),
        (
            json!({"passwordPolicy": {"length": {"max": 63}}}),
            "passwordPolicy.length.max",
            "range",
        ),
        (
            json!({"passwordPolicy": {"characterTypes": {"min": 3}}}),
            "passwordPolicy.characterTypes.min",
            "not_offered",
        ),
        (
            json!({"passwordPolicy": {"rejects": {"pwned": false}}}),
            "passwordPolicy.rejects.pwned",
            "always_on",
        ),
        (
            json!({"passwordPolicy": {"rejects": {"words": ["shop"]}}}),
            "passwordPolicy.rejects.words",
            "not_offered",
        ),
        (
            json!({"forgotPasswordMethods": ["EmailVerificationCode", "EmailVerificationCode"]}),
            "forgotPasswordMethods.1",
            "duplicate",
        ),
    ] {
        assert_eq!(
            patched(&value).unwrap_err(),
            (path.to_owned(), rule),
            "{value}"
        );
    }
}

#[test]
fn a_patch_replaces_what_it_names_and_nothing_else() {
    let set = patched(&json!({
        "branding": {"logoUrl": "https://a.example/l.svg", "favicon": "https://a.example/f.svg"},
        "termsOfUseUrl": "https://a.example/terms", "agreeToTermsPolicy": "ManualRegistrationOnly",
        "unknown": 1,
    }))
    .unwrap();
    assert!(set.asks_agreement_at_registration() && !set.asks_agreement_at_sign_in());
    let given =
        json!({"branding": {"logoUrl": "https://a.example/m.svg"}, "privacyPolicyUrl": null});
    let settings = serde_json::from_value(given.clone()).unwrap();
    let patch = SignInExperiencePatch::new(given.as_object().unwrap(), &settings).unwrap();
    assert_eq!(
        patch.names().collect::<Vec<_>>(),
        ["branding", "privacyPolicyUrl"]
    );
    let next = patch.apply(&set).unwrap();
    let expected = Settings {
        branding: Branding {
            logo_url: Some("https://a.example/m.svg".to_owned()),
            ..Branding::default()
        },
        ..set.deref().clone()
    };
    assert_eq!(*next, expected);
}

#[test]
fn agreement_is_asked_for_where_there_is_something_to_agree_to() {
    let terms = json!({"privacyPolicyUrl": "https://a.example/privacy"});
    for (policy, at_registration, at_sign_in) in [
        ("Automatic", false, false),
        ("ManualRegistrationOnly", true, false),
        ("Manual", true, true),
    ] {
        let policy = json!({"agreeToTermsPolicy": policy});
        let without = patched(&policy).unwrap();
        assert!(!without.asks_agreement_at_registration() && !without.asks_agreement_at_sign_in());
        let with = patched(&both(terms.clone(), &policy)).unwrap();
        assert_eq!(with.asks_agreement_at_registration(), at_registration);
        assert_eq!(with.asks_agreement_at_sign_in(), at_sign_in);
    }
}

#[test]
fn who_may_sign_in_and_who_may_register() {
    use crate::ErrorCode::{SignInMethodNotEnabled, TermsNotAccepted};
    let manual = json!({"termsOfUseUrl": "https://a.example/t", "agreeToTermsPolicy": "Manual"});
    for (value, has_agreed, sign_in, register) in [
        (json!({}), false, None, None),
        (
            json!({"signInMode": "SignIn"}),
            true,
            None,
            Some(SignInMethodNotEnabled),
        ),
        (
            json!({"signInMode": "Register"}),
            true,
            Some(SignInMethodNotEnabled),
            None,
        ),
        (
            sign_up(&["email"], true, true),
            true,
            None,
            Some(SignInMethodNotEnabled),
        ),
        (
            sign_up(&["username", "email"], true, true),
            true,
            None,
            Some(SignInMethodNotEnabled),
        ),
        (
            manual.clone(),
            false,
            Some(TermsNotAccepted),
            Some(TermsNotAccepted),
        ),
        (manual, true, None, None),
    ] {
        let set = patched(&value).unwrap();
        let code = |checked: Result<()>| checked.err().map(|error| error.code());
        assert_eq!(code(set.check_sign_in(has_agreed)), sign_in, "{value}");
        assert_eq!(
            code(set.check_password_registration(has_agreed)),
            register,
            "{value}"
        );
    }
}

#[test]
fn what_is_stored_is_read_back_and_what_is_missing_is_as_in_a_fresh_register() {
    let set = patched(&both(
        sign_up(&["email", "phone"], false, true),
        &json!({"color": {"primaryColor": "#0050b3"}, "forgotPasswordMethods": ["PhoneVerificationCode"]}),
    ))
    .unwrap();
    let stored = set.to_stored().unwrap();
    assert_eq!(SignInExperience::from_stored(&stored).unwrap(), set);
    assert_eq!(
        SignInExperience::from_stored("{}").unwrap(),
        SignInExperience::default()
    );
    for broken in ["", "[]", "{\"color\":5}", "{\"signIn\":{\"methods\":[]}}"] {
        let code = SignInExperience::from_stored(broken).unwrap_err().code();
        assert_eq!(code, crate::ErrorCode::Internal, "{broken}");
    }
}

#[test]
fn the_stricter_password_policy_holds() {
    use crate::password::PasswordPolicy;
    let set = patched(&json!({"passwordPolicy": {"length": {"min": 12, "max": 100}}})).unwrap();
    for (operator, expected) in [((8, 256), (12, 100)), ((20, 64), (20, 64))] {
        let (min_length, max_length) = operator;
        let policy = set.password_policy.with(&PasswordPolicy {
            min_length,
            max_length,
        });
        assert_eq!((policy.min_length, policy.max_length), expected);
    }
}
