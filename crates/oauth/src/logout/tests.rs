use meibo_domain::{application::ApplicationType, ids::ApplicationId};
use proptest::prelude::*;
use url::Url;

use super::*;
use crate::testing::{SIGNED_OUT, application, pairs, session};

const URI: (&str, &str) = ("post_logout_redirect_uri", SIGNED_OUT);
const CLIENT: (&str, &str) = ("client_id", "app");
const HINT: (&str, &str) = ("id_token_hint", "jwt");

fn hint(subject: &str, audience: &str) -> IdTokenHint {
    IdTokenHint {
        subject: subject.into(),
        audience: audience.into(),
    }
}

/// What happens in a browser with a session of `user1`: `silent`, `confirm` or `refused`, and
/// where to.
fn run(list: &[(&str, &str)], verified: Option<&IdTokenHint>) -> (&'static str, Option<String>) {
    let parameters = LogoutParameters::parse(&pairs(list)).unwrap();
    let application = application(ApplicationType::Spa);
    match decide(&parameters, Some(&application), verified, Some(&session())) {
        Ok(Logout::Silent { target }) => ("silent", target.map(|target| target.location())),
        Ok(Logout::Confirm { target }) => ("confirm", target.map(|target| target.location())),
        Err(_) => ("refused", None),
    }
}

#[test]
fn oidc_rp_logout_2_who_is_asked_first() {
    let own = hint("user1", "app");
    let to = || Some(SIGNED_OUT.to_owned());
    for (list, verified, expected) in [
        (&[][..], None, ("confirm", None)),
        (&[CLIENT], None, ("confirm", None)),
        (&[CLIENT, URI], None, ("silent", to())),
        (&[HINT], Some(&own), ("silent", None)),
        (&[HINT, URI], Some(&own), ("silent", to())),
        (&[HINT, CLIENT, URI], Some(&own), ("silent", to())),
        (&[HINT, URI], Some(&hint("user2", "app")), ("confirm", to())),
        (
            &[HINT, CLIENT, URI],
            Some(&hint("user2", "app")),
            ("confirm", to()),
        ),
        (&[("state", "s")], None, ("confirm", None)),
    ] {
        assert_eq!(run(list, verified), expected, "{list:?}");
    }
}

#[test]
fn oidc_rp_logout_3_never_to_an_address_that_is_not_registered() {
    let own = hint("user1", "app");
    for uri in [
        "https://evil.example/",
        "https://app.example/callback",
        "https://app.example/signed-out/",
        "https://app.example/signed-out?x",
        "https://app.example/signed-out#x",
        "//app.example/signed-out",
        "javascript:alert(1)",
    ] {
        let uri = ("post_logout_redirect_uri", uri);
        assert_eq!(run(&[CLIENT, uri], None).0, "refused", "{uri:?}");
        assert_eq!(run(&[HINT, uri], Some(&own)).0, "refused", "{uri:?}");
    }
    assert_eq!(run(&[URI], None).0, "refused", "nobody is named");
}

#[test]
fn oidc_rp_logout_2_a_hint_that_does_not_hold_is_refused() {
    assert_eq!(run(&[HINT], None).0, "refused");
    assert_eq!(run(&[HINT, CLIENT, URI], None).0, "refused");
    let foreign = hint("user1", "other");
    assert_eq!(run(&[HINT, CLIENT], Some(&foreign)).0, "refused");
    assert_eq!(
        run(&[HINT, URI], Some(&foreign)).0,
        "refused",
        "the address is another application's"
    );
    assert_eq!(
        run(&[CLIENT], Some(&hint("user1", "app"))),
        ("confirm", None),
        "a hint that was not sent counts for nothing"
    );
}

#[test]
fn an_unknown_client_is_refused() {
    let parameters = LogoutParameters::parse(&pairs(&[CLIENT])).unwrap();
    assert!(decide(&parameters, None, None, None).is_err());
    let mut other = application(ApplicationType::Spa);
    other.id = ApplicationId::parse("other").unwrap();
    assert!(decide(&parameters, Some(&other), None, None).is_err());
}

#[test]
fn without_a_session_there_is_nothing_to_ask() {
    let parameters = LogoutParameters::parse(&pairs(&[])).unwrap();
    assert_eq!(
        decide(&parameters, None, None, None).unwrap(),
        Logout::Silent { target: None }
    );
}

proptest! {
    #[test]
    fn oidc_rp_logout_3_state_comes_back_as_it_was(state in "[^\\p{Cc}]{1,40}") {
        let location = run(&[CLIENT, URI, ("state", &state)], None).1.unwrap();
        let url = Url::parse(&location).unwrap();
        let back: Vec<_> = url.query_pairs().into_owned().collect();
        prop_assert_eq!(back, pairs(&[("state", &state)]));
        prop_assert!(location.starts_with(SIGNED_OUT) && url.fragment().is_none());
    }
}
