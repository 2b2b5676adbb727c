//! Which page of the server is looked at under which name.

use thirtyfour::WebDriver;
use url::Url;

/// Each page's path, `{…}` for what varies, with the name that [`check_look`](super::look) is given
/// there.
pub(crate) const VISITED: &[(&str, &str)] = &[
    ("/", "home"),
    ("/sign-in", "sign-in"),
    ("/sign-in/code", "sign-in-code"),
    ("/sign-in/code/verify", "sign-in-code-verify"),
    ("/register", "register"),
    ("/register/code", "register-code"),
    ("/register/code/verify", "register-code-verify"),
    ("/register/new", "register-new"),
    ("/forgot-password", "forgot-password"),
    ("/forgot-password/verify", "forgot-password-verify"),
    ("/forgot-password/new", "forgot-password-new"),
    ("/forgot-password/done", "forgot-password-done"),
    ("/consent", "consent"),
    ("/oidc/session/end", "sign-out"),
    ("/oidc/session/end/success", "signed-out"),
    ("/setup/{token}", "setup"),
    ("/demo/inbox", "inbox"),
    // By a test of its own: another's script draws it.
    ("/api", "api-reference"),
];

/// Asserts that what is looked at as `name` stands where the table says.
pub(super) async fn assert_place(browser: &WebDriver, name: &str) {
    let Some((path, _)) = VISITED.iter().find(|(_, known)| *known == name) else {
        return;
    };
    let here = browser.current_url().await.unwrap();
    assert!(is_at(&here, path), "{name} is {path}, not {here}");
}

fn is_at(here: &Url, path: &str) -> bool {
    let (parts, expected) = (here.path().split('/'), path.split('/'));
    parts.clone().count() == expected.clone().count()
        && parts
            .zip(expected)
            .all(|(part, expected)| expected.starts_with('{') || part == expected)
}
