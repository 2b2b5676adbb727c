//! Where parameters go in a URI that a browser is sent to.

use url::form_urlencoded::Serializer;

/// `parameters` in `application/x-www-form-urlencoded` (RFC 6749 appendix B).
pub(crate) fn encode(parameters: &[(&'static str, String)]) -> String {
    Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish()
}

/// `uri` with `parameters` after those that its query has already (RFC 6749 section 3.1.2). The
/// URI has no fragment: none is registered.
pub(crate) fn append_to_query(uri: &str, parameters: &[(&'static str, String)]) -> String {
    if parameters.is_empty() {
        return uri.to_owned();
    }
    let separator = match uri.split_once('?') {
        None => "?",
        Some((_, query)) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    format!("{uri}{separator}{}", encode(parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc6749_3_1_2_an_existing_query_is_kept() {
        for (uri, expected) in [
            ("https://a.example", "https://a.example?x=1+2"),
            ("https://a.example/cb", "https://a.example/cb?x=1+2"),
            ("https://a.example/cb?", "https://a.example/cb?x=1+2"),
            ("https://a.example/cb?a=b", "https://a.example/cb?a=b&x=1+2"),
            (
                "https://a.example/cb?a=b&",
                "https://a.example/cb?a=b&x=1+2",
            ),
            ("com.example:/cb", "com.example:/cb?x=1+2"),
        ] {
            assert_eq!(append_to_query(uri, &[("x", "1 2".to_owned())]), expected);
        }
        assert_eq!(
            append_to_query("https://a.example/cb", &[]),
            "https://a.example/cb"
        );
    }
}
