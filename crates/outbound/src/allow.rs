//! What the operator allows to be called although it is not public.

use std::{collections::BTreeSet, net::IpAddr};

use ipnet::IpNet;
use url::Host;

use crate::{AddressKind, OutboundError, Refusal};

/// Hosts and networks that may be called although their addresses are not public.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutboundAllow {
    hosts: BTreeSet<String>,
    networks: Vec<IpNet>,
}

/// An entry that is neither a host nor a network. Worded to follow the entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "is neither a host name nor a network; give db.internal, 10.1.2.3 or 10.0.0.0/8, without scheme and port"
)]
pub struct AllowError;

impl OutboundAllow {
    /// From one entry: a host name (exactly that host), an IP address, or a network in CIDR notation.
    ///
    /// # Errors
    /// It is none of these.
    pub fn parse(entry: &str) -> Result<Self, AllowError> {
        let mut allow = Self::default();
        allow.add(entry).ok_or(AllowError)?;
        Ok(allow)
    }

    /// The machine itself: 127/8 and ::1.
    #[must_use]
    pub fn loopback() -> Self {
        let v4 = ipnet::Ipv4Net::new_assert(std::net::Ipv4Addr::new(127, 0, 0, 0), 8);
        let v6 = ipnet::Ipv6Net::new_assert(std::net::Ipv6Addr::LOCALHOST, 128);
        Self {
            hosts: BTreeSet::new(),
            networks: vec![v4.into(), v6.into()],
        }
    }

    /// What either allows.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.hosts.extend(other.hosts);
        self.networks.extend(other.networks);
        self
    }

    fn add(&mut self, entry: &str) -> Option<()> {
        if let Ok(network) = entry.parse::<IpNet>() {
            // Addresses are compared in their IPv4 form: such a network would never match.
            let is_mapped =
                matches!(network, IpNet::V6(v6) if v6.addr().to_ipv4_mapped().is_some());
            if is_mapped {
                return None;
            }
            self.networks.push(network.trunc());
        } else if let Ok(address) = entry.parse::<IpAddr>() {
            self.networks.push(address.to_canonical().into());
        } else {
            match Host::parse(entry).ok()? {
                Host::Domain(name) if is_host_name(&name) => {
                    self.hosts.insert(without_dot(&name).to_owned());
                }
                Host::Ipv6(address) => {
                    self.networks
                        .push(IpAddr::V6(address).to_canonical().into());
                }
                Host::Domain(_) | Host::Ipv4(_) => return None,
            }
        }
        Some(())
    }

    /// May a name be called whatever it resolves to?
    fn has_host(&self, host: &str) -> bool {
        self.hosts.contains(without_dot(host))
    }

    /// Is the host of a URL named here, itself or by its network?
    pub(crate) fn names(&self, host: &Host<&str>) -> bool {
        let address = match host {
            Host::Domain(name) => return self.has_host(name),
            Host::Ipv4(address) => IpAddr::from(*address),
            Host::Ipv6(address) => IpAddr::from(*address).to_canonical(),
        };
        self.networks
            .iter()
            .any(|network| network.contains(&address))
    }

    /// May `address`, found for `host` (a name, or the address itself), be called?
    ///
    /// # Errors
    /// The refusal with its reason.
    pub(crate) fn check(&self, host: &str, address: IpAddr) -> Result<(), OutboundError> {
        let address = address.to_canonical();
        let Some(kind) = AddressKind::of(address) else {
            return Ok(());
        };
        if self.has_host(host)
            || self
                .networks
                .iter()
                .any(|network| network.contains(&address))
        {
            return Ok(());
        }
        Err(OutboundError::Refused(Refusal::Address {
            host: host.to_owned(),
            address,
            kind,
        }))
    }
}

/// A name with its final dot is the same name.
pub(crate) fn without_dot(host: &str) -> &str {
    host.strip_suffix('.').unwrap_or(host)
}

/// Letters, digits, `-` and `_` between dots; no patterns.
fn is_host_name(name: &str) -> bool {
    without_dot(name).split('.').all(|label| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(entries: &[&str], host: &str, address: &str) -> bool {
        let allow = entries
            .iter()
            .map(|entry| OutboundAllow::parse(entry).unwrap());
        let allow = allow.fold(OutboundAllow::default(), OutboundAllow::and);
        allow.check(host, address.parse().unwrap()).is_ok()
    }

    #[test]
    fn hosts_and_networks() {
        for (entries, host, address, expected) in [
            (&[][..], "rp.example", "10.0.0.1", false),
            (&[][..], "rp.example", "1.1.1.1", true),
            (&["rp.example"][..], "rp.example", "10.0.0.1", true),
            (&["RP.Example."][..], "rp.example.", "10.0.0.1", true),
            (&["rp.example"][..], "a.rp.example", "10.0.0.1", false),
            (&["10.0.0.0/8"][..], "rp.example", "10.9.9.9", true),
            (&["10.1.2.3/8"][..], "rp.example", "10.9.9.9", true),
            (&["10.0.0.0/8"][..], "rp.example", "::ffff:10.0.0.1", true),
            (&["10.0.0.0/8"][..], "rp.example", "192.168.0.1", false),
            (&["127.0.0.1"][..], "127.0.0.1", "127.0.0.1", true),
            (&["127.0.0.1"][..], "127.0.0.2", "127.0.0.2", false),
            (&["::1"][..], "::1", "::1", true),
            (&["[::1]"][..], "::1", "::1", true),
            (&["::ffff:127.0.0.1"][..], "127.0.0.1", "127.0.0.1", true),
        ] {
            assert_eq!(
                allows(entries, host, address),
                expected,
                "{entries:?} {host} {address}"
            );
        }
    }

    #[test]
    fn loopback_is_the_machine_itself() {
        let allow = OutboundAllow::loopback();
        for (address, is_allowed) in [("127.0.0.1", true), ("::1", true), ("10.0.0.1", false)] {
            let checked = allow.check("rp.example", address.parse().unwrap());
            assert_eq!(checked.is_ok(), is_allowed, "{address}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for entry in [
            "",
            "*",
            "*.example",
            "http://rp.example",
            "rp.example:8080",
            "10.0.0.0/33",
            "::ffff:10.0.0.0/104",
            "0x7f.1",
            "a b",
            "..",
        ] {
            assert!(OutboundAllow::parse(entry).is_err(), "{entry}");
        }
    }
}
