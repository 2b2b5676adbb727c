//! Which language a page is in: `?lang=`, then the cookie that remembers it, then what the browser
//! prefers, then English.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, HeaderValue, SET_COOKIE, VARY};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::app::App;

const COOKIE: &str = "profile_app_language";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    Japanese,
}

impl Language {
    /// The language tag.
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
        }
    }

    /// From a tag such as `ja` or `ja-JP`.
    fn parse(tag: &str) -> Option<Self> {
        match tag.split('-').next().map(str::to_ascii_lowercase)?.as_str() {
            "en" => Some(Self::English),
            "ja" => Some(Self::Japanese),
            _ => None,
        }
    }
}

/// The known language of the highest weight in an `Accept-Language` header; the first of equals.
fn preferred(header: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for item in header.split(',').take(32) {
        let mut parts = item.split(';').map(str::trim);
        let Some(language) = parts.next().and_then(Language::parse) else {
            continue;
        };
        let weight = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        if weight > best.map_or(0.0, |(_, weight)| weight) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

/// Chooses, hands the choice to the handler, and remembers a choice made by `?lang=`.
pub(crate) async fn choose(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let asked = request.uri().query().and_then(|query| {
        let (_, tag) =
            url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang")?;
        Language::parse(&tag)
    });
    let remembered = || {
        CookieJar::from_headers(headers)
            .get(COOKIE)
            .and_then(|cookie| Language::parse(cookie.value()))
    };
    let accepted = || {
        headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|header| preferred(header.to_str().ok()?))
    };
    let language = asked
        .or_else(remembered)
        .or_else(accepted)
        .unwrap_or_default();
    request.extensions_mut().insert(language);

    let mut response = next.run(request).await;
    response
        .headers_mut()
        .append(VARY, HeaderValue::from_static("accept-language, cookie"));
    if let Some(asked) = asked {
        let cookie = Cookie::build((COOKIE, asked.tag()))
            .path("/")
            .same_site(SameSite::Lax)
            .http_only(true)
            .secure(app.is_https);
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(SET_COOKIE, value);
        }
    }
    response
}

impl<S: Sync> FromRequestParts<S> for Language {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_send() {
        use Language::{English, Japanese};
        for (header, expected) in [
            ("ja", Some(Japanese)),
            ("ja-JP,ja;q=0.9,en;q=0.8", Some(Japanese)),
            ("fr, en;q=0.5, ja;q=0.9", Some(Japanese)),
            ("en-GB, ja", Some(English)),
            ("de, fr", None),
            ("ja;q=0", None),
            ("ja;q=nonsense, en;q=0.1", Some(English)),
            ("", None),
            (",;,q=", None),
        ] {
            assert_eq!(preferred(header), expected, "{header}");
        }
    }
}
