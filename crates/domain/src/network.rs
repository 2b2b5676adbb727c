//! Networks as neighbours: attempts are counted for an IPv4 /24 or an IPv6 /64, and what a whole site
//! does for an IPv6 /48.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The /24 or /64 that an address lies in, as text; an IPv4 address mapped into IPv6 counts as IPv4.
#[must_use]
pub fn neighbourhood(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{}/24", Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// The /24 or /48 that an address lies in, as text: a site may have every /64 of its IPv6 /48.
#[must_use]
pub fn wide_neighbourhood(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => neighbourhood(v4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_name() {
        for (address, name, wide) in [
            ("192.0.2.77", "192.0.2.0/24", "192.0.2.0/24"),
            ("::ffff:192.0.2.1", "192.0.2.0/24", "192.0.2.0/24"),
            (
                "2001:db8:1:2:3:4:5:6",
                "2001:db8:1:2::/64",
                "2001:db8:1::/48",
            ),
        ] {
            assert_eq!(neighbourhood(address.parse().unwrap()), name);
            assert_eq!(wide_neighbourhood(address.parse().unwrap()), wide);
        }
    }
}
