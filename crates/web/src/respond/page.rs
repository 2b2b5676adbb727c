//! Pages, and what a browser lets them do.

use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, header};

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; font-src 'self'; \
     connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// As [`POLICY`], without `form-action`: browsers apply that to the redirects after a form too, and
/// these forms end at an application.
const POLICY_LEADING_OUT: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; font-src 'self'; \
     connect-src 'self'; base-uri 'none'; frame-ancestors 'none'",
);

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// A page whose forms stay on this server. It may load pictures from `origins` too, each a scheme, host
/// and port.
#[must_use]
pub fn page(html: String, origins: &[String]) -> Response {
    with_policy(html, policy_with_pictures(POLICY, origins))
}

/// A page with a form that ends at an application: sign-in, registration, consent, form_post. Pictures
/// as for [`page`].
#[must_use]
pub fn page_that_leads_out(html: String, origins: &[String]) -> Response {
    with_policy(html, policy_with_pictures(POLICY_LEADING_OUT, origins))
}

/// The settings let no origin through that holds more than letters, digits and `.-:/[]`, so none adds
/// a directive; what could not stand in a header leaves the policy without pictures from elsewhere.
fn policy_with_pictures(policy: HeaderValue, origins: &[String]) -> HeaderValue {
    if origins.is_empty() {
        return policy;
    }
    let own = "img-src 'self'";
    let all = format!("{own} {}", origins.join(" "));
    let widened = policy.to_str().unwrap_or_default().replace(own, &all);
    HeaderValue::from_str(&widened).unwrap_or(policy)
}

fn with_policy(html: String, policy: HeaderValue) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, NO_STORE),
    ];
    (headers, Html(html)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_come_from_the_named_origins_and_nothing_else_does() {
        assert_eq!(
            policy_with_pictures(POLICY_LEADING_OUT, &[]),
            POLICY_LEADING_OUT
        );
        let origins = [
            "https://a.example".to_owned(),
            "http://b.example:8080".to_owned(),
        ];
        let policy = policy_with_pictures(POLICY_LEADING_OUT, &origins);
        let policy = policy.to_str().unwrap();
        assert!(policy.contains("; img-src 'self' https://a.example http://b.example:8080; "));
        assert_eq!(policy.matches("a.example").count(), 1);
        let broken = policy_with_pictures(POLICY_LEADING_OUT, &["https://a\n.example".to_owned()]);
        assert_eq!(broken, POLICY_LEADING_OUT);
    }
}
