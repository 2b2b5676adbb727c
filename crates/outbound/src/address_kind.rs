//! Which addresses are not the public internet (the special-purpose registries of RFC 6890).

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

/// Why an address is not called unless the operator allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressKind {
    /// 127/8, ::1.
    Loopback,
    /// 10/8, 172.16/12, 192.168/16, fc00::/7, fec0::/10.
    Private,
    /// 169.254/16, fe80::/10.
    LinkLocal,
    /// A cloud's service for its own machines, outside the ranges above.
    Metadata,
    /// 100.64/10 (RFC 6598).
    CarrierGrade,
    /// 224/4, ff00::/8.
    Multicast,
    /// 0/8, ::.
    Unspecified,
    /// Documentation and measurement: 192.0.2/24, 198.51.100/24, 203.0.113/24, 198.18/15, 2001:db8::/32, 3fff::/20.
    Documentation,
    /// IPv6 that carries an IPv4 address to a relay: 6to4, Teredo, IPv4-compatible, local NAT64.
    Tunnel,
    /// Assigned to protocols, or to nobody.
    Reserved,
}

impl AddressKind {
    /// What kind of special address this is; none for one on the public internet.
    #[must_use]
    pub fn of(address: IpAddr) -> Option<Self> {
        match address.to_canonical() {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }
}

fn of_v4(address: Ipv4Addr) -> Option<AddressKind> {
    use AddressKind as Kind;
    match address.octets() {
        [0, ..] => Some(Kind::Unspecified),
        [127, ..] => Some(Kind::Loopback),
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some(Kind::Private),
        [169, 254, ..] => Some(Kind::LinkLocal),
        // Azure's, for its virtual machines
        [168, 63, 129, 16] => Some(Kind::Metadata),
        [100, 64..=127, ..] => Some(Kind::CarrierGrade),
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] | [198, 18..=19, ..] => {
            Some(Kind::Documentation)
        }
        // the relays of 6to4 (RFC 7526)
        [192, 88, 99, _] => Some(Kind::Tunnel),
        [224..=239, ..] => Some(Kind::Multicast),
        [192, 0, 0, _] | [240..=255, ..] => Some(Kind::Reserved),
        _ => None,
    }
}

fn of_v6(address: Ipv6Addr) -> Option<AddressKind> {
    use AddressKind as Kind;
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => Some(Kind::Unspecified),
        [0, 0, 0, 0, 0, 0, 0, 1] => Some(Kind::Loopback),
        // NAT64 (RFC 6052): as good as the IPv4 address it stands for
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            of_v4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
        }
        [0, 0, 0, 0, 0, 0, _, _] | [0x64, 0xff9b, 1, ..] | [0x2002, ..] | [0x2001, 0, ..] => {
            Some(Kind::Tunnel)
        }
        [0xfc00..=0xfdff, ..] | [0xfec0..=0xfeff, ..] => Some(Kind::Private),
        [0xfe80..=0xfebf, ..] => Some(Kind::LinkLocal),
        [0xff00..=0xffff, ..] => Some(Kind::Multicast),
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => Some(Kind::Documentation),
        [0x2001, 1..=0x1ff, ..] => Some(Kind::Reserved),
        // 2000::/3 is all that was ever given out for global use (RFC 4291 section 2.4)
        [0x2000..=0x3fff, ..] => None,
        _ => Some(Kind::Reserved),
    }
}

impl fmt::Display for AddressKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loopback => "a loopback address",
            Self::Private => "a private address",
            Self::LinkLocal => "a link-local address",
            Self::Metadata => "a cloud's metadata address",
            Self::CarrierGrade => "a shared address of a carrier",
            Self::Multicast => "a multicast address",
            Self::Unspecified => "an unspecified address",
            Self::Documentation => "an address for documentation or measurement",
            Self::Tunnel => "an address of a tunnel",
            Self::Reserved => "a reserved address",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn special_addresses_are_known() {
        use AddressKind as Kind;
        for (address, kind) in [
            ("0.0.0.0", Kind::Unspecified),
            ("0.1.2.3", Kind::Unspecified),
            ("10.255.255.255", Kind::Private),
            ("100.64.0.1", Kind::CarrierGrade),
            ("100.100.100.200", Kind::CarrierGrade),
            ("127.0.0.1", Kind::Loopback),
            ("127.255.255.254", Kind::Loopback),
            ("168.63.129.16", Kind::Metadata),
            ("169.254.169.254", Kind::LinkLocal),
            ("172.16.0.1", Kind::Private),
            ("172.31.255.255", Kind::Private),
            ("192.0.0.192", Kind::Reserved),
            ("192.0.2.1", Kind::Documentation),
            ("192.88.99.1", Kind::Tunnel),
            ("192.168.1.1", Kind::Private),
            ("198.18.0.1", Kind::Documentation),
            ("198.51.100.7", Kind::Documentation),
            ("203.0.113.7", Kind::Documentation),
            ("224.0.0.1", Kind::Multicast),
            ("240.0.0.1", Kind::Reserved),
            ("255.255.255.255", Kind::Reserved),
            ("::", Kind::Unspecified),
            ("::1", Kind::Loopback),
            ("::127.0.0.1", Kind::Tunnel),
            ("::ffff:127.0.0.1", Kind::Loopback),
            ("::ffff:169.254.169.254", Kind::LinkLocal),
            ("64:ff9b::7f00:1", Kind::Loopback),
            ("64:ff9b::a9fe:a9fe", Kind::LinkLocal),
            ("64:ff9b:1::1", Kind::Tunnel),
            ("2002:7f00:1::", Kind::Tunnel),
            ("2001::1", Kind::Tunnel),
            ("2001:db8::1", Kind::Documentation),
            ("2001:10::1", Kind::Reserved),
            ("3fff::1", Kind::Documentation),
            ("5f00::1", Kind::Reserved),
            ("100::1", Kind::Reserved),
            ("fc00::1", Kind::Private),
            ("fd00:ec2::254", Kind::Private),
            ("fe80::1", Kind::LinkLocal),
            ("fec0::1", Kind::Private),
            ("ff02::1", Kind::Multicast),
        ] {
            assert_eq!(
                AddressKind::of(address.parse().unwrap()),
                Some(kind),
                "{address}"
            );
        }
    }

    #[test]
    fn public_addresses_are_called() {
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "223.255.255.255",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2001:4860:4860::8888",
            "2a00:1450:4001:81b::200e",
        ] {
            assert_eq!(AddressKind::of(address.parse().unwrap()), None, "{address}");
        }
    }

    proptest! {
        #[test]
        fn an_embedded_address_is_judged_as_itself(bits: u32) {
            let plain = Ipv4Addr::from(bits);
            let kind = AddressKind::of(IpAddr::V4(plain));
            let mapped = IpAddr::V6(plain.to_ipv6_mapped());
            prop_assert_eq!(AddressKind::of(mapped), kind);
            let nat64 = (0x0064_ff9b_u128 << 96) | u128::from(bits);
            prop_assert_eq!(AddressKind::of(IpAddr::V6(nat64.into())), kind);
        }

        #[test]
        fn what_the_standard_library_calls_special_is_special(bits: u32) {
            let address = Ipv4Addr::from(bits);
            if address.is_private() || address.is_loopback() || address.is_link_local()
                || address.is_multicast() || address.is_broadcast() || address.is_documentation()
                || address.is_unspecified()
            {
                prop_assert!(AddressKind::of(IpAddr::V4(address)).is_some());
            }
        }
    }
}
