use proptest::prelude::*;
use url::{Url, form_urlencoded};

use super::*;
use crate::testing::ISSUER;

#[test]
fn rfc9207_2_every_answer_names_the_issuer() {
    let request = request(&[]);
    assert_eq!(
        AuthorizationResponse::success(&request, "c1", ISSUER).location(),
        "https://app.example/callback?code=c1&state=s-1&iss=https%3A%2F%2Fid.example%2Foidc"
    );
    let refusal = request.refuse(OAuthErrorCode::LoginRequired);
    assert_eq!(
        AuthorizationResponse::error(&refusal, ISSUER).location(),
        "https://app.example/callback?error=login_required&error_description=the+person+has+to+sign+in&state=s-1&iss=https%3A%2F%2Fid.example%2Foidc"
    );
}

#[test]
fn rfc6749_4_1_2_1_state_comes_back_only_when_it_was_sent() {
    let request = request(&[("state", "")]);
    let location = AuthorizationResponse::success(&request, "c1", ISSUER).location();
    assert!(!location.contains("state"));
}

#[test]
fn form_post_2_the_parameters_are_fields_and_not_in_the_address() {
    let request = request(&[("response_mode", "form_post")]);
    let response = AuthorizationResponse::success(&request, "c1", ISSUER);
    assert_eq!(response.location(), CALLBACK);
    assert_eq!(
        response.form_fields(),
        [
            ("code", "c1".to_owned()),
            ("state", "s-1".to_owned()),
            ("iss", ISSUER.to_owned())
        ]
    );
    assert!(!format!("{response:?}").contains("c1"));
}

proptest! {
    #[test]
    fn answers_survive_the_way_and_inject_nothing(
        state in "[^\\p{Cc}]{1,40}",
        code in "[A-Za-z0-9_-]{43}",
        mode in prop::sample::select(ResponseMode::ALL),
        uri in prop::sample::select(vec![CALLBACK, "https://app.example/cb?tenant=7"]),
    ) {
        let request = request(&[("state", &state), ("response_mode", mode.as_str()), ("redirect_uri", uri)]);
        let response = AuthorizationResponse::success(&request, &code, ISSUER);
        let location = response.location();
        prop_assert!(location.starts_with(uri));
        prop_assert!(location.bytes().all(|byte| byte.is_ascii_graphic()), "one line of ASCII: {}", location);
        let url = Url::parse(&location).unwrap();
        let registered = Url::parse(uri).unwrap();
        prop_assert_eq!((url.origin(), url.path()), (registered.origin(), registered.path()));
        let mut query: Vec<_> = url.query_pairs().into_owned().collect();
        let mut expected: Vec<_> = registered.query_pairs().into_owned().collect();
        let answer = pairs(&[("code", &code), ("state", &state), ("iss", ISSUER)]);
        match mode {
            ResponseMode::Query => {
                expected.extend(answer);
                prop_assert_eq!(url.fragment(), None);
            }
            ResponseMode::Fragment => {
                query.extend(form_urlencoded::parse(url.fragment().unwrap().as_bytes()).into_owned());
                expected.extend(answer);
            }
            ResponseMode::FormPost => {
                let fields: Vec<_> = response.form_fields().iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
                prop_assert_eq!(fields, answer);
            }
        }
        prop_assert_eq!(query, expected);
    }
}
