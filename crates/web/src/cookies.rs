//! The cookies of the pages: names, attributes, reading and setting.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use meibo_app::oidc::BrowserCookies;
use meibo_pages::Language;

/// What the cookies are called. Over https they carry the prefix `__Host-`, which binds them to
/// this host and path (RFC 6265bis section 4.1.3.2).
#[derive(Debug, Clone, Copy)]
pub(crate) struct CookieNames {
    is_secure: bool,
}

impl CookieNames {
    pub(crate) const fn new(is_secure: bool) -> Self {
        Self { is_secure }
    }

    const fn session(self) -> &'static str {
        if self.is_secure {
            "__Host-meibo_session"
        } else {
            "meibo_session"
        }
    }

    const fn browser(self) -> &'static str {
        if self.is_secure {
            "__Host-meibo_browser"
        } else {
            "meibo_browser"
        }
    }

    const fn language(self) -> &'static str {
        if self.is_secure {
            "__Host-meibo_language"
        } else {
            "meibo_language"
        }
    }

    /// The tokens that the browser sent.
    pub(crate) fn read(self, jar: &CookieJar) -> BrowserCookies {
        let value = |name| jar.get(name).map(|cookie| cookie.value().to_owned());
        BrowserCookies {
            session: value(self.session()),
            browser: value(self.browser()),
        }
    }

    /// The language that the reader chose before.
    pub(crate) fn read_language(self, jar: &CookieJar) -> Option<String> {
        jar.get(self.language())
            .map(|cookie| cookie.value().to_owned())
    }

    /// Keeps a session as long as it may live.
    pub(crate) fn set_session(self, token: String, ttl: Duration) -> Cookie<'static> {
        let mut cookie = self.plain(self.session(), token);
        cookie.set_max_age(time::Duration::try_from(ttl).ok());
        cookie
    }

    /// Forgets the session.
    pub(crate) fn clear_session(self) -> Cookie<'static> {
        let mut cookie = self.plain(self.session(), String::new());
        cookie.set_max_age(time::Duration::ZERO);
        cookie
    }

    /// Binds sign-ins to this browser until it is closed.
    pub(crate) fn set_browser(self, token: String) -> Cookie<'static> {
        self.plain(self.browser(), token)
    }

    /// Keeps the reader's language for a year.
    pub(crate) fn set_language(self, tag: &str) -> Cookie<'static> {
        let mut cookie = self.plain(self.language(), tag.to_owned());
        cookie.set_max_age(time::Duration::days(365));
        cookie
    }

    fn plain(self, name: &'static str, value: String) -> Cookie<'static> {
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.is_secure)
            .same_site(SameSite::Lax)
            .build()
    }
}

/// The language that the reader chose before, by the `Cookie` header alone.
pub(crate) fn kept_language(header: &HeaderValue) -> Option<Language> {
    let mut headers = HeaderMap::new();
    headers.insert(header::COOKIE, header.clone());
    let jar = CookieJar::from_headers(&headers);
    let tag = [true, false]
        .into_iter()
        .find_map(|is_secure| CookieNames::new(is_secure).read_language(&jar))?;
    Language::from_tag(&tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_follow_the_public_url() {
        let over_https = CookieNames::new(true)
            .set_session("t".into(), Duration::from_secs(1_209_600))
            .to_string();
        assert_eq!(
            over_https,
            "__Host-meibo_session=t; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=1209600"
        );
        let over_http = CookieNames::new(false).set_browser("t".into()).to_string();
        assert_eq!(over_http, "meibo_browser=t; HttpOnly; SameSite=Lax; Path=/");
        assert!(
            CookieNames::new(false)
                .clear_session()
                .to_string()
                .contains("Max-Age=0")
        );
        let header = HeaderValue::from_static("a=b; meibo_language=ja");
        assert_eq!(kept_language(&header), Some(Language::Ja));
        assert_eq!(kept_language(&HeaderValue::from_static("a=b")), None);
    }
}
