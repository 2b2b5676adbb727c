//! Headers that every answer has.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// There is no `Cross-Origin-Opener-Policy`: an application that signs people in through a pop-up
/// window would lose it.
const COMMON: [(HeaderName, HeaderValue); 2] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
];

/// For everything that is no page: it loads nothing and stands in no frame.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

const ONE_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Sets the headers; the choice of them is made once, at the start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SecurityHeaders {
    /// Browsers are told to stay with TLS (RFC 6797) only when they come by it.
    pub(crate) is_https: bool,
}

impl SecurityHeaders {
    /// Sets them; a policy that the answer has is kept.
    pub(crate) fn set(self, headers: &mut HeaderMap) {
        for (name, value) in &COMMON {
            headers.insert(name, value.clone());
        }
        headers
            .entry(header::CONTENT_SECURITY_POLICY)
            .or_insert(NOTHING);
        if self.is_https {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, ONE_YEAR);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_its_policy() {
        let mut headers = HeaderMap::new();
        SecurityHeaders { is_https: false }.set(&mut headers);
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], NOTHING);
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        assert!(!headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
        let own = HeaderValue::from_static("default-src 'self'");
        headers.insert(header::CONTENT_SECURITY_POLICY, own.clone());
        SecurityHeaders { is_https: true }.set(&mut headers);
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], own);
        assert!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}
