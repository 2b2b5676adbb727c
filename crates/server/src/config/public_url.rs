//! The address that people and applications use.

use std::net::IpAddr;

use url::{Host, Url};

/// Reads an http or https origin: a host and perhaps a port, nothing else.
///
/// # Errors
/// What is wrong, to follow the quoted text.
pub(super) fn parse(text: &str) -> Result<Url, String> {
    let right = "give http or https and a host, as https://id.example.com";
    let url = Url::parse(text).map_err(|error| format!("is not a URL ({error}); {right}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("is neither http nor https; {right}"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("holds user information; {right}"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("has a query or fragment; {right}"));
    }
    if url.path() != "/" {
        return Err(format!(
            "has a path, and Meibo serves the whole of a host; {right}"
        ));
    }
    Ok(url)
}

/// Is it plain http to another machine, so that passwords can be read on the way?
pub(super) fn is_exposed(url: &Url) -> bool {
    url.scheme() == "http" && !is_loopback(url)
}

/// Does it name this machine only? `localhost` and names below it do (RFC 6761 section 6.3).
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).to_canonical().is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read() {
        for (text, origin) in [
            ("https://id.example.com", "https://id.example.com"),
            ("https://ID.example.com/", "https://id.example.com"),
            ("http://localhost:3001", "http://localhost:3001"),
            ("https://id.example.com:443", "https://id.example.com"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            let url = parse(text).unwrap();
            assert_eq!(url.origin().ascii_serialization(), origin);
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for (text, expected) in [
            ("", "not a URL"),
            ("id.example.com", "not a URL"),
            ("//id.example.com", "not a URL"),
            ("https://", "not a URL"),
            ("id.example.com:443", "neither http nor https"),
            ("ftp://id.example.com", "neither http nor https"),
            ("https://u@id.example.com", "user information"),
            ("https://:p@id.example.com", "user information"),
            ("https://id.example.com/auth", "a path"),
            ("https://id.example.com?a", "query"),
            ("https://id.example.com/#a", "fragment"),
        ] {
            let reason = parse(text).unwrap_err();
            assert!(reason.contains(expected), "{text}: {reason}");
            assert!(reason.contains("https://id.example.com"), "{reason}");
        }
    }

    #[test]
    fn plain_http_is_exposed_outside_this_machine() {
        for (text, expected) in [
            ("http://localhost:3001", false),
            ("http://id.localhost", false),
            ("http://127.0.0.1", false),
            ("http://[::1]", false),
            ("https://id.example.com", false),
            ("http://id.example.com", true),
            ("http://192.168.0.7:3001", true),
            ("http://localhost.example.com", true),
        ] {
            assert_eq!(is_exposed(&parse(text).unwrap()), expected, "{text}");
        }
    }
}
