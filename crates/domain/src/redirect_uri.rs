//! Redirect URIs: registered strictly, compared exactly (RFC 9700 section 2.1, RFC 8252).

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{Error, Result};

/// An absolute URI that an application may be sent back to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RedirectUri(String);

/// Schemes that a browser runs or reads itself; never a place to send a code to.
const FORBIDDEN_SCHEMES: &[&str] = &[
    "javascript",
    "data",
    "vbscript",
    "file",
    "blob",
    "about",
    "filesystem",
    "view-source",
    "ws",
    "wss",
];

impl RedirectUri {
    /// Takes an absolute URI without fragment, user information, wildcard or dot segments: `https`
    /// and `http` ones with a host, and private-use schemes (`com.example.app:/callback`).
    ///
    /// # Errors
    /// `guard.invalid_input` that says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |message: &str| {
            Err(Error::invalid(
                "",
                "redirect_uri",
                format!("{message}: {text:.200}"),
            ))
        };
        if text.len() > 2048
            || text
                .bytes()
                .any(|byte| !byte.is_ascii_graphic() || byte == b'\\')
        {
            return wrong(
                "at most 2048 visible ASCII characters without backslashes; others are percent-encoded",
            );
        }
        let Ok(url) = Url::parse(text) else {
            return wrong("an absolute URI");
        };
        if FORBIDDEN_SCHEMES.contains(&url.scheme()) {
            return wrong("this scheme is not taken");
        }
        if url.fragment().is_some() {
            return wrong("a redirect URI has no fragment");
        }
        if text.contains('*') {
            return wrong("wildcards are not taken");
        }
        let authority = written_authority(text);
        if authority.is_some_and(|authority| authority.contains('@'))
            || !url.username().is_empty()
            || url.password().is_some()
        {
            return wrong("a redirect URI has no user information");
        }
        if matches!(url.scheme(), "http" | "https") && authority.is_none_or(str::is_empty) {
            return wrong("http and https need a host");
        }
        let path = text.split(['?', '#']).next().unwrap_or(text);
        if path.split('/').any(|segment| {
            matches!(
                segment.to_ascii_lowercase().as_str(),
                "." | ".." | "%2e" | "%2e%2e" | ".%2e" | "%2e."
            )
        }) {
            return wrong("a redirect URI has no dot segments");
        }
        Ok(Self(text.to_owned()))
    }

    /// The URI as registered.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Is `presented` this URI? Compared character by character; with `loopback_port_free` the port
    /// of an `http` loopback address may differ (RFC 8252 section 7.3).
    #[must_use]
    pub fn matches(&self, presented: &str, loopback_port_free: bool) -> bool {
        if self.0 == presented {
            return true;
        }
        loopback_port_free
            && matches!((split_loopback(&self.0), split_loopback(presented)), (Some(ours), Some(theirs)) if ours == theirs)
    }

    /// The origin of an `http` or `https` URI (`https://app.example`), as the header `Origin` has it.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        let url = Url::parse(&self.0).ok()?;
        matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
    }
}

/// What stands between `scheme://` and the path. A browser would take what follows for the host also
/// when slashes are missing or too many.
fn written_authority(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(':')?;
    rest.strip_prefix("//")?.split(['/', '?']).next()
}

/// Host and rest of `http://<loopback>[:port]<rest>`, the port left out.
fn split_loopback(uri: &str) -> Option<(&str, &str)> {
    let after_scheme = uri.strip_prefix("http://")?;
    let end = after_scheme.find(['/', '?']).unwrap_or(after_scheme.len());
    let (authority, rest) = after_scheme.split_at(end);
    let host = ["127.0.0.1", "[::1]", "localhost"]
        .into_iter()
        .find(|host| {
            authority.strip_prefix(host).is_some_and(|port| {
                port.is_empty()
                    || port.strip_prefix(':').is_some_and(|digits| {
                        digits.bytes().all(|byte| byte.is_ascii_digit())
                            && digits.parse::<u16>().is_ok()
                    })
            })
        })?;
    Some((host, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What an attacker varies: case, default ports, dots, encodings, user information, other hosts.
    const VARIANTS: &str = "https?://(app\\.example|APP\\.example|app\\.example\\.|127\\.0\\.0\\.1|localhost|\\[::1\\])(:(443|80|8080))?(@evil\\.example)?/(cb|%63b|x/\\.\\./cb|cb/|\\./cb)?(\\?x=1)?(#f)?";

    #[test]
    fn registration() {
        for good in [
            "https://app.example/callback",
            "https://app.example/callback?a=b&c=d",
            "http://localhost:3000/cb",
            "http://127.0.0.1/cb",
            "http://[::1]:8080/cb",
            "com.example.app:/callback",
            "com.example.app://callback",
            "https://app.example",
        ] {
            assert_eq!(RedirectUri::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "/callback",
            "app.example/cb",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://app.example/#x",
            "https://*.example/cb",
            "https://app.example/*",
            "https://u:p@app.example/",
            "https://u@app.example/",
            "https://@app.example/",
            "https:app.example",
            "https://app.example/a/../b",
            "https://app.example/%2e%2e/b",
            "https://app.example\\@evil.example/",
            "https://app.example/ x",
            "https://app.example/\r\nx",
            "file:///etc/passwd",
            "https://",
            "https:///app.example/cb",
            "https:/app.example/cb?x://y",
            "https://?app.example",
            "https://app.example/é",
            "https://名簿.example/",
            "https://app.example/\u{a0}",
        ] {
            assert!(RedirectUri::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn comparison_is_exact_but_for_the_loopback_port() {
        let uri = RedirectUri::parse("https://app.example/cb?x=1").unwrap();
        assert!(uri.matches("https://app.example/cb?x=1", true));
        for other in [
            "https://app.example/cb",
            "https://app.example/cb?x=1&y=2",
            "https://APP.example/cb?x=1",
            "https://app.example:443/cb?x=1",
            "https://app.example/cb/?x=1",
            "https://app.example/%63b?x=1",
            "http://app.example/cb?x=1",
            "https://app.example/cb?x=1#",
        ] {
            assert!(!uri.matches(other, true), "{other}");
        }
        let native = RedirectUri::parse("http://127.0.0.1/cb").unwrap();
        assert!(native.matches("http://127.0.0.1:51234/cb", true));
        for other in [
            "http://127.0.0.1:51234/other",
            "http://localhost:51234/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:80@evil.example/cb",
            "http://127.0.0.1:123456/cb",
            "http://127.0.0.1:65536/cb",
            "https://127.0.0.1:51234/cb",
        ] {
            assert!(!native.matches(other, true), "{other}");
        }
        assert!(!native.matches("http://127.0.0.1:51234/cb", false));
    }

    proptest! {
        #[test]
        fn rfc9700_2_1_only_the_very_same_text_matches(registered in VARIANTS, presented in VARIANTS) {
            if let Ok(uri) = RedirectUri::parse(&registered) {
                prop_assert!(uri.matches(&registered, false) && uri.matches(&registered, true));
                prop_assert_eq!(uri.matches(&presented, false), presented == registered);
            }
        }

        #[test]
        fn rfc8252_7_3_a_native_loopback_address_differs_in_its_port_alone(registered in VARIANTS, presented in VARIANTS, port in 0..=65535u32) {
            let Ok(uri) = RedirectUri::parse(&registered) else { return Ok(()) };
            let parse = |text: &str| Url::parse(text).unwrap();
            if uri.matches(&presented, true) && presented != registered {
                let (mut ours, mut theirs) = (parse(&registered), parse(&presented));
                prop_assert!(ours.scheme() == "http" && theirs.scheme() == "http");
                prop_assert!(matches!(ours.host_str(), Some("127.0.0.1" | "[::1]" | "localhost")));
                prop_assert!(ours.set_port(None).is_ok() && theirs.set_port(None).is_ok());
                prop_assert_eq!(ours, theirs);
            }
            if let Some((host, rest)) = split_loopback(&registered) {
                let elsewhere = format!("http://{host}:{port}{rest}");
                prop_assert!(uri.matches(&elsewhere, true));
                prop_assert_eq!(uri.matches(&elsewhere, false), elsewhere == registered);
                let too_high = format!("http://{host}:{}{rest}", port + 65_536);
                prop_assert!(!uri.matches(&too_high, true));
            }
        }

        #[test]
        fn what_is_registered_is_kept_and_read_back(text in "[a-z]{1,5}:(//)?[!-~é]{0,30}") {
            if let Ok(uri) = RedirectUri::parse(&text) {
                prop_assert_eq!(uri.as_str(), &text);
                prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic()));
                prop_assert_eq!(RedirectUri::parse(uri.as_str()).ok(), Some(uri));
            }
        }
    }
}
