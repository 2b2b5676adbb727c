//! A registered redirect URI (first line) and one that is presented (second line).
#![no_main]

use libfuzzer_sys::fuzz_target;
use meibo_domain::{application::ApplicationType, redirect_uri::RedirectUri};
use meibo_fuzz::{application_with, assert_registered};
use url::Url;

fuzz_target!(|text: &str| {
    let (registered, presented) = text.split_once('\n').unwrap_or((text, text));
    let Ok(uri) = RedirectUri::parse(registered) else {
        return;
    };
    assert!(
        uri.as_str() == registered,
        "what is registered is kept as it was written"
    );
    let json = serde_json::to_string(&uri).expect("JSON");
    assert!(serde_json::from_str::<RedirectUri>(&json).is_ok_and(|read| read == uri));
    check_registered(registered);

    assert!(uri.matches(registered, false) && uri.matches(registered, true));
    assert!(uri.matches(presented, false) == (presented == registered));
    if uri.matches(presented, true) {
        assert_registered(presented, &[registered], true);
    }
    for application_type in [ApplicationType::Spa, ApplicationType::Native] {
        let application = application_with("app", application_type, &[registered]);
        let is_native = application_type == ApplicationType::Native;
        for found in [
            application.find_redirect_uri(presented),
            application.find_post_logout_redirect_uri(presented),
        ] {
            assert!(found.is_some() == uri.matches(presented, is_native));
            assert!(found.is_none_or(|found| found.as_str() == presented));
        }
    }
});

/// What a browser makes of a registered URI is what was written, and no place where code runs.
fn check_registered(registered: &str) {
    let url = Url::parse(registered).expect("a URL");
    assert!(url.fragment().is_none() && url.username().is_empty() && url.password().is_none());
    assert!(!["javascript", "data", "vbscript", "file", "blob", "about"].contains(&url.scheme()));
    assert!(
        registered.bytes().all(|byte| byte.is_ascii_graphic()),
        "it fits a header line"
    );
    if matches!(url.scheme(), "http" | "https") {
        let (scheme, rest) = registered
            .split_once("://")
            .expect("http and https have an authority");
        assert!(scheme.eq_ignore_ascii_case(url.scheme()));
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let written = Url::parse(&format!("{}://{authority}/", url.scheme())).expect("an origin");
        assert!(
            written.origin() == url.origin(),
            "the host is the one that a reader sees"
        );
        assert!(!authority.is_empty() && !authority.contains('@'));
    }
}
