//! What a URL must be before anything is looked up.

use std::net::IpAddr;

use url::{Host, Url};

use crate::{OutboundAllow, OutboundError, Refusal, allow::without_dot};

/// Where a call goes: the host of a checked URL, a name or an address.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) host: String,
    pub(crate) is_https: bool,
}

impl Target {
    /// Checks scheme, credentials and, when the host is an address in whatever notation, the address:
    /// the resolver is never asked for one.
    pub(crate) fn check(url: &Url, allow: &OutboundAllow) -> Result<Self, OutboundError> {
        let is_https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(OutboundError::Refused(Refusal::Scheme)),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OutboundError::Refused(Refusal::Credentials));
        }
        let address: IpAddr = match url.host() {
            None => return Err(OutboundError::Refused(Refusal::Scheme)),
            Some(Host::Domain(name)) => {
                let host = without_dot(name).to_owned();
                return Ok(Self { host, is_https });
            }
            Some(Host::Ipv4(address)) => address.into(),
            Some(Host::Ipv6(address)) => address.into(),
        };
        let host = address.to_string();
        allow.check(&host, address)?;
        Ok(Self { host, is_https })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AddressKind;

    fn refusal(url: &str) -> Option<Refusal> {
        let url = Url::parse(url).unwrap();
        match Target::check(&url, &OutboundAllow::default()) {
            Ok(_) => None,
            Err(OutboundError::Refused(refusal)) => Some(refusal),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn only_http_without_credentials() {
        assert_eq!(refusal("https://rp.example/a?b"), None);
        assert_eq!(refusal("http://1.1.1.1:8080/"), None);
        for url in [
            "ftp://rp.example/",
            "file:///etc/passwd",
            "gopher://x/",
            "data:,x",
        ] {
            assert_eq!(refusal(url), Some(Refusal::Scheme), "{url}");
        }
        for url in [
            "http://a@rp.example/",
            "http://a:b@rp.example/",
            "http://:b@rp.example/",
        ] {
            assert_eq!(refusal(url), Some(Refusal::Credentials), "{url}");
        }
    }

    #[test]
    fn an_address_in_any_notation_is_an_address() {
        for (url, expected) in [
            ("http://127.0.0.1/", AddressKind::Loopback),
            ("http://127.1/", AddressKind::Loopback),
            ("http://2130706433/", AddressKind::Loopback),
            ("http://0x7f000001/", AddressKind::Loopback),
            ("http://0x7f.0.0.1/", AddressKind::Loopback),
            ("http://0177.0.0.1/", AddressKind::Loopback),
            ("http://127.0.0.1./", AddressKind::Loopback),
            ("http://①②⑦.0.0.1/", AddressKind::Loopback),
            ("http://0/", AddressKind::Unspecified),
            (
                "http://169.254.169.254/latest/meta-data/",
                AddressKind::LinkLocal,
            ),
            ("http://0xa9fea9fe/", AddressKind::LinkLocal),
            ("http://[::1]/", AddressKind::Loopback),
            ("http://[::ffff:127.0.0.1]/", AddressKind::Loopback),
            ("http://[::ffff:7f00:1]/", AddressKind::Loopback),
            ("http://[::127.0.0.1]/", AddressKind::Tunnel),
            ("http://[64:ff9b::127.0.0.1]/", AddressKind::Loopback),
            ("http://[2002:7f00:1::]/", AddressKind::Tunnel),
            ("http://[fd00::1]/", AddressKind::Private),
            ("http://[fe80::1]/", AddressKind::LinkLocal),
            ("http://100.64.0.1/", AddressKind::CarrierGrade),
            ("http://[::]/", AddressKind::Unspecified),
        ] {
            match refusal(url) {
                Some(Refusal::Address { kind, .. }) => assert_eq!(kind, expected, "{url}"),
                other => panic!("{url}: {other:?}"),
            }
        }
    }
}
