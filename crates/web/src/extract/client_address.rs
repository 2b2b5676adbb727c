//! The address that a request came from.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::{Extensions, HeaderMap, request::Parts};

use crate::state::{AppState, WebConfig};

/// Proxies in a row that are looked through.
const MAX_HOPS: usize = 32;

/// The client's address: the connection's peer, or, when that is a trusted proxy, the nearest hop
/// of `X-Forwarded-For` that is not. `0.0.0.0` when the connection has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The client of a request.
    #[must_use]
    pub fn of(parts: &Parts, config: &WebConfig) -> Self {
        match peer_address(&parts.extensions) {
            Some(peer) => Self(nearest_stranger(peer, &parts.headers, config)),
            None => Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED)),
        }
    }

    /// The address, when there is one.
    #[must_use]
    pub fn known(self) -> Option<IpAddr> {
        (!self.0.is_unspecified()).then_some(self.0)
    }
}

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(Self::of(parts, &state.config))
    }
}

/// The other end of the connection.
pub(crate) fn peer_address(extensions: &Extensions) -> Option<IpAddr> {
    let ConnectInfo(peer) = extensions.get::<ConnectInfo<SocketAddr>>()?;
    Some(peer.ip().to_canonical())
}

/// Walks from the connection towards the client, and stops at the first address that is no trusted
/// proxy: what lies behind it is only that stranger's word.
fn nearest_stranger(peer: IpAddr, headers: &HeaderMap, config: &WebConfig) -> IpAddr {
    let mut nearest = peer;
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    let hops = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    for hop in hops.take(MAX_HOPS) {
        if !config.trusts(nearest) {
            break;
        }
        let Some(address) = parse_hop(hop.trim()) else {
            break;
        };
        nearest = address;
    }
    nearest
}

/// `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:443`.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let address = text.parse::<IpAddr>().ok().or_else(|| {
        let with_port = text.parse::<SocketAddr>().ok().map(|address| address.ip());
        with_port.or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())
    })?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use url::Url;

    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let config = WebConfig {
            trusted_proxies: ["10.0.0.0/8", "2001:db8:ff::/48"]
                .map(|net| net.parse().unwrap())
                .into(),
            public_url: Url::parse("https://id.example").unwrap(),
        };
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(
                "x-forwarded-for",
                HeaderValue::from_bytes(line.as_bytes()).unwrap(),
            );
        }
        let peer = peer.parse::<IpAddr>().unwrap().to_canonical();
        nearest_stranger(peer, &headers, &config).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        for (peer, forwarded, expected) in [
            ("192.0.2.7", &[][..], "192.0.2.7"),
            ("192.0.2.7", &["198.51.100.1"], "192.0.2.7"),
            ("10.0.0.1", &[], "10.0.0.1"),
            ("10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:10.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1, 10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["198.51.100.1", "10.0.0.2"], "198.51.100.1"),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
            ("2001:db8:ff::1", &["[2001:db8::5]:4711"], "2001:db8::5"),
            ("10.0.0.1", &["198.51.100.1:52011"], "198.51.100.1"),
        ] {
            assert_eq!(client(peer, forwarded), expected, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn what_a_client_writes_itself_is_not_believed() {
        for forwarded in [
            &["10.0.0.9, 198.51.100.1"][..],
            &["203.0.113.9", "198.51.100.1"],
            &["203.0.113.9, 198.51.100.1, 10.0.0.2"],
            &["10.0.0.9", "198.51.100.1, 10.0.0.2"],
        ] {
            assert_eq!(
                client("10.0.0.1", forwarded),
                "198.51.100.1",
                "{forwarded:?}"
            );
        }
    }

    #[test]
    fn a_hop_that_is_no_address_ends_the_walk() {
        for forwarded in [
            "unknown",
            "",
            "198.51.100.1, _hidden",
            "198.51.100.1,,",
            "1.2.3",
            "é",
        ] {
            assert_eq!(client("10.0.0.1", &[forwarded]), "10.0.0.1", "{forwarded}");
        }
    }

    #[test]
    fn a_long_chain_is_cut() {
        let chain = format!("198.51.100.1{}", ", 10.0.0.2".repeat(MAX_HOPS));
        assert_eq!(client("10.0.0.1", &[&chain]), "10.0.0.2");
    }
}
