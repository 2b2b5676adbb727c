//! Where to listen: an IP address or `localhost`, and a port.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// An address to listen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListenAddress {
    /// `localhost:PORT`: IPv4, and IPv6 where the machine has it.
    Localhost(u16),
    /// One address.
    Address(SocketAddr),
}

impl ListenAddress {
    /// Reads `HOST:PORT`. Other names than `localhost` are refused: which of its addresses a name stands for changes.
    ///
    /// # Errors
    /// What is wrong, to follow the quoted text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.parse() {
            return Ok(Self::Address(address));
        }
        match text.rsplit_once(':') {
            Some((host, port)) if host.eq_ignore_ascii_case("localhost") => port
                .parse()
                .ok()
                .filter(|_| port.bytes().all(|byte| byte.is_ascii_digit()))
                .map(Self::Localhost)
                .ok_or_else(|| "has no port from 0 to 65535, as localhost:3001 has".to_owned()),
            _ => Err(
                "is not HOST:PORT; give an IP address or localhost, and a port: localhost:3001, 0.0.0.0:3001, [::]:3001"
                    .to_owned(),
            ),
        }
    }

    /// The port; 0 lets the system choose.
    pub(crate) fn port(self) -> u16 {
        match self {
            Self::Localhost(port) => port,
            Self::Address(address) => address.port(),
        }
    }

    /// Can it be reached from this machine alone?
    pub(crate) fn is_loopback(self) -> bool {
        match self {
            Self::Localhost(_) => true,
            Self::Address(address) => address.ip().to_canonical().is_loopback(),
        }
    }

    /// What to bind, the required address first. The others may be missing on this machine.
    pub(crate) fn addresses(self) -> (SocketAddr, Option<IpAddr>) {
        match self {
            Self::Localhost(port) => (
                SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port),
                Some(Ipv6Addr::LOCALHOST.into()),
            ),
            Self::Address(address) => (address, None),
        }
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Localhost(port) => write!(f, "localhost:{port}"),
            Self::Address(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        for text in ["127.0.0.1:3001", "0.0.0.0:0", "[::1]:80", "[::]:65535"] {
            let address = ListenAddress::parse(text).unwrap();
            assert_eq!(address, ListenAddress::Address(text.parse().unwrap()));
            assert_eq!(address.to_string(), text);
        }
        let localhost = ListenAddress::parse("LocalHost:3001").unwrap();
        assert_eq!(localhost, ListenAddress::Localhost(3001));
        let (first, second) = localhost.addresses();
        assert_eq!(first.to_string(), "127.0.0.1:3001");
        assert_eq!(second.unwrap().to_string(), "::1");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "3001",
            ":3001",
            "*:3001",
            "localhost",
            "localhost:",
            "localhost:65536",
            "localhost:+1",
            "127.0.0.1",
            "::1",
            "::1:3001",
            "127.0.0.1:x",
            "example.com:80",
            "http://localhost:3001",
            "localhost:3001/",
            "127.0.0.1:3001 ",
        ] {
            let reason = ListenAddress::parse(text).unwrap_err();
            assert!(reason.contains("localhost:3001"), "{text}: {reason}");
        }
    }

    #[test]
    fn loopback_is_recognised() {
        for (text, expected) in [
            ("localhost:1", true),
            ("127.9.9.9:1", true),
            ("[::1]:1", true),
            ("[::ffff:127.0.0.1]:1", true),
            ("0.0.0.0:1", false),
            ("[::]:1", false),
            ("192.0.2.1:1", false),
        ] {
            let address = ListenAddress::parse(text).unwrap();
            assert_eq!(address.is_loopback(), expected, "{text}");
        }
    }
}
